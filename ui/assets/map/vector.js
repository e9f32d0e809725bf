// @ts-check
// Reads Mapbox vector tiles (version 2) and draws what tells places apart: water, green,
// built-up land, roads. No names. Knows how Protomaps and OpenMapTiles call their layers.

/** @typedef {"water" | "green" | "built" | "house" | "stream" | "rail" | "border" | "path" | "street" | "road" | "motorway"} Kind */

const GREEN = /park|wood|forest|grass|garden|meadow|nature|scrub|cemetery|pitch|golf|farm|orchard|recreation/;
const BUILT = /residential|commercial|industrial|retail|school|hospital|university|urban/;
const WATER = new Set(["water", "ocean", "physical_polygon"]);

/** From the lowest to the highest; those that are lines have a width by zoom.
 * @type {[Kind, keyof import("./draw.js").Colours, ((zoom: number) => number) | null, number][]}
 *   kind, colour, width in pixels, the zoom from which it is drawn */
const LAYERS = [
  ["built", "built", null, 8],
  ["green", "green", null, 5],
  ["water", "water", null, 0],
  ["stream", "water", (zoom) => Math.max(0.8, (zoom - 9) * 0.6), 9],
  ["house", "built", null, 14],
  ["border", "border", () => 1, 0],
  ["path", "way", (zoom) => 0.7 + Math.max(0, zoom - 15), 14],
  ["rail", "border", () => 1, 11],
  ["street", "road", (zoom) => widen(0.8, zoom, 12), 12],
  ["road", "road", (zoom) => widen(1.2, zoom, 10), 8],
  ["motorway", "way", (zoom) => widen(1.4, zoom, 8), 5],
];

/** @type {(width: number, zoom: number, from: number) => number} */
const widen = (width, zoom, from) => width * 1.35 ** Math.max(0, zoom - from);

export class VectorTile {
  /** @param {Uint8Array} bytes */
  constructor(bytes) {
    /** @type {Map<Kind, Path2D>} in a square of side 1 */
    this.paths = new Map();
    const tile = new Message(bytes);
    tile.each((field, value) => {
      if (field === 3 && value instanceof Uint8Array) this.#layer(value);
    });
  }

  /** @param {Uint8Array} bytes */
  #layer(bytes) {
    let name = "";
    let extent = 4096;
    /** @type {string[]} */
    const keys = [];
    /** @type {string[]} */
    const values = [];
    /** @type {Uint8Array[]} */
    const features = [];
    new Message(bytes).each((field, value) => {
      if (field === 1) name = textOf(value);
      else if (field === 2) features.push(/** @type {Uint8Array} */ (value));
      else if (field === 3) keys.push(textOf(value));
      else if (field === 4) values.push(valueOf(/** @type {Uint8Array} */ (value)));
      else if (field === 5) extent = Number(value) || extent;
    });
    for (const feature of features) this.#feature(feature, name, keys, values, extent);
  }

  /** @type {(bytes: Uint8Array, layer: string, keys: string[], values: string[], extent: number) => void} */
  #feature(bytes, layer, keys, values, extent) {
    let shape = 0; // 1: points, 2: lines, 3: areas
    /** @type {number[]} */
    let tags = [];
    /** @type {number[]} */
    let geometry = [];
    new Message(bytes).each((field, value) => {
      if (field === 2) tags = numbersIn(value);
      else if (field === 3) shape = Number(value);
      else if (field === 4) geometry = numbersIn(value);
    });
    /** @type {Record<string, string>} */
    const facts = {};
    for (let i = 0; i + 1 < tags.length; i += 2) facts[keys[tags[i]]] = values[tags[i + 1]] ?? "";
    const kind = kindOf(layer, shape, facts);
    if (!kind) return;
    let path = this.paths.get(kind);
    if (!path) this.paths.set(kind, path = new Path2D());
    trace(path, geometry, 1 / extent);
  }
}

/**
 * @param {string} layer
 * @param {number} shape
 * @param {Record<string, string>} facts
 * @returns {Kind | null}
 */
