/* Tables, choices and small pictures out of plain values; every text goes in as text. */

/** Fill a table: words of its head, and rows of strings, numbers or elements. No rows leave it empty. */
export function fill(table, head, rows) {
  if (!rows.length) return table.replaceChildren();
  const body = document.createElement("tbody");
  body.replaceChildren(...rows.map((row) => line("td", row)));
  const top = document.createElement("thead");
  top.append(line("th", head));
  [...top.rows[0].cells].forEach((one, i) => one.classList.toggle("n", typeof rows[0][i] === "number"));
  table.replaceChildren(top, body);
}

/** Fill a choice with values, or with [value, shown text]; one of the values is chosen. */
export function options(select, values, chosen) {
  const before = chosen ?? select.value;
  select.replaceChildren(...values.map((one) => {
    const [value, text] = Array.isArray(one) ? one : [one, one];
    return new Option(text, value, false, value === before);
  }));
}

/** Labels against labels, darker where more pieces are; `counts` is {row: {column: n}}. */
export function heat(table, counts) {
  const columns = [...new Set([...Object.keys(counts), ...Object.values(counts).flatMap(Object.keys)])].sort();
  const most = Math.max(1, ...Object.values(counts).flatMap(Object.values));
  fill(table, ["", ...columns], columns.map((row) => [row, ...columns.map((column) => counts[row]?.[column] ?? 0)]));
  for (const row of table.tBodies[0]?.rows ?? []) {
    for (const one of [...row.cells].slice(1)) one.style.setProperty("--share", Number(one.dataset.value) / most);
  }
}

/** Bars over days: [[milliseconds, count], ...]. */
export function bars(days) {
  const svg = drawn("svg", { viewBox: `0 0 ${days.length * 10} 40`, preserveAspectRatio: "none", "aria-hidden": "true" });
  const most = Math.max(...days.map(([, n]) => n));
  days.forEach(([day, n], i) => {
    const height = (40 * n) / most;
    const bar = drawn("rect", { x: i * 10 + 1, y: 40 - height, width: 8, height, class: "fill" });
    const told = drawn("title", {});
    told.textContent = `${new Date(day).toLocaleDateString()}: ${digits(n)}`;
    bar.append(told);
    svg.append(bar);
  });
  return svg;
}

/** A number with so many places; nothing for what is not known. */
export function digits(value, places = 0) {
  return value === null || value === undefined ? "" : value.toLocaleString(document.documentElement.lang, { minimumFractionDigits: places, maximumFractionDigits: places });
}

/** A share as a percentage. */
export function percent(value) {
  return value === null || value === undefined ? "" : `${digits(100 * value, 1)} %`;
}

function drawn(name, attributes) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

function line(kind, values) {
  const made = document.createElement("tr");
  made.replaceChildren(...values.map((value) => cell(kind, value)));
  return made;
}

function cell(kind, value) {
  const made = document.createElement(kind);
  if (kind === "th") made.scope = "col";
  if (typeof value === "number") {
    made.className = "n";
    made.dataset.value = value;
  }
  made.append(value instanceof Node ? value : apart(typeof value === "number" ? digits(value) : String(value ?? "")));
  return made;
}

/** A text that keeps its own direction, while its cell keeps that of the page. */
function apart(text) {
  const made = document.createElement("bdi");
  made.textContent = text;
  return made;
}
