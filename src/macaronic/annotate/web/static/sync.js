/*
 * Events on their way to the server. Each is kept in the browser's storage under a name of its own until the server has
 * it, so that nothing is lost when the network or the browser goes, and any tab can send what another left behind: the
 * server counts an event of the same name once.
 */

import { Refused, get, post, setToken } from "./api.js";

const BATCH = 200;
const LONGEST_WAIT = 30000;
const LEFT_BEHIND = 5000;

/** The outbox of one person in one tab. */
export class Outbox {
  /**
   * @param {string} person whose events these are
   * @param {(state: {state: string, waiting: number, refused: object[]}) => void} tell called when something changes
   * @param {() => void} kept called when the server has a batch
   */
  constructor(person, tell, kept) {
    this.prefix = `macaronic.out.${person}.`;
    this.apart = `macaronic.refused.${person}.`;
    this.person = person;
    this.tab = Date.now().toString(36) + Math.random().toString(36).slice(2, 8);
    this.count = 0;
    this.memory = new Map();
    this.tell = tell;
    this.kept = kept;
    this.state = "saved";
    this.wait = 500;
    this.sending = null;
    this.single = false;
    addEventListener("online", () => this.retry());
    addEventListener("focus", () => this.state === "login" && this.retry());
    addEventListener("pagehide", () => this.leave());
    setInterval(() => this.pending().length && this.state !== "login" && this.flush(), LEFT_BEHIND);
  }

  /** A name for an event or step that no other has. */
  name() {
    this.count += 1;
    return `${this.tab}-${this.count}`;
  }

  /** Take events in; they leave at once if the server can be reached. */
  add(rows) {
    for (const row of rows) {
      const held = { at: Date.now(), count: this.count, row };
      this.memory.set(row.client, held);
      store(this.prefix + row.client, held);
    }
    this.say(this.state === "saved" ? "sending" : this.state);
    if (this.state !== "offline") this.flush();
  }

  /** The events that the server does not have yet, oldest first. */
  pending() {
    const found = new Map(this.memory);
    for (const held of stored(this.prefix)) {
      const own = held.row.client.startsWith(this.tab);
      if (!own && (this.adopt || Date.now() - held.at > LEFT_BEHIND)) found.set(held.row.client, held);
    }
    return [...found.values()].sort((a, b) => a.at - b.at || a.count - b.count).map((held) => held.row);
  }

  /** Events that the server refused; they stay here until somebody looks at them. */
  refused() {
    return stored(this.apart);
  }

  /** Forget the refused events. */
  dismiss() {
    for (const held of this.refused()) drop(this.apart + held.row.client);
    this.say(this.state);
  }

  /** Take over what other tabs left and send everything. */
  async start() {
    this.adopt = true;
    await this.flush();
    this.adopt = false;
  }

  /** Try again now. */
  retry() {
    this.wait = 500;
    clearTimeout(this.timer);
    return this.flush();
  }

  /** Send until nothing waits or the server cannot be reached. */
  flush() {
    this.sending ||= this.#send().finally(() => (this.sending = null));
    return this.sending;
  }

  async #send() {
    await null;
    for (let rows = this.pending(); rows.length; rows = this.pending()) {
      const batch = rows.slice(0, this.single ? 1 : BATCH);
      try {
        await post("/api/events", { events: batch });
        this.kept();
        this.#done(batch);
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        if (!(await this.#cope(error, batch))) return;
      }
    }
    this.single = false;
    this.wait = 500;
    this.say("saved");
  }

  #done(batch) {
    for (const row of batch) {
      this.memory.delete(row.client);
      drop(this.prefix + row.client);
    }
    this.say("sending");
  }

  /** What to do after a refusal; says whether to go on at once. */
  async #cope(error, batch) {
    if (error.status === 401) return this.#login();
    if (error.status === 403 && !this.renewed) return this.#renew();
    this.renewed = false;
    if ([400, 403, 404, 409, 413, 422].includes(error.status)) {
      if (batch.length === 1) return this.#aside(batch[0], error);
      return (this.single = true);
    }
    this.say("offline");
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), this.wait);
    this.wait = Math.min(this.wait * 2, LONGEST_WAIT);
    return false;
  }

  #aside(row, error) {
    store(this.apart + row.client, { at: Date.now(), row, error: error.message });
    this.#done([row]);
    return true;
  }

  async #renew() {
    this.renewed = true;
    return this.#whoAmI();
  }

  async #login() {
    if (this.state === "login" && (await this.#whoAmI())) return true;
    this.say("login");
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), 5000);
    return false;
  }

  async #whoAmI() {
    try {
      const project = await get("/api/project");
      if (project.person !== this.person) return void location.reload();
      setToken(project.csrf);
      return true;
    } catch {
      return false;
    }
  }

  /** The page goes away: send what fits into a last message; the rest stays in the storage. */
  leave() {
    const rows = this.pending().slice(0, 100);
    if (rows.length) post("/api/events", { events: rows }, true).catch(() => {});
  }

  /** Report a state. */
  say(state) {
    this.state = state;
    this.tell({ state, waiting: this.pending().length, refused: this.refused() });
  }
}

function store(key, value) {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    /* storage full or forbidden: the event is still held in memory and sent from there */
  }
}

function drop(key) {
  try {
    localStorage.removeItem(key);
  } catch {
    /* nothing was stored then */
  }
}

function stored(prefix) {
  try {
    const keys = Object.keys(localStorage).filter((key) => key.startsWith(prefix));
    return keys.map((key) => JSON.parse(localStorage.getItem(key))).filter(Boolean);
  } catch {
    return [];
  }
}
