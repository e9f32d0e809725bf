// @ts-check
// Brings files in: looks which are here already, sends the others three at a time, waits
// while the album cannot be reached, and counts. Nothing here grows with the square of
// how many there are.
import { t } from "../i18n.js";
import { Connection } from "./connection.js";
import { itemOf } from "./item.js";
import { hashOf, knownOf } from "./known.js";
import { Reading } from "./reading.js";
import { send } from "./sending.js";
import { Tally } from "./tally.js";

/** @typedef {import("./item.js").Item} Item */
/** @typedef {import("./item.js").State} State */

const AT_ONCE = 3;
const TRIES = 2; // while the album does answer
const ASKED_AT_ONCE = 50; // hashes
const ASK_AFTER_MS = 300;

export class Uploads {
  /**
   * @param {number} longest bytes of one file
   * @param {() => void} changed something did
   * @param {() => void} arrived new photos are in the album
   */
  constructor(longest, changed, arrived) {
    this.longest = longest;
    this.changed = changed;
    this.tally = new Tally();
    this.connection = new Connection(() => {
      this.#next();
      changed();
    });
    this.reading = new Reading((item, { state, photo_id: photoId, reason }) => {
      Object.assign(item, { reason: reason ?? "", photoId });
      this.#to(item, state === "failed" ? "failed" : "added");
    }, arrived);
    /** @type {Item[]} not looked at */
    this.unchecked = [];
    /** @type {Item[]} to be sent */
    this.ready = [];
    this.checking = false;
    this.stops = 0; // what was begun before the last one is not gone on with
    /** @type {Map<Item, () => void>} with the way to break it off */
    this.sending = new Map();
    /** @type {Map<string, Item>} that was sent first, by content */
    this.first = new Map();
  }

  /** Forget everything that is finished. */
  clear() {
    this.tally = this.tally.rest();
    this.first.clear();
  }

  /** @param {Iterable<File>} files */
  add(files) {
    for (const file of files) {
      const item = itemOf(file);
      this.tally.add(item);
      if (file.size > this.longest) {
        const n = Math.round(this.longest / 1e6);
        this.#fail(item, t("It is too large: the limit is {n} MB.", { n }), { unsent: true });
      } else this.unchecked.push(item);
    }
    this.changed();
    this.#check();
  }

  /** Files of a folder that are no pictures. @param {number} count */
  skip(count) {
    this.tally.skipped += count;
    this.changed();
  }

  /** Once more, all that could work. */
  retry() {
    for (const item of this.tally.items) if (item.again) this.#again(item);
    this.changed();
    this.#check();
  }

  /** @param {Item} item */
  retryOne(item) {
    this.#again(item);
    this.changed();
    this.#check();
  }

  /** What is not sent stays unsent. */
  stop() {
    this.stops += 1;
    this.unchecked = [];
    this.ready = [];
    for (const item of this.tally.items) {
      if (item.state === "waiting" || item.state === "sending") {
        Object.assign(item, { again: true, sent: 0 });
        this.#to(item, "stopped");
      }
    }
    for (const abort of this.sending.values()) abort();
    this.changed();
  }

  /** @param {Item} item */
  #again(item) {
    Object.assign(item, { sent: 0, reason: "", again: false, unsent: false, tries: 0 });
    this.#to(item, "waiting");
    this.unchecked.push(item);
  }

  /**
   * @param {Item} item
   * @param {State} state
   */
  #to(item, state) {
    this.tally.to(item, state);
    this.changed();
  }

  /**
   * @param {Item} item
   * @param {string} reason
   * @param {{again?: boolean, unsent?: boolean}} how
   */
  #fail(item, reason, { again = false, unsent = false }) {
    Object.assign(item, { reason, again, unsent });
    this.#to(item, "failed");
  }

  async #check() {
    if (this.checking) return;
    this.checking = true;
    while (this.unchecked.length) {
      const { stops } = this;
      /** @type {Item[]} */
      const batch = [];
      const until = performance.now() + ASK_AFTER_MS;
      while (batch.length < ASKED_AT_ONCE && performance.now() < until && stops === this.stops) {
        const item = this.unchecked.shift();
        if (!item) break;
        item.hash ||= await hashOf(item.file); // one at a time: each is held in memory
        batch.push(item);
      }
      const known = await knownOf(batch.map(({ hash }) => hash), () => this.connection.back());
      if (stops !== this.stops) continue;
      for (const item of batch) {
        item.photoId = known[item.hash] ?? null;
        if (item.photoId) this.#to(item, "duplicate");
        else this.ready.push(item);
      }
      this.#next();
    }
    this.checking = false;
  }

  #next() {
    while (this.sending.size < AT_ONCE && !this.connection.lost) {
      const item = this.ready.shift();
      if (!item) return;
      const twin = item.hash ? this.first.get(item.hash) : undefined;
      if (twin && twin !== item && ["stored", "added", "duplicate"].includes(twin.state)) {
        item.twin = twin;
        this.#to(item, "duplicate");
      } else {
        if (item.hash) this.first.set(item.hash, item);
        this.#send(item);
      }
    }
  }

  /** @param {Item} item */
  async #send(item) {
    this.#to(item, "sending");
    const { done, abort } = send(item.file, (share) => {
      item.sent = share;
      this.changed();
    });
    this.sending.set(item, abort);
    const { status, answer } = await done;
    this.sending.delete(item);
    if (item.state === "sending") { // not stopped meanwhile
      if (status) this.#answered(item, status, answer);
      else await this.#broken(item);
    }
    this.#next();
  }

  /**
   * @param {Item} item
   * @param {number} status
   * @param {any} answer
   */
  #answered(item, status, answer) {
    if (status !== 200) {
      const reason = answer?.error ?? t("The album could not take it ({status}).", { status });
      const again = status >= 500 || status === 408;
      this.#fail(item, reason, { again, unsent: again });
    } else if (answer.duplicate) {
      item.photoId = answer.photo_id;
      this.#to(item, "duplicate");
    } else {
      item.fileId = answer.file_id;
      this.#to(item, "stored");
      this.reading.add(item);
    }
  }

  /** No answer came: is it the connection, or this file? @param {Item} item */
  async #broken(item) {
    item.sent = 0;
    this.#to(item, "waiting");
    const { stops } = this;
    const answers = await this.connection.answers();
    const readable = await isReadable(item.file);
    if (stops !== this.stops) return;
    if (!answers) this.connection.lose();
    else if (!readable) {
      this.#fail(item, t("The file cannot be read any more."), { unsent: true });
    } else if ((item.tries += 1) >= TRIES) {
      this.#fail(item, t("The connection broke while it was sent."), { again: true, unsent: true });
    }
    if (item.state === "waiting") this.ready.unshift(item);
  }
}

/** @param {File} file */
const isReadable = (file) =>
  file.slice(0, 1).arrayBuffer().then(() => true, () => false);
