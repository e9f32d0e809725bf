// @ts-check
// What can be done with the selected photos. Whatever changes the album says so in a
// toast, with the way back where there is one.
import { AT_ONCE, asks, zipAddress } from "../albums/asks.js";
import { el } from "../dom.js";
import { t } from "../i18n.js";
import { counted, count, size } from "../words.js";
import { star } from "./shown.js";

/** @typedef {import("../album.js").Album} Album */

export class Actions {
  /**
   * @param {Album} album
   * @param {{list: () => number[], clear: () => void, busy: (busy: boolean) => void}} selection
   */
  constructor(album, selection) {
    this.album = album;
    this.selection = selection;
    this.toast = album.search.feedback.toast;
  }

  /** Stars for all of them; or away with them where all have one. */
  favourite() {
    const ids = this.selection.list();
    const { cells } = this.album.grid;
    const starred = this.album.asked.album === "favourites";
    let wished = !starred && !ids.every((id) => cells.get(id)?.favourite);
    return this.#do(async () => {
      let changed = await this.#favour(ids, wished);
      if (wished && !changed.length) { // all had one; of those far away the page cannot know
        wished = false;
        changed = await this.#favour(ids, wished);
      }
      const photos = photosOf(changed.length || ids.length);
      this.toast.show(
        wished ? t("{photos} added to your favourites.", { photos }) : t("{photos} taken out of your favourites.", { photos }),
        ...(changed.length ? [this.#undo(() => this.#favour(changed, !wished))] : []));
    });
  }

  /**
   * @param {number[]} ids
   * @param {boolean} wished
   */
  async #favour(ids, wished) {
    const changed = await asks.favourite(ids, wished);
    star(this.album.grid, changed, wished);
    if (this.album.asked.album === "favourites") await this.album.refresh();
    return changed;
  }

  /** Into an album that is chosen. */
  add() {
    const ids = this.selection.list();
    this.album.chooser.open(ids.length, (album) => this.#do(async () => {
      const added = await asks.add(album.id, ids);
      const show = /** @type {[string, () => void]} */ ([t("Show"), () => this.album.openAlbum(album)]);
      if (!added.length) this.toast.show(t("They are all in {album} already.", { album: album.name }), show);
      else {
        this.toast.show(t("Added {photos} to {album}.", { photos: photosOf(added.length), album: album.name }),
          this.#undo(() => asks.takeOut(album.id, added)), show);
      }
      this.selection.clear();
    }));
  }

  /** Out of the album that is shown; the photos stay. */
  takeOut() {
    const album = this.album.heading.album;
    if (!album) return;
    const ids = this.selection.list();
    this.#do(async () => {
      const gone = await asks.takeOut(album.id, ids);
      await this.album.refresh();
      this.toast.show(t("Took {photos} out of {album}.", { photos: photosOf(gone.length), album: album.name }),
        this.#undo(() => asks.add(album.id, gone)));
    });
  }

  cover() {
    const album = this.album.heading.album;
    const [id] = this.selection.list();
    if (!album || !id) return;
    this.#do(async () => {
      await asks.cover(album.id, id);
      this.selection.clear();
      this.toast.show(t("It is the cover of {album} now.", { album: album.name }));
    });
  }

  captionAgain() {
    const ids = this.selection.list();
    this.#do(async () => {
      const { photos, by_person: kept } = await asks.captionAgain(ids);
      this.selection.clear();
      this.album.banner.soon();
      this.toast.show([
        photos ? t("{photos} will be described again.", { photos: photosOf(photos) }) : "",
        kept ? t("Your own words stay at {photos}.", { photos: photosOf(kept) }) : "",
        photos || kept ? "" : t("The originals are not there now."),
      ].filter(Boolean).join(" "));
    });
  }

  /** @param {string} form json or csv */
  export(form) {
    const ids = this.selection.list();
    if (this.#tooMany(ids)) return;
    this.#do(async () => {
      const address = URL.createObjectURL(await asks.captions(ids, form));
      save(address, `captions.${form}`);
      window.setTimeout(() => URL.revokeObjectURL(address), 60_000);
    });
  }

  download() {
    const ids = this.selection.list();
    if (this.#tooMany(ids)) return;
    this.#do(async () => {
      const { token, files, missing, bytes } = await asks.zip(ids);
      if (!files) {
        this.toast.show(t("The originals are not there now."));
        return;
      }
      save(zipAddress(token), "photos.zip");
      this.toast.show([
        t("Downloading {photos}, {size}.", { photos: photosOf(files), size: size(bytes) }),
        missing ? t("{n} are not there now; missing.txt names them.", { n: count(missing) }) : "",
      ].filter(Boolean).join(" "));
    });
  }

  /** Out of the whole album. */
  remove() {
    const ids = this.selection.list();
    this.#do(async () => {
      const gone = await asks.remove(ids);
      await this.album.refresh();
      this.toast.show(
        t("Removed {photos} from the album. The original files stay where they are.", { photos: photosOf(gone.length) }),
        this.#undo(() => asks.restore(gone)));
    });
  }

  /**
   * @param {() => Promise<unknown>} back
   * @returns {[string, () => void]}
   */
  #undo(back) {
    return [t("Undo"), () => this.#do(async () => {
      await back();
      await this.album.refresh();
    })];
  }

  /** @param {number[]} ids */
  #tooMany(ids) {
    const many = ids.length > AT_ONCE;
    if (many) this.toast.show(t("At most {n} photos at a time. Select fewer.", { n: count(AT_ONCE) }));
    return many;
  }

  /** @param {() => Promise<void>} work */
  async #do(work) {
    this.selection.busy(true);
    try {
      await work();
    } catch (error) {
      this.toast.show(/** @type {Error} */ (error).message);
    } finally {
      this.selection.busy(false);
    }
  }
}

/** @param {number} value */
const photosOf = (value) => counted(value, "photo", "photos");

/**
 * @param {string} address
 * @param {string} name
 */
function save(address, name) {
  const link = el("a", { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
}
