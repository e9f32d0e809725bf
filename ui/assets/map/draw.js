// @ts-check
// Draws the world: water, land, coasts and borders.
import { TILE } from "./projection.js";

const STEP = 0.9; // pixels: a point nearer to the one before is left out
const OUTSIDE = 40; // pixels around the view; lines beyond are not drawn one by one
const ROUGH = 9; // zoom from which the outline is too rough to be believed
const USELESS = 12.5; // zoom from which it says nothing

/** @typedef {import("./outline.js").Outline} Outline */
/** @typedef {import("./projection.js").Projection} Projection */
/** @typedef {Record<"water" | "land" | "border" | "coast" | "ink" | "green" | "built" | "road" | "way", string>} Colours */

/** @type {(keyof Colours)[]} */
const NAMES = ["water", "land", "border", "coast", "ink", "green", "built", "road", "way"];

/** The map's colours in this theme. @param {Element} node @returns {Colours} */
export function coloursOf(node) {
  const style = getComputedStyle(node);
  return /** @type {Colours} */ (Object.fromEntries(
    NAMES.map((name) => [name, style.getPropertyValue(`--map-${name}`).trim()]),
  ));
}

/**
 * Make a canvas as large as its box, in pixels of the screen.
 * @param {HTMLCanvasElement} canvas
 * @param {Projection} map
 */
export function penFor(canvas, map) {
  const ratio = Math.min(window.devicePixelRatio || 1, 2);
  const [width, height] = [Math.round(map.width * ratio), Math.round(map.height * ratio)];
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width;
    canvas.height = height;
  }
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d", { alpha: false }));
  pen.setTransform(ratio, 0, 0, ratio, 0, 0);
  return pen;
}

/**
 * @param {CanvasRenderingContext2D} pen
 * @param {Outline} outline
 * @param {Projection} map
 * @param {Colours} colours
 */
export function drawWorld(pen, outline, map, colours) {
  pen.fillStyle = colours.water;
  pen.fillRect(0, 0, map.width, map.height);
  const doubt = Math.min(Math.max((map.zoom - ROUGH) / (USELESS - ROUGH), 0), 1);
  for (const shift of doubt < 1 ? worldsInView(map) : []) {
    const trace = new Trace(pen, outline, map, shift);
    pen.beginPath();
    for (const ring of outline.rings) if (trace.sees(ring.box, 0)) trace.ring(ring);
    pen.fillStyle = colours.land;
    pen.fill("evenodd");
    trace.coverSeams(colours.land);
    pen.lineJoin = "round";
    for (const [uses, colour, width] of /** @type {[number, string, number][]} */ ([
      [1, colours.coast, 1], [2, colours.border, 1],
    ])) {
      pen.beginPath();
      for (let arc = 0; arc < outline.uses.length; arc += 1) {
        if (outline.uses[arc] === uses && trace.sees(outline.boxes, 4 * arc)) trace.arc(arc);
      }
      pen.strokeStyle = colour;
      pen.lineWidth = width;
      pen.stroke();
    }
  }
  if (!doubt) return;
  pen.globalAlpha = doubt;
  pen.fillStyle = colours.land;
  pen.fillRect(0, 0, map.width, map.height);
  pen.globalAlpha = 1;
}

/**
 * Worlds beside each other, by how many widths they are shifted; also those of which
 * only what crosses 180° may reach into the view.
 * @param {Projection} map
 */
function worldsInView(map) {
  const half = map.width / 2 / map.size;
  const shifts = [];
  for (let shift = Math.floor(map.x - half) - 1; shift <= Math.floor(map.x + half) + 1; shift += 1) {
    shifts.push(shift);
  }
  return shifts;
}

/** Puts lines of the outline into the pen's path; what cannot be seen is left out. */
class Trace {
  /**
   * @param {CanvasRenderingContext2D} pen
   * @param {Outline} outline
   * @param {Projection} map
   * @param {number} shift worlds
   */
  constructor(pen, outline, map, shift) {
    this.pen = pen;
    this.outline = outline;
    this.map = map;
    this.scale = map.size;
    this.left = map.width / 2 + (shift - map.x) * map.size;
    this.top = map.height / 2 - map.y * map.size;
    /** @type {[number, number][]} */
    this.seams = [];
    this.begun = this.waits = false;
    this.zone = this.lastZone = this.x = this.y = this.lastX = this.lastY = 0;
  }

