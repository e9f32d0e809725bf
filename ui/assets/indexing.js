// @ts-check
// The sheet behind the banner: who wrote how many captions, and what did not work, with
// the reasons and another try.
import { api } from "./api.js";
import { el, fill, icon, say } from "./dom.js";
import { count, counted } from "./words.js";

/** @typedef {import("./api.js").Progress} Progress */
/** @typedef {import("./api.js").Failure} Failure */

export class Indexing {
  /** @param {{open: (id: number) => void, retried: () => void}} listeners */
  constructor(listeners) {
    this.listeners = listeners;
    /** @type {{done: number, failed: number}} as they were last shown */
    this.shown = { done: -1, failed: -1 };
    this.trying = false;
    this.captions = el("div", { class: "captioners" });
    this.title = el("h3", {});
    this.hint = el("p", { class: "quiet" });
    this.status = el("p", { role: "status", class: "sheet-status" });
    this.list = el("ul", { class: "failures" });
    this.retry = el("button", { class: "button primary", type: "button", onclick: () => this.#retry() }, "Try again");
    this.close = el("button", {
      class: "icon-button", type: "button", "aria-label": "Close", onclick: () => this.dialog.close(),
    }, icon("close", 20));
    this.dialog = el("dialog", { class: "sheet", "aria-labelledby": "indexing-title" },
      el("div", { class: "sheet-inside" },
        el("header", {}, el("h2", { id: "indexing-title" }, "Indexing"), this.close),
        this.captions,
        el("div", { class: "failures-head" }, el("div", {}, this.title, this.hint), this.retry),
        this.status, this.list));
    this.dialog.addEventListener("click", (event) => {
      if (event.target === this.dialog) this.dialog.close(); // beside the sheet
    });
    document.body.append(this.dialog);
  }

  show() {
    if (this.dialog.open) return;
    for (const part of [this.captions, this.title, this.hint, this.list, this.status]) fill(part);
    this.retry.hidden = true;
    this.dialog.showModal();
    this.#captions();
    this.#failures();
  }

  /** What is shown follows while the sheet is open. @param {Progress} progress */
  progressed({ done, failed }) {
    const before = this.shown;
    this.shown = { done, failed };
    if (!this.dialog.open) return;
    if (done !== before.done) this.#captions();
    if (failed !== before.failed) this.#failures();
  }

  async #captions() {
    try {
      const { captioners } = await api.captioners();
      const all = captioners.reduce((sum, { photos }) => sum + photos, 0);
      fill(this.captions,
        el("h3", {}, counted(all, "caption", "captions")),
        el("ul", {}, ...captioners.map(({ by, photos }) =>
          el("li", {}, el("span", {}, `by ${by}`), el("b", {}, count(photos)),
            el("progress", { max: all, value: photos, "aria-hidden": "true" })))));
    } catch (error) {
      this.#trouble(error);
    }
  }

  async #failures() {
    try {
      const { total, files } = await api.failures();
      this.title.textContent = total
        ? `${count(total)} could not be read or described` : "Everything could be read";
      this.hint.textContent = total
        ? "The files are untouched. Each is tried again when it changes, or when you say so." : "";
      this.hint.hidden = !total;
      fill(this.list, ...files.map((failure) => this.#row(failure)),
        total > files.length && el("li", { class: "quiet" }, `and ${count(total - files.length)} more`));
      if (!total && this.retry.contains(document.activeElement)) this.close.focus();
      this.retry.hidden = !total;
    } catch (error) {
      this.#trouble(error);
    }
  }

  /** @param {Failure} failure */
  #row({ name, folder, reason, attempts, photo_id: id, by }) {
    const what = by ? `could not be described by ${by}` : "could not be read";
    const open = () => {
      this.dialog.close();
      this.listeners.open(Number(id));
    };
    return el("li", {},
      id ? el("button", { class: "link", type: "button", onclick: open }, name) : el("b", {}, name),
      el("span", {}, reason),
      el("small", {}, [folder, what, counted(attempts, "try", "tries").replace(" ", "\u00a0")].filter(Boolean).join(" · ")));
  }

  async #retry() {
    if (this.trying) return; // not disabled, which would lose the focus
    this.trying = true;
    try {
      const { retried } = await api.retryFailures();
      say(this.status, `${counted(retried, "is", "are")} being tried again.`);
      await this.#failures();
      this.listeners.retried();
    } catch (error) {
      this.#trouble(error);
    }
    this.trying = false;
  }

  /** @param {unknown} error */
  #trouble(error) {
    say(this.status, /** @type {Error} */ (error).message);
  }
}
