// @ts-check
// A few photos like the open one, below its facts. They are asked for only when their
// place can be seen and one stays at the photo.
import { NOTHING } from "../address.js";
import { api, thumbnailAddress } from "../api.js";
import { el, fill, say } from "../dom.js";
import { t } from "../i18n.js";

const STAYS_MS = 300;
const SHOWN = 8;

/** @typedef {import("../api.js").Photo} Photo */
/** @typedef {import("../api.js").Cell} Cell */

export class Similar {
  /** @param {{open: (id: number) => void, like: (photo: Photo) => void}} listeners
   *   like: everything that is like it is to be shown */
  constructor(listeners) {
    this.listeners = listeners;
    /** @type {Photo | null} */
    this.photo = null;
    this.timer = 0;
    this.loading = new AbortController();
    this.grid = el("ul", { class: "similar-photos" });
    this.note = el("p", { class: "quiet", role: "status" });
    this.node = el("section", { class: "similar", "aria-labelledby": "similar-title", hidden: true },
      el("header", {}, el("h2", { id: "similar-title" }, t("More like this")),
        el("button", {
          class: "link", type: "button", "aria-label": t("Show all photos like this"),
          onclick: () => this.photo && listeners.like(this.photo),
        }, t("Show all"))),
      this.grid, this.note);
    this.seen = new IntersectionObserver(([{ isIntersecting }]) => this.#look(isIntersecting));
  }

  /** @param {Photo | null} photo */
  show(photo) {
    if (photo && photo.id === this.photo?.id && photo.caption?.id === this.photo.caption?.id) return;
    this.#forget();
    this.photo = photo;
    this.node.hidden = !photo?.caption; // it is by the caption that photos are alike
    say(this.note, "");
    fill(this.grid, ...Array.from({ length: SHOWN }, () => el("li")));
    delete this.node.dataset.ready;
    if (!this.node.hidden) this.seen.observe(this.node);
  }

  #forget() {
    window.clearTimeout(this.timer);
    this.seen.disconnect();
    this.loading.abort();
  }

  /** @param {boolean} visible */
  #look(visible) {
    window.clearTimeout(this.timer);
    if (visible) this.timer = window.setTimeout(() => this.#load(), STAYS_MS);
  }

  async #load() {
    const { photo } = this;
    if (!photo) return;
    this.seen.disconnect();
    this.loading = new AbortController();
    const { signal } = this.loading;
    try {
      const asked = { ...NOTHING, like: photo.id };
      const { hits } = await api.search(asked, undefined, { limit: SHOWN + 1, signal });
      if (this.photo !== photo) return;
      this.#fill(hits.filter(({ id }) => id !== photo.id).slice(0, SHOWN));
    } catch (error) {
      if (signal.aborted || this.photo !== photo) return;
      fill(this.grid);
      say(this.note, /** @type {Error} */ (error).message);
    }
    this.node.dataset.ready = String(photo.id);
  }

  /** @param {Cell[]} cells */
  #fill(cells) {
    fill(this.grid, ...cells.map(({ id, version, caption }) => el("li", {},
      el("button", { type: "button", title: caption, onclick: () => this.listeners.open(id) },
        el("img", { src: thumbnailAddress(id, version), alt: caption, draggable: "false" })))));
    say(this.note, cells.length ? "" : t("No other photo is like this one."));
  }
}
