// @ts-check
// The photos that were removed from the album, the latest first, and their way back.
import { el, fill } from "../dom.js";
import { t } from "../i18n.js";
import { counted, colour } from "../words.js";
import { allAlbums } from "./back.js";
import { asks } from "./asks.js";

/** @typedef {import("./asks.js").Removed} Photo */

export class Removed {
  /** @param {import("../album.js").Album} page */
  constructor(page) {
    this.page = page;
    /** @type {Photo[]} */
    this.photos = [];
    this.total = 0;
    this.title = el("h1", { tabindex: "-1" }, t("Recently removed"));
    this.all = el("button", { class: "button", type: "button", onclick: () => this.#restoreAll() }, t("Restore all"));
    this.hint = el("p", { class: "quiet" });
    this.list = el("ul", { class: "removed" });
    this.more = el("button", { class: "button", type: "button", onclick: () => this.#more() }, t("Show more"));
    this.node = el("section", {},
      el("div", { class: "view-head albums-head" },
        allAlbums(page), this.title, this.all),
      this.hint, this.list, el("p", { class: "removed-more" }, this.more));
  }

  async show() {
    this.photos = [];
    await this.#more();
  }

  async #more() {
    try {
      const { total, photos } = await asks.removed(this.photos.length);
      this.total = total;
      this.photos.push(...photos);
      this.#draw();
    } catch (error) {
      fill(this.hint, /** @type {Error} */ (error).message);
    }
  }

  #draw() {
    const { photos, total } = this;
    fill(this.hint, total
      ? t("{photos}. The original files are where they were; nothing is deleted.", { photos: counted(total, "photo", "photos") })
      : t("Nothing is removed. “Remove” at selected photos takes them out of the album; their files stay."));
    this.all.hidden = !photos.length;
    this.more.hidden = photos.length >= total;
    fill(this.list, ...photos.map((photo) => el("li", {},
      picture(photo),
      el("button", {
        class: "small-button", type: "button", "aria-label": t("Restore: {caption}", { caption: photo.caption }),
        onclick: () => this.#restore([photo]),
      }, t("Restore")))));
  }

  /** @param {Photo[]} photos */
  #restore(photos) {
    return this.#told(async () => (await asks.restore(photos.map(({ id }) => id))).length);
  }

  /** Those that are not listed yet as well. */
  #restoreAll() {
    return this.#told(async () => {
      let sum = 0;
      for (;;) {
        const { photos } = await asks.removed(0);
        const back = photos.length ? await asks.restore(photos.map(({ id }) => id)) : [];
        if (!back.length) return sum;
        sum += back.length;
      }
    });
  }

  /** @param {() => Promise<number>} restore how many came back */
  async #told(restore) {
    const { toast } = this.page.search.feedback;
    try {
      const back = await restore();
      await this.show();
      this.title.focus({ preventScroll: true });
      toast.show(t("Restored {photos}.", { photos: counted(back, "photo", "photos") }));
    } catch (error) {
      toast.show(/** @type {Error} */ (error).message);
    }
  }
}

/** @param {Photo} photo */
function picture({ id, caption, colour: average }) {
  const image = el("img", { src: `/api/removed/${id}/thumbnail`, alt: caption, title: caption, loading: "lazy" });
  image.style.backgroundColor = colour(average);
  return image;
}
