// @ts-check
// Suggestions while one types, and before: what was searched for, what the album holds.
import { t } from "../i18n.js";
import { List } from "./list.js";
import { completed, matches } from "./match.js";
import { TITLES, ideasOf } from "./options.js";
import { forget, forgetAll, recentSearches, remember } from "./recent.js";

/** @typedef {import("./list.js").Row} Row */
/** @typedef {import("./list.js").Section} Section */
/** @typedef {import("./options.js").Option} Option */

const LONGEST_QUERY = 500; // characters, as the search box takes them

export class Suggest {
  /**
   * @param {import("../searchbox.js").SearchBox} box
   * @param {import("./held.js").Held} held
   * @param {(q: string) => void} search
   */
  constructor(box, held, search) {
    this.box = box;
    this.field = box.field;
    this.held = held;
    this.search = search;
    this.list = new List(this.field);
    const block = /** @type {HTMLElement} */ (this.field.closest("#query"));
    held.onNews(() => {
      if (document.activeElement === this.field && !this.list.chosen && this.wanted) this.#show();
    });
    this.wanted = false; // not after Escape, nor where a text was only put there
    this.field.addEventListener("focus", () => {
      held.renew();
      this.#empty();
    });
    this.field.addEventListener("click", () => this.#empty());
    this.field.addEventListener("blur", () => this.#close());
    // What our scripts put into the box suggests nothing; a text that is being composed
    // is looked at when it is done.
    this.field.addEventListener("input", (event) => {
      const { isComposing } = /** @type {InputEvent} */ (event);
      if (event.isTrusted && !isComposing) this.#show();
    });
    this.field.addEventListener("compositionend", () => this.#show());
    // Before the box and Gradio hear of a key.
    block.addEventListener("keydown", (event) => {
      if (event.target === this.field && !event.isComposing && event.keyCode !== 229) this.#key(event);
    }, true);
  }

  #empty() {
    if (!this.field.value.trim() && !this.list.open) this.#show();
  }

  #close() {
    this.wanted = false;
    this.list.close();
  }

  #show() {
    this.wanted = true;
    this.list.show(this.field.value.trim() ? this.#fitting() : this.#ideas());
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const { list } = this;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (!list.open) this.#show();
      if (list.open) list.move(event.key === "ArrowDown" ? 1 : -1);
      else return;
    } else if (event.key === "Enter" && list.chosen) list.chosen.choose();
    else if (event.key === "Tab" && !event.shiftKey && list.chosen?.fillIn) list.chosen.fillIn();
    else if (event.key === "Delete" && list.chosen?.remove) list.chosen.remove();
    else if (event.key === "Escape" && list.chosen) this.#close();
    else {
      if (event.key === "Enter") {
        remember(this.field.value);
        this.#close();
      }
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  /** @returns {Section[]} */
  #ideas() {
    const recent = recentSearches().map((query) => /** @type {Row} */ ({
      label: query, icon: "clock", choose: () => this.#go(query),
      remove: () => {
        forget(query);
        this.#show();
      },
    }));
    if (recent.length) {
      recent.push({
        label: t("Clear recent searches"), icon: "close", quiet: true,
        choose: () => {
          forgetAll();
          this.#show();
        },
      });
    }
    const ideas = ideasOf(this.held.options, new Date().getFullYear())
      .map((option) => this.#row(option, option.phrase));
    return [{ title: t("Recent searches"), rows: recent }, { title: t("Ideas"), rows: ideas }];
  }

  /** @returns {Section[]} */
  #fitting() {
    const caret = this.field.selectionStart ?? this.field.value.length;
    const [typed, after] = [this.field.value.slice(0, caret), this.field.value.slice(caret)];
    const rows = matches(this.held.options, typed).map((match) => {
      const text = completed(typed, after, match);
      return text.length > LONGEST_QUERY ? null : this.#row(match.option, text);
    });
    return [{ title: "", rows: /** @type {Row[]} */ (rows.filter(Boolean)) }];
  }

  /**
   * @param {Option} option
   * @param {string} text the sentence with it
   * @returns {Row}
   */
  #row({ label, detail, icon, group, count }, text) {
    const kind = group === "favourites" ? "" : t(TITLES[group]);
    return {
      label, icon, kind, detail, count,
      choose: () => this.#go(text.trim()),
      fillIn: () => {
        this.box.text = text;
        this.field.setSelectionRange(text.length, text.length);
        this.#close();
      },
    };
  }

  /** @param {string} query */
  #go(query) {
    remember(query);
    this.#close();
    this.search(query);
  }
}
