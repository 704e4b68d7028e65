/* What the page holds: the project, the items at hand, what was done and can be undone. No screen in it. */

import { Refused, get, post, setToken } from "./api.js";
import { fold, stepOf } from "./sheet.js";
import { Outbox } from "./sync.js";

const AHEAD = 3;
const LONGEST_STEP = 200;

/** One person's desk. */
export class Desk {
  /** @param {{saved: Function, counts: Function, arrived: Function}} tell called when something changes */
  constructor(tell) {
    this.tell = tell;
    this.held = new Map();
    this.queue = [];
    this.current = null;
    this.seen = new Set();
    this.last = performance.now();
    this.source = "key";
  }

  /** Meet the project, send what was left behind, fetch the first items. */
  async start() {
    await this.#meet();
    this.outbox = new Outbox(this.project.person, this.tell.saved, () => this.tell.counts());
    await this.outbox.start();
    if (this.outbox.state === "saved") await this.#meet();
    await this.fetchMore();
  }

  async #meet() {
    this.project = await get("/api/project");
    setToken(this.project.csrf);
    this.undoable = this.project.undo.map(unpack);
    this.redoable = this.project.redo.map(unpack);
    this.older = this.project.older;
    this.model = this.project.model;
    this.counts = this.project.counts;
  }

  /** Fetch items until enough are at hand. */
  async fetchMore() {
    if (this.fetching || this.queue.length >= AHEAD) return this.fetching;
    this.fetching = this.#fetch().finally(() => (this.fetching = null));
    return this.fetching;
  }

  async #fetch() {
    const waiting = new Set(this.outbox.pending().map((row) => row.item));
    const have = [...new Set([...this.queue, ...(this.current ? [this.current.item.number] : []), ...waiting, ...this.seen])];
    try {
      const answer = await post("/api/next", { have, count: AHEAD - this.queue.length + 1 });
      for (const item of answer.items) this.#queue(item);
      this.model = answer.model;
      this.empty = answer.items.length === 0;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      if (error.status === 403) return void (this.empty = true);
      clearTimeout(this.again);
      this.again = setTimeout(() => this.fetchMore(), 2000);
      if (error.status === 401) this.outbox.say("login");
    }
    this.tell.arrived();
  }

  #queue(item) {
    if (this.queue.includes(item.number) || this.current?.item.number === item.number) return;
    this.hold(item);
    if (item.kind === "again") this.seen.add(item.number);
    this.queue.push(item.number);
  }

  /** Keep an item with its sheet, own events that still wait among them. */
  hold(item) {
    const known = new Set(item.events.map((row) => row.client));
    const waiting = this.outbox.pending().filter((row) => row.item === item.number && !known.has(row.client));
    const rows = [...item.events, ...waiting];
    const held = { item, rows, sheet: fold(item, rows), letters: [...item.text] };
    this.held.set(item.number, held);
    return held;
  }

  /** Put the next item on the desk; says whether there is one. */
  next() {
    const left = this.current;
    this.current = this.held.get(this.queue.shift()) || null;
    this.previous = left || this.previous;
    this.last = performance.now();
    this.fetchMore();
    this.#forget();
    return this.current !== null;
  }

  #forget() {
    const near = new Set([...this.queue, this.current?.item.number, this.previous?.item.number]);
    for (const number of [...this.held.keys()].slice(0, -50)) if (!near.has(number)) this.held.delete(number);
  }

  /** What the next item says, for a look ahead. */
  get coming() {
    return this.held.get(this.queue[0])?.item.text ?? "";
  }

  /** An event without what all events have; `old` and `new` are labels. */
  row(action, parts = {}) {
    const number = parts.item ?? this.current.item.number;
    const blank = { layer: null, start: null, end: null, old: null, new: null };
    return { ...blank, ...parts, item: number, action };
  }

  /** Do events as one step that can be undone. */
  act(rows) {
    if (!rows.length) return;
    const items = [...new Set(rows.map((row) => row.item))];
    const step = stepName(this.outbox.name(), items);
    this.#send(rows, step);
    this.undoable.push({ step, items });
    this.redoable = [];
  }

  #send(rows, step) {
    const now = performance.now();
    const latency = Math.round(now - this.last);
    this.last = now;
    const full = rows.map((row, i) => ({ client: this.outbox.name(), ...row, source: this.source, latency: i ? 0 : latency, step }));
    for (const row of full) this.#take(row);
    this.outbox.add(full);
  }

  #take(row) {
    const held = this.held.get(row.item);
    if (!held) return;
    const was = held.sheet.state;
    held.rows.push(row);
    if (row.action === "undo" || row.action === "redo") held.sheet = fold(held.item, held.rows);
    else held.sheet.apply(row);
    this.#count(was, -1);
    this.#count(held.sheet.state, 1);
  }

  #count(state, by) {
    if (state === "accepted") {
      this.counts.done += by;
      this.counts.left -= by;
    } else if (state === "skipped") {
      this.counts.skipped += by;
      this.counts.left -= by;
    }
  }

  /** Take the last step back, wherever it was; gives its item, null when there is none. */
  async undo() {
    if (!this.undoable.length && this.older) await this.#fetchOlder();
    return this.#turn("undo", this.undoable, () => this.redoable);
  }

  /** The server tells the newest steps first; those before them are fetched when they are wanted. */
  async #fetchOlder() {
    await this.outbox.flush();
    if (this.outbox.state !== "saved") return;
    const project = await get("/api/project");
    this.undoable = project.undo.map(unpack);
    this.older = project.older;
  }

  /** Do the last undone step again. */
  redo() {
    return this.#turn("redo", this.redoable, () => this.undoable);
  }

  async #turn(action, from, to) {
    const last = from[from.length - 1];
    if (!last) return null;
    const number = last.items[0];
    if (!this.held.has(number)) {
      await this.outbox.flush();
      this.hold(await get(`/api/item/${number}`));
    }
    if (from[from.length - 1] !== last) return null;
    from.pop();
    to().push(last);
    const rows = last.items.map((item) => this.row(action, { item, new: last.step }));
    this.#send(rows, "");
    this.#bring(number);
    return number;
  }

  #bring(number) {
    if (this.current?.item.number === number) return;
    this.queue = this.queue.filter((other) => other !== number);
    if (this.current && this.current.sheet.state === "open") this.queue.unshift(this.current.item.number);
    this.current = this.held.get(number);
    this.last = performance.now();
  }

  /** The events of the current item that a step did, newest step last. */
  lastPlace(step) {
    return this.current.rows.find((row) => stepOf(row) === step && row.start !== null)?.start ?? null;
  }
}

/** A step as the server tells it. */
function unpack([step, item]) {
  return { step, items: itemsOf(step, item) };
}

/** A step's name; steps over several items carry their numbers, so that all are undone after a reload too. */
function stepName(name, items) {
  const long = `${name}~${items.join(".")}`;
  return items.length > 1 && long.length <= LONGEST_STEP ? long : name;
}

function itemsOf(step, item) {
  const numbers = (step.split("~")[1] || "").split(".").map(Number).filter(Boolean);
  return numbers.length ? numbers : [item];
}
