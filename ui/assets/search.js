// @ts-check
// A search: what is asked for, the way to the answer, and how that is shown.
import { NOTHING, go, isScoped, isSearch, same } from "./address.js";
import { Answer } from "./answer.js";
import { api } from "./api.js";
import { Feedback } from "./feedback.js";
import { PAGE, Pages } from "./pages.js";
import { inOrder, reasonsOf, sourceOf } from "./results.js";
import { Scope } from "./scope.js";

const RETRY_MS = 3000; // after a page that did not come

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
    this.answer = new Answer(root, {
      feedback: () => this.feedback.sheet.open(),
      save: () => listeners.save(),
      again: (changes) => this.again(changes),
      showAll: () => listeners.showAll(),
    });
    const place = /** @type {HTMLElement} */ (root.querySelector(".scope"));
    this.scope = new Scope(place, {
      picture: (id) => parts.pictures.get(id),
      again: (changes) => this.again(changes),
    });
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
      view = await api.search(asked, this.#picture(asked), { offset });
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
      const fresh = new Pages(view);
      await this.#fill(fresh, asked, least);
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

  /**
   * More pages at once, before anything of them is shown.
   * @param {Pages} pages
   * @param {Asked} asked
   * @param {number} least photos
   */
  async #fill(pages, asked, least) {
    while (!pages.complete && pages.next < least) {
      const { next } = pages;
      try {
        pages.add(await api.search(asked, this.#picture(asked), { offset: next }), next + PAGE);
      } catch {
        return; // the rest comes as one scrolls
      }
    }
  }

  /** The next page. @param {Pages} pages */
  async #grow(pages) {
    const { asked } = this;
    pages.busy = true;
    try {
      const { next } = pages;
      const page = await api.search(asked, this.#picture(asked), { offset: next });
      if (this.pages !== pages) return;
      pages.add(page, next + PAGE);
      this.#extend(pages);
    } catch {
      pages.broken = true; // what is here stays
      window.setTimeout(() => {
        pages.broken = false;
        this.moved();
      }, RETRY_MS);
    } finally {
      pages.busy = false;
    }
    this.moved();
  }

  /** How many they are, where the first page only knew a lower bound.
   * @param {Pages} pages */
  async #count(pages) {
    const { asked } = this;
    try {
      const counted = await api.search(asked, this.#picture(asked), { limit: 1, counted: true });
      if (this.pages !== pages) return;
      pages.count(counted);
      this.answer.show(pages.answer, pages.complete);
    } catch {
      // The lower bound stays; it is said to be one.
    }
  }

  /** @param {Pages} pages */
  #extend(pages) {
    const shown = inOrder(pages.answer);
    this.parts.grid.cells.put(pages.answer.hits);
    this.parts.grid.extend(sourceOf(shown, pages.sizes), this.#extras(this.asked, shown));
    this.answer.show(pages.answer, pages.complete);
    this.listeners.extended();
  }

  /**
   * What stands at each hit. "Not this" is said of a sentence: it is not offered where
   * something else counts as well.
   * @param {Asked} asked
   * @param {{matching: import("./api.js").Hit[], weaker: import("./api.js").Hit[]}} shown
   * @returns {import("./grid.js").Extras}
   */
  #extras(asked, shown) {
    const reasons = reasonsOf(shown);
    if (!asked.q || asked.like || asked.picture) return reasons;
    const hits = [...shown.matching, ...shown.weaker];
    const beside = (/** @type {number} */ index) => this.feedback.button(asked.q, hits[index]);
    return { ...reasons, beside };
  }

  /** @param {Asked} asked */
  #picture({ picture }) {
    return picture ? this.parts.pictures.get(picture) : undefined;
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
    this.pages = view.view === "search" ? pages ?? new Pages(view) : null;
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
    grid.show(source, this.#extras(asked, shown), keepPlace);
    this.listeners.shown();
    this.root.dispatchEvent(new Event("answered"));
    if (view.view === "error") this.listeners.trouble("The search did not work", view.message);
    else if (view.at_least && this.pages) this.#count(this.pages);
  }
}

/** The place of the hit whose button has the focus; -1 if none has. */
function focusedPlace() {
  const link = document.activeElement?.closest(".not-this")?.previousElementSibling;
  return Number(/** @type {HTMLElement | null | undefined} */ (link)?.dataset.i ?? -1);
}
