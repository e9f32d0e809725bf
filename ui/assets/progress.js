// @ts-check
// The quiet line under the header: how far the indexing is, and what to know of it.
import { api } from "./api.js";
import { el, fill } from "./dom.js";
import { count, counted, duration } from "./words.js";

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
};

export class Banner {
  /**
   * @param {HTMLElement} place
   * @param {(progress: Progress) => void} changed
   */
  constructor(place, changed) {
    this.place = place;
    this.changed = changed;
    this.timer = 0;
    this.line = el("span", { class: "banner-text" });
    this.bar = el("progress", { class: "banner-bar", "aria-label": "Indexing" });
    this.now = el("span", { class: "banner-now" });
    this.button = el("button", { class: "small-button", type: "button" });
    this.failed = el("button", { class: "link", type: "button", onclick: showFailures });
    this.work = el("div", { class: "banner-work" },
      this.line, this.bar, this.now, this.button);
    this.notice = el("p", { class: "banner-notice" });
    /** @type {Progress | null} */
    this.last = null;
    fill(place, this.work, el("div", { class: "banner-notes" }, this.notice, this.failed));
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
    const busy = this.last?.busy && !this.last.paused;
    this.timer = window.setTimeout(() => this.#look(), busy ? BUSY_MS : IDLE_MS);
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
    this.notice.textContent = text;
    this.notice.hidden = false;
    this.failed.hidden = true;
    this.last = null;
  }

  /** @param {Progress} progress */
  #draw(progress) {
    const { busy, paused, done, total, failed, notice } = progress;
    this.work.hidden = !(busy || paused);
    this.line.textContent = paused ? "Paused" : STAGES[progress.stage] ?? "Indexing";
    this.bar.hidden = total === 0;
    this.bar.max = Math.max(total, 1);
    this.bar.value = done;
    this.now.textContent = total ? figures(progress) : "";
    this.now.title = progress.current ?? "";
    this.button.textContent = paused ? "Resume" : "Pause";
    this.notice.textContent = notice ?? "";
    this.notice.hidden = !notice;
    this.failed.textContent = `${counted(failed, "file", "files")} could not be read`;
    this.failed.hidden = failed === 0;
    this.place.hidden = !(busy || paused || notice || failed);
    this.last = progress;
    this.changed(progress);
  }
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

async function showFailures() {
  const list = el("ul", { class: "failures" });
  const close = () => dialog.close();
  const dialog = el("dialog", { class: "sheet", "aria-label": "Files that could not be read" },
    el("h2", {}, "Files that could not be read"),
    el("p", {}, "The files are untouched. Each is tried again when it changes."),
    list,
    el("button", { class: "button", type: "button", onclick: close }, "Close"));
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  try {
    const { total, files } = await api.failures();
    list.append(...files.map((file) =>
      el("li", {}, el("b", {}, file.name), el("span", {}, file.reason),
        el("small", {}, `${file.folder} · ${counted(file.attempts, "try", "tries")}`))));
    if (total > files.length) list.append(el("li", {}, `and ${count(total - files.length)} more`));
  } catch (error) {
    list.append(el("li", {}, /** @type {Error} */ (error).message));
  }
}
