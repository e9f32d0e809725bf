// @ts-check
// One file in the tray.
import { el, fill, icon } from "../dom.js";
import { t } from "../i18n.js";
import { photoOf } from "./item.js";

/** @typedef {import("./item.js").Item} Item */

export class Row {
  /**
   * @param {Item} item
   * @param {{open: (id: number) => void, retry: (item: Item) => void}} listeners
   */
  constructor(item, listeners) {
    this.item = item;
    this.image = el("span", { class: "tray-image" }, icon("picture", 18));
    this.text = el("span", { class: "tray-state" });
    this.bar = el("progress", { max: "1", "aria-label": item.file.name, hidden: true });
    this.again = el("button", {
      class: "link", type: "button", hidden: true, onclick: () => listeners.retry(item),
    }, t("Try again"));
    this.show = el("button", {
      class: "link", type: "button", hidden: true, onclick: () => listeners.open(photoOf(item) ?? 0),
    }, t("Show"));
    for (const button of [this.again, this.show]) {
      button.setAttribute("aria-label", `${button.textContent}: ${item.file.name}`);
    }
    const name = el("span", { class: "tray-name", title: item.file.name }, item.file.name);
    this.node = el("li", {}, this.image,
      el("div", { class: "tray-about" }, name, this.text, this.bar), this.again, this.show);
    this.shown = "";
    this.photo = 0;
  }

  draw() {
    const { state, sent, again } = this.item;
    const photo = photoOf(this.item);
    const text = textOf(this.item);
    const looks = [state, text, again, photo].join("|");
    if (state === "sending") this.bar.value = sent;
    if (looks === this.shown) return;
    this.shown = looks;
    this.node.dataset.state = state;
    this.text.textContent = text;
    this.bar.hidden = state !== "sending";
    this.again.hidden = !again;
    this.show.hidden = !photo;
    if (photo && photo !== this.photo) {
      this.photo = photo;
      fill(this.image, el("img", { src: `/t/${photo}`, alt: "", loading: "lazy" }));
    }
  }
}

/** @param {Item} item */
function textOf({ state, sent, reason, twin }) {
  if (state === "sending") return sent < 1 ? `${Math.floor(sent * 100)} %` : t("Storing…");
  if (state === "failed") return reason;
  if (state === "waiting") return t("Waiting");
  if (state === "stored") return t("Reading…");
  if (state === "stopped") return t("Not sent");
  if (state === "duplicate") return twin ? t("The same as another one of these") : t("Already here");
  return t("Added – described in a moment");
}
