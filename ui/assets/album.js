// @ts-check
// Decides what is shown: the photos, an answer, or another view; and keeps the address.
import { Chooser } from "./albums/chooser.js";
import { NameDialog } from "./albums/dialogs.js";
import { Heading } from "./albums/heading.js";
import { saveSearch } from "./albums/saving.js";
import { NOTHING, canGoBack, go, here, isScoped, isSearch, same } from "./address.js";
import { Blank } from "./blank.js";
import { Grid } from "./grid.js";
import { Looking } from "./looking.js";
import { smallMap } from "./map/small.js";
import { Pictures } from "./pictures.js";
import { Banner } from "./progress.js";
import { Scrubber } from "./scrubber.js";
import { Search } from "./search.js";
import { SearchBox } from "./searchbox.js";
import { Tray } from "./upload/tray.js";
import { startSelection } from "./selection/start.js";
import { Photos } from "./photos.js";
import { Viewer } from "./viewer.js";
import { viewList } from "./viewlist.js";
import { Views } from "./views.js";

/** @typedef {import("./api.js").Progress} Progress */

const REFRESH_MS = 4000;
const PATIENCE_MS = 20000;

export class Album {
  /** @param {HTMLElement} root */
  constructor(root) {
    const part = (/** @type {string} */ name) =>
      /** @type {HTMLElement} */ (root.querySelector(`.${name}`));
    this.root = root;
    this.blank = new Blank(part("message"), {
      choose: () => this.tray.choose(),
      showAll: () => this.showAll(),
      again: (changes) => this.search.again(changes),
    });
    this.patience = 0;
    /** @type {Progress | null} */
    this.progress = null;
    const settings = JSON.parse(
      document.querySelector('meta[name="album-settings"]')?.getAttribute("content") ?? "{}",
    );
    this.grid = new Grid(part("stage"), {
      open: (id) => this.open(id),
      settled: () => this.views.name || this.#ready(), // a view says so itself
      moved: () => {
        this.scrubber?.moved();
        this.looking?.moved();
        this.search?.moved();
      },
      shown: (keptPlace) => (keptPlace ? this.selection?.prune() : this.selection?.clear()),
    });
    this.scrubber = new Scrubber(this.grid);
    this.viewer = new Viewer(this.grid, {
      moved: (id) => this.#go({ photo: id }, { replace: true }),
      close: () => this.closePhoto(),
      turned: () => {
        this.looking.turned();
        this.search.turned(this.viewer.id);
      },
      asked: () => this.banner.soon(),
      like: (photo) => this.search.among({ like: photo.id }),
      folder: (folder) => this.search.among({ folder }),
      tag: (q) => {
        this.search.again({ ...NOTHING, q });
        this.viewer.close();
      },
      open: (id) => this.open(id),
      map: ({ latitude, longitude }) => latitude === null || longitude === null
        ? null : smallMap(latitude, longitude, (at) => this.visit("map", at)),
    });
    this.looking = new Looking(this.grid, () => this.viewer.id);
    const longest = (settings.max_upload_mb ?? 200) * 1e6;
    this.pictures = new Pictures(longest, {
      begins: () => this.search.scope.tell("Looking at your picture …"),
      described: (picture) => this.search.again({ q: this.box.text.trim(), picture, like: null, weak: false }),
      failed: (reason) => this.search.scope.tell(`Your picture could not be searched by. ${reason}`),
    });
    this.tray = new Tray(longest, {
      arrived: () => this.#brought(),
      open: (id) => this.open(id),
      show: () => this.visit("added"),
      search: (file) => this.pictures.search(file),
    });
    this.box = new SearchBox({
      asked: () => {
        this.pictures.leave();
        if (isScoped(this.search.asked)) {
          this.search.again({ q: this.box.text.trim(), weak: false });
          return; // Gradio's event is answered "elsewhere"
        }
        this.search.submits();
        this.patience = window.setTimeout(() => this.trouble("The search does not answer",
          "The album may be busy, or the program is not running any more."), PATIENCE_MS);
      },
      cleared: () => this.showAll(this.asked.album),
    });
    this.views = new Views(root, viewList(this), () => this.#ready());
    this.search = new Search(root, this, {
      waits: () => this.#wait(),
      shown: () => {
        this.scrubber.draw();
        this.heading.show(this.asked.album).catch(() => {}); // the answer says what is wrong
      },
      extended: () => this.viewer.extended(),
      left: () => this.viewer.close(),
      showAll: (album) => this.showAll(album),
      save: () => saveSearch(this),
      trouble: (title, text) => this.trouble(title, text),
      unfinished: () => this.progress !== null && this.progress.done < this.progress.total,
    });
    this.banner = new Banner(part("banner"), {
      changed: (progress) => this.#progressed(progress),
      awaits: () => Boolean(this.viewer.panel.photo?.caption?.stale),
      details: (at) => this.visit("indexing", at),
    });
    this.photos = new Photos(this);
    this.names = new NameDialog();
    this.chooser = new Chooser(this.names);
    this.heading = new Heading(this);
    this.selection = startSelection(this);
    window.addEventListener("popstate", () => this.arrive());
  }

  /** What the photos that are shown are the answer to. */
  get asked() {
    return this.search.asked;
  }

  /**
   * Another view, as if its address had been followed.
   * @param {string} view "" is the photos
   * @param {string} [at]
   */
  async visit(view, at = "") {
    this.#go({ view, at, photo: null });
    await this.arrive();
  }

  /** A view says where in it one is. @param {string} at */
  at(at) {
    this.views.at = at;
    this.#go({ at }, { replace: true });
  }

  /**
   * @param {Partial<import("./address.js").Place>} changes of what the address says now
   * @param {{replace?: boolean}} [how]
   */
  #go(changes, how) {
    const { name: view, at } = this.views;
    go({ ...this.search.asked, view, at, photo: this.viewer.id || null, ...changes }, how);
  }

