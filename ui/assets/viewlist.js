// @ts-check
// Which views there are, and how each is made. A view's scripts are fetched when it is
// first shown.

/**
 * @param {import("./album.js").Album} album
 * @returns {Record<string, import("./views.js").Maker>}
 */
export const viewList = (album) => ({
  added: async () => {
    const { AddedView } = await import("./upload/added.js");
    return new AddedView(album);
  },
  map: async () => {
    const { MapView } = await import("./map/view.js");
    return new MapView({ open: (id, among) => album.open(id, among), at: (at) => album.at(at) });
  },
  indexing: async () => {
    const { IndexingView } = await import("./indexing/view.js");
    return new IndexingView(album);
  },
  settings: async () => {
    const { SettingsView } = await import("./settings/view.js");
    return new SettingsView(album);
  },
  albums: async () => (await import("./albums/view.js")).albumsView(album),
});
