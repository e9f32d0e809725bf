// @ts-check
// What stands around the results: how the sentence was understood, how many photos were
// found, in which order they come, and the weaker matches behind one click.
import { Chips } from "./chips.js";
import { el, fill, say } from "./dom.js";
import { count, counted } from "./words.js";

/** @typedef {import("./address.js").Asked} Asked */
/** @typedef {import("./address.js").Order} Order */
/** @typedef {import("./api.js").Answer} Found */

/** @type {[Order, string][]} */
const ORDERS = [["relevance", "Best match"], ["newest", "Newest"], ["oldest", "Oldest"]];

/** @type {Record<Order, string>} */
const FIRST = { relevance: "best", newest: "newest", oldest: "oldest" };

export class Answer {
  /**
   * @param {HTMLElement} root
   * @param {{again: (changes: Partial<Asked>) => void, showAll: () => void,
   *   feedback: () => void}} listeners feedback: show what was taken out of searches
   */
  constructor(root, { again, showAll, feedback }) {
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
      el("button", { type: "button", value: order, onclick: () => again({ order }) }, label));
    this.switch = el("div", { class: "orders", role: "group", "aria-label": "Order" }, ...this.orders);
    fill(this.found, this.line,
      el("button", { class: "link", type: "button", onclick: showAll }, "Show all photos"),
      this.switch);
  }

  hide() {
    this.chips.hide();
    this.found.hidden = true;
    this.fold.hidden = true;
    this.afterword.hidden = true;
    say(this.said, "");
  }

  /** @param {Found} found */
  show(found) {
    const held = this.root.contains(document.activeElement);
    this.chips.show(found);
    const words = inWords(found);
    say(this.said, [words.count, words.query, words.weaker].join(""));
    fill(this.line,
      el("span", { class: "found-count" }, words.count),
      el("span", { class: "found-query" }, words.query),
      el("span", { class: "found-weaker" }, words.weaker),
      found.text_model && el("span", { class: "found-model" }, ` · found by ${found.text_model}`));
    this.found.hidden = !found.hits.length;
    this.switch.hidden = found.hits.length < 2;
    for (const button of this.orders) {
      button.setAttribute("aria-pressed", String(button.value === found.order));
    }
    this.#fold(found);
    this.taken.textContent = found.rejected
      ? `${counted(found.rejected, "photo", "photos")} taken out of this search by you`
      : "Photos taken out of searches";
    this.afterword.hidden = !found.hits.length && !found.rejected;
    // What had the focus may be gone; the next Tab goes on from here, not from the top.
    if (held && !this.root.contains(document.activeElement)) this.focus();
  }

  focus() {
    this.line.focus({ preventScroll: true });
  }

  /** @param {Found} found */
  #fold({ hits, total, weaker, weak }) {
    this.fold.hidden = !hits.length || !weaker || (!weak && total > hits.length);
    if (this.fold.hidden) return;
    fill(this.fold, el("button", {
      class: "button", type: "button", onclick: () => this.again({ weak: !weak }),
    }, weak ? "Hide weaker matches" : showWeaker(weaker)));
  }
}

/** @param {number} weaker how many */
export const showWeaker = (weaker) =>
  `Show ${counted(weaker, "weaker match", "weaker matches")}`;

/** What was found, as a person says it. @param {Found} found */
function inWords({ query, total, weaker, weak, hits, order }) {
  const behind = counted(weaker, "weaker match", "weaker matches");
  const photos = counted(total, "photo", "photos");
  const cut = total > hits.length ? `The ${FIRST[order]} ${count(hits.length)} of ${photos}` : photos;
  const none = !total;
  return {
    count: none ? "Nothing matches" : cut,
    query: none ? ` “${query}”` : ` for “${query}”`,
    weaker: weaker ? (none ? ` — ${behind}` : weak ? ` and ${behind}` : `, ${behind}`) : "",
  };
}
