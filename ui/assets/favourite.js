// @ts-check
// Favourites: the star in the corner of a thumbnail, and the button at the large photo.
import { api } from "./api.js";
import { el, icon } from "./dom.js";
import { t } from "./i18n.js";

/** @typedef {import("./api.js").Photo} Photo */

/**
 * Show the star on a thumbnail, or take it away.
 * @param {HTMLElement} link the cell in the grid
 * @param {boolean} favourite
 */
export function mark(link, favourite) {
  const star = link.querySelector(".starred");
  if (favourite && !star) {
    link.querySelector(".thumbnail")?.append(
      el("span", { class: "starred", role: "img", "aria-label": t("Favourite") }, icon("star", 14)));
  } else if (!favourite) star?.remove();
}

export class FavouriteButton {
  /**
   * @param {{changed: (photo: Photo) => void, trouble: (message: string) => void}} listeners
   */
  constructor(listeners) {
    this.listeners = listeners;
    /** @type {Photo | null} */
    this.photo = null;
    this.node = el("button", {
      class: "viewer-button viewer-favourite", type: "button", "aria-label": t("Favourite"),
      onclick: () => this.toggle(),
    }, icon("star", 24));
  }

  /**
   * Never hidden, not even while the next photo is on its way: the keys of the viewer
   * need the focus that it may have.
   * @param {Photo | null} photo
   */
  show(photo) {
    this.photo = photo;
    this.node.setAttribute("aria-pressed", String(Boolean(photo?.favourite)));
    this.node.title = photo?.favourite ? t("No favourite any more (f)") : t("Make it a favourite (f)");
  }

  async toggle() {
    const { photo } = this;
    if (!photo) return;
    try {
      this.listeners.changed(await api.setFavourite(photo.id, !photo.favourite));
    } catch (error) {
      this.listeners.trouble(/** @type {Error} */ (error).message);
    }
  }
}
