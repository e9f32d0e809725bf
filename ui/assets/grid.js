// @ts-check
// The grid: of 100,000 photos only the rows near the window are in the page.
import { thumbnailAddress } from "./api.js";
import { Cells } from "./cells.js";
import { mark } from "./favourite.js";
import { Layout, measuresFor } from "./layout.js";
import { walkWithArrows } from "./walk.js";
import { rowOf, titleOf } from "./rows.js";

const AHEAD = 0.75; // windows above and below that are kept ready

/** @typedef {import("./layout.js").Source} Source */
/**
 * @typedef {{below: number, text?: (index: number) => Node[],
 *   beside?: (index: number) => HTMLElement}} Extras
 *   what stands under each photo, and how high that is in pixels; `beside`: a button of
 *   its own at the photo's right edge
 */

export class Grid {
  /**
   * @param {HTMLElement} stage
   * @param {{open: (id: number) => void, settled: () => void,
   *   moved: () => void, shown?: (keptPlace: boolean) => void}} listeners
   *   shown: other photos are, or the same again
   */
  constructor(stage, listeners) {
    this.stage = stage;
    this.listeners = listeners;
    this.cells = new Cells(() => this.#addresses());
    /** @type {Source} */
    this.source = { count: 0, ids: [], ratios: [], colours: [], sections: [] };
    /** @type {Extras} */
    this.extras = { below: 0 };
    this.layout = this.#measure();
    /** @type {Map<string, HTMLElement>} */
    this.shownRows = new Map();
    this.frame = 0;
    /** Whether a photo is selected. @type {(id: number) => boolean} */
    this.picked = () => false;
    const later = () => {
      this.frame ||= requestAnimationFrame(() => this.draw());
    };
    window.addEventListener("scroll", later, { passive: true });
    new ResizeObserver(() => this.#resized()).observe(stage);
    stage.addEventListener("click", (event) => this.#clicked(event));
    walkWithArrows(this);
  }

  /**
   * Show other photos.
   * @param {Source} source
   * @param {Extras} extras
   * @param {boolean} keepPlace stay at the photo that is at the top of the window now
   */
  show(source, extras, keepPlace) {
    const place = keepPlace ? this.place() : null;
    this.source = source;
    this.extras = extras;
    this.#lay();
    if (place) this.goTo(place.id, place.offset);
    this.listeners.shown?.(keepPlace);
  }

  /**
   * Show more of the same: what was there before stays as it is.
   * @param {Source} source
   * @param {Extras} extras
   */
  extend(source, extras) {
    this.source = source;
    this.extras = extras;
    this.layout = this.#measure();
    this.stage.style.height = `${this.layout.height}px`;
    this.draw();
  }

  /** The photo at the top of the window, and how far below the top it begins. */
  place() {
    const top = this.scrolled();
    if (top <= 0 || !this.layout.tops.length) return null;
    const row = this.layout.rowAt(top);
    const id = this.source.ids[this.layout.starts[row]];
    return { id, offset: this.layout.tops[row] - top };
  }

  /** How far the grid is scrolled past the top of the window, in pixels. */
  scrolled() {
    return this.headroom() - this.stage.getBoundingClientRect().top;
  }

  /** The height of the header that lies over the grid. */
  headroom() {
    return document.getElementById("bar")?.getBoundingClientRect().bottom ?? 0;
  }

  /** @param {number} top */
  scrollTo(top) {
    window.scrollBy(0, top - this.scrolled());
  }

  /** Scroll to a photo, if it is here. @type {(id: number, offset: number) => void} */
  goTo(id, offset) {
    const index = this.indexOf(id);
    if (index >= 0) this.scrollTo(this.layout.tops[this.layout.rowOf(index)] - offset);
  }

  /** Scroll only if the photo is outside the window. @param {number} id */
  reveal(id) {
    const index = this.indexOf(id);
    if (index < 0) return;
    const row = this.layout.rowOf(index);
    const top = this.layout.tops[row] - this.scrolled();
    const room = window.innerHeight - this.headroom();
    if (top < 0 || top + this.layout.heights[row] > room) {
      this.scrollTo(this.layout.tops[row] - room / 3);
    }
  }

  /** Give a photo the focus, if its row is in the page. @param {number} index */
  focus(index) {
    const link = this.stage.querySelector(`a[data-i="${index}"]`);
    /** @type {HTMLElement | null} */ (link)?.focus({ preventScroll: true });
  }

  /** The photos in the window, from the top. @returns {number[]} */
  visible() {
    const { tops, heights, starts } = this.layout;
    const top = this.scrolled();
    const bottom = top + window.innerHeight - this.headroom();
    let row = this.layout.rowAt(top);
    while (row > 0 && tops[row - 1] === tops[row]) row -= 1; // months on one line
    const from = tops[row] + heights[row] > top ? row : row + 1;
    while (row < tops.length && tops[row] < bottom) row += 1;
    return Array.prototype.slice.call(this.source.ids, starts[from], starts[row]);
  }

  /** @param {number} id */
  indexOf(id) {
    return Array.prototype.indexOf.call(this.source.ids, id);
  }

  #measure() {
    return new Layout(this.source, measuresFor(this.stage.clientWidth, this.extras.below));
  }

  #lay() {
    this.layout = this.#measure();
    this.stage.style.height = `${this.layout.height}px`;
    this.stage.replaceChildren();
    this.shownRows.clear();
    this.draw();
  }

  #resized() {
    const width = this.stage.clientWidth; // 0: another view is shown
    if (!width || Math.max(200, width) === this.layout.measures.width) return;
    const place = this.place();
    this.#lay();
    if (place) this.goTo(place.id, place.offset);
  }

