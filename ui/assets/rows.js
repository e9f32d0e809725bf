// @ts-check
// The nodes of the grid: month titles, rows, and the cells in them.
import { el, icon } from "./dom.js";
import { t } from "./i18n.js";
import { colour, count } from "./words.js";

/** @typedef {import("./grid.js").Grid} Grid */
/** @typedef {(image: HTMLImageElement) => void} Loaded called for a broken one too */

/**
 * @param {Grid} grid
 * @param {number} section
 */
export function titleOf({ source, layout }, section) {
  const { title, count: photos } = source.sections[section];
  const node = el("h2", { class: "month" }, title, el("span", {}, count(photos)));
  node.style.top = `${layout.sectionTops[section]}px`;
  node.style.left = `${layout.sectionLefts[section]}px`;
  node.style.height = `${layout.measures.titleHeight}px`;
  return node;
}

/**
 * @param {Grid} grid
 * @param {number} row
 * @param {Loaded} loaded
 */
export function rowOf(grid, row, loaded) {
  const { starts, tops, lefts, heights, measures } = grid.layout;
  const node = el("div", { class: "photo-row" });
  node.style.top = `${tops[row]}px`;
  let left = lefts[row];
  for (let index = starts[row]; index < starts[row + 1]; index += 1) {
    const width = grid.layout.ratio(index) * heights[row];
    const cell = cellOf(grid, index, heights[row], loaded);
    cell.style.left = `${left}px`;
    cell.style.width = `${width}px`;
    node.append(cell);
    const beside = grid.extras.beside?.(index);
    if (beside) {
      beside.style.left = `${left + width}px`;
      node.append(beside);
    }
    node.append(pickOf(grid, cell, left));
    left += width + measures.gap;
  }
  return node;
}

/**
 * @param {Grid} grid
 * @param {number} index
 * @param {number} height
 * @param {Loaded} loaded
 */
function cellOf({ source, extras }, index, height, loaded) {
  const id = source.ids[index];
  const image = el("img", { alt: "", decoding: "async", draggable: "false" });
  image.addEventListener("load", () => loaded(image));
  image.addEventListener("error", () => loaded(image));
  const photo = el("span", { class: "thumbnail" }, image);
  photo.style.height = `${height}px`;
  photo.style.backgroundColor = colour(source.colours[index]);
  const link = el("a", { class: "cell", href: `?photo=${id}`, "data-i": index }, photo);
  link.dataset.id = String(id);
  if (extras.text) link.append(...extras.text(index));
  return link;
}

/**
 * The mark that selects a photo. The Tab key passes by: the photo itself has the key x.
 * @param {Grid} grid
 * @param {HTMLElement} cell
 * @param {number} left
 */
function pickOf(grid, cell, left) {
  const pick = el("button", {
    class: "pick", type: "button", role: "checkbox", tabindex: "-1", "data-id": cell.dataset.id,
    "aria-label": t("Select this photo"), title: t("Select (x)"),
  }, el("span", {}, icon("check", 16)));
  pick.style.left = `${left}px`;
  const near = (/** @type {boolean} */ is) => pick.classList.toggle("near", is);
  cell.addEventListener("pointerenter", ({ pointerType }) => near(pointerType === "mouse"));
  cell.addEventListener("focus", () => near(cell.matches(":focus-visible")));
  for (const name of ["pointerleave", "blur"]) cell.addEventListener(name, () => near(false));
  showPick(cell, pick, grid.picked(Number(cell.dataset.id)));
  return pick;
}

/**
 * @param {Element} cell
 * @param {Element} pick
 * @param {boolean} selected
 */
export function showPick(cell, pick, selected) {
  cell.classList.toggle("selected", selected);
  pick.setAttribute("aria-checked", String(selected));
}
