// @ts-check
// Which photos are selected: by their ids, so that it does not matter which rows are in
// the page, and a range over 100,000 photos is one loop.

import { showPicked } from "./shown.js";

/** @typedef {import("../grid.js").Grid} Grid */

export class Selection {
  /**
   * @param {Grid} grid
   * @param {() => void} changed
   */
  constructor(grid, changed) {
    this.grid = grid;
    this.changed = changed;
    /** @type {Set<number>} */
    this.ids = new Set();
    this.anchor = 0; // the photo a range begins at
    grid.picked = (id) => this.ids.has(id);
  }

  get size() {
    return this.ids.size;
  }

  /** The ids in the order in which they are shown. @returns {number[]} */
  list() {
    return Array.prototype.filter.call(this.grid.source.ids, (id) => this.ids.has(id));
  }

  /** @param {number} id */
  toggle(id) {
    if (!this.ids.delete(id)) this.ids.add(id);
    this.anchor = id;
    this.#tell();
  }

  /** From the photo that was selected last to this one. @param {number} id */
  reach(id) {
    const from = this.grid.indexOf(this.anchor);
    const to = this.grid.indexOf(id);
    if (from < 0 || to < 0) {
      this.ids.add(id);
      this.anchor = id;
    } else {
      const { ids } = this.grid.source;
      for (let at = Math.min(from, to); at <= Math.max(from, to); at += 1) this.ids.add(ids[at]);
    }
    this.#tell();
  }

  /** @param {Iterable<number>} ids */
  set(ids) {
    this.ids = new Set(ids);
    this.#tell();
  }

  /** All that is shown. */
  all() {
    this.set(Array.from(this.grid.source.ids));
  }

  clear() {
    if (!this.ids.size) return;
    this.ids.clear();
    this.anchor = 0;
    this.#tell();
  }

  /** Other photos are shown: what is not among them is not selected any more. */
  prune() {
    if (this.ids.size) this.set(this.list());
  }

  #tell() {
    showPicked(this.grid);
    this.changed();
  }
}
