// @ts-check
// What stands in place of the grid when there is nothing in it.
import { showWeaker, wording } from "./answer.js";
import { without } from "./chips.js";
import { el, fill } from "./dom.js";
import { t } from "./i18n.js";

const MOST_OFFERED = 4; // chips that the message offers to leave out

export class Blank {
  /**
   * @param {HTMLElement} place
   * @param {{choose: () => void, showAll: () => void,
   *   again: (changes: Partial<import("./address.js").Asked>) => void}} listeners
   *   choose: files to upload; again: search for something else
   */
  constructor(place, listeners) {
    this.place = place;
    this.listeners = listeners;
  }

  hide() {
    this.place.hidden = true;
  }

  /** No photo in the album, perhaps only not yet. @param {boolean} busy */
  empty(busy) {
    if (busy) {
      this.#say(t("Looking through your folders"), [
        t("Your photos appear here as they are read. Nothing is moved or changed."),
      ]);
      return;
    }
    this.#say(t("No photos yet"), [
      t("Drop pictures anywhere on this page, or start the album with a folder:"),
      el("code", {}, "python app.py ~/Pictures"),
    ], button(t("Choose photos"), true, () => this.listeners.choose()));
  }

  /** An album, or the favourites, without a photo. @param {string} album */
  emptyAlbum(album) {
    if (album === "favourites") {
      this.#say(t("No favourites yet"), [t("Open a photo and press its star, or the key f.")], this.#all());
    } else {
      this.#say(t("This album is empty"), [
        t("Select photos with the mark in their corner, then press “Add to album”."),
      ], this.#all());
    }
  }

  /**
   * Nothing found, and what to do about it: what could be taken out of the sentence.
   * @param {import("./api.js").Answer} found
   * @param {boolean} unfinished whether the album is still being indexed
   */
  noMatch(found, unfinished) {
    const { query, chips, weaker } = found;
    const fewer = chips
      .map((chip) => ({ label: chip.label, rest: without(query, chip) }))
      .filter(({ rest }) => rest).slice(0, MOST_OFFERED);
    const [chip, ...others] = chips;
    const alone = !others.length && !found.like && !found.picture && !found.folder;
    if (chip?.kind === "favourite" && alone && !without(query, chip)) {
      this.#say(t("No favourites yet"), [t("Open a photo and press its star, or the key f.")], this.#all());
      return;
    }
    this.#say(t("Nothing matches {asked}", { asked: wording(found).asked }), [
      fewer.length ? t("There may be something if you ask for less.")
        : t("Try fewer or other words: what can be seen, where it was, or when."),
      unfinished ? t("The album is still being indexed; there may be more in a while.") : "",
    ].filter(Boolean),
    weaker > 0 && button(showWeaker(weaker), true, () => this.listeners.again({ weak: true })),
    ...fewer.map(({ label, rest }) => button(
      t("Search without “{label}”", { label }), false, () => this.listeners.again({ q: rest, weak: false }))),
    this.#all());
  }

  /**
   * @param {string} title
   * @param {string} text
   */
  trouble(title, text) {
    this.#say(title, [text], button(t("Try again"), true, () => location.reload()), this.#all());
  }

  #all() {
    return button(t("Show all photos"), false, () => this.listeners.showAll());
  }

  /**
   * @param {string} title
   * @param {(string | Node)[]} lines
   * @param {...(HTMLElement | false)} actions
   */
  #say(title, lines, ...actions) {
    fill(this.place,
      el("h2", {}, title),
      ...lines.map((line) => el("p", {}, line)),
      el("div", { class: "message-actions" }, ...actions));
    this.place.hidden = false;
  }
}

/**
 * @param {string} text
 * @param {boolean} primary
 * @param {() => void} act
 */
const button = (text, primary, act) =>
  el("button", { class: primary ? "button primary" : "button", type: "button", onclick: act }, text);
