// @ts-check
// What is asked of the server about albums, and about many photos at once.
import { get, post, send } from "../api.js";

/**
 * @typedef {import("../api.js").Cell & {colour: number}} Cover
 * @typedef {{id: number, name: string, smart: boolean, query: string | null,
 *   photos: number | null, cover: Cover | null}} Collection
 * @typedef {{albums: Collection[], favourites: {photos: number, cover: Cover | null},
 *   removed: {photos: number}}} Collections
 * @typedef {import("../api.js").Cell & {name: string, ratio: number, colour: number,
 *   removed_at: string}} Removed
 * @typedef {{ids: number[]}} Changed those that were not so before: what an undo changes
 */

/** Photos that one request may name. */
export const AT_ONCE = 5000;

/**
 * The same for any number of photos, one request after the other.
 * @param {number[]} ids
 * @param {(part: number[]) => Promise<Changed>} change
 * @returns {Promise<number[]>} all that were changed
 */
async function inParts(ids, change) {
  /** @type {number[]} */
  const changed = [];
  for (let from = 0; from < ids.length; from += AT_ONCE) {
    changed.push(...(await change(ids.slice(from, from + AT_ONCE))).ids);
  }
  return changed;
}

export const asks = {
  /** @type {() => Promise<Collections>} */
  albums: () => get("/api/albums"),
  /** @type {(id: string) => Promise<Collection>} */
  album: (id) => get(`/api/albums/${id}`),
  /** @type {(name: string, query?: string) => Promise<Collection>} */
  create: (name, query) => post("/api/albums", query ? { name, query } : { name }),
  /** @type {(id: number, name: string) => Promise<Collection>} */
  rename: (id, name) => post(`/api/albums/${id}/rename`, { name }),
  /** @type {(id: number) => Promise<Response>} */
  delete: (id) => send(`/api/albums/${id}/delete`),
  /** @type {(id: number, photo: number) => Promise<Collection>} */
  cover: (id, photo) => post(`/api/albums/${id}/cover`, { photo }),
  /** @type {(id: number, ids: number[]) => Promise<number[]>} */
  add: (id, ids) => inParts(ids, (part) => post(`/api/albums/${id}/add`, { ids: part })),
  /** @type {(id: number, ids: number[]) => Promise<number[]>} */
  takeOut: (id, ids) => inParts(ids, (part) => post(`/api/albums/${id}/remove`, { ids: part })),
  /** @type {(ids: number[]) => Promise<number[]>} */
  remove: (ids) => inParts(ids, (part) => post("/api/photos/remove", { ids: part })),
  /** @type {(ids: number[]) => Promise<number[]>} */
  restore: (ids) => inParts(ids, (part) => post("/api/photos/restore", { ids: part })),
  /** @type {(ids: number[], favourite: boolean) => Promise<number[]>} */
  favourite: (ids, favourite) =>
    inParts(ids, (part) => post("/api/photos/favourite", { ids: part, favourite })),
  /** @type {(ids: number[]) => Promise<{photos: number, by_person: number}>} */
  captionAgain: async (ids) => {
    const sum = { photos: 0, by_person: 0 };
    for (let from = 0; from < ids.length; from += AT_ONCE) {
      const done = await post("/api/photos/caption-again", { ids: ids.slice(from, from + AT_ONCE) });
      sum.photos += done.photos;
      sum.by_person += done.by_person;
    }
    return sum;
  },
  /** @type {(ids: number[], form: string) => Promise<Blob>} */
  captions: async (ids, form) => (await send("/api/photos/captions", { ids, as: form })).blob(),
  /** @type {(ids: number[]) => Promise<{token: string, files: number, missing: number, bytes: number}>} */
  zip: (ids) => post("/api/photos/zip", { ids }),
  /** @type {(offset: number) => Promise<{total: number, photos: Removed[]}>} */
  removed: (offset) => get(`/api/removed?offset=${offset}`),
  /** How many photos a smart album's search finds, and the first of them.
   * @type {(id: number) => Promise<{total: number, at_least: boolean,
   *   hits: (import("../api.js").Hit)[]}>} */
  smart: (id) => get(`/api/search?album=${id}&limit=1`),
};

/** @type {(token: string) => string} */
export const zipAddress = (token) => `/api/photos/zip/${token}`;
