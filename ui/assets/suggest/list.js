// @ts-check
// The list below the search box (a listbox as ARIA has it). The focus stays in the box;
// the option that the arrows have reached is named to it.
import { el, fill, icon } from "../dom.js";
import { t } from "../i18n.js";
import { count } from "../words.js";

/**
 * @typedef {{label: string, icon: Parameters<typeof icon>[0], kind?: string, detail?: string,
 *   count?: number, quiet?: boolean, choose: () => void, fillIn?: () => void, remove?: () => void}} Row
 *   fillIn: take it into the sentence and go on typing; remove: forget it
 * @typedef {{title: string, rows: Row[]}} Section
 */

export class List {
  /** @param {HTMLInputElement} field */
  constructor(field) {
    this.field = field;
    this.node = el("div", {
      id: "suggestions", role: "listbox", "aria-label": t("Suggestions"), hidden: true,
      // The field keeps the focus.
      onmousedown: (/** @type {Event} */ event) => event.preventDefault(),
    });
    field.closest("#query")?.append(this.node);
    for (const [name, value] of [
      ["role", "combobox"], ["aria-autocomplete", "list"], ["aria-haspopup", "listbox"],
      ["aria-expanded", "false"], ["aria-controls", "suggestions"],
    ]) field.setAttribute(name, value);
    /** @type {Row[]} */
    this.rows = [];
    this.active = -1;
  }

  get open() {
    return !this.node.hidden;
  }

  /** The row that the arrows have reached. */
  get chosen() {
    return this.rows[this.active];
  }

  /** @param {Section[]} sections */
  show(sections) {
    const filled = sections.filter(({ rows }) => rows.length);
    this.rows = filled.flatMap(({ rows }) => rows);
    if (!this.rows.length) {
      this.close();
      return;
    }
    let number = 0;
    fill(this.node, ...filled.map(({ title, rows }) => el("div", {
      role: "group", "aria-label": title || null,
    }, title && el("p", { class: "suggest-title", "aria-hidden": "true" }, title),
    ...rows.map((row) => this.#row(row, number++)))));
    this.node.hidden = false;
    this.node.scrollTop = 0;
    this.field.setAttribute("aria-expanded", "true");
    this.#reach(-1);
  }

  close() {
    this.node.hidden = true;
    this.node.replaceChildren();
    this.rows = [];
    this.field.setAttribute("aria-expanded", "false");
    this.#reach(-1);
  }

  /** To the next row, or back; past the last one is the field itself. @param {1 | -1} step */
  move(step) {
    const places = this.rows.length + 1;
    this.#reach((this.active + 1 + step + places) % places - 1);
  }

  /** @param {number} index */
  #reach(index) {
    const rows = [...this.node.querySelectorAll("[role=option]")];
    rows[this.active]?.setAttribute("aria-selected", "false");
    this.active = index;
    const row = rows[index];
    row?.setAttribute("aria-selected", "true");
    row?.scrollIntoView({ block: "nearest" });
    if (row) this.field.setAttribute("aria-activedescendant", row.id);
    else this.field.removeAttribute("aria-activedescendant");
  }

  /**
   * @param {Row} row
   * @param {number} index
   */
  #row(row, index) {
    const { label, kind, detail, count: photos, quiet, choose, remove } = row;
    // No button in an option: the key for it is Delete, the cross is for the pointer.
    const cross = remove && el("span", {
      class: "suggest-remove", title: t("Remove"),
      onclick: (/** @type {Event} */ event) => {
        event.stopPropagation();
        remove();
      },
    }, icon("close", 16));
    return el("div", {
      id: `suggestion-${index}`, role: "option", "aria-selected": "false", class: quiet ? "quiet" : null,
      "aria-keyshortcuts": remove ? "Delete" : null, onclick: choose,
    }, icon(row.icon, 18), el("span", { class: "suggest-label" }, label),
    detail ? el("span", { class: "suggest-detail" }, detail)
      : kind && el("span", { class: "suggest-detail suggest-kind" }, kind),
    photos !== undefined && el("span", { class: "suggest-count" }, count(photos)), cross);
  }
}
