// @ts-check
// The quiet line under the header: how far the indexing is, and what to know of it.
import { api } from "./api.js";
import { el, fill, say } from "./dom.js";
import { Indexing } from "./indexing.js";
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
   * @param {{changed: (progress: Progress) => void, open: (id: number) => void,
   *   awaits: () => boolean}} listeners awaits: whether a caption is waited for
   */
  constructor(place, listeners) {
    this.place = place;
    this.listeners = listeners;
    this.timer = 0;
    this.sheet = new Indexing({ open: listeners.open, retried: () => this.soon() });
    this.line = el("span", { class: "banner-text", role: "status" });
    this.bar = el("progress", { class: "banner-bar", "aria-label": "Indexing" });
    this.now = el("span", { class: "banner-now" });
    this.button = el("button", { class: "small-button", type: "button" });
    this.more = el("button", {
      class: "link", type: "button", "aria-haspopup": "dialog", onclick: () => this.sheet.show(),
    });
    this.work = el("div", { class: "banner-work" },
      this.line, this.bar, this.now, this.button);
    this.waits = el("p", { class: "banner-notice", role: "status" });
    this.notice = el("p", { class: "banner-notice", role: "status" });
    /** @type {Progress | null} */
    this.last = null;
    fill(place, this.work, el("div", { class: "banner-notes" }, this.waits, this.notice, this.more));
    this.button.addEventListener("click", () => this.#toggle());
    document.addEventListener("visibilitychange", () => this.soon());
    this.#look();
  }

  /** Look again now, after something was brought in. */
  soon() {
    window.clearTimeout(this.timer);
    if (!document.hidden) this.#look();
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
    this.button.textContent = paused ? "Resume" : "Pause";
    say(this.waits, waits ?? "");
    this.waits.hidden = !waits;
    say(this.notice, notice ?? "");
    this.notice.hidden = !notice;
    say(this.more, failed ? `${count(failed)} could not be read or described` : "Details");
    this.more.hidden = false;
    this.place.hidden = !(busy || paused || notice || failed);
    this.last = progress;
    this.sheet.progressed(progress);
    this.listeners.changed(progress);
  }
}

/** What is being done now. @param {Progress} progress */
function doing({ stage, paused, waits }) {
  if (paused) return "Paused";
  if (waits && (!stage || stage === "caption")) return "Waiting";
  return STAGES[stage] ?? "Indexing";
}

/** @param {Progress} progress */
function figures({ done, total, per_minute: rate, eta_s: eta, current, paused }) {
  const parts = [`${count(done)} of ${count(total)}`];
  if (rate && !paused) {
    const each = rate < 10 ? Math.round(rate * 10) / 10 : Math.round(rate);
    parts.push(`${count(each)} a minute`);
  }
  if (eta && !paused) parts.push(`${duration(eta)} left`);
  if (current && !paused) parts.push(current);
  return parts.join(" · ");
}
