// @ts-check
// The quiet line under the header: how far the indexing is, and what to know of it.
import { api } from "./api.js";
import { el, fill, follow, say } from "./dom.js";
import { t } from "./i18n.js";
import { count, duration } from "./words.js";

const BUSY_MS = 2000;
const IDLE_MS = 15000;

/** @typedef {import("./api.js").Progress} Progress */

/** @type {Record<string, string>} */
const STAGES = {
  scan: "Looking through your folders",
  find: "Looking through your folders",
  read: "Reading photos",
  caption: "Describing photos",
  embed: "Preparing the search",
  learn: "Learning a new text model",
};

export class Banner {
  /**
   * @param {HTMLElement} place
   * @param {{changed: (progress: Progress) => void, details: (at: string) => void,
   *   awaits: () => boolean}} listeners details: the view with all of it is wanted;
   *   awaits: whether a caption is waited for
   */
  constructor(place, listeners) {
    this.place = place;
    this.listeners = listeners;
    this.timer = 0;
    this.line = el("span", { class: "banner-text", role: "status" });
    this.bar = el("progress", { class: "banner-bar", "aria-label": t("Indexing") });
    this.now = el("span", { class: "banner-now" });
    this.button = el("button", { class: "small-button", type: "button" });
    this.more = el("a", {
      class: "link", href: "/?view=indexing", onclick: follow(() => this.#details()),
    });
    this.work = el("div", { class: "banner-work" },
      this.line, this.bar, this.now, this.button);
    this.waits = el("p", { class: "banner-notice", role: "status" });
    this.notice = el("p", { class: "banner-notice", role: "status" });
    /** @type {Progress | null} */
    this.last = null;
    /** @type {((progress: Progress) => void)[]} */
    this.watchers = [];
    fill(place, this.work, el("div", { class: "banner-notes" }, this.waits, this.notice, this.more));
    this.button.addEventListener("click", () => this.#toggle());
    document.addEventListener("visibilitychange", () => this.soon());
    this.#look();
  }

  /** Look again now, after something was brought in. */
  async soon() {
    window.clearTimeout(this.timer);
    if (!document.hidden) await this.#look();
  }

  /** Hear of every look. @param {(progress: Progress) => void} hear */
  watch(hear) {
    this.watchers.push(hear);
    if (this.last) hear(this.last);
  }

  #details() {
    this.listeners.details(this.last?.failed ? "failures" : "");
  }

  async #look() {
    try {
      this.#draw(await api.progress());
    } catch (error) {
      this.#trouble(/** @type {Error} */ (error).message);
    }
    window.clearTimeout(this.timer);
    if (document.hidden) return;
    const { busy = false, paused = false, waits = null } = this.last ?? {};
    const soon = !paused && (busy || (!waits && this.listeners.awaits()));
    this.timer = window.setTimeout(() => this.#look(), soon ? BUSY_MS : IDLE_MS);
  }

  async #toggle() {
    this.button.disabled = true;
    try {
      this.#draw(await (this.last?.paused ? api.resume() : api.pause()));
    } catch (error) {
      this.#trouble(/** @type {Error} */ (error).message);
    }
    this.button.disabled = false;
    this.soon();
  }

  /** @param {string} text */
  #trouble(text) {
    this.place.hidden = false;
    this.work.hidden = true;
    this.waits.hidden = true;
    say(this.notice, text);
    this.notice.hidden = false;
    this.more.hidden = true;
    this.last = null;
  }

  /** @param {Progress} progress */
  #draw(progress) {
    const { busy, paused, done, total, failed, notice } = progress;
    const waits = paused ? null : progress.waits;
    this.work.hidden = !(busy || paused);
    say(this.line, doing(progress));
    this.bar.hidden = total === 0;
    this.bar.max = Math.max(total, 1);
    this.bar.value = done;
    this.now.textContent = total ? figures(progress) : "";
    this.now.title = progress.current ?? "";
    this.button.textContent = paused ? t("Resume") : t("Pause");
    say(this.waits, waits ?? "");
    this.waits.hidden = !waits;
    say(this.notice, notice ?? "");
    this.notice.hidden = !notice;
    say(this.more, failed ? t("{n} could not be read or described", { n: count(failed) }) : t("Details"));
    this.more.hidden = false;
    this.place.hidden = !(busy || paused || notice || failed);
    this.last = progress;
    this.listeners.changed(progress);
    for (const hear of this.watchers) hear(progress);
  }
}

/** What is being done now. @param {Progress} progress */
export function doing({ stage, paused, waits }) {
  if (paused) return t("Paused");
  if (waits && (!stage || stage === "caption")) return t("Waiting");
  return t(STAGES[stage] ?? "Indexing");
}

/** @param {Progress} progress */
export function figures({ done, total, per_minute: rate, eta_s: eta, current, paused }) {
  const parts = [t("{n} of {total}", { n: count(done), total: count(total) })];
  if (rate && !paused) {
    const each = rate < 10 ? Math.round(rate * 10) / 10 : Math.round(rate);
    parts.push(t("{n} a minute", { n: count(each) }));
  }
  if (eta && !paused) parts.push(t("{time} left", { time: duration(eta) }));
  if (current && !paused) parts.push(current);
  return parts.join(" · ");
}
