// @ts-check
// One file on its way into the album.

/**
 * @typedef {"waiting" | "sending" | "stored" | "added" | "duplicate" | "failed" | "stopped"} State
 *   stored: safely on the server's disk, not read yet; stopped: a person did not want it
 *   to be sent.
 * @typedef {{file: File, state: State, sent: number, reason: string, again: boolean,
 *   unsent: boolean, tries: number, hash: string, fileId: number,
 *   photoId: number | null, twin: Item | null}} Item
 *   `sent` from 0 to 1; `again`: it may be worth another try; `unsent`: it failed on the
 *   way, not because of what is in it; `hash`: of its content, "" if that is not known;
 *   `twin`: the same content, sent before.
 */

/**
 * @param {File} file
 * @returns {Item}
 */
export const itemOf = (file) => ({
  file, state: "waiting", sent: 0, reason: "", again: false, unsent: false, tries: 0,
  hash: "", fileId: 0, photoId: null, twin: null,
});

/** Whether nothing more happens to it by itself. @param {State} state */
export const isFinal = (state) => state !== "waiting" && state !== "sending" && state !== "stored";

/** The photo it became, once that is known. @param {Item} item */
export const photoOf = (item) => item.photoId ?? item.twin?.photoId ?? null;
