// @ts-check
// The large photo: black stage, zoom, arrows, Esc; what is known of it is in the panel.
import { api, thumbnailAddress } from "./api.js";
import { Awaited } from "./awaited.js";
import { el } from "./dom.js";
import { FavouriteButton, mark } from "./favourite.js";
import { t } from "./i18n.js";
import { Panel } from "./panel.js";
import { Ahead } from "./photo/ahead.js";
import { Detail } from "./photo/detail.js";
import { Gestures } from "./photo/gestures.js";
import { keysOf } from "./photo/keys.js";
import { Order } from "./photo/order.js";
import { Sheet } from "./photo/sheet.js";
import { Slideshow } from "./photo/slideshow.js";
import { Stage } from "./photo/stage.js";
import { Zoom } from "./photo/zoom.js";

const PANEL_KEY = "album-panel";

/** @typedef {import("./api.js").Photo} Photo */

export class Viewer {
  /**
   * @param {import("./grid.js").Grid} grid
   * @param {{moved: (id: number) => void, close: () => void, turned: () => void,
   *   asked: () => void, like: (photo: Photo) => void, folder: (folder: string) => void,
   *   tag: (tag: string) => void, open: (id: number) => void,
   *   map?: (photo: Photo) => HTMLElement | null}} listeners turned: another photo is
   *   open, or none; open: one is wanted that may not be in the grid; others: see Panel
   */
  constructor(grid, listeners) {
    this.grid = grid;
    this.order = new Order(grid);
    this.listeners = listeners;
    this.id = 0;
    /** @type {Promise<unknown>} the photo that was opened last can be seen */
    this.opening = Promise.resolve();
    this.ahead = new Ahead(grid, this.order);
    this.panel = new Panel({
      ...listeners,
      edited: (photo) => this.#edited(photo),
      open: (id) => {
        this.stage.node.focus(); // the button is gone at once; keys need the focus in here
        listeners.open(id);
      },
    });
    this.awaited = new Awaited(this.panel, (photo) => this.#edited(photo));
    this.favourite = new FavouriteButton({
      changed: (photo) => this.#edited(photo),
      trouble: (message) => (this.stage.trouble.textContent = message),
    });
    this.stage = new Stage(this.favourite.node, {
      step: (by) => this.step(by),
      close: () => listeners.close(),
      zoom: () => this.zoom.toggle(),
      play: () => this.slideshow.toggle(),
      panel: () => this.togglePanel(),
    });
    this.image = this.stage.image;
    this.dialog = el("dialog", { class: "viewer", "aria-label": t("Photo") },
      this.stage.node, this.panel.node);
    this.dialog.classList.toggle("wide", localStorage.getItem(PANEL_KEY) === "hidden");
    this.sheet = new Sheet(this.dialog, this.panel.node);
    this.detail = new Detail(this.image, (state) => (this.dialog.dataset.detail = state));
    this.zoom = new Zoom(this.stage.node, this.image, () => this.#zoomed());
    this.slideshow = new Slideshow(this.stage.node, this.image, {
      loaded: () => this.opening,
      next: async () => this.step(1) && this.opening.then(() => true),
      changed: (state, note) => this.#plays(state, note),
    });
    new Gestures(this.stage.node, this.zoom, {
      step: (by) => this.step(by),
      close: () => listeners.close(),
      up: () => this.sheet.up(),
      touched: () => this.slideshow.pause(),
    });
    this.dialog.addEventListener("keydown", keysOf(this));
    this.dialog.addEventListener("cancel", (event) => {
      event.preventDefault(); // Esc: the address changes too
      if (this.slideshow.state === "off") listeners.close();
      else this.slideshow.stop();
    });
    document.body.append(this.dialog);
  }

  /** More photos have come: perhaps there is a next one now. */
  extended() {
    const index = this.order.indexOf(this.id);
    if (index >= 0) this.stage.between(index, this.order.count);
  }

  get isOpen() {
    return this.dialog.open;
  }

  /**
   * @param {number} id
   * @param {ArrayLike<number> | null} [among] what the arrows walk through; else the grid
   */
  open(id, among = null) {
    this.order.enter(id, among);
    if (!this.dialog.open) {
      this.dialog.showModal();
      document.documentElement.classList.add("still");
    }
    if (this.id !== id) this.opening = this.#open(id);
    return this.opening;
  }

  /** @param {number} id */
  async #open(id) {
    this.id = id;
    this.listeners.turned();
    delete this.dialog.dataset.ready;
    this.stage.trouble.textContent = "";
    this.favourite.show(null);
    this.detail.show(null);
    const index = this.order.indexOf(id);
    this.stage.between(index, this.order.count);
    const cell = this.grid.cells.get(id);
    if (cell) {
      this.image.src = thumbnailAddress(id, cell.version);
      this.image.alt = cell.caption;
    } else this.image.removeAttribute("src");
    this.zoom.show();
    try {
      const photo = await api.photo(id);
      if (this.id !== id) return;
      this.#describe(photo);
      const large = await this.ahead.fetch(id, photo.version);
      if (this.id !== id) return;
      this.image.src = large.src;
      this.detail.show(photo);
      this.#look(); // one may have come closer meanwhile
    } catch (error) {
      if (this.id !== id) return;
      this.#fail(error);
    }
    this.dialog.dataset.ready = String(id);
    this.ahead.neighbours(index);
  }

  close() {
    if (!this.dialog.open) return;
    this.slideshow.stop();
    this.order.leave();
    this.dialog.close();
    document.documentElement.classList.remove("still");
    const id = this.id;
    this.id = 0;
    this.listeners.turned();
    this.panel.clear();
    this.detail.show(null);
    this.image.removeAttribute("src");
    this.zoom.show();
    this.sheet.to("peek");
    this.grid.reveal(id);
    const link = this.grid.stage.querySelector(`a[data-id="${id}"]`);
    /** @type {HTMLElement | null} */ (link)?.focus({ preventScroll: true });
  }

  /** @param {Photo} photo */
  #describe(photo) {
    this.image.alt = photo.caption?.text ?? photo.name;
    this.panel.show(photo);
    this.favourite.show(photo);
    this.zoom.show(photo.width, photo.height);
  }

