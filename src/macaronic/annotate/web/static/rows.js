/* What a command means as events. */

import { cuts } from "./words.js";

/** A label for the words from one to another. */
export function labelRows(desk, layer, from, to, label) {
  const { sheet } = desk.current;
  return sheet.tokens.slice(from, to + 1).map(([start, end]) => desk.row("label", { layer: layer.name, start, end, old: sheet.label(layer.name, start), new: label }));
}

/** A span over words; spans that it meets go. Without a label only those go. */
export function spanRows(desk, layer, from, to, label) {
  const { sheet } = desk.current;
  const start = sheet.tokens[from][0];
  const end = sheet.tokens[to][1];
  const met = sheet.spansOf(layer.name).filter((span) => span.start < end && start < span.end);
  const same = met.find((span) => span.start === start && span.end === end);
  const gone = met.filter((span) => span !== same || label === null);
  const rows = gone.map((span) => desk.row("span", { layer: layer.name, start: span.start, end: span.end, old: span.label }));
  if (label !== null) rows.push(desk.row("span", { layer: layer.name, start, end, old: same?.label ?? null, new: label }));
  return rows;
}

/** A word cut in two. */
export function splitRows(desk, [start, end], at) {
  return [desk.row("split", { start, end, new: String(at) })];
}

/** Words made one. */
export function mergeRows(desk, from, to) {
  const { tokens } = desk.current.sheet;
  return [desk.row("merge", { start: tokens[from][0], end: tokens[to][1] })];
}

/** Everything that another person said of the item: cuts, labels, sentence labels, spans. */
export function takeRows(desk, other, layers) {
  const { sheet } = desk.current;
  const rows = cutRows(desk, sheet.tokens, other.tokens);
  const same = rows.length === 0;
  for (const layer of layers) {
    const labels = other.labels?.[layer.name];
    if (layer.level === "token" && labels) {
      other.tokens.forEach(([start, end], i) => {
        const old = same ? sheet.label(layer.name, start) : null;
        if (!same || old !== labels[i]) rows.push(desk.row("label", { layer: layer.name, start, end, old, new: labels[i] }));
      });
    } else if (layer.level === "sentence" && layer.name !== "comment") {
      const old = sheet.sentence.get(layer.name) ?? null;
      const label = other.sentence?.[layer.name] ?? null;
      if (label !== old) rows.push(desk.row("sentence", { layer: layer.name, old, new: label }));
    } else if (layer.level === "span") rows.push(...otherSpans(desk, sheet, layer, other));
  }
  return rows;
}

function otherSpans(desk, sheet, layer, other) {
  const key = (start, end) => `${start} ${end}`;
  const own = new Map(sheet.spansOf(layer.name).map((span) => [key(span.start, span.end), span.label]));
  const rows = [];
  for (const [name, label, start, end] of other.spans || []) {
    if (name !== layer.name || label === null) continue;
    const old = own.get(key(start, end)) ?? null;
    own.delete(key(start, end));
    if (old !== label) rows.push(desk.row("span", { layer: layer.name, start, end, old, new: label }));
  }
  for (const [place, old] of own) {
    const [start, end] = place.split(" ").map(Number);
    rows.push(desk.row("span", { layer: layer.name, start, end, old }));
  }
  return rows;
}

/** Merges and splits that make `mine` into `theirs`, block by block between the cuts that both have. */
function cutRows(desk, mine, theirs) {
  const rows = [];
  const ends = new Set(theirs.map(([, end]) => end));
  let block = [];
  for (const token of mine) {
    block.push(token);
    if (!ends.has(token[1])) continue;
    const start = block[0][0];
    const end = token[1];
    const wanted = theirs.filter(([from, to]) => start <= from && to <= end);
    rows.push(...blockRows(desk, block, wanted));
    block = [];
  }
  return rows;
}

function blockRows(desk, mine, wanted) {
  if (JSON.stringify(mine) === JSON.stringify(wanted)) return [];
  const touching = wanted.every(([start], i) => i === 0 || wanted[i - 1][1] === start);
  const start = mine[0][0];
  const end = mine[mine.length - 1][1];
  if (!touching || !wanted.length || wanted[0][0] !== start) return [];
  const rows = mine.length > 1 ? [desk.row("merge", { start, end })] : [];
  const inside = cuts(desk.current, [start, end]);
  for (const [from, to] of wanted.slice(0, -1)) {
    if (inside.includes(to)) rows.push(desk.row("split", { start: from, end, new: String(to) }));
  }
  return rows;
}
