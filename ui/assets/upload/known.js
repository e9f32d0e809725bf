// @ts-check
// Recognises what the album has already by its content, so that it is not sent.
import { Refused, api } from "../api.js";

const TRIES = 3;
const LARGEST = 64e6; // bytes; a digest needs the whole file in memory

/**
 * SHA-256 of a file's bytes in hex, as the catalogue keeps it; "" where it cannot be had.
 * Browsers offer it only on https and on the machine itself: elsewhere all is sent, and
 * the server finds out.
 * @param {File} file
 */
export async function hashOf(file) {
  if (!crypto.subtle || file.size > LARGEST) return "";
  try {
    const digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
    return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
  } catch {
    return ""; // it cannot be read: sending it will say so
  }
}

/**
 * The photos that have these contents, by content.
 * @param {string[]} hashes
 * @param {() => Promise<void>} back resolves when the album can be reached again
 * @returns {Promise<Record<string, number>>}
 */
export async function knownOf(hashes, back) {
  const asked = hashes.filter(Boolean);
  if (!asked.length) return {};
  for (let tries = 0; tries < TRIES; tries += 1) {
    try {
      return (await api.known(asked)).known;
    } catch (error) {
      if (error instanceof Refused) break;
      await back();
    }
  }
  return {}; // all is sent then, and the server finds out
}
