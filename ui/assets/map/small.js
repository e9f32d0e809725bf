// @ts-check
// A small map with one pin, for the panel beside a photo.
import { el, follow } from "../dom.js";
import { t } from "../i18n.js";
import { coloursOf, drawWorld, penFor } from "./draw.js";
import { drawNames } from "./names.js";
import { outline } from "./outline.js";
import { Projection, written, xOf, yOf } from "./projection.js";

const ZOOM = 4; // a country and its coast
const CLOSER = 11; // where the link leads

/**
 * A map about 320 × 150 pixels; it draws itself when it is in the page, and again when
 * that turns light or dark.
 * @param {number} latitude degrees
 * @param {number} longitude degrees
 * @param {(at: string) => void} [visit] show the place on the large map
 * @returns {HTMLElement}
 */
export function smallMap(latitude, longitude, visit) {
  const canvas = el("canvas", { "aria-hidden": "true" });
  const pin = el("span", { class: "small-map-pin", "aria-hidden": "true" });
  const at = written({ x: xOf(longitude), y: yOf(latitude), zoom: CLOSER });
  const node = el("a", {
    class: "small-map", href: `/?${new URLSearchParams({ view: "map", at })}`,
    "aria-label": t("Show on the map"), title: t("Show on the map"),
    onclick: visit && follow(() => visit(at)),
  }, canvas, pin);
  const draw = async () => {
    const world = await outline();
    if (!node.isConnected || !node.clientWidth) return;
    const map = new Projection();
    map.resize(node.clientWidth, node.clientHeight);
    map.go({ x: xOf(longitude), y: yOf(latitude), zoom: ZOOM });
    const [pen, colours] = [penFor(canvas, map), coloursOf(node)];
    drawWorld(pen, world, map, colours);
    drawNames(pen, world, map, colours);
    pin.style.left = `${map.left(xOf(longitude))}px`;
    pin.style.top = `${map.top(yOf(latitude))}px`;
    node.dataset.ready = "";
  };
  const redraw = () => void draw().catch(() => node.remove()); // without an outline, no map
  new ResizeObserver(redraw).observe(node); // at first, too
  const theme = new MutationObserver(() => (node.isConnected ? redraw() : theme.disconnect()));
  theme.observe(document.body, { attributeFilter: ["class"] });
  return node;
}