  /** @param {unknown} error */
  #fail(error) {
    const unknown = !this.panel.photo;
    const text = error instanceof Error && unknown
      ? error.message : t("This photo cannot be shown now; its file may be away.");
    this.stage.trouble.textContent = text;
    if (unknown) {
      this.panel.clear();
      this.image.removeAttribute("src");
    }
  }

  /** @param {Photo} photo */
  #edited(photo) {
    const { id, version, favourite, place } = photo;
    const caption = photo.caption?.text ?? photo.name;
    this.grid.cells.put([{ id, version, caption, favourite, place }]);
    const link = this.grid.stage.querySelector(`a[data-id="${id}"]`);
    link?.querySelector("img")?.setAttribute("alt", caption);
    if (link) mark(/** @type {HTMLElement} */ (link), favourite);
    if (this.id !== id) return;
    this.image.alt = caption;
    this.favourite.show(photo);
  }

  /** Whether there is a photo so many further. @param {number} by */
  step(by) {
    const here = this.order.indexOf(this.id);
    const index = here + by;
    if (here < 0 || index < 0 || index >= this.order.count) return false;
    const id = this.order.ids[index];
    this.open(id);
    this.listeners.moved(id);
    return true;
  }

  togglePanel() {
    if (this.sheet.isSheet) return this.sheet.toggle();
    const hidden = this.dialog.classList.toggle("wide");
    localStorage.setItem(PANEL_KEY, hidden ? "hidden" : "shown");
  }

  #look() {
    if (this.zoom.isZoomed) this.detail.look(this.zoom.pixels);
  }

  #zoomed() {
    this.#look();
    const part = Math.round(100 * this.zoom.scale / this.zoom.actual);
    this.stage.tell(this.zoom.isZoomed ? `${part} %` : "");
  }

  /**
   * @param {"off" | "playing" | "paused"} state
   * @param {string} note
   */
  #plays(state, note) {
    const playing = state === "playing";
    this.dialog.dataset.show = state;
    this.stage.plays(playing);
    if (playing) {
      this.zoom.to(1);
      if (!this.stage.node.contains(document.activeElement)) this.stage.node.focus(); // for the keys
    }
    this.stage.tell(note);
  }
}
