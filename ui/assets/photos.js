// @ts-check
// All photos, newest first, or those of an album: fetched, and shown in the grid.
import { api } from "./api.js";
import { unpack } from "./timeline.js";

export class Photos {
  /** @param {import("./album.js").Album} page */
  constructor(page) {
    this.page = page;
    this.etag = "";
    this.refreshed = 0; // when they were last asked for
  }

  /**
   * @param {boolean} keepPlace
   * @param {import("./address.js").Asked} [asked] of which album
   */
  async show(keepPlace, asked = this.page.asked) {
    const { search, heading, views } = this.page;
    if (!keepPlace) {
      this.etag = ""; // until it is drawn, something else may be in the grid
      search.leave(asked);
    }
    this.refreshed = Date.now();
    let answer;
    try {
      [answer] = await Promise.all([api.timeline(asked.album), heading.show(asked.album)]);
    } catch (error) {
      if (!keepPlace) this.page.trouble("The album cannot be shown", /** @type {Error} */ (error).message);
      return;
    }
    if (search.asked !== asked || views.name) return;
    if (keepPlace && answer.etag === this.etag) this.page.grid.draw();
    else {
      this.etag = answer.etag;
      this.#draw(unpack(answer.content), asked.album, keepPlace);
    }
  }

  /**
   * @param {import("./layout.js").Source} source
   * @param {string} album
   * @param {boolean} keepPlace
   */
  #draw(source, album, keepPlace) {
    const { root, heading, search, grid, scrubber, blank, progress } = this.page;
    root.dataset.view = source.count ? "timeline" : "empty";
    heading.photos(source.count);
    search.hide();
    grid.show(source, { below: 0 }, keepPlace);
    scrubber.draw();
    if (source.count) blank.hide();
    else if (album) blank.emptyAlbum(album);
    else blank.empty(Boolean(progress?.busy));
    document.title = album ? `${heading.name.textContent} – Smart Album` : "Smart Album";
  }
}
