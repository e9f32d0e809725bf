// @ts-check
// On a phone, what is known of a photo is a sheet at the bottom that the thumb draws up
// and down. Elsewhere it stands beside the photo, and this does nothing.
import { el } from "../dom.js";
import { t } from "../i18n.js";

const PHONE = matchMedia("(max-width: 700px)");
const FAR = 40; // pixels that count as a wish

/** @typedef {"closed" | "peek" | "open"} State peek: only how the caption begins */

export class Sheet {
  /**
   * @param {HTMLElement} dialog
   * @param {HTMLElement} panel
   */
  constructor(dialog, panel) {
    this.dialog = dialog;
    this.panel = panel;
    this.handle = el("button", {
      class: "sheet-handle", type: "button", "aria-label": t("About this photo"),
      onclick: () => this.toggle(),
    });
    panel.prepend(this.handle);
    /** @type {{y: number, height: number, draws: boolean | null} | null} */
    this.touch = null;
    this.to("peek");
    panel.addEventListener("touchstart", (event) => this.#start(event), { passive: true });
    panel.addEventListener("touchmove", (event) => this.#move(event), { passive: false });
    panel.addEventListener("touchend", (event) => this.#end(event));
    panel.addEventListener("touchcancel", () => this.#end(null));
    panel.addEventListener("focusin", (event) => {
      const within = event.target !== this.handle && event.target !== panel;
      if (within && this.isSheet) this.to("open");
    });
  }

  get isSheet() {
    return PHONE.matches;
  }

  /** @returns {State} */
  get state() {
    return /** @type {State} */ (this.dialog.dataset.sheet);
  }

  toggle() {
    this.to(this.state === "open" ? "peek" : "open");
  }

  /** Drawn up by one step. */
  up() {
    if (this.isSheet) this.to(this.state === "closed" ? "peek" : "open");
  }

  /** @param {State} state */
  to(state) {
    if (state !== "open") this.panel.scrollTop = 0;
    this.dialog.dataset.sheet = state;
    this.handle.setAttribute("aria-expanded", String(state === "open"));
  }

  /** @param {TouchEvent} event */
  #start(event) {
    const single = this.isSheet && event.touches.length === 1;
    const { clientY: y } = event.touches[0];
    this.touch = single ? { y, height: this.panel.offsetHeight, draws: null } : null;
  }

  /** @param {TouchEvent} event */
  #move(event) {
    const { touch } = this;
    if (!touch) return;
    const by = event.touches[0].clientY - touch.y;
    // An open sheet is scrolled, unless it is at its top already and drawn down.
    touch.draws ??= this.state !== "open" || event.target === this.handle ||
      (this.panel.scrollTop <= 0 && by > 0);
    if (!touch.draws) return;
    event.preventDefault();
    this.panel.classList.add("drawn");
    this.panel.style.height = `${Math.max(0, touch.height - by)}px`;
  }

  /** @param {TouchEvent | null} event */
  #end(event) {
    const { touch } = this;
    this.touch = null;
    this.panel.classList.remove("drawn");
    this.panel.style.height = "";
    if (!touch?.draws || !event) return;
    const by = event.changedTouches[0].clientY - touch.y;
    if (by < -FAR) this.to("open");
    else if (by > FAR) this.to(this.state === "open" ? "peek" : "closed");
  }
}
