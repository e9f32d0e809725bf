// @ts-check
// Beside the large photo: its caption, which can be edited in place, and its facts.
import { api, downloadAddress } from "./api.js";
import { el, fill, icon } from "./dom.js";
import { count, moment, size } from "./words.js";

/** @typedef {import("./api.js").Photo} Photo */

const LONGEST = 2000;

export class Panel {
  /** @param {(photo: Photo) => void} edited */
  constructor(edited) {
    this.edited = edited;
    /** @type {Photo | null} */
    this.photo = null;
    this.caption = el("section", { class: "caption", "aria-label": "Caption" });
    this.status = el("p", { class: "caption-status", role: "status" });
    this.facts = el("ul", { class: "facts" });
    this.actions = el("div", { class: "panel-actions" });
    this.node = el("aside", { class: "panel", "aria-label": "About this photo" },
      this.caption, this.status, this.facts, this.actions);
  }

  /** Whether a caption is being written now. */
  get editing() {
    return Boolean(this.caption.querySelector("textarea"));
  }

  /** Empty, until the photo is known. */
  clear() {
    this.photo = null;
    for (const part of [this.caption, this.status, this.facts, this.actions]) fill(part);
  }

  /** @param {string} text */
  fail(text) {
    this.clear();
    this.status.textContent = text;
  }

  /** @param {Photo} photo */
  show(photo) {
    this.photo = photo;
    this.status.textContent = "";
    this.#read();
    fill(this.facts, ...facts(photo));
    fill(this.actions, photo.missing
      ? el("p", { class: "quiet" }, "The file is not where it was; it may be on a disk that is not connected.")
      : el("a", { class: "button wide", href: downloadAddress(photo.id), download: photo.name },
        icon("download", 18), "Download original"));
  }

  /** The caption as it stands. */
  #read() {
    const caption = this.photo?.caption;
    const edit = el("button", {
      class: "icon-button", type: "button", "aria-label": "Edit the caption",
      title: "Edit the caption", onclick: () => this.edit(),
    }, icon("edit", 18));
    const undo = caption?.by_person && el("button", {
      class: "link", type: "button", onclick: () => this.#undo(),
    }, icon("undo", 15), "Undo my edit");
    fill(this.caption,
      el("div", { class: "caption-head" },
        el("h2", {}, "Caption"),
        caption && el("span", { class: "author", title: caption.model || null },
          caption.by_person ? "written by you" : caption.author),
        edit),
      caption
        ? el("p", { class: "caption-text" }, caption.text)
        : el("p", { class: "caption-text quiet" }, "No caption yet. It is written while the album is indexed; or write one yourself."),
      caption && caption.tags.length > 0 &&
        el("p", { class: "tags" }, ...caption.tags.map((tag) => el("span", {}, tag))),
      caption?.read_text &&
        el("p", { class: "quiet" }, `Text in the picture: ${caption.read_text}`),
      undo);
  }

  /** The caption in a box. */
  edit() {
    if (!this.photo || this.editing) return;
    const box = el("textarea", {
      "aria-label": "Caption", maxlength: LONGEST, rows: "4",
      placeholder: "What is in this photo? Search finds it by these words.",
    });
    box.value = this.photo.caption?.text ?? "";
    const fit = () => {
      box.style.height = "auto";
      box.style.height = `${box.scrollHeight + 2}px`;
    };
    const save = el("button", { class: "button primary", type: "submit" }, "Save");
    const form = el("form", {}, el("div", { class: "caption-head" }, el("h2", {}, "Caption")),
      box,
      el("div", { class: "caption-buttons" },
        save,
        el("button", { class: "button", type: "button", onclick: () => this.#read() }, "Cancel")));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      save.disabled = true;
      this.#change((id) => api.setCaption(id, box.value), "Saved. The search knows it now.")
        .finally(() => (save.disabled = false));
    });
    box.addEventListener("input", fit);
    box.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
      if (event.key === "Escape") {
        event.preventDefault();
        event.stopPropagation();
        this.#read();
      }
    });
    this.status.textContent = "";
    fill(this.caption, form);
    fit();
    box.focus();
  }

  #undo() {
    return this.#change((id) => api.undoCaption(id), "Undone. This is the caption from before.");
  }

  /**
   * Ask the server for a change. What was typed stays in its box if that fails.
   * @param {(id: number) => Promise<Photo>} ask
   * @param {string} done
   */
  async #change(ask, done) {
    const photo = this.photo;
    if (!photo) return;
    try {
      const changed = await ask(photo.id);
      this.edited(changed);
      if (this.photo !== photo) return; // gone on to another meanwhile
      this.show(changed);
      this.status.textContent = done;
    } catch (error) {
      if (this.photo === photo) this.status.textContent = /** @type {Error} */ (error).message;
    }
  }
}

/**
 * @param {Photo} photo
 * @returns {HTMLElement[]}
 */
function facts(photo) {
  const taken = photo.taken_at ? moment(photo.taken_at) : null;
  const file = moment(photo.sort_at);
  const lines = [
    taken
      ? fact("calendar", taken.day, taken.time)
      : fact("calendar", file.day, "date of the file; the photo carries none"),
    photo.place || photo.latitude !== null
      ? fact("place", photo.place ?? "", coordinates(photo))
      : null,
    photo.camera ? fact("camera", photo.camera, photo.lens ?? "") : null,
    fact("picture", `${count(photo.width)} × ${count(photo.height)}`,
      `${photo.format} · ${size(photo.size_bytes)}`),
    fact("file", photo.name, photo.folder),
    photo.description ? fact("info", photo.description, "written in the file") : null,
    photo.keywords.length ? fact("tag", photo.keywords.join(", "), "") : null,
  ];
  return lines.filter((line) => line !== null);
}

/** @param {Photo} photo */
const coordinates = ({ latitude, longitude }) =>
  latitude === null || longitude === null
    ? ""
    : `${latitude.toFixed(4)}, ${longitude.toFixed(4)}`;

/**
 * @param {Parameters<typeof icon>[0]} sign
 * @param {string} first
 * @param {string} second
 */
const fact = (sign, first, second) =>
  el("li", {}, icon(sign), el("span", {}, first && el("b", {}, first), second && el("small", {}, second)));
