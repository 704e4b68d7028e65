/* The overview for admins and viewers: progress, people, agreement, disagreements, export. */

import { get, post, setToken } from "/static/api.js";
import { digits, fill, options, percent } from "/static/tables.js";

const ROLES = ["annotator", "adjudicator", "viewer", "admin"];
const FORMATS = ["jsonl", "json", "conllu", "conll", "lince", "inline", "parquet", "arrow", "label-studio"];
const PART = 50;
const at = (id) => document.getElementById(id);
let mine = { admin: false, name: "" };
let shown = [];

/** Do something, and tell what went wrong with it. */
async function safely(work) {
  at("error").textContent = "";
  try {
    await work();
  } catch (error) {
    at("error").textContent = error.status === 0 ? "The server does not answer." : error.message;
  }
}

async function progress() {
  const found = await get("/api/admin/progress");
  at("name").textContent = found.name;
  at("told").textContent =
    `${digits(found.finished)} of ${digits(found.items)} items finished, ${digits(found.begun)} begun; ` +
    `${found.overlap} people each; ${digits(found.events)} events kept.`;
  const head = ["name", "role", "opened", "accepted", "skipped", "actions", "minutes", "s/word", "warm-up", "planted kept"];
  const rows = found.people.map((one) => [
    one.name, one.role, one.opened, one.accepted, one.skipped, one.actions, digits(one.minutes, 1),
    digits(one.word_seconds, 2), percent(one.warmup), percent(one.planted),
  ]);
  fill(at("progress"), head, rows);
  options(at("layer"), found.layers);
}

async function people() {
  const found = await get("/api/admin/people");
  fill(at("people"), ["name", "role", "can log in", ""], found.people.map(person));
  const rows = found.invitations.map((one) => [
    one.name || "-", one.role, new Date(one.ends * 1000).toLocaleString(),
    mine.admin ? button("Take back", () => post("/api/admin/revoke", { id: one.id })) : "",
  ]);
  fill(at("invitations"), rows.length ? ["invitation for", "role", "until", ""] : [], rows);
}

/** The cells of somebody: an admin changes others here. */
function person(one) {
  const state = !one.account ? "no password yet" : one.active ? "yes" : "no";
  if (!mine.admin || one.name === mine.name) return [one.name, one.role, state, ""];
  const choose = document.createElement("select");
  options(choose, ROLES, one.role);
  choose.setAttribute("aria-label", `role of ${one.name}`);
  choose.addEventListener("change", () => changed({ name: one.name, role: choose.value }));
  const flip = button(one.active ? "Let in no more" : "Let in again", () =>
    post("/api/admin/person", { name: one.name, active: !one.active }));
  return [one.name, choose, state, flip];
}

function changed(change) {
  return safely(async () => {
    await post("/api/admin/person", change);
    await people();
  });
}

function button(text, work) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = text;
  made.addEventListener("click", () => safely(async () => {
    await work();
    await people();
  }));
  return made;
}

async function invite(event) {
  event.preventDefault();
  const name = at("invitee").value.trim();
  const made = await post("/api/admin/invite", { role: at("role").value, ...(name ? { name } : {}) });
  const link = document.createElement("code");
  link.className = "link";
  link.textContent = made.url;
  const code = document.createElement("img");
  code.className = "qr";
  code.src = made.qr;
  code.alt = "The same link as a QR code";
  const told = document.createElement("p");
  told.textContent = `This link lets ${made.name || "one person"} in once, as ${made.role}, within a week:`;
  at("invited").replaceChildren(told, link, code);
  at("invited").hidden = false;
  at("invitee").value = "";
  await people();
}

async function agreement() {
  const found = await get(`/api/admin/agreement?layer=${encodeURIComponent(at("layer").value)}`);
  at("compared").textContent = found.results.length
    ? `${found.people.join(", ")}; ${digits(found.disagreements)} places labelled differently.`
    : "Nothing to compare yet: no item is accepted by two people.";
  const rows = found.results.map((one) => [one.name, one.level, digits(one.value, 3), digits(one.low, 3), digits(one.high, 3), one.n]);
  fill(at("agreement"), rows.length ? ["measure", "of", "value", "low", "high", "units"] : [], rows);
  shown = [];
  await disagreements();
}

async function disagreements() {
  const query = new URLSearchParams({ layer: at("layer").value, open: at("which").value, after: shown.length, count: PART });
  const found = await get(`/api/admin/disagreements?${query}`);
  shown.push(...found.rows);
  const rows = shown.map((one) => [
    one.id, one.text || "(sentence)", one.sentence,
    Object.entries(one.labels).map(([who, label]) => `${who}: ${label ?? "-"}`).join(", "), one.decided ?? "",
  ]);
  fill(at("disagreements"), rows.length ? ["item", "piece", "sentence", "labels", "decided"] : [], rows);
  at("more").hidden = shown.length >= found.total;
}

function link() {
  const query = new URLSearchParams({ format: at("format").value, each: at("each").value, pseudonymous: at("names").value });
  at("download").href = `/api/admin/export?${query}`;
}

async function begin() {
  const project = await get("/api/project");
  setToken(project.csrf);
  mine = { admin: project.role === "admin", name: project.person };
  options(at("role"), ROLES);
  options(at("format"), FORMATS);
  at("invite").hidden = !mine.admin;
  link();
  await progress();
  await people();
  await agreement();
}

at("invite").addEventListener("submit", (event) => safely(() => invite(event)));
at("layer").addEventListener("change", () => safely(agreement));
at("which").addEventListener("change", () => safely(() => {
  shown = [];
  return disagreements();
}));
at("more").addEventListener("click", () => safely(disagreements));
for (const id of ["format", "each", "names"]) at(id).addEventListener("change", link);
at("logout").addEventListener("click", () => safely(async () => {
  await post("/api/logout", {});
  location.replace("/login");
}));
safely(begin);
