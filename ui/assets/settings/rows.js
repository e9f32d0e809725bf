// @ts-check
// The rows of the settings: a name, a sentence, a control, and what became of a change.
import { el, fill, say } from "../dom.js";
import { t } from "../i18n.js";

/**
 * What the album lets a person choose; `options` empty: any text that fits.
 * @typedef {{name: string, value: string, running: string, options: string[],
 *   fixed_by: string | null, chosen: boolean, waits: boolean}} Choice
 */

let numbers = 0;

export class Row {
  /**
   * @param {string} title
   * @param {string} text one sentence that explains it
   */
  constructor(title, text) {
    numbers += 1;
    this.id = `setting-${numbers}`;
    this.place = el("div", { class: "setting-control" });
    this.status = el("p", { class: "setting-status", role: "status" });
    this.node = el("div", { class: "setting", role: "group", "aria-labelledby": this.id, "aria-describedby": `${this.id}-text` },
      el("div", { class: "setting-words" },
        el("h3", { id: this.id }, title), el("p", { id: `${this.id}-text`, class: "quiet" }, text)),
      this.place, this.status);
  }

  /**
   * @param {string} text
   * @param {boolean} [bad]
   */
  tell(text, bad = false) {
    this.status.classList.toggle("bad", bad);
    this.status.classList.remove("fixed");
    say(this.status, text);
  }
}

/**
 * A few words beside each other, of which one is chosen.
 * @param {Row} row
 * @param {[string, string][]} options value and label
 * @param {string} value
 * @param {(value: string) => void} chosen
 */
export function words(row, options, value, chosen) {
  const inputs = options.map(([each, label]) => {
    const input = el("input", {
      type: "radio", name: row.id, value: each, checked: each === value, onchange: () => chosen(each),
    });
    return el("label", {}, input, el("span", {}, label));
  });
  fill(row.place, el("div", { class: "words", role: "radiogroup", "aria-labelledby": row.id }, ...inputs));
}

/**
 * One of many.
 * @param {Row} row
 * @param {[string, string][]} options value and label
 * @param {string} value
 * @param {(value: string) => void} chosen
 */
export function list(row, options, value, chosen) {
  const select = el("select", {
    "aria-labelledby": row.id, onchange: () => chosen(select.value),
  }, ...options.map(([each, label]) => el("option", { value: each, selected: each === value }, label)));
  fill(row.place, select);
}

const NIGHT = "22:00-07:00";

/**
 * Any hour, or a span of them.
 * @param {Row} row
 * @param {string} value "22:00-07:00" or ""
 * @param {(value: string) => void} chosen
 */
export function hours(row, value, chosen) {
  const [, from, to] = /^(\S+?)\s*[-–]\s*(\S+)$/.exec(value || NIGHT) ?? ["", "22:00", "07:00"];
  const time = (/** @type {string} */ name, /** @type {string} */ moment) => el("input", {
    type: "time", required: true, "aria-label": name, value: clock(moment), onchange: () => changed(),
  });
  const begin = time(t("From"), from);
  const end = time(t("Until"), to);
  const span = el("span", { class: "span" }, begin, el("span", { "aria-hidden": "true" }, "–"), end);
  const when = el("select", { "aria-labelledby": row.id, onchange: () => changed() },
    el("option", { value: "", selected: !value }, t("At any hour")),
    el("option", { value: "span", selected: Boolean(value) }, t("Only between")));
  const changed = () => {
    span.hidden = !when.value;
    if (!when.value) chosen("");
    else if (begin.value && end.value) chosen(`${begin.value}-${end.value}`);
  };
  span.hidden = !value;
  fill(row.place, when, span);
}

/** "7" and "7:30" as an input of time wants them. @param {string} text */
function clock(text) {
  const [hour, minute = "00"] = text.split(":");
  return `${(Number(hour) % 24).toString().padStart(2, "0")}:${minute}`;
}
