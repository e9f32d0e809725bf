// @ts-check
// Notices that the album cannot be reached, and when it can be again.

const FIRST_MS = 1000;
const LONGEST_MS = 30_000;
const PATIENCE_MS = 5000; // for one answer

export class Connection {
  /** @param {() => void} changed lost, or there again */
  constructor(changed) {
    this.changed = changed;
    /** @type {Promise<void> | null} */
    this.waiting = null;
    this.hurry = () => {};
    window.addEventListener("online", () => this.hurry());
    document.addEventListener("visibilitychange", () => this.hurry());
  }

  get lost() {
    return this.waiting !== null;
  }

  /** Whether the album answers now. */
  async answers() {
    try {
      const signal = AbortSignal.timeout(PATIENCE_MS);
      return (await fetch("/health", { cache: "no-store", signal })).ok;
    } catch {
      return false;
    }
  }

  /** Resolves when it does: at once, or after ever longer waits. */
  async back() {
    if (!this.waiting && await this.answers()) return;
    this.lose();
    await this.waiting;
  }

  /** It does not answer: wait until it does. */
  lose() {
    this.waiting ??= this.#wait();
  }

  async #wait() {
    await Promise.resolve(); // `waiting` is set
    this.changed();
    for (let pause = FIRST_MS; ; pause = Math.min(pause * 2, LONGEST_MS)) {
      await new Promise((over) => {
        this.hurry = () => over(undefined);
        window.setTimeout(over, pause);
      });
      if (await this.answers()) break;
    }
    this.waiting = null;
    this.changed();
  }
}
