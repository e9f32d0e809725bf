// @ts-check
// Sends files: one a request, three at a time, with the bytes counted and a way to retry.
import { api } from "./api.js";

const AT_ONCE = 3;
const LOOK_MS = 1000;

/**
 * @typedef {"waiting" | "sending" | "stored" | "added" | "duplicate" | "failed"} State
 *   stored: safely on the server's disk, not read yet.
 * @typedef {{file: File, state: State, sent: number, reason: string, again: boolean,
 *   fileId: number, photoId: number | null}} Item
 *   `sent` from 0 to 1; `again`: it may be worth another try.
 */

export class Uploads {
  /**
   * @param {number} longest bytes of one file
   * @param {(item: Item | null) => void} changed one item, or the whole list
   * @param {() => void} arrived new photos are in the album
   */
  constructor(longest, changed, arrived) {
    this.longest = longest;
    this.changed = changed;
    this.arrived = arrived;
    /** @type {Item[]} */
    this.items = [];
    this.sending = 0;
    this.timer = 0;
  }

  /** @param {Iterable<File>} files */
  add(files) {
    for (const file of files) {
      /** @type {Item} */
      const item = {
        file, state: "waiting", sent: 0, reason: "", again: false, fileId: 0, photoId: null,
      };
      if (file.size > this.longest) {
        item.state = "failed";
        item.reason = `It is too large: the limit is ${Math.round(this.longest / 1e6)} MB.`;
      }
      this.items.push(item);
    }
    this.changed(null);
    this.#next();
  }

  /** @param {Item} item */
  retry(item) {
    Object.assign(item, { state: "waiting", sent: 0, reason: "", again: false });
    this.changed(item);
    this.#next();
  }

  /** Forget what is finished. */
  clear() {
    this.items = this.items.filter((item) => !finished(item));
  }

  get busy() {
    return this.items.some((item) => !finished(item));
  }

  #next() {
    while (this.sending < AT_ONCE) {
      const item = this.items.find(({ state }) => state === "waiting");
      if (!item) return;
      this.sending += 1;
      item.state = "sending";
      this.#send(item).then(() => {
        this.sending -= 1;
        this.changed(item);
        this.#next();
        this.#watch();
      });
    }
  }

  /**
   * @param {Item} item
   * @returns {Promise<void>}
   */
  #send(item) {
    return new Promise((done) => {
      const request = new XMLHttpRequest(); // fetch cannot say how much was sent
      request.open("POST", `/api/upload?name=${encodeURIComponent(item.file.name.toWellFormed())}`);
      request.setRequestHeader("Content-Type", "application/octet-stream");
      request.responseType = "json";
      request.upload.onprogress = (event) => {
        item.sent = event.lengthComputable ? event.loaded / Math.max(event.total, 1) : 0;
        this.changed(item);
      };
      request.onload = () => {
        this.#answered(item, request.status, request.response);
        done();
      };
      request.onerror = () => {
        item.state = "failed";
        item.reason = "The connection broke while it was sent.";
        item.again = true;
        done();
      };
      request.send(item.file);
    });
  }

  /**
   * @param {Item} item
   * @param {number} status
   * @param {any} answer
   */
  #answered(item, status, answer) {
    if (status !== 200) {
      item.state = "failed";
      item.reason = answer?.error ?? `The album could not take it (${status}).`;
      item.again = status >= 500 || status === 408;
    } else if (answer.duplicate) {
      item.state = "duplicate";
      item.photoId = answer.photo_id;
    } else {
      item.state = "stored";
      item.fileId = answer.file_id;
    }
  }

  /** Ask how far the stored files are, until each is read. */
  #watch() {
    if (!this.timer) this.timer = window.setTimeout(() => this.#look(), LOOK_MS);
  }

  async #look() {
    this.timer = 0;
    const stored = this.items.filter(({ state }) => state === "stored").slice(0, 100);
    if (!stored.length) return;
    try {
      const states = await api.uploads(stored.map((item) => item.fileId));
      let news = false;
      for (const { file_id: fileId, state, photo_id: photoId, reason } of states) {
        const item = stored.find((candidate) => candidate.fileId === fileId);
        if (!item || state === "found") continue;
        item.state = state === "failed" ? "failed" : "added";
        item.reason = reason ?? "";
        item.photoId = photoId;
        news ||= item.state === "added";
        this.changed(item);
      }
      if (news) this.arrived();
    } catch {
      // The banner says that the server does not answer; it is asked again.
    }
    this.#watch();
  }
}

/** @param {Item} item */
export const finished = ({ state }) =>
  state === "added" || state === "duplicate" || state === "failed";
