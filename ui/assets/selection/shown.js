// @ts-check
// What the rows in the page show of a selection, and which photos lie where.
import { mark } from "../favourite.js";
import { showPick } from "../rows.js";

/** @typedef {import("../grid.js").Grid} Grid */

/** Show which photos are selected. @param {Grid} grid */
export function showPicked(grid) {
  for (const pick of grid.stage.querySelectorAll(".pick")) {
    const id = Number(/** @type {HTMLElement} */ (pick).dataset.id);
    const cell = pick.parentElement?.querySelector(`a[data-id="${id}"]`);
    if (cell) showPick(cell, pick, grid.picked(id));
  }
}

/**
 * Show that these photos are favourites, or none any more.
 * @param {Grid} grid
 * @param {number[]} ids
 * @param {boolean} favourite
 */
export function star(grid, ids, favourite) {
  const changed = new Set(ids);
  for (const id of ids) {
    const cell = grid.cells.get(id);
    if (cell) cell.favourite = favourite;
  }
  for (const link of /** @type {NodeListOf<HTMLElement>} */ (grid.stage.querySelectorAll("a.cell"))) {
    if (changed.has(Number(link.dataset.id))) mark(link, favourite);
  }
}

/**
 * The photos that lie in a part of the grid, wherever the window is.
 * @param {Grid} grid
 * @param {{left: number, right: number, top: number, bottom: number}} box in pixels
 * @returns {number[]}
 */
export function within({ layout, source }, { left, right, top, bottom }) {
  const { starts, tops, lefts, heights, measures } = layout;
  const found = [];
  for (let row = 0; row < tops.length; row += 1) {
    if (tops[row] + heights[row] <= top || tops[row] >= bottom) continue;
    let x = lefts[row];
    for (let index = starts[row]; index < starts[row + 1]; index += 1) {
      const end = x + layout.ratio(index) * heights[row];
      if (x < right && end > left) found.push(source.ids[index]);
      x = end + measures.gap;
    }
  }
  return found;
}
