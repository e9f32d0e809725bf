// @ts-check
// The list of keys, on "?" and from the menu.
import { el, icon } from "./dom.js";
import { t } from "./i18n.js";

/** Each key with what it does; texts are translated where they are shown.
 * @type {[string, [string, string][]][]} */
const KEYS = [
  ["Everywhere", [
    ["/", "Search"], ["Ctrl K", "Search"], ["Esc", "Close, or clear the search"],
    ["?", "This list"],
  ]],
  ["While searching", [
    ["↑ ↓", "Go through the suggestions"], ["Tab", "Take the suggestion and go on typing"],
    ["Delete", "Forget the recent search"],
  ]],
  ["Among photos", [
    ["← → ↑ ↓", "Go from photo to photo"], ["Enter", "Open the photo"],
    ["x", "Select the photo"], ["Shift x", "Select all up to the photo"],
    ["Ctrl A", "Select everything shown"], ["Esc", "Clear the selection"],
  ]],
  ["In a photo", [
    ["← →", "Previous and next photo"], ["i", "Show or hide what is known"],
    ["e", "Edit the caption"], ["f", "Favourite"], ["s", "Slideshow"],
    ["d", "Download original"], ["+ - 0", "Closer, further away, all of it"],
    ["Shift ← → ↑ ↓", "Another part of a large photo"],
  ]],
];

export class Help {
  constructor() {
    /** @type {HTMLDialogElement | null} made when it is first wanted */
    this.dialog = null;
    document.getElementById("keys-button")?.addEventListener("click", () => this.show());
    document.addEventListener("keydown", (event) => {
      const typing = /** @type {HTMLElement} */ (event.target).closest("input, textarea, select");
      if (event.key === "?" && !typing && !event.ctrlKey && !event.metaKey) this.show();
    });
  }

  show() {
    document.getElementById("menu")?.hidePopover();
    this.dialog ??= this.#make();
    if (!this.dialog.open) this.dialog.showModal();
  }

  #make() {
    const close = el("button", {
      class: "icon-button", type: "button", "aria-label": t("Close"), onclick: () => dialog.close(),
    }, icon("close", 20));
    const dialog = el("dialog", { class: "sheet", "aria-labelledby": "keys-title" },
      el("div", { class: "sheet-inside" },
        el("header", {}, el("h2", { id: "keys-title" }, t("Keyboard shortcuts")), close),
        el("div", { class: "keys" }, ...KEYS.map(([title, keys]) => group(title, keys)))));
    dialog.addEventListener("click", (event) => {
      if (event.target === dialog) dialog.close(); // beside the sheet
    });
    document.body.append(dialog);
    return dialog;
  }
}

/**
 * @param {string} title
 * @param {[string, string][]} keys
 */
const group = (title, keys) =>
  el("section", {}, el("h3", {}, t(title)),
    el("dl", {}, ...keys.flatMap(([key, does]) => [
      el("dt", {}, ...key.split(" ").map((one) => el("kbd", {}, one))), el("dd", {}, t(does)),
    ])));
