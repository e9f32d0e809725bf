// @ts-check
// Searching by a picture: picked with the button in the search box or dropped on it. It
// is described by the album, and not added. No address could hold the description, so
// that it is remembered here, as long as the page is open.
import { api } from "./api.js";
import { el, icon } from "./dom.js";
import { t } from "./i18n.js";

/** @typedef {{text: string, tags: string[], by: string, photo: number | null}} Described */
/** @typedef {Described & {address: string}} Picture `address` shows it, if it can be */

export class Pictures {
  /**
   * @param {number} longest bytes of one file
   * @param {{begins: () => void, described: (id: number) => void,
   *   failed: (reason: string) => void}} listeners
   */
  constructor(longest, listeners) {
    this.longest = longest;
    this.listeners = listeners;
    /** @type {Map<number, Picture>} */
    this.known = new Map();
    this.turn = 0; // only the picture that came last counts
    this.input = el("input", {
      type: "file", accept: "image/*,.heic,.heif,.avif", hidden: true, id: "picture-input",
    });
    this.input.addEventListener("change", () => {
      const [file] = this.input.files ?? [];
      if (file) this.search(file);
      this.input.value = "";
    });
    this.button = el("button", {
      id: "picture-button", class: "icon-button", type: "button",
      "aria-label": t("Search by a picture"), title: t("Search by a picture"),
      onclick: () => this.input.click(),
    }, icon("picture", 20));
    document.getElementById("query")?.append(this.button);
    document.body.append(this.input);
  }

  /** @param {number} id */
  get(id) {
    return this.known.get(id);
  }

  /** Something else is asked for: a picture that is on its way does not count. */
  leave() {
    this.turn += 1;
    delete this.button.dataset.busy;
  }

  /** @param {File} file */
  async search(file) {
    this.turn += 1;
    const { turn } = this;
    if (file.size > this.longest) {
      this.listeners.failed(t("It is too large: the limit is {n} MB.", { n: Math.round(this.longest / 1e6) }));
      return;
    }
    this.button.dataset.busy = "";
    this.listeners.begins();
    try {
      const described = await api.describe(file);
      if (turn !== this.turn) return;
      const id = this.known.size + 1;
      this.known.set(id, { ...described, address: URL.createObjectURL(file) });
      this.listeners.described(id);
    } catch (error) {
      if (turn === this.turn) this.listeners.failed(/** @type {Error} */ (error).message);
    } finally {
      if (turn === this.turn) delete this.button.dataset.busy;
    }
  }
}
