// @ts-check
// The cards that say how the album stands: counts, who wrote, models, folders, disk.
import { el, fill, icon } from "../dom.js";
import { t } from "../i18n.js";
import { count, counted, localMoment, seconds, size } from "../words.js";

/**
 * @typedef {{waiting: number, read: number, failed: number, missing: number,
 *   photos: number, captioned: number, embedded: number, texts: number}} Counts
 * @typedef {{path: string, uploads: boolean, offline_since: string | null,
 *   files: number, waiting: number, failed: number}} Folder
 * @typedef {{work: "captions" | "guesses" | "search", name: string, model: string,
 *   by: string, loaded: boolean | null, quantisation: string, device: string,
 *   kernel: string, seconds: number | null, threads: number | null, hours: string,
 *   servers: string[], built_in: boolean}} Engine
 * @typedef {{counts: Counts, folders: Folder[], engines: Engine[],
 *   disk: Record<string, number> | null, scanned_at: string | null,
 *   rescan_minutes: number}} Standing
 */

/** @type {(title: string, ...children: import("../dom.js").Child[]) => HTMLElement} */
const card = (title, ...children) =>
  el("section", { class: "card" }, el("h2", {}, t(title)), ...children);

/**
 * @param {string} title
 * @param {string} hint
 */
function measure(title, hint) {
  const value = el("dd", {});
  const node = el("div", { title: t(hint) }, el("dt", {}, t(title)), value);
  return { node, value };
}

export class CountsCard {
  constructor() {
    this.photos = measure("Photos", "Different photos that are there");
    this.captioned = measure("Described", "Photos that have a caption");
    this.embedded = measure("Searchable", "Captions that the search knows");
    this.waiting = measure("To be read", "Files that were found and are not read yet");
    this.failed = measure("Failed", "Files that could not be read");
    this.missing = measure("Missing", "Files that are not where they were; nothing said of them is lost");
    const all = [this.photos, this.captioned, this.embedded, this.waiting, this.failed, this.missing];
    this.node = el("section", { class: "card wide", "aria-label": t("Counts") },
      el("dl", { class: "counts" }, ...all.map(({ node }) => node)));
  }

  /** @param {Counts} counts */
  draw({ photos, captioned, embedded, texts, waiting, failed, missing }) {
    this.photos.value.textContent = count(photos);
    this.captioned.value.textContent = count(captioned);
    fill(this.embedded.value, count(embedded),
      texts > embedded && el("small", {}, t("of {n}", { n: count(texts) })));
    this.waiting.value.textContent = count(waiting);
    this.failed.value.textContent = count(failed);
    this.failed.node.classList.toggle("bad", failed > 0);
    this.missing.value.textContent = count(missing);
  }
}

export class CaptionersCard {
  constructor() {
    this.list = el("ul", {});
    this.node = card("Who wrote the captions", this.list);
    this.node.classList.add("captioners");
  }

  /** @param {{by: string, photos: number}[]} captioners */
  draw(captioners) {
    const all = captioners.reduce((sum, { photos }) => sum + photos, 0);
    fill(this.list, ...captioners.map(({ by, photos }) =>
      el("li", {}, el("span", {}, t("by {by}", { by: t(by) })), el("b", {}, count(photos)),
        el("progress", { max: Math.max(all, 1), value: photos, "aria-hidden": "true" }))),
    !captioners.length && el("li", { class: "quiet" }, t("Nothing is described yet.")));
  }
}

/** What each model does, in a sentence. */
const WORK = {
  captions: "Writes the captions.",
  guesses: "Writes quick captions, until a better one is there.",
  search: "Compares what you type with the captions.",
};

export class EnginesCard {
  constructor() {
    this.list = el("ul", { class: "engines" });
    this.node = card("Models in use", this.list);
    this.node.classList.add("tall");
  }

  /** @param {Engine[]} engines */
  draw(engines) {
    fill(this.list, ...engines.map((engine) => el("li", {},
      el("h3", {}, engine.name, engine.loaded !== null && state(engine.loaded)),
      el("p", { class: "quiet" }, t(WORK[engine.work])),
      el("dl", {}, ...told(engine).flatMap(([name, text]) =>
        [el("dt", {}, t(name)), el("dd", {}, text)])))));
  }
}

