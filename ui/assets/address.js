// @ts-check
// The address holds what is shown, so that Back, bookmarks and a second tab work.

/**
 * @typedef {"relevance" | "newest" | "oldest"} Order
 * @typedef {{q: string, order: Order, weak: boolean}} Asked
 *   what is searched for, in which order, and whether weaker matches are shown as well;
 *   without a sentence: nothing
 * @typedef {Asked & {photo: number | null}} Place
 */

/** @type {Asked} */
export const NOTHING = { q: "", order: "relevance", weak: false };

/** @type {(one: Asked, other: Asked) => boolean} */
export const same = (one, other) =>
  one.q === other.q && one.order === other.order && one.weak === other.weak;

/** @returns {Place} */
export function here() {
  const parameters = new URLSearchParams(location.search);
  const q = (parameters.get("q") ?? "").trim();
  const order = parameters.get("order");
  const photo = Number(parameters.get("photo"));
  return {
    q,
    order: q && (order === "newest" || order === "oldest") ? order : "relevance",
    weak: Boolean(q) && parameters.get("weak") === "1",
    photo: Number.isSafeInteger(photo) && photo > 0 ? photo : null,
  };
}

/**
 * @param {Place} place
 * @param {{replace?: boolean}} [how] replace: no new step for Back
 */
export function go({ q, order, weak, photo }, { replace = false } = {}) {
  const parameters = new URLSearchParams();
  if (q) parameters.set("q", q);
  if (q && order !== "relevance") parameters.set("order", order);
  if (q && weak) parameters.set("weak", "1");
  if (photo) parameters.set("photo", String(photo));
  const text = parameters.toString();
  const address = text ? `/?${text}` : "/";
  if (address === location.pathname + location.search) return;
  if (replace) history.replaceState(history.state, "", address);
  else history.pushState({ ours: true }, "", address);
}

/** Whether Back stays within the album. */
export const canGoBack = () => Boolean(history.state?.ours);
