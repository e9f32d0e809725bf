// @ts-check
// Beside the large photo: its caption, which can be edited in place, and its facts.
import { Refused, api } from "./api.js";
import { el, fill, icon, say } from "./dom.js";
import { Editor } from "./editor.js";
import { facts } from "./facts.js";
import { t } from "./i18n.js";
import { howItWasMade } from "./made.js";
import { Similar } from "./photo/similar.js";
import { downloads } from "./photo/taking.js";

/** @typedef {import("./api.js").Photo} Photo */
/** @typedef {import("./api.js").Progress} Progress */
/** @typedef {import("./editor.js").Draft} Draft */

const CONFLICT = 409;
const KEPT = t("What you wrote is kept here, but not saved. Edit the caption to go on with it.");

export class Panel {
  /** @param {{edited: (photo: Photo) => void, asked: () => void,
   *   like: (photo: Photo) => void, folder: (folder: string) => void,
   *   tag: (tag: string) => void, open: (id: number) => void,
   *   map?: (photo: Photo) => HTMLElement | null}} listeners
   *   asked: a new caption was asked for; like: all that is like it is to be shown;
   *   folder: only that folder; tag: what has that tag; open: another photo; map: see
   *   facts */
  constructor(listeners) {
    this.listeners = listeners;
    /** @type {Photo | null} */
    this.photo = null;
    /** @type {Progress | null} */
    this.progress = null;
    /** @type {Editor | null} */
    this.editor = null;
    /** @type {Map<number, Draft>} texts that were left without being saved or dropped */
    this.drafts = new Map();
    this.madeOpen = false;
    this.caption = el("section", { class: "caption", "aria-label": t("Caption") });
    this.coming = el("p", { class: "coming", role: "status" });
    this.status = el("p", { class: "caption-status", role: "status" });
    this.facts = el("ul", { class: "facts" });
    this.actions = el("div", { class: "panel-actions" });
    this.similar = new Similar(listeners);
    this.node = el("aside", { class: "panel", tabindex: "-1", "aria-label": t("About this photo") },
      this.caption, this.coming, this.status, this.facts, this.actions, this.similar.node);
  }

  /** Whether a caption is being written now. */
  get editing() {
    return this.editor !== null;
  }

  /** Empty, until the photo is known. */
  clear() {
    const focused = this.node.contains(document.activeElement);
    this.#leave();
    this.photo = null;
    this.similar.show(null);
    for (const part of [this.caption, this.coming, this.status, this.facts, this.actions]) fill(part);
    this.#focus(focused);
  }