  /**
   * Whether a box is in view, and not too small to be seen.
   * @param {Float32Array} boxes
   * @param {number} at
   */
  sees(boxes, at) {
    const { scale, left, top, map } = this;
    const [west, east] = [boxes[at] * scale + left, boxes[at + 2] * scale + left];
    const [north, south] = [boxes[at + 1] * scale + top, boxes[at + 3] * scale + top];
    if (east - west < STEP && south - north < STEP) return false;
    return east > -OUTSIDE && west < map.width + OUTSIDE && south > -OUTSIDE && north < map.height + OUTSIDE;
  }

  /** @param {import("./outline.js").Ring} ring */
  ring({ arcs, shifts, turns }) {
    const { starts } = this.outline;
    this.#begin();
    for (let k = 0; k < arcs.length; k += 1) {
      const arc = arcs[k];
      if (arc >= 0) this.#points(starts[arc], starts[arc + 1], 1, shifts[k]);
      else this.#points(starts[-arc] - 1, starts[-1 - arc] - 1, -1, shifts[k]);
    }
    this.#end();
    if (turns) this.#closeAtPole(turns);
    this.pen.closePath();
  }

  /** @param {number} arc */
  arc(arc) {
    const { starts } = this.outline;
    this.#begin();
    this.#points(starts[arc], starts[arc + 1], 1, 0);
    this.#end();
  }

  /** What lies around the South Pole goes on below the view. @param {number} turns */
  #closeAtPole(turns) {
    const bottom = 2 * this.scale + this.top;
    this.pen.lineTo(this.lastX, bottom);
    this.pen.lineTo(this.lastX - turns * this.scale, bottom);
    this.seams.push([this.lastX, this.lastY]);
  }

  /** Two worlds meet there, but no line is to be seen. @param {string} colour */
  coverSeams(colour) {
    this.pen.fillStyle = colour;
    for (const [x, y] of this.seams) this.pen.fillRect(x - 1, y, 2, this.map.height);
  }

  #begin() {
    this.begun = this.waits = false;
    this.zone = this.lastZone = this.x = this.y = this.lastX = this.lastY = 0;
  }

  /** @type {(from: number, to: number, step: number, shift: number) => void} */
  #points(from, to, step, shift) {
    const { outline: { xs, ys }, scale, top, map } = this;
    const left = this.left + shift * scale;
    for (let i = from; i !== to; i += step) {
      const x = xs[i] * scale + left;
      const y = ys[i] * scale + top;
      const zone =
        (x < -OUTSIDE ? 1 : x > map.width + OUTSIDE ? 2 : 0) |
        (y < -OUTSIDE ? 4 : y > map.height + OUTSIDE ? 8 : 0);
      if (!this.begun) {
        this.pen.moveTo(x, y);
        this.#drawn(x, y, zone);
        this.begun = true;
        continue;
      }
      // What goes on beyond one side of the view may go straight there.
      const unseen = this.lastZone & this.zone & zone;
      const near = Math.abs(this.x - this.lastX) + Math.abs(this.y - this.lastY) < STEP;
      if (this.waits && !unseen && !near) this.#line();
      this.x = x;
      this.y = y;
      this.zone = zone;
      this.waits = true;
    }
  }

  #end() {
    if (this.waits) this.#line();
    this.waits = false;
  }

  #line() {
    this.pen.lineTo(this.x, this.y);
    this.#drawn(this.x, this.y, this.zone);
  }

  /** @type {(x: number, y: number, zone: number) => void} */
  #drawn(x, y, zone) {
    this.lastX = x;
    this.lastY = y;
    this.lastZone = zone;
  }
}

const EQUATOR_M = 40075017;

/** How far a round distance reaches: its length in metres and in pixels. @param {Projection} map */
export function scaleOf(map) {
  const north = Math.PI * (1 - 2 * map.y);
  const metres = EQUATOR_M / Math.cosh(north) / (TILE * 2 ** map.zoom); // of a pixel
  const most = 110 * metres;
  const power = 10 ** Math.floor(Math.log10(most));
  const length = [5, 2, 1].map((first) => first * power).find((each) => each <= most) ?? power;
  return { length, width: length / metres };
}
