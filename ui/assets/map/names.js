// @ts-check
// Writes the countries' names where there is room.
import { LANGUAGE } from "../i18n.js";

const NAME_ROOM = 0.92; // of a country's width
const NAME_HEIGHT = 16; // pixels

/** @typedef {{left: number, right: number, top: number, bottom: number}} Patch pixels */

/** @type {(one: Patch, other: Patch) => boolean} */
export const overlap = (one, other) =>
  one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;

/** @type {Map<number, {text: string, width: number}>} */
const names = new Map();

/**
 * The names of the countries that have room for it.
 * @param {CanvasRenderingContext2D} pen
 * @param {import("./outline.js").Outline} outline
 * @param {import("./projection.js").Projection} map
 * @param {import("./draw.js").Colours} colours
 * @param {Patch[]} [taken] where something else is
 */
export function drawNames(pen, outline, map, colours, taken = []) {
  pen.font = `600 12px ${getComputedStyle(document.body).fontFamily}`;
  pen.textAlign = "center";
  pen.textBaseline = "middle";
  pen.lineWidth = 3;
  pen.lineJoin = "round";
  const patches = [...taken];
  outline.countries.forEach((country, i) => {
    const room = country.size * map.size * NAME_ROOM;
    if (room < 24) return;
    const left = map.left(country.x);
    const top = map.top(country.y);
    if (left < 0 || left > map.width || top < 0 || top > map.height) return;
    let name = names.get(i);
    if (!name) {
      const text = nameOf(country);
      names.set(i, name = { text, width: pen.measureText(text).width });
    }
    if (name.width > room) return;
    const aside = name.width / 2 + 3;
    const patch = { left: left - aside, right: left + aside, top: top - NAME_HEIGHT / 2, bottom: top + NAME_HEIGHT / 2 };
    if (patches.some((other) => overlap(patch, other))) return;
    patches.push(patch);
    pen.strokeStyle = colours.land;
    pen.strokeText(name.text, left, top);
    pen.fillStyle = colours.ink;
    pen.fillText(name.text, left, top);
  });
}

/** In the reader's language, as far as the browser knows it. @param {import("./outline.js").Country} country */
function nameOf({ number, name }) {
  if (!number) return name;
  try {
    const { region } = new Intl.Locale(`und-${String(number).padStart(3, "0")}`);
    const known = region && new Intl.DisplayNames([LANGUAGE], { type: "region" }).of(region);
    return known && known !== region ? known : name;
  } catch {
    return name;
  }
}
