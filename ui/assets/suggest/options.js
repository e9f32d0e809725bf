// @ts-check
// What the album holds, as things to choose: how each is shown, found and written into
// the sentence. The sentence is the filter, so a choice is nothing but its phrase.
import { t } from "../i18n.js";
import { fold } from "./match.js";

/** @typedef {Record<string, [string, number][]>} Facets as /api/facets sends them */
/**
 * @typedef {"years" | "places" | "cameras" | "kinds" | "folders" | "favourites" |
 *   "captioned" | "tags"} Group
 * @typedef {{group: Group, value: string, label: string, detail: string, phrase: string, count: number,
 *   icon: Parameters<typeof import("../dom.js").icon>[0], chip: string,
 *   chipLabels: string[], words: string}} Option
 *   `detail`: where a folder lies; `chip` and `chipLabels`: as which chip the answer
 *   shows it; `words` for matching
 */

/** How the parser writes the kinds of pictures, and how it wants them written.
 * @type {Record<string, [label: string, phrase: string, chip: string]>} */
const KINDS = {
  photo: ["Photos only", "only photos", "photos"],
  screenshot: ["Screenshots", "screenshots", "screenshots"],
  panorama: ["Panoramas", "panoramas", "panoramas"],
  selfie: ["Selfies", "selfies", "selfies"],
  video: ["Videos", "videos", "videos"],
};

/** @type {Record<string, [label: string, phrase: string, chip: string]>} */
const CAPTIONED = {
  person: ["Captioned by you", "captioned by me", "captioned by you"],
  basic: ["Basic captions", "captioned by basic", "captioned by basic"],
  "not yet": ["Not captioned yet", "not captioned yet", "not captioned yet"],
  failed: ["Captioning failed", "captioning failed", "captioning failed"],
};

/** @type {Record<Group, string>} */
export const TITLES = {
  years: "Year", places: "Place", cameras: "Camera", kinds: "Kind", folders: "Folder",
  favourites: "Favourites", captioned: "Captions", tags: "Word",
};

/** What may be typed in English whatever the page's language is. @type {Set<Group>} */
const SPOKEN = new Set(["kinds", "favourites", "captioned"]);

/**
 * A name as the parser reads it exactly: in quotes, unless it is one plain word.
 * @param {string} kind
 * @param {string} name
 */
const exactly = (kind, name) =>
  /^[\p{L}\p{N}]+$/u.test(name) ? `${kind}:${name}` : `${kind}:"${name.replaceAll('"', " ")}"`;

/** @type {Record<string, (value: string) => Omit<Option, "count" | "value" | "words"> | null>} */
const MAKERS = {
  places: (value) => ({ ...named("place", "places", value), chipLabels: [value, value.split(",")[0]] }),
  countries: (value) => named("place", "places", value),
  cameras: (value) => named("camera", "cameras", value),
  years: (value) => ({
    group: "years", label: value, detail: "", phrase: `in ${value}`, icon: "calendar",
    chip: "date", chipLabels: [value],
  }),
  folders: (value) => ({
    ...named("folder", "folders", value),
    label: value.slice(value.lastIndexOf("/") + 1), detail: value.slice(0, Math.max(0, value.lastIndexOf("/"))),
  }),
  kinds: (value) => (KINDS[value] ? listed("kinds", "kind", "picture", KINDS[value]) : null),
  favourites: () => listed("favourites", "favourite", "star", ["Favourites", "favourites", "favourites"]),
  captioned: (value) => listed("captioned", "captioned", "edit", CAPTIONED[value] ??
    [t("Captioned by {model}", { model: value }), `captioned by "${value.replaceAll('"', " ")}"`, `captioned by ${value}`]),
  tags: (value) => ({
    group: "tags", label: value, detail: "", phrase: value, icon: "tag", chip: "", chipLabels: [],
  }),
};

/**
 * @param {"place" | "camera" | "folder"} kind
 * @param {Group} group
 * @param {string} value
 */
const named = (kind, group, value) => ({
  group, label: value, detail: "", phrase: exactly(kind, value), icon: kind, chip: kind,
  chipLabels: [value],
});

/**
 * @param {Group} group
 * @param {string} chip
 * @param {Option["icon"]} icon
 * @param {[label: string, phrase: string, chip: string]} told
 */
const listed = (group, chip, icon, [label, phrase, chipLabel]) =>
  ({ group, label: t(label), detail: "", phrase, icon, chip, chipLabels: [chipLabel] });

/** Everything there is to choose. @param {Facets} facets @returns {Option[]} */
export function optionsOf(facets) {
  return Object.entries(MAKERS).flatMap(([name, make]) =>
    (facets[name] ?? []).flatMap(([value, count]) => {
      const made = make(value);
      if (!made) return [];
      const spoken = SPOKEN.has(made.group) ? ` ${made.phrase}` : "";
      return [{ ...made, value, count, words: fold(`${made.label}${spoken}`) }];
    }));
}

/**
 * A few ideas for whoever has typed nothing yet.
 * @param {Option[]} options
 * @param {number} year
 * @returns {Option[]}
 */
export function ideasOf(options, year) {
  const first = (/** @type {Group} */ group, /** @type {number} */ most) =>
    options.filter((option) => option.group === group).slice(0, most);
  const years = [["This year", "this year", year], ["Last year", "last year", year - 1]];
  const recent = years.flatMap(([label, phrase, value]) =>
    options.filter((option) => option.group === "years" && option.value === String(value))
      .map((option) => ({ ...option, label: t(String(label)), phrase: String(phrase) })));
  return [...first("places", 3), ...recent, ...first("favourites", 1)];
}