  /** Put what is near the window into the page, and take the rest out. */
  draw() {
    this.frame = 0;
    const { layout } = this;
    const room = window.innerHeight;
    const top = this.scrolled();
    const from = top - room * AHEAD;
    const to = top + room * (1 + AHEAD);
    /** @type {Set<string>} */
    const wanted = new Set();
    for (let section = layout.sectionAt(from); section < layout.sectionTops.length; section += 1) {
      if (layout.sectionTops[section] > to) break;
      if (this.source.sections[section].title) this.#keep(wanted, `s${section}`);
    }
    for (let row = layout.rowAt(from); row < layout.tops.length; row += 1) {
      if (layout.tops[row] > to) break;
      this.#keep(wanted, `r${row}`);
    }
    for (const [key, node] of this.shownRows) {
      if (wanted.has(key)) continue;
      for (const image of node.querySelectorAll("img")) image.removeAttribute("src");
      node.remove();
      this.shownRows.delete(key);
    }
    this.#addresses();
    this.listeners.moved();
  }

  /**
   * @param {Set<string>} wanted
   * @param {string} key
   */
  #keep(wanted, key) {
    wanted.add(key);
    if (this.shownRows.has(key)) return;
    const number = Number(key.slice(1));
    const node = key[0] === "s"
      ? titleOf(this, number) : rowOf(this, number, (image) => this.#loaded(image));
    this.shownRows.set(key, node);
    // In the order in which they are seen, for the Tab key and for readers of the page.
    const top = parseFloat(node.style.top);
    const below = [...this.stage.children].find((other) =>
      parseFloat(/** @type {HTMLElement} */ (other).style.top) > top);
    this.stage.insertBefore(node, below ?? null);
  }

  /** Give the pictures in the page their addresses, and ask for those not known. */
  #addresses() {
    /** @type {number[]} */
    const unknown = [];
    for (const image of this.stage.getElementsByTagName("img")) {
      if (image.hasAttribute("src")) continue;
      const link = /** @type {HTMLElement} */ (image.closest("a"));
      const id = Number(link.dataset.id);
      const cell = this.cells.get(id);
      if (cell) {
        image.alt = cell.caption;
        mark(link, cell.favourite);
        if (!this.extras.text) link.title = cell.caption;
        image.src = thumbnailAddress(id, cell.version);
        if (image.complete) this.#loaded(image);
      } else unknown.push(id);
    }
    this.cells.want(unknown);
    this.#settle();
  }

  /** @param {HTMLImageElement} image */
  #loaded(image) {
    if (image.classList.contains("shown") || !image.hasAttribute("src")) return;
    image.classList.add(image.naturalWidth ? "shown" : "broken");
    this.#settle();
  }

  /** Say so when every photo in the page has its picture. */
  #settle() {
    const waiting = this.stage.querySelector("img:not(.shown, .broken)");
    if (this.cells.settled && !waiting) this.listeners.settled();
  }

  /** @param {MouseEvent} event */
  #clicked(event) {
    const link = /** @type {HTMLElement} */ (event.target).closest("a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    this.listeners.open(Number(link.dataset.id));
  }
}
