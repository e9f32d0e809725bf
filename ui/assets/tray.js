// @ts-check
// The tray of uploads in the corner, and the ways files come in: button, drop, paste.
import { el, fill, icon, say } from "./dom.js";
import { Uploads, finished } from "./upload.js";
import { count, counted } from "./words.js";

/** @typedef {import("./upload.js").Item} Item */

export class Tray {
  /**
   * @param {number} longest bytes of one file
   * @param {() => void} arrived
   * @param {(id: number) => void} open
   * @param {(file: File) => void} search by a picture that was dropped on the search box
   */
  constructor(longest, arrived, open, search) {
    this.search = search;
    this.uploads = new Uploads(longest, (item) => this.#changed(item), arrived);
    this.open = open;
    /** @type {Map<Item, HTMLElement>} */
    this.rows = new Map();
    this.title = el("h2", { role: "status" });
    this.list = el("ul", {});
    this.close = el("button", {
      class: "icon-button", type: "button", "aria-label": "Close", onclick: () => this.#close(),
    }, icon("close", 18));
    this.node = el("section", { class: "tray", "aria-label": "Uploads", hidden: true },
      el("header", {}, this.title, this.close), this.list);
    this.input = el("input", { type: "file", multiple: true, accept: "image/*,.heic,.heif,.avif", hidden: true, id: "upload-input" });
    this.input.addEventListener("change", () => {
      this.uploads.add(this.input.files ?? []);
      this.input.value = "";
    });
    document.body.append(this.node, this.input);
    this.#listen();
  }

  /** Let a person choose files. */
  choose() {
    this.input.click();
  }

  #listen() {
    document.getElementById("upload-button")?.addEventListener("click", () => this.choose());
    const hint = el("p", {});
    const veil = el("div", { class: "drop-veil", hidden: true }, hint);
    document.body.append(veil);
    const box = document.getElementById("query");
    const isOverBox = (/** @type {DragEvent} */ event) =>
      box?.contains(/** @type {Node | null} */ (event.target)) ?? false;
    const carriesFiles = (/** @type {DragEvent} */ event) =>
      event.dataTransfer?.types.includes("Files");
    document.addEventListener("dragover", (event) => {
      if (!carriesFiles(event)) return;
      event.preventDefault();
      veil.hidden = false;
      const over = isOverBox(event);
      box?.classList.toggle("over", over);
      say(hint, over ? "Drop it to search by this picture"
        : "Drop photos to add them, or on the search box to search by one");
    });
    const done = () => {
      veil.hidden = true;
      box?.classList.remove("over");
    };
    document.addEventListener("dragleave", (event) => {
      if (!event.relatedTarget) done();
    });
    document.addEventListener("drop", async (event) => {
      if (!event.dataTransfer || !carriesFiles(event)) return;
      event.preventDefault();
      event.stopPropagation();
      done();
      const [first] = event.dataTransfer.files;
      if (first && isOverBox(event)) {
        this.search(first);
        return;
      }
      this.uploads.add(await dropped(event.dataTransfer));
    }, { capture: true });
    document.addEventListener("paste", (event) => {
      if (event.clipboardData?.files.length) this.uploads.add(event.clipboardData.files);
    });
    window.addEventListener("beforeunload", (event) => {
      if (this.uploads.items.some(({ state }) => state === "waiting" || state === "sending")) {
        event.preventDefault();
      }
    });
  }

  #close() {
    this.node.hidden = true;
    this.uploads.clear();
    this.rows.clear();
    fill(this.list);
  }

  /** @param {Item | null} item */
  #changed(item) {
    for (const each of item ? [item] : this.uploads.items) this.#row(each);
    const { items, busy } = this.uploads;
    this.title.textContent = busy ? sendingText(items) : summary(items);
    this.node.hidden = items.length === 0;
    this.node.dataset.ready = busy ? "" : "done";
  }

  /** @param {Item} item */
  #row(item) {
    let row = this.rows.get(item);
    if (!row) {
      row = el("li", {});
      this.rows.set(item, row);
      this.list.append(row);
    }
    row.dataset.state = item.state;
    const { photoId } = item;
    fill(row,
      el("span", { class: "tray-name", title: item.file.name }, item.file.name),
      el("span", { class: "tray-state" }, stateText(item)),
      item.state === "sending" && el("progress", { max: "1", value: item.sent }),
      item.again && el("button", { class: "link", type: "button", onclick: () => this.uploads.retry(item) }, "Try again"),
      photoId && el("button", { class: "link", type: "button", onclick: () => this.open(photoId) }, "Show"));
  }
}

/** @param {Item} item */
function stateText({ state, sent, reason }) {
  if (state === "sending") return `${Math.round(sent * 100)} %`;
  if (state === "failed") return reason;
  return { waiting: "Waiting", stored: "Reading…", added: "Added", duplicate: "Already here" }[state];
}

/** @param {Item[]} items */
function sendingText(items) {
  const done = items.filter(finished).length;
  return `Adding photos: ${count(done)} of ${count(items.length)}`;
}

/** @param {Item[]} items */
export function summary(items) {
  const of = (/** @type {string} */ state) => items.filter((item) => item.state === state).length;
  const failed = items.filter((item) => item.state === "failed");
  const parts = [
    of("added") ? `${count(of("added"))} added` : "",
    of("duplicate") ? `${count(of("duplicate"))} already here` : "",
    failed.length ? `${counted(failed.length, "unreadable", "unreadable")}` : "",
  ];
  return parts.filter(Boolean).join(", ");
}

/**
 * The files that were dropped, those inside folders too.
 * @param {DataTransfer} transfer
 * @returns {Promise<File[]>}
 */
async function dropped(transfer) {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry()).filter((e) => e !== null);
  const loose = [...transfer.files];
  if (!entries.some((entry) => entry.isDirectory)) return loose;
  /** @type {File[]} */
  const files = [];
  while (entries.length) {
    const entry = entries.pop();
    if (entry?.isFile) {
      const file = await new Promise((found) => /** @type {FileSystemFileEntry} */ (entry).file(found, () => found(null)));
      if (file && !file.name.startsWith(".")) files.push(file);
    } else if (entry?.isDirectory) {
      const reader = /** @type {FileSystemDirectoryEntry} */ (entry).createReader();
      let batch;
      do { // a reader gives at most 100 at a time, and then none
        batch = await new Promise((found) => reader.readEntries(found, () => found([])));
        entries.push(...batch);
      } while (batch.length);
    }
  }
  return files;
}
