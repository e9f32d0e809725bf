// @ts-check
// What the album holds, as far as this page knows: nobody waits for it, it is asked for
// when it may soon be needed.
import { api } from "../api.js";
import { optionsOf } from "./options.js";

const FRESH_MS = 20000;

export class Held {
  constructor() {
    /** @type {import("./options.js").Option[]} */
    this.options = [];
    this.known = false;
    this.asked = -Infinity;
    /** @type {(() => void)[]} */
    this.listeners = [];
  }

  /** Call this when something else is known. @param {() => void} listener */
  onNews(listener) {
    this.listeners.push(listener);
  }

  async renew() {
    if (performance.now() - this.asked < FRESH_MS) return;
    this.asked = performance.now();
    try {
      this.options = optionsOf(await api.facets());
      this.known = true;
    } catch {
      this.asked = -Infinity; // what is known stays, the next time asks again
      return;
    }
    for (const listener of this.listeners) listener();
  }
}
