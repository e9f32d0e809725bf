// @ts-check
// What fingers, a mouse and a wheel do at the large photo.

const TAP = 10; // pixels a tap may wander
const TWICE_MS = 300;
const SWIPE = 48; // pixels to the next photo
const AWAY = 90; // pixels down that close it

/** @typedef {{x: number, y: number}} Point */

export class Gestures {
  /**
   * @param {HTMLElement} stage
   * @param {import("./zoom.js").Zoom} zoom
   * @param {{step: (by: number) => void, close: () => void, up: () => void,
   *   touched: () => boolean}} listeners up: swiped upwards; touched: whether that was
   *   all that the touch was for
   */
  constructor(stage, zoom, listeners) {
    this.stage = stage;
    this.zoom = zoom;
    this.listeners = listeners;
    /** @type {Map<number, Point>} where each finger is */
    this.points = new Map();
    /** @type {Point} */
    this.from = { x: 0, y: 0 };
    /** @type {"" | "tap" | "across" | "along" | "pan" | "pinch" | "none"} */
    this.kind = "";
    this.tapped = { x: 0, y: 0, at: -Infinity };
    stage.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
    stage.addEventListener("pointerdown", (event) => this.#down(event));
    stage.addEventListener("pointermove", (event) => this.#move(event));
    stage.addEventListener("pointerup", (event) => this.#up(event));
    stage.addEventListener("pointercancel", (event) => this.#cancel(event));
  }

  /** @param {WheelEvent} event */
  #wheel(event) {
    event.preventDefault();
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 30 : 1;
    // A pinch at a touchpad comes as a wheel with Ctrl, in smaller steps.
    const speed = event.ctrlKey ? 0.012 : 0.0022;
    const factor = Math.exp(-event.deltaY * lines * speed);
    this.zoom.by(factor, { x: event.clientX, y: event.clientY, smooth: false });
  }

  /** @param {PointerEvent} event */
  #down(event) {
    if (event.button !== 0 || /** @type {HTMLElement} */ (event.target).closest("button")) return;
    this.points.set(event.pointerId, pointOf(event));
    this.stage.setPointerCapture(event.pointerId);
    if (this.points.size === 1) {
      this.from = pointOf(event);
      this.kind = this.listeners.touched() ? "none" : "tap";
    } else if (this.points.size === 2 && this.kind !== "none") {
      this.zoom.pull(0, 0);
      this.kind = "pinch";
    }
  }

  /** @param {PointerEvent} event */
  #move(event) {
    const before = this.points.get(event.pointerId);
    if (!before) return;
    const now = pointOf(event);
    if (this.kind === "pinch") this.#pinch(event.pointerId, before, now);
    this.points.set(event.pointerId, now);
    const [x, y] = [now.x - this.from.x, now.y - this.from.y];
    if (this.kind === "tap" && Math.hypot(x, y) > TAP) {
      if (this.zoom.isZoomed) this.kind = "pan";
      else if (event.pointerType === "mouse") this.kind = "none";
      else this.kind = Math.abs(x) > Math.abs(y) ? "across" : "along";
      this.stage.classList.toggle("grabbed", this.kind === "pan");
    }
    if (this.kind === "pan") this.zoom.pan(now.x - before.x, now.y - before.y);
    else if (this.kind === "across") this.zoom.pull(x, 0);
    else if (this.kind === "along") this.zoom.pull(0, Math.max(y, 0));
  }

  /** @param {number} id @param {Point} before @param {Point} now */
  #pinch(id, before, now) {
    const other = [...this.points].find(([each]) => each !== id)?.[1];
    if (!other) return;
    const factor = distance(now, other) / Math.max(1, distance(before, other));
    const middle = between(now, other);
    const { x, y } = between(before, other);
    this.zoom.pan(middle.x - x, middle.y - y);
    this.zoom.by(factor, { ...middle, smooth: false });
  }

  /** @param {PointerEvent} event */
  #up(event) {
    if (!this.points.delete(event.pointerId) || this.points.size) return;
    const { kind } = this;
    const now = pointOf(event);
    this.#end();
    if (kind === "tap") this.#tap(now, event.timeStamp);
    const [x, y] = [now.x - this.from.x, now.y - this.from.y];
    if (kind !== "across" && kind !== "along") return;
    this.zoom.pull(0, 0);
    if (kind === "across" && Math.abs(x) > SWIPE) this.listeners.step(x < 0 ? 1 : -1);
    else if (kind === "along" && y > AWAY) this.listeners.close();
    else if (kind === "along" && y < -SWIPE) this.listeners.up();
  }

  /** @param {PointerEvent} event */
  #cancel(event) {
    if (!this.points.delete(event.pointerId) || this.points.size) return;
    if (this.kind === "across" || this.kind === "along") this.zoom.pull(0, 0);
    this.#end();
  }

  #end() {
    this.kind = "";
    this.stage.classList.remove("grabbed");
  }

  /** @param {Point} now @param {number} at in milliseconds */
  #tap(now, at) {
    const twice = at - this.tapped.at < TWICE_MS && distance(now, this.tapped) < 4 * TAP;
    this.tapped = { ...now, at: twice ? -Infinity : at };
    if (twice) this.zoom.toggle(now);
  }
}

/** @param {PointerEvent} event */
const pointOf = ({ clientX: x, clientY: y }) => ({ x, y });
/** @param {Point} a @param {Point} b */
const distance = (a, b) => Math.hypot(a.x - b.x, a.y - b.y);
/** @param {Point} a @param {Point} b */
const between = (a, b) => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 });
