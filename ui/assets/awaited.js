// @ts-check
// While a caption of the photo that is open is still to come, look whether it is there.
import { api } from "./api.js";

/** @typedef {import("./api.js").Photo} Photo */
/** @typedef {import("./api.js").Progress} Progress */

export class Awaited {
  /**
   * @param {import("./panel.js").Panel} panel
   * @param {(photo: Photo) => void} came
   */
  constructor(panel, came) {
    this.panel = panel;
    this.came = came;
    this.asking = false;
  }

  /**
   * Called with each look at the progress, which is the pace of asking. What a person
   * is typing is never replaced: saving it finds out about another caption.
   * @param {Progress} progress
   */
  async look(progress) {
    const { photo } = this.panel;
    this.panel.progressed(progress);
    if (!photo || this.asking || this.panel.editing || !expected(photo, progress)) return;
    this.asking = true;
    try {
      const now = await api.photo(photo.id);
      if (this.panel.photo !== photo || this.panel.editing || same(photo, now)) return;
      this.panel.show(now, now.caption?.stale ? "" : "This is the new caption.");
      this.came(now);
    } catch {
      // Not answering just now: the banner says so, and it is asked again.
    } finally {
      this.asking = false;
    }
  }
}

/**
 * @param {Photo} photo
 * @param {Progress} progress
 */
function expected({ caption }, { busy, paused }) {
  if (caption?.stale) return true;
  return busy && !paused && (!caption || caption.provisional);
}

/** @type {(one: Photo, other: Photo) => boolean} */
const same = ({ caption: one }, { caption: other }) =>
  one?.id === other?.id && one?.stale === other?.stale;
