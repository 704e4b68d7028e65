/* The page at work: which layer, which word, which mode; what each command does to the desk and to the screen. */

import { editWord, editSentence } from "./editor.js";
import { drawFields, drawFoot, drawMode, drawTop, showBanner } from "./frame.js";
import { drawWords } from "./marks.js";
import { labelRows, mergeRows, spanRows, splitRows, takeRows } from "./rows.js";
import { t } from "./strings.js";
import { drawSentence, neighbour } from "./view.js";
import { endOfRun, leastSure, unsureAfter } from "./moves.js";
import { code, cuts, slice } from "./words.js";

const $ = (id) => document.getElementById(id);

/** The annotation page of one person. */
export class Page {
  constructor(desk, lang) {
    this.desk = desk;
    this.lang = lang;
    this.mode = "token";
    this.prefix = "";
    this.anchor = null;
    this.layers = desk.project.layers;
    this.home = this.layers.find((layer) => layer.level === "token") || this.layers[0];
    this.layer = this.home;
    this.names = {};
  }

  get held() {
    return this.desk.current;
  }

  get tokens() {
    return this.held ? this.held.sheet.tokens : [];
  }

  /** The word under the cursor. */
  get token() {
    return this.tokens[this.cursor];
  }

  /** Whether the current layer has one free text a word. */
  get writes() {
    return this.layer.level === "token" && !this.layer.labels.length;
  }

  /** Where hints, cursor and confidence are taken from while a sentence layer is open. */
  get wordLayer() {
    return this.layer.level === "sentence" ? this.home : this.layer;
  }

  /** Put the desk's current item on the screen. */
  show() {
    this.mode = "token";
    this.prefix = "";
    this.anchor = null;
    this.labelled = null;
    this.layer = this.home;
    this.redraw();
    this.cursor = this.leastSure();
    this.refresh();
    showBanner(this);
    drawMode(this);
    $("before").textContent = this.desk.previous?.item.text ?? "";
    $("after").textContent = this.desk.coming ? t("next", { text: `\u2068${this.desk.coming}\u2069` }) : "";
    drawTop(this);
  }

  /** Draw all words, after their cuts changed. */
  redraw() {
    const box = $("sentence");
    if (!this.held) {
      this.chips = [];
      box.replaceChildren();
      box.textContent = this.desk.empty ? t("finished") : t("loading");
      return;
    }
    const others = this.held.item.others || [];
    this.chips = drawSentence(box, this.held, others);
  }

  /** Bring the screen up to date; only what changed is touched. */
  refresh() {
    if (this.held) drawWords(this);
    drawFields(this);
    drawFoot(this);
  }

  /** First and last word of what is chosen. */
  range() {
    const other = this.anchor ?? this.cursor;
    return [Math.min(other, this.cursor), Math.max(other, this.cursor)];
  }

  leastSure() {
    return this.held ? leastSure(this.held, this.wordLayer.name) : 0;
  }

  /** Move the cursor; `extend` keeps the other end of the choice where it is. */
  go(i, extend = false) {
    if (!this.held) return;
    this.labelled = null;
    this.anchor = extend ? this.anchor ?? this.cursor : null;
    this.cursor = Math.min(this.tokens.length - 1, Math.max(0, i));
    this.prefix = "";
    this.refresh();
    this.chips[this.cursor].scrollIntoView({ block: "nearest" });
  }

  arrow(key, extend) {
    if (this.mode === "split") return this.moveCut(key);
    this.go(neighbour(this.chips, $("sentence").dir, this.cursor, key), extend);
  }

  unsureAfter(i, way = 1, round = false) {
    return unsureAfter(this.held, this.wordLayer.name, i, way, round);
  }

  tab(way) {
    if (!this.held) return;
    this.go(this.unsureAfter(this.cursor, way, true) ?? (this.cursor + way + this.tokens.length) % this.tokens.length);
  }

  /** Letters of a hint as they come; gives whether the key meant something. */
  hint(letter, extend) {
    if (!this.held) return false;
    const typed = this.prefix + letter;
    const i = this.keys.indexOf(typed);
    if (i >= 0) {
      this.go(i, extend);
      if (this.writes && !extend) this.write();
      return true;
    }
    const begins = this.keys.some((keys) => keys.startsWith(typed));
    this.prefix = begins ? typed : "";
    this.refresh();
    return begins;
  }

  /** Give a label of the current layer by its place in it; null takes it away. */
  label(k, paint = false) {
    const layer = this.layer;
    const label = k === null ? null : layer.labels[k];
    if (!this.held || label === undefined || (this.writes && k !== null)) return;
    if (layer.level === "sentence") return this.sentenceLabel(label);
    if (layer.level === "span") return this.span(label);
    let [from, to] = this.range();
    if (paint) [from, to] = [this.cursor, endOfRun(this.held, layer.name, this.cursor)];
    this.desk.act(labelRows(this.desk, layer, from, to, label));
    this.announce(slice(this.held, this.tokens[from][0], this.tokens[to][1]), label);
    this.labelled = label === null ? null : from;
    this.anchor = null;
    this.mode = "token";
    this.cursor = label === null ? to : this.unsureAfter(to) ?? Math.min(to + 1, this.tokens.length - 1);
    this.refresh();
  }

