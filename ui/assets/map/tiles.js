// @ts-check
// The street map, where the album has one: its tiles are fetched as they are seen.
import { api } from "../api.js";
import { VectorTile, drawTile } from "./vector.js";

const KEPT = 240; // tiles
const AT_ONCE = 6; // tiles on their way
const RASTER = 256; // pixels a picture tile is meant for
const VECTOR = 512;
const ANCESTORS = 6; // zoom levels up that may stand in for a tile

/** @typedef {import("./projection.js").Projection} Projection */
/** @typedef {ImageBitmap | VectorTile | "coming" | "none"} Tile */

export class Tiles {
  /** @param {() => void} changed a tile has come */
  constructor(changed) {
    this.changed = changed;
    /** @type {import("../api.js").TileFacts | null} */
    this.facts = null;
    /** @type {Map<string, Tile>} the last used at the end */
    this.tiles = new Map();
    /** @type {[number, number, number][]} */
    this.wanted = [];
    this.asking = 0;
  }

  /** Ask once whether there is a street map. */
  async start() {
    this.facts ??= await api.mapTiles().catch(() => null);
  }

  /** Whose data the tiles are. */
  get attribution() {
    return this.facts?.mime ? this.facts.attribution : "";
  }

  get #isVector() {
    return Boolean(this.facts?.mime?.includes("vector"));
  }

  /**
   * @param {CanvasRenderingContext2D} pen
   * @param {Projection} map
   * @param {import("./draw.js").Colours} colours
   * @returns {boolean} whether tiles cover the whole view
   */
  draw(pen, map, colours) {
    if (!this.facts?.mime) return false;
    const natural = this.#isVector ? VECTOR : RASTER;
    const wished = Math.round(Math.log2(map.size / natural));
    const zoom = Math.min(wished, this.facts.max_zoom);
    if (zoom < this.facts.min_zoom) return false;
    let covered = true;
    const columns = 2 ** zoom;
    const [across, down] = [map.width / 2 / map.size, map.height / 2 / map.size];
    this.wanted = [];
    for (let row = Math.max(Math.floor((map.y - down) * columns), 0);
      row <= Math.min(Math.floor((map.y + down) * columns), columns - 1); row += 1) {
      for (let column = Math.floor((map.x - across) * columns);
        column <= Math.floor((map.x + across) * columns); column += 1) {
        if (!this.#place(pen, map, colours, zoom, column, row)) covered = false;
      }
    }
    this.#ask();
    return covered;
  }

  /**
   * Draw a tile, or meanwhile the part of a larger one that lies there.
   * @type {(pen: CanvasRenderingContext2D, map: Projection,
   *   colours: import("./draw.js").Colours, zoom: number, column: number, row: number) => boolean}
   */
  #place(pen, map, colours, zoom, column, row) {
    const side = map.size / 2 ** zoom;
    const left = map.width / 2 + (column / 2 ** zoom - map.x) * map.size;
    const top = map.height / 2 + (row / 2 ** zoom - map.y) * map.size;
    const inside = ((column % 2 ** zoom) + 2 ** zoom) % 2 ** zoom;
    for (let up = 0; up <= Math.min(ANCESTORS, zoom); up += 1) {
      const [x, y] = [inside >> up, row >> up];
      const tile = this.#get(zoom - up, x, y, up === 0);
      if (typeof tile === "string") {
        if (up === 0 && tile === "none") return false;
        continue;
      }
      const whole = side * 2 ** up;
      const shiftX = (inside - x * 2 ** up) * side;
      const shiftY = (row - y * 2 ** up) * side;
      pen.save();
      pen.beginPath();
      pen.rect(left, top, side + 0.5, side + 0.5); // no seam between neighbours
      pen.clip();
      pen.translate(left - shiftX, top - shiftY);
      if (tile instanceof VectorTile) drawTile(pen, tile, whole, map.zoom, colours);
      else pen.drawImage(tile, 0, 0, whole + 0.5, whole + 0.5);
      pen.restore();
      return true;
    }
    return false;
  }

  /** @type {(zoom: number, x: number, y: number, wanted: boolean) => Tile} */
  #get(zoom, x, y, wanted) {
    const key = `${zoom}/${x}/${y}`;
    const tile = this.tiles.get(key);
    if (tile === undefined) {
      if (wanted) this.wanted.push([zoom, x, y]);
      return "coming";
    }
    this.tiles.delete(key);
    this.tiles.set(key, tile);
    return tile;
  }

  #ask() {
    while (this.asking < AT_ONCE) {
      const next = this.wanted.shift();
      if (!next) return;
      const key = next.join("/");
      if (this.tiles.has(key)) continue;
      this.tiles.set(key, "coming");
      this.asking += 1;
      this.#fetch(key).then((tile) => this.tiles.set(key, tile), () => this.tiles.set(key, "none"))
        .finally(() => {
          this.asking -= 1;
          this.#forget();
          this.changed();
        });
    }
  }

  /** @param {string} key @returns {Promise<Tile>} */
  async #fetch(key) {
    const response = await fetch(`/api/map/tiles/${key}?v=${this.facts?.version}`);
    if (response.status !== 200) return "none";
    if (this.#isVector) return new VectorTile(new Uint8Array(await response.arrayBuffer()));
    return createImageBitmap(await response.blob());
  }

  #forget() {
    for (const [key, tile] of this.tiles) {
      if (this.tiles.size <= KEPT) break;
      if (tile instanceof ImageBitmap) tile.close();
      this.tiles.delete(key);
    }
  }
}
