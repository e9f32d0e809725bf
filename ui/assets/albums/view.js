// @ts-check
// The albums: their covers with name and count; favourites and what was removed above.
import { thumbnailAddress } from "../api.js";
import { el, fill, follow, icon } from "../dom.js";
import { t } from "../i18n.js";
import { Menu } from "../selection/menu.js";
import { count, counted, colour } from "../words.js";
import { asks } from "./asks.js";
import { Removed } from "./removed.js";

/** @typedef {import("../album.js").Album} Page */
/** @typedef {import("./asks.js").Collection} Collection */

/**
 * @param {Page} page
 * @returns {import("../views.js").View}
 */
export function albumsView(page) {
  const covers = new Covers(page);
  const removed = new Removed(page);
  const node = el("div", {});
  return {
    node,
    title: t("Albums"),
    show: async (at) => {
      const shown = at === "removed" ? removed : covers;
      await shown.show();
      if (node.firstChild !== shown.node) fill(node, shown.node);
    },
  };
}

class Covers {
  /** @param {Page} page */
  constructor(page) {
    this.page = page;
    this.menu = new Menu(t("Album"));
    this.turn = 0;
    /** What smart albums found the last time, so that nothing flickers.
     * @type {Map<number, Awaited<ReturnType<typeof asks.smart>>>} */
    this.found = new Map();
    this.fixed = el("div", { class: "fixed-albums" });
    this.list = el("ul", { class: "covers" });
    this.none = el("p", { class: "no-albums quiet" });
    this.node = el("section", {},
      el("div", { class: "view-head albums-head" }, el("h1", {}, t("Albums")),
        el("button", { class: "button primary", type: "button", onclick: () => this.#create() },
          icon("plus", 18), t("New album"))),
      this.fixed, this.list, this.none);
  }

  async show() {
    this.turn += 1;
    try {
      const { albums, favourites, removed } = await asks.albums();
      fill(this.fixed,
        this.#fixed(t("Favourites"), "star", favourites.photos, "/?album=favourites", () => this.page.showAll("favourites")),
        this.#fixed(t("Recently removed"), "remove", removed.photos, "/?view=albums&at=removed", () => this.page.visit("albums", "removed")));
      fill(this.list, ...albums.map((album) => this.#cover(album)));
      fill(this.none, albums.length ? ""
        : t("No albums yet. Select photos and press “Add to album”, or search and press “Save as album”."));
      for (const [id, found] of this.found) this.#fill(id, found);
      this.#fillSmart(albums.filter(({ smart }) => smart), this.turn);
    } catch (error) {
      fill(this.none, /** @type {Error} */ (error).message);
    }
  }

  /**
   * @param {string} name
   * @param {"star" | "remove"} sign
   * @param {number} photos
   * @param {string} href
   * @param {() => void} open
   */
  #fixed(name, sign, photos, href, open) {
    return el("a", { class: "fixed-album", href, onclick: follow(open) }, icon(sign, 20),
      el("span", {}, name), el("small", {}, count(photos)));
  }

  /** @param {Collection} album */
  #cover(album) {
    const { cover } = album;
    const address = album.query
      ? `/?${new URLSearchParams({ q: album.query })}` : `/?album=${album.id}`;
    const picture = el("span", { class: "cover-picture" },
      cover ? el("img", { src: thumbnailAddress(cover.id, cover.version), alt: "", loading: "lazy" })
        : icon(album.smart ? "search" : "album", 40));
    if (cover) picture.style.backgroundColor = colour(cover.colour);
    return el("li", { "data-album": album.id },
      el("a", { class: "cover", href: address, title: album.query ?? album.name, onclick: follow(() => this.page.openAlbum(album)) },
        picture,
        album.smart && el("span", { class: "smart-mark", role: "img", "aria-label": t("Smart album"), title: t("Smart album") }, icon("search", 14)),
        el("span", { class: "cover-name" }, album.name),
        el("small", { class: "cover-count" }, album.smart ? t("Smart album") : counted(album.photos ?? 0, "photo", "photos"))),
      el("button", {
        class: "icon-button cover-menu", type: "button", "aria-haspopup": "menu", title: t("More"),
        "aria-label": t("More about {album}", { album: album.name }),
        onclick: (/** @type {MouseEvent} */ event) => this.#open(album, /** @type {HTMLElement} */ (event.currentTarget)),
      }, icon("more", 18)));
  }

  /**
   * How many photos a smart album finds, and the first as its cover: one after the
   * other, when everything else is there.
   * @param {Collection[]} albums
   * @param {number} turn
   */
  async #fillSmart(albums, turn) {
    for (const { id } of albums) {
      const found = await asks.smart(id).catch(() => null);
      if (turn !== this.turn) return;
      if (!found) continue;
      this.found.set(id, found);
      this.#fill(id, found);
    }
  }

  /**
   * @param {number} id
   * @param {Awaited<ReturnType<typeof asks.smart>>} found
   */
  #fill(id, { total, at_least: more, hits: [first] }) {
    const item = this.list.querySelector(`[data-album="${id}"]`);
    if (!item) return;
    const photos = counted(total, "photo", "photos");
    fill(/** @type {Element} */ (item.querySelector(".cover-count")), more ? t("At least {photos}", { photos }) : photos);
    fill(/** @type {Element} */ (item.querySelector(".cover-picture")), first
      ? el("img", { src: thumbnailAddress(first.id, first.version), alt: "", loading: "lazy" })
      : icon("search", 40));
  }

  /**
   * @param {Collection} album
   * @param {HTMLElement} button
   */
  #open(album, button) {
    this.menu.open(button, [
      [t("Rename"), () => this.#rename(album)],
      [t("Delete album"), () => this.#delete(album)],
    ]);
  }

  #create() {
    this.page.names.open({ title: t("New album"), save: t("Create") }, async (name) => {
      const album = await asks.create(name);
      await this.show();
      /** @type {HTMLElement | null} */ (this.list.querySelector(`[data-album="${album.id}"] a`))?.focus();
    });
  }

  /** @param {Collection} album */
  #rename(album) {
    this.page.names.open({ title: t("Rename album"), save: t("Rename"), name: album.name }, async (name) => {
      await asks.rename(album.id, name);
      await this.show();
    });
  }

  /** @param {Collection} album */
  #delete(album) {
    this.page.names.sure({
      title: t("Delete {album}?", { album: album.name }), yes: t("Delete album"),
      hint: t("Its photos stay in the album of all photos."),
    }, async () => {
      await asks.delete(album.id);
      await this.show();
    });
  }
}


