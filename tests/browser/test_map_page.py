"""The map: what it counts, how it is moved, and the way into a photo and back."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import Writer

from tests.browser.conftest import Serve, Served, Visit, hurdles, wait_ready
from tests.ui.fakes import FakeLibrary, make_photo
from ui.files import Assets

CITIES = [
    ("Lisbon, Portugal", 38.72, -9.14, 60),
    ("Oslo, Norway", 59.91, 10.75, 5),
    ("Sydney, Australia", -33.87, 151.21, 1),
    ("Suva, Fiji", -18.14, 179.99, 4),
]
PLACED = sum(count for *_, count in CITIES)


def make_library() -> FakeLibrary:
    """70 photos of four towns, one of them on both sides of 180°, and 3 of nowhere."""
    chance = random.Random(5)
    photos = [make_photo(n, latitude=None, longitude=None) for n in (901, 902, 903)]
    number = 0
    for place, latitude, longitude, count in CITIES:
        for _ in range(count):
            number += 1
            north = latitude + chance.uniform(-0.02, 0.02)
            east = (longitude + chance.uniform(-0.02, 0.02) + 180) % 360 - 180
            photos.append(
                make_photo(number, place=place, latitude=north, longitude=east)
            )
    return FakeLibrary(photos)


@pytest.fixture(scope="module")
def album(serve: Serve) -> Served:
    return serve(make_library())


def labels(page: Any) -> list[str]:
    return [m.get_attribute("aria-label") for m in page.locator(".map-marker").all()]


def counted(page: Any) -> int:
    """How many photos the markers stand for."""
    return sum(int(label.split()[0]) for label in labels(page))


def zoom(page: Any) -> float:
    """As the address has it, once the map is at rest."""
    page.wait_for_function(
        "document.querySelector('.map').dataset.at === "
        "new URLSearchParams(location.search).get('at')"
    )
    return float(page.url.rsplit("%2C", 1)[1])


def until_zoom(page: Any, wanted: Callable[[float], bool], act: str = "") -> float:
    if act:
        page.keyboard.press(act)
    for _ in range(100):
        if wanted(zoom(page)):
            break
        page.evaluate("new Promise(requestAnimationFrame)")
    assert wanted(zoom(page)), f"{act}: {zoom(page)}"
    return zoom(page)


def marker(page: Any, text: str) -> Any:
    return page.locator(f".map-marker[aria-label*='{text}']")


def test_from_the_world_into_a_photo_and_back(album: Served, visit: Visit) -> None:
    page = visit.open(album.address)
    page.click("#views a[data-view='map']")
    wait_ready(page, "map")
    assert counted(page) == PLACED
    marker(page, "60 photos near Lisbon, Portugal").wait_for()
    marker(page, "4 photos near Suva, Fiji").wait_for()  # one, although 180° is between
    # Keys, buttons and the wheel all zoom; the address follows, without steps for Back.
    page.focus(".map-area")
    page.keyboard.press("+")
    first = until_zoom(page, lambda at: at > 4)
    second = until_zoom(page, lambda at: at > first + 0.9, "+")
    third = until_zoom(page, lambda at: at < second - 0.9, "-")
    page.click(".map-tool[aria-label='Zoom in']")
    until_zoom(page, lambda at: at > third + 0.9)
    page.click(".map-tool[aria-label='Show all photos']")
    whole = until_zoom(page, lambda at: at < 3.5)
    assert counted(page) == PLACED
    # What is under the wheel stays there.
    box = marker(page, "Lisbon").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.wheel(0, -400)
    until_zoom(page, lambda at: at > whole + 0.9)
    box = marker(page, "Lisbon").bounding_box()
    assert abs(box["x"] + box["width"] / 2 - x) < 3
    assert abs(box["y"] + box["height"] / 2 - y) < 3
    # A drag moves the map and presses nothing.
    page.mouse.down()
    page.mouse.move(x + 90, y + 50, steps=6)
    page.mouse.up()
    moved = marker(page, "Lisbon").bounding_box()
    assert (round(moved["x"] - box["x"]), round(moved["y"] - box["y"])) == (90, 50)
    # Many photos: it is zoomed to them; few: they are listed.
    marker(page, "60 photos near Lisbon").click()
    until_zoom(page, lambda at: at > 8)
    assert page.locator(".map-marker").count() > 3
    assert counted(page) == 60
    assert page.locator(".map-name:text-is('Lisbon')").count() == 1
    page.keyboard.press("0")
    until_zoom(page, lambda at: at == whole)
    marker(page, "5 photos near Oslo").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#map-strip-title:text-is('5 photos near Oslo, Norway')")
    photos = page.locator(".map-strip-list a")
    photos.nth(4).wait_for()
    ids = photos.evaluate_all("all => all.map((link) => Number(link.dataset.id))")
    assert sorted(ids) == [61, 62, 63, 64, 65]
    photos.nth(2).click()
    page.wait_for_selector(f"dialog.viewer[data-ready='{ids[2]}']")
    assert f"photo={ids[2]}" in page.url
    page.keyboard.press("ArrowRight")  # along the strip, not the timeline
    page.wait_for_selector(f"dialog.viewer[data-ready='{ids[3]}']")
    page.keyboard.press("ArrowRight")
    page.wait_for_selector(f"dialog.viewer[data-ready='{ids[4]}']")
    assert page.locator(".viewer-next").is_hidden()
    page.go_back()
    page.wait_for_selector("dialog.viewer", state="hidden")
    assert photos.count() == 5, "the map is as it was left"
    page.click(".map-strip button[aria-label='Close']")
    assert page.locator(".map-strip").is_hidden()
    assert page.evaluate("document.activeElement.ariaLabel").startswith("5 photos")
    # One photo is opened at once.
    marker(page, "1 photo near Sydney").click()
    page.wait_for_selector("dialog.viewer[data-ready='66']")
    page.keyboard.press("Escape")
    page.wait_for_selector("dialog.viewer", state="hidden")
    assert "view=map" in page.url
    page.go_back()
    wait_ready(page, "timeline")


def test_the_address_says_where(album: Served, visit: Visit) -> None:
    page = visit.open(f"{album.address}/?view=map&at=59.91,10.75,8", ready="map")
    assert labels(page) == ["5 photos near Oslo, Norway"]
    middle = marker(page, "Oslo").bounding_box()
    assert abs(middle["x"] + 26 - 720) < 30
    page.goto(f"{album.address}/?view=map&at=nonsense")
    wait_ready(page, "map")
    assert counted(page) == PLACED


def test_fingers(album: Served, visit: Visit) -> None:
    """Two of them, drawn apart, bring the map nearer."""
    page = visit.open(
        f"{album.address}/?view=map&at=50,0,3", width=390, height=844, ready="map"
    )
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setTouchEmulationEnabled", {"enabled": True})

    def touch(kind: str, *places: tuple[int, int]) -> None:
        points = [{"x": x, "y": y, "id": i} for i, (x, y) in enumerate(places)]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", (150, 400), (230, 400))
    for wide in (10, 20, 30, 40):
        touch("touchMove", (150 - wide, 400), (230 + wide, 400))
    touch("touchEnd")
    until_zoom(page, lambda at: 3.8 < at < 4.2)


@pytest.mark.parametrize(("width", "dark"), [(390, True), (1440, False)])
def test_nobody_is_left_out(
    album: Served, serve: Serve, visit: Visit, width: int, dark: bool
) -> None:
    """Contrast, names and sizes, with the strip and in an album without places."""
    address = f"{album.address}/?view=map&at=54,4,4"
    page = visit.open(address, width=width, height=844, dark=dark, ready="map")
    marker(page, "5 photos near Oslo").click()
    page.wait_for_selector(".map-strip-list img")
    assert hurdles(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    sizes = page.eval_on_selector_all(
        ".map-tool, .map-marker, .map-strip button",
        "all => all.map((node) => node.getBoundingClientRect().height)",
    )
    assert min(sizes) >= 40
    strip = page.locator(".map-strip").bounding_box()
    page.wait_for_function(
        "(top) => document.querySelector('.map-marker.selected')"
        ".getBoundingClientRect().bottom < top",
        arg=strip["y"],
    )
    nowhere = FakeLibrary([make_photo(1, latitude=None, longitude=None)])
    page = visit.open(
        f"{serve(nowhere).address}/?view=map",
        width=width, height=844, dark=dark, ready="map",
    )  # fmt: skip
    title = page.locator(".map-empty h2")
    assert title.inner_text() == "None of your photos says where it was taken"
    assert hurdles(page) == []


COUNTS = """async (here) => {
  const room = here.replace("clusters.js", "");
  const { Points } = await import(`${room}points.js`);
  const { Projection } = await import(`${room}projection.js`);
  const { clustersInView, cellsInView } = await import(here);
  let seed = 7;
  const chance = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
  const count = 20000;
  const ids = Uint32Array.from({ length: count }, (_, i) => i + 1);
  const latitudes = Float32Array.from(ids, (id) =>
    80 * Math.sin(id % 60) + 3 * chance());
  const longitudes = Float32Array.from(ids, (id) =>
    (((id % 60) * 47.7 + 3 * chance()) % 360) - 180);
  latitudes.set([90, -90, 0, 0]);
  longitudes.set([0, 0, 180, -180]);
  const points = new Points(ids, latitudes, longitudes);
  const map = new Projection();
  const wrong = [];
  let seen = 0;
  for (let turn = 0; turn < 120; turn += 1) {
    map.resize(390 + 1500 * chance(), 400 + 900 * chance());
    const near = Math.floor(chance() * count); // empty views prove little
    map.go({ x: points.xs[near], y: points.ys[near], zoom: 18 * chance() ** 2 });
    const clusters = clustersInView(points, map);
    const { level, left, right, top, bottom } = cellsInView(map);
    const columns = 2 ** level;
    let inCells = 0;
    let inView = 0;
    const newest = new Set(clusters.map((cluster) => cluster.newest));
    for (let i = 0; i < count; i += 1) {
      const column = Math.floor(points.xs[i] * columns);
      const row = Math.floor(points.ys[i] * columns);
      const beside = ((column - left) % columns + columns) % columns;
      const cell = beside <= right - left && row >= top && row <= bottom;
      if (cell) inCells += 1;
      const x = map.left(points.xs[i]);
      const y = map.top(points.ys[i]);
      if (x > 0 && x < map.width && y > 0 && y < map.height) {
        inView += 1;
        if (!cell) wrong.push(`photo ${points.ids[i]} is seen but in no cell`);
      }
    }
    const sum = clusters.reduce((total, cluster) => total + cluster.count, 0);
    const listed = new Set(clusters.flatMap((cluster) => points.idsOf(cluster.spans)));
    if (sum !== inCells || sum < inView) wrong.push([sum, inCells, inView].join());
    if (listed.size !== sum) wrong.push(`${listed.size} listed of ${sum}`);
    if (newest.size !== clusters.length) wrong.push("the same thumbnail twice");
    if (clusters.length > 400) wrong.push("too many markers");
    if (![...newest].every((id) => listed.has(id))) wrong.push("a strange thumbnail");
    seen += inView;
  }
  const whole = points.idsOf([[0, count]]);
  if (whole.length !== count) wrong.push("some are lost");
  if (whole.some((id, i) => id !== i + 1)) wrong.push("not the newest first");
  return { wrong: wrong.slice(0, 5), seen };
}"""


def test_every_photo_in_view_is_counted_once(album: Served, visit: Visit) -> None:
    """At any zoom and place, on both sides of 180°, also at the poles."""
    page = visit.open(f"{album.address}/?view=map", ready="map")
    answer = page.evaluate(COUNTS, Assets().address("map/clusters.js"))
    assert answer["wrong"] == []
    assert answer["seen"] > 10_000


def message(*fields: tuple[int, int | str | bytes]) -> bytes:
    """One message of Protocol Buffers."""
    out = b""
    for field, value in fields:
        if isinstance(value, int):
            out += varint(field << 3) + varint(value)
        else:
            content = value.encode() if isinstance(value, str) else value
            out += varint(field << 3 | 2) + varint(len(content)) + content
    return out


def varint(number: int) -> bytes:
    out = b""
    while number > 127:
        out, number = out + bytes([number & 127 | 128]), number >> 7
    return out + bytes([number])


def layer(name: str, shape: int, kind: str, *commands: int) -> tuple[int, bytes]:
    """A layer of one feature, on a grid of 16 × 16."""
    tags = varint(0) + varint(0)
    geometry = b"".join(varint(number) for number in commands)
    feature = message((2, tags), (3, shape), (4, geometry))
    value = message((1, kind))
    return 3, message(
        (1, name), (2, feature), (3, "kind"), (4, value), (5, 16), (15, 2)
    )  # fmt: skip


def square(left: int, top: int, side: int) -> list[int]:
    """A square's commands: move there, three lines, close."""
    back = 2 * side - 1  # -side in zigzag
    return [9, 2 * left, 2 * top, 26, 2 * side, 0, 0, 2 * side, back, 0, 15]


