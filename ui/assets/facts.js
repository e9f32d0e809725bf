// @ts-check
// What is known of a photo besides its caption: when, where, with what, which file.
import { el, icon } from "./dom.js";
import { count, moment, size } from "./words.js";

/** @typedef {import("./api.js").Photo} Photo */

/**
 * What the file says, one line each.
 * @param {Photo} photo
 * @param {(folder: string) => void} look what else is in a folder
 * @returns {HTMLElement[]}
 */
export function facts(photo, look) {
  const taken = photo.taken_at ? moment(photo.taken_at) : null;
  const file = moment(photo.sort_at);
  const lines = [
    taken
      ? fact("calendar", taken.day, taken.time)
      : fact("calendar", file.day, "date of the file; the photo carries none"),
    photo.place || photo.latitude !== null
      ? fact("place", photo.place ?? "", coordinates(photo))
      : null,
    photo.camera ? fact("camera", photo.camera, photo.lens ?? "") : null,
    fact("picture", `${count(photo.width)} × ${count(photo.height)}`,
      `${photo.format} · ${size(photo.size_bytes)}`),
    fact("file", photo.name, ""),
    photo.folder ? folder(photo.folder, look) : null,
    photo.description ? fact("info", photo.description, "written in the file") : null,
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
 */
const fact = (sign, first, second) =>
  el("li", {}, icon(sign), el("span", {}, first && el("b", {}, first), second && el("small", {}, second)));

/**
 * @param {string} name
 * @param {(folder: string) => void} look
 */
const folder = (name, look) =>
  el("li", {}, icon("folder"), el("span", {}, el("button", {
    class: "link fact-link", type: "button", title: "Search in this folder", onclick: () => look(name),
  }, `In folder ${name}`)));
