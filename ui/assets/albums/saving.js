// @ts-check
// Keeps a search as a smart album.
import { t } from "../i18n.js";
import { asks } from "./asks.js";

/** @param {import("../album.js").Album} page */
export function saveSearch(page) {
  const { q } = page.asked;
  page.names.open({
    title: t("Save this search as an album"), save: t("Save"), name: q,
    hint: t("A smart album always shows what its search finds."),
  }, async (name) => {
    const album = await asks.create(name, q);
    page.search.feedback.toast.show(t("Saved as {album}.", { album: album.name }),
      [t("All albums"), () => page.visit("albums")]);
  });
}
