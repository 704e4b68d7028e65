/* The overview for admins and viewers: how far the project is, its tagger, and files to take away. */

import { agree } from "/static/admin_agreement.js";
import { people } from "/static/admin_people.js";
import { get, post, setToken } from "/static/api.js";
import { speak } from "/static/languages.js";
import { t } from "/static/strings.js";
import { bars, digits, fill, options, percent } from "/static/tables.js";

const FORMATS = ["jsonl", "json", "conllu", "conll", "lince", "inline", "parquet", "arrow", "label-studio"];
const at = (id) => document.getElementById(id);

/** Do something, and tell what went wrong with it. */
async function safely(work) {
  at("error").textContent = "";
  try {
    await work();
  } catch (error) {
    if (error.status === 401) location.href = "/login";
    at("error").textContent = error.status === 0 ? t("admin.offline") : error.message;
  }
}

async function progress() {
  const found = await get("/api/admin/progress");
  at("name").textContent = found.name;
  document.title = `${found.name} · macaronic`;
  at("bar").max = Math.max(1, found.items);
  at("bar").value = found.finished;
  at("told").textContent = t("admin.told", {
    finished: digits(found.finished), items: digits(found.items), begun: digits(found.begun),
    left: digits(found.items - found.finished - found.begun), overlap: digits(found.overlap), events: digits(found.events),
  });
  const rows = found.people.map((one) => [
    one.name, t(`admin.role.${one.role}`), one.opened, one.accepted, one.skipped, digits(one.minutes, 1),
    digits(one.word_seconds, 2), percent(one.warmup), percent(one.planted),
  ]);
  const head = ["name", "role", "opened", "accepted", "skipped", "minutes", "pace", "warmup", "planted"];
  fill(at("progress"), head.map((key) => t(`admin.head.${key}`)), rows);
  days(found.days);
  options(at("layer"), found.layers);
}

/** How many sentences were accepted each day, once there is more than one. */
function days(found) {
  if (found.length < 2) return;
  const told = document.createElement("figcaption");
  told.className = "soft";
  const [first, last] = [found[0], found[found.length - 1]].map(([day]) => new Date(day).toLocaleDateString(document.documentElement.lang));
  told.textContent = t("admin.days", { first, last });
  at("days").replaceChildren(bars(found), told);
  at("days").hidden = false;
}

/** What the project's own tagger knows; asked again while it learns. */
function model(project) {
  const found = project.model;
  const right = found && (found.accuracy ?? found.cross);
  at("refit").hidden = project.role !== "admin";
  at("refit").disabled = Boolean(found?.fitting);
  at("fitted").textContent = found ? t(found.fitting ? "admin.fitting" : "admin.fitted", { n: digits(found.fitted_at), all: digits(found.accepted) }) : "";
  if (!right) at("right").textContent = t("admin.nomodel");
  else if (found.accuracy) {
    const { value, low, high, n } = found.accuracy;
    at("right").textContent = t("admin.heldout", { value: percent(value), low: percent(low), high: percent(high), n: digits(n) });
  } else at("right").textContent = t("admin.cross", { value: percent(right.value), n: digits(right.n) });
  if (found?.fitting) setTimeout(() => safely(async () => model(await get("/api/project"))), 2000);
}

async function refit() {
  const { started } = await post("/api/admin/refit", {});
  at("fitted").textContent = t(started ? "admin.started" : "admin.busy");
  setTimeout(() => safely(async () => model(await get("/api/project"))), 2000);
}

function link() {
  const query = new URLSearchParams({
    format: at("format").value, each: at("each").value, pseudonymous: at("names").value, unfinished: at("unfinished").value,
  });
  at("download").href = `/api/admin/export?${query}`;
}

async function begin() {
  await speak("admin.", at("language"));
  const project = await get("/api/project");
  setToken(project.csrf);
  options(at("format"), FORMATS);
  link();
  model(project);
  await progress();
  await people(project, safely);
  await agree(safely);
  document.body.dataset.ready = "yes";
}

for (const id of ["format", "each", "names", "unfinished"]) at(id).addEventListener("change", link);
at("refit").addEventListener("click", () => safely(refit));
at("logout").addEventListener("click", () => safely(async () => {
  await post("/api/logout", {});
  location.replace("/login");
}));
safely(begin);
