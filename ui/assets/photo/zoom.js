// @ts-check
// How large the photo is shown, and which part of it. A scale of 1 fits the stage.

const LEAST_ROOM = 4; // even a small picture can be made so many times as large
const BEYOND_PIXELS = 3; // a large one is shown with its pixels so many times as large

export class Zoom {
  /**
   * @param {HTMLElement} stage
   * @param {HTMLImageElement} image fills the stage, its picture contained in it
   * @param {() => void} changed
   */
  constructor(stage, image, changed) {
    this.stage = stage;
    this.image = image;
    this.changed = changed;
    this.width = 0;
    this.height = 0;
    this.scale = 1;
    this.x = 0;
    this.y = 0;
    new ResizeObserver(() => {
      if (this.isZoomed) this.#put(false);
    }).observe(stage);
  }

  get isZoomed() {
    return this.scale > 1.005;
  }

  /** The picture's size on the screen while it fits, in CSS pixels. */
  get fit() {
    const { clientWidth: width, clientHeight: height } = this.stage;
    const ratio = (this.width || this.image.naturalWidth || 1) /
      (this.height || this.image.naturalHeight || 1);
    const wide = Math.min(width, height * ratio);
    return { width: wide, height: wide / ratio };
  }

  /** The scale at which a pixel of the picture is one of the screen. */
  get actual() {
    const width = this.width || this.image.naturalWidth || 1;
    return width / Math.max(1, this.fit.width) / window.devicePixelRatio;
  }

  /** How many pixels of the screen the picture is wide now. */
  get pixels() {
    return this.fit.width * this.scale * window.devicePixelRatio;
  }

  /** Another picture, of which the size may not be known yet.
   * @param {number} [width] in pixels, upright
   * @param {number} [height] */
  show(width = 0, height = 0) {
    this.width = width;
    this.height = height;
    if (width) return;
    Object.assign(this, { scale: 1, x: 0, y: 0 });
    this.#put(false);
  }

  /**
   * So many times as large as now.
   * @param {number} factor
   * @param {{x: number, y: number, smooth?: boolean}} [at] of the window: stays where it is
   */
  by(factor, at) {
    this.to(this.scale * factor, at);
  }

  /**
   * @param {number} scale
   * @param {{x: number, y: number, smooth?: boolean}} [at]
   */
  to(scale, at) {
    const frame = this.stage.getBoundingClientRect();
    const x = at ? at.x - frame.left : frame.width / 2;
    const y = at ? at.y - frame.top : frame.height / 2;
    const most = Math.max(LEAST_ROOM, this.actual * BEYOND_PIXELS);
    const next = Math.min(Math.max(scale, 1), most);
    this.x = x - (x - this.x) * (next / this.scale);
    this.y = y - (y - this.y) * (next / this.scale);
    this.scale = next;
    this.#put(at?.smooth ?? true);
    this.changed();
  }

  /** Between the whole picture and its own pixels.
   * @param {{x: number, y: number}} [at] */
  toggle(at) {
    const closer = this.actual > 1.1 ? this.actual : 2;
    this.to(this.isZoomed ? 1 : closer, at && { ...at, smooth: true });
  }

  /** Show another part. @param {number} x @param {number} y @param {boolean} [smooth] */
  pan(x, y, smooth = false) {
    this.x += x;
    this.y += y;
    this.#put(smooth);
  }

  /** While a finger draws at the whole picture; 0, 0 lets it go back.
   * @param {number} x @param {number} y */
  pull(x, y) {
    this.stage.classList.toggle("easing", !x && !y);
    this.image.style.transform = x || y ? `translate(${x}px, ${y}px)` : "";
  }

  /** @param {boolean} smooth */
  #put(smooth) {
    const { clientWidth, clientHeight } = this.stage;
    const { width, height } = this.fit;
    this.x = bounded(this.x, this.scale, clientWidth, width);
    this.y = bounded(this.y, this.scale, clientHeight, height);
    this.stage.classList.toggle("easing", smooth);
    this.stage.classList.toggle("zoomed", this.isZoomed);
    this.image.style.transform = this.isZoomed
      ? `translate(${this.x}px, ${this.y}px) scale(${this.scale})` : "";
  }
}

/**
 * A place from which the picture leaves no gap that it could fill.
 * @param {number} at
 * @param {number} scale
 * @param {number} room of the stage
 * @param {number} length of the picture that fits
 */
function bounded(at, scale, room, length) {
  const margin = scale * (room - length) / 2;
  const shown = scale * length;
  if (shown <= room) return (room - shown) / 2 - margin;
  return Math.min(Math.max(at, room - shown - margin), -margin);
}
