// @ts-check
// Filters in a sentence: which it holds, with one more or less, and without any.
import { without } from "../chips.js";

/** @typedef {import("../api.js").Chip} Chip */
/** @typedef {import("../suggest/options.js").Option} Option */
/** @typedef {{text: string, chips: Chip[] | null}} Sentence
 *   `chips`: as the album understood this very text; null: it has not said so yet */

const FILTERS = new Set(["date", "place", "camera", "folder", "kind", "favourite", "captioned"]);
const DAY = "(\\d{4}-\\d\\d-\\d\\d)";
const RANGE = new RegExp(`^(?:from ${DAY} to ${DAY}|since ${DAY}|until ${DAY})$`, "i");
const YEAR = /^(?:in )?\d{4}$/i;

/** Spaces as the album has them. @param {string} text */
export const tidy = (text) => text.normalize("NFC").split(/\s+/).filter(Boolean).join(" ");

/** What a chip stands for. @param {string} text @param {Chip} chip */
const said = (text, { start, end }) => Array.from(text).slice(start, end).join("");

/** Those of its chips that are filters. @param {Sentence} sentence */
export const filtersOf = ({ chips }) => (chips ?? []).filter((chip) => FILTERS.has(chip.kind));

/**
 * The chips that say what an option says.
 * @param {Sentence} sentence
 * @param {Option} option
 */
const chipsOf = ({ chips }, option) => (chips ?? []).filter((chip) =>
  chip.kind === option.chip && option.chipLabels.includes(chip.label));

/** @type {(sentence: Sentence, option: Option) => boolean} */
export const isPressed = (sentence, option) => (sentence.chips
  ? chipsOf(sentence, option).length > 0
  : ` ${sentence.text} `.includes(` ${option.phrase} `));

/**
 * The sentence with an option, or without it if it has it.
 * @param {Sentence} sentence
 * @param {Option} option
 */
export function toggled(sentence, option) {
  if (!isPressed(sentence, option)) {
    const free = option.group === "years" ? less(sentence, rangesOf(sentence)) : sentence.text;
    return tidy(`${free} ${option.phrase}`);
  }
  if (sentence.chips) return less(sentence, chipsOf(sentence, option));
  return tidy(` ${sentence.text} `.replace(` ${option.phrase} `, " "));
}

/** The words alone. @param {Sentence} sentence */
export const unfiltered = (sentence) => less(sentence, filtersOf(sentence));

/**
 * The first and the last day that the sentence says, "" for none.
 * @param {Sentence} sentence
 */
export function daysOf(sentence) {
  const [chip] = rangesOf(sentence);
  const days = chip ? RANGE.exec(said(sentence.text, chip)) : null;
  return { from: days?.[1] ?? days?.[3] ?? "", to: days?.[2] ?? days?.[4] ?? "" };
}

/**
 * The sentence with these days for its days and years.
 * @param {Sentence} sentence
 * @param {{from: string, to: string}} days
 */
export function within(sentence, { from, to }) {
  const years = (sentence.chips ?? []).filter((chip) =>
    chip.kind === "date" && YEAR.test(said(sentence.text, chip)));
  const rest = less(sentence, [...rangesOf(sentence), ...years]);
  const [first, last] = from && to && from > to ? [to, from] : [from, to];
  const phrase = first && last ? `from ${first} to ${last}`
    : first ? `since ${first}` : last ? `until ${last}` : "";
  return tidy(`${rest} ${phrase}`);
}

/** @param {Sentence} sentence */
const rangesOf = ({ text, chips }) => (chips ?? []).filter((chip) =>
  chip.kind === "date" && RANGE.test(said(text, chip)));

/**
 * @param {Sentence} sentence
 * @param {Chip[]} chips
 */
const less = ({ text }, chips) =>
  [...chips].sort((one, other) => other.start - one.start).reduce(without, text);
