// @ts-check
// A long answer comes in pages: the next one is asked for as one scrolls towards it.

/** @typedef {import("./api.js").Answer} Answer */

export const PAGE = 60;
const WINDOWS = 2; // as many below the window are kept ready
const NEAR_THE_END = 20; // photos, while walking through the large ones
const RETRY_MS = 3000; // after a page that did not come

export class Pages {
  /**
   * The first page of an answer.
   * @param {Answer} answer
   * @param {(page: {offset?: number, limit?: number, counted?: boolean}) =>
   *   Promise<Answer>} fetch
   */
  constructor(answer, fetch) {
    this.answer = answer;
    this.fetch = fetch;
    /** How many photos of each page are shown; rows never reach over two pages. */
    this.sizes = [matchingOf(answer)];
    this.next = answer.offset + PAGE;
    this.busy = false;
    this.broken = false;
  }

  /** Whether everything that matches is here. */
  get complete() {
    const { total, weaker, weak, at_least: more } = this.answer;
    return !more && this.next >= total + (weak ? weaker : 0);
  }

  /** Whether the next page is due. @param {import("./grid.js").Grid} grid */
  isDue(grid) {
    if (this.busy || this.broken || this.complete) return false;
    const below = grid.layout.height - grid.scrolled() - window.innerHeight;
    return below < WINDOWS * window.innerHeight;
  }

  /** Whether an open photo is near the end. @param {number} index */
  isNear(index) {
    return !this.busy && !this.broken && !this.complete &&
      index >= this.answer.hits.length - NEAR_THE_END;
  }

  /**
   * @param {Answer} page
   * @param {number} next where the one after it begins
   */
  add(page, next) {
    const known = new Set(this.answer.hits.map(({ id }) => id));
    // The album may have changed in between: no photo is shown twice.
    const hits = page.hits.filter(({ id }) => !known.has(id));
    this.sizes.push(matchingOf({ ...page, hits }));
    this.answer = { ...page, offset: 0, hits: [...this.answer.hits, ...hits] };
    this.next = next;
  }

  /** More pages at once, before anything of them is shown. @param {number} least photos */
  async fill(least) {
    while (!this.complete && this.next < least) {
      const { next } = this;
      try {
        this.add(await this.fetch({ offset: next }), next + PAGE);
      } catch {
        return; // the rest comes as one scrolls
      }
    }
  }

  /**
   * The next page.
   * @param {{wanted: () => boolean, came: () => void, again: () => void}} listeners
   *   wanted: whether these pages are still what is shown; again: it did not come, and
   *   may be asked for once more
   */
  async grow({ wanted, came, again }) {
    const { next } = this;
    this.busy = true;
    try {
      const page = await this.fetch({ offset: next });
      if (!wanted()) return;
      this.add(page, next + PAGE);
      came();
    } catch {
      this.broken = true; // what is here stays
      window.setTimeout(() => {
        this.broken = false;
        again();
      }, RETRY_MS);
    } finally {
      this.busy = false;
    }
  }

  /** How many they are, where the first page only knew a lower bound; whether that is
   * known now. */
  async count() {
    try {
      const { total, weaker, at_least } = await this.fetch({ limit: 1, counted: true });
      this.answer = { ...this.answer, total, weaker, at_least };
      return true;
    } catch {
      return false; // the lower bound stays; it is said to be one
    }
  }
}

/** @param {Answer} answer */
const matchingOf = ({ hits, weak }) =>
  weak ? hits.filter(({ strength }) => strength !== "weak").length : hits.length;
