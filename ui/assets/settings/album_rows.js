// @ts-check
// The settings of the album, which everybody who uses it shares.
import { api } from "../api.js";
import { t } from "../i18n.js";
import { period } from "../indexing/standing.js";
import { count, counted } from "../words.js";
import { Row, hours, list, words } from "./rows.js";

/** @typedef {import("./rows.js").Choice} Choice */
/** @typedef {(value: string) => string} Label what people call a value */

/** @type {Label} */
const asIs = (value) => value;

/** @type {(labels: Record<string, string>) => Label} */
const named = (labels) => (value) => t(labels[value] ?? value);

/** @type {Label} */
const language = (value) => t(value);

/** @type {Label} */
const threads = (value) => value === "0" ? t("As many as it likes") : count(Number(value));

/** @type {Label} */
const often = (value) => value === "0" ? t("Only at the start")
  : t("Every {time}", { time: period(Number(value)) });

/** @type {Label} */
const atATime = (value) => counted(Number(value), "photo", "photos");

/**
 * Each with its title, its sentence, and how it is chosen.
 * @type {Record<string, {title: string, text: string, label: Label, kind: "words" | "list" | "hours"}>}
 */
export const ALBUM_ROWS = {
  strictness: {
    title: "Strictness", kind: "words", label: named({ strict: "Strict", normal: "Normal", lenient: "Lenient" }),
    text: "How much like your words a photo must be to be shown: strict shows fewer and surer ones, lenient more.",
  },
  hemisphere: {
    title: "Seasons", kind: "words", label: named({ north: "Northern", south: "Southern" }),
    text: "Where you live, for searches such as “last summer”: in the north it begins in June, in the south in December.",
  },
  captioner: {
    title: "Who writes captions", kind: "words", label: named({ auto: "Automatic", basic: "Quick guesses only" }),
    text: "Automatic writes quick guesses at once, then better captions with Qwen3-VL where it is on this machine. Captions of the old one stay until there is a better one.",
  },
  caption_language: {
    title: "Language of captions", kind: "list", label: language,
    text: "What the large model writes in. Captions in another language stay until the new ones are there, and what you wrote stays for good. The built-in search understands English best.",
  },
  caption_hours: {
    title: "Hours of captions", kind: "hours", label: asIs,
    text: "When the large model may write, such as only at night. Photos are read and found at any hour.",
  },
  caption_threads: {
    title: "Threads of the caption model", kind: "list", label: threads,
    text: "How much of the processor it may use; fewer leave more for your other work.",
  },
  rescan_minutes: {
    title: "Look for new photos", kind: "list", label: often,
    text: "How often your folders are looked through. Uploads need no look.",
  },
  workers: {
    title: "Photos read at a time", kind: "list", label: atATime,
    text: "More bring a large folder in sooner, and take more of the processor and memory meanwhile.",
  },
};

export class AlbumRow {
  /** @param {string} name one of ALBUM_ROWS */
  constructor(name) {
    this.name = name;
    this.about = ALBUM_ROWS[name];
    this.row = new Row(t(this.about.title), t(this.about.text));
    this.node = this.row.node;
    this.asked = 0;
  }

  /** @param {Choice} choice */
  draw(choice) {
    this.choice = choice;
    const { kind, label } = this.about;
    const chosen = (/** @type {string} */ value) => this.#choose(value);
    /** @type {[string, string][]} */
    const options = choice.options.map((value) => [value, label(value)]);
    if (kind === "words") words(this.row, options, choice.value, chosen);
    else if (kind === "list") list(this.row, options, choice.value, chosen);
    else hours(this.row, choice.value, chosen);
    for (const control of this.row.place.querySelectorAll("input, select")) {
      /** @type {HTMLInputElement} */ (control).disabled = Boolean(choice.fixed_by);
    }
    this.#note("");
  }

  /** @param {string} saved what to say before what is to be known of it */
  #note(saved) {
    const { fixed_by: fixed, waits } = /** @type {Choice} */ (this.choice);
    if (fixed === "--demo") this.row.tell(t("The demo album has a captioner of its own."));
    else if (fixed) this.row.tell(t("Set on the command line ({flag}), which wins over this page.", { flag: fixed }));
    else if (waits) this.row.tell([saved, t("Used from the next start of the program.")].filter(Boolean).join(" "));
    else this.row.tell(saved);
    this.row.status.classList.toggle("fixed", Boolean(fixed));
  }

  /** @param {string} value */
  async #choose(value) {
    const mine = this.asked += 1;
    try {
      const choice = await api.choose(this.name, value);
      if (mine !== this.asked) return; // another was chosen meanwhile
      this.choice = choice;
      this.#note(t("Saved."));
    } catch (error) {
      if (mine !== this.asked) return;
      const message = /** @type {Error} */ (error).message;
      if (this.choice) this.#back(this.choice);
      this.row.tell(message, true);
    }
  }

  /** Show again what counts; whoever chose by keyboard is kept where they are. @param {Choice} choice */
  #back(choice) {
    const inside = this.row.place.contains(document.activeElement);
    this.draw(choice);
    const control = this.row.place.querySelector("input:checked, select, input");
    if (inside) /** @type {HTMLElement | null} */ (control)?.focus();
  }
}
