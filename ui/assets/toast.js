// @ts-check
// One short line at the bottom of the window: what was just done, and the way back.
import { el, fill, icon } from "./dom.js";
import { t } from "./i18n.js";

const SHOWN_MS = 9000; // time to read it and to reach Undo, also by keyboard

export class Toast {
  constructor() {
    this.timer = 0;
    this.text = el("span", { role: "status" });
    this.actions = el("span", { class: "toast-actions" });
    this.node = el("div", { class: "toast", hidden: true }, this.text, this.actions,
      el("button", {
        class: "icon-button", type: "button", "aria-label": t("Dismiss"), onclick: () => this.hide(),
      }, icon("close", 16)));
    for (const event of ["focusin", "pointerenter"]) {
      this.node.addEventListener(event, () => window.clearTimeout(this.timer));
    }
    for (const event of ["focusout", "pointerleave"]) {
      this.node.addEventListener(event, () => this.#later());
    }
    document.body.append(this.node);
  }

  /**
   * @param {string} text
   * @param {...[string, () => void]} actions what can be done about it
   */
  show(text, ...actions) {
    this.node.hidden = false; // before the text: what is hidden is not read aloud
    this.text.textContent = text;
    fill(this.actions, ...actions.map(([label, act]) =>
      el("button", { class: "link", type: "button", onclick: () => { this.hide(); act(); } }, label)));
    this.#later();
  }

  hide() {
    window.clearTimeout(this.timer);
    this.node.hidden = true;
  }

  #later() {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.hide(), SHOWN_MS);
  }
}
