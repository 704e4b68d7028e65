/* The words under the cursor's eye: hints, marks, what others said, and the places where a word may be cut. */

import { t } from "./strings.js";
import { drawChip } from "./view.js";
import { HINTS, UNSURE, cuts, hints, slice, sureness } from "./words.js";

const $ = (id) => document.getElementById(id);

/** Bring the words on the screen up to date. */
export function drawWords(page) {
  const layer = page.wordLayer;
  const sure = sureness(page.held, layer.name);
  page.sure = sure;
  const keys = hints(sure);
  page.keys = keys;
  const [from, to] = page.range();
  const spans = layer.level === "span" ? page.held.sheet.spansOf(layer.name) : [];
  const planted = page.held.item.planted || [];
  page.tokens.forEach(([start, end], i) => {
    const label = layer.level === "span" ? null : page.held.sheet.label(layer.name, start);
    const touched = page.held.sheet.touched.has(`${layer.name} ${start}`);
    drawChip(page.chips[i], {
      hint: page.mode === "split" ? "" : hintShown(page, keys[i]),
      word: slice(page.held, start, end),
      label,
      layer,
      unsure: layer.level === "token" && layer.labels.length > 0 && sure[i] < UNSURE && !touched,
      cursor: i === page.cursor,
      chosen: from < to && i >= from && i <= to,
      planted: planted.some(([a, b]) => a < end && start < b),
      spans: spans.filter((span) => span.start < end && start < span.end).map((span) => ({ label: span.label, first: span.start >= start, last: span.end <= end })),
      others: othersAt(page, start, end, layer),
    });
  });
  $("sentence").setAttribute("aria-activedescendant", `w${page.cursor}`);
  $("sentence").setAttribute("aria-label", t("sentence"));
  drawCuts(page);
}

function hintShown(page, keys) {
  if (!keys.startsWith(page.prefix)) return "";
  return [...keys].map((key) => page.names[key] || key).join("");
}

/** What the others said of a stretch. */
function othersAt(page, start, end, layer) {
  return (page.held.item.others || []).map((other) => {
    const i = other.tokens.findIndex(([a, b]) => a < end && start < b);
    const span = other.spans?.find(([name, , a, b]) => name === layer.name && a < end && start < b);
    return { name: other.name, label: layer.level === "span" ? span?.[1] ?? null : other.labels[layer.name]?.[i] ?? null };
  });
}

/** In split mode the word under the cursor shows where it may be cut. */
function drawCuts(page) {
  const chip = page.chips[page.cursor];
  for (const one of page.chips) {
    if (one.cutting && (one !== chip || page.mode !== "split")) {
      one.cutting = false;
      const i = Number(one.dataset.i);
      one.querySelector(".form").textContent = slice(page.held, ...page.tokens[i]);
    }
  }
  if (page.mode !== "split") return;
  chip.cutting = true;
  const form = chip.querySelector(".form");
  form.replaceChildren();
  const places = cuts(page.held, page.token);
  const ends = [page.token[0], ...places, page.token[1]];
  ends.slice(0, -1).forEach((at, k) => {
    if (k) {
      const mark = document.createElement("button");
      mark.type = "button";
      mark.className = k - 1 === page.cut ? "cut here" : "cut";
      mark.dataset.cut = String(k - 1);
      mark.textContent = page.names[HINTS[k - 1]] || HINTS[k - 1] || "·";
      mark.setAttribute("aria-label", t("split.here", { before: slice(page.held, page.token[0], at), after: slice(page.held, at, page.token[1]) }));
      form.append(mark);
    }
    form.append(slice(page.held, at, ends[k + 1]));
  });
}
