// @ts-check
// What the tray says of all the files together.
import { t } from "../i18n.js";
import { count, counted } from "../words.js";

/** @typedef {import("./tally.js").Tally} Tally */

/**
 * The head of the tray.
 * @param {Tally} tally
 * @param {boolean} lost whether the album cannot be reached
 */
export function headline(tally, lost) {
  const { items, toSend, counts } = tally;
  if (toSend) {
    const values = { done: count(items.length - toSend), n: count(items.length) };
    return lost ? t("Waiting for the album: {done} of {n} sent", values)
      : t("Adding photos: {done} of {n}", values);
  }
  if (counts.stored) return t("All sent; reading {photos}", { photos: counted(counts.stored, "photo", "photos") });
  return summary(tally);
}

/**
 * "412 added, 3 already here, 1 unreadable"
 * @param {Tally} tally
 */
export function summary({ items, counts, failed, skipped }) {
  let unsent = counts.stopped;
  for (const item of failed) if (item.unsent) unsent += 1;
  const unreadable = counts.stopped + counts.failed - unsent;
  const parts = [
    counts.added && t("{n} added", { n: count(counts.added) }),
    counts.duplicate && t("{n} already here", { n: count(counts.duplicate) }),
    unreadable && t("{n} unreadable", { n: count(unreadable) }),
    unsent && t("{n} not sent", { n: count(unsent) }),
  ].filter(Boolean);
  if (!items.length && skipped) return t("No pictures in there");
  return parts.join(t(", "));
}

/**
 * Below it: what else there is to know.
 * @param {Tally} tally
 * @param {boolean} lost
 */
export function notes({ skipped, toSend, counts }, lost) {
  return [
    lost && toSend ? t("The album does not answer. Sending goes on by itself when it does.") : "",
    skipped ? counted(skipped, "other file skipped", "other files skipped") : "",
    !toSend && (counts.added || counts.stored)
      ? t("New photos are found by name and date at once, and by what they show once they are described.") : "",
  ].filter(Boolean);
}

/**
 * The reasons why some failed, the most frequent first.
 * @param {Tally} tally
 * @returns {[string, number][]}
 */
export function reasons({ failed }) {
  /** @type {Map<string, number>} */
  const times = new Map();
  for (const { reason } of failed) times.set(reason, (times.get(reason) ?? 0) + 1);
  return [...times].sort(([, a], [, b]) => b - a);
}
