/* Tables and choices out of plain values; every text goes in as text. */

/** Fill a table: words of its head, and rows of strings, numbers or elements. */
export function fill(table, head, rows) {
  table.replaceChildren(line("th", head), ...rows.map((row) => line("td", row)));
}

/** Fill a choice; one of the values is chosen. */
export function options(select, values, chosen) {
  const before = chosen ?? select.value;
  select.replaceChildren(...values.map((value) => {
    const made = document.createElement("option");
    made.value = made.textContent = value;
    made.selected = value === before;
    return made;
  }));
}

/** A number with so many places; nothing for what is not known. */
export function digits(value, places = 0) {
  return value === null || value === undefined ? "" : value.toLocaleString(undefined, { minimumFractionDigits: places, maximumFractionDigits: places });
}

/** A share as a percentage. */
export function percent(value) {
  return value === null || value === undefined ? "" : `${digits(100 * value, 1)} %`;
}

function line(kind, values) {
  const made = document.createElement("tr");
  made.replaceChildren(...values.map((value) => cell(kind, value)));
  return made;
}

function cell(kind, value) {
  const made = document.createElement(kind);
  if (value instanceof Node) made.append(value);
  else made.textContent = String(value ?? "");
  made.dir = "auto";
  return made;
}
