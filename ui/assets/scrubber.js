// @ts-check
// The years at the right edge: where in the album one is, and a way to any month.
import { el } from "./dom.js";

const LABEL_ROOM = 26; // pixels between two years, so that they can be read
const HIDE_MS = 900;

/** @typedef {import("./grid.js").Grid} Grid */

export class Scrubber {
  /** @param {Grid} grid */
  constructor(grid) {
    this.grid = grid;
    this.bubble = el("span", { class: "scrubber-bubble" });
    this.mark = el("span", { class: "scrubber-mark" }, this.bubble);
    this.years = el("span", { class: "scrubber-years" });
    this.rail = el("div", {
      class: "scrubber", role: "slider", tabindex: "0", "aria-label": "Date",
      "aria-orientation": "vertical", "aria-valuemin": "0", "aria-valuemax": "100",
    }, this.years, this.mark);
    this.timer = 0;
    this.top = NaN;
    this.useful = false;
    this.rail.addEventListener("pointerdown", (event) => this.#grab(event));
    this.rail.addEventListener("keydown", (event) => this.#key(event));
    document.body.append(this.rail);
    window.addEventListener("resize", () => this.draw());
  }

  /** The years, again, after other photos are shown. */
  draw() {
    const { layout, source } = this.grid;
    const months = source.sections.filter((section) => section.year).length;
    this.useful = months > 1 && layout.height > 2 * window.innerHeight;
    this.rail.hidden = !this.useful;
    if (!this.useful) return;
    const height = this.rail.clientHeight;
    /** @type {HTMLElement[]} */
    const labels = [];
    let last = -LABEL_ROOM;
    let year = NaN;
    source.sections.forEach((section, index) => {
      if (section.year === year) return;
      year = section.year;
      const top = (layout.sectionTops[index] / layout.height) * height;
      if (top - last < LABEL_ROOM || top > height - LABEL_ROOM / 2) return;
      last = top;
      const label = el("span", {}, String(year));
      label.style.top = `${top}px`;
      labels.push(label);
    });
    this.years.replaceChildren(...labels);
    this.moved();
  }

  /** The grid was scrolled, or only drawn again: then nothing is to be pointed out. */
  moved() {
    if (!this.useful) return;
    const { layout, source } = this.grid;
    const room = window.innerHeight - this.grid.headroom();
    const most = Math.max(1, layout.height - room);
    const top = Math.min(most, Math.max(0, this.grid.scrolled()));
    const section = source.sections[layout.sectionAt(top + 8)];
    if (!section) return; // nothing is shown any more
    const part = top / most;
    this.mark.style.top = `${part * 100}%`;
    this.bubble.textContent = section.short;
    this.rail.setAttribute("aria-valuenow", String(Math.round(part * 100)));
    this.rail.setAttribute("aria-valuetext", section.title);
    if (top !== this.top && !Number.isNaN(this.top)) this.#wake();
    this.top = top;
  }

  /** Show the mark for a moment. */
  #wake() {
    this.rail.classList.add("awake");
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.rail.classList.remove("awake"), HIDE_MS);
  }

  /** @param {PointerEvent} down */
  #grab(down) {
    if (down.button !== 0) return;
    down.preventDefault();
    this.rail.setPointerCapture(down.pointerId);
    this.rail.classList.add("held");
    const follow = (/** @type {PointerEvent} */ event) => {
      const { top, height } = this.rail.getBoundingClientRect();
      this.#jump((event.clientY - top) / height);
    };
    const release = () => {
      this.rail.classList.remove("held");
      this.rail.removeEventListener("pointermove", follow);
    };
    this.rail.addEventListener("pointermove", follow);
    this.rail.addEventListener("lostpointercapture", release, { once: true });
    follow(down);
  }

  /** @param {number} part from 0, the newest, to 1 */
  #jump(part) {
    const { layout } = this.grid;
    const room = window.innerHeight - this.grid.headroom();
    const within = Math.min(1, Math.max(0, part));
    this.grid.scrollTo(within * Math.max(0, layout.height - room));
  }

  /** Up and down go to the month before and after. @param {KeyboardEvent} event */
  #key(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const { layout } = this.grid;
    const section = layout.sectionAt(this.grid.scrolled() + 8) + step;
    const top = layout.sectionTops[Math.min(layout.sectionTops.length - 1, Math.max(0, section))];
    this.grid.scrollTo(top);
  }
}
