// @ts-check
// Fetches large pictures, those beside the open one ahead of time.
import { api, viewAddress } from "../api.js";

const KEPT = 8;

export class Ahead {
  /**
   * @param {import("../grid.js").Grid} grid
   * @param {import("./order.js").Order} order
   */
  constructor(grid, order) {
    this.grid = grid;
    this.order = order;
    /** @type {Map<number, Promise<HTMLImageElement>>} */
    this.pictures = new Map();
  }

  /**
   * The large picture, decoded and ready to be shown.
   * @param {number} id
   * @param {string} version
   */
  fetch(id, version) {
    let picture = this.pictures.get(id);
    if (!picture) {
      const image = new Image();
      image.src = viewAddress(id, version);
      picture = image.decode().then(() => image);
      picture.catch(() => this.pictures.delete(id));
      this.pictures.set(id, picture);
      const oldest = this.pictures.keys().next().value;
      if (this.pictures.size > KEPT && oldest !== undefined) this.pictures.delete(oldest);
    }
    return picture;
  }

  /** Those beside a photo. @param {number} index */
  async neighbours(index) {
    const { ids, count } = this.order;
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
      if (cell) this.fetch(id, cell.version).catch(() => {});
    }
  }
}
