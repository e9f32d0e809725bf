// @ts-check
// Among what is searched beside the sentence: what is like a photo or a picture, and in
// which folder. Each is a chip that can be taken away.
import { thumbnailAddress } from "./api.js";
import { el, fill, icon, say } from "./dom.js";
import { t } from "./i18n.js";

/** @typedef {import("./address.js").Asked} Asked */
/** @typedef {import("./pictures.js").Picture} Picture */

export class Scope {
  /**
   * @param {HTMLElement} place
   * @param {{picture: (id: number) => Picture | undefined,
   *   again: (changes: Partial<Asked>) => void}} listeners
   */
  constructor(place, listeners) {
    this.listeners = listeners;
    this.place = place;
    this.chips = el("ul", { "aria-label": t("Where is searched") });
    this.note = el("p", { class: "scope-note", role: "status" });
    fill(place, this.chips, this.note);
  }

  hide() {
    fill(this.chips);
    this.tell("");
  }

  /** Something about a picture that is on its way. @param {string} text */
  tell(text) {
    say(this.note, text);
    this.place.hidden = !text && !this.chips.childElementCount;
  }

  /**
   * @param {Asked} asked
   * @param {import("./api.js").Answer | import("./api.js").Failed} found
   */
  show(asked, found) {
    const focused = this.chips.contains(document.activeElement);
    const picture = this.listeners.picture(asked.picture ?? 0);
    const like = found.view === "search" ? found.like : null;
    fill(this.chips,
      picture && this.#chip(t("like {picture}", { picture: t("your picture") }), { picture: null },
        el("img", { src: picture.address, alt: "", onerror: hideIt })),
      !picture && asked.like && this.#chip(t("like {picture}", { picture: like?.name ?? t("a photo") }), { like: null },
        like && el("img", { src: thumbnailAddress(like.id, like.version), alt: "" })),
      asked.folder && this.#chip(t(" in {folder}", { folder: asked.folder }).trim(), { folder: "" }, icon("folder", 16)));
    this.tell(picture ? described(picture) : "");
    if (focused) /** @type {HTMLElement | null} */ (this.chips.querySelector("button"))?.focus();
  }

  /**
   * @param {string} label
   * @param {Partial<Asked>} changes
   * @param {HTMLElement | SVGElement | null | undefined | false} sign
   */
  #chip(label, changes, sign) {
    return el("li", {}, el("button", {
      class: "chip", type: "button", "aria-label": t("Remove: {label}", { label }),
      title: t("Search without this"), onclick: () => this.listeners.again({ ...changes, weak: false }),
    }, sign, el("span", {}, label), icon("close", 14)));
  }
}

/** @param {Picture} picture */
const described = ({ text, by, photo }) =>
  t("Your picture was described as: “{text}” by {by}.", { text, by: t(by) }) + " " +
  (photo ? t("It is already in the album.") : t("It was not added to the album."));

/** Not every picture can be shown by a browser. @param {Event} event */
const hideIt = (event) => /** @type {HTMLElement} */ (event.target).remove();
