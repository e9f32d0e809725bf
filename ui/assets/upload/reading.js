// @ts-check
// Asks how far the stored files are, until each has been read.
import { api } from "../api.js";

/** @typedef {import("./item.js").Item} Item */

const LOOK_MS = 1000;
const SOON_MS = 100;
const MOST = 100; // files in one question
const NEWS_MS = 3000; // the grid follows as often

export class Reading {
  /**
   * @param {(item: Item, state: import("../api.js").UploadState) => void} read
   * @param {() => void} arrived new photos are in the album
   */
  constructor(read, arrived) {
    this.read = read;
    this.arrived = arrived;
    /** @type {Set<Item>} */
    this.stored = new Set();
    this.timer = 0;
    this.news = false;
    this.told = 0;
  }

  /** @param {Item} item */
  add(item) {
    this.stored.add(item);
    this.#watch(LOOK_MS);
  }

  /** @param {number} pause ms */
  #watch(pause) {
    if (this.stored.size) this.timer ||= window.setTimeout(() => this.#look(), pause);
  }

  async #look() {
    /** @type {Item[]} */
    const asked = [];
    for (const item of this.stored) {
      if (asked.push(item) === MOST) break;
    }
    let settled = 0;
    try {
      const states = await api.uploads([...new Set(asked.map((item) => item.fileId))]);
      const byFile = new Map(states.map((state) => [state.file_id, state]));
      for (const item of asked) {
        this.stored.delete(item);
        const state = byFile.get(item.fileId);
        if (!state || state.state === "found") {
          this.stored.add(item); // at the end: others may be read before it
          continue;
        }
        settled += 1;
        this.news ||= state.state === "read";
        this.read(item, state);
      }
    } catch {
      // The banner says that the server does not answer; it is asked again.
    }
    this.timer = 0;
    this.#tell();
    this.#watch(settled === asked.length ? SOON_MS : LOOK_MS);
  }

  #tell() {
    const due = !this.stored.size || Date.now() - this.told > NEWS_MS;
    if (!this.news || !due) return;
    this.news = false;
    this.told = Date.now();
    this.arrived();
  }
}
