// @ts-check
// Brings the map softly to another place.

const LASTS_MS = 240;

/** @typedef {import("./projection.js").Projection} Projection */
/** @typedef {import("./projection.js").Place} Place */

export class Glide {
  /**
   * @param {Projection} map
   * @param {() => void} moved
   * @param {() => void} rests
   */
  constructor(map, moved, rests) {
    this.map = map;
    this.moved = moved;
    this.rests = rests;
    this.frame = 0;
    /** @type {Place | null} */
    this.goal = null;
    this.still = matchMedia("(prefers-reduced-motion: reduce)");
  }

  stop() {
    cancelAnimationFrame(this.frame);
    this.goal = null;
  }

  /**
   * @param {Place | ((map: Projection) => Place)} place a function is told where the map
   *   is going to be, so that quick presses of a key add up
   */
  to(place) {
    const { map, goal: before } = this;
    this.stop();
    const from = map.place;
    if (before) map.go(before);
    map.go(typeof place === "function" ? place(map) : place);
    const goal = map.place; // as far as one can go there
    if (this.still.matches) {
      this.#arrive();
      return;
    }
    const aside = goal.x - from.x;
    const across = aside - Math.round(aside);
    map.go(from);
    this.goal = goal;
    const began = performance.now();
    const step = (/** @type {number} */ now) => {
      const time = Math.min(Math.max((now - began) / LASTS_MS, 0), 1);
      if (time === 1) {
        map.go(goal);
        this.goal = null;
        this.#arrive();
        return;
      }
      const share = 1 - (1 - time) ** 3;
      const zoom = from.zoom + (goal.zoom - from.zoom) * share;
      // The middle moves so that whatever stays where it is, stays all the way.
      const near = (2 ** -from.zoom - 2 ** -zoom) / (2 ** -from.zoom - 2 ** -goal.zoom);
      const way = Math.abs(goal.zoom - from.zoom) < 0.01 ? share : near;
      map.go({ x: from.x + across * way, y: from.y + (goal.y - from.y) * way, zoom });
      this.moved();
      this.frame = requestAnimationFrame(step);
    };
    this.frame = requestAnimationFrame(step);
  }

  #arrive() {
    this.moved();
    this.rests();
  }
}
