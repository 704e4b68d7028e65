/* Text mode: a field for the normal form of a word, for a translation or a comment. Esc leaves without a change. */

import { post } from "./api.js";
import { t } from "./strings.js";
import { make } from "./view.js";
import { slice } from "./words.js";

const LONGEST = 10000;

/** Write the text of the word under the cursor, in its chip. */
export function editWord(page) {
  const [start, end] = page.token;
  const { layer } = page;
  const old = page.held.sheet.label(layer.name, start);
  const input = make("input", "write");
  input.value = old ?? slice(page.held, start, end);
  const chip = page.chips[page.cursor];
  const save = (way) => {
    const text = input.value.trim() || null;
    if (text !== old) page.desk.act([page.desk.row("label", { layer: layer.name, start, end, old, new: text })]);
    close();
    page.go(page.cursor + way);
    if (way && input.dataset.on) page.write();
  };
  const close = () => {
    input.dataset.closed = "yes";
    input.remove();
    chip.classList.remove("writing");
    page.setMode("token");
    document.getElementById("sentence").focus();
  };
  field(input, t("write.word", { word: slice(page.held, start, end) }), page, (event) => {
    if (event.key === "Enter") save(1);
    else if (event.key === "Tab") {
      input.dataset.on = "yes";
      save(event.shiftKey ? -1 : 1);
    } else if (event.key === "Escape") close();
    else return false;
    return true;
  });
  chip.append(input);
  chip.classList.add("writing");
  page.setMode("text");
  keepOnLeaving(input, chip, () => save(0));
  if (page.desk.project.llm?.includes(layer.name)) offer(page, layer, input, chip);
  input.focus();
  input.select();
}

/** Write a text about the whole sentence, in its field. */
export function editSentence(page, layer) {
  const box = document.querySelector(`.field[data-layer="${layer.name}"]`);
  if (!box) return;
  const input = make("textarea", "write");
  const holder = make("div", "holder");
  input.value = page.held.sheet.sentence.get(layer.name) ?? "";
  input.rows = 2;
  const close = () => {
    input.dataset.closed = "yes";
    holder.remove();
    box.hidden = false;
    document.getElementById("sentence").focus();
  };
  const save = () => {
    const text = input.value.trim() || null;
    const old = page.held.sheet.sentence.get(layer.name) ?? null;
    close();
    if (text !== old) page.sentenceLabel(text, layer);
    else page.choose(page.home);
  };
  field(input, layer.name, page, (event) => {
    if (event.key === "Enter" && !event.shiftKey) save();
    else if (event.key === "Escape") {
      close();
      page.choose(page.home);
    } else return false;
    return true;
  });
  const done = make("button", "", t("write.save"));
  done.type = "button";
  done.addEventListener("click", save);
  holder.append(input, done);
  box.hidden = true;
  box.after(holder);
  page.setMode("text");
  keepOnLeaving(input, holder, save);
  if (page.desk.project.llm?.includes(layer.name)) offer(page, layer, input, holder);
  input.focus();
}

function field(input, name, page, keys) {
  input.maxLength = LONGEST;
  input.dir = "auto";
  input.setAttribute("aria-label", name);
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    page.desk.source = "key";
    if (keys(event)) {
      event.preventDefault();
      event.stopPropagation();
    }
  });
}

/** What was typed is kept when the person turns to something else or the page goes away. */
function keepOnLeaving(input, box, save) {
  const first = input.value;
  const leave = (event) => {
    if (input.dataset.closed || input.value === first) return;
    if (event.type === "blur" && (!document.hasFocus() || box.contains(event.relatedTarget))) return;
    save();
  };
  input.addEventListener("blur", leave);
  addEventListener("pagehide", leave);
}

/** A button, and Ctrl+Space, that ask a language model for a text; the person keeps or changes it. */
function offer(page, layer, input, box) {
  const button = make("button", "quiet", t("write.suggest"));
  button.type = "button";
  const ask = async () => {
    button.disabled = true;
    try {
      const { text } = await post("/api/suggest", { item: page.held.item.number, layer: layer.name });
      input.value = text;
    } catch (error) {
      page.announceText(error.message);
    }
    button.disabled = false;
    input.focus();
  };
  button.addEventListener("click", ask);
  input.addEventListener("keydown", (event) => {
    if (!event.ctrlKey || event.code !== "Space") return;
    event.preventDefault();
    ask();
  });
  box.append(button);
}
