// @ts-check
// Asks the server. Every failure becomes an Error whose message a person can read.
import { t } from "./i18n.js";
import { PAGE } from "./pages.js";

/**
 * @typedef {{id: number, version: string, caption: string, favourite: boolean,
 *   place: string | null}} Cell
 * @typedef {{by: string, model: string, revision: string, quantisation: string,
 *   written_at: string, tokens: number | null, seconds: number | null,
 *   question: string}} Made
 * @typedef {{id: number, text: string, tags: string[], read_text: string,
 *   author: string, by_person: boolean, provisional: boolean, stale: boolean,
 *   made: Made}} Caption
 * @typedef {{id: number, version: string, name: string, folder: string,
 *   size_bytes: number, format: string, width: number, height: number, colour: number,
 *   taken_at: string | null, sort_at: string, added_at: string,
 *   camera: string | null, lens: string | null, latitude: number | null,
 *   longitude: number | null, place: string | null, description: string | null,
 *   keywords: string[], missing: boolean, favourite: boolean,
 *   caption: Caption | null}} Photo
 * @typedef {Cell & {ratio: number, colour: number, score: number, reason: string,
 *   strength: "strong" | "good" | "weak", marks: [number, number][],
 *   source: string}} Hit
 * @typedef {{kind: string, label: string, start: number, end: number}} Chip
 * @typedef {{view: "search", query: string, order: import("./address.js").Order,
 *   weak: boolean, total: number, weaker: number, rejected: number, chips: Chip[],
 *   hits: Hit[], text_model?: string | null,
 *   offset: number, at_least: boolean, folder: string | null,
 *   album?: import("./albums/asks.js").Collection | null,
 *   like: (Cell & {name: string}) | null,
 *   picture: {text: string, photo: number | null} | null}} Answer
 *   `hits` from number `offset` on; `at_least`: there may be more than `total`
 * @typedef {{view: "error", query: string, message: string}} Failed
 * @typedef {{view: "timeline"} | {view: "elsewhere"} | Failed | Answer} View
 * @typedef {{stage: string, done: number, total: number, per_minute: number | null,
 *   eta_s: number | null, current: string | null, failed: number, paused: boolean,
 *   busy: boolean, notice: string | null, waits?: string | null}} Progress
 * @typedef {{file_id: number, state: string, photo_id: number | null,
 *   reason: string | null}} UploadState
 * @typedef {{name: string, folder: string, reason: string, attempts: number,
 *   photo_id: number | null, by: string | null}} Failure
 * @typedef {{total: number, files: Failure[]}} Failures
 * @typedef {{photos: number, searches: {query: string, photos: Cell[]}[]}} TakenOut
 * @typedef {{mime: string | null, min_zoom: number, max_zoom: number,
 *   attribution: string, version: string}} TileFacts `mime` null: there is no street map
 * @typedef {{captioners: {by: string, photos: number}[]}} Captioners
 */

/** The album answered, but would not; `status` is that of HTTP. */
export class Refused extends Error {
  /**
   * @param {string} message
   * @param {number} status
   */
  constructor(message, status) {
    super(message);
    this.status = status;
  }
}

const UNREACHABLE = "The album does not answer. Is the program still running?";

/**
 * @param {string} address
 * @param {RequestInit} [options]
 * @returns {Promise<Response>}
 */
async function ask(address, options) {
  let response;
  try {
    response = await fetch(address, options);
  } catch {
    throw new Error(t(UNREACHABLE));
  }
  if (!response.ok) throw new Refused(await reason(response), response.status);
  return response;
}

/** @param {Response} response */
async function reason(response) {
  try {
    const body = await response.json();
    if (typeof body.error === "string") return t(body.error);
  } catch {
    // Not JSON: a proxy in between, perhaps.
  }
  return t("The album could not do that ({status}).", { status: response.status });
}

/**
 * @param {string} address
 * @param {RequestInit} [options]
 * @returns {Promise<any>}
 */
export const get = async (address, options) => (await ask(address, options)).json();

/**
 * @param {string} address
 * @param {object} [body]
 */
export const send = (address, body) => {
  /** @type {RequestInit} */
  const options = { method: "POST" };
  if (body) {
    options.headers = { "Content-Type": "application/json" };
    options.body = JSON.stringify(body);
  }
  return ask(address, options);
};

/**
 * @param {string} address
 * @param {object} [body]
 * @returns {Promise<any>}
 */
export const post = async (address, body) => (await send(address, body)).json();

