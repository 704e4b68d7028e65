/* Words of a sentence on the screen: hints, how sure a label is, directions, codes and colours of labels. */

export const HINTS = [..."asdfghjklqwetyiozcvb"];
export const UNSURE = 0.85;
const SPECIAL = { ne: "NE", other: "OTH", ambiguous: "AMB", mixed: "MIX", unk: "UNK" };
const RTL = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;
const LETTER = /\p{L}/u;

/** Hints for words in text order: the least sure get one letter where there are more words than letters. */
export function hints(sureness) {
  const n = sureness.length;
  if (n <= HINTS.length) return HINTS.slice(0, n);
  const prefixes = Math.min(HINTS.length, Math.ceil((n - HINTS.length) / (HINTS.length - 1)));
  const singles = HINTS.slice(0, HINTS.length - prefixes);
  const firsts = HINTS.slice(HINTS.length - prefixes).reverse();
  const order = sureness.map((sure, i) => [sure, i]).sort((a, b) => a[0] - b[0] || a[1] - b[1]);
  const least = new Set(order.slice(0, singles.length).map(([, i]) => i));
  const short = [...singles];
  const long = firsts.flatMap((first) => HINTS.map((second) => first + second));
  return sureness.map((_, i) => (least.has(i) ? short.shift() : long.shift()) ?? "");
}

/** How sure each token's label in a layer is, in [0, 1]: 0 where there is none or the token was cut anew. */
export function sureness(held, name) {
  const confidence = held.item.confidence?.[name];
  const place = new Map(held.item.tokens.map(([start, end], i) => [`${start} ${end}`, i]));
  return held.sheet.tokens.map(([start, end]) => {
    if (held.sheet.touched.has(`${name} ${start}`)) return held.sheet.label(name, start) === null ? 0 : 1;
    const i = place.get(`${start} ${end}`);
    if (i === undefined || held.sheet.label(name, start) === null || disputed(held, name, i)) return 0;
    return confidence?.[i] ?? 1;
  });
}

/** Whether others, when they are judged, said different things of the i-th word as read. */
function disputed(held, layer, i) {
  const [start, end] = held.item.tokens[i];
  const said = (held.item.others || []).map((other) => {
    const k = other.tokens.findIndex(([from, to]) => from === start && to === end);
    return k < 0 ? `cut by ${other.name}` : other.labels[layer]?.[k] ?? null;
  });
  return new Set(said).size > 1;
}

/** Directions of the words and of the whole: "ltr" or "rtl"; words without letters go with their neighbours. */
export function directions(words) {
  const own = words.map((word) => ([...word].find((c) => LETTER.test(c)) ? (RTL.test([...word].find((c) => LETTER.test(c))) ? "rtl" : "ltr") : null));
  const base = own.find(Boolean) || "ltr";
  const filled = own.map((dir, i) => {
    if (dir) return dir;
    const before = own.slice(0, i).reverse().find(Boolean) || base;
    const after = own.slice(i + 1).find(Boolean) || base;
    return before === after ? before : base;
  });
  return { base, words: filled };
}

/** A short code for a label: EN, HI·L for hi-Latn, NE. */
export function code(label) {
  if (label === null || label === undefined) return "–";
  if (SPECIAL[label]) return SPECIAL[label];
  const tag = /^([a-z]{2,3})(?:-([A-Z][a-z]{3}))?(?:-[A-Z]{2})?$/.exec(label);
  if (tag) return tag[1].toUpperCase() + (tag[2] ? `·${tag[2][0]}` : "");
  const letters = [...label];
  return letters.length > 7 ? letters.slice(0, 6).join("") + "…" : label;
}

/** The class that colours a label: one of eight hues by its place in the layer. */
export function hue(layer, label) {
  const i = label === null ? -1 : layer.labels.indexOf(label);
  return i < 0 ? "none" : `hue${i % 8}`;
}

/** The letters (code points) of a stretch. */
export function slice(held, start, end) {
  return held.letters.slice(start, end).join("");
}

/** The places inside a word where it may be cut. */
export function cuts(held, [start, end]) {
  return held.item.cuts.filter((at) => start < at && at < end);
}
