// @ts-check
// Puts the selection together: what is selected, how, and the bar with its actions.
import { t } from "../i18n.js";
import { Actions } from "./actions.js";
import { Bar } from "./bar.js";
import { Gestures } from "./gestures.js";
import { Menu } from "./menu.js";
import { Selection } from "./selection.js";

/** @param {import("../album.js").Album} album */
export function startSelection(album) {
  const selection = new Selection(album.grid, () => bar.show(selection.size));
  const actions = new Actions(album, {
    list: () => selection.list(),
    clear: () => selection.clear(),
    busy: (busy) => { bar.busy = busy; },
  });
  const menu = new Menu(t("Export captions"));
  const inAlbum = () => Boolean(album.heading.album);
  const bar = new Bar(album.root, {
    clear: () => selection.clear(),
    actions: [
      { name: "favourite", icon: "star", label: t("Favourite"), act: () => actions.favourite() },
      { name: "add", icon: "album", label: t("Add to album"), act: () => actions.add() },
      { name: "cover", icon: "picture", label: t("Set as cover"), act: () => actions.cover(),
        shown: () => inAlbum() && selection.size === 1 },
      { name: "take-out", icon: "without", label: t("Remove from this album"), act: () => actions.takeOut(), shown: inAlbum },
      { name: "again", icon: "again", label: t("Describe again"), act: () => actions.captionAgain() },
      { name: "export", icon: "text", label: t("Export captions"), act: (button) => menu.open(button, [
        [t("For a spreadsheet (CSV)"), () => actions.export("csv")],
        [t("For a program (JSON)"), () => actions.export("json")],
      ]) },
      { name: "download", icon: "download", label: t("Download"), act: () => actions.download() },
      { name: "remove", icon: "remove", label: t("Remove"), act: () => actions.remove() },
    ],
  });
  new Gestures(selection, () =>
    !album.views.name && !album.viewer.id && !document.querySelector("dialog[open]"));
  return selection;
}