  /** The keys of the viewer need the focus within it, also if what had it is gone.
   * @param {boolean} focused */
  #focus(focused) {
    if (focused && !this.node.contains(document.activeElement)) this.node.focus({ preventScroll: true });
  }

  /**
   * @param {Photo} photo
   * @param {string} [news] what is said of it
   */
  show(photo, news = "") {
    const focused = this.node.contains(document.activeElement);
    this.#leave();
    this.photo = photo;
    this.#read();
    this.status.textContent = news || (this.drafts.has(photo.id) ? KEPT : "");
    const tell = (/** @type {string} */ text) => (this.status.textContent = text);
    const { folder, map } = this.listeners;
    fill(this.facts, ...facts(photo, { folder, map, tell }));
    fill(this.actions, ...downloads(photo, tell));
    this.similar.show(photo);
    this.#focus(focused);
  }

  /** Save the original. */
  download() {
    /** @type {HTMLElement | null} */ (this.actions.querySelector("[data-key=d]"))?.click();
  }

  /** @param {Progress} progress */
  progressed(progress) {
    this.progress = progress;
    this.#tellComing();
  }

  /** Go from the editor, but keep what was typed for when the photo is edited again. */
  #leave() {
    if (this.photo && this.editor?.changed) this.drafts.set(this.photo.id, this.editor.draft);
    this.editor = null;
  }

  /** Go from the editor, and forget what was typed. */
  #drop() {
    this.editor = null;
    if (this.photo) this.drafts.delete(this.photo.id);
    this.status.textContent = "";
    this.#read();
  }

  /** The caption as it stands. */
  #read() {
    const focused = this.caption.contains(document.activeElement);
    const { caption, missing } = /** @type {Photo} */ (this.photo);
    const edit = el("button", {
      class: "icon-button", type: "button", "aria-label": t("Edit the caption"),
      title: t("Edit the caption"), onclick: () => this.edit(),
    }, icon("edit", 18));
    fill(this.caption,
      el("div", { class: "caption-head" },
        el("h2", {}, t("Caption")),
        caption && el("span", { class: "author", title: caption.made.by },
          caption.by_person ? t("written by you") : t(caption.author)),
        edit),
      caption
        ? el("p", { class: "caption-text" }, caption.text)
        : el("p", { class: "caption-text quiet" }, t("No caption yet. It is written while the album is indexed; or write one yourself.")),
      caption && caption.tags.length > 0 &&
        el("ul", { class: "tags", "aria-label": t("Tags") }, ...caption.tags.map((tag) => this.#tag(tag))),
      caption?.read_text &&
        el("p", { class: "read-text" }, el("small", {}, t("Text in the picture")), caption.read_text),
      caption && this.#made(caption),
      caption?.by_person && link("undo", t("Undo my edit"), () => this.#undo()),
      caption && !caption.by_person && !caption.stale && !missing &&
        link("again", t("Caption again"), () => this.#again()));
    this.#tellComing();
    if (focused) edit.focus();
  }

  /** @param {string} tag */
  #tag(tag) {
    return el("li", {}, el("button", {
      type: "button", title: t("Search for {tag}", { tag }), onclick: () => this.listeners.tag(tag),
    }, tag));
  }

  /** @param {import("./api.js").Caption} caption */
  #made(caption) {
    const made = howItWasMade(caption, this.madeOpen);
    made.addEventListener("toggle", () => (this.madeOpen = made.open));
    return made;
  }

  #tellComing() {
    const { paused = false, waits = "" } = this.progress ?? {};
    const stale = this.photo?.caption?.stale && !this.editing;
    const when = paused ? ` ${t("Indexing is paused; it comes when that goes on.")}` : waits ? ` ${waits}` : "";
    say(this.coming, stale ? `${t("A new caption is on its way.")}${when}` : "");
  }

  /** The caption in a box. */
  edit() {
    if (!this.photo || this.editing) return;
    const { id, caption } = this.photo;
    const shown = caption?.id ?? 0;
    const draft = this.drafts.get(id) ?? { text: caption?.text ?? "", seen: shown };
    this.editor = new Editor(draft, {
      save: (written) => this.#save(written),
      cancel: () => this.#drop(),
      leave: () => this.photo && this.show(this.photo),
    });
    this.status.textContent = "";
    fill(this.caption, this.editor.node);
    this.#tellComing();
    if (draft.seen !== shown) this.editor.conflict(caption);
    this.editor.begin();
  }

  /** @param {Draft} draft */
  #save({ text, seen }) {
    const save = async (/** @type {number} */ id) => {
      const changed = await api.setCaption(id, text, seen);
      this.drafts.delete(id);
      return changed;
    };
    return this.#change(save, t("Saved. The search knows it now."));
  }

  #undo() {
    return this.#change((id) => api.undoCaption(id), t("Undone. This is the caption from before."));
  }

  async #again() {
    await this.#change((id) => api.captionAgain(id), "");
    this.listeners.asked();
  }

  /**
   * Ask the server for a change. What was typed stays in its box if that fails.
   * @param {(id: number) => Promise<Photo>} ask
   * @param {string} done
   */
  async #change(ask, done) {
    const photo = this.photo;
    if (!photo) return;
    const { editor } = this;
    try {
      const changed = await ask(photo.id);
      this.listeners.edited(changed);
      if (this.photo !== photo) return; // gone on to another meanwhile
      if (this.editor === editor) this.editor = null;
      this.show(changed, done);
    } catch (error) {
      if (this.photo !== photo) return;
      this.status.textContent = /** @type {Error} */ (error).message;
      if (editor && error instanceof Refused && error.status === CONFLICT) await this.#conflict(photo);
    }
  }

  /** Somebody was first: show their caption too. @param {Photo} photo */
  async #conflict(photo) {
    try {
      const newer = await api.photo(photo.id);
      this.listeners.edited(newer);
      if (this.photo !== photo || !this.editor) return;
      this.photo = newer;
      this.editor.conflict(newer.caption);
    } catch (error) {
      if (this.photo === photo) this.status.textContent = /** @type {Error} */ (error).message;
    }
  }
}

/**
 * @param {Parameters<typeof icon>[0]} sign
 * @param {string} text
 * @param {() => void} act
 */
const link = (sign, text, act) =>
  el("button", { class: "link", type: "button", onclick: act }, icon(sign, 15), text);
