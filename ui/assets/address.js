// @ts-check
// The address holds what is shown, so that Back, bookmarks and a second tab work.

/**
 * @typedef {"relevance" | "newest" | "oldest"} Order
 * @typedef {{q: string, order: Order, weak: boolean, like: number | null, folder: string,
 *   album: string, picture: number | null}} Asked
 *   what is searched for, in which order, and whether weaker matches are shown as well;
 *   like a photo of the album, or like a picture that this page alone remembers; in one
 *   folder, "" in all; in one album (its id, or "favourites"), "" in all photos. Without
 *   any of them: nothing; an album alone is no search, it is shown like all photos are
 * @typedef {Asked & {photo: number | null, view?: string, at?: string}} Place
 *   `view`: another one than the photos, and where in it
 */

/** @type {Asked} */
export const NOTHING = {
  q: "", order: "relevance", weak: false, like: null, folder: "", album: "",
  picture: null,
};

/** @type {(one: Asked, other: Asked) => boolean} */
export const same = (one, other) =>
  one.q === other.q && one.order === other.order && one.weak === other.weak &&
  one.like === other.like && one.folder === other.folder && one.album === other.album &&
  one.picture === other.picture;

/** Whether more than a sentence says what is searched for. @param {Asked} asked */
export const isScoped = ({ like, folder, album, picture }) =>
  Boolean(like || folder || album || picture);

/** Whether anything is searched for. @type {(asked: Asked) => boolean} */
export const isSearch = ({ q, like, folder, picture }) =>
  Boolean(q || like || folder || picture);

/**
 * @param {(picture: number) => boolean} knows whether the page remembers a picture: it
 *   does not after a reload
 * @returns {Required<Place>}
 */
export function here(knows) {
  const parameters = new URLSearchParams(location.search);
  const order = parameters.get("order");
  const picture = numberOf(history.state?.picture);
  const asked = {
    ...NOTHING,
    q: (parameters.get("q") ?? "").trim(),
    like: numberOf(parameters.get("like")),
    folder: parameters.get("folder") ?? "",
    album: albumOf(parameters.get("album") ?? ""),
    picture: picture && knows(picture) ? picture : null,
  };
  if (asked.picture) asked.like = null;
  if (isSearch(asked)) {
    if (order === "newest" || order === "oldest") asked.order = order;
    asked.weak = parameters.get("weak") === "1";
  }
  return {
    ...asked, photo: numberOf(parameters.get("photo")),
    view: parameters.get("view") ?? "", at: parameters.get("at") ?? "",
  };
}

/** @param {string} value */
const albumOf = (value) => (value === "favourites" ? value : String(numberOf(value) ?? ""));

/** @param {unknown} value */
function numberOf(value) {
  const number = Number(value);
  return Number.isSafeInteger(number) && number > 0 ? number : null;
}

/**
 * @param {Place} place
 * @param {{replace?: boolean}} [how] replace: no new step for Back
 */
export function go({ photo, view = "", at = "", ...asked }, { replace = false } = {}) {
  const { q, order, weak, like, folder, album, picture } = asked;
  const parameters = new URLSearchParams();
  if (q) parameters.set("q", q);
  if (like) parameters.set("like", String(like));
  if (folder) parameters.set("folder", folder);
  if (album) parameters.set("album", album);
  if (isSearch(asked) && order !== "relevance") parameters.set("order", order);
  if (isSearch(asked) && weak) parameters.set("weak", "1");
  if (view) parameters.set("view", view);
  if (view && at) parameters.set("at", at);
  if (photo) parameters.set("photo", String(photo));
  const text = parameters.toString();
  const address = text ? `/?${text}` : "/";
  const stays = address === location.pathname + location.search;
  if (stays && numberOf(history.state?.picture) === picture) return;
  if (replace) history.replaceState({ ...history.state, picture }, "", address);
  else history.pushState({ ours: true, picture }, "", address);
}

/** Whether Back stays within the album. */
export const canGoBack = () => Boolean(history.state?.ours);
