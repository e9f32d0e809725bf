// @ts-check
// The way back to all albums, from one of them or from what was taken out.
import { el, follow, icon } from "../dom.js";
import { t } from "../i18n.js";

/** @param {import("../album.js").Album} page */
export const allAlbums = (page) =>
  el("a", {
    class: "icon-button", href: "/?view=albums", title: t("All albums"),
    "aria-label": t("All albums"), onclick: follow(() => page.visit("albums")),
  }, icon("back", 22));
