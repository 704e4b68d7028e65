/* Who works in the project: roles, who may log in, invitations. */

import { get, post } from "/static/api.js";
import { t } from "/static/strings.js";
import { fill, options } from "/static/tables.js";

const ROLES = ["annotator", "adjudicator", "viewer", "admin"];
const at = (id) => document.getElementById(id);
let mine = { admin: false, name: "", safely: null };

/** Show the people; an admin may change others and invite. */
export async function people(project, safely) {
  mine = { admin: project.role === "admin", name: project.person, safely };
  at("invite").hidden = !mine.admin;
  options(at("role"), named(ROLES));
  at("invite").addEventListener("submit", (event) => {
    event.preventDefault();
    safely(invite);
  });
  await refresh();
}

async function refresh() {
  const found = await get("/api/admin/people");
  fill(at("people"), [t("admin.head.name"), t("admin.head.role"), t("admin.head.login"), ""], found.people.map(person));
  const rows = found.invitations.map((one) => [
    one.name || t("admin.anybody"), t(`admin.role.${one.role}`), new Date(one.ends * 1000).toLocaleString(document.documentElement.lang),
    mine.admin ? button(t("admin.revoke"), () => post("/api/admin/revoke", { id: one.id })) : "",
  ]);
  fill(at("invitations"), [t("admin.head.invitation"), t("admin.head.role"), t("admin.head.until"), ""], rows);
}

function person(one) {
  const state = t(!one.account ? "admin.login.none" : one.active ? "admin.login.yes" : "admin.login.no");
  if (!mine.admin || one.name === mine.name) return [one.name, t(`admin.role.${one.role}`), state, ""];
  const choose = document.createElement("select");
  options(choose, named(ROLES), one.role);
  choose.setAttribute("aria-label", t("admin.roleof", { name: one.name }));
  choose.addEventListener("change", () => then(() => post("/api/admin/person", { name: one.name, role: choose.value })));
  const flip = button(t(one.active ? "admin.shut" : "admin.open"), () =>
    post("/api/admin/person", { name: one.name, active: !one.active }));
  return [one.name, choose, state, flip];
}

function named(roles) {
  return roles.map((role) => [role, t(`admin.role.${role}`)]);
}

/** Do something, then show how people stand, also when it was refused. */
function then(work) {
  return mine.safely(() => work().finally(refresh));
}

function button(text, work) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "small";
  made.textContent = text;
  made.addEventListener("click", () => then(work));
  return made;
}

async function invite() {
  const name = at("invitee").value.trim();
  const made = await post("/api/admin/invite", { role: at("role").value, ...(name ? { name } : {}) });
  const link = document.createElement("code");
  link.className = "link";
  link.dir = "ltr";
  link.textContent = made.url;
  const code = document.createElement("img");
  code.className = "qr";
  code.src = made.qr;
  code.alt = t("admin.qr");
  const told = document.createElement("p");
  told.textContent = t("admin.invited", { name: made.name || t("admin.anybody"), role: t(`admin.role.${made.role}`) });
  at("invited").replaceChildren(told, link, ...(navigator.clipboard ? [copier(made.url)] : []), code);
  at("invited").hidden = false;
  at("invitee").value = "";
  await refresh();
}

function copier(url) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "small";
  made.textContent = t("admin.copy");
  made.addEventListener("click", () => mine.safely(async () => {
    await navigator.clipboard.writeText(url);
    made.textContent = t("admin.copied");
  }));
  return made;
}
