// @ts-check
// The map of all photos: what is shown of it, and what a press on a marker does.
import { api } from "../api.js";
import { Cells } from "../cells.js";
import { el, icon, say } from "../dom.js";
import { t } from "../i18n.js";
import { count, counted } from "../words.js";
import { Backdrop } from "./backdrop.js";
import { clustersInView } from "./clusters.js";
import { Control } from "./control.js";
import { coloursOf, penFor, scaleOf } from "./draw.js";
import { Glide } from "./glide.js";
import { Markers, titleOf } from "./markers.js";
import { drawNames } from "./names.js";
import { outline } from "./outline.js";
import { unpack } from "./points.js";
import { DEEPEST, Projection, read, written } from "./projection.js";
import { Strip } from "./strip.js";
import { Tiles } from "./tiles.js";

const MARGIN = 70; // pixels around photos that are shown whole
const FEW = 24; // photos that are shown at once rather than zoomed into
const ALL_DEEPEST = 9; // zoom: an album of one town still shows where that is
const REFRESH_MS = 20000;
const TOOLS = { top: 0, bottom: 150 }; // pixels: where the buttons are

/** @typedef {import("./clusters.js").Cluster} Cluster */
/** @typedef {import("./projection.js").Place} Place */

export class MapView {
  /** @param {{open: (id: number, among?: ArrayLike<number>) => void,
   *   at: (at: string) => void}} listeners open: a photo; at: what the address is to say */
  constructor(listeners) {
    this.listeners = listeners;
    this.title = t("Map");
    this.map = new Projection();
    /** @type {import("./points.js").Points | null} */
    this.points = null;
    /** @type {import("./outline.js").Outline | null} */
    this.world = null;
    this.etag = "";
    this.placed = this.moving = false;
    this.backdrop = new Backdrop();
    this.frame = this.timer = 0;
    this.cells = new Cells(() => this.#redraw());
    this.strip = new Strip(this.cells, {
      open: (id, among) => listeners.open(id, among),
      closed: () => this.#stripClosed(),
    });
    this.canvas = el("canvas", { class: "map-canvas", "aria-hidden": "true" });
    this.layer = el("div", { class: "map-markers" });
    this.area = el("div", {
      class: "map-area", tabindex: "0", role: "group",
      "aria-label": t("Map. The arrow keys move it, plus and minus zoom, 0 shows all photos."),
    }, this.canvas, this.layer);
    this.nearer = tool("plus", t("Zoom in"), () => this.glide.to((map) => map.zoomed(1)));
    this.farther = tool("minus", t("Zoom out"), () => this.glide.to((map) => map.zoomed(-1)));
    this.scale = el("span", { class: "map-scale", "aria-hidden": "true" });
    this.credit = el("p", { class: "map-credit" });
    this.said = el("p", { class: "map-said", role: "status" });
    this.empty = el("div", { class: "map-empty", hidden: true },
      el("h2", {}, t("None of your photos says where it was taken")),
      el("p", {}, t("Most phones write the place into a photo, if the camera is allowed to know it.")));
    this.node = el("section", { class: "map", "aria-label": t("Map") },
      this.area,
      el("div", { class: "map-tools" }, this.nearer, this.farther,
        tool("whole", t("Show all photos"), () => this.#whole())),
      this.scale, this.credit, this.said, this.empty, this.strip.node);
    this.tiles = new Tiles(() => this.#redraw());
    this.markers = new Markers(this.layer, this.cells, (cluster) => this.#choose(cluster));
    this.glide = new Glide(this.map, () => {
      this.moving = true;
      this.#redraw();
    }, () => this.#rests());
    new Control(this.area, this.map, {
      go: (place) => this.#drag(place),
      glide: (place) => this.glide.to(place),
      whole: () => this.#whole(),
      rests: () => this.#rests(),
    });
    new ResizeObserver(() => this.#resize()).observe(this.area);
    new MutationObserver(() => this.#redraw()).observe(document.body, { attributeFilter: ["class"] });
  }

  /** @param {string} at latitude, longitude and zoom, as `written` puts it */
  async show(at) {
    window.clearInterval(this.timer);
    this.timer = window.setInterval(() => document.hidden || this.#refresh(), REFRESH_MS);
    this.#resize();
    const [world] = await Promise.all([outline().catch(() => null), this.#refresh(), this.tiles.start()]);
    this.world = world;
    const place = read(at);
    if (!place && (at || !this.placed)) this.#whole(true);
    else if (place && at !== written(this.map.place)) this.#go(place);
    this.placed = true;
    this.#draw();
  }

  hide() {
    window.clearInterval(this.timer);
    this.glide.stop();
  }

  /** Look whether photos have come or gone. */
  async #refresh() {
    const { content, etag } = await api.map();
    if (etag === this.etag) return;
    this.etag = etag;
    this.points = unpack(content);
    this.empty.hidden = this.points.count > 0;
    this.#redraw();
  }

  #resize() {
    const { clientWidth, clientHeight } = this.area;
    if (!clientWidth) return;
    this.map.resize(clientWidth, clientHeight);
    this.#redraw();
  }

  /** @param {Place} place */
  #go(place) {
    this.glide.stop();
    this.map.go(place);
    this.#redraw();
  }

  /** @param {Place} place */
  #drag(place) {
    this.moving = true;
    this.#go(place);
  }

  /** @param {boolean} [atOnce] */
  #whole(atOnce = false) {
    const place = this.points?.count
      ? this.map.around(this.points.boxOf(), MARGIN, ALL_DEEPEST)
      : { x: 0.5, y: 0.42, zoom: 0 };
    if (atOnce) this.#go(place);
    else this.glide.to(place);
  }

  #rests() {
    this.moving = false;
    this.#redraw();
    const at = written(this.map.place);
    this.listeners.at(at);
    const clusters = this.points ? clustersInView(this.points, this.map) : [];
    const photos = clusters.reduce((sum, cluster) => sum + cluster.count, 0);
    say(this.said, t("{photos} in {places}", {
      photos: counted(photos, "photo", "photos"), places: counted(clusters.length, "place", "places"),
    }));
    this.node.dataset.at = at;
  }

  #redraw() {
    this.frame ||= requestAnimationFrame(() => {
      this.frame = 0;
      if (this.node.isConnected && this.placed) this.#draw();
    });
  }

  #draw() {
    const { map, world } = this;
    const pen = penFor(this.canvas, map);
    const colours = coloursOf(this.node);
    if (world) this.backdrop.draw(pen, world, map, colours, this.moving);
    const covered = this.tiles.draw(pen, map, colours);
    const taken = this.points ? this.markers.show(clustersInView(this.points, map), map) : [];
    if (world && !covered) drawNames(pen, world, map, colours, [...taken, { left: map.width - 80, right: map.width, ...TOOLS }]);
    const { length, width } = scaleOf(map);
    this.scale.style.width = `${width}px`;
    say(this.scale, length < 1000 ? t("{n} m", { n: length }) : t("{n} km", { n: count(length / 1000) }));
    say(this.credit, [this.tiles.attribution, "Natural Earth"].filter(Boolean).join(" · "));
    this.nearer.disabled = map.zoom >= DEEPEST;
    this.farther.disabled = map.zoom <= map.shallowest;
  }

  /** @param {Cluster} cluster */
  #choose(cluster) {
    const { points, map } = this;
    if (!points) return;
    if (cluster.count === 1) {
      this.listeners.open(cluster.newest);
      return;
    }
    const place = map.around(points.boxOf(cluster.spans), MARGIN);
    if (cluster.count <= FEW || map.zoom >= DEEPEST - 0.5 || place.zoom >= DEEPEST) this.#list(cluster);
    else {
      this.strip.close();
      this.glide.to({ ...place, zoom: Math.max(place.zoom, map.zoom + 1) });
    }
  }

  /** @param {Cluster} cluster */
  #list(cluster) {
    const ids = /** @type {import("./points.js").Points} */ (this.points).idsOf(cluster.spans);
    this.strip.show(ids, titleOf(cluster.count, this.cells.get(cluster.newest)?.place ?? ""));
    this.markers.select(cluster.newest);
    this.strip.title.focus({ preventScroll: true });
    const hidden = this.map.top(cluster.y) - (this.map.height - this.strip.node.offsetHeight - MARGIN);
    if (hidden > 0) this.glide.to(this.map.moved(0, hidden));
  }

  #stripClosed() {
    const { selected } = this.markers;
    this.markers.select(0);
    this.markers.focus(selected);
  }
}

/**
 * @param {Parameters<typeof icon>[0]} sign
 * @param {string} label
 * @param {() => void} act
 */
const tool = (sign, label, act) =>
  el("button", { class: "map-tool", type: "button", "aria-label": label, title: label, onclick: act },
    icon(sign, 20));
