// @ts-check
// The tray of uploads in the corner.
import { el, fill, icon, say } from "../dom.js";
import { t } from "../i18n.js";
import { count } from "../words.js";
import { listenForFiles } from "./arrivals.js";
import { UploadMenu } from "./menu.js";
import { Row } from "./row.js";
import { Uploads } from "./uploads.js";
import { headline, notes, reasons, summary } from "./words.js";

/** @typedef {import("./item.js").Item} Item */

const DRAW_MS = 100;
const MOST_WHOLE = 50; // so many files are all listed; of more, only some
const MOST_FAILED = 100;
const MOST_REASONS = 6;
const FEW = 3; // failed ones, whose rows say enough

export class Tray {
  /**
   * @param {number} longest bytes of one file
   * @param {{arrived: () => void, open: (id: number) => void, show: () => void,
   *   search: (file: File) => void}} listeners show: what was just added; search: by a
   *   picture that was dropped on the search box
   */
  constructor(longest, { arrived, open, show, search }) {
    this.open = open;
    this.timer = 0;
    this.said = "";
    this.lines = "";
    /** @type {Map<Item, Row>} */
    this.rows = new Map();
    this.uploads = new Uploads(longest, () => this.#later(), arrived);
    this.title = el("h2", {});
    this.status = el("span", { class: "said", role: "status" });
    this.fold = iconButton("down", "", () => this.#fold());
    this.close = iconButton("close", t("Close"), () => this.#close());
    this.bar = el("progress", { class: "tray-bar", "aria-label": t("Uploads") });
    this.notes = el("div", { class: "tray-notes" });
    this.show = button(t("Show them"), "primary", () => {
      if (matchMedia("(max-width: 700px)").matches) this.#fold(true);
      show();
    });
    this.again = button(t("Try again"), "", () => this.uploads.retry());
    this.stop = button(t("Stop"), "", () => this.uploads.stop());
    this.actions = el("div", { class: "tray-actions" }, this.show, this.again, this.stop);
    this.list = el("ul", {});
    this.rest = el("p", { class: "tray-rest" });
    this.body = el("div", { class: "tray-body" }, this.notes, this.actions, this.list, this.rest);
    this.node = el("section", { class: "tray", "aria-label": t("Uploads"), hidden: true },
      el("header", {}, this.title, this.fold, this.close), this.bar, this.status, this.body);
    this.#fold(false);
    document.body.append(this.node);
    const take = (/** @type {import("./folders.js").Found} */ found) => this.#take(found);
    this.menu = new UploadMenu(take);
    listenForFiles(take, search);
    window.addEventListener("beforeunload", (event) => {
      if (this.uploads.tally.toSend) event.preventDefault();
    });
  }

  /** Let a person choose files. */
  choose() {
    this.menu.choose();
  }

  /** The photos that were added since the tray appeared. */
  get added() {
    return this.uploads.tally.items.flatMap(({ state, photoId }) =>
      state === "added" && photoId ? [photoId] : []);
  }

  /** @param {import("./folders.js").Found} found */
  #take({ files, skipped }) {
    if (!files.length && !skipped) return;
    if (this.node.hidden) this.uploads.clear();
    this.node.hidden = false;
    if (files.length) this.uploads.add(files);
    if (skipped) this.uploads.skip(skipped);
    this.#draw(); // not what was said of those before
  }

  #close() {
    this.node.hidden = true; // what is stored is read without it
    document.getElementById("upload-button")?.focus({ preventScroll: true });
  }

  /** @param {boolean} [folded] */
  #fold(folded = !this.body.hidden) {
    this.body.hidden = folded;
    const label = folded ? t("Show more") : t("Show less");
    this.fold.setAttribute("aria-label", label);
    this.fold.title = label;
    this.fold.setAttribute("aria-expanded", String(!folded));
  }

  #later() {
    this.timer ||= window.setTimeout(() => this.#draw(), DRAW_MS);
  }

  #draw() {
    window.clearTimeout(this.timer);
    this.timer = 0;
    const { tally, connection: { lost } } = this.uploads;
    const { toSend, busy, done, items, counts, failed } = tally;
    say(this.title, headline(tally, lost));
    this.bar.hidden = !busy;
    this.bar.max = Math.max(items.length, 1);
    this.bar.value = toSend ? items.length - toSend : done;
    this.close.hidden = toSend > 0;
    this.stop.hidden = toSend === 0;
    this.show.hidden = toSend > 0 || counts.added === 0;
    say(this.show, counts.added === 1 ? t("Show it") : t("Show them"));
    this.again.hidden = toSend > 0 || !(counts.stopped || [...failed].some(({ again }) => again));
    say(this.again, counts.stopped ? t("Send the rest") : t("Try again"));
    this.actions.hidden = [this.show, this.again, this.stop].every(({ hidden }) => hidden);
    const why = failed.size > FEW ? reasons(tally) : [];
    const lines = [...notes(tally, lost), ...why.slice(0, MOST_REASONS).map(([reason, times]) => `${count(times)} × ${reason}`)];
    if (lines.join("\n") !== this.lines) {
      this.lines = lines.join("\n");
      fill(this.notes, ...lines.map((line) => el("p", {}, line)));
    }
    this.#list();
    this.#announce(lost);
    this.node.dataset.ready = busy ? "" : "done";
  }

  /** What is listed: all of few, at the end what failed first; of many what is on its
   * way, failed, or just arrived. */
  #list() {
    const { items, sending, failed, latest, toSend } = this.uploads.tally;
    const listed = items.length <= MOST_WHOLE ? toSend ? items : [...failed, ...items]
      : [...sending, ...[...failed].slice(-MOST_FAILED), ...latest.toReversed()];
    const wanted = new Set(listed);
    for (const [item, row] of this.rows) {
      if (wanted.has(item)) continue;
      row.node.remove();
      this.rows.delete(item);
    }
    let next = this.list.firstElementChild;
    for (const item of wanted) {
      const row = this.#row(item);
      if (row.node === next) next = next.nextElementSibling;
      else this.list.insertBefore(row.node, next);
      row.draw();
    }
    const left = items.length - wanted.size;
    say(this.rest, left ? t("and {n} more", { n: count(left) }) : "");
  }

  /** @param {Item} item */
  #row(item) {
    let row = this.rows.get(item);
    if (!row) {
      row = new Row(item, { open: this.open, retry: (one) => this.uploads.retryOne(one) });
      this.rows.set(item, row);
    }
    return row;
  }

  /** Read aloud where something turns, not each number. @param {boolean} lost */
  #announce(lost) {
    const { tally } = this.uploads;
    const turn = lost && tally.toSend ? "lost" : tally.toSend ? "sending" : tally.busy ? "reading" : "done";
    if (turn === this.said && turn !== "done") return;
    this.said = turn;
    say(this.status, turn === "done" ? summary(tally) : headline(tally, lost));
  }
}

/** @type {(image: "close" | "down", label: string, act: () => void) => HTMLButtonElement} */
const iconButton = (image, label, act) =>
  el("button", { class: "icon-button", type: "button", "aria-label": label, onclick: act }, icon(image, 18));

/** @type {(label: string, kind: string, act: () => void) => HTMLButtonElement} */
const button = (label, kind, act) =>
  el("button", { class: `button tray-button ${kind}`, type: "button", onclick: act }, label);
