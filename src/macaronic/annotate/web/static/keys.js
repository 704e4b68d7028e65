/* The keyboard: letters by their place on it are hints, digits are labels, the rest are commands. */

import { showApply, showHelp } from "./dialogs.js";
import { HINTS } from "./words.js";

const COMMANDS = new Set([..."umpnrx"]);

/** Listen to keys for a page. */
export function listen(page) {
  addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (document.getElementById("dialog").open || writing(event.target)) return;
    if (event.target.closest?.("a, select, button") && ["Enter", " ", "Tab", "ArrowUp", "ArrowDown"].includes(event.key)) return;
    page.desk.source = "key";
    if (handle(page, event)) {
      event.preventDefault();
      painted(event.key === "Enter" ? "accept" : "key", event.timeStamp);
    }
  });
  layout(page);
}

function writing(target) {
  return target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}

/** Do what a key means; says whether it meant something. */
export function handle(page, event) {
  const { code, key } = event;
  const shiftKey = event.shiftKey || (/^\p{Lu}$/u.test(key) && !event.getModifierState("CapsLock"));
  const digit = /^(?:Digit|Numpad)(\d)$/.exec(code);
  if (digit && (code.startsWith("Digit") || /^\d$/.test(key))) return number(page, Number(digit[1]), shiftKey);
  if (page.mode === "split") return splitting(page, event);
  const letter = /^Key([A-Z])$/.exec(code)?.[1].toLowerCase();
  if (letter) return byLetter(page, letter, shiftKey);
  return other(page, key, code, shiftKey);
}

function number(page, digit, shift) {
  if (page.mode === "take") page.take(digit - 1);
  else if (digit === 0) page.setMode(page.mode === "more" ? "token" : "more");
  else page.label(digit - 1, shift && page.layer.level === "token");
  return true;
}

function byLetter(page, letter, shift) {
  if (page.mode === "more") {
    page.setMode("token");
    const k = HINTS.indexOf(letter);
    if (k >= 0) page.label(9 + k, shift && page.layer.level === "token");
    return true;
  }
  if (letter === "a" && shift && !page.prefix && page.layer.level === "token") return showApply(page), true;
  if (HINTS.includes(letter)) return page.hint(letter, shift);
  if (!COMMANDS.has(letter)) return false;
  if (letter === "u") page.turn(shift ? "redo" : "undo");
  if (letter === "x") page.finish("skip");
  const layer = { m: "matrix", p: "pos", n: "ner", r: "norm" }[letter];
  if (layer) page.toggle(layer);
  return true;
}

function other(page, key, code, shift) {
  if (key.startsWith("Arrow")) return page.held && page.arrow(key, shift), true;
  if (key === "Enter") return page.finish("accept"), true;
  if (key === "Tab") return page.held ? (page.tab(shift ? -1 : 1), true) : false;
  if (key === "Escape") return escape(page), true;
  if (key === " ") return page.write(), true;
  if (key === "Backspace" || key === "Delete") return page.label(null), true;
  if (key === "?" || (code === "Slash" && shift)) return showHelp(page), true;
  if (key === "/" || code === "Slash" || code === "NumpadDivide") return page.toggle("comment"), true;
  if (key === "-" || code === "NumpadSubtract") return page.split(), true;
  if (key === "+" || code === "NumpadAdd" || (code === "Equal" && shift)) return page.merge(), true;
  if (key === "." || code === "Period") return page.cycle(1), true;
  if (key === "," || code === "Comma") return page.held?.item.others?.length ? (page.setMode("take"), true) : (page.cycle(-1), true);
  if (code === "Minus") return page.split(), true;
  return false;
}

function escape(page) {
  if (page.mode !== "token" || page.anchor !== null || page.prefix) {
    page.anchor = null;
    page.setMode("token");
  } else page.choose(page.home);
}

function splitting(page, { code, key }) {
  const letter = /^Key([A-Z])$/.exec(code)?.[1].toLowerCase();
  if (key.startsWith("Arrow")) page.moveCut(key);
  else if (key === "Enter" || key === " ") page.cutAt(page.cut);
  else if (letter && HINTS.includes(letter)) page.cutAt(HINTS.indexOf(letter));
  else page.setMode("token");
  return true;
}

/** Note how long it took from a key to the picture that it led to. */
export function painted(kind, from) {
  window.macaronicTimes ||= [];
  requestAnimationFrame(() => requestAnimationFrame(() => window.macaronicTimes.push({ kind, ms: performance.now() - from })));
}

/** Where the keyboard writes another letter on a hint's key, show that letter. */
async function layout(page) {
  const map = await navigator.keyboard?.getLayoutMap?.().catch(() => null);
  if (!map) return;
  for (const letter of HINTS) {
    const name = map.get(`Key${letter.toUpperCase()}`);
    if (name && name !== letter) page.names[letter] = name;
  }
  page.refresh();
}
