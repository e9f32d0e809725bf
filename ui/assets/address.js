// @ts-check
// The address holds what is shown, so that Back, bookmarks and a second tab work.

/** @typedef {{q: string, photo: number | null}} Place */

/** @returns {Place} */
export function here() {
  const parameters = new URLSearchParams(location.search);
  const photo = Number(parameters.get("photo"));
  return {
    q: (parameters.get("q") ?? "").trim(),
    photo: Number.isSafeInteger(photo) && photo > 0 ? photo : null,
  };
}

/**
 * @param {Place} place
 * @param {{replace?: boolean}} [how] replace: no new step for Back
 */
export function go(place, { replace = false } = {}) {
  const parameters = new URLSearchParams();
  if (place.q) parameters.set("q", place.q);
  if (place.photo) parameters.set("photo", String(place.photo));
  const text = parameters.toString();
  const address = text ? `/?${text}` : "/";
  if (address === location.pathname + location.search) return;
  if (replace) history.replaceState(history.state, "", address);
  else history.pushState({ ours: true }, "", address);
}

/** Whether Back stays within the album. */
export const canGoBack = () => Boolean(history.state?.ours);
