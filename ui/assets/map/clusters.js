// @ts-check
// Photos near each other on the screen as one marker. The grid stands still on the map,
// so that a marker does not change while the map is moved.
import { LEVELS } from "./points.js";

const MOST = 400; // cells looked at, so at most as many markers
const NEAR = 62; // pixels: markers nearer than this become one
const FINER = 2; // a cell is 64 to 128 pixels wide

/**
 * @typedef {{x: number, y: number, count: number, first: number, newest: number,
 *   spans: import("./points.js").Span[]}} Cluster in the middle of its photos; `newest`
 *   is the id of its newest photo, `first` that photo's rank
 * @typedef {import("./points.js").Points} Points
 * @typedef {import("./projection.js").Projection} Projection
 */

/**
 * The cells that reach into the view. Columns may be beyond either end of the world.
 * @param {Projection} map
 * @returns {{level: number, left: number, right: number, top: number, bottom: number}}
 *   columns and rows, all of them included
 */
export function cellsInView(map) {
  for (let level = Math.min(Math.floor(map.zoom) + FINER, LEVELS); ; level -= 1) {
    const columns = 2 ** level;
    const across = map.width / 2 / map.size;
    const down = map.height / 2 / map.size;
    const left = Math.floor((map.x - across) * columns);
    const right = Math.min(Math.floor((map.x + across) * columns), left + columns - 1);
    const top = Math.max(Math.floor((map.y - down) * columns), 0);
    const bottom = Math.min(Math.floor((map.y + down) * columns), columns - 1);
    if ((right - left + 1) * (bottom - top + 1) <= MOST || level === 0) {
      return { level, left, right, top, bottom };
    }
  }
}

/**
 * Every photo of every cell in view is in one cluster.
 * @param {Points} points
 * @param {Projection} map
 * @returns {Cluster[]} the largest first
 */
export function clustersInView(points, map) {
  const { level, left, right, top, bottom } = cellsInView(map);
  const columns = 2 ** level;
  /** @type {Cluster[]} */
  const cells = [];
  for (let row = top; row <= bottom; row += 1) {
    for (let column = left; column <= right; column += 1) {
      const inside = ((column % columns) + columns) % columns;
      const span = points.inCell(level, inside, row);
      if (span[1] > span[0]) cells.push(clusterOf(points, span));
    }
  }
  return merged(cells, map);
}

/**
 * @param {Points} points
 * @param {import("./points.js").Span} span
 * @returns {Cluster}
 */
function clusterOf(points, [begin, end]) {
  const count = end - begin;
  let first = Infinity;
  let newest = 0;
  for (let i = begin; i < end; i += 1) {
    if (points.ranks[i] >= first) continue;
    first = points.ranks[i];
    newest = points.ids[i];
  }
  const x = (points.sumsX[end] - points.sumsX[begin]) / count;
  const y = (points.sumsY[end] - points.sumsY[begin]) / count;
  return { x, y, count, first, newest, spans: [[begin, end]] };
}

/**
 * @param {Cluster[]} cells
 * @param {Projection} map
 */
function merged(cells, map) {
  cells.sort((a, b) => b.count - a.count || a.first - b.first);
  const near = NEAR / map.size;
  /** @type {Cluster[]} */
  const kept = [];
  for (const cell of cells) {
    const other = kept.find((each) => {
      const aside = cell.x - each.x;
      return Math.hypot(aside - Math.round(aside), cell.y - each.y) < near;
    });
    if (other) join(other, cell);
    else kept.push(cell);
  }
  return kept;
}

/** @type {(into: Cluster, other: Cluster) => void} */
function join(into, other) {
  const share = other.count / (into.count + other.count);
  const aside = other.x - into.x;
  into.x += (aside - Math.round(aside)) * share;
  into.x -= Math.floor(into.x);
  into.y += (other.y - into.y) * share;
  into.count += other.count;
  into.spans.push(...other.spans);
  if (other.first < into.first) [into.first, into.newest] = [other.first, other.newest];
}
