// @ts-check
// Keeps count of the files and what became of them, so that nobody has to look through
// thousands of them to know.
import { isFinal } from "./item.js";

/** @typedef {import("./item.js").Item} Item */
/** @typedef {import("./item.js").State} State */

const LATEST = 50;

export class Tally {
  /** @param {Item[]} [items] in the order in which they were chosen */
  constructor(items = []) {
    this.items = items;
    /** @type {Record<State, number>} */
    this.counts = { waiting: 0, sending: 0, stored: 0, added: 0, duplicate: 0, failed: 0, stopped: 0 };
    for (const item of items) this.counts[item.state] += 1;
    /** @type {Set<Item>} */
    this.failed = new Set();
    /** @type {Set<Item>} on their way now */
    this.sending = new Set();
    /** @type {Item[]} that arrived, the newest last */
    this.latest = [];
    this.skipped = 0;
  }

  /** The same without everything that is finished; to be called when nothing is sent. */
  rest() {
    return new Tally(this.items.filter((item) => !isFinal(item.state)));
  }

  /** @param {Item} item */
  add(item) {
    this.items.push(item);
    this.counts[item.state] += 1;
  }

  /**
   * @param {Item} item
   * @param {State} state
   */
  to(item, state) {
    this.counts[item.state] -= 1;
    this.counts[state] += 1;
    item.state = state;
    for (const [set, its] of /** @type {const} */ ([[this.failed, "failed"], [this.sending, "sending"]])) {
      if (state === its) set.add(item);
      else set.delete(item);
    }
    if (state === "added" || state === "duplicate" || state === "stored") {
      this.latest = this.latest.filter((other) => other !== item).slice(1 - LATEST);
      this.latest.push(item);
    }
  }

  /** How many are not safely on the server's disk, though they may get there. */
  get toSend() {
    return this.counts.waiting + this.counts.sending;
  }

  get busy() {
    return this.toSend + this.counts.stored > 0;
  }

  get done() {
    return this.items.length - this.toSend - this.counts.stored;
  }
}
