// @ts-check
// The view "Settings": what a person changes, saved at once.
import { api } from "../api.js";
import { el, follow, say } from "../dom.js";
import { LANGUAGES, LANGUAGE_KEY, t } from "../i18n.js";
import { isRemembering, setRemembering } from "../suggest/recent.js";
import { onTheme, setTheme, themeChosen } from "../theme.js";
import { AlbumRow } from "./album_rows.js";
import { Row, list, words } from "./rows.js";

const COMMAND = "python app.py ~/Pictures /media/disk/Photos";

export class SettingsView {
  /** @param {import("../album.js").Album} album */
  constructor(album) {
    this.album = album;
    this.title = t("Settings");
    /** @type {AlbumRow[]} */
    this.rows = [];
    this.tiles = el("b", {});
    this.trouble = el("p", { class: "sheet-status bad", role: "status" });
    this.node = el("div", { class: "page settings-page" },
      el("div", { class: "view-head" }, el("h1", {}, this.title), this.trouble),
      section("This browser", theme(), language(), recent()),
      section("Search", this.#row("strictness"), this.#row("hemisphere")),
      section("Captions", this.#row("captioner"), this.#row("caption_language"),
        this.#row("caption_hours"), this.#row("caption_threads")),
      section("Indexing", this.#row("rescan_minutes"), this.#row("workers"), this.#folders()),
      section("Map", this.#map()));
  }

  async show() {
    try {
      const [{ choices }, { mime }] = await Promise.all([api.choices(), api.mapTiles()]);
      say(this.tiles, mime ? t("Streets are shown") : t("Only the world's outline"));
      for (const row of this.rows) {
        const choice = choices.find(({ name }) => name === row.name);
        row.node.hidden = !choice;
        if (choice) row.draw(choice);
      }
      say(this.trouble, "");
    } catch (error) {
      say(this.trouble, /** @type {Error} */ (error).message);
    }
  }

  /** @param {string} name */
  #row(name) {
    const row = new AlbumRow(name);
    this.rows.push(row);
    return row.node;
  }

  /** A file with streets is named where the program is started, too. */
  #map() {
    const row = new Row(t("Street map"), t("A file with street tiles is named where the program is started; none is ever fetched."));
    row.place.append(el("code", {}, "python app.py --map-tiles FILE"), this.tiles);
    row.node.classList.add("below");
    return row.node;
  }

  /** Folders are named where the program is started. */
  #folders() {
    const row = new Row(t("Folders"), t("A folder is added where the program is started, beside those it knows. The files in it are never changed."));
    const link = el("a", {
      class: "link", href: "/?view=indexing", onclick: follow(() => this.album.visit("indexing")),
    }, t("See your folders"));
    row.place.append(el("code", {}, COMMAND), link);
    row.node.classList.add("below");
    return row.node;
  }
}

/**
 * @param {string} title
 * @param {...HTMLElement} rows
 */
const section = (title, ...rows) =>
  el("section", { class: "card" }, el("h2", {}, t(title)), ...rows);

function theme() {
  const row = new Row(t("Colours"), t("Light, dark, or as your system has it."));
  const draw = () => words(row, [["", t("System")], ["light", t("Light")], ["dark", t("Dark")]], themeChosen(),
    (value) => setTheme(value));
  onTheme(() => {
    if (!row.place.contains(document.activeElement)) draw(); // changed by the header's button
  });
  draw();
  return row.node;
}

function recent() {
  const row = new Row(t("Recent searches"), t("Offered under the search box; they are kept in this browser alone."));
  words(row, [["on", t("Remember")], ["off", t("Forget")]], isRemembering() ? "on" : "off",
    (value) => setRemembering(value === "on"));
  return row.node;
}

function language() {
  const row = new Row(t("Language of this page"), t("Captions have a language of their own, below."));
  const chosen = localStorage.getItem(LANGUAGE_KEY) ?? "";
  list(row, [["", t("As your browser has it")], ...Object.entries(LANGUAGES)], chosen, (value) => {
    if (value) localStorage.setItem(LANGUAGE_KEY, value);
    else localStorage.removeItem(LANGUAGE_KEY);
    location.reload();
  });
  return row.node;
}
