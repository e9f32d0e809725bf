// @ts-check
// Numbers, dates and sizes as people read them, in the page's language.
import { LOCALE, t } from "./i18n.js";

const number = new Intl.NumberFormat(LOCALE);
const monthTitle = new Intl.DateTimeFormat(LOCALE, {
  month: "long", year: "numeric", timeZone: "UTC",
});
const monthShort = new Intl.DateTimeFormat(LOCALE, {
  month: "short", year: "numeric", timeZone: "UTC",
});
const day = new Intl.DateTimeFormat(LOCALE, {
  weekday: "long", day: "numeric", month: "long", year: "numeric", timeZone: "UTC",
});
const clock = new Intl.DateTimeFormat(LOCALE, {
  hour: "2-digit", minute: "2-digit", timeZone: "UTC",
});

const local = new Intl.DateTimeFormat(LOCALE, { dateStyle: "long", timeStyle: "short" });

/** @param {number} value */
export const count = (value) => number.format(value);

/**
 * A number with what is counted; looked up as "{n} photos".
 * @type {(value: number, one: string, many: string) => string}
 */
export const counted = (value, one, many) =>
  t(`{n} ${value === 1 ? one : many}`, { n: count(value) });

/** @type {(year: number, month: number) => string} */
export const month = (year, month) => monthTitle.format(Date.UTC(year, month - 1, 1));

/** @type {(year: number, month: number) => string} */
export const shortMonth = (year, month) =>
  monthShort.format(Date.UTC(year, month - 1, 1));

/** @param {number} colour 0xRRGGBB */
export const colour = (colour) => `#${colour.toString(16).padStart(6, "0")}`;

/** @param {number} bytes */
export function size(bytes) {
  const units = ["B", "kB", "MB", "GB"];
  let step = 0;
  while (bytes >= 1000 && step < units.length - 1) {
    bytes /= 1000;
    step += 1;
  }
  const digits = step > 0 && bytes < 10 ? 1 : 0;
  return `${bytes.toFixed(digits)} ${units[step]}`;
}

/**
 * The day and time where the picture was taken, with its zone if the file says it. The
 * wall clock is shown as it was, never moved to the zone of who looks.
 * @param {string} iso
 */
export function moment(iso) {
  const [, wall, zone] = /^(\d{4}-\d\d-\d\dT\d\d:\d\d)[^+Z-]*(.*)$/.exec(iso) ?? [];
  if (!wall) return { day: iso, time: "" };
  const at = new Date(`${wall}Z`);
  const named = zone === "Z" ? "UTC" : zone ? `UTC${zone}` : "";
  return { day: day.format(at), time: [clock.format(at), named].join(" ").trim() };
}

/**
 * A moment in UTC, as the clock of whoever looks shows it.
 * @param {string} iso
 */
export const localMoment = (iso) => local.format(new Date(iso));

/** @param {number} seconds */
export function seconds(seconds) {
  const digits = seconds < 10 ? 10 : 1;
  return `${count(Math.round(seconds * digits) / digits)} s`;
}

/** @param {number} seconds */
export function duration(seconds) {
  if (seconds < 60) return t("less than a minute");
  const minutes = Math.round(seconds / 60);
  const about = (/** @type {string} */ time) => t("about {time}", { time });
  if (minutes < 60) return about(counted(minutes, "minute", "minutes"));
  // By the half hour while that says something, then by the hour.
  const hours = minutes < 360 ? Math.round(minutes / 30) / 2 : Math.round(minutes / 60);
  if (hours < 48) return about(counted(hours, "hour", "hours"));
  return about(counted(Math.round(hours / 24), "day", "days"));
}
