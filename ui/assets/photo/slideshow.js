// @ts-check
// One photo after the other, on the whole screen where the browser allows it.
import { t } from "../i18n.js";

const EACH_MS = 5000;
const FADE_MS = 700;

export class Slideshow {
  /**
   * @param {HTMLElement} stage
   * @param {HTMLImageElement} image
   * @param {{loaded: () => Promise<unknown>, next: () => Promise<boolean>,
   *   changed: (state: "off" | "playing" | "paused", note: string) => void}} listeners
   *   loaded: the open photo can be seen; next: so can the next one, or there is none
   */
  constructor(stage, image, listeners) {
    this.stage = stage;
    this.image = image;
    this.listeners = listeners;
    /** @type {"off" | "playing" | "paused"} */
    this.state = "off";
    this.timer = 0;
    this.turn = 0; // counts what was begun: whatever began before is over
    stage.addEventListener("fullscreenchange", () => {
      if (document.fullscreenElement !== stage) this.stop();
    });
  }

  toggle() {
    if (this.state === "playing") this.pause();
    else this.#play();
  }

  /** Whether there was something to be paused. */
  pause() {
    if (this.state !== "playing") return false;
    this.#become("paused", t("Paused. Press s to go on."));
    return true;
  }

  /** Not even paused any more. */
  stop(note = "") {
    if (this.state === "off") return;
    this.#become("off", note);
    if (document.fullscreenElement === this.stage) document.exitFullscreen().catch(() => {});
  }

  async #play() {
    const fresh = this.state === "off";
    this.#become("playing", "");
    const { turn } = this;
    if (fresh) this.stage.requestFullscreen?.().catch(() => {}); // a window will do
    await this.listeners.loaded();
    this.#wait(turn);
  }

  /** @param {number} turn */
  #wait(turn) {
    if (turn !== this.turn) return;
    this.timer = window.setTimeout(() => this.#next(turn), EACH_MS);
  }

  /** @param {number} turn */
  async #next(turn) {
    const before = this.#cover();
    const went = await this.listeners.next();
    this.#uncover(before);
    if (turn !== this.turn) return;
    if (went) this.#wait(turn);
    else this.stop(t("That was the last photo."));
  }

  /** The photo stays to be seen until the next one is there. */
  #cover() {
    const before = /** @type {HTMLImageElement} */ (this.image.cloneNode());
    before.classList.add("viewer-before");
    before.setAttribute("aria-hidden", "true");
    this.image.after(before);
    return before;
  }

  /** @param {HTMLImageElement} before */
  #uncover(before) {
    if (matchMedia("(prefers-reduced-motion: reduce)").matches) return before.remove();
    const fading = before.animate({ opacity: [1, 0] }, { duration: FADE_MS, fill: "forwards" });
    fading.finished.finally(() => before.remove());
  }

  /**
   * @param {"off" | "playing" | "paused"} state
   * @param {string} note
   */
  #become(state, note) {
    window.clearTimeout(this.timer);
    this.turn += 1;
    this.state = state;
    this.listeners.changed(state, note);
  }
}
