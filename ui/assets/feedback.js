// @ts-check
// "Not this": takes a photo out of the search that is shown, with a way back at once, and
// a sheet that lists all that was taken out, to be taken back one by one or as a whole.
import { api, thumbnailAddress } from "./api.js";
import { el, fill, icon } from "./dom.js";
import { t } from "./i18n.js";
import { reasonsOf } from "./results.js";
import { Toast } from "./toast.js";
import { counted } from "./words.js";

/** @typedef {import("./api.js").Hit} Hit */
/** @typedef {import("./api.js").Cell} Cell */
/** @typedef {import("./api.js").TakenOut} TakenOut */

export class Feedback {
  /**
   * @param {{changed: () => Promise<unknown>, search: (query: string) => void}} listeners
   *   changed: the search that is shown may have another answer now
   */
  constructor(listeners) {
    this.listeners = listeners;
    this.toast = new Toast();
    this.sheet = new Sheet({
      search: (query) => listeners.search(query),
      takeBack: (query, id) => api.takeBack(query, id).then(() => listeners.changed()),
      reset: () => api.resetFeedback().then(() => listeners.changed()),
    });
  }

  /**
   * What stands at each hit. "Not this" is said of a sentence: it is not offered where
   * something else counts as well.
   * @param {import("./address.js").Asked} asked
   * @param {{matching: Hit[], weaker: Hit[]}} shown
   * @returns {import("./grid.js").Extras}
   */
  extras(asked, shown) {
    const reasons = reasonsOf(shown);
    if (!asked.q || asked.like || asked.picture) return reasons;
    const hits = [...shown.matching, ...shown.weaker];
    return { ...reasons, beside: (index) => this.button(asked.q, hits[index]) };
  }

  /**
   * The button at one hit. The grid places it.
   * @param {string} query
   * @param {Hit} hit
   */
  button(query, hit) {
    return el("button", {
      class: "not-this", type: "button", title: t("Take it out of this search"),
      "aria-label": t("Not this: {caption}", { caption: hit.caption }), onclick: () => this.reject(query, hit.id),
    }, icon("without", 16), el("span", {}, t("Not this")));
  }

  /**
   * @param {string} query
   * @param {number} id
   */
  reject(query, id) {
    return this.#try(async () => {
      await api.reject(query, id);
      await this.listeners.changed();
      this.toast.show(t("Taken out of this search."),
        [t("Undo"), () => this.#undo(query, id)], [t("Show all"), () => this.sheet.open()]);
    });
  }

  /**
   * @param {string} query
   * @param {number} id
   */
  #undo(query, id) {
    return this.#try(async () => {
      await api.takeBack(query, id);
      await this.listeners.changed();
    });
  }

  /** @param {() => Promise<void>} work */
  async #try(work) {
    try {
      await work();
    } catch (error) {
      this.toast.show(/** @type {Error} */ (error).message);
    }
  }
}

/** The place of the hit whose button has the focus; -1 if none has. */
export function focusedPlace() {
  const link = document.activeElement?.closest(".not-this")?.previousElementSibling;
  return Number(/** @type {HTMLElement | null | undefined} */ (link)?.dataset.i ?? -1);
}

class Sheet {
  /**
   * @param {{search: (query: string) => void, reset: () => Promise<unknown>,
   *   takeBack: (query: string, id: number) => Promise<unknown>}} listeners
   */
  constructor(listeners) {
    this.listeners = listeners;
    this.sure = false;
    this.hint = el("p", { class: "quiet" });
    this.status = el("p", { role: "status", class: "sheet-status" });
    this.list = el("ul", { class: "taken-out" });
    this.reset = el("button", {
      class: "button", type: "button", onclick: () => this.#reset(),
      onblur: () => this.#ask(false),
    });
    this.close = el("button", {
      class: "icon-button", type: "button", "aria-label": t("Close"), onclick: () => this.dialog.close(),
    }, icon("close", 20));
    this.dialog = el("dialog", { class: "sheet", "aria-labelledby": "feedback-title" },
      el("div", { class: "sheet-inside" },
        el("header", {}, el("h2", { id: "feedback-title" }, t("Taken out of searches")), this.close),
        this.hint, this.status, this.list, el("p", { class: "taken-reset" }, this.reset)));
    this.dialog.addEventListener("click", (event) => {
      if (event.target === this.dialog) this.dialog.close(); // beside the sheet
    });
    document.body.append(this.dialog);
  }

  async open() {
    this.status.textContent = "";
    fill(this.list);
    this.hint.textContent = "";
    this.reset.hidden = true;
    delete this.dialog.dataset.ready;
    if (!this.dialog.open) this.dialog.showModal();
    await this.#look();
  }

  async #look() {
    try {
      this.#show(await api.feedback());
    } catch (error) {
      this.status.textContent = /** @type {Error} */ (error).message;
    }
    this.dialog.dataset.ready = "1";
  }

  /** @param {TakenOut} taken */
  #show({ photos, searches }) {
    this.hint.textContent = photos
      ? t("These photos are not shown for these searches, and what is like them comes a little later there. Nothing else changes.")
      : t("Nothing is taken out. “Not this” at a result does that, for its search alone.");
    fill(this.list, ...searches.map(({ query, photos: cells }) => el("li", {},
      el("button", {
        class: "link", type: "button", title: t("Search for this"),
        onclick: () => { this.dialog.close(); this.listeners.search(query); },
      }, query),
      el("ul", {}, ...cells.map((cell) => this.#photo(query, cell))))));
    this.reset.hidden = !photos;
    this.photos = photos;
    this.#ask(false);
  }

  /**
   * @param {string} query
   * @param {Cell} cell
   */
  #photo(query, cell) {
    return el("li", {},
      el("img", { src: thumbnailAddress(cell.id, cell.version), alt: cell.caption, title: cell.caption, loading: "lazy" }),
      el("button", {
        class: "small-button", type: "button", "aria-label": t("Take back: {caption}", { caption: cell.caption }),
        onclick: () => this.#change(() => this.listeners.takeBack(query, cell.id), t("Taken back.")),
      }, t("Take back")));
  }

  /** @param {boolean} sure */
  #ask(sure) {
    this.sure = sure;
    const all = counted(this.photos ?? 0, "photo", "photos");
    this.reset.textContent = sure ? t("Yes, take back {photos}", { photos: all }) : t("Reset all");
    this.reset.classList.toggle("primary", sure);
  }

  async #reset() {
    if (!this.sure) this.#ask(true);
    else await this.#change(this.listeners.reset, t("All searches find everything again."));
  }

  /**
   * @param {() => Promise<unknown>} work
   * @param {string} done
   */
  async #change(work, done) {
    try {
      await work();
      await this.#look();
      this.status.textContent = done;
    } catch (error) {
      this.status.textContent = /** @type {Error} */ (error).message;
    }
    if (document.activeElement === document.body) this.close.focus();
  }
}
