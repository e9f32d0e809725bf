// @ts-check
// The card that says what is being done, how far it is, and lets it be paused.
import { el, fill, say } from "../dom.js";
import { t } from "../i18n.js";
import { doing, figures } from "../progress.js";

/** @typedef {import("../api.js").Progress} Progress */

export class WorkCard {
  /** @param {() => void} toggle pause, or go on */
  constructor(toggle) {
    this.line = el("h2", {});
    this.bar = el("progress", { "aria-label": t("Indexing") });
    this.now = el("p", { class: "numbers" });
    this.notes = el("div", { class: "notes" });
    this.pause = el("button", { class: "button", type: "button", onclick: toggle });
    this.status = el("p", { role: "status", class: "sheet-status" });
    this.node = el("section", { class: "card wide work" },
      el("div", { class: "card-head" }, this.line, this.pause),
      this.bar, this.now, this.notes, this.status);
  }

  /** @param {Progress} progress */
  draw(progress) {
    const { busy, paused, done, total } = progress;
    say(this.line, busy || paused ? doing(progress) : total ? t("Everything is up to date") : t("No photos yet"));
    this.bar.max = Math.max(total, 1);
    this.bar.value = done;
    this.now.textContent = total ? figures(progress) : "";
    say(this.pause, paused ? t("Resume") : t("Pause"));
    this.pause.classList.toggle("primary", paused);
    this.#note(progress);
  }

  /** @param {Progress} progress */
  #note({ paused, waits, notice }) {
    const notes = [
      paused && t("Paused: nothing is read or described until you resume, also after a restart."),
      !paused && waits, notice,
    ].filter((note) => typeof note === "string");
    const shown = [...this.notes.children].map((note) => note.textContent);
    if (notes.join("\n") !== shown.join("\n")) fill(this.notes, ...notes.map((note) => el("p", {}, note)));
  }
}
