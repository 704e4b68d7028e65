/* The sentence on the screen: one chip a word, and only what changed is drawn again. */

import { t } from "./strings.js";
import { code, directions, hue, slice } from "./words.js";

/** Make an element with a class and text. */
export function make(tag, className = "", text = "") {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text) node.textContent = text;
  return node;
}

/**
 * Draw all words anew.
 * @returns {HTMLElement[]} the chips in text order
 */
export function drawSentence(box, held, others) {
  const tokens = held.sheet.tokens;
  const dirs = directions(tokens.map(([start, end]) => slice(held, start, end)));
  box.dir = dirs.base;
  box.classList.toggle("close", tokens.length > 1 && tokens.every(([, end], i) => i + 1 === tokens.length || tokens[i + 1][0] === end));
  box.replaceChildren();
  let at = 0;
  let run = box;
  let dir = dirs.base;
  const chips = tokens.map(([start, end], i) => {
    const gap = slice(held, at, start);
    at = end;
    if (dirs.words[i] !== dir) {
      dir = dirs.words[i];
      if (gap) box.append(gap);
      run = dir === dirs.base ? box : box.appendChild(make("span", "run"));
      if (run !== box) run.dir = dir;
    } else if (gap) run.append(gap);
    const chip = makeChip(i, slice(held, start, end), others);
    run.append(chip);
    return chip;
  });
  const rest = slice(held, at, held.letters.length);
  if (rest) box.append(rest);
  return chips;
}

function makeChip(i, word, others) {
  const chip = make("span", "word");
  chip.id = `w${i}`;
  chip.dataset.i = String(i);
  chip.setAttribute("role", "option");
  const form = make("bdi", "form", word);
  form.dir = "auto";
  chip.append(make("kbd", "hint"), form, make("span", "code"));
  for (const other of others) chip.append(make("span", "other", other.name));
  chip.firstChild.setAttribute("aria-hidden", "true");
  return chip;
}

/**
 * Bring one chip up to date.
 * @param {{hint: string, word: string, label: string|null, layer: object, unsure: boolean, cursor: boolean,
 *   chosen: boolean, planted: boolean, spans: object[], others: object[]}} look
 */
export function drawChip(chip, look) {
  const { layer, label } = look;
  const key = JSON.stringify([look, layer.name]);
  if (chip.lookKey === key) return;
  chip.lookKey = key;
  const [hint, , codeBox] = chip.children;
  hint.textContent = look.hint;
  const free = layer.level === "token" && !layer.labels.length;
  const shown = layer.level === "span" ? spanCode(look.spans) : free ? label ?? "–" : code(label);
  codeBox.textContent = shown;
  codeBox.dir = free ? "auto" : "ltr";
  const colour = layer.level === "span" ? hue(layer, look.spans[0]?.label ?? null) : hue(layer, label);
  chip.className = ["word", colour, look.unsure && "unsure", look.cursor && "cursor", look.chosen && "chosen", look.planted && "planted", free && "free", look.spans.length && "inspan"].filter(Boolean).join(" ");
  chip.setAttribute("aria-selected", String(look.cursor || look.chosen));
  chip.setAttribute("aria-label", say(look, shown));
  look.others.forEach((other, k) => {
    const box = chip.children[3 + k];
    box.textContent = `${other.name} ${code(other.label)}`;
    box.classList.toggle("differs", other.label !== label);
  });
}

function spanCode(spans) {
  return spans.length ? spans.map((span) => (span.first ? "[" : "") + code(span.label) + (span.last ? "]" : "")).join(" ") : "·";
}

function say(look, shown) {
  const parts = [look.word, look.label ?? (look.spans.length ? shown : t("word.none"))];
  if (look.unsure) parts.push(t("word.unsure"));
  if (look.hint) parts.push(t("word.key", { key: look.hint }));
  return parts.join(", ");
}

/** The chips in the order in which the eye meets them, with their lines. */
export function visualOrder(chips, base) {
  const boxes = chips.map((chip, i) => ({ i, box: chip.getBoundingClientRect() }));
  boxes.sort((a, b) => a.box.top - b.box.top);
  const lines = [];
  for (const one of boxes) {
    const line = lines[lines.length - 1];
    const first = line && line[0].box;
    if (first && one.box.top < first.top + first.height / 2) line.push(one);
    else lines.push([one]);
  }
  const way = base === "rtl" ? -1 : 1;
  for (const line of lines) line.sort((a, b) => way * (a.box.left - b.box.left));
  return lines;
}

/** The word that an arrow leads to from word `i`. */
export function neighbour(chips, base, i, arrow) {
  const lines = visualOrder(chips, base);
  const order = lines.flat().map((one) => one.i);
  if (arrow === "ArrowLeft" || arrow === "ArrowRight") {
    const way = (arrow === "ArrowRight") === (base !== "rtl") ? 1 : -1;
    return order[Math.min(order.length - 1, Math.max(0, order.indexOf(i) + way))];
  }
  const row = lines.findIndex((line) => line.some((one) => one.i === i));
  const target = lines[row + (arrow === "ArrowDown" ? 1 : -1)];
  if (!target) return i;
  const from = lines[row].find((one) => one.i === i).box;
  const centre = (box) => (box.left + box.right) / 2;
  const near = (one) => Math.abs(centre(one.box) - centre(from));
  return target.reduce((best, one) => (near(one) < near(best) ? one : best)).i;
}
