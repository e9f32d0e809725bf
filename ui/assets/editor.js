// @ts-check
// The box in which a person writes a caption, and what stands above it when somebody
// else was faster: the newer caption, so that both can be read before one is chosen.
import { el, fill } from "./dom.js";
import { t } from "./i18n.js";

/** @typedef {import("./api.js").Caption} Caption */
/** @typedef {{text: string, seen: number}} Draft `seen`: the caption it corrects, or 0 */

const LONGEST = 2000;

export class Editor {
  /**
   * @param {Draft} draft
   * @param {{save: (draft: Draft) => Promise<void>, cancel: () => void,
   *   leave: () => void}} listeners cancel: drop the text; leave: go, but keep it
   */
  constructor({ text, seen }, listeners) {
    this.listeners = listeners;
    this.begun = text;
    this.seen = seen;
    this.title = el("h2", {}, t("Caption"));
    this.newer = el("div", { class: "newer", role: "group", "aria-label": t("The newer caption"), hidden: true });
    this.box = el("textarea", {
      "aria-label": t("Caption"), maxlength: LONGEST, rows: "4",
      placeholder: t("What is in this photo? Search finds it by these words."),
    });
    this.box.value = text;
    this.save = el("button", { class: "button primary", type: "submit" }, t("Save"));
    this.cancel = el("button", { class: "button", type: "button", onclick: listeners.cancel }, t("Cancel"));
    this.node = el("form", {},
      el("div", { class: "caption-head" }, this.title), this.newer, this.box,
      el("div", { class: "caption-buttons" }, this.save, this.cancel));
    this.node.addEventListener("submit", (event) => this.#submit(event));
    this.box.addEventListener("input", () => this.#fit());
    this.box.addEventListener("keydown", (event) => this.#key(event));
  }

  /** @returns {Draft} */
  get draft() {
    return { text: this.box.value, seen: this.seen };
  }

  /** Whether there is something to lose. */
  get changed() {
    return this.box.value !== this.begun || this.conflicting;
  }

  get conflicting() {
    return !this.newer.hidden;
  }

  /** Ready to be typed into, once it is in the page. */
  begin() {
    this.#fit();
    this.box.focus();
  }

  /** Another caption is shown by now. @param {Caption | null} caption */
  conflict(caption) {
    this.seen = caption?.id ?? 0;
    this.title.textContent = t("Two captions");
    this.save.textContent = t("Save mine");
    this.cancel.textContent = t("Drop mine");
    this.box.setAttribute("aria-label", t("Your caption"));
    fill(this.newer,
      el("p", { class: "newer-head" }, t("The caption now"),
        caption && el("span", { class: "author" }, caption.by_person ? t("written by a person") : caption.author)),
      caption
        ? el("p", { class: "newer-text" }, caption.text)
        : el("p", { class: "newer-text quiet" }, t("It was taken away; there is none.")),
      el("p", { class: "newer-head" }, t("Yours, not saved yet")));
    this.newer.hidden = false;
    this.begin();
  }

  /** @param {SubmitEvent} event */
  #submit(event) {
    event.preventDefault();
    if (this.save.disabled) return;
    this.save.disabled = true;
    this.listeners.save(this.draft).finally(() => (this.save.disabled = false));
  }

  #fit() {
    this.box.style.height = "auto";
    this.box.style.height = `${this.box.scrollHeight + 2}px`;
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) this.node.requestSubmit();
    if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      if (this.conflicting) this.listeners.leave();
      else this.listeners.cancel();
    }
  }
}
