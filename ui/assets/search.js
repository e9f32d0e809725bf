// @ts-check
// A search: what is asked for, the way to the answer, and how that is shown.
import { NOTHING, go, isScoped, isSearch, same } from "./address.js";
import { Answer } from "./answer.js";
import { api } from "./api.js";
import { Feedback, focusedPlace } from "./feedback.js";
import { PAGE, Pages } from "./pages.js";
import { inOrder, sourceOf } from "./results.js";
import { Scope } from "./scope.js";

/** @typedef {import("./address.js").Asked} Asked */
/** @typedef {import("./api.js").View} View */

export class Search {
  /**
   * @param {HTMLElement} root
   * @param {{grid: import("./grid.js").Grid, box: import("./searchbox.js").SearchBox,
   *   blank: import("./blank.js").Blank,
   *   pictures: import("./pictures.js").Pictures}} parts
   * @param {{waits: () => void, shown: () => void, extended: () => void,
   *   left: () => void, unfinished: () => boolean,
   *   trouble: (title: string, text: string) => void, showAll: (album?: string) => void, save: () => void}} listeners
   *   extended: more of the same is shown; left: no photo is to be open any more;
   *   unfinished: whether the album is still being indexed; save: keep this search
   */
  constructor(root, parts, listeners) {
    this.root = root;
    this.parts = parts;
    this.listeners = listeners;
    this.feedback = new Feedback({
      changed: () => this.#afterFeedback(),
      search: (q) => this.again({ q, weak: false }),
    });
    const again = (/** @type {Partial<Asked>} */ changes) => this.again(changes);
    this.answer = new Answer(root, {
      feedback: () => this.feedback.sheet.open(),
      save: () => listeners.save(), showAll: () => listeners.showAll(), again,
    });
    const place = /** @type {HTMLElement} */ (root.querySelector(".scope"));
    this.scope = new Scope(place, { picture: (id) => parts.pictures.get(id), again });
    /** @type {Pages | null} */
    this.pages = null;
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
    if (!view || late || view.view === "elsewhere") return;
    if (view.view === "timeline") this.listeners.showAll();
    else {
      const { order } = view.view === "search" ? view : this.asked;
      const asked = { ...NOTHING, q: view.query, order };
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
    if (!isSearch(asked)) await this.listeners.showAll(asked.album);
    else {
      this.parts.box.text = asked.q;
      go({ ...asked, photo: null });
      if (!await this.ask(asked)) return;
      if (!stays) window.scrollTo(0, 0);
      else if (asked.weak) this.parts.grid.focus(source.count); // the first that is new
    }
    if (document.activeElement === document.body) this.answer.focus();
  }

  /** Only what is like a photo, or in a folder; the words are not asked for any more.
   * @param {Partial<Asked>} changes */
  async among(changes) {
    const asked = { ...NOTHING, ...changes };
    this.parts.box.text = "";
    go({ ...asked, photo: null });
    this.listeners.left();
    if (!await this.ask(asked)) return;
    window.scrollTo(0, 0);
    this.answer.focus();
  }

  /**
   * Whether its answer is shown: not if something else was asked for meanwhile.
   * @param {Asked} asked
   * @param {number} [least] so many photos are to be here at once, if there are
   */
  async ask(asked, least = 0) {
    const turn = this.#begin();
    const stays = this.#onlyMore(asked);
    const { pages } = this;
    const goesOn = stays && asked.weak && !this.asked.weak && pages?.complete;
    const offset = goesOn ? pages.answer.total : 0;
    /** @type {import("./api.js").Answer | import("./api.js").Failed} */
    let view;
    try {
      view = await this.#fetch(asked)({ offset });
    } catch (error) {
      view = { view: "error", query: asked.q, message: /** @type {Error} */ (error).message };
    }
    if (turn !== this.turn) return false;
    if (goesOn && view.view === "search") {
      pages.add(view, offset + PAGE);
      this.#show(pages.answer, asked, stays, pages);
      return true;
    }
    if (view.view === "error") this.#show(view, asked, stays);
    else {
      const fresh = new Pages(view, this.#fetch(asked));
      await fresh.fill(least);
      if (turn !== this.turn) return false;
      this.#show(fresh.answer, asked, stays, fresh);
    }
    return true;
  }

  /** A photo was taken out of a search, or taken back: look what is found now. */
  async #afterFeedback() {
    const { grid } = this.parts;
    if (!this.asked.q) return;
    const place = focusedPlace();
    await this.ask(this.asked, this.pages?.next);
    if (place >= 0) grid.focus(Math.min(place, grid.source.count - 1));
  }

  /** The same once more, since the album has changed. */
  refresh() {
    return this.ask(this.asked, this.pages?.next);
  }

  /**
   * Something else is to be shown; the answer stays until that is there.
   * @param {Asked} [asked] no search: everything, or an album
   */
  leave(asked = NOTHING) {
    this.turn += 1;
    this.asked = asked;
    this.pages = null;
    this.root.dataset.scope = isScoped(asked) ? "1" : "";
  }

  /** Nothing is searched for any more. */
  hide() {
    this.answer.hide();
    this.scope.hide();
    this.root.dispatchEvent(new Event("answered"));
  }

  /** The grid was scrolled. */
  moved() {
    if (this.pages?.isDue(this.parts.grid)) this.#grow(this.pages);
  }

  /** Another photo is open. @param {number} id */
  turned(id) {
    if (id && this.pages?.isNear(this.parts.grid.indexOf(id))) this.#grow(this.pages);
  }

  /** The next page. @param {Pages} pages */
  async #grow(pages) {
    await pages.grow({
      wanted: () => this.pages === pages,
      came: () => this.#extend(pages),
      again: () => this.moved(),
    });
    this.moved();
  }

