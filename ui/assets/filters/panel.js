// @ts-check
// The filters: a button in the search box, and the panel that it opens. What is pressed
// there is written into the sentence, and what the sentence says is pressed.
import { el, icon } from "../dom.js";
import { t } from "../i18n.js";
import { Group } from "./group.js";
import { daysOf, filtersOf, isPressed, tidy, toggled, unfiltered, within } from "./sentence.js";

/** @typedef {import("../suggest/options.js").Option} Option */
/** @typedef {import("../suggest/options.js").Group} Name */

/** @type {[Name, string, string][]} with what finds something among them */
const GROUPS = [
  ["years", "Date", ""], ["places", "Place", "Find a place"], ["kinds", "Kind", ""],
  ["favourites", "Favourites", ""], ["cameras", "Camera", "Find a camera"],
  ["folders", "Folder", "Find a folder"], ["captioned", "Captions", ""],
];
const LONGEST_QUERY = 500; // characters, as the search box takes them
const FIRST_YEAR = "1826"; // of the first photograph

export class FilterPanel {
  /**
   * @param {import("../album.js").Album} album
   * @param {import("../suggest/held.js").Held} held
   */
  constructor(album, held) {
    this.album = album;
    this.held = held;
    /** @type {(() => void) | null} */
    this.awaiting = null; // is done when the album has said how it understood the sentence
    this.from = this.#day("From");
    this.to = this.#day("To");
    const days = el("div", { class: "filter-days" },
      el("label", {}, t("From"), this.from), el("label", {}, t("To"), this.to));
    const listeners = {
      pressed: (/** @type {Option} */ option) => isPressed(this.sentence, option),
      press: (/** @type {Option} */ option) => {
        const change = () => this.#search(toggled(this.sentence, option));
        if (option.group === "years") this.#understood(change); // may replace days
        else change();
      },
    };
    this.groups = GROUPS.map(([name, title, find]) => {
      const above = name === "years" ? days : null;
      return { name, group: new Group(title, listeners, { above, find }) };
    });
    this.clear = el("button", {
      class: "link", type: "button", onclick: () => this.#clear(),
    }, t("Clear filters"));
    this.note = el("p", { class: "filter-note", role: "status" });
    this.heading = el("h2", { id: "filters-title", tabindex: "-1" }, t("Filters"));
    this.panel = el("div", {
      id: "filters", popover: "", role: "dialog", "aria-labelledby": "filters-title",
    }, el("header", {}, this.heading, this.clear, el("button", {
      class: "icon-button", type: "button", "aria-label": t("Close"),
      onclick: () => this.panel.hidePopover(),
    }, icon("close", 20))),
    el("div", { class: "filter-groups" }, ...this.groups.map(({ group }) => group.node)), this.note);
    this.badge = el("span", { class: "filter-badge", "aria-hidden": "true", hidden: true });
    this.button = el("button", {
      id: "filter-button", class: "icon-button", type: "button", popovertarget: "filters",
      onpointerenter: () => held.renew(), onfocus: () => held.renew(),
    }, icon("sliders", 20), this.badge);
    document.getElementById("query")?.append(this.button);
    document.body.append(this.panel);
    this.panel.addEventListener("beforetoggle", (event) => {
      if (/** @type {ToggleEvent} */ (event).newState === "open") this.#opens();
    });
    window.addEventListener("resize", () => this.#place());
    album.root.addEventListener("answered", () => {
      const { awaiting } = this;
      this.awaiting = null;
      this.#update();
      if (awaiting) this.#understood(awaiting);
    });
    held.onNews(() => this.#offer());
    this.#offer();
  }

  /** What the search box says, and how that was understood.
   * @returns {import("./sentence.js").Sentence} */
  get sentence() {
    const text = tidy(this.album.box.text);
    const { asked, pages } = this.album.search;
    const answer = pages?.answer;
    if (!text) return { text, chips: [] };
    const understood = answer && tidy(asked.q) === text && answer.query === text;
    return { text, chips: understood ? answer.chips : null };
  }

  #opens() {
    this.#place();
    this.held.renew();
    const { text, chips } = this.sentence;
    if (chips) this.#update();
    else this.#search(text); // what was typed and not asked for yet
  }

  /** At once, or when the answer to the latest sentence is here. @param {() => void} act */
  #understood(act) {
    if (this.sentence.chips) act();
    else this.awaiting = act;
  }

  /** Below the search box, at its right end. */
  #place() {
    const box = document.getElementById("query")?.getBoundingClientRect();
    if (!box) return;
    this.panel.style.setProperty("--right", `${Math.max(8, document.documentElement.clientWidth - box.right)}px`);
    this.panel.style.setProperty("--top", `${box.bottom + 8}px`);
  }

  #offer() {
    for (const { name, group } of this.groups) {
      const options = this.held.options.filter((option) => option.group === name)
        .sort((one, other) => (name === "years"
          ? other.value.localeCompare(one.value) : other.count - one.count));
      group.offer(options);
    }
    this.#update();
  }

  #update() {
    const { sentence } = this;
    const active = filtersOf(sentence).length;
    if (sentence.chips) {
      this.badge.textContent = String(active);
      this.badge.hidden = !active;
      this.clear.disabled = !active;
      const label = active ? t("Filters: {n} active", { n: active }) : t("Filters");
      this.button.setAttribute("aria-label", label);
      this.button.title = t("Filters");
      const { from, to } = daysOf(sentence);
      if (document.activeElement !== this.from) this.from.value = from;
      if (document.activeElement !== this.to) this.to.value = to;
    }
    for (const { group } of this.groups) group.update();
  }

  #clear() {
    this.#understood(() => this.#search(unfiltered(this.sentence)));
    this.heading.focus(); // the button is about to have nothing to clear
  }

  /** @param {string} text */
  #search(text) {
    const tooLong = text.length > LONGEST_QUERY;
    this.note.textContent = tooLong ? t("The search is too long for one more filter.") : "";
    if (tooLong) return;
    const kept = /** @type {HTMLElement} */ (document.activeElement);
    this.album.search.again({ q: text, weak: false });
    if (this.panel.contains(kept)) kept.focus({ preventScroll: true });
    this.#update(); // at once; the answer confirms it
  }

  /** @param {string} label */
  #day(label) {
    return el("input", {
      type: "date", "aria-label": t(label), min: `${FIRST_YEAR}-01-01`, max: "2099-12-31",
      onchange: () => {
        const days = { from: this.from.value, to: this.to.value };
        // A year that is being typed is 0002 first.
        if ([days.from, days.to].some((day) => day && (day < FIRST_YEAR || day > "2100"))) return;
        this.#understood(() => this.#search(within(this.sentence, days)));
      },
    });
  }
}