@pytest.fixture(scope="module")
def street_map(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One tile of the whole world: its left half is water, a park is in the right."""
    path = tmp_path_factory.mktemp("tiles") / "streets.pmtiles"
    tile = message(
        layer("water", 3, "ocean", 9, 0, 0, 26, 16, 0, 0, 32, 15, 0, 15),
        layer("landuse", 3, "park", *square(12, 4, 2)),
        layer("roads", 2, "highway", 9, 20, 0, 10, 0, 32),
    )
    with path.open("wb") as file:
        writer = Writer(file)
        writer.write_tile(zxy_to_tileid(0, 0, 0), tile)
        header = {
            "tile_type": TileType.MVT, "tile_compression": Compression.NONE,
            "min_lon_e7": -1_800_000_000, "min_lat_e7": -850_000_000,
            "max_lon_e7": 1_800_000_000, "max_lat_e7": 850_000_000,
            "center_zoom": 0, "center_lon_e7": 0, "center_lat_e7": 0,
            "min_zoom": 0, "max_zoom": 0,
        }  # fmt: skip
        writer.finalize(header, {"attribution": "<a href='x'>© Somebody</a>"})
    return path


PIXEL = """([x, y]) => {
  const canvas = document.querySelector(".map-canvas");
  const pixel = canvas.getContext("2d").getImageData(x, y, 1, 1).data;
  const wanted = document.createElement("canvas").getContext("2d");
  const style = getComputedStyle(document.querySelector(".map"));
  return ["water", "land", "green", "way"].find((name) => {
    wanted.fillStyle = style.getPropertyValue(`--map-${name}`);
    wanted.fillRect(0, 0, 1, 1);
    return [...wanted.getImageData(0, 0, 1, 1).data].join() === [...pixel].join();
  });
}"""


def test_a_street_map_of_ones_own(serve: Serve, visit: Visit, street_map: Path) -> None:
    """It is drawn below the photos, also nearer than its tiles go, and named."""
    served = serve(make_library(), map_tiles=street_map)
    # At zoom 10 the world is 262,144 px wide; the motorway is at 10/16 of that.
    page = visit.open(f"{served.address}/?view=map&at=0,45,10", ready="map")
    page.wait_for_selector(".map-credit:has-text('© Somebody')")
    page.wait_for_function(f"({PIXEL})([720, 300]) === 'way'")
    assert page.evaluate(PIXEL, [900, 300]) == "land"
    page.goto(f"{served.address}/?view=map&at=0,-30,10")
    wait_ready(page, "map")
    page.wait_for_function(f"({PIXEL})([720, 300]) === 'water'")
    page.goto(f"{served.address}/?view=map&at=55.8,112,10")
    wait_ready(page, "map")
    page.wait_for_function(f"({PIXEL})([720, 300]) === 'green'")


def test_a_small_map_beside_a_photo(album: Served, visit: Visit) -> None:
    """It shows where, and leads to the large one; Back leads to the photo."""
    page = visit.open(f"{album.address}/?photo=66")
    node = page.locator(".panel .small-map[data-ready]")
    node.wait_for()
    pin = page.locator(".small-map-pin").bounding_box()
    box = node.bounding_box()
    assert abs(pin["x"] + 8 - box["x"] - box["width"] / 2) < 2
    assert hurdles(page) == []
    node.click()
    wait_ready(page, "map")
    page.wait_for_selector("dialog.viewer", state="hidden")
    page.wait_for_selector('.map-marker[aria-label="1 photo near Sydney, Australia"]')
    assert len(labels(page)) == 1
    page.go_back()
    page.wait_for_selector("dialog.viewer[data-ready='66']")
