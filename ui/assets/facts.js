// @ts-check
// What is known of a photo besides its caption: when, where, with what, which file.
import { el, icon } from "./dom.js";
import { t } from "./i18n.js";
import { copyPath } from "./photo/taking.js";
import { count, moment, size } from "./words.js";

/** @typedef {import("./api.js").Photo} Photo */
/**
 * @typedef {{folder: (folder: string) => void, tell: (news: string) => void,
 *   map?: (photo: Photo) => HTMLElement | null}} Listeners
 *   folder: what else is in it; tell: what came of a button; map: where the photo was
 *   taken, if there is a picture of that
 */

/**
 * What the file says, one line each.
 * @param {Photo} photo
 * @param {Listeners} listeners
 * @returns {HTMLElement[]}
 */
export function facts(photo, { folder: look, tell, map = () => null }) {
  const taken = photo.taken_at ? moment(photo.taken_at) : null;
  const file = moment(photo.sort_at);
  const lines = [
    taken
      ? fact("calendar", taken.day, taken.time)
      : fact("calendar", file.day, t("date of the file; the photo carries none")),
    photo.place || photo.latitude !== null
      ? fact("place", photo.place ?? "", coordinates(photo))
      : null,
    onMap(photo, map),
    photo.camera ? fact("camera", photo.camera, photo.lens ?? "") : null,
    fact("picture", `${count(photo.width)} × ${count(photo.height)}`,
      `${photo.format} · ${size(photo.size_bytes)}`),
    fact("file", photo.name, "", copyPath(photo, tell)),
    photo.folder ? folder(photo.folder, look) : null,
    photo.description ? fact("info", photo.description, t("written in the file")) : null,
    photo.keywords.length ? fact("tag", photo.keywords.join(", "), "") : null,
  ];
  return lines.filter((line) => line !== null);
}

/** @param {Photo} photo */
const coordinates = ({ latitude, longitude }) =>
  latitude === null || longitude === null
    ? ""
    : `${latitude.toFixed(4)}, ${longitude.toFixed(4)}`;

/**
 * @param {Parameters<typeof icon>[0]} sign
 * @param {string} first
 * @param {string} second
 * @param {HTMLElement} [beside]
 */
const fact = (sign, first, second, beside) =>
  el("li", {}, icon(sign),
    el("span", {}, first && el("b", {}, first), second && el("small", {}, second)), beside);

/** @param {Photo} photo @param {(photo: Photo) => HTMLElement | null} map */
function onMap(photo, map) {
  const drawn = photo.latitude === null ? null : map(photo);
  return drawn && el("li", { class: "fact-map" }, drawn);
}

/**
 * @param {string} name
 * @param {(folder: string) => void} look
 */
const folder = (name, look) =>
  el("li", {}, icon("folder"), el("span", {}, el("button", {
    class: "link fact-link", type: "button", title: t("Search in this folder"), onclick: () => look(name),
  }, t("In folder {name}", { name }))));
