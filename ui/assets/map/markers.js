// @ts-check
// Clusters as buttons over the map, each with its newest photo and how many there are.
import { thumbnailAddress } from "../api.js";
import { el, say } from "../dom.js";
import { t } from "../i18n.js";
import { count, counted } from "../words.js";
import { overlap } from "./names.js";

const BESIDE = 40; // pixels beyond the view in which a marker is still made
const NAMED = 6; // zoom from which the town is written below a marker
const HALF = 28; // pixels of half a marker
const LETTER = 7.4; // pixels, about

/** @typedef {import("./clusters.js").Cluster} Cluster */
/** @typedef {import("./projection.js").Projection} Projection */
/** @typedef {{left: number, top: number, cluster: Cluster}} Spot */
/** @typedef {import("./names.js").Patch} Patch */

export class Markers {
  /**
   * @param {HTMLElement} layer
   * @param {import("../cells.js").Cells} cells
   * @param {(cluster: Cluster) => void} chosen
   */
  constructor(layer, cells, chosen) {
    this.layer = layer;
    this.cells = cells;
    this.chosen = chosen;
    /** @type {Map<number, Marker>} by the newest photo's id */
    this.shown = new Map();
    this.selected = 0;
  }

  /**
   * @param {Cluster[]} clusters
   * @param {Projection} map
   * @returns {Patch[]} where markers and their names are
   */
  show(clusters, map) {
    const spots = clusters
      .map((cluster) => ({ left: map.left(cluster.x), top: map.top(cluster.y), cluster }))
      .filter(({ left, top }) =>
        left > -BESIDE && left < map.width + BESIDE && top > -BESIDE && top < map.height + BESIDE);
    const wanted = new Set(spots.map(({ cluster }) => cluster.newest));
    for (const [id, marker] of this.shown) {
      if (wanted.has(id)) continue;
      if (marker.node === document.activeElement) this.layer.parentElement?.focus({ preventScroll: true });
      marker.node.remove();
      this.shown.delete(id);
    }
    const patches = spots.map(patchOf);
    /** @type {Set<string>} */
    const names = new Set();
    for (const spot of spots) this.#place(spot, map.zoom < NAMED ? "" : this.#nameOf(spot, names, patches));
    this.cells.want([...wanted]);
    return patches;
  }

  /**
   * The town of a marker, at the largest marker of each town, where there is room.
   * @type {(spot: Spot, names: Set<string>, patches: Patch[]) => string}
   */
  #nameOf({ left, top, cluster }, names, patches) {
    const name = (this.cells.get(cluster.newest)?.place ?? "").split(",")[0];
    if (!name || names.has(name)) return "";
    const aside = Math.min(75, (name.length * LETTER) / 2 + 6);
    const patch = { left: left - aside, right: left + aside, top: top + HALF + 1, bottom: top + HALF + 24 };
    if (patches.some((other) => overlap(patch, other))) return "";
    names.add(name);
    patches.push(patch);
    return name;
  }

  /**
   * @param {Spot} spot
   * @param {string} name
   */
  #place({ left, top, cluster }, name) {
    let marker = this.shown.get(cluster.newest);
    if (!marker) {
      this.shown.set(cluster.newest, marker = new Marker((shown) => this.chosen(shown)));
      this.layer.append(marker.node);
    }
    marker.show(cluster, this.cells.get(cluster.newest), name);
    marker.node.style.transform = `translate(${left.toFixed(1)}px, ${top.toFixed(1)}px)`;
    marker.node.classList.toggle("selected", cluster.newest === this.selected);
  }

  /** The cluster whose photos are shown beside the map. @param {number} newest */
  select(newest) {
    this.selected = newest;
    for (const [id, { node }] of this.shown) node.classList.toggle("selected", id === newest);
  }

  /** @param {number} newest */
  focus(newest) {
    const node = this.shown.get(newest)?.node ?? this.layer.parentElement;
    node?.focus({ preventScroll: true });
  }
}

class Marker {
  /** @param {(cluster: Cluster) => void} chosen */
  constructor(chosen) {
    /** @type {Cluster | null} */
    this.cluster = null;
    this.image = el("img", { alt: "", draggable: "false" });
    this.count = el("span", { class: "map-count" });
    this.name = el("span", { class: "map-name" });
    this.node = el("button", {
      class: "map-marker", type: "button",
      onclick: () => this.cluster && chosen(this.cluster),
    }, el("span", { class: "map-thumb" }, this.image), this.count, this.name);
  }

  /**
   * @param {Cluster} cluster
   * @param {import("../api.js").Cell | undefined} cell
   * @param {string} name
   */
  show(cluster, cell, name) {
    this.cluster = cluster;
    const place = cell?.place ?? "";
    const address = cell ? thumbnailAddress(cell.id, cell.version) : "";
    if (address && this.image.getAttribute("src") !== address) this.image.src = address;
    say(this.count, cluster.count > 1 ? short(cluster.count) : "");
    say(this.name, name);
    const label = titleOf(cluster.count, place);
    if (this.node.getAttribute("aria-label") !== label) {
      this.node.setAttribute("aria-label", label);
      this.node.title = label;
    }
  }
}

/**
 * What a cluster is called.
 * @param {number} photos
 * @param {string | null} place of its newest photo
 */
export function titleOf(photos, place) {
  const many = counted(photos, "photo", "photos");
  return place ? t("{photos} near {place}", { photos: many, place }) : many;
}

/** @param {number} value */
const short = (value) => (value < 10000 ? count(value) : `${count(Math.floor(value / 1000))}k`);

/** @type {(spot: Spot) => Patch} */
const patchOf = ({ left, top }) => ({ left: left - HALF, right: left + HALF, top: top - HALF, bottom: top + HALF });
