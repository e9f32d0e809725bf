// @ts-check
// The view "Indexing": how far the album is, what works on it, what did not work.
import { api } from "../api.js";
import { el, say } from "../dom.js";
import { t } from "../i18n.js";
import { Failures } from "./failures.js";
import { CaptionersCard, CountsCard, DiskCard, EnginesCard, FoldersCard } from "./standing.js";
import { WorkCard } from "./work.js";

/** @typedef {import("../api.js").Progress} Progress */

const SOON_MS = 1000;

export class IndexingView {
  /** @param {import("../album.js").Album} album */
  constructor(album) {
    this.album = album;
    this.title = t("Indexing");
    this.visible = false;
    this.timer = 0;
    /** @type {Progress | null} */
    this.last = null;
    this.work = new WorkCard(() => this.#toggle());
    this.counts = new CountsCard();
    this.captioners = new CaptionersCard();
    this.engines = new EnginesCard();
    this.folders = new FoldersCard(() => this.#scan());
    this.disk = new DiskCard();
    this.failures = new Failures({
      open: (id) => this.album.open(id), retried: () => this.album.banner.soon(),
    });
    this.node = el("div", { class: "page indexing-page" },
      el("div", { class: "view-head" }, el("h1", {}, this.title)),
      el("div", { class: "cards" }, this.work.node, this.counts.node,
        el("div", { class: "side" }, this.captioners.node, this.folders.node, this.disk.node),
        el("div", { class: "side" }, this.engines.node),
        this.failures.node));
    album.banner.watch((progress) => this.#progressed(progress));
  }

  /** @param {string} at "failures" leads to what did not work */
  async show(at) {
    const back = this.visible; // from a photo, whose viewer gives the focus back itself
    this.visible = true;
    this.#say("");
    say(this.failures.status, "");
    await Promise.all([
      this.#look(), this.#captioners(), this.failures.look(),
      this.last ? null : this.album.banner.soon(),
    ]);
    if (at === "failures" && this.visible && !back) this.failures.focus();
  }

  hide() {
    this.visible = false;
    window.clearTimeout(this.timer);
  }

  async #look() {
    window.clearTimeout(this.timer);
    try {
      const standing = await api.indexing();
      this.counts.draw(standing.counts);
      this.engines.draw(standing.engines);
      this.folders.draw(standing);
      this.disk.draw(standing.disk);
      if (!standing.disk && this.visible && !document.hidden) {
        window.clearTimeout(this.timer);
        this.timer = window.setTimeout(() => this.#look(), SOON_MS);
      }
    } catch (error) {
      this.#trouble(error);
    }
  }

  async #captioners() {
    try {
      this.captioners.draw((await api.captioners()).captioners);
    } catch (error) {
      this.#trouble(error);
    }
  }

  /** The banner asks how far it is, more often while there is work, and not while the page
   * is out of sight. @param {Progress} progress */
  #progressed(progress) {
    const before = this.last;
    this.last = progress;
    this.work.draw(progress);
    if (!this.visible) return;
    this.#look();
    if (before && before.done !== progress.done) this.#captioners();
    if (before && before.failed !== progress.failed) this.failures.look();
  }

  async #toggle() {
    try {
      await (this.last?.paused ? api.resume() : api.pause());
      this.#say("");
      this.album.banner.soon();
    } catch (error) {
      this.#trouble(error);
    }
  }

  async #scan() {
    try {
      const { paused } = await api.scan();
      this.#say(paused ? t("Your folders are looked through once you resume.")
        : t("Your folders are being looked through."));
      this.album.banner.soon();
    } catch (error) {
      this.#trouble(error);
    }
  }

  /** @param {string} text */
  #say(text) {
    say(this.work.status, text);
  }

  /** @param {unknown} error */
  #trouble(error) {
    this.#say(/** @type {Error} */ (error).message);
  }
}