function kindOf(layer, shape, facts) {
  const what = `${facts.kind ?? facts.class ?? ""} ${facts.kind_detail ?? facts.subclass ?? ""}`.toLowerCase();
  if (shape === 3) {
    if (WATER.has(layer)) return "water";
    if (layer.startsWith("building")) return "house";
    if (layer === "park" || ((layer === "landuse" || layer === "landcover") && GREEN.test(what))) return "green";
    return (layer === "landuse" || layer === "landcover") && BUILT.test(what) ? "built" : null;
  }
  if (shape !== 2) return null;
  if (WATER.has(layer) || layer === "waterway") return "stream";
  if (layer.startsWith("boundar")) return Number(facts.admin_level ?? 2) <= 4 ? "border" : null;
  if (layer !== "roads" && layer !== "transportation") return null;
  if (/rail|transit/.test(what)) return "rail";
  if (/motorway|highway|trunk/.test(what)) return "motorway";
  if (/major|primary|secondary/.test(what)) return "road";
  return /path|foot|track|pedestrian|steps|cycle/.test(what) ? "path" : "street";
}

/**
 * @param {Path2D} path
 * @param {number[]} commands
 * @param {number} scale
 */
function trace(path, commands, scale) {
  let x = 0;
  let y = 0;
  for (let at = 0; at < commands.length;) {
    const [command, count] = [commands[at] & 7, commands[at] >>> 3];
    at += 1;
    if (command === 7) {
      path.closePath();
      continue;
    }
    for (let left = Math.min(count, (commands.length - at) / 2); left >= 1; left -= 1) {
      x += unzigzag(commands[at]);
      y += unzigzag(commands[at + 1]);
      at += 2;
      if (command === 1) path.moveTo(x * scale, y * scale);
      else path.lineTo(x * scale, y * scale);
    }
    if (command !== 1 && command !== 2) return; // no such command: the rest means nothing
  }
}

/**
 * Draw a tile into a square from 0, 0.
 * @param {CanvasRenderingContext2D} pen
 * @param {VectorTile} tile
 * @param {number} side pixels
 * @param {number} zoom of the map
 * @param {import("./draw.js").Colours} colours
 */
export function drawTile(pen, tile, side, zoom, colours) {
  pen.fillStyle = colours.land;
  pen.fillRect(0, 0, side + 0.5, side + 0.5);
  pen.scale(side, side);
  pen.lineCap = pen.lineJoin = "round";
  for (const [kind, colour, width, from] of LAYERS) {
    const path = tile.paths.get(kind);
    if (!path || zoom < from) continue;
    if (width) {
      pen.strokeStyle = colours[colour];
      pen.lineWidth = width(zoom) / side;
      pen.stroke(path);
    } else {
      pen.fillStyle = colours[colour];
      pen.fill(path, "evenodd");
    }
  }
}

/** One message of Protocol Buffers: fields by number. */
class Message {
  /** @param {Uint8Array} bytes */
  constructor(bytes) {
    this.bytes = bytes;
    this.at = 0;
  }

  /** @param {(field: number, value: number | Uint8Array) => void} take */
  each(take) {
    while (this.at < this.bytes.length) {
      const key = this.varint();
      const kind = key & 7;
      if (kind === 0) take(key >>> 3, this.varint());
      else if (kind === 2) {
        const length = this.varint();
        take(key >>> 3, this.bytes.subarray(this.at, this.at + length));
        this.at += length;
      } else if (kind === 1 || kind === 5) {
        const length = kind === 1 ? 8 : 4;
        take(key >>> 3, this.bytes.subarray(this.at, this.at + length));
        this.at += length;
      } else throw new Error("not a vector tile");
    }
  }

  varint() {
    let number = 0;
    let unit = 1;
    for (;;) {
      const byte = this.bytes[this.at++];
      if (byte === undefined) return number;
      number += (byte & 127) * unit;
      if (byte < 128) return number;
      unit *= 128;
    }
  }
}

/** @type {(value: number | Uint8Array) => string} */
const textOf = (value) => (typeof value === "number" ? String(value) : new TextDecoder().decode(value));

/** A tag's value; only texts and small numbers matter here. @param {Uint8Array} bytes */
function valueOf(bytes) {
  let text = "";
  new Message(bytes).each((field, value) => {
    if (field === 1) text = textOf(value);
    else if (typeof value === "number") text = String(field === 6 ? unzigzag(value) : value);
  });
  return text;
}

/** @param {number | Uint8Array} value */
function numbersIn(value) {
  if (typeof value === "number") return [value];
  const packed = new Message(value);
  const numbers = [];
  while (packed.at < value.length) numbers.push(packed.varint());
  return numbers;
}

/** @param {number} number */
const unzigzag = (number) => (number >>> 1) ^ -(number & 1);
