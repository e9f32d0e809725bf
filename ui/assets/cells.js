// @ts-check
// What is known of each photo's cell: the version in its address, and its caption.
import { api } from "./api.js";

const AT_ONCE = 200; // the server answers no more
const KEPT = 6000; // about 60 screens
const WAIT_MS = 30; // while scrolling fast, only where it comes to rest is asked for

/** @typedef {import("./api.js").Cell} Cell */

export class Cells {
  /** @param {() => void} changed called when asked-for cells have come */
  constructor(changed) {
    this.changed = changed;
    /** @type {Map<number, Cell>} */
    this.known = new Map();
    /** @type {Set<number>} */
    this.gone = new Set();
    /** @type {number[]} */
    this.wanted = [];
    this.timer = 0;
    this.asking = false;
  }

  /** @param {number} id */
  get(id) {
    return this.known.get(id);
  }

  /** @param {Iterable<Cell>} cells */
  put(cells) {
    for (const cell of cells) this.known.set(cell.id, cell);
    for (const id of this.known.keys()) {
      if (this.known.size <= KEPT) break;
      this.known.delete(id);
    }
  }

  /** Whether nothing that was asked for is still to come. */
  get settled() {
    return !this.timer && !this.asking;
  }

  /**
   * Ask for the cells of these photos, instead of those asked for before.
   * @param {number[]} ids
   */
  want(ids) {
    this.wanted = ids.filter((id) => !this.known.has(id) && !this.gone.has(id));
    if (this.wanted.length && !this.timer && !this.asking) {
      this.timer = window.setTimeout(() => this.#ask(), WAIT_MS);
    }
  }

  async #ask() {
    this.timer = 0;
    const ids = this.wanted.slice(0, AT_ONCE);
    if (!ids.length) return;
    this.asking = true;
    try {
      const cells = await api.cells(ids);
      this.put(cells);
      for (const id of ids) if (!this.known.has(id)) this.gone.add(id);
    } catch {
      // Not answering just now: the banner says so, and the next scroll asks again.
      await new Promise((again) => window.setTimeout(again, 1000));
    } finally {
      this.asking = false;
      this.changed();
    }
  }
}
