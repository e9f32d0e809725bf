// @ts-check
// Makes elements. Text is only ever set as text, so nothing a photo carries can run.

/**
 * @typedef {string | number | Node | null | undefined | false} Child
 */

/**
 * One element with its attributes, listeners and children. A property that begins with
 * "on" is a listener; `null` and `false` leave an attribute out.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, any>} [attributes]
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== null && value !== undefined && value !== false) {
      node.setAttribute(name, String(value));
    }
  }
  fill(node, ...children);
  return node;
}

/**
 * Replace what is in an element.
 * @param {Element} node
 * @param {...Child} children
 */
export function fill(node, ...children) {
  node.replaceChildren(
    .../** @type {(string | Node)[]} */ (
      children
        .filter((child) => child !== null && child !== undefined && child !== false)
        .map((child) => (typeof child === "number" ? String(child) : child))
    ),
  );
}

/**
 * Set a text only if it is another: what reads the page aloud repeats what is set again.
 * @param {Element} node
 * @param {string} text
 */
export function say(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/**
 * Lets a link be followed without loading the page again; with a key held, the browser
 * opens it as always.
 * @param {() => void} act
 */
export const follow = (act) => (/** @type {MouseEvent} */ event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  act();
};

/**
 * Wait until an element is in the page: Gradio mounts its components in no fixed order.
 * @param {string} selector
 * @returns {Promise<HTMLElement>}
 */
export function appears(selector) {
  return new Promise((found) => {
    const look = () => {
      const node = document.querySelector(selector);
      if (!node) return;
      observer.disconnect();
      found(/** @type {HTMLElement} */ (node));
    };
    const observer = new MutationObserver(look);
    observer.observe(document.body, { childList: true, subtree: true });
    look();
  });
}

const ICONS = {
  plus: "M12 5v14M5 12h14",
  minus: "M5 12h14",
  whole: "M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5",
  close: "M6 6l12 12M18 6 6 18",
  previous: "M15 5l-7 7 7 7",
  down: "M5 9l7 7 7-7",
  next: "M9 5l7 7-7 7",
  edit: "M4 20h4L19 9l-4-4L4 16zM13.5 6.5l4 4",
  download: "M12 4v12m-5-5 5 5 5-5M4 20h16",
  calendar: "M4 6h16v14H4zM4 10h16M8 3v4M16 3v4",
  place: "M12 21s7-6.2 7-11.2A7 7 0 0 0 5 9.800C5 14.8 12 21 12 21zM12 12.500a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z",
  camera: "M4 8h4l2-3h4l2 3h4v11H4zM12 16.500a3.2 3.2 0 1 0 0-6.4 3.2 3.2 0 0 0 0 6.400z",
  file: "M6 3h8l4 4v14H6zM14 3v4h4",
  picture: "M3 5h18v14H3zM3 16l5-5 4 4 3-3 6 6M15.5 9.500h.01",
  info: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 11v5M12 7.800v.01",
  undo: "M9 14 4 9l5-5M4 9h10a6 6 0 0 1 0 12h-3",
  again: "M20 11a8 8 0 0 0-14.5-4L3 9.5M3 4v5.5h5.5M4 13a8 8 0 0 0 14.5 4l2.5-2.5M21 20v-5.5h-5.5",
  tag: "M3 12V4h8l10 10-8 8zM7.5 8.500h.01",
  without: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM5.700 5.700l12.6 12.6",
  like: "M4 7h11v11H4zM8 7V4h12v12h-5",
  folder: "M3 6h6l2 3h10v10H3z",
  clock: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5l3.500 2",
  sliders: "M4 7h8M18 7h2M4 17h2M12 17h8M15 10a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM9 20a3 3 0 1 0 0-6 3 3 0 0 0 0 6z",
  check: "M5 12.500l4.500 4.500L19 7.500",
  album: "M4 8h16v12H4zM6.500 8V5h11v3M12 11v6M9 14h6",
  remove: "M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13M10 11v5M14 11v5",
  back: "M19 12H5M11 6l-6 6 6 6",
  text: "M5 6h14M5 11h14M5 16h9",
  search: "M10.500 17a6.500 6.500 0 1 0 0-13 6.500 6.500 0 0 0 0 13zM15.500 15.500 21 21",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  quote: "M10 7H5v6h5zM10 13c0 2.500-1 4-3.500 5M19 7h-5v6h5zM19 13c0 2.500-1 4-3.500 5",
  play: "M8 5l11 7-11 7z",
  pause: "M8 5v14M16 5v14",
  zoom: "M10.500 17a6.5 6.5 0 1 0 0-13 6.500 6.500 0 0 0 0 13zM15.500 15.500 21 21M10.500 7.800v5.400M7.800 10.500h5.400",
  copy: "M9 9h11v11H9zM5 15H4V4h11v1",
  placeless: "M7.200 5A7 7 0 0 1 19 9.800c0 2-1 4.100-2.300 6M14.500 18.500 12 21s-7-6.200-7-11.200c0-.7.1-1.400.3-2M4 3.500 20 20.500",
  star: "M12 3.500l2.7 5.600 6.100.8-4.500 4.200 1.100 6-5.400-3-5.400 3 1.100-6L3.200 9.900l6.100-.8z",
};

/**
 * A line icon, 24 × 24 units.
 * @param {keyof typeof ICONS} name
 * @param {number} [size] in pixels
 */
export function icon(name, size = 20) {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("width", String(size));
  svg.setAttribute("height", String(size));
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}
