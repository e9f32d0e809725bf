// @ts-check
// The keys of the large photo.

const CLOSER = 1.5; // by each press
const FAR = 80; // pixels the picture moves by each press

/**
 * @param {import("../viewer.js").Viewer} viewer
 * @returns {(event: KeyboardEvent) => void}
 */
export function keysOf(viewer) {
  const { zoom, slideshow, panel, favourite } = viewer;
  /** @type {Record<string, () => void>} */
  const acts = {
    ArrowLeft: () => viewer.step(-1),
    ArrowRight: () => viewer.step(1),
    "+": () => zoom.by(CLOSER),
    "=": () => zoom.by(CLOSER), // the same key without Shift, on many keyboards
    "-": () => zoom.by(1 / CLOSER),
    0: () => zoom.to(1),
    i: () => viewer.togglePanel(),
    e: () => panel.edit(),
    f: () => favourite.toggle(),
    s: () => slideshow.toggle(),
    d: () => panel.download(),
  };
  /** @type {Record<string, () => void>} */
  const moves = {
    ArrowLeft: () => zoom.pan(FAR, 0, true),
    ArrowRight: () => zoom.pan(-FAR, 0, true),
    ArrowUp: () => zoom.pan(0, FAR, true),
    ArrowDown: () => zoom.pan(0, -FAR, true),
  };
  return (event) => {
    const target = /** @type {HTMLElement} */ (event.target);
    if (event.ctrlKey || event.metaKey || event.altKey || target.closest("textarea, input")) return;
    if (event.key !== "Escape" && slideshow.pause()) {
      event.preventDefault();
      return;
    }
    const act = event.shiftKey && zoom.isZoomed && moves[event.key] || acts[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  };
}
