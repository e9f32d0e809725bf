// @ts-check
// Tells the album what is looked at, so that it captions that first.
import { api } from "./api.js";

const SETTLED_MS = 600; // since the last scrolling
const OPENED_MS = 150; // of photos walked through quickly, only the last is told
const NEIGHBOURS = 12; // on each side of an open photo: as many as arrows soon reach
const MOST = 200; // the server takes no more

export class Looking {
  /**
   * @param {import("./grid.js").Grid} grid
   * @param {() => number} opened the photo that is open, or 0
   */
  constructor(grid, opened) {
    this.grid = grid;
    this.opened = opened;
    this.busy = false;
    this.told = "";
    this.timer = 0;
    this.sending = false;
  }

  /** Only while captions are being written is there anybody to be told. */
  progressed(/** @type {import("./api.js").Progress} */ { busy, paused, waits }) {
    this.busy = busy && !paused && !waits;
    if (!this.busy) {
      this.told = "";
      window.clearTimeout(this.timer);
      this.timer = 0;
    } else if (!this.timer) this.#later(SETTLED_MS);
  }

  /** The grid was scrolled, or shows other photos. */
  moved() {
    if (!this.opened()) this.#later(SETTLED_MS);
  }

  /** A photo was opened or closed. */
  turned() {
    this.#later(OPENED_MS);
  }

  /** @param {number} wait */
  #later(wait) {
    if (!this.busy) return;
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.#tell(), wait);
  }

  async #tell() {
    this.timer = 0;
    if (this.sending || !this.busy || document.hidden) return;
    const ids = this.#seen();
    const key = ids.join();
    if (!ids.length || key === this.told) return;
    this.sending = true;
    try {
      await api.looking(ids);
      this.told = key;
    } catch {
      // It only costs the order; the next look at the progress tries again.
      return;
    } finally {
      this.sending = false;
    }
    if (!this.timer) this.#later(OPENED_MS); // moved on while that was sent, perhaps
  }

  /** What matters most first: the open photo and its neighbours, or the window's. */
  #seen() {
    const id = this.opened();
    return (id ? this.#around(id) : this.grid.visible()).slice(0, MOST);
  }

  /** @param {number} id */
  #around(id) {
    const { ids, count } = this.grid.source;
    const index = this.grid.indexOf(id);
    const near = [id];
    for (let step = 1; index >= 0 && step <= NEIGHBOURS; step += 1) {
      for (const place of [index + step, index - step]) {
        if (place >= 0 && place < count) near.push(ids[place]);
      }
    }
    return near;
  }
}
