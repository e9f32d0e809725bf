// @ts-check
// What was searched for lately. It stays in this browser, and only if that is wanted.

const KEY = "album-recent-searches";
const SETTING = "album-recent"; // "off" where nothing is to be remembered
const MOST = 8;

export const isRemembering = () => localStorage.getItem(SETTING) !== "off";

/** Remember searches from now on, or none, and forget all. @param {boolean} wished */
export function setRemembering(wished) {
  if (wished) localStorage.removeItem(SETTING);
  else localStorage.setItem(SETTING, "off");
  if (!wished) forgetAll();
}

/** @returns {string[]} the latest first */
export function recentSearches() {
  if (!isRemembering()) return [];
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(kept) ? kept.filter((one) => typeof one === "string" && one).slice(0, MOST) : [];
  } catch {
    return [];
  }
}

/** @param {string} query */
export function remember(query) {
  const text = query.trim();
  if (text) keep([text, ...recentSearches().filter((one) => one.toLowerCase() !== text.toLowerCase())]);
}

/** @param {string} query */
export function forget(query) {
  keep(recentSearches().filter((one) => one !== query));
}

export function forgetAll() {
  localStorage.removeItem(KEY);
}

/** @param {string[]} searches */
function keep(searches) {
  if (!isRemembering()) return;
  try {
    localStorage.setItem(KEY, JSON.stringify(searches.slice(0, MOST)));
  } catch {
    // No room: it is only a convenience.
  }
}
