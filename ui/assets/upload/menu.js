// @ts-check
// The ways files are chosen: the menu at the Upload button, and its inputs.
import { el, icon } from "../dom.js";
import { t } from "../i18n.js";
import { picked } from "./folders.js";

/** @typedef {import("./folders.js").Found} Found */

const PICTURES = "image/*,.heic,.heif,.avif";

export class UploadMenu {
  /** @param {(found: Found) => void} chosen */
  constructor(chosen) {
    const all = (/** @type {Iterable<File>} */ files) => ({ files: [...files], skipped: 0 });
    this.photos = input("upload-input", { multiple: true, accept: PICTURES }, (files) => chosen(all(files)));
    this.folder = input("folder-input", { webkitdirectory: true }, (files) => chosen(picked(files)));
    this.camera = input("camera-input", { accept: "image/*", capture: "environment" }, (files) => chosen(all(files)));
    this.node = el("div", { id: "upload-menu", popover: "auto" },
      this.#item("picture", t("Choose photos"), this.photos),
      "webkitdirectory" in this.folder && this.#item("folder", t("Choose a folder"), this.folder),
      this.#item("camera", t("Take a photo"), this.camera, "by-touch"));
    document.body.append(this.node, this.photos, this.folder, this.camera);
    const button = /** @type {HTMLButtonElement | null} */ (document.getElementById("upload-button"));
    button?.setAttribute("aria-haspopup", "true");
    if (button) button.popoverTargetElement = this.node;
    this.node.addEventListener("beforetoggle", () => {
      const { right, bottom } = button?.getBoundingClientRect() ?? { right: 0, bottom: 0 };
      const edge = document.documentElement.clientWidth - right;
      this.node.style.inset = `${bottom + 6}px ${Math.max(edge, 10)}px auto auto`;
    });
  }

  /** Let a person choose files. */
  choose() {
    this.photos.click();
  }

  /**
   * @param {"picture" | "folder" | "camera"} image
   * @param {string} label
   * @param {HTMLInputElement} opens
   * @param {string} [kind]
   */
  #item(image, label, opens, kind) {
    const open = () => {
      this.node.hidePopover();
      opens.click();
    };
    return el("button", { type: "button", class: kind, onclick: open }, icon(image, 18), el("span", {}, label));
  }
}

/**
 * @param {string} id
 * @param {Record<string, any>} attributes
 * @param {(files: FileList) => void} chosen
 */
function input(id, attributes, chosen) {
  const node = el("input", { type: "file", id, hidden: true, ...attributes });
  node.addEventListener("change", () => {
    if (node.files?.length) chosen(node.files);
    node.value = "";
  });
  return node;
}
