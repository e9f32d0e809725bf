// @ts-check
// Which album the selected photos go into: one of those there are, or a new one.
import { thumbnailAddress } from "../api.js";
import { el, fill, icon } from "../dom.js";
import { t } from "../i18n.js";
import { counted } from "../words.js";
import { asks } from "./asks.js";

/** @typedef {import("./asks.js").Collection} Collection */

export class Chooser {
  /** @param {import("./dialogs.js").NameDialog} names */
  constructor(names) {
    this.names = names;
    this.title = el("h2", { id: "chooser-title" });
    this.list = el("ul", { class: "choices" });
    this.status = el("p", { class: "sheet-status", role: "status" });
    this.fresh = el("button", { class: "choice", type: "button", onclick: () => this.#create() },
      el("span", { class: "choice-picture" }, icon("plus", 22)), el("span", {}, t("New album")));
    this.dialog = el("dialog", { class: "sheet", "aria-labelledby": "chooser-title" },
      el("div", { class: "sheet-inside" },
        el("header", {}, this.title, el("button", {
          class: "icon-button", type: "button", "aria-label": t("Close"), onclick: () => this.dialog.close(),
        }, icon("close", 20))), this.fresh, this.list, this.status));
    this.dialog.addEventListener("click", (event) => {
      if (event.target === this.dialog) this.dialog.close(); // beside the sheet
    });
    document.body.append(this.dialog);
    /** @type {(album: Collection) => void} */
    this.chosen = () => {};
  }

  /**
   * @param {number} photos how many
   * @param {(album: Collection) => void} chosen
   */
  async open(photos, chosen) {
    this.chosen = chosen;
    fill(this.title, t("Add {photos} to", { photos: counted(photos, "photo", "photos") }));
    fill(this.list);
    fill(this.status);
    this.dialog.showModal();
    try {
      const { albums } = await asks.albums();
      fill(this.list, ...albums.filter(({ smart }) => !smart).map((album) => el("li", {}, this.#choice(album))));
    } catch (error) {
      fill(this.status, /** @type {Error} */ (error).message);
    }
  }

  /** @param {Collection} album */
  #choice(album) {
    const { cover } = album;
    return el("button", { class: "choice", type: "button", onclick: () => this.#choose(album) },
      el("span", { class: "choice-picture" }, cover
        ? el("img", { src: thumbnailAddress(cover.id, cover.version), alt: "", loading: "lazy" })
        : icon("album", 22)),
      el("span", {}, album.name, el("small", {}, counted(album.photos ?? 0, "photo", "photos"))));
  }

  /** @param {Collection} album */
  #choose(album) {
    this.dialog.close();
    this.chosen(album);
  }

  #create() {
    this.dialog.close();
    this.names.open({ title: t("New album"), save: t("Create") }, async (name) => {
      this.chosen(await asks.create(name));
    });
  }
}
