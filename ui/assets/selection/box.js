// @ts-check
// A box that is drawn with the mouse from where no photo is, and selects what it meets.
import { el } from "../dom.js";
import { within } from "./shown.js";

const BEGINS_PX = 6; // less is a click
const EDGE_PX = 48; // so near the window's edge the page scrolls along
const STEP_PX = 14;

export class Box {
  /** @param {import("./selection.js").Selection} selection */
  constructor(selection) {
    this.selection = selection;
    this.grid = selection.grid;
    this.node = el("div", { class: "pick-box", hidden: true });
    this.from = { x: 0, y: 0 };
    this.at = { x: 0, y: 0 }; // of the pointer, in the window
    /** @type {number[]} what is selected already, and stays */
    this.kept = [];
    this.frame = 0;
    // The room beside and below the photos counts as well.
    const album = /** @type {HTMLElement} */ (this.grid.stage.parentElement);
    album.addEventListener("pointerdown", (event) => this.#down(event));
  }

  /** @param {PointerEvent} event */
  #down(event) {
    const target = /** @type {HTMLElement} */ (event.target);
    const empty = target.matches(".album, .stage, .photo-row, .month, .month span");
    if (!empty || event.button !== 0 || event.pointerType !== "mouse" || !this.grid.source.count) return;
    event.preventDefault(); // no text is marked meanwhile; nor does the focus leave,
    /** @type {HTMLElement | null} */ (document.activeElement)?.blur(); // so it is taken
    this.at = { x: event.clientX, y: event.clientY };
    this.from = this.#place();
    const { ids } = this.selection;
    this.kept = event.ctrlKey || event.metaKey || event.shiftKey ? [...ids] : [];
    const controller = new AbortController();
    const { signal } = controller;
    window.addEventListener("pointermove", (move) => {
      this.at = { x: move.clientX, y: move.clientY };
      const { x, y } = this.#place();
      if (!this.node.hidden || Math.hypot(x - this.from.x, y - this.from.y) > BEGINS_PX) this.#begin();
    }, { signal });
    const end = () => {
      controller.abort();
      cancelAnimationFrame(this.frame);
      this.frame = 0;
      this.node.hidden = true;
      this.node.remove();
    };
    for (const name of ["pointerup", "pointercancel", "blur"]) window.addEventListener(name, end, { signal });
  }

  /** Where the pointer is, in the grid. */
  #place() {
    const { left, top } = this.grid.stage.getBoundingClientRect();
    return { x: this.at.x - left, y: this.at.y - top };
  }

  #begin() {
    if (this.node.hidden) {
      this.node.hidden = false;
      this.grid.stage.append(this.node);
    }
    this.frame ||= requestAnimationFrame(() => this.#follow());
  }

  #follow() {
    this.frame = 0;
    if (this.node.hidden) return;
    const below = this.at.y - (window.innerHeight - EDGE_PX);
    const above = this.grid.headroom() + EDGE_PX - this.at.y;
    const step = below > 0 ? STEP_PX : above > 0 ? -STEP_PX : 0;
    if (step) {
      window.scrollBy(0, step);
      this.frame = requestAnimationFrame(() => this.#follow());
    }
    const { x, y } = this.#place();
    const box = {
      left: Math.min(x, this.from.x), right: Math.max(x, this.from.x),
      top: Math.min(y, this.from.y), bottom: Math.max(y, this.from.y),
    };
    Object.assign(this.node.style, {
      left: `${box.left}px`, top: `${box.top}px`,
      width: `${box.right - box.left}px`, height: `${box.bottom - box.top}px`,
    });
    this.selection.set([...this.kept, ...within(this.grid, box)]);
  }
}
