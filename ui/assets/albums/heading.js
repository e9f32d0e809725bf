// @ts-check
// What stands above the photos of an album: the way back, its name, and what can be done
// with the album itself.
import { el, fill } from "../dom.js";
import { t } from "../i18n.js";
import { counted } from "../words.js";
import { allAlbums } from "./back.js";
import { asks } from "./asks.js";
import { sureButton } from "./dialogs.js";

/** @typedef {import("./asks.js").Collection} Collection */

export class Heading {
  /** @param {import("../album.js").Album} page */
  constructor(page) {
    this.page = page;
    this.key = "";
    /** The album that is shown, unless that is all photos or the favourites.
     * @type {Collection | null} */
    this.album = null;
    this.name = el("h1", { tabindex: "-1" });
    this.count = el("span", { class: "quiet" });
    this.tools = el("span", { class: "heading-tools" },
      el("button", { class: "small-button", type: "button", onclick: () => this.#rename() }, t("Rename")),
      sureButton(t("Delete album"), t("Yes, delete it; the photos stay"), () => this.#delete()));
    this.node = el("div", { class: "album-heading", hidden: true },
      allAlbums(page), this.name, this.count, this.tools);
    page.root.querySelector(".scope")?.before(this.node);
  }

  /**
   * @param {string} key the album's id, "favourites", or "" for all photos
   */
  async show(key) {
    this.page.views.home = key ? "albums" : "";
    if (key !== this.key) {
      this.key = key;
      this.album = null;
      fill(this.name, key === "favourites" ? t("Favourites") : "");
      this.photos(null);
    }
    this.node.hidden = !key;
    this.tools.hidden = !this.album;
    if (!key || key === "favourites") return;
    const album = await asks.album(key);
    if (this.key === key) this.#say(album);
  }

  /** How many photos are shown. @param {number | null} photos */
  photos(photos) {
    fill(this.count, photos === null ? "" : counted(photos, "photo", "photos"));
  }

  /** @param {Collection} album */
  #say(album) {
    this.album = album;
    this.tools.hidden = false;
    fill(this.name, album.name);
    if (!this.page.views.name) document.title = `${album.name} – Smart Album`;
  }

  #rename() {
    const { album } = this;
    if (!album) return;
    this.page.names.open({ title: t("Rename album"), save: t("Rename"), name: album.name }, async (name) => {
      this.#say(await asks.rename(album.id, name));
    });
  }

  async #delete() {
    const { album, page } = this;
    if (!album) return;
    try {
      await asks.delete(album.id);
      await page.visit("albums");
      page.search.feedback.toast.show(t("Deleted {album}. Its photos are where they were.", { album: album.name }));
    } catch (error) {
      page.search.feedback.toast.show(/** @type {Error} */ (error).message);
    }
  }
}
