// @ts-check
// Behind one line: who wrote a caption, with which model, when, and at what expense.
import { el } from "./dom.js";
import { t } from "./i18n.js";
import { counted, localMoment, seconds } from "./words.js";

/** @typedef {import("./api.js").Caption} Caption */

const COMMIT = /^[0-9a-f]{40}$/;

/**
 * Closed at first. Of what is not known, nothing is said.
 * @param {Caption} caption
 * @param {boolean} open
 */
export function howItWasMade({ made }, open) {
  const lines = [
    ["Model", made.model],
    ["Revision", shortened(made.revision)],
    ["Weights", made.quantisation],
    ["Written", made.written_at && localMoment(made.written_at)],
    ["Length", made.tokens === null ? "" : counted(made.tokens, "token", "tokens")],
    ["Time", made.seconds === null ? "" : seconds(made.seconds)],
    ["Question", made.question],
  ].filter(([, value]) => value);
  return el("details", { class: "made", open },
    el("summary", {}, t("How it was made")),
    el("p", {}, made.by),
    el("dl", {}, ...lines.flatMap(([name, value]) => [
      el("dt", {}, t(/** @type {string} */ (name))),
      el("dd", { title: name === "Revision" ? made.revision : null }, value),
    ])));
}

/** A commit is known by its beginning. @param {string} revision */
const shortened = (revision) => (COMMIT.test(revision) ? revision.slice(0, 12) : revision);
