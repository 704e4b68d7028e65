/* What stands around the sentence: header, sentence labels and texts, label bar, commands, mode line, banner. */

import { LANGUAGES, keepLanguage, languageName, t } from "./strings.js";
import { make } from "./view.js";
import { HINTS, code, hue } from "./words.js";

const $ = (id) => document.getElementById(id);
const LAYER_KEYS = { matrix: "m", pos: "p", ner: "n", norm: "r", comment: "/" };
const ACTIONS = [["accept", "⏎"], ["skip", "x"], ["undo", "u"], ["redo", "U"], ["unsure", "⇥"], ["split", "-"], ["merge", "+"], ["all", "A"], ["help", "?"]];

/** The header: built once, then its numbers change. */
export function drawTop(page) {
  const top = $("top");
  const { project, counts, model } = page.desk;
  if (!top.firstChild) buildTop(top, page);
  const all = counts.done + counts.skipped + Math.max(0, counts.left);
  const judging = project.role === "adjudicator"; // how much will differ is not known beforehand
  $("count").textContent = judging ? String(counts.done + counts.skipped) : `${counts.done + counts.skipped}/${all}`;
  $("bar").hidden = judging;
  $("bar").max = Math.max(1, all);
  $("bar").value = counts.done + counts.skipped;
  $("bar").setAttribute("aria-label", t("top.progress", { done: counts.done, all }));
  $("model").textContent = modelText(model);
  document.title = `${project.name} · macaronic`;
}

function modelText(model) {
  const found = model?.accuracy || model?.cross;
  if (!found) return "";
  const value = Math.round(found.value * 100);
  const spread = found.high === undefined ? "" : ` ±${Math.max(1, Math.round(((found.high - found.low) / 2) * 100))}`;
  return t(model.accuracy ? "top.model" : "top.cross", { value, spread, n: found.n });
}

function buildTop(top, page) {
  const { project } = page.desk;
  const name = make("strong", "name", project.name);
  name.dir = "auto";
  const bar = make("progress");
  bar.id = "bar";
  const ids = ["count", "model", "saved"].map((id) => Object.assign(make("span", id), { id }));
  const who = make("span", "who", t("top.you", { name: project.person }));
  const links = make("nav", "links");
  links.append(link("/guidelines", t("top.guidelines")));
  if (project.role === "admin" || project.role === "viewer") links.append(link("/admin", t("top.admin")));
  links.append(languageMenu(page));
  const out = make("button", "quiet", t("top.logout"));
  out.type = "button";
  out.addEventListener("click", () => page.logout());
  links.append(out);
  top.append(name, ids[0], bar, ids[1], ids[2], who, links);
}

function link(href, text) {
  const node = make("a", "", text);
  node.href = href;
  return node;
}

function languageMenu(page) {
  const menu = make("select");
  menu.setAttribute("aria-label", t("top.language"));
  for (const lang of LANGUAGES) menu.append(new Option(languageName(lang), lang, false, lang === page.lang));
  menu.addEventListener("change", () => {
    keepLanguage(menu.value);
    location.reload();
  });
  return menu;
}

/** How safe the work is: saved, on its way, or kept here until the network is back. */
export function drawSaved({ state, waiting, refused }) {
  const box = $("saved");
  if (!box) return;
  const text = waiting ? t(`saved.${state === "saved" ? "sending" : state}`, { n: waiting }) : t(state === "login" ? "saved.login" : "saved.saved", { n: 0 });
  if (box.textContent !== text) box.textContent = text;
  box.className = `saved is-${waiting ? state : "saved"}`;
  const old = document.querySelector(".trouble");
  if (old) old.remove();
  if (state === "login" || refused.length) document.body.prepend(trouble(state, refused));
}

function trouble(state, refused) {
  const box = make("div", "trouble");
  box.setAttribute("role", "alert");
  if (state === "login") {
    const there = link("/login", t("trouble.login"));
    there.target = "_blank";
    box.append(t("trouble.kept") + " ", there);
  } else {
    box.append(t("trouble.refused", { n: refused.length, why: refused[0].error }) + " ");
    const off = make("button", "", t("trouble.dismiss"));
    off.type = "button";
    off.addEventListener("click", () => dispatchEvent(new CustomEvent("dismiss-refused")));
    box.append(off);
  }
  return box;
}

/** What the person should know of this item. */
export function showBanner(page) {
  const kind = page.held?.item.kind;
  const box = $("banner");
  const text = kind === "warmup" ? t("banner.warmup") : kind === "again" ? t("banner.again") : kind === "judge" ? t("banner.judge") : "";
  box.hidden = !text;
  box.textContent = text;
  drawMedia(page.held?.item.media || []);
}

function drawMedia(media) {
  const box = $("media");
  box.replaceChildren();
  for (const one of media) {
    const row = make("figure", "sound");
    const audio = make("audio");
    audio.controls = true;
    audio.preload = "none";
    const part = one.start === undefined ? "" : `#t=${one.start}${one.end === undefined ? "" : `,${one.end}`}`;
    audio.src = one.url + part;
    audio.setAttribute("aria-label", one.label);
    row.append(make("figcaption", "", one.label), audio);
    box.append(row);
  }
}