  /** @param {Pages} pages */
  async #count(pages) {
    const known = await pages.count();
    if (known && this.pages === pages) this.answer.show(pages.answer, pages.complete);
  }

  /** @param {Pages} pages */
  #extend(pages) {
    const shown = inOrder(pages.answer);
    this.parts.grid.cells.put(pages.answer.hits);
    this.parts.grid.extend(sourceOf(shown, pages.sizes), this.feedback.extras(this.asked, shown));
    this.answer.show(pages.answer, pages.complete);
    this.listeners.extended();
  }

  /**
   * How pages of an answer are asked for.
   * @param {Asked} asked
   * @returns {Pages["fetch"]}
   */
  #fetch(asked) {
    const picture = asked.picture ? this.parts.pictures.get(asked.picture) : undefined;
    return (page) => api.search(asked, picture, page);
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
   * @param {Pages | null} [pages] what is shown already and stays
   */
  #show(view, asked, keepPlace, pages = null) {
    const { grid, blank } = this.parts;
    this.asked = asked;
    this.pages = view.view === "search" ? pages ?? new Pages(view, this.#fetch(asked)) : null;
    this.root.dataset.view = "search";
    this.root.dataset.scope = isScoped(asked) ? "1" : "";
    document.title = `${view.query || "Photos"} – Smart Album`;
    blank.hide();
    this.scope.show(asked, view);
    const shown = view.view === "search" ? inOrder(view) : { matching: [], weaker: [] };
    const source = sourceOf(shown, this.pages?.sizes ?? []);
    if (view.view === "error") this.answer.hide();
    else {
      grid.cells.put(view.hits);
      if (!source.count) blank.noMatch(view, this.listeners.unfinished());
      this.answer.show(view, this.pages?.complete ?? true);
    }
    grid.show(source, this.feedback.extras(asked, shown), keepPlace);
    this.listeners.shown();
    this.root.dispatchEvent(new Event("answered"));
    if (view.view === "error") this.listeners.trouble("The search did not work", view.message);
    else if (view.at_least && this.pages) this.#count(this.pages);
  }
}
