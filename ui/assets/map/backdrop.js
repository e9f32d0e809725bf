// @ts-check
// The world drawn once, larger than the view, and then moved as a picture: drawing tens
// of thousands of points for every step of a drag would not keep up with a finger.
import { drawWorld, penFor } from "./draw.js";
import { Projection } from "./projection.js";

const LARGER = 1.5; // times the view's width and height
const STRETCH = 1; // zoom levels that the picture may be stretched by while moving

/** @typedef {import("./outline.js").Outline} Outline */
/** @typedef {import("./draw.js").Colours} Colours */

export class Backdrop {
  constructor() {
    this.canvas = document.createElement("canvas");
    this.map = new Projection(); // what the picture shows
    this.colours = "";
  }

  /**
   * @param {CanvasRenderingContext2D} pen
   * @param {Outline} world
   * @param {Projection} map
   * @param {Colours} colours
   * @param {boolean} moving something blurred will do for the moment
   */
  draw(pen, world, map, colours, moving) {
    const theme = JSON.stringify(colours);
    if (theme !== this.colours || !this.#serves(map, moving)) this.#render(world, map, colours);
    this.colours = theme;
    const { left, top, width, height } = this.#box(map);
    pen.drawImage(this.canvas, left, top, width, height);
  }

  /** Where the picture comes to lie. @param {Projection} map */
  #box(map) {
    const scale = map.size / this.map.size;
    const [width, height] = [this.map.width * scale, this.map.height * scale];
    return {
      left: map.left(this.map.x) - width / 2, top: map.top(this.map.y) - height / 2, width, height,
    };
  }

  /**
   * @param {Projection} map
   * @param {boolean} moving
   */
  #serves(map, moving) {
    if (Math.abs(map.zoom - this.map.zoom) > (moving ? STRETCH : 1e-6)) return false;
    const { left, top, width, height } = this.#box(map);
    return left <= 0 && top <= 0 && left + width >= map.width && top + height >= map.height;
  }

  /** @type {(world: Outline, map: Projection, colours: Colours) => void} */
  #render(world, map, colours) {
    const { x, y, zoom } = map;
    const [width, height] = [Math.ceil(map.width * LARGER), Math.ceil(map.height * LARGER)];
    Object.assign(this.map, { x, y, zoom, width, height });
    drawWorld(penFor(this.canvas, this.map), world, this.map, colours);
  }
}