  /** Show what the address says. */
  async arrive() {
    const { photo, view, at, ...asked } = here((picture) => Boolean(this.pictures.get(picture)));
    if (!photo) this.viewer.close();
    if (this.views.knows(view)) await this.views.show(view, at);
    else this.views.leave();
    if (this.views.name) this.box.text = asked.q;
    else if (!same(asked, this.search.asked) || !this.root.dataset.view) {
      this.box.text = asked.q;
      await (isSearch(asked) ? this.search.ask(asked) : this.photos.show(false, asked));
    } else if (!isSearch(asked)) await this.photos.show(true); // there may be new photos
    if (photo) this.viewer.open(photo);
  }

  /** Everything, newest first; or an album. @param {string} [album] */
  showAll(album = "") {
    this.box.text = "";
    this.pictures.leave();
    this.views.leave();
    const asked = { ...NOTHING, album };
    go({ ...asked, photo: null });
    this.#wait();
    window.scrollTo(0, 0);
    return this.photos.show(false, asked);
  }

  /** @param {import("./albums/asks.js").Collection} album */
  openAlbum({ id, query }) {
    if (query) return this.search.again({ ...NOTHING, q: query });
    return this.showAll(String(id));
  }

  /** Other photos may be in what is shown by now. */
  async refresh() {
    if (this.views.name) await this.views.show(this.views.name, this.views.at);
    else await (isSearch(this.asked) ? this.search.refresh() : this.photos.show(true));
  }

  /** @type {(id: number, among?: ArrayLike<number> | null) => void} as in Viewer */
  open(id, among = null) {
    this.#go({ photo: id });
    this.viewer.open(id, among);
  }

  closePhoto() {
    if (canGoBack()) history.back();
    else {
      this.#go({ photo: null }, { replace: true });
      this.viewer.close();
    }
  }

  #wait() {
    this.views.leave();
    window.clearTimeout(this.patience);
    this.root.dataset.ready = "";
    this.root.classList.add("waiting");
  }

  #ready() {
    window.clearTimeout(this.patience);
    this.root.classList.remove("waiting");
    this.root.dataset.ready = this.views.name || (this.root.dataset.view ?? "");
  }

  /** New photos have come in: show them, without moving what is looked at. */
  #brought() {
    this.banner.soon();
    if (!isSearch(this.search.asked) && !this.views.name) this.photos.show(true);
  }

  /** @param {Progress} progress */
  #progressed(progress) {
    const before = this.progress;
    this.progress = progress;
    this.viewer.awaited.look(progress);
    this.looking.progressed(progress);
    const news = !before || before.total !== progress.total || before.done !== progress.done;
    const due = Date.now() - this.photos.refreshed > REFRESH_MS || before?.busy !== progress.busy;
    if (isSearch(this.search.asked) || !this.root.dataset.view || this.views.name) return;
    if (news && due) this.photos.show(true);
    else if (this.root.dataset.view === "empty" && !this.asked.album) this.blank.empty(progress.busy);
  }

  /**
   * @param {string} title
   * @param {string} text
   */
  trouble(title, text) {
    this.blank.trouble(title, text);
    this.#ready();
  }
}
