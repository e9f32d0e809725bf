// @ts-check
// Asks the server. Every failure becomes an Error whose message a person can read.

/**
 * @typedef {{id: number, version: string, caption: string}} Cell
 * @typedef {{text: string, tags: string[], read_text: string, author: string,
 *   by_person: boolean, model: string, written_at: string}} Caption
 * @typedef {{id: number, version: string, name: string, folder: string,
 *   size_bytes: number, format: string, width: number, height: number, colour: number,
 *   taken_at: string | null, sort_at: string, added_at: string,
 *   camera: string | null, lens: string | null, latitude: number | null,
 *   longitude: number | null, place: string | null, description: string | null,
 *   keywords: string[], missing: boolean, caption: Caption | null}} Photo
 * @typedef {Cell & {ratio: number, colour: number, score: number, reason: string,
 *   author: string}} Hit
 * @typedef {{view: "timeline"} | {view: "error", query: string, message: string}
 *   | {view: "search", query: string, total: number, hits: Hit[]}} View
 * @typedef {{stage: string, done: number, total: number, per_minute: number | null,
 *   eta_s: number | null, current: string | null, failed: number, paused: boolean,
 *   busy: boolean, notice: string | null}} Progress
 * @typedef {{file_id: number, state: string, photo_id: number | null,
 *   reason: string | null}} UploadState
 * @typedef {{total: number, files: {name: string, folder: string, reason: string,
 *   attempts: number}[]}} Failures
 */

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
    throw new Error(UNREACHABLE);
  }
  if (!response.ok) throw new Error(await reason(response));
  return response;
}

/** @param {Response} response */
async function reason(response) {
  try {
    const body = await response.json();
    if (typeof body.error === "string") return body.error;
  } catch {
    // Not JSON: a proxy in between, perhaps.
  }
  return `The album could not do that (${response.status}).`;
}

/**
 * @param {string} address
 * @returns {Promise<any>}
 */
const get = async (address) => (await ask(address)).json();

/**
 * @param {string} address
 * @param {object} [body]
 * @returns {Promise<any>}
 */
const post = async (address, body) => {
  /** @type {RequestInit} */
  const options = { method: "POST" };
  if (body) {
    options.headers = { "Content-Type": "application/json" };
    options.body = JSON.stringify(body);
  }
  return (await ask(address, options)).json();
};

export const api = {
  /** @returns {Promise<{content: ArrayBuffer, etag: string}>} */
  timeline: async () => {
    const response = await ask("/api/timeline");
    const etag = response.headers.get("etag") ?? "";
    return { content: await response.arrayBuffer(), etag };
  },
  /** @type {(ids: number[]) => Promise<Cell[]>} */
  cells: (ids) => get(`/api/cells?ids=${ids.join(",")}`),
  /** @type {(id: number) => Promise<Photo>} */
  photo: (id) => get(`/api/photo/${id}`),
  /** @type {(query: string) => Promise<View>} */
  search: (query) => get(`/api/search?q=${encodeURIComponent(query)}`),
  /** @type {(id: number, text: string) => Promise<Photo>} */
  setCaption: (id, text) => post(`/api/photo/${id}/caption`, { text }),
  /** @type {(id: number) => Promise<Photo>} */
  undoCaption: (id) => post(`/api/photo/${id}/caption/undo`),
  /** @type {() => Promise<Progress>} */
  progress: () => get("/api/progress"),
  /** @type {() => Promise<Progress>} */
  pause: () => post("/api/pause"),
  /** @type {() => Promise<Progress>} */
  resume: () => post("/api/resume"),
  /** @type {() => Promise<Failures>} */
  failures: () => get("/api/failures"),
  /** @type {(ids: number[]) => Promise<UploadState[]>} */
  uploads: (ids) => get(`/api/uploads?ids=${ids.join(",")}`),
};

/** @type {(id: number, version: string) => string} */
export const thumbnailAddress = (id, version) => `/t/${id}?v=${version}`;
/** @type {(id: number, version: string) => string} */
export const viewAddress = (id, version) => `/v/${id}?v=${version}`;
/** @type {(id: number) => string} */
export const downloadAddress = (id) => `/o/${id}?download=1`;
