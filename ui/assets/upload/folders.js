// @ts-check
// The files inside a folder that was dropped or chosen, without what is no picture.

const PICTURE = /\.(jpe?g|jfif|png|gif|webp|bmp|tiff?|hei[cf]|avif)$/i;
const SOME_ENDING = /\.[a-z0-9]{1,8}$/i;
const OTHERS = new Set(["@eadir", "__macosx"]); // copies that other programs keep
const TOGETHER = 100;

/** Whether a name is not meant to be seen. @param {string} name */
const isHidden = (name) => name.startsWith(".") || OTHERS.has(name.toLowerCase());

/**
 * Whether it is no picture by its name and type. A file that says nothing is sent: the
 * server looks inside.
 * @param {File} file
 */
export const isOther = ({ name, type }) =>
  !PICTURE.test(name) && (type ? !type.startsWith("image/") : SOME_ENDING.test(name));

/**
 * @typedef {{files: File[], skipped: number}} Found `skipped`: how many were no pictures;
 *   what is hidden does not count
 */

/**
 * Of the files in a folder that was chosen, those to send.
 * @param {Iterable<File>} files
 * @returns {Found}
 */
export function picked(files) {
  const seen = [...files].filter((file) =>
    !(file.webkitRelativePath || file.name).split("/").some(isHidden));
  const kept = seen.filter((file) => !isOther(file));
  return { files: kept, skipped: seen.length - kept.length };
}

/**
 * What was dropped: loose files as they are, and the pictures in folders, in parts as
 * they are found. To be called while the drop is being handled.
 * @param {DataTransfer} transfer
 * @returns {AsyncGenerator<Found>}
 */
export function dropped(transfer) {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry()).filter((e) => e !== null);
  return walk(entries, [...transfer.files]);
}

/**
 * @param {FileSystemEntry[]} entries
 * @param {File[]} loose
 * @returns {AsyncGenerator<Found>}
 */
async function* walk(entries, loose) {
  const folders = entries.filter((entry) => entry.isDirectory);
  const isFolder = new Set(folders.map(({ name }) => name));
  const alone = folders.length ? loose.filter(({ name }) => !isFolder.has(name)) : loose;
  if (alone.length) yield { files: alone, skipped: 0 };
  /** @type {Found} */
  let found = { files: [], skipped: 0 };
  for (const folder of folders) { // those inside are appended while it runs
    for (const entry of await inside(/** @type {FileSystemDirectoryEntry} */ (folder))) {
      if (isHidden(entry.name)) continue;
      if (entry.isDirectory) folders.push(entry);
      else {
        const file = await fileOf(/** @type {FileSystemFileEntry} */ (entry));
        if (file && !isOther(file)) found.files.push(file);
        else found.skipped += 1;
      }
      if (found.files.length >= TOGETHER) {
        yield found;
        found = { files: [], skipped: 0 };
      }
    }
  }
  yield found;
}

/** @param {FileSystemFileEntry} entry @returns {Promise<File | null>} */
const fileOf = (entry) => new Promise((settle) => entry.file(settle, () => settle(null)));

/** @param {FileSystemDirectoryEntry} folder */
async function inside(folder) {
  const reader = folder.createReader();
  /** @type {FileSystemEntry[]} */
  const all = [];
  for (;;) { // a reader gives at most 100 at a time, and then none
    /** @type {FileSystemEntry[]} */
    const batch = await new Promise((settle) => reader.readEntries(settle, () => settle([])));
    if (!batch.length) return all;
    all.push(...batch);
  }
}
