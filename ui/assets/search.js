// @ts-check
// A search: what is asked for, the way to the answer, and how that is shown.
import { NOTHING, go, same } from "./address.js";
import { Answer } from "./answer.js";
import { api } from "./api.js";
import { Feedback } from "./feedback.js";
import { inOrder, reasonsOf, sourceOf } from "./results.js";

/** @typedef {import("./address.js").Asked} Asked */
/** @typedef {import("./api.js").View} View */

export class Search {
  /**
   * @param {HTMLElement} root
   * @param {{grid: import("./grid.js").Grid, box: import("./searchbox.js").SearchBox,
   *   blank: import("./blank.js").Blank}} parts
   * @param {{waits: () => void, shown: () => void, unfinished: () => boolean,
   *   trouble: (title: string, text: string) => void, showAll: () => void}} listeners
   *   unfinished: whether the album is still being indexed
   */
  constructor(root, parts, listeners) {
    this.root = root;
    this.parts = parts;
    this.listeners = listeners;
    this.feedback = new Feedback({
      changed: () => this.#afterFeedback(),
      search: (q) => this.again({ q, weak: false }),
    });
    this.answer = new Answer(root, {
      feedback: () => this.feedback.sheet.open(),
      again: (changes) => this.again(changes),
      showAll: () => listeners.showAll(),
    });
    /** What the page shows the answer to. */
    this.asked = NOTHING;
    this.turn = 0; // counts what was asked for: answers to anything older are dropped
    this.submitted = 0; // the turn that the search box's event answers; 0: none
  }

  /** The search box's own event is on its way. */
  submits() {
    this.submitted = this.#begin();
  }

  /** What that event answered. @param {View | null} view */
  answered(view) {
    const late = this.submitted && this.submitted !== this.turn;
    this.submitted = 0;
    if (!view || late) return;
    if (view.view === "timeline") this.listeners.showAll();
    else {
      const { order } = view.view === "search" ? view : this.asked;
      const asked = { q: view.query, order, weak: false };
      go({ ...asked, photo: null });
      window.scrollTo(0, 0);
      this.#show(view, asked, false);
    }
  }

  /** Search for something a little different. @param {Partial<Asked>} changes */
  async again(changes) {
    const asked = { ...this.asked, ...changes };
    const { source } = this.parts.grid;
    const stays = this.#onlyMore(asked);
    if (!asked.q) await this.listeners.showAll();
    else {
      this.parts.box.text = asked.q;
      go({ ...asked, photo: null });
      if (!await this.ask(asked)) return;
      if (!stays) window.scrollTo(0, 0);
      else if (asked.weak) this.parts.grid.focus(source.count); // the first that is new
    }
    if (document.activeElement === document.body) this.answer.focus();
  }

  /**
   * Whether its answer is shown: not if something else was asked for meanwhile.
   * @param {Asked} asked
   */
  async ask(asked) {
    const turn = this.#begin();
    const stays = this.#onlyMore(asked);
    /** @type {import("./api.js").Answer | import("./api.js").Failed} */
    let view;
    try {
      view = await api.search(asked);
    } catch (error) {
      view = { view: "error", query: asked.q, message: /** @type {Error} */ (error).message };
    }
    if (turn !== this.turn) return false;
    this.#show(view, asked, stays);
    return true;
  }

  /** A photo was taken out of a search, or taken back: look what is found now. */
  async #afterFeedback() {
    const { grid } = this.parts;
    if (!this.asked.q) return;
    const place = focusedPlace();
    await this.ask(this.asked);
    if (place >= 0) grid.focus(Math.min(place, grid.source.count - 1));
  }

  /** Something else is to be shown; the answer stays until that is there. */
  leave() {
    this.turn += 1;
    this.asked = NOTHING;
  }

  #begin() {
    this.listeners.waits();
    this.turn += 1;
    return this.turn;
  }

  /** Whether it differs by nothing but the weaker matches. @param {Asked} asked */
  #onlyMore(asked) {
    return same({ ...asked, weak: this.asked.weak }, this.asked);
  }

  /**
   * @param {import("./api.js").Answer | import("./api.js").Failed} view
   * @param {Asked} asked
   * @param {boolean} keepPlace
   */
  #show(view, asked, keepPlace) {
    const { grid, blank } = this.parts;
    this.asked = asked;
    this.root.dataset.view = "search";
    document.title = `${view.query} – Smart Album`;
    blank.hide();
    const shown = view.view === "search" ? inOrder(view) : { matching: [], weaker: [] };
    const source = sourceOf(shown);
    if (view.view === "error") this.answer.hide();
    else {
      grid.cells.put(view.hits);
      if (!source.count) blank.noMatch(view, this.listeners.unfinished());
      this.answer.show(view);
    }
    const hits = [...shown.matching, ...shown.weaker];
    const beside = (/** @type {number} */ index) => this.feedback.button(view.query, hits[index]);
    grid.show(source, { ...reasonsOf(shown), beside }, keepPlace);
    this.listeners.shown();
    if (view.view === "error") this.listeners.trouble("The search did not work", view.message);
  }
}

/** The place of the hit whose button has the focus; -1 if none has. */
function focusedPlace() {
  const link = document.activeElement?.closest(".not-this")?.previousElementSibling;
  return Number(/** @type {HTMLElement | null | undefined} */ (link)?.dataset.i ?? -1);
}
