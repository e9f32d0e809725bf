// @ts-check
// Files that are dropped anywhere on the page, or pasted into it.
import { el, say } from "../dom.js";
import { t } from "../i18n.js";
import { dropped } from "./folders.js";

/**
 * @param {(found: import("./folders.js").Found) => void} came
 * @param {(file: File) => void} search by a picture that was dropped on the search box
 */
export function listenForFiles(came, search) {
  const hint = el("p", {});
  const veil = el("div", { class: "drop-veil", hidden: true }, hint);
  document.body.append(veil);
  const box = document.getElementById("query");
  const isOverBox = (/** @type {DragEvent} */ event) =>
    box?.contains(/** @type {Node | null} */ (event.target)) ?? false;
  const carriesFiles = (/** @type {DragEvent} */ event) =>
    event.dataTransfer?.types.includes("Files");
  document.addEventListener("dragover", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    veil.hidden = false;
    const over = isOverBox(event);
    box?.classList.toggle("over", over);
    say(hint, over ? t("Drop it to search by this picture")
      : t("Drop photos or folders to add them, or a picture on the search box to search by it"));
  });
  const done = () => {
    veil.hidden = true;
    box?.classList.remove("over");
  };
  document.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) done();
  });
  document.addEventListener("drop", async (event) => {
    if (!event.dataTransfer || !carriesFiles(event)) return;
    event.preventDefault();
    event.stopPropagation();
    done();
    const [first] = event.dataTransfer.files;
    if (first && isOverBox(event)) {
      search(first);
      return;
    }
    for await (const found of dropped(event.dataTransfer)) came(found);
  }, { capture: true });
  document.addEventListener("paste", (event) => {
    // Text from an office program carries a picture of itself.
    const typing = /** @type {HTMLElement} */ (event.target).closest("input, textarea");
    if (typing && event.clipboardData?.types.includes("text/plain")) return;
    const files = [...event.clipboardData?.files ?? []];
    if (files.length) came({ files, skipped: 0 });
  });
}
