// @ts-check
// Search results: the same grid, each photo with the reason why it was found.
import { el } from "./dom.js";
import { t } from "./i18n.js";

/** Height of the text under a result, in pixels; `.why` in the style has the same. */
const TEXT_HEIGHT = 66;

// A reason is cut at its beginning where its first marked word would else be out of
// sight: under the narrowest photo two lines have room for some 45 letters, and on a
// phone for 24.
const IN_SIGHT = { wide: 36, phone: 18 };
const BEFORE = { wide: 16, phone: 8 };
const PHONE = 700; // pixels, as in the style

/** @typedef {import("./api.js").Hit} Hit */
/** @typedef {import("./api.js").Answer} Answer */

/**
 * The hits as they are shown: the weaker ones, where they are asked for, are last.
 * @param {Answer} answer
 */
export function inOrder({ hits, weak }) {
  if (!weak) return { matching: hits, weaker: [] };
  return {
    matching: hits.filter((hit) => hit.strength !== "weak"),
    weaker: hits.filter((hit) => hit.strength === "weak"),
  };
}

/**
 * @param {{matching: Hit[], weaker: Hit[]}} shown
 * @param {number[]} sizes how many of the matching ones came with each page: their rows
 *   stay as they are when the next page comes
 * @returns {import("./layout.js").Source}
 */
export function sourceOf({ matching, weaker }, sizes) {
  const hits = [...matching, ...weaker];
  const filled = sizes.filter(Boolean);
  const sections = [
    ...filled.map((count, page) => (
      { title: "", short: "", year: 0, count, flows: page + 1 < filled.length })),
    { title: t("Weaker matches"), short: "", year: 0, count: weaker.length },
  ];
  return {
    count: hits.length,
    ids: hits.map((hit) => hit.id),
    ratios: hits.map((hit) => hit.ratio),
    colours: hits.map((hit) => hit.colour),
    sections: sections.filter((section) => section.count),
  };
}

/**
 * The text under each result: why it was found, how well it matches, who says so.
 * @param {{matching: Hit[], weaker: Hit[]}} shown
 * @returns {import("./grid.js").Extras}
 */
export function reasonsOf({ matching, weaker }) {
  const hits = [...matching, ...weaker];
  return {
    below: TEXT_HEIGHT,
    text: (index) => {
      const { reason, caption, marks, strength, source } = hits[index];
      return [
        el("span", { class: "why", title: reason || caption },
          el("span", { class: "reason" }, ...inSight(reason || caption, reason ? marks : [])),
          el("span", { class: "told" },
            el("span", {
              class: `strength ${strength}`, role: "img", title: t(`${strength} match`),
              "aria-label": t(`${strength} match`),
            }, el("i"), el("i"), el("i")),
            el("span", { class: "source" }, t(source)))),
      ];
    },
  };
}

/**
 * A text with its marked parts as <mark>.
 * @param {string} text
 * @param {[number, number][]} marks in whole characters
 * @returns {(string | HTMLElement)[]}
 */
export function marked(text, marks) {
  const letters = Array.from(text); // whole characters, not JavaScript's half ones
  const cut = (/** @type {number} */ from, /** @type {number} */ to) =>
    letters.slice(from, to).join("");
  const pieces = [];
  let done = 0;
  for (const [start, end] of [...marks].sort((a, b) => a[0] - b[0])) {
    if (start < done || end <= start) continue;
    pieces.push(cut(done, start), el("mark", {}, cut(start, end)));
    done = end;
  }
  pieces.push(cut(done, letters.length));
  return pieces.filter((piece) => piece !== "");
}

/**
 * The same, from a little before the first mark where that is far into the text.
 * @param {string} text
 * @param {[number, number][]} marks
 */
function inSight(text, marks) {
  const first = Math.min(...marks.map(([start]) => start));
  const room = window.innerWidth > PHONE ? "wide" : "phone";
  if (!marks.length || first <= IN_SIGHT[room]) return marked(text, marks);
  const letters = Array.from(text);
  const space = letters.indexOf(" ", first - BEFORE[room]);
  const from = space >= 0 && space < first ? space + 1 : first;
  const moved = marks.map(([start, end]) => /** @type {[number, number]} */ ([start - from, end - from]));
  return ["… ", ...marked(letters.slice(from).join(""), moved)];
}
