// @ts-check
// Search results: the same grid in the order of relevance, each with its reason.
import { el, fill } from "./dom.js";
import { count, counted, highlight } from "./words.js";

/** Height of the text under a result, in pixels; `.why` in the style has the same. */
const TEXT_HEIGHT = 66;

/** @typedef {import("./api.js").Hit} Hit */

/**
 * @param {Hit[]} hits
 * @returns {import("./layout.js").Source}
 */
export const sourceOf = (hits) => ({
  count: hits.length,
  ids: hits.map((hit) => hit.id),
  ratios: hits.map((hit) => hit.ratio),
  colours: hits.map((hit) => hit.colour),
  sections: [{ title: "", short: "", year: 0, count: hits.length }],
});

/**
 * The text under each result: why it was found, and who wrote that.
 * @param {Hit[]} hits
 * @param {string} query
 * @returns {import("./grid.js").Extras}
 */
export const reasonsOf = (hits, query) => ({
  below: TEXT_HEIGHT,
  text: (index) => {
    const { reason, caption, author } = hits[index];
    const pieces = highlight(reason || caption, query).map((piece) =>
      piece.match ? el("b", {}, piece.text) : piece.text,
    );
    return [
      el("span", { class: "why", title: reason || caption },
        el("span", { class: "reason" }, ...pieces),
        el("span", { class: "author" }, author)),
    ];
  },
});

/**
 * The line above the results.
 * @param {HTMLElement} place
 * @param {{query: string, total: number, hits: Hit[]}} found
 * @param {() => void} clear
 */
export function headline(place, { query, total, hits }, clear) {
  const photos = total > hits.length
    ? `The best ${count(hits.length)} of ${counted(total, "photo", "photos")}`
    : counted(total, "photo", "photos");
  fill(place,
    el("span", { class: "found-count" }, photos),
    el("span", { class: "found-query" }, ` for “${query}”`),
    el("button", { class: "link", type: "button", onclick: clear }, "Show all photos"));
  place.hidden = false;
}