/** Labels and texts of the sentence, one button each, with what others said when judging. */
export function drawFields(page) {
  const box = $("fields");
  const { held } = page;
  const shown = held ? page.layers.filter((layer) => layer.level === "sentence") : [];
  const key = JSON.stringify([held?.item.number, page.layer.name, shown.map((layer) => held.sheet.sentence.get(layer.name) ?? null)]);
  if (box.dataset.key === key || box.querySelector("textarea")) return;
  box.dataset.key = key;
  box.replaceChildren(...shown.map((layer) => field(page, layer)));
}

function field(page, layer) {
  const value = page.held.sheet.sentence.get(layer.name) ?? null;
  const button = make("button", `field ${hue(layer, value)}${layer === page.layer ? " now" : ""}`);
  button.type = "button";
  button.dataset.layer = layer.name;
  const text = make("bdi", "value", value === null ? "–" : layer.labels.length ? code(value) : value);
  text.dir = "auto";
  button.append(make("span", "fieldname", name(layer)), text);
  for (const other of page.held.item.others || []) {
    const said = other.sentence?.[layer.name] ?? null;
    const mark = make("span", said === value ? "other" : "other differs", `${other.name} ${layer.labels.length ? code(said) : said ?? "–"}`);
    button.append(mark);
  }
  button.addEventListener("click", () => page.choose(layer));
  return button;
}

function name(layer) {
  const key = `layer.${layer.name}`;
  const found = t(key);
  return found === key ? layer.name : found;
}

/** The footer: layers, the labels of the current one, commands, mode. Built anew only when layer or mode change. */
export function drawFoot(page) {
  const chosen = page.layer.level === "sentence" ? page.held?.sheet.sentence.get(page.layer.name) : page.token && page.held.sheet.label(page.layer.name, page.token[0]);
  const judged = (page.held?.item.others || []).map((other) => other.name);
  once($("layers"), "built", () => buildLayers(page));
  for (const button of $("layers").children) button.setAttribute("aria-selected", String(button.dataset.name === page.layer.name));
  once($("labels"), JSON.stringify([page.layer.name, page.mode === "more"]), () => buildLabels(page));
  once($("actions"), JSON.stringify(judged), () => buildActions(judged));
  once($("mode"), JSON.stringify([page.layer.name, page.mode]), () => drawMode(page));
  for (const button of $("labels").children) button.setAttribute("aria-pressed", String(Boolean(page.held) && (page.layer.labels[Number(button.dataset.k)] ?? null) === (chosen ?? null)));
}

/** Build a part anew only when what it stands for changed: a button must not go away under a finger. */
function once(box, key, build) {
  if (box.dataset.key === key) return;
  box.dataset.key = key;
  build();
}

function buildLayers(page) {
  const box = $("layers");
  box.setAttribute("aria-label", t("layers"));
  box.replaceChildren(
    ...page.layers.map((layer) => {
      const button = keyed(LAYER_KEYS[layer.name] || (layer === page.home ? "Esc" : "."), name(layer));
      button.setAttribute("role", "tab");
      button.dataset.name = layer.name;
      button.addEventListener("click", () => page.choose(layer));
      return button;
    }),
  );
}

function buildLabels(page) {
  const box = $("labels");
  box.setAttribute("aria-label", t("labels"));
  const { labels, about } = page.layer;
  const buttons = labels.map((label, k) => {
    const key = k < 9 ? String(k + 1) : page.mode === "more" ? HINTS[k - 9] : `0${HINTS[k - 9] ?? ""}`;
    const button = keyed(key, code(label), `label ${hue(page.layer, label)}`);
    if (code(label) !== label) button.append(make("small", "full", label));
    button.dataset.k = String(k);
    button.title = about[label] || label;
    button.setAttribute("aria-label", `${label}, ${t("word.key", { key })}`);
    return button;
  });
  if (labels.length && page.layer.level !== "sentence") {
    const none = keyed("⌫", t("label.none"), "label none");
    none.dataset.k = "-1";
    buttons.push(none);
  }
  box.replaceChildren(...buttons);
}

function buildActions(judged) {
  $("actions").setAttribute("aria-label", t("actions"));
  const takes = judged.map((who, k) => {
    const button = keyed(`,${k + 1}`, t("do.take", { name: who }), "do");
    button.dataset.take = String(k);
    return button;
  });
  $("actions").replaceChildren(
    ...takes,
    ...ACTIONS.map(([action, key]) => {
      const button = keyed(key, t(`do.${action}`), `do ${action}`);
      button.dataset.do = action;
      return button;
    }),
  );
}

function keyed(key, text, className = "") {
  const button = make("button", className);
  button.type = "button";
  const hint = make("kbd", "", key);
  hint.setAttribute("aria-hidden", "true");
  button.append(hint, make("span", "", text));
  return button;
}

/** One line: the mode, and what the keys do in it. */
export function drawMode(page, said = "") {
  const mode = modeName(page);
  const last = make("span", "said", said);
  last.dir = "auto";
  $("mode").replaceChildren(make("b", "", t(`mode.${mode}`)), make("span", "", ` ${t(`mode.${mode}.keys`)} `), last);
}

function modeName(page) {
  if (page.mode !== "token") return page.mode;
  if (page.layer.level !== "token") return page.layer.level;
  if (page.writes) return "writing";
  return page.held?.item.others?.length ? "judge" : "token";
}
