// @ts-check
// The photos of one place, in a row at the foot of the map.
import { api, thumbnailAddress } from "../api.js";
import { el, fill, follow, icon } from "../dom.js";
import { t } from "../i18n.js";

const BATCH = 40; // photos put into the row at a time
const AHEAD = 600; // pixels before its end at which more are put there

/** @typedef {import("../api.js").Cell} Cell */

export class Strip {
  /**
   * @param {import("../cells.js").Cells} cells
   * @param {{open: (id: number, among: ArrayLike<number>) => void, closed: () => void}} listeners
   */
  constructor(cells, listeners) {
    this.cells = cells;
    this.listeners = listeners;
    /** @type {number[]} */
    this.ids = [];
    this.made = 0;
    this.filling = false;
    this.title = el("h2", { id: "map-strip-title", tabindex: "-1" });
    this.list = el("ul", { class: "map-strip-list", "aria-labelledby": "map-strip-title" });
    this.list.addEventListener("scroll", () => this.#fill(), { passive: true });
    this.list.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
    this.node = el("section", { class: "map-strip", "aria-labelledby": "map-strip-title", hidden: true },
      el("header", {}, this.title,
        el("button", {
          class: "icon-button", type: "button", "aria-label": t("Close"), title: t("Close"),
          onclick: () => this.close(),
        }, icon("close", 20))),
      this.list);
    this.node.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      this.close();
    });
  }

  get isOpen() {
    return !this.node.hidden;
  }

  /**
   * @param {number[]} ids newest first
   * @param {string} title
   */
  show(ids, title) {
    this.ids = ids;
    this.made = 0;
    fill(this.title, title);
    fill(this.list);
    this.list.scrollLeft = 0;
    this.node.hidden = false;
    this.#fill();
  }

  close() {
    if (!this.isOpen) return;
    this.node.hidden = true;
    this.ids = [];
    fill(this.list);
    this.listeners.closed();
  }

  async #fill() {
    while (!this.filling && this.made < this.ids.length &&
      this.list.scrollWidth - this.list.scrollLeft - this.list.clientWidth < AHEAD) {
      this.filling = true;
      const { ids } = this;
      const batch = ids.slice(this.made, this.made + BATCH);
      try {
        const unknown = batch.filter((id) => !this.cells.get(id));
        if (unknown.length) this.cells.put(await api.cells(unknown));
      } catch {
        return; // the next scroll asks again
      } finally {
        this.filling = false;
      }
      if (ids !== this.ids) continue; // another place meanwhile
      this.made += batch.length;
      const known = batch.map((id) => this.cells.get(id)).filter((cell) => cell !== undefined);
      this.list.append(...known.map((cell) => this.#item(/** @type {Cell} */ (cell))));
    }
  }

  /** @param {Cell} cell */
  #item({ id, version, caption }) {
    return el("li", {}, el("a", {
      href: `/?photo=${id}`, "data-id": id, draggable: "false",
      onclick: follow(() => this.listeners.open(id, this.ids)),
    }, el("img", { src: thumbnailAddress(id, version), alt: caption, loading: "lazy", draggable: "false" })));
  }

  /** A wheel that only goes up and down leads along the row. @param {WheelEvent} event */
  #wheel(event) {
    if (Math.abs(event.deltaX) > Math.abs(event.deltaY) || event.ctrlKey) return;
    event.preventDefault();
    this.list.scrollLeft += event.deltaY;
  }
}
