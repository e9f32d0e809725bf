// @ts-check
// The views beside the photos: albums, map, indexing, settings. One is shown at a time,
// in a place of its own; the photos stay behind it as they were.
import { el, fill } from "./dom.js";
import { t } from "./i18n.js";

/**
 * What a view is: made when it is first shown, then kept. `show` gets what the address
 * says after the view's name (`at`, "" at first) and resolves when everything to be seen
 * is there; it is called again when only `at` has changed. `hide` stops timers.
 * @typedef {{node: HTMLElement, title: string, show: (at: string) => Promise<void> | void,
 *   hide?: () => void}} View
 * @typedef {() => Promise<View>} Maker
 */

export class Views {
  /**
   * @param {HTMLElement} root the album
   * @param {Record<string, Maker>} makers by the name that the address has
   * @param {() => void} settled the view that was asked for can be seen
   */
  constructor(root, makers, settled) {
    this.root = root;
    this.makers = makers;
    this.settled = settled;
    this.place = /** @type {HTMLElement} */ (root.querySelector(".view"));
    /** @type {Map<string, Promise<View>>} */
    this.made = new Map();
    this.name = "";
    this.at = "";
    this.base = ""; // the view that is marked while none is shown
    this.scroll = 0;
    this.title = "";
    /** @type {View | null} */
    this.shown = null;
    this.#mark();
  }

  /** The photos that are shown belong to this view. @param {string} name */
  set home(name) {
    if (this.base === name) return;
    this.base = name;
    this.#mark();
  }

  /** Whether the address may name it. @param {string} name */
  knows(name) {
    return Object.hasOwn(this.makers, name);
  }

  /**
   * @param {string} name
   * @param {string} at where in it
   */
  async show(name, at) {
    const turns = name !== this.name;
    if (turns) this.#begin(name);
    this.at = at;
    let making = this.made.get(name);
    if (!making) this.made.set(name, making = this.makers[name]());
    const view = await making.catch(() => null);
    if (!view) this.made.delete(name); // its scripts did not come: another try asks again
    if (this.name !== name || this.at !== at) return;
    if (!view) {
      fill(this.place, el("p", { role: "alert" }, t("The album does not answer. Is the program still running?")));
      this.settled();
      return;
    }
    if (this.shown !== view) {
      this.shown?.hide?.();
      this.shown = view;
      fill(this.place, view.node);
      document.title = `${view.title} – Smart Album`;
      window.scrollTo(0, 0);
    }
    await view.show(at);
    if (this.name === name && this.at === at) this.settled();
    if (turns && document.activeElement === document.body) this.place.focus({ preventScroll: true });
  }

  /** Back to the photos, to where they were left. */
  leave() {
    if (!this.name) return;
    this.name = this.at = "";
    this.shown?.hide?.();
    this.shown = null;
    this.place.hidden = true;
    fill(this.place);
    this.root.classList.remove("elsewhere");
    this.#mark();
    document.title = this.title;
    window.scrollTo(0, this.scroll);
  }

  /** @param {string} name */
  #begin(name) {
    if (!this.name) {
      this.scroll = window.scrollY;
      this.title = document.title;
    }
    this.name = name;
    this.place.hidden = false;
    this.root.classList.add("elsewhere");
    this.root.dataset.ready = "";
    this.#mark();
  }

  #mark() {
    for (const link of document.querySelectorAll("#views a, #menu a")) {
      const here = /** @type {HTMLElement} */ (link).dataset.view === (this.name || this.base);
      if (here) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
  }
}
