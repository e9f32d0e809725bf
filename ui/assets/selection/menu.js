// @ts-check
// A short list of choices below a button.
import { el, fill } from "../dom.js";

const GAP_PX = 6;

export class Menu {
  /** @param {string} label */
  constructor(label) {
    this.node = el("div", { class: "pick-menu", popover: "auto", role: "menu", "aria-label": label });
    document.body.append(this.node);
    this.node.addEventListener("keydown", (event) => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (!step) return;
      event.preventDefault();
      const items = [...this.node.querySelectorAll("button")];
      const at = items.indexOf(/** @type {HTMLButtonElement} */ (document.activeElement));
      items[(at + step + items.length) % items.length].focus();
    });
  }

  /**
   * @param {HTMLElement} button
   * @param {[string, () => void][]} choices
   */
  open(button, choices) {
    fill(this.node, ...choices.map(([label, act]) => el("button", {
      type: "button", role: "menuitem", onclick: () => { this.node.hidePopover(); button.focus(); act(); },
    }, label)));
    this.node.showPopover();
    const { bottom, right, left } = button.getBoundingClientRect();
    const { width } = this.node.getBoundingClientRect();
    const from = left + width + GAP_PX > window.innerWidth ? right - width : left;
    this.node.style.inset = `${bottom + GAP_PX}px auto auto ${Math.max(GAP_PX, from)}px`;
    /** @type {HTMLElement | null} */ (this.node.querySelector("button"))?.focus();
  }
}
