/* Where the cursor goes by itself. */

import { UNSURE, sureness } from "./words.js";

/** The word to look at first: a planted one when shown again, else the least sure. */
export function leastSure(held, layer) {
  const planted = held.item.planted?.[0];
  if (planted) return Math.max(0, held.sheet.tokens.findIndex(([start, end]) => start < planted[1] && planted[0] < end));
  const sure = sureness(held, layer);
  return Math.max(0, sure.indexOf(Math.min(...sure)));
}

/** The next unsure word that nobody touched, from word `i` on (`way` 1 or -1), or `round` the sentence; null if none. */
export function unsureAfter(held, layer, i, way, round) {
  const sure = sureness(held, layer);
  const { tokens, touched } = held.sheet;
  const n = tokens.length;
  for (let step = 1; step <= n; step += 1) {
    const k = i + way * step;
    if (!round && (k < 0 || k >= n)) return null;
    const j = (k + 2 * n) % n;
    if (sure[j] < UNSURE && !touched.has(`${layer} ${tokens[j][0]}`)) return j;
  }
  return null;
}

/** The last of the words from `i` on that carry the same label as it. */
export function endOfRun(held, layer, i) {
  const labels = held.sheet.tokenLabels(layer);
  let to = i;
  while (to + 1 < labels.length && labels[to + 1] === labels[i]) to += 1;
  return to;
}
