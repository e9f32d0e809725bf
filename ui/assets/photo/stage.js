// @ts-check
// The black stage: the picture, the buttons around it, and what is said of it.
import { el, fill, icon, say } from "../dom.js";
import { t } from "../i18n.js";

const NOTE_MS = 1400;
const READING_MS = 60; // a character

export class Stage {
  /**
   * @param {HTMLElement} favourite
   * @param {{step: (by: number) => void, close: () => void, zoom: () => void,
   *   play: () => void, panel: () => void}} listeners
   */
  constructor(favourite, listeners) {
    this.noted = 0;
    this.image = el("img", { class: "viewer-image", alt: "", draggable: "false" });
    this.previous = button("previous", t("Previous photo"), () => listeners.step(-1));
    this.next = button("next", t("Next photo"), () => listeners.step(1));
    this.trouble = el("p", { class: "viewer-trouble", role: "alert" });
    this.note = el("p", { class: "viewer-note", role: "status" });
    this.play = button("play", "", () => listeners.play());
    this.node = el("div", { class: "viewer-stage", tabindex: "-1", autofocus: true },
      this.image, this.trouble, this.note, this.previous, this.next,
      button("close", t("Close (Esc)"), () => listeners.close()),
      el("div", { class: "viewer-tools" },
        button("zoom", t("Closer, or all of it"), () => listeners.zoom()), this.play, favourite,
        button("info", t("Show or hide what is known"), () => listeners.panel())));
    this.plays(false);
  }

  /**
   * Which ways one can go.
   * @param {number} index -1: nowhere
   * @param {number} count
   */
  between(index, count) {
    this.previous.hidden = index <= 0;
    this.next.hidden = index < 0 || index >= count - 1;
  }

  /** @param {boolean} playing a slideshow */
  plays(playing) {
    fill(this.play, icon(playing ? "pause" : "play", 24));
    this.play.title = `${playing ? t("Pause") : t("Slideshow")} (s)`;
    this.play.setAttribute("aria-label", this.play.title);
  }

  /** @param {string} text shown for a moment */
  tell(text) {
    window.clearTimeout(this.noted);
    say(this.note, text);
    const long = Math.max(NOTE_MS, READING_MS * text.length);
    if (text) this.noted = window.setTimeout(() => say(this.note, ""), long);
  }
}

/**
 * @param {"previous" | "next" | "close" | "info" | "zoom" | "play"} name
 * @param {string} label
 * @param {() => void} act
 */
const button = (name, label, act) =>
  el("button", {
    class: `viewer-button viewer-${name}`, type: "button", "aria-label": label,
    title: label, onclick: act,
  }, icon(name, 26));
