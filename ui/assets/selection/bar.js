// @ts-check
// The bar over the header while photos are selected: how many, and what to do with them.
import { el, icon, say } from "../dom.js";
import { t } from "../i18n.js";
import { counted, count } from "../words.js";

/**
 * @typedef {{name: string, icon: Parameters<typeof icon>[0], label: string,
 *   act: (button: HTMLElement) => void, shown?: () => boolean}} Action
 */

export class Bar {
  /**
   * @param {HTMLElement} root the album
   * @param {{actions: Action[], clear: () => void}} listeners
   */
  constructor(root, { actions, clear }) {
    this.actions = actions;
    this.count = el("span", { class: "pick-count", role: "status" });
    this.buttons = actions.map((action) => el("button", {
      class: "button", type: "button", "data-action": action.name, title: action.label,
      "aria-label": action.label, onclick: (/** @type {MouseEvent} */ event) =>
        action.act(/** @type {HTMLElement} */ (event.currentTarget)),
    }, icon(action.icon, 20), el("span", {}, action.label)));
    this.node = el("div", {
      class: "pick-bar", role: "group", "aria-label": t("Selected photos"), hidden: true,
    }, el("button", {
      class: "icon-button", type: "button", title: t("Clear the selection (Esc)"),
      "aria-label": t("Clear the selection"), onclick: clear,
    }, icon("close", 22)), this.count, el("div", { class: "pick-actions" }, ...this.buttons));
    root.prepend(this.node);
  }

  /** @param {number} size how many are selected; without any the header is back */
  show(size) {
    const held = this.node.contains(document.activeElement);
    document.documentElement.classList.toggle("selecting", size > 0);
    this.node.hidden = !size;
    say(this.count, size ? t("{n} selected", { n: count(size) }) : "");
    this.count.title = counted(size, "photo", "photos");
    this.actions.forEach((action, at) => {
      this.buttons[at].hidden = !(action.shown?.() ?? true);
    });
    if (held && !size) {
      /** @type {HTMLElement | null} */ (document.querySelector(".stage a.cell") ??
        document.querySelector(".stage"))?.focus({ preventScroll: true });
    }
  }

  /** Nothing else is begun while something is under way. @param {boolean} busy */
  set busy(busy) {
    for (const button of this.buttons) button.disabled = busy;
  }
}
