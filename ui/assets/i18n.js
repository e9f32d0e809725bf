// @ts-check
// The page's texts in the reader's language. The English sentence is its own key, so
// that a text without a translation is still a sentence.

export const LANGUAGE_KEY = "album-language";

/** @type {Record<string, Record<string, string>>} those that Gradio was given */
const TABLES = /** @type {any} */ (window).gradio_config?.i18n_translations ?? {};

/** The languages that there are texts in, by their names in themselves. */
export const LANGUAGES = { en: "English", "zh-CN": "简体中文" };

/**
 * The language to use: the one that was chosen here, or the first of the browser's that
 * there are texts in. Any Chinese is nearer to a reader of another one than English.
 * @param {string | null} chosen
 * @param {readonly string[]} wished
 */
export function languageOf(chosen, wished) {
  const known = Object.keys(LANGUAGES);
  if (chosen && known.includes(chosen)) return chosen;
  const short = (/** @type {string} */ tag) => tag.toLowerCase().split("-")[0];
  for (const tag of wished) {
    const found = known.find((each) => short(each) === short(tag));
    if (found) return found;
  }
  return "en";
}

export const LANGUAGE = languageOf(localStorage.getItem(LANGUAGE_KEY), navigator.languages);
const TABLE = TABLES[LANGUAGE] ?? {};

/** For numbers and dates: the browser's own way where it is of the page's language. */
export const LOCALE = languageOf(null, [navigator.language]) === LANGUAGE &&
  navigator.language.slice(0, 2) === LANGUAGE.slice(0, 2) ? navigator.language : LANGUAGE;

/**
 * A text in the reader's language.
 * @param {string} text in English; {name} stands for a value
 * @param {Record<string, string | number>} [values]
 */
export function t(text, values = {}) {
  return (TABLE[text] ?? text).replace(/\{(\w+)\}/g, (whole, name) =>
    name in values ? String(values[name]) : whole);
}
