/* Fingers, pens and mice: a tap chooses a word, a drag chooses a stretch, the bars below label and command. */

import { showApply, showHelp } from "./dialogs.js";
import { painted } from "./keys.js";

/** Listen to pointers for a page. */
export function touch(page) {
  const box = document.getElementById("sentence");
  const foot = document.getElementById("foot");
  let from = null;
  addEventListener("pointerdown", (event) => (page.desk.source = sourceOf(event)), true);
  box.addEventListener("pointerdown", (event) => {
    if (event.target.closest("input, button")) return;
    from = wordAt(event);
    if (from === null) return;
    box.releasePointerCapture?.(event.pointerId);
    page.go(from, event.shiftKey);
    painted("tap", event.timeStamp);
  });
  box.addEventListener("pointermove", (event) => {
    if (from === null || !event.buttons) return;
    const to = wordAt(event);
    if (to === null || to === page.cursor) return;
    page.anchor = from;
    page.go(to, true);
  });
  const end = () => (from = null);
  addEventListener("pointerup", end);
  addEventListener("pointercancel", end);
  box.addEventListener("click", (event) => {
    const cut = event.target.closest(".cut");
    if (cut) page.cutAt(Number(cut.dataset.cut));
    else if (page.writes && page.anchor === null && event.target.closest(".word") && !event.target.closest("input, button")) page.write();
  });
  foot.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (event.detail === 0) page.desk.source = "key";
    press(page, button);
    painted(button.dataset.do === "accept" ? "accept" : "tap", event.timeStamp);
    if (event.detail !== 0) box.focus({ preventScroll: true });
  });
}

function press(page, button) {
  if (button.dataset.k !== undefined) return page.label(Number(button.dataset.k) < 0 ? null : Number(button.dataset.k));
  if (button.dataset.take !== undefined) return page.take(Number(button.dataset.take));
  const act = {
    accept: () => page.finish("accept"),
    skip: () => page.finish("skip"),
    undo: () => page.turn("undo"),
    redo: () => page.turn("redo"),
    unsure: () => page.tab(1),
    split: () => page.split(),
    merge: () => page.merge(),
    all: () => showApply(page),
    help: () => showHelp(page),
  }[button.dataset.do];
  act?.();
}

function sourceOf(event) {
  return event.pointerType === "touch" || event.pointerType === "pen" ? "touch" : "pointer";
}

/** The word under a pointer, or null. */
function wordAt(event) {
  const node = document.elementFromPoint(event.clientX, event.clientY)?.closest(".word");
  return node ? Number(node.dataset.i) : null;
}
