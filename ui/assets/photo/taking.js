// @ts-check
// Taking something along: the file, with its position or without, or where it lies.
import { api, downloadAddress } from "../api.js";
import { el, icon } from "../dom.js";
import { t } from "../i18n.js";

/** @typedef {import("../api.js").Photo} Photo */

/**
 * The ways to save a photo.
 * @param {Photo} photo
 * @param {(news: string) => void} tell
 * @returns {HTMLElement[]}
 */
export function downloads(photo, tell) {
  if (photo.missing) {
    return [el("p", { class: "quiet" },
      t("The file is not where it was; it may be on a disk that is not connected."))];
  }
  const whole = el("a", {
    class: "button wide", href: downloadAddress(photo.id), download: photo.name, "data-key": "d",
  }, icon("download", 18), t("Download original"));
  if (photo.latitude === null) return [whole];
  return [whole, el("button", {
    class: "button wide", type: "button", onclick: () => saveWithoutLocation(photo, tell),
  }, icon("placeless", 18), t("Download without its location"))];
}

/**
 * @param {Photo} photo
 * @param {(news: string) => void} tell
 */
async function saveWithoutLocation(photo, tell) {
  tell("");
  try {
    await api.checkDownload(photo.id);
  } catch (error) {
    tell(/** @type {Error} */ (error).message);
    return;
  }
  el("a", { href: downloadAddress(photo.id, false), download: photo.name }).click();
  tell(t("Saved without its location."));
}

/**
 * A button that copies the place of a photo's file in the album.
 * @param {Photo} photo
 * @param {(news: string) => void} tell
 */
export function copyPath(photo, tell) {
  const path = photo.folder ? `${photo.folder}/${photo.name}` : photo.name;
  const label = t("Copy the folder and name");
  return el("button", {
    class: "icon-button copy-path", type: "button", "aria-label": label, title: label,
    onclick: async (/** @type {MouseEvent} */ event) => {
      await copy(path, /** @type {HTMLElement} */ (event.currentTarget));
      tell(t("Copied: {path}", { path }));
    },
  }, icon("copy", 16));
}

/**
 * @param {string} text
 * @param {HTMLElement} near within a dialog, only what is in there can be selected
 */
async function copy(text, near) {
  try {
    await navigator.clipboard.writeText(text);
  } catch { // not at an address without https
    const box = el("textarea", { class: "copied", readonly: true });
    box.value = text;
    near.after(box);
    box.select();
    document.execCommand("copy");
    box.remove();
    near.focus();
  }
}
