// @ts-check
// Where the photos were taken, sorted along a curve that fills the map: the photos of any
// cell of a grid of 2, 4, 8 … columns stand beside each other, and are found by halving.
import { xOf, yOf } from "./projection.js";

export const LEVELS = 22; // the finest grid has 2^22 columns, 10 m wide at the equator

const DIGIT = 2 ** 11;
const MERIDIANS = 360;
const USUAL = 30; // so small a part of the world on both sides of 180°

/** @typedef {[number, number]} Span from one place in the order up to another */

export class Points {
  /**
   * @param {Uint32Array} ids of photos, newest first
   * @param {Float32Array} latitudes degrees
   * @param {Float32Array} longitudes
   */
  constructor(ids, latitudes, longitudes) {
    this.count = ids.length;
    const keys = new Float64Array(this.count);
    const across = new Float64Array(this.count);
    const down = new Float64Array(this.count);
    for (let i = 0; i < this.count; i += 1) {
      across[i] = Math.min(Math.max(xOf(longitudes[i]), 0), 1 - 1e-9);
      down[i] = Math.min(Math.max(yOf(latitudes[i]), 0), 1 - 1e-9);
      keys[i] = keyOf(Math.floor(across[i] * 2 ** LEVELS), Math.floor(down[i] * 2 ** LEVELS));
    }
    const order = orderOf(keys);
    this.keys = new Float64Array(this.count);
    this.ids = new Uint32Array(this.count);
    this.xs = new Float64Array(this.count);
    this.ys = new Float64Array(this.count);
    for (let place = 0; place < this.count; place += 1) {
      const i = order[place];
      this.keys[place] = keys[i];
      this.ids[place] = ids[i];
      this.xs[place] = across[i];
      this.ys[place] = down[i];
    }
    this.ranks = order; // 0 is the newest photo
    this.sumsX = sums(this.xs);
    this.sumsY = sums(this.ys);
  }

  /**
   * The photos in a cell of a grid with 2^level columns.
   * @param {number} level at most LEVELS
   * @param {number} column
   * @param {number} row
   * @returns {Span}
   */
  inCell(level, column, row) {
    const width = 4 ** (LEVELS - level);
    const key = keyOf(column, row) * width;
    return [this.#from(key), this.#from(key + width)];
  }

  /** The first place in the order whose key is no smaller. @param {number} key */
  #from(key) {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.keys[middle] < key) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /**
   * Photos' ids, newest first.
   * @param {Span[]} spans
   */
  idsOf(spans) {
    /** @type {number[]} */
    const places = [];
    for (const [begin, end] of spans) for (let i = begin; i < end; i += 1) places.push(i);
    places.sort((a, b) => this.ranks[a] - this.ranks[b]);
    return places.map((i) => this.ids[i]);
  }

  /**
   * What the photos take up of the world; the emptiest part of it, such as an ocean, is
   * left out, so that `east` may be beyond 1.
   * @param {Span[]} [spans]
   * @returns {import("./projection.js").Box}
   */
  boxOf(spans = [[0, this.count]]) {
    const from = this.#behindGap(spans);
    const box = { west: Infinity, east: -Infinity, north: Infinity, south: -Infinity };
    for (const [begin, end] of spans) {
      for (let i = begin; i < end; i += 1) {
        const x = this.xs[i] < from ? this.xs[i] + 1 : this.xs[i];
        box.west = Math.min(box.west, x);
        box.east = Math.max(box.east, x);
        box.north = Math.min(box.north, this.ys[i]);
        box.south = Math.max(box.south, this.ys[i]);
      }
    }
    return box;
  }

  /** Where the widest gap between the photos' meridians ends. @param {Span[]} spans */
  #behindGap(spans) {
    const taken = new Uint8Array(MERIDIANS);
    for (const [begin, end] of spans) {
      for (let i = begin; i < end; i += 1) taken[Math.floor(this.xs[i] * MERIDIANS)] = 1;
    }
    const usual = MERIDIANS / USUAL;
    const free = !taken.some((is, k) => is && (k < usual || k >= MERIDIANS - usual));
    let [gap, widest, at] = [0, -1, 0];
    for (let k = 0; k < 2 * MERIDIANS; k += 1) { // twice around: a gap may cross 180°
      if (!taken[k % MERIDIANS]) gap += 1;
      else {
        if (gap > widest) [widest, at] = [gap, k];
        gap = 0;
      }
    }
    // Photos all over the world: as people know it, with its edge in the Pacific.
    return free && widest < MERIDIANS / 2 ? 0 : (at % MERIDIANS) / MERIDIANS;
  }
}

/**
 * As the server packs them: see pack_positions in ui/wire.py.
 * @param {ArrayBuffer} content
 */
export function unpack(content) {
  const count = new DataView(content).getUint32(0, true);
  return new Points(
    new Uint32Array(content, 4, count),
    new Float32Array(content, 4 + 4 * count, count),
    new Float32Array(content, 4 + 8 * count, count),
  );
}

/**
 * The bits of a column and a row, one of each in turn: 2 × LEVELS bits, more than the
 * 32 of JavaScript's whole numbers, so that it is made of two halves.
 * @param {number} column
 * @param {number} row
 */
function keyOf(column, row) {
  const low = spread(column & 0x7ff) + 2 * spread(row & 0x7ff);
  return (spread(column >>> 11) + 2 * spread(row >>> 11)) * 2 ** 22 + low;
}

/** 11 bits with a gap after each. @param {number} bits */
function spread(bits) {
  let out = (bits | (bits << 8)) & 0x00ff00ff;
  out = (out | (out << 4)) & 0x0f0f0f0f;
  out = (out | (out << 2)) & 0x33333333;
  return (out | (out << 1)) & 0x55555555;
}

/**
 * The places of keys in their order, equal ones as they came: digit by digit, which for
 * 100,000 keys takes a twentieth of the time of comparing them.
 * @param {Float64Array} keys of 2 × LEVELS bits
 */
function orderOf(keys) {
  const { length } = keys;
  let order = new Uint32Array(length);
  for (let i = 0; i < length; i += 1) order[i] = i;
  for (let digit = 1; digit < 4 ** LEVELS; digit *= DIGIT) {
    const starts = new Uint32Array(DIGIT + 1);
    const sorted = new Uint32Array(length);
    for (let i = 0; i < length; i += 1) starts[(Math.floor(keys[i] / digit) % DIGIT) + 1] += 1;
    for (let value = 0; value < DIGIT; value += 1) starts[value + 1] += starts[value];
    for (let place = 0; place < length; place += 1) {
      const value = Math.floor(keys[order[place]] / digit) % DIGIT;
      sorted[starts[value]++] = order[place];
    }
    order = sorted;
  }
  return order;
}

/** The sum of all values before each place, and of all. @param {Float64Array} values */
function sums(values) {
  const out = new Float64Array(values.length + 1);
  for (let i = 0; i < values.length; i += 1) out[i + 1] = out[i] + values[i];
  return out;
}
