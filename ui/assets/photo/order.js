// @ts-check
// In which order the arrows walk from photo to photo: that of the grid, or that of
// wherever else the photo was opened, such as a strip on the map.

export class Order {
  /** @param {import("../grid.js").Grid} grid */
  constructor(grid) {
    this.grid = grid;
    /** @type {ArrayLike<number> | null} */
    this.own = null;
  }

  get ids() {
    return this.own ?? this.grid.source.ids;
  }

  get count() {
    return this.own ? this.own.length : this.grid.source.count;
  }

  /** @param {number} id */
  indexOf(id) {
    return Array.prototype.indexOf.call(this.ids, id);
  }

  /**
   * A photo is being opened: from these, or where it is found.
   * @param {number} id
   * @param {ArrayLike<number> | null} among
   */
  enter(id, among) {
    if (among) this.own = among;
    else if (this.own && this.indexOf(id) < 0) this.own = null;
  }

  leave() {
    this.own = null;
  }
}
