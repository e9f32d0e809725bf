// @ts-check
// What could not be read or described, with the reasons and another try.
import { api } from "../api.js";
import { el, fill, say } from "../dom.js";
import { t } from "../i18n.js";
import { count, counted } from "../words.js";

/** @typedef {import("../api.js").Failure} Failure */

export class Failures {
  /** @param {{open: (id: number) => void, retried: () => void}} listeners */
  constructor(listeners) {
    this.listeners = listeners;
    this.trying = false;
    this.title = el("h2", { tabindex: "-1" });
    this.hint = el("p", { class: "quiet" });
    this.status = el("p", { role: "status", class: "sheet-status" });
    this.list = el("ul", { class: "failures" });
    this.retry = el("button", { class: "button", type: "button", onclick: () => this.#retry() }, t("Try again"));
    this.node = el("section", { class: "card wide" },
      el("div", { class: "card-head" }, el("div", {}, this.title, this.hint), this.retry),
      this.status, this.list);
  }

  async look() {
    try {
      const { total, files } = await api.failures();
      this.#draw(total, files);
    } catch (error) {
      this.#trouble(error);
    }
  }

  /** To what is said of them, for who came for that. */
  focus() {
    this.node.scrollIntoView({ block: "start" });
    this.title.focus({ preventScroll: true });
  }

  /**
   * @param {number} total
   * @param {Failure[]} files
   */
  #draw(total, files) {
    say(this.title, total
      ? t("{n} could not be read or described", { n: count(total) }) : t("Everything could be read"));
    say(this.hint, total
      ? t("The files are untouched. Each is tried again when it changes, or when you say so.") : "");
    this.hint.hidden = !total;
    const focused = this.list.contains(document.activeElement) ? document.activeElement : null;
    const id = focused?.getAttribute("data-photo");
    fill(this.list, ...files.map((failure) => this.#row(failure)),
      total > files.length && el("li", { class: "quiet" }, t("and {n} more", { n: count(total - files.length) })));
    if (id) /** @type {HTMLElement | null} */ (this.list.querySelector(`[data-photo="${id}"]`))?.focus();
    if (!total && this.retry === document.activeElement) this.title.focus({ preventScroll: true });
    this.retry.hidden = !total;
  }

  /** @param {Failure} failure */
  #row({ name, folder, reason, attempts, photo_id: id, by }) {
    const what = by ? t("could not be described by {by}", { by: t(by) }) : t("could not be read");
    const open = () => this.listeners.open(Number(id));
    return el("li", {},
      id ? el("button", { class: "link", type: "button", "data-photo": id, onclick: open }, name) : el("b", {}, name),
      el("span", {}, reason),
      el("small", {}, [folder, what, counted(attempts, "try", "tries").replace(" ", "\u00a0")].filter(Boolean).join(" · ")));
  }

  async #retry() {
    if (this.trying) return; // not disabled, which would lose the focus
    this.trying = true;
    try {
      const { retried } = await api.retryFailures();
      say(this.status, retried === 1 ? t("One is being tried again.")
        : t("{n} are being tried again.", { n: count(retried) }));
      await this.look();
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
