/* One person's work on one item, folded from its events; says the same as annotate/sheet.py and annotate/fold.py. */

export const IDLE_MS = 30000;

/** The state that events lead to; events that no longer fit are counted, not applied. */
export class Sheet {
  constructor(item) {
    this.item = item;
    this.ends = new Map(item.tokens);
    this.labels = new Map();
    this.sentence = new Map();
    this.spans = new Map();
    this.state = "open";
    this.time = 0;
    this.used = 0;
    this.misfits = 0;
    this.touched = new Set();
    for (const [layer, labels] of Object.entries(item.shown || {})) {
      if (typeof labels === "string") this.sentence.set(layer, labels);
      else this.labels.set(layer, new Map(zip(item.tokens, labels)));
    }
  }

  /** The tokens as they are cut now, in text order. */
  get tokens() {
    return [...this.ends].sort((a, b) => a[0] - b[0]);
  }

  /** The label of the token that starts at a place. */
  label(layer, start) {
    return this.labels.get(layer)?.get(start) ?? null;
  }

  /** The labels of a token layer, one a token. */
  tokenLabels(layer) {
    return this.tokens.map(([start]) => this.label(layer, start));
  }

  /** The spans of a layer that stand: those of the item and the person's own. */
  spansOf(layer) {
    const found = new Map((this.item.spans || []).map(([name, label, start, end]) => [place(name, start, end), label]));
    for (const [key, label] of this.spans) found.set(key, label);
    return [...found]
      .map(([key, label]) => [...JSON.parse(key), label])
      .filter(([name, , , label]) => name === layer && label !== null)
      .map(([, start, end, label]) => ({ start, end, label }));
  }

  /** Take one event into the state. */
  apply(event) {
    this.used += 1;
    if (event.latency !== null && event.latency !== undefined) this.time += Math.min(event.latency, IDLE_MS);
    const { layer, start, end } = event;
    const now = event.new ?? null;
    switch (event.action) {
      case "label": return this.#label(layer, start, end, now);
      case "sentence": return void this.sentence.set(layer, now);
      case "accept": return void (this.state = "accepted");
      case "skip": return void (this.state = "skipped");
      case "span": return void this.spans.set(place(layer, start || 0, end || 0), now);
      case "split": return this.#split(start || 0, end || 0, Number(now || 0));
      case "merge": return this.#merge(start || 0, end || 0);
    }
  }

  #label(layer, start, end, label) {
    if (this.ends.get(start) !== end) return void (this.misfits += 1);
    if (!this.labels.has(layer)) this.labels.set(layer, new Map());
    this.labels.get(layer).set(start, label);
    this.touched.add(`${layer} ${start}`);
  }

  #split(start, end, at) {
    if (this.ends.get(start) !== end || !(start < at && at < end)) return void (this.misfits += 1);
    this.ends.set(start, at).set(at, end);
    for (const held of this.labels.values()) held.set(at, held.get(start) ?? null);
  }

  #merge(start, end) {
    const pieces = this.tokens.filter(([from, to]) => start <= from && to <= end);
    const fits = pieces.length > 1 && pieces[0][0] === start && pieces[pieces.length - 1][1] === end;
    if (!fits) return void (this.misfits += 1);
    for (const held of this.labels.values()) {
      const found = new Set(pieces.map(([from]) => held.get(from) ?? null));
      for (const [from] of pieces) held.delete(from);
      held.set(start, found.size === 1 ? [...found][0] : null);
    }
    for (const [from] of pieces) this.ends.delete(from);
    this.ends.set(start, end);
  }
}

/** The sheet of one item after one person's events on it, oldest first. */
export function fold(item, events) {
  const off = undone(events);
  const sheet = new Sheet(item);
  for (const event of events) {
    if (event.action === "undo" || event.action === "redo" || off.has(stepOf(event))) continue;
    sheet.apply(event);
  }
  return sheet;
}

/** The steps whose last word is `undo`. */
export function undone(events) {
  const off = new Set();
  for (const event of events) {
    if (event.action === "undo") off.add(event.new);
    else if (event.action === "redo") off.delete(event.new);
  }
  return off;
}

/** The step that an event belongs to. */
export function stepOf(event) {
  return event.step || event.client;
}

function place(layer, start, end) {
  return JSON.stringify([layer, start, end]);
}

function zip(tokens, labels) {
  return tokens.slice(0, labels.length).map(([start], i) => [start, labels[i]]);
}
