// @ts-check
// Which options go on with what is typed: those with a word that begins as its last words.

/** @typedef {import("./options.js").Option} Option */
/** @typedef {{option: Option, start: number}} Match `start`: from there its phrase stands */

export const MOST = 8;
const LONGEST_TAIL = 4; // words
const CJK = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u;

/** Words that lead to what comes and are the beginning of nothing by themselves. */
const LINKS = new Set(
  "a an and at by for from in no not of on or the to with without".split(" "));

/** A text without case, accents and punctuation. @param {string} text */
export const fold = (text) => text.normalize("NFKD").replace(/\p{M}+/gu, "").toLowerCase()
  .replace(/[^\p{L}\p{N}]+/gu, " ");

/**
 * The best first. Of several last words that begin a name, those that say most count:
 * "new y" is New York, and nothing that begins with "y".
 * @param {Option[]} options
 * @param {string} typed up to the caret
 * @returns {Match[]}
 */
export function matches(options, typed) {
  const written = typed.toLowerCase();
  const free = options.filter((option) => !written.includes(option.phrase.toLowerCase()));
  for (const { start, tail } of tailsOf(typed)) {
    const fitting = free
      .map((option) => ({ option, start, quality: qualityOf(option, tail) }))
      .filter(({ quality }) => quality)
      .sort((one, other) => other.quality - one.quality || other.option.count - one.option.count);
    if (fitting.length) return fitting.slice(0, MOST);
  }
  return [];
}

/**
 * The sentence with an option's phrase for its last words.
 * @param {string} typed up to the caret
 * @param {string} after the caret
 * @param {Match} match
 */
export function completed(typed, after, { option, start }) {
  let before = typed.slice(0, start);
  // "dogs in 20" becomes "dogs in 2019", with one "in".
  if (option.phrase.startsWith("in ")) before = before.replace(/(^|\s)in\s+$/i, "$1");
  return `${before}${option.phrase} ${after.trimStart()}`;
}

/** The last words of a text, the longest run first. @param {string} typed */
function tailsOf(typed) {
  const starts = [...typed.matchAll(/\S+/g)].map((word) => word.index).slice(-LONGEST_TAIL);
  return starts
    .map((start) => ({ start, tail: fold(typed.slice(start)).trimStart() }))
    .filter(({ start, tail }) => tail && !(LINKS.has(tail.trim()) && start > 0));
}

/**
 * 0: it does not match; more is better.
 * @param {Option} option
 * @param {string} tail
 */
function qualityOf({ words, group }, tail) {
  if (group === "tags" && words === tail.trimEnd()) return 0; // typed already
  if (words.startsWith(tail)) return group === "tags" || group === "captioned" ? 1 : 3;
  if (words.includes(` ${tail}`)) return group === "tags" ? 0 : 2;
  return CJK.test(tail) && words.includes(tail.trim()) ? 1 : 0;
}