/** @param {boolean} loaded */
const state = (loaded) => el("span", {
  class: loaded ? "chip-state on" : "chip-state",
  title: loaded ? null : t("It is loaded when there is work for it."),
}, loaded ? t("in memory") : t("at rest"));

/**
 * What is known of how a model is run.
 * @param {Engine} engine
 * @returns {[string, string][]}
 */
function told({ work, name, model, quantisation, device, kernel, seconds: each, threads, hours, servers, built_in }) {
  /** @type {[string, string][]} */
  const lines = [
    ["Model", model === name ? "" : model],
    ["Comes", built_in ? t("with the program") : ""],
    ["Weights", quantisation],
    ["Runs on", servers.length ? servers.join(", ") : device === "cpu" ? t("the processor") : device],
    ["Threads", threads ? count(threads) : ""],
    ["Arithmetic", kernel],
    ["Pace", each ? t("{time} a photo", { time: seconds(each) }) : ""],
    ["Hours", work === "captions" ? hours || t("any") : ""],
  ];
  return lines.filter(([, text]) => text);
}

export class FoldersCard {
  /** @param {() => void} scan */
  constructor(scan) {
    this.list = el("ul", { class: "folders" });
    this.when = el("p", { class: "quiet" });
    this.button = el("button", { class: "button", type: "button", onclick: scan }, icon("again", 16), t("Look now"));
    this.node = el("section", { class: "card" },
      el("div", { class: "card-head" }, el("h2", {}, t("Folders")), this.button),
      this.list, this.when);
  }

  /** @param {Standing} standing */
  draw({ folders, scanned_at: at, rescan_minutes: every }) {
    fill(this.list, ...folders.map((folder) => el("li", {},
      icon("folder", 18),
      el("div", {},
        el("b", { title: folder.path }, folder.uploads ? t("Uploads") : folder.path),
        el("small", {}, files(folder))),
      el("span", {
        class: folder.offline_since ? "chip-state bad" : "chip-state on",
        title: folder.offline_since ? t("Not seen since {when}; nothing of it is lost", { when: localMoment(folder.offline_since) }) : null,
      }, folder.offline_since ? t("offline") : t("online")))));
    this.when.textContent = [
      at ? t("Last looked through on {when}.", { when: localMoment(at) }) : t("Not looked through yet since the start."),
      every ? t("Again every {time}.", { time: period(every) }) : t("Not again until the next start, or when you say so."),
    ].join(" ");
  }
}

/** @param {number} minutes */
export const period = (minutes) =>
  minutes % 60 ? counted(minutes, "minute", "minutes") : counted(minutes / 60, "hour", "hours");

/** @param {Folder} folder */
function files({ files, waiting, failed }) {
  const parts = [counted(files, "file", "files")];
  if (waiting) parts.push(t("{n} waiting", { n: count(waiting) }));
  if (failed) parts.push(t("{n} failed", { n: count(failed) }));
  return parts.join(" · ");
}

/** @type {Record<string, string>} */
const PARTS = {
  thumbnails: "Thumbnails", models: "Models", catalogue: "Catalogue", uploads: "Uploads",
  index: "Search index",
};

export class DiskCard {
  constructor() {
    this.list = el("ul", {});
    this.total = el("p", { class: "quiet" });
    this.node = card("Disk", this.total, this.list);
    this.node.classList.add("captioners");
  }

  /** @param {Record<string, number> | null} disk */
  draw(disk) {
    const parts = Object.entries(disk ?? {}).filter(([, bytes]) => bytes > 0).sort((one, other) => other[1] - one[1]);
    const all = parts.reduce((sum, [, bytes]) => sum + bytes, 0);
    this.total.textContent = disk
      ? t("The album takes {size}, beside your photos.", { size: size(all) }) : t("Being measured …");
    fill(this.list, ...parts.map(([name, bytes]) =>
      el("li", {}, el("span", {}, t(PARTS[name] ?? name)), el("b", {}, size(bytes)),
        el("progress", { max: Math.max(all, 1), value: bytes, "aria-hidden": "true" }))));
  }
}
