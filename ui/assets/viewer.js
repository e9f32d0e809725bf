// @ts-check
// The large photo: black stage, arrows, Esc; the neighbours are fetched ahead.
import { api, thumbnailAddress, viewAddress } from "./api.js";
import { Awaited } from "./awaited.js";
import { el, icon } from "./dom.js";
import { FavouriteButton, mark } from "./favourite.js";
import { Panel } from "./panel.js";

const SWIPE = 48; // pixels
const PANEL_KEY = "album-panel";

/** @typedef {import("./api.js").Photo} Photo */

export class Viewer {
  /**
   * @param {import("./grid.js").Grid} grid
   * @param {{moved: (id: number) => void, close: () => void, turned: () => void,
   *   asked: () => void, like: (photo: Photo) => void,
   *   folder: (folder: string) => void}} listeners turned: another photo is open, or
   *   none; asked: a new caption was asked for; like, folder: see Panel
   */
  constructor(grid, listeners) {
    this.grid = grid;
    this.listeners = listeners;
    this.id = 0;
    /** @type {Map<number, Promise<HTMLImageElement>>} */
    this.ahead = new Map();
    this.panel = new Panel({
      edited: (photo) => this.#edited(photo),
      asked: () => this.listeners.asked(),
      like: (photo) => this.listeners.like(photo),
      folder: (folder) => this.listeners.folder(folder),
    });
    this.awaited = new Awaited(this.panel, (photo) => this.#edited(photo));
    this.favourite = new FavouriteButton({
      changed: (photo) => this.#edited(photo),
      trouble: (message) => (this.trouble.textContent = message),
    });
    this.image = el("img", { class: "viewer-image", alt: "", draggable: "false" });
    this.previous = button("previous", "Previous photo", () => this.#step(-1));
    this.next = button("next", "Next photo", () => this.#step(1));
    this.trouble = el("p", { class: "viewer-trouble", role: "alert" });
    this.stage = el("div", { class: "viewer-stage", tabindex: "-1", autofocus: true },
      this.image, this.trouble, this.previous, this.next,
      button("close", "Close (Esc)", () => this.listeners.close()),
      this.favourite.node,
      button("info", "Show or hide what is known", () => this.#togglePanel()));
    this.dialog = el("dialog", { class: "viewer", "aria-label": "Photo" }, this.stage, this.panel.node);
    this.dialog.classList.toggle("wide", localStorage.getItem(PANEL_KEY) === "hidden");
    this.dialog.addEventListener("cancel", (event) => {
      event.preventDefault(); // Esc: the address changes too
      this.listeners.close();
    });
    this.dialog.addEventListener("keydown", (event) => this.#key(event));
    this.#swipes();
    document.body.append(this.dialog);
  }

  /** More photos have come: perhaps there is a next one now. */
  extended() {
    const index = this.grid.indexOf(this.id);
    if (index >= 0) this.next.hidden = index >= this.grid.source.count - 1;
  }

  get isOpen() {
    return this.dialog.open;
  }

  /** @param {number} id */
  async open(id) {
    if (!this.dialog.open) {
      this.dialog.showModal();
      document.documentElement.classList.add("still");
    }
    if (this.id === id) return;
    this.id = id;
    this.listeners.turned();
    delete this.dialog.dataset.ready;
    this.trouble.textContent = "";
    this.favourite.show(null);
    const index = this.grid.indexOf(id);
    this.previous.hidden = index <= 0;
    this.next.hidden = index < 0 || index >= this.grid.source.count - 1;
    const cell = this.grid.cells.get(id);
    if (cell) {
      this.image.src = thumbnailAddress(id, cell.version);
      this.image.alt = cell.caption;
    } else this.image.removeAttribute("src");
    try {
      const photo = await api.photo(id);
      if (this.id !== id) return;
      this.#describe(photo);
      const large = await this.#fetch(id, photo.version);
      if (this.id !== id) return;
      this.image.src = large.src;
    } catch (error) {
      if (this.id !== id) return;
      this.#fail(error);
    }
    this.dialog.dataset.ready = String(id);
    this.#fetchNeighbours(index);
  }

  close() {
    if (!this.dialog.open) return;
    this.dialog.close();
    document.documentElement.classList.remove("still");
    const id = this.id;
    this.id = 0;
    this.listeners.turned();
    this.panel.clear();
    this.image.removeAttribute("src");
    this.grid.reveal(id);
    const link = this.grid.stage.querySelector(`a[data-id="${id}"]`);
    /** @type {HTMLElement | null} */ (link)?.focus({ preventScroll: true });
  }

  /** @param {Photo} photo */
  #describe(photo) {
    this.image.alt = photo.caption?.text ?? photo.name;
    this.panel.show(photo);
    this.favourite.show(photo);
  }

  /** @param {unknown} error */
  #fail(error) {
    const unknown = !this.panel.photo;
    const text = error instanceof Error && unknown
      ? error.message : "This photo cannot be shown now; its file may be away.";
    this.trouble.textContent = text;
    if (unknown) {
      this.panel.clear();
      this.image.removeAttribute("src");
    }
  }

  /**
   * The large picture, decoded and ready to be shown.
   * @param {number} id
   * @param {string} version
   */
  #fetch(id, version) {
    let picture = this.ahead.get(id);
    if (!picture) {
      const image = new Image();
      image.src = viewAddress(id, version);
      picture = image.decode().then(() => image);
      picture.catch(() => this.ahead.delete(id));
      this.ahead.set(id, picture);
      const oldest = this.ahead.keys().next().value;
      if (this.ahead.size > 8 && oldest !== undefined) this.ahead.delete(oldest);
    }
    return picture;
  }

  /** @param {number} index */
  async #fetchNeighbours(index) {
    const { ids, count } = this.grid.source;
    if (index < 0) return;
    const near = [index + 1, index - 1]
      .filter((place) => place >= 0 && place < count).map((place) => ids[place]);
    const unknown = near.filter((id) => !this.grid.cells.get(id));
    try {
      if (unknown.length) this.grid.cells.put(await api.cells(unknown));
    } catch {
      return; // they are fetched when they are opened
    }
    for (const id of near) {
      const cell = this.grid.cells.get(id);
      if (cell) this.#fetch(id, cell.version).catch(() => {});
    }
  }

  /** @param {Photo} photo */
  #edited(photo) {
    const { id, version, favourite } = photo;
    const caption = photo.caption?.text ?? photo.name;
    this.grid.cells.put([{ id, version, caption, favourite }]);
    const link = this.grid.stage.querySelector(`a[data-id="${id}"]`);
    link?.querySelector("img")?.setAttribute("alt", caption);
    if (link) mark(/** @type {HTMLElement} */ (link), favourite);
    if (this.id !== id) return;
    this.image.alt = caption;
    this.favourite.show(photo);
  }

  /** @param {number} by */
  #step(by) {
    const index = this.grid.indexOf(this.id) + by;
    if (this.grid.indexOf(this.id) < 0 || index < 0 || index >= this.grid.source.count) return;
    const id = this.grid.source.ids[index];
    this.open(id);
    this.listeners.moved(id);
  }

  #togglePanel() {
    const hidden = this.dialog.classList.toggle("wide");
    localStorage.setItem(PANEL_KEY, hidden ? "hidden" : "shown");
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (/** @type {HTMLElement} */ (event.target).closest("textarea, input")) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const act = {
      ArrowLeft: () => this.#step(-1),
      ArrowRight: () => this.#step(1),
      i: () => this.#togglePanel(),
      e: () => this.panel.edit(),
      f: () => this.favourite.toggle(),
    }[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  }

  #swipes() {
    let from = NaN;
    this.stage.addEventListener("touchstart", (event) => {
      from = event.touches.length === 1 ? event.touches[0].clientX : NaN;
    }, { passive: true });
    this.stage.addEventListener("touchend", (event) => {
      const way = event.changedTouches[0].clientX - from;
      if (Math.abs(way) > SWIPE) this.#step(way < 0 ? 1 : -1);
    }, { passive: true });
  }
}

/**
 * @param {"previous" | "next" | "close" | "info"} name
 * @param {string} label
 * @param {() => void} act
 */
const button = (name, label, act) =>
  el("button", {
    class: `viewer-button viewer-${name}`, type: "button", "aria-label": label,
    title: label, onclick: act,
  }, icon(name, 26));
