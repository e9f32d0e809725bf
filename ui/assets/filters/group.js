// @ts-check
// One kind of filter in the panel: a chip for each value, the most frequent first.
import { el, fill } from "../dom.js";
import { t } from "../i18n.js";
import { fold } from "../suggest/match.js";
import { count } from "../words.js";

/** @typedef {import("../suggest/options.js").Option} Option */

const FEW = 8; // are shown at first
const MANY = 60; // are shown at most

export class Group {
  /**
   * @param {string} title
   * @param {{pressed: (option: Option) => boolean, press: (option: Option) => void}} listeners
   * @param {{above?: HTMLElement | null, find?: string}} [extras] what else belongs to
   *   it; what the field says that searches it, if there is one
   */
  constructor(title, listeners, { above = null, find = "" } = {}) {
    this.listeners = listeners;
    /** @type {Option[]} */
    this.options = [];
    this.all = false;
    this.own = above !== null;
    this.findable = Boolean(find);
    this.search = el("input", {
      type: "search", class: "filter-search", hidden: true, placeholder: t(find),
      oninput: () => this.#draw(),
    });
    this.search.setAttribute("aria-label", t(find));
    this.chips = el("div", { class: "filter-chips" });
    this.more = el("button", {
      class: "link", type: "button", hidden: true,
      onclick: () => {
        const { length } = this.chips.children;
        this.all = true;
        this.#draw();
        /** @type {HTMLElement | undefined} */ (this.chips.children[length])?.focus();
      },
    });
    this.node = el("section", { role: "group", "aria-label": t(title) },
      el("h3", {}, t(title)), above, find && this.search, this.chips, this.more);
  }

  /** @param {Option[]} options */
  offer(options) {
    this.options = options;
    this.search.hidden = !this.findable || options.length <= FEW;
    this.node.hidden = !options.length && !this.own;
    this.#draw();
  }

  /** The sentence is another. */
  update() {
    const shown = this.#shown();
    const there = [...this.chips.children];
    // What is pressed elsewhere comes into sight, but nothing moves under a finger.
    if (shown.length !== there.length && !this.chips.contains(document.activeElement)) this.#draw();
    else this.#mark();
  }

  #shown() {
    const wanted = ` ${fold(this.search.value).trim()}`;
    const fits = this.options.filter((option) =>
      ` ${fold(`${option.label} ${option.detail}`)}`.includes(wanted));
    const most = this.all || wanted.trim() ? MANY : FEW;
    const shown = fits.slice(0, most);
    return [...shown, ...fits.slice(most).filter((option) => this.listeners.pressed(option))];
  }

  #draw() {
    const shown = this.#shown();
    const focused = /** @type {HTMLElement} */ (document.activeElement)?.dataset?.phrase;
    fill(this.chips, ...shown.map((option) => this.#chip(option)));
    const rest = this.options.length - shown.length;
    this.more.hidden = this.all || Boolean(this.search.value.trim()) || rest <= 0;
    this.more.textContent = t("Show more");
    this.#mark();
    if (focused) {
      [...this.chips.querySelectorAll("button")].find((chip) => chip.dataset.phrase === focused)?.focus();
    }
  }

  /** @param {Option} option */
  #chip(option) {
    return el("button", {
      class: "filter-chip", type: "button", "aria-pressed": "false",
      "data-phrase": option.phrase,
      title: option.detail ? `${option.detail}/${option.label}` : null,
      onclick: () => this.listeners.press(option),
    }, el("span", { class: "filter-label" }, option.label),
    el("span", { class: "filter-count" }, count(option.count)));
  }

  #mark() {
    const byPhrase = new Map(this.options.map((option) => [option.phrase, option]));
    for (const chip of this.chips.querySelectorAll("button")) {
      const option = byPhrase.get(chip.dataset.phrase ?? "");
      if (option) chip.setAttribute("aria-pressed", String(this.listeners.pressed(option)));
    }
  }
}
