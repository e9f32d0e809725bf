"""The map's addresses: positions out of a real catalogue, and tiles of a real file."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import Writer
from starlette.testclient import TestClient

from album.catalogue import Catalogue
from album.catalogue_files import Fingerprint
from album.errors import AlbumError
from album.photo import Reading
from album.positions import Positions, PositionsKept
from tests.ui.conftest import ADDRESS
from tests.ui.fakes import FakeIndexer, FakeLibrary, FakeSearch, FakeSettings
from ui import build_app
from ui.map_tiles import TileFile, plain_text

PNG = b"\x89PNG\r\n\x1a\n and the rest"


class MappedLibrary(FakeLibrary):
    """An album whose positions come from a real catalogue."""

    def __init__(self, catalogue: Catalogue) -> None:
        super().__init__()
        self.kept = PositionsKept(catalogue)

    def positions(self) -> Positions:
        return self.kept.get()


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    with Catalogue(tmp_path / "data") as opened:
        yield opened


@pytest.fixture
def add(catalogue: Catalogue, tmp_path: Path) -> Callable[..., int]:
    """Add a photo of a day of June 2026, taken at a position; its id."""
    root = catalogue.roots.add(tmp_path)

    def new(day: int, latitude: float | None, longitude: float | None) -> int:
        name = f"{day}.jpg".encode()
        catalogue.files.add(root.id, [(name, Fingerprint(1, 2, 3, 4))], 10**18)
        file_id = catalogue.files.id_at(root.id, name)
        reading = Reading("JPEG", 4, 3, latitude=latitude, longitude=longitude)
        taken = datetime(2026, 6, day)
        return catalogue.photos.add(file_id, f"{day:064}", 1, reading, taken)

    return new


def client_of(library: FakeLibrary, **settings: Any) -> TestClient:
    app = build_app(
        library, FakeSearch(library), FakeIndexer(), lambda: None,
        FakeSettings(**settings),
    )  # fmt: skip
    return TestClient(app, base_url=ADDRESS, raise_server_exceptions=False)


def unpacked(body: bytes) -> dict[int, tuple[float, float]]:
    count = int.from_bytes(body[:4], "little")
    assert len(body) == 4 + 12 * count
    ids = np.frombuffer(body, "<u4", count, 4)
    degrees = np.frombuffer(body, "<f4", 2 * count, 4 + 4 * count).reshape(2, -1)
    return {
        int(i): (round(float(a), 4), round(float(b), 4))
        for i, a, b in zip(ids, *degrees, strict=True)
    }


def test_positions_of_what_is_there(
    catalogue: Catalogue, add: Callable[..., int]
) -> None:
    """Newest first; without those that are away, that have no position, or one that is
    on no globe."""
    empty = client_of(MappedLibrary(catalogue)).get("/api/map")
    assert (empty.status_code, unpacked(empty.content)) == (200, {})
    client = client_of(MappedLibrary(catalogue))
    lisbon, sydney = add(1, 38.7223, -9.1393), add(2, -33.8688, 151.2093)
    add(3, None, None)
    add(4, 91.0, 10.0)
    add(5, 1.0, 2.0)
    away = catalogue.files.id_at(catalogue.roots.all()[0].id, b"5.jpg")
    catalogue.files.set_missing([away], True)
    answer = client.get("/api/map")
    assert answer.headers["content-type"] == "application/octet-stream"
    assert list(unpacked(answer.content).items()) == [
        (sydney, (-33.8688, 151.2093)),
        (lisbon, (38.7223, -9.1393)),
    ]
    again = client.get("/api/map", headers={"if-none-match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.fixture
def tile_file(tmp_path: Path) -> Callable[..., Path]:
    def make(
        kind: TileType = TileType.PNG,
        packed: Compression = Compression.NONE,
        content: bytes = PNG,
    ) -> Path:
        path = tmp_path / f"{kind.name}{packed.name}.pmtiles"
        with path.open("wb") as file:
            writer = Writer(file)
            writer.write_tile(zxy_to_tileid(0, 0, 0), content)
            writer.write_tile(zxy_to_tileid(2, 3, 1), content)
            header = {
                "tile_type": kind, "tile_compression": packed,
                "min_lon_e7": -1_800_000_000, "min_lat_e7": -850_000_000,
                "max_lon_e7": 1_800_000_000, "max_lat_e7": 850_000_000,
                "center_zoom": 0, "center_lon_e7": 0, "center_lat_e7": 0,
                "min_zoom": 0, "max_zoom": 2,
            }  # fmt: skip
            link = '<a href="https://map.example/?a=1">&copy; A Map &amp; Co</a>'
            writer.finalize(header, {"attribution": link})
        return path

    return make


def test_tiles_of_a_file(tile_file: Callable[..., Path]) -> None:
    client = client_of(FakeLibrary(), map_tiles=tile_file())
    facts = client.get("/api/map/tiles").json()
    version = facts.pop("version")
    assert facts == {
        "mime": "image/png", "min_zoom": 0, "max_zoom": 2,
        "attribution": "© A Map & Co",
    }  # fmt: skip
    answer = client.get(f"/api/map/tiles/2/3/1?v={version}")
    assert (answer.content, answer.headers["content-type"]) == (PNG, "image/png")
    assert "immutable" in answer.headers["cache-control"]
    assert client.get("/api/map/tiles/2/0/0").status_code == 204


def test_packed_vector_tiles_are_unpacked(tile_file: Callable[..., Path]) -> None:
    path = tile_file(TileType.MVT, Compression.GZIP, gzip.compress(b"a layer"))
    answer = client_of(FakeLibrary(), map_tiles=path).get("/api/map/tiles/0/0/0")
    assert answer.content == b"a layer"
    assert answer.headers["content-type"] == "application/vnd.mapbox-vector-tile"


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/api/map/tiles/a/0/0", 400),
        ("/api/map/tiles/23/0/0", 400),
        ("/api/map/tiles/-1/0/0", 400),
        ("/api/map/tiles/2/4/0", 400),
        ("/api/map/tiles/2/0/4", 400),
        ("/api/map/tiles/2/0/1.5", 400),
        ("/api/map/tiles/2/3/1", 404),
    ],
)
def test_what_no_map_answers(address: str, status: int) -> None:
    client = client_of(FakeLibrary())
    assert client.get("/api/map/tiles").json() == {"mime": None}
    answer = client.get(address)
    assert answer.status_code == status
    assert answer.json()["error"].endswith(".")


def test_files_that_are_no_map(tile_file: Callable[..., Path], tmp_path: Path) -> None:
    """Each is refused at the start, with a sentence; a bomb when it is asked for."""
    for number, content in enumerate((b"", b"PMTiles", b"PMTiles\x02" + b"x" * 300)):
        wrong = tmp_path / f"{number}.pmtiles"
        wrong.write_bytes(content)
        with pytest.raises(AlbumError, match="cannot be read as a PMTiles file"):
            TileFile(wrong)
    whole = tile_file().read_bytes()
    (tmp_path / "cut").write_bytes(whole[:200])
    with pytest.raises(AlbumError, match="cannot be read"):
        TileFile(tmp_path / "cut")
    with pytest.raises(AlbumError, match="neither pictures"):
        TileFile(tile_file(TileType.UNKNOWN))
    with pytest.raises(AlbumError, match="packed in a way"):
        TileFile(tile_file(TileType.MVT, Compression.ZSTD))
    bomb = gzip.compress(bytes(9_000_000))
    tiles = TileFile(tile_file(TileType.MVT, Compression.GZIP, bomb))
    with pytest.raises(AlbumError, match="damaged"):
        tiles.tile(0, 0, 0)


def test_an_attribution_is_plain_text() -> None:
    assert plain_text('<b onload="x">© A</b>&nbsp;and\n<i>B</i>') == "© A and B"
    assert plain_text(["a"]) == ""
