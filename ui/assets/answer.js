// @ts-check
// What stands around the results: how the sentence was understood, how many photos were
// found, in which order they come, and the weaker matches behind one click.
import { Chips } from "./chips.js";
import { el, fill, say } from "./dom.js";
import { t } from "./i18n.js";
import { counted } from "./words.js";

/** @typedef {import("./address.js").Asked} Asked */
/** @typedef {import("./address.js").Order} Order */
/** @typedef {import("./api.js").Answer} Found */

/** @type {[Order, string][]} */
const ORDERS = [["relevance", "Best match"], ["newest", "Newest"], ["oldest", "Oldest"]];

export class Answer {
  /**
   * @param {HTMLElement} root
   * @param {{again: (changes: Partial<Asked>) => void, showAll: () => void,
   *   feedback: () => void, save: () => void}} listeners feedback: show what was taken
   *   out of searches; save: keep this search as an album
   */
  constructor(root, { again, showAll, feedback, save }) {
    const part = (/** @type {string} */ name) =>
      /** @type {HTMLElement} */ (root.querySelector(`.${name}`));
    this.root = root;
    this.again = again;
    this.said = part("said");
    this.chips = new Chips(part("chips"), (q) => again({ q, weak: false }));
    this.found = part("found");
    this.fold = part("fold");
    this.afterword = part("afterword");
    this.taken = el("button", { class: "link", type: "button", onclick: feedback });
    fill(this.afterword, this.taken);
    this.line = el("h2", { class: "found-line", tabindex: "-1" });
    this.orders = ORDERS.map(([order, label]) =>
      el("button", { type: "button", value: order, onclick: () => again({ order }) }, t(label)));
    this.switch = el("div", { class: "orders", role: "group", "aria-label": t("Order") }, ...this.orders);
    this.save = el("button", { class: "link save-search", type: "button", onclick: save }, t("Save as album"));
    fill(this.found, this.line, this.save,
      el("button", { class: "link", type: "button", onclick: showAll }, t("Show all photos")),
      this.switch);
  }

  hide() {
    this.chips.hide();
    this.found.hidden = true;
    this.fold.hidden = true;
    this.afterword.hidden = true;
    say(this.said, "");
  }

  /**
   * @param {Found} found
   * @param {boolean} complete whether all that matches is here
   */
  show(found, complete) {
    const held = this.root.contains(document.activeElement);
    this.chips.show(found);
    const words = inWords(found);
    say(this.said, [words.count, words.query, words.weaker].join(""));
    fill(this.line,
      el("span", { class: "found-count" }, words.count),
      el("span", { class: "found-query" }, words.query),
      el("span", { class: "found-weaker" }, words.weaker),
      found.text_model && el("span", { class: "found-model" }, t(" · found by {model}", { model: found.text_model })));
    this.found.hidden = !found.hits.length;
    this.save.hidden = Boolean(found.like || found.picture || found.folder || found.album);
    this.switch.hidden = found.hits.length < 2;
    for (const button of this.orders) {
      button.setAttribute("aria-pressed", String(button.value === found.order));
    }
    this.#fold(found, complete);
    this.taken.textContent = found.rejected
      ? t("{photos} taken out of this search by you", { photos: counted(found.rejected, "photo", "photos") })
      : t("Photos taken out of searches");
    this.afterword.hidden = !complete || (!found.hits.length && !found.rejected);
    // What had the focus may be gone; the next Tab goes on from here, not from the top.
    if (held && !this.root.contains(document.activeElement)) this.focus();
  }

  focus() {
    this.line.focus({ preventScroll: true });
  }

  /**
   * @param {Found} found
   * @param {boolean} complete
   */
  #fold({ hits, weaker, weak }, complete) {
    this.fold.hidden = !hits.length || !weaker || !complete;
    if (this.fold.hidden) return;
    fill(this.fold, el("button", {
      class: "button", type: "button", onclick: () => this.again({ weak: !weak }),
    }, weak ? t("Hide weaker matches") : showWeaker(weaker)));
  }
}

/** @param {number} weaker how many */
export const showWeaker = (weaker) =>
  t("Show {matches}", { matches: counted(weaker, "weaker match", "weaker matches") });

/** What was found, as a person says it. @param {Found} found */
function inWords(found) {
  const { total, weaker, weak, at_least: more } = found;
  const behind = counted(weaker, "weaker match", "weaker matches");
  const photos = counted(total, "photo", "photos");
  const none = !total;
  const what = wording(found);
  return {
    count: none ? t("Nothing matches") : more ? t("At least {photos}", { photos }) : photos,
    query: what && (none ? ` ${what.asked}` : ` ${what.found}`),
    weaker: weaker ? (none ? ` — ${behind}` : weak ? t(" and {matches}", { matches: behind }) : t(", {matches}", { matches: behind })) : "",
  };
}

/**
 * What was asked for: after "Nothing matches", and after "5 photos".
 * @param {Found} found
 */
export function wording({ query, like, picture, folder }) {
  const alike = picture ? t("your picture") : like ? like.name : "";
  const words = query ? `“${query}”` : "";
  const inside = folder ? t(" in {folder}", { folder }) : "";
  if (alike && words) {
    return {
      asked: t("{picture} and {words}", { picture: alike, words }) + inside,
      found: t("like {picture}, for {words}", { picture: alike, words }) + inside,
    };
  }
  if (alike) return { asked: alike + inside, found: t("like {picture}", { picture: alike }) + inside };
  return {
    asked: (words + inside).trim(),
    found: ((words && t("for {words}", { words })) + inside).trim(),
  };
}