export const api = {
  /**
   * @param {string} [album] its id, or "favourites"; everything without
   * @returns {Promise<{content: ArrayBuffer, etag: string}>}
   */
  timeline: async (album) => {
    const place = album === "favourites" ? "/favourites" : album ? `/albums/${album}` : "";
    const response = await ask(`/api${place}/timeline`);
    const etag = response.headers.get("etag") ?? "";
    return { content: await response.arrayBuffer(), etag };
  },
  /** Where the photos are. @returns {Promise<{content: ArrayBuffer, etag: string}>} */
  map: async () => {
    const response = await ask("/api/map");
    const etag = response.headers.get("etag") ?? "";
    return { content: await response.arrayBuffer(), etag };
  },
  /** @type {() => Promise<TileFacts>} */
  mapTiles: () => get("/api/map/tiles"),
  /** @type {() => Promise<Record<string, [string, number][]>>} */
  facets: () => get("/api/facets"),
  /** @type {(ids: number[]) => Promise<Cell[]>} */
  cells: (ids) => get(`/api/cells?ids=${ids.join(",")}`),
  /** @type {(id: number) => Promise<Photo>} */
  photo: (id) => get(`/api/photo/${id}`),
  /**
   * One page of an answer; `counted`: with the exact number, however many they are.
   * @type {(asked: import("./address.js").Asked, picture?: import("./pictures.js").Picture,
   *   page?: {offset?: number, limit?: number, counted?: boolean,
   *   signal?: AbortSignal}) => Promise<Answer>}
   */
  search: (asked, picture, page = {}) => {
    const { q, order, weak, like, folder, album } = asked;
    const { offset = 0, limit = PAGE, counted = false, signal } = page;
    if (picture) {
      const { text, tags, photo } = picture;
      const body = { q, order, weak, folder, album, offset, limit, counted };
      return post("/api/search", { ...body, picture: { text, tags, photo } });
    }
    const parameters = new URLSearchParams({
      q, order, weak: weak ? "1" : "0", offset: String(offset), limit: String(limit),
    });
    if (like) parameters.set("like", String(like));
    if (folder) parameters.set("folder", folder);
    if (album) parameters.set("album", album);
    if (counted) parameters.set("counted", "1");
    return get(`/api/search?${parameters}`, { signal });
  },
  /** @type {(file: File) => Promise<import("./pictures.js").Described>} */
  describe: async (file) => (await ask("/api/describe", {
    method: "POST", headers: { "Content-Type": "application/octet-stream" }, body: file,
  })).json(),
  /** Whether it can be saved without its position; throws why not. @param {number} id */
  checkDownload: async (id) => {
    const response = await ask(downloadAddress(id, false));
    await response.body?.cancel(); // only the answer's beginning was of interest
  },
  /** @type {(id: number, text: string, seen: number) => Promise<Photo>} */
  setCaption: (id, text, seen) => post(`/api/photo/${id}/caption`, { text, seen }),
  /** @type {(id: number) => Promise<Photo>} */
  undoCaption: (id) => post(`/api/photo/${id}/caption/undo`),
  /** @type {(id: number) => Promise<Photo>} */
  captionAgain: (id) => post(`/api/photo/${id}/caption/again`),
  /** @type {(id: number, favourite: boolean) => Promise<Photo>} */
  setFavourite: (id, favourite) => post(`/api/photo/${id}/favourite`, { favourite }),
  /** @type {() => Promise<TakenOut>} */
  feedback: () => get("/api/feedback"),
  /** @type {(query: string, photo: number) => Promise<Response>} */
  reject: (query, photo) => send("/api/feedback/reject", { query, photo }),
  /** @type {(query: string, photo: number) => Promise<{taken_back: number}>} */
  takeBack: (query, photo) => post("/api/feedback/take-back", { query, photo }),
  /** @type {() => Promise<{taken_back: number}>} */
  resetFeedback: () => post("/api/feedback/reset"),
  /** @type {() => Promise<Captioners>} */
  captioners: () => get("/api/captioners"),
  /** @type {(ids: number[]) => Promise<Response>} */
  looking: (ids) => send("/api/looking", { ids }),
  /** @type {() => Promise<import("./indexing/standing.js").Standing>} */
  indexing: () => get("/api/indexing"),
  /** @type {() => Promise<{paused: boolean}>} */
  scan: () => post("/api/scan"),
  /** @type {() => Promise<{choices: import("./settings/rows.js").Choice[]}>} */
  choices: () => get("/api/choices"),
  /** @type {(name: string, value: string) => Promise<import("./settings/rows.js").Choice>} */
  choose: (name, value) => post("/api/choices", { name, value }),
  /** @type {() => Promise<Progress>} */
  progress: () => get("/api/progress"),
  /** @type {() => Promise<Progress>} */
  pause: () => post("/api/pause"),
  /** @type {() => Promise<Progress>} */
  resume: () => post("/api/resume"),
  /** @type {() => Promise<Failures>} */
  failures: () => get("/api/failures"),
  /** @type {() => Promise<{retried: number}>} */
  retryFailures: () => post("/api/failures/retry"),
  /** @type {(hashes: string[]) => Promise<{known: Record<string, number>}>} */
  known: (hashes) => post("/api/upload/known", { hashes }),
  /** @type {(ids: number[]) => Promise<UploadState[]>} */
  uploads: (ids) => get(`/api/uploads?ids=${ids.join(",")}`),
};

/** @type {(id: number, version: string) => string} */
export const thumbnailAddress = (id, version) => `/t/${id}?v=${version}`;
/** @type {(id: number, version: string) => string} */
export const viewAddress = (id, version) => `/v/${id}?v=${version}`;
/** @type {(id: number, version: string) => string} */
export const originalAddress = (id, version) => `/o/${id}?v=${version}`;
/** @type {(id: number, location?: boolean) => string} location: with its position */
export const downloadAddress = (id, location = true) =>
  `/o/${id}?download=1${location ? "" : "&location=0"}`;
