// @ts-check
// The timeline as the server packs it: see pack_timeline in ui/wire.py.
import { month, shortMonth } from "./words.js";

/**
 * @param {ArrayBuffer} content
 * @returns {import("./layout.js").Source}
 */
export function unpack(content) {
  const length = new DataView(content).getUint32(0, true);
  const text = new TextDecoder().decode(new Uint8Array(content, 4, length));
  const { count, sections } = JSON.parse(text);
  const start = 4 + length;
  const thousandths = new Uint16Array(content, start + 8 * count, count);
  return {
    count,
    ids: new Uint32Array(content, start, count),
    colours: new Uint32Array(content, start + 4 * count, count),
    ratios: Float32Array.from(thousandths, (value) => value / 1000),
    sections: sections.map(
      (/** @type {[number, number, number]} */ [year, number, photos]) => ({
        title: month(year, number),
        short: shortMonth(year, number),
        year,
        count: photos,
      }),
    ),
  };
}
