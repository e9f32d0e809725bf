// @ts-check
// What was searched for lately. It stays in this browser, and only if that is wanted.

const KEY = "album-recent-searches";
/** The setting: "off" where nothing is to be remembered. */
export const RECENT_SETTING = "album-recent";
const MOST = 8;

/** @returns {string[]} the latest first */
export function recentSearches() {
  if (localStorage.getItem(RECENT_SETTING) === "off") {
    localStorage.removeItem(KEY);
    return [];
  }
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
  if (localStorage.getItem(RECENT_SETTING) === "off") return;
  try {
    localStorage.setItem(KEY, JSON.stringify(searches.slice(0, MOST)));
  } catch {
    // No room: it is only a convenience.
  }
}
