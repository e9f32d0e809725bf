// @ts-check
// Walking through the grid with the arrow keys, from photo to photo.

/** @param {import("./grid.js").Grid} grid */
export function walkWithArrows(grid) {
  grid.stage.addEventListener("keydown", (event) => {
    const link = /** @type {HTMLElement} */ (event.target).closest("a");
    if (!link || event.ctrlKey || event.altKey || event.metaKey) return;
    const next = neighbour(grid.layout, Number(link.dataset.i), event.key);
    if (next === null || next < 0 || next >= grid.source.count) return;
    event.preventDefault();
    grid.reveal(grid.source.ids[next]);
    grid.draw();
    grid.focus(next);
  });
}

/**
 * The photo that a key leads to, or null.
 * @param {import("./layout.js").Layout} layout
 * @param {number} from
 * @param {string} key
 */
function neighbour(layout, from, key) {
  if (key === "ArrowRight") return from + 1;
  if (key === "ArrowLeft") return from - 1;
  const by = { ArrowDown: 1, ArrowUp: -1 }[key];
  if (by === undefined) return null;
  const row = layout.rowOf(from) + by;
  if (row < 0 || row >= layout.tops.length) return null;
  const column = from - layout.starts[layout.rowOf(from)];
  return Math.min(layout.starts[row] + column, layout.starts[row + 1] - 1);
}
