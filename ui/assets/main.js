// @ts-check
// Starts the album inside Gradio's component, and wires the header to it.
import { NOTHING, go, here } from "./address.js";
import { Album } from "./album.js";
import { appears } from "./dom.js";
import { FilterPanel } from "./filters/panel.js";
import { Help } from "./help.js";
import { LANGUAGE, t } from "./i18n.js";
import { Held } from "./suggest/held.js";
import { Suggest } from "./suggest/suggest.js";
import { startTheme } from "./theme.js";

const NEEDED = [
  "#query :is(input, textarea)", "#brand", "#views", "#upload-button", "#theme-button",
  "#favourites-button", "#menu",
];

/**
 * Called once by Gradio's component, when it is in the page.
 * @param {HTMLElement} element
 * @param {{value: import("./api.js").View | null}} props
 * @param {(name: string, changed: () => void) => void} watch
 */
export async function start(element, props, watch) {
  await Promise.all(NEEDED.map(appears));
  document.documentElement.lang = LANGUAGE;
  for (const link of document.querySelectorAll("link[rel=modulepreload]")) link.remove(); // they have served
  translateHeader();
  startTheme();
  const root = /** @type {HTMLElement} */ (element.querySelector(".album"));
  const album = new Album(root);
  watch("value", () => album.search.answered(props.value));
  on("brand", (event) => {
    event.preventDefault();
    album.showAll();
  });
  on("favourites-button", () => album.search.again({ ...NOTHING, q: "favourites" }));
  for (const id of ["views", "menu"]) on(id, (event) => follow(event, album));
  const held = new Held();
  new Suggest(album.box, held, (q) => album.search.again({ q, weak: false }));
  new FilterPanel(album, held);
  new Help();
  go(here(() => false), { replace: true }); // what an address cannot hold is taken out of it
  album.arrive();
}

/**
 * A link to a view is followed without loading the page again.
 * @param {MouseEvent} event
 * @param {Album} album
 */
function follow(event, album) {
  const link = /** @type {HTMLElement} */ (event.target).closest("a");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  document.getElementById("menu")?.hidePopover();
  const { view = "" } = link.dataset;
  // A second press on "Photos" leads from an answer to all of them, one from an album too.
  if (!view && (!album.views.name || album.asked.album)) album.showAll();
  else album.visit(view);
}

/**
 * @param {string} id
 * @param {(event: MouseEvent) => void} act
 */
const on = (id, act) => document.getElementById(id)?.addEventListener("click", act);

/** The header's markup comes in English. */
function translateHeader() {
  for (const node of document.querySelectorAll("#bar [aria-label], #bar [title]")) {
    for (const name of ["aria-label", "title"]) {
      const text = node.getAttribute(name);
      if (text) node.setAttribute(name, t(text));
    }
  }
  for (const node of document.querySelectorAll("#bar span")) {
    if (!node.childElementCount && node.textContent) node.textContent = t(node.textContent);
  }
}
