// @ts-check
// How a sentence was understood: chips below the search box, each of which can be taken
// away, and what is left of the sentence then.
import { el, fill, icon } from "./dom.js";
import { t } from "./i18n.js";

/** @typedef {import("./api.js").Chip} Chip */

/** @type {Record<string, Parameters<typeof icon>[0]>} */
const ICONS = {
  not: "without", date: "calendar", place: "place", camera: "camera", folder: "folder",
  kind: "picture", phrase: "quote", favourite: "star", captioned: "edit", album: "album",
};

/** Their labels are words of ours; others are names, or as the sentence has them. */
const OURS = new Set(["kind", "favourite", "captioned"]);

export class Chips {
  /**
   * @param {HTMLElement} place
   * @param {(rest: string) => void} search for what is left of the sentence
   */
  constructor(place, search) {
    this.place = place;
    this.search = search;
  }

  hide() {
    this.place.hidden = true;
    this.place.replaceChildren();
  }

  /** @param {{query: string, chips: Chip[]}} found */
  show({ query, chips }) {
    const focused = this.#buttons().indexOf(/** @type {any} */ (document.activeElement));
    fill(this.place, ...chips.map((chip) => el("li", {}, this.#chip(query, chip))));
    this.place.hidden = !chips.length;
    const buttons = this.#buttons();
    if (focused >= 0) buttons[Math.min(focused, buttons.length - 1)]?.focus();
  }

  /**
   * @param {string} query
   * @param {Chip} chip
   */
  #chip(query, chip) {
    const label = OURS.has(chip.kind) ? t(chip.label) : chip.label;
    return el("button", {
      class: `chip chip-${chip.kind}`, type: "button",
      "aria-label": t("Remove: {label}", { label }), title: t("Search without this"),
      onclick: () => this.search(without(query, chip)),
    }, icon(ICONS[chip.kind] ?? "tag", 16), el("span", {}, label), icon("close", 14));
  }

  #buttons() {
    return [...this.place.querySelectorAll("button")];
  }
}

/**
 * A sentence without what one chip stands for, with spaces and commas as they should be.
 * @param {string} query
 * @param {{start: number, end: number}} chip in whole characters
 */
export function without(query, { start, end }) {
  const letters = Array.from(query); // whole characters, not JavaScript's half ones
  const rest = `${letters.slice(0, start).join("")} ${letters.slice(end).join("")}`;
  const tidy = rest
    .replace(/\s+/g, " ")
    .replace(/ (?=[,;.!?])/g, "")
    .replace(/([,;])[,;]+/g, "$1")
    .replace(/^[\s,;.!?]+|[\s,;]+$/g, "");
  return /[\p{L}\p{N}\p{S}]/u.test(tidy) ? tidy : "";
}
