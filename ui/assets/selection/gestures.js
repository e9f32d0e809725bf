// @ts-check
// How photos are selected: with the mark in their corner, the keys Ctrl, Shift and x, a
// long press, or a box that is drawn around them.
import { Box } from "./box.js";

const LONG_PRESS_MS = 450;
const STEADY_PX = 10; // a finger that moves further is scrolling

/** @typedef {import("./selection.js").Selection} Selection */

export class Gestures {
  /**
   * @param {Selection} selection
   * @param {() => boolean} reachable whether nothing lies over the photos
   */
  constructor(selection, reachable) {
    this.selection = selection;
    this.reachable = reachable;
    this.press = 0;
    this.pressed = false; // a long press has selected; the click after it does nothing
    const { stage } = selection.grid;
    this.box = new Box(selection);
    stage.addEventListener("click", (event) => this.#click(event), { capture: true });
    stage.addEventListener("pointerdown", (event) => this.#down(event));
    stage.addEventListener("contextmenu", (event) => {
      if (this.press || this.pressed) event.preventDefault(); // a long press on a link
    });
    // Before the search box and the viewer, which have other uses for Escape.
    window.addEventListener("keydown", (event) => this.#key(event), { capture: true });
  }

  /** @param {MouseEvent} event */
  #click(event) {
    const target = /** @type {HTMLElement} */ (event.target);
    const pick = target.closest(".pick");
    const cell = target.closest("a.cell");
    const { selection } = this;
    if (!pick && !cell) return;
    const several = event.ctrlKey || event.metaKey;
    if (!pick && !several && !event.shiftKey && !selection.size && !this.pressed) return;
    event.preventDefault();
    event.stopPropagation();
    if (this.pressed) {
      this.pressed = false;
      return;
    }
    const id = Number(/** @type {HTMLElement} */ (pick ?? cell).dataset.id);
    if (event.shiftKey && selection.size) selection.reach(id);
    else selection.toggle(id);
  }

  /** @param {PointerEvent} event */
  #down(event) {
    this.pressed = false;
    const cell = /** @type {HTMLElement} */ (event.target).closest("a.cell");
    if (event.pointerType === "mouse" || !cell || !event.isPrimary) return;
    const id = Number(/** @type {HTMLElement} */ (cell).dataset.id);
    const { clientX, clientY } = event;
    const controller = new AbortController();
    const { signal } = controller;
    const leave = () => {
      window.clearTimeout(this.press);
      this.press = 0;
      controller.abort();
    };
    this.press = window.setTimeout(() => {
      this.pressed = true;
      this.selection.toggle(id);
      navigator.vibrate?.(12);
      leave();
    }, LONG_PRESS_MS);
    window.addEventListener("pointermove", (move) => {
      if (Math.hypot(move.clientX - clientX, move.clientY - clientY) > STEADY_PX) leave();
    }, { signal });
    for (const name of ["pointerup", "pointercancel"]) window.addEventListener(name, leave, { signal });
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const target = /** @type {HTMLElement} */ (event.target);
    if (target.closest("input, textarea, select, dialog, [popover]:popover-open") || !this.reachable()) return;
    const { selection } = this;
    const control = event.ctrlKey || event.metaKey;
    if (event.key === "Escape" && selection.size) selection.clear();
    else if (event.key.toLowerCase() === "a" && control && !event.shiftKey && !event.altKey) selection.all();
    else if (event.key.toLowerCase() === "x" && !control && !event.altKey) {
      const cell = /** @type {HTMLElement | null} */ (target.closest("a.cell"));
      if (!cell) return;
      const id = Number(cell.dataset.id);
      if (event.shiftKey && selection.size) selection.reach(id);
      else selection.toggle(id);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }
}
