// @ts-check
// The world's coasts and borders, as benchmarks/make_outline.py packs them.
import { xOf, yOf } from "./projection.js";

const GRID = 65536;

/**
 * @typedef {{number: number, name: string, x: number, y: number, size: number}} Country
 *   its ISO number (0: none) and English name, where a label fits, and how wide it is
 * @typedef {{arcs: Int32Array, shifts: Int8Array, turns: number, box: Float32Array}} Ring
 *   arcs as signed numbers: -1 - n is arc n from its end; by how many worlds each is
 *   shifted so that it goes on where the one before ended, and by how many the ring ends
 *   from where it began: not 0 for what lies around a pole; box: west, north, east, south
 */

export class Outline {
  /** @param {ArrayBuffer} content */
  constructor(content) {
    const length = new DataView(content).getUint32(0, true);
    const head = JSON.parse(new TextDecoder().decode(new Uint8Array(content, 4, length)));
    /** @type {Country[]} */
    this.countries = head.countries.map((/** @type {any[]} */ [number, name, longitude, latitude, size]) => ({
      number, name, x: xOf(longitude), y: yOf(latitude), size,
    }));
    const numbers = new Numbers(new Uint8Array(content, 4 + length));
    const { starts, xs, ys } = arcsOf(numbers);
    this.starts = starts;
    this.xs = xs;
    this.ys = ys;
    const count = starts.length - 1;
    this.boxes = new Float32Array(4 * count);
    for (let arc = 0; arc < count; arc += 1) this.boxes.set(this.#boxOf([arc]), 4 * arc);
    this.uses = new Uint8Array(count); // 1: a coast, 2: a border between two countries
    /** @type {Ring[]} */
    this.rings = [];
    this.#readRings(numbers);
  }

  /** @param {Numbers} numbers */
  #readRings(numbers) {
    for (const _ of this.countries) {
      for (let left = numbers.next(); left > 0; left -= 1) {
        const arcs = new Int32Array(numbers.next());
        for (let i = 0; i < arcs.length; i += 1) arcs[i] = numbers.signed();
        for (const arc of arcs) this.uses[arc < 0 ? -1 - arc : arc] += 1;
        this.rings.push(this.#ringOf(arcs));
      }
    }
  }

  /** @param {Int32Array} arcs @returns {Ring} */
  #ringOf(arcs) {
    const shifts = new Int8Array(arcs.length);
    for (let k = 1; k < arcs.length; k += 1) {
      shifts[k] = Math.round(this.xs[this.#end(arcs[k - 1])] + shifts[k - 1] - this.xs[this.#end(-1 - arcs[k])]);
    }
    const last = arcs.length - 1;
    const turns = Math.round(this.xs[this.#end(arcs[last])] + shifts[last] - this.xs[this.#end(-1 - arcs[0])]);
    const box = this.#boxOf(arcs, shifts);
    if (turns) box[3] = 2; // down to the pole, far below the map's edge
    return { arcs, shifts, turns, box };
  }

  /** The place of an arc's last point. @param {number} arc signed */
  #end(arc) {
    return arc >= 0 ? this.starts[arc + 1] - 1 : this.starts[-1 - arc];
  }

  /**
   * @param {ArrayLike<number>} arcs
   * @param {ArrayLike<number>} [shifts]
   */
  #boxOf(arcs, shifts = [0]) {
    const box = new Float32Array([Infinity, Infinity, -Infinity, -Infinity]);
    for (let k = 0; k < arcs.length; k += 1) {
      const arc = arcs[k] < 0 ? -1 - arcs[k] : arcs[k];
      for (let i = this.starts[arc]; i < this.starts[arc + 1]; i += 1) {
        const x = this.xs[i] + shifts[k];
        box[0] = Math.min(box[0], x);
        box[1] = Math.min(box[1], this.ys[i]);
        box[2] = Math.max(box[2], x);
        box[3] = Math.max(box[3], this.ys[i]);
      }
    }
    return box;
  }
}

/**
 * The points of all arcs, one arc after the other, and where each begins.
 * @param {Numbers} numbers
 */
function arcsOf(numbers) {
  const starts = new Uint32Array(numbers.next() + 1);
  /** @type {number[]} */
  const xs = [];
  /** @type {number[]} */
  const ys = [];
  for (let arc = 1; arc < starts.length; arc += 1) {
    let x = 0;
    let y = 0;
    for (let left = numbers.next(); left > 0; left -= 1) {
      x += numbers.signed();
      y += numbers.signed();
      xs.push(x / GRID);
      ys.push(yOf((y / GRID) * 180 - 90));
    }
    starts[arc] = xs.length;
  }
  return { starts, xs: Float32Array.from(xs), ys: Float32Array.from(ys) };
}

/** Whole numbers, 7 bits a byte; signed ones in zigzag. */
class Numbers {
  /** @param {Uint8Array} bytes */
  constructor(bytes) {
    this.bytes = bytes;
    this.at = 0;
  }

  next() {
    let number = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.bytes[this.at++];
      number |= (byte & 127) << shift;
      if (byte < 128) return number;
    }
  }

  signed() {
    const number = this.next();
    return (number >>> 1) ^ -(number & 1);
  }
}

/** @type {Promise<Outline> | null} */
let coming = null;

/**
 * The outline, fetched once a page.
 * @returns {Promise<Outline>}
 */
export function outline() {
  coming ??= fetch(new URL("world.bin", import.meta.url))
    .then((response) => response.arrayBuffer())
    .then((content) => new Outline(content));
  coming.catch(() => (coming = null)); // it is asked for again
  return coming;
}
