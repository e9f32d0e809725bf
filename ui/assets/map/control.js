// @ts-check
// Moves the map: dragging, pinching, the wheel, double click and keys.

const SLIP = 6; // pixels a pointer may move and still mean a click
const WHEEL = 1 / 260; // zoom levels for a pixel of the wheel
const PINCH = 1 / 90; // the same for a pinch on a touchpad
const LINE = 18; // pixels
const STEP = 120; // pixels for an arrow key

/** @typedef {import("./projection.js").Projection} Projection */
/** @typedef {import("./projection.js").Place} Place */

export class Control {
  /**
   * @param {HTMLElement} area
   * @param {Projection} map
   * @param {{go: (place: Place) => void, glide: (place: (map: Projection) => Place) => void,
   *   whole: () => void, rests: () => void}} listeners go: there, at once; glide: there,
   *   softly; whole: all photos; rests: a movement is over
   */
  constructor(area, map, listeners) {
    this.area = area;
    this.map = map;
    this.listeners = listeners;
    /** @type {Map<number, {x: number, y: number}>} where each finger is */
    this.fingers = new Map();
    this.dragging = false;
    this.from = { x: 0, y: 0 };
    this.rest = 0;
    area.addEventListener("pointerdown", (event) => this.#down(event));
    area.addEventListener("pointermove", (event) => this.#move(event));
    for (const kind of ["pointerup", "pointercancel"]) {
      area.addEventListener(kind, (event) => this.#up(/** @type {PointerEvent} */ (event)));
    }
    area.addEventListener("click", (event) => this.#click(event), { capture: true });
    area.addEventListener("dblclick", (event) => this.#twice(event));
    area.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
    area.addEventListener("keydown", (event) => this.#key(event));
    area.addEventListener("dragstart", (event) => event.preventDefault());
  }

  /** @param {PointerEvent} event */
  #down(event) {
    if (event.pointerType === "mouse" && event.button !== 0) return;
    if (!this.fingers.size) {
      this.dragging = false;
      this.from = this.#at(event);
    }
    this.fingers.set(event.pointerId, this.#at(event));
  }

  /** @param {PointerEvent} event */
  #move(event) {
    const before = this.fingers.get(event.pointerId);
    if (!before) return;
    const now = this.#at(event);
    const slipped = Math.hypot(now.x - this.from.x, now.y - this.from.y) > SLIP;
    if (!this.dragging) {
      if (!slipped && this.fingers.size < 2) return;
      this.dragging = true;
      for (const id of this.fingers.keys()) this.area.setPointerCapture(id);
      this.area.classList.add("dragged");
    }
    const [left, top, apart] = this.#hand();
    this.fingers.set(event.pointerId, now);
    const [nowLeft, nowTop, nowApart] = this.#hand();
    this.map.go(this.map.moved(left - nowLeft, top - nowTop));
    const nearer = apart > 0 && nowApart > 0 ? Math.log2(nowApart / apart) : 0;
    this.listeners.go(this.map.zoomed(nearer, nowLeft, nowTop));
  }

  /** The middle of all fingers, and how far apart two are. */
  #hand() {
    const [one, other = one] = [...this.fingers.values()];
    return [(one.x + other.x) / 2, (one.y + other.y) / 2, Math.hypot(one.x - other.x, one.y - other.y)];
  }

  /** @param {PointerEvent} event */
  #up(event) {
    if (!this.fingers.delete(event.pointerId) || this.fingers.size) return;
    this.area.classList.remove("dragged");
    if (this.dragging) this.listeners.rests();
  }

  /** The click at the end of a drag means nothing. @param {MouseEvent} event */
  #click(event) {
    if (!this.dragging || event.detail === 0) return;
    this.dragging = false;
    event.stopPropagation();
    event.preventDefault();
  }

  /** @param {MouseEvent} event */
  #twice(event) {
    if (/** @type {HTMLElement} */ (event.target).closest("button")) return;
    const { x, y } = this.#at(event);
    this.listeners.glide((map) => map.zoomed(event.shiftKey ? -1 : 1, x, y));
  }

  /** @param {WheelEvent} event */
  #wheel(event) {
    event.preventDefault();
    const pixels = event.deltaY * [1, LINE, this.map.height][event.deltaMode];
    const levels = -pixels * (event.ctrlKey ? PINCH : WHEEL);
    const { x, y } = this.#at(event);
    this.listeners.go(this.map.zoomed(Math.min(Math.max(levels, -1), 1), x, y));
    window.clearTimeout(this.rest);
    this.rest = window.setTimeout(() => this.listeners.rests(), 200);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { glide, whole } = this.listeners;
    const move = (/** @type {number} */ right, /** @type {number} */ down) => () =>
      glide((map) => map.moved(right, down));
    const zoom = (/** @type {number} */ levels) => () => glide((map) => map.zoomed(levels));
    const act = {
      ArrowLeft: move(-STEP, 0), ArrowRight: move(STEP, 0),
      ArrowUp: move(0, -STEP), ArrowDown: move(0, STEP),
      "+": zoom(1), "=": zoom(1), "-": zoom(-1), 0: whole,
    }[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  }

  /** Where in the map. @param {MouseEvent} event */
  #at(event) {
    const box = this.area.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  }
}
