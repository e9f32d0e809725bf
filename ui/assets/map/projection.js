// @ts-check
// Web Mercator: where a place of the earth is on the map, and the map on the screen. The
// world is a square of side 1 with its upper left corner at 0, 0.

export const TILE = 256; // pixels of the world's width at zoom 0
export const DEEPEST = 18; // zoom: a street fills the screen
const STEEPEST = 89.5; // degrees; beyond it is only ice, and then infinity

/** @param {number} longitude degrees */
export const xOf = (longitude) => longitude / 360 + 0.5;

/** @param {number} latitude degrees */
export function yOf(latitude) {
  const north = (Math.min(Math.max(latitude, -STEEPEST), STEEPEST) * Math.PI) / 180;
  return 0.5 - Math.asinh(Math.tan(north)) / (2 * Math.PI);
}

/** @param {number} x */
export const longitudeOf = (x) => (x - Math.floor(x)) * 360 - 180;

/** @param {number} y */
export const latitudeOf = (y) => (Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180) / Math.PI;

/** @typedef {{x: number, y: number, zoom: number}} Place the middle of what is shown */
/** @typedef {{west: number, east: number, north: number, south: number}} Box */

/** What of the world is shown, and how large. East of 180° it goes on with the west. */
export class Projection {
  constructor() {
    this.x = 0.5;
    this.y = 0.45;
    this.zoom = 1;
    this.width = 1; // pixels
    this.height = 1;
  }

  /** Pixels of the world's width. */
  get size() {
    return TILE * 2 ** this.zoom;
  }

  /** Never more than one world beside another. */
  get shallowest() {
    return Math.max(0, Math.log2(this.width / TILE));
  }

  /** @returns {Place} */
  get place() {
    return { x: this.x, y: this.y, zoom: this.zoom };
  }

  /** @param {Place} place */
  go({ x, y, zoom }) {
    this.zoom = Math.min(Math.max(zoom, this.shallowest), DEEPEST);
    this.x = x - Math.floor(x);
    const half = this.height / 2 / this.size;
    this.y = half >= 0.5 ? 0.5 : Math.min(Math.max(y, half), 1 - half);
  }

  /**
   * @param {number} width pixels
   * @param {number} height
   */
  resize(width, height) {
    this.width = Math.max(width, 1);
    this.height = Math.max(height, 1);
    this.go(this.place);
  }

  /** How far a place is from the middle, the shorter way round. @param {number} x */
  aside(x) {
    const way = x - this.x;
    return way - Math.round(way);
  }

  /** Pixels from the left edge. @param {number} x */
  left(x) {
    return this.aside(x) * this.size + this.width / 2;
  }

  /** Pixels from the upper edge. @param {number} y */
  top(y) {
    return (y - this.y) * this.size + this.height / 2;
  }

  /**
   * @param {number} right pixels
   * @param {number} down
   * @returns {Place}
   */
  moved(right, down) {
    return { x: this.x + right / this.size, y: this.y + down / this.size, zoom: this.zoom };
  }

  /**
   * Nearer by some zoom levels, while what is at a point of the screen stays there.
   * @param {number} levels
   * @param {number} left pixels
   * @param {number} top
   * @returns {Place}
   */
  zoomed(levels, left = this.width / 2, top = this.height / 2) {
    const zoom = Math.min(Math.max(this.zoom + levels, this.shallowest), DEEPEST);
    const share = (1 / this.size - 1 / (TILE * 2 ** zoom));
    return {
      x: this.x + (left - this.width / 2) * share,
      y: this.y + (top - this.height / 2) * share,
      zoom,
    };
  }

  /**
   * The place from which a box is seen whole.
   * @param {Box} box `east` may be beyond 1
   * @param {number} margin pixels on each side
   * @param {number} deepest zoom
   * @returns {Place}
   */
  around({ west, east, north, south }, margin, deepest = DEEPEST) {
    const across = Math.max(this.width - 2 * margin, 40) / Math.max(east - west, 1e-9);
    const down = Math.max(this.height - 2 * margin, 40) / Math.max(south - north, 1e-9);
    const zoom = Math.min(Math.log2(Math.min(across, down) / TILE), deepest);
    return { x: (west + east) / 2, y: (north + south) / 2, zoom };
  }
}

/** As the address has it: latitude, longitude, zoom. @param {Place} place */
export const written = ({ x, y, zoom }) => {
  const digits = zoom > 12 ? 5 : 3;
  return `${latitudeOf(y).toFixed(digits)},${longitudeOf(x).toFixed(digits)},${zoom.toFixed(2)}`;
};

/**
 * @param {string} text
 * @returns {Place | null} null for what is no place
 */
export function read(text) {
  const numbers = text.split(",").map((part) => (part.trim() ? Number(part) : NaN));
  const [latitude, longitude, zoom] = numbers;
  if (numbers.length !== 3 || !numbers.every(Number.isFinite)) return null;
  if (Math.abs(latitude) > 90 || Math.abs(longitude) > 180 || zoom < 0 || zoom > DEEPEST) return null;
  return { x: xOf(longitude), y: yOf(latitude), zoom };
}
