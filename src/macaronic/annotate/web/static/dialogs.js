/* What lies over the page: all keys and label definitions, and the preview of a label for all places of a word. */

import { post } from "./api.js";
import { t } from "./strings.js";
import { make } from "./view.js";
import { code, hue, slice } from "./words.js";

const KEYS = ["hint", "digit", "shift", "enter", "tab", "arrows", "back", "undo", "split", "merge", "all", "layers", "more", "comment", "skip", "span", "take", "escape"];

/** All keys, and what the labels mean. */
export function showHelp(page) {
  const box = open(t("help.title"));
  const keys = make("dl", "keylist");
  for (const key of KEYS) keys.append(make("dt", "", t(`help.${key}.key`)), make("dd", "", t(`help.${key}`)));
  box.append(keys);
  for (const layer of page.layers) {
    const about = Object.entries(layer.about || {});
    if (!about.length) continue;
    const list = make("dl", "about");
    for (const [label, text] of about) {
      const term = make("dt", label ? hue(layer, label) : "", label ? `${code(label)} ${code(label) === label ? "" : label}` : layer.name);
      const said = make("dd", "", text);
      said.dir = "auto";
      list.append(term, said);
    }
    box.append(make("h3", "", layer.name), list);
  }
  box.append(closer(box));
}

/** Give the label just given, or that of the word under the cursor, to all places of its word: shown first, with their surroundings. */
export async function showApply(page) {
  const { layer, held } = page;
  if (!held || layer.level !== "token") return;
  const token = page.tokens[page.labelled ?? page.cursor];
  const word = slice(held, ...token);
  const label = held.sheet.label(layer.name, token[0]);
  if (label === null) return page.announceText(t("all.nolabel"));
  let found;
  try {
    await page.desk.outbox.flush();
    found = await post("/api/occurrences", { layer: layer.name, word, item: held.item.number });
  } catch (error) {
    return page.announceText(error.message);
  }
  const others = found.places.filter((place) => place.label !== label);
  const box = open(t("all.title", { label: code(label), word, n: others.length }));
  const form = make("form");
  const list = make("ul", "places");
  const boxes = others.map((place) => list.appendChild(placeRow(place)).querySelector("input"));
  const later = make("label", "later");
  const tick = Object.assign(make("input"), { type: "checkbox", checked: true });
  later.append(tick, make("span", "", t("all.upcoming", { n: found.upcoming })));
  const go = make("button", "main", t("all.apply"));
  form.append(list, later, go, closer(box));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    box.close();
    applyAll(page, { layer, word, label, places: others.filter((_, i) => boxes[i].checked), later: tick.checked });
  });
  form.addEventListener("keydown", (event) => among(event, [...boxes, tick], form));
  box.append(form);
  (boxes[0] || tick).focus();
}

function placeRow(place) {
  const row = make("li");
  const line = make("label");
  const text = make("bdi");
  text.dir = "auto";
  text.append(place.before, make("mark", "", place.word), place.after);
  line.append(Object.assign(make("input"), { type: "checkbox", checked: true }), make("span", "code", code(place.label)), text);
  row.append(line);
  return row;
}

/** Up and down among the boxes; Enter applies. */
function among(event, boxes, form) {
  if (event.key === "Enter" && event.target.type === "checkbox") {
    event.preventDefault();
    return form.requestSubmit();
  }
  const way = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!way) return;
  event.preventDefault();
  boxes[(boxes.indexOf(document.activeElement) + way + boxes.length) % boxes.length].focus();
}

function applyAll(page, { layer, word, label, places, later }) {
  const { desk } = page;
  const rows = places.map((place) => desk.row("label", { item: place.item, layer: layer.name, start: place.start, end: place.end, old: place.label, new: label }));
  if (later) rows.push(desk.row("rule", { layer: layer.name, old: word, new: label }));
  desk.act(rows);
  page.refresh();
  page.announceText(t("all.done", { n: places.length }));
}

function open(title) {
  const box = document.getElementById("dialog");
  const head = make("h2", "", title);
  head.id = "dialog-title";
  head.dir = "auto";
  box.setAttribute("aria-labelledby", head.id);
  box.replaceChildren(head);
  box.showModal();
  return box;
}

function closer(box) {
  const button = make("button", "quiet", t("close"));
  button.type = "button";
  button.addEventListener("click", () => box.close());
  return button;
}

document.getElementById("dialog").addEventListener("keydown", (event) => {
  if (event.key === "?") event.currentTarget.close();
});
