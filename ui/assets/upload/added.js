// @ts-check
// The photos that were just added, wherever in time they belong.
import { api } from "../api.js";
import { el, say } from "../dom.js";
import { Grid } from "../grid.js";
import { t } from "../i18n.js";
import { unpack } from "../timeline.js";
import { counted } from "../words.js";

/** @typedef {import("../layout.js").Source} Source */

export class AddedView {
  /** @param {import("../album.js").Album} album */
  constructor(album) {
    this.album = album;
    this.title = t("Just added");
    this.line = el("p", { class: "added-line", role: "status" });
    this.stage = el("div", { class: "stage" });
    this.node = el("section", { class: "added" }, el("h2", {}, this.title), this.line, this.stage);
    this.grid = new Grid(this.stage, {
      open: (id) => album.open(id, this.grid.source.ids), settled: () => {}, moved: () => {},
    });
  }

  async show() {
    const ids = new Set(this.album.tray.added);
    try {
      const source = only(unpack((await api.timeline()).content), ids);
      say(this.line, source.count ? counted(source.count, "photo", "photos") : t("Nothing was added just now."));
      this.grid.show(source, { below: 0 }, false);
    } catch (error) {
      say(this.line, /** @type {Error} */ (error).message);
    }
  }

  hide() {
    this.grid.show(only(this.grid.source, new Set()), { below: 0 }, false);
  }
}

/**
 * @param {Source} source
 * @param {Set<number>} ids
 * @returns {Source}
 */
function only({ ids: all, ratios, colours }, ids) {
  const places = Array.from(all, (_, place) => place).filter((place) => ids.has(all[place]));
  const count = places.length;
  return {
    count,
    ids: places.map((place) => all[place]),
    ratios: places.map((place) => ratios[place]),
    colours: places.map((place) => colours[place]),
    sections: count ? [{ title: "", short: "", year: 0, count }] : [],
  };
}