  span(label) {
    const [from, to] = this.range();
    this.desk.act(spanRows(this.desk, this.layer, from, to, label));
    this.announce(slice(this.held, this.tokens[from][0], this.tokens[to][1]), label);
    this.anchor = null;
    this.mode = "token";
    this.cursor = label === null ? to : Math.min(to + 1, this.tokens.length - 1);
    this.refresh();
  }

  /** Label or text of the whole sentence; the page then goes back to the words. */
  sentenceLabel(label, layer = this.layer) {
    const old = this.held.sheet.sentence.get(layer.name) ?? null;
    if (label !== old || layer.labels.length) this.desk.act([this.desk.row("sentence", { layer: layer.name, old, new: label })]);
    this.announce(layer.name, label);
    this.choose(this.home);
  }

  /** Turn to a layer; a free text opens at once. */
  choose(layer) {
    if (!layer) return;
    const words = this.wordLayer;
    this.layer = layer;
    this.mode = "token";
    this.anchor = null;
    this.prefix = "";
    if (this.wordLayer !== words) this.cursor = this.leastSure();
    this.refresh();
    if (this.held && layer.level === "sentence" && !layer.labels.length) editSentence(this, layer);
  }

  /** Turn to a layer by name, or back when it is the current one. */
  toggle(name) {
    const layer = this.layers.find((one) => one.name === name);
    this.choose(layer === this.layer ? this.home : layer);
  }

  /** Turn to the next layer. */
  cycle(way) {
    const i = this.layers.indexOf(this.layer);
    this.choose(this.layers[(i + way + this.layers.length) % this.layers.length]);
  }

  /** Write the text of the word under the cursor. */
  write() {
    if (this.held && this.writes) editWord(this);
  }

  setMode(mode) {
    this.mode = mode;
    this.prefix = "";
    this.refresh();
  }

  /** Begin to cut the word under the cursor. */
  split() {
    if (!this.held) return;
    if (!cuts(this.held, this.token).length) return this.announceText(t("split.none"));
    this.cut = 0;
    this.setMode("split");
  }

  moveCut(key) {
    const n = cuts(this.held, this.token).length;
    const rtl = directionOf(this.chips[this.cursor].querySelector(".form")) === "rtl";
    const way = (key === "ArrowRight" || key === "ArrowDown") !== rtl ? 1 : -1;
    this.cut = Math.min(n - 1, Math.max(0, this.cut + way));
    this.refresh();
  }

  /** Cut at the k-th place. */
  cutAt(k) {
    const at = cuts(this.held, this.token)[k];
    if (at === undefined) return;
    this.desk.act(splitRows(this.desk, this.token, at));
    this.mode = "token";
    this.anchor = null;
    this.redraw();
    this.refresh();
    this.announceText(t("split.done"));
  }

  /** Make one word of what is chosen, or of the word and the one behind it. */
  merge() {
    if (!this.held) return;
    let [from, to] = this.range();
    if (from === to) to += 1;
    if (to >= this.tokens.length) return;
    this.desk.act(mergeRows(this.desk, from, to));
    this.cursor = from;
    this.anchor = null;
    this.redraw();
    this.refresh();
  }

  /** Take over what the k-th of the others said. */
  take(k) {
    const other = this.held?.item.others?.[k];
    this.mode = "token";
    if (other) {
      this.desk.act(takeRows(this.desk, other, this.layers));
      this.cursor = 0;
      this.redraw();
      this.announceText(t("take.done", { name: other.name }));
    }
    this.refresh();
  }

  /** Accept (or skip) the item as it stands and go on. */
  finish(action) {
    if (!this.held) return this.onward();
    const { sheet, item } = this.held;
    const done = action === "accept" ? "accepted" : "skipped";
    if (sheet.state !== done || item.kind === "again") this.desk.act([this.desk.row(action)]);
    this.onward();
  }

  onward() {
    this.desk.next();
    this.show();
    if (!this.held) this.desk.fetchMore();
  }

  /** Undo or redo, across sentences, one after the other however fast the keys come. */
  turn(action) {
    this.turning = (this.turning || Promise.resolve()).then(() => this.turnOnce(action));
    return this.turning;
  }

  async turnOnce(action) {
    const before = this.held;
    const number = await this.desk[action]().catch((error) => this.announceText(error.message));
    if (typeof number !== "number") return;
    const step = (action === "undo" ? this.desk.redoable : this.desk.undoable).at(-1);
    if (this.held !== before) this.show();
    this.redraw();
    const start = this.desk.lastPlace(step.step);
    const at = this.tokens.findIndex(([from, to]) => from <= start && start < to);
    this.mode = "token";
    this.anchor = null;
    this.cursor = start !== null && at >= 0 ? at : Math.min(this.cursor, this.tokens.length - 1);
    this.refresh();
    drawTop(this);
    this.announceText(t(`${action}.done`));
  }

  announce(what, label) {
    this.announceText(`${what}: ${label === null ? t("word.none") : code(label)}`);
  }

  announceText(text) {
    $("live").textContent = text || "";
    drawMode(this, text);
  }
}

function directionOf(node) {
  return getComputedStyle(node).direction;
}
