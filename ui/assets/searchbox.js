// @ts-check
// Gradio's search box: its text from our side, its keys, and a cross that empties it.
import { el, icon } from "./dom.js";
import { t } from "./i18n.js";

export class SearchBox {
  /** @param {{asked: () => void, cleared: () => void}} listeners */
  constructor(listeners) {
    const block = /** @type {HTMLElement} */ (document.getElementById("query"));
    this.field = /** @type {HTMLInputElement} */ (block.querySelector("input, textarea"));
    this.field.setAttribute("aria-label", t("Search your photos"));
    this.field.placeholder = t("Search your photos: dog on the beach at sunset");
    this.field.setAttribute("enterkeyhint", "search");
    this.field.setAttribute("autocomplete", "off");
    this.cross = el("button", {
      id: "query-clear", class: "icon-button", type: "button", "aria-label": t("Clear the search"),
      hidden: true, onclick: () => listeners.cleared(),
    }, icon("close", 18));
    block.append(this.cross);
    this.field.addEventListener("input", () => this.#cross());
    this.field.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.isComposing) listeners.asked();
      if (event.key === "Escape") {
        if (this.text) listeners.cleared();
        this.field.blur();
      }
    });
    document.addEventListener("keydown", (event) => {
      const typing = /** @type {HTMLElement} */ (event.target).closest("input, textarea, dialog");
      const slash = event.key === "/" && !typing;
      const controlK = event.key === "k" && (event.ctrlKey || event.metaKey) && !document.querySelector("dialog[open]");
      if (!slash && !controlK) return;
      event.preventDefault();
      this.field.focus();
      this.field.select();
    });
  }

  get text() {
    return this.field.value;
  }

  /** Gradio hears of it as if it were typed. */
  set text(value) {
    if (this.field.value === value) return;
    this.field.value = value;
    this.field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  #cross() {
    this.cross.hidden = !this.field.value;
  }
}
