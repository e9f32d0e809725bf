// @ts-check
// The original in place of its smaller view, once it is looked at so closely that it
// shows more.
import { originalAddress } from "../api.js";

const SHOWN = new Set(["JPEG", "PNG", "WEBP", "GIF", "BMP", "AVIF"]); // by every browser
const MOST_PIXELS = 150e6;
const MOST_BYTES = 80e6;
const WORTH = 1.1; // times as fine as what is shown

/** @typedef {import("../api.js").Photo} Photo */

export class Detail {
  /**
   * @param {HTMLImageElement} image
   * @param {(state: "view" | "loading" | "original") => void} changed
   */
  constructor(image, changed) {
    this.image = image;
    this.changed = changed;
    /** @type {Photo | null} */
    this.photo = null;
    this.asked = false;
  }

  /** Another photo. @param {Photo | null} photo */
  show(photo) {
    if (photo && photo.id === this.photo?.id) return;
    this.photo = photo;
    this.asked = false;
    this.changed("view");
  }

  /** So many pixels of the screen it is wide now. @param {number} pixels */
  async look(pixels) {
    const { photo, image } = this;
    if (!photo || this.asked || !isWorth(photo, image, pixels)) return;
    this.asked = true;
    this.changed("loading");
    const original = new Image();
    original.src = originalAddress(photo.id, photo.version);
    try {
      await original.decode();
    } catch {
      if (this.photo === photo) this.changed("view"); // which can still be looked at
      return;
    }
    if (this.photo !== photo) return;
    if (!isSameShape(original, image)) return this.changed("view");
    image.src = original.src;
    this.changed("original");
  }
}

/** @param {Photo} photo @param {HTMLImageElement} image @param {number} pixels */
const isWorth = (photo, image, pixels) =>
  !photo.missing && SHOWN.has(photo.format) && photo.size_bytes <= MOST_BYTES &&
  photo.width * photo.height <= MOST_PIXELS &&
  Math.min(pixels, photo.width) > image.naturalWidth * WORTH;

/**
 * A browser may not turn every format as the album does.
 * @param {HTMLImageElement} a
 * @param {HTMLImageElement} b
 */
const isSameShape = (a, b) =>
  Math.abs(a.naturalWidth * b.naturalHeight / (a.naturalHeight * b.naturalWidth) - 1) < 0.02;
