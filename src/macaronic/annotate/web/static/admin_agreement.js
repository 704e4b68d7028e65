/* How far people agree, what they take for what, and every place where they differ. */

import { get } from "/static/api.js";
import { t } from "/static/strings.js";
import { digits, fill, heat, options } from "/static/tables.js";

const PART = 50;
const OF_PAIRS = ["agreement", "cohen_kappa"];
const at = (id) => document.getElementById(id);
let confusion = {};
let shown = [];

/** Show the agreement of the chosen layer, and follow the choices. */
export async function agree(safely) {
  at("layer").addEventListener("change", () => safely(layer));
  at("pair").addEventListener("change", showConfusion);
  for (const id of ["which", "between", "who"]) at(id).addEventListener("change", () => safely(anew));
  at("more").addEventListener("click", () => safely(disagreements));
  addEventListener("keydown", step);
  await layer();
}

async function layer() {
  const found = await get(`/api/admin/agreement?layer=${encodeURIComponent(at("layer").value)}`);
  at("compared").textContent = found.results.length ? t("admin.compared", { people: found.people.join(", ") }) : t("admin.nothing");
  measures(found.results);
  confusion = found.confusion;
  at("confusion-part").hidden = !Object.keys(confusion).length;
  options(at("pair"), Object.keys(confusion));
  showConfusion();
  const between = found.confused.map(([a, b, n]) => [JSON.stringify([a, b]), `${a} ~ ${b} (${digits(n)})`]);
  options(at("between"), [["[]", t("admin.any")], ...between], "[]");
  options(at("who"), [["", t("admin.everybody")], ...found.people], "");
  await anew();
}

function measures(results) {
  const all = results.filter((one) => !OF_PAIRS.includes(one.name));
  const head = ["measure", "of", "value", "interval", "units"].map((key) => t(`admin.head.${key}`));
  fill(at("agreement"), head, all.map((one) => [t(`admin.measure.${one.name}`), one.level === "all" ? t("admin.all") : one.level, ...told(one)]));
  const pairs = results.filter((one) => OF_PAIRS.includes(one.name));
  fill(at("pairs"), head, pairs.map((one) => [t(`admin.measure.${one.name}`), one.level, ...told(one)]));
}

function told(one) {
  const interval = one.low === null ? "" : `${digits(one.low, 3)} – ${digits(one.high, 3)}`;
  return [one.value === null ? t("admin.undefined") : digits(one.value, 3), interval, one.n];
}

function showConfusion() {
  const pair = at("pair").value;
  if (!confusion[pair]) return;
  const [rows, columns] = pair.split("~");
  at("axes").textContent = t("admin.axes", { rows, columns });
  heat(at("confusion"), confusion[pair]);
}

async function anew() {
  shown = [];
  await disagreements();
}

async function disagreements() {
  const query = new URLSearchParams({ layer: at("layer").value, open: at("which").value, after: shown.length, count: PART });
  if (at("who").value) query.set("who", at("who").value);
  for (const label of JSON.parse(at("between").value)) query.append("label", label);
  const found = await get(`/api/admin/disagreements?${query}`);
  shown.push(...found.rows);
  at("found").textContent = t("admin.found", { n: digits(found.total) });
  const head = ["item", "sentence", "labels", "decided"].map((key) => t(`admin.head.${key}`));
  fill(at("disagreements"), head, shown.map((one) => [one.id, sentence(one), labels(one), one.decided ?? ""]));
  for (const row of at("disagreements").tBodies[0]?.rows ?? []) row.tabIndex = -1;
  at("more").hidden = shown.length >= found.total;
}

/** The sentence with the piece marked; places are code points. */
function sentence(one) {
  const letters = [...one.sentence];
  const whole = one.start === 0 && one.end >= letters.length;
  const made = document.createElement("bdi");
  if (whole) {
    made.textContent = one.sentence;
    return made;
  }
  const piece = document.createElement("mark");
  piece.textContent = letters.slice(one.start, one.end).join("");
  made.append(letters.slice(0, one.start).join(""), piece, letters.slice(one.end).join(""));
  return made;
}

function labels(one) {
  const made = document.createElement("ul");
  made.className = "labels";
  made.replaceChildren(...Object.entries(one.labels).map(([who, label]) => {
    const line = document.createElement("li");
    const name = document.createElement("bdi");
    name.textContent = who;
    const given = document.createElement("b");
    given.textContent = label ?? t("admin.none");
    line.append(name, ": ", given);
    return line;
  }));
  return made;
}

/** j and k go down and up the disagreements. */
function step(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest?.("input, select, textarea")) return;
  const by = { KeyJ: 1, KeyK: -1 }[event.code];
  const rows = [...(at("disagreements").tBodies[0]?.rows ?? [])];
  if (!by || !rows.length) return;
  const now = rows.indexOf(document.activeElement);
  const row = rows[Math.max(0, Math.min(rows.length - 1, now + by))];
  row.focus();
  row.scrollIntoView({ block: "nearest" });
  event.preventDefault();
}
