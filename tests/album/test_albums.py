"""Albums, and photos that a person took out, on a real catalogue with real files."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from album.catalogue import Catalogue
from album.catalogue_failures import Failure
from album.decoder import Decoder
from album.errors import AlbumError, NoSuchAlbum
from album.photo import Photo
from tests.album.house import House


@pytest.fixture
def house(tmp_path: Path, decoder: Decoder) -> Iterator[House]:
    opened = House(tmp_path, decoder)
    opened.run()
    yield opened
    opened.close()


def ids_of(house: House) -> list[int]:
    return [int(key) for key in house.library.timeline().ids]


def photo(house: House, key: int) -> Photo:
    found = house.catalogue.photos.one(key)
    assert found is not None
    return found


def test_a_removed_photo_is_nowhere_and_comes_back_whole(house: House) -> None:
    keys = ids_of(house)
    gone, other = keys[0], keys[1]
    house.library.set_favourite(gone, True)
    house.library.set_caption(gone, "our zebra")
    trip = house.library.albums.create("Trip")
    house.library.albums.add(trip.id, [gone, other])
    path, content = photo(house, gone).path, photo(house, gone).path.read_bytes()
    before = photo(house, gone)

    assert house.library.many.remove([gone, gone, 999]) == [gone]
    assert house.library.many.remove([gone]) == []
    assert ids_of(house) == [key for key in keys if key != gone]
    assert house.library.photo(gone) is None
    assert house.library.original(gone) is None
    assert house.library.thumbnail(gone, "view") is None
    assert not house.catalogue.words.phrase("our zebra")
    assert house.catalogue.words.find("zebra", 9) == []
    assert gone not in house.catalogue.filters.photo_ids()
    assert house.catalogue.filters.photo_ids(favourite=True).tolist() == []
    assert house.catalogue.filters.in_album(trip.id).tolist() == [other]
    assert house.library.albums.one(trip.id).photos == 1
    assert house.library.albums.favourites().ids.tolist() == []
    assert house.catalogue.photos.counts()["photos"] == len(keys) - 1
    assert house.library.by_captioner() == {"fake": len(keys) - 1}
    with pytest.raises(AlbumError, match="no such photo"):
        house.library.set_caption(gone, "still there?")
    assert [one.id for one in house.library.many.removed(9)] == [gone]
    assert path.read_bytes() == content

    assert house.library.many.restore([gone, other]) == [gone]
    back = photo(house, gone)
    assert back == before
    assert ids_of(house) == keys
    assert house.catalogue.words.phrase("our zebra") == {gone}
    assert house.catalogue.filters.in_album(trip.id).tolist() == [gone, other]
    assert house.library.many.removed_count() == 0


def test_no_scan_brings_a_removed_photo_back(
    house: House, tmp_path: Path, decoder: Decoder
) -> None:
    key = ids_of(house)[0]
    path = photo(house, key).path
    house.library.many.remove([key])
    house.run()
    assert key not in ids_of(house)
    moved = path.rename(house.pictures / "renamed.png")
    (house.pictures / "copy.png").write_bytes(moved.read_bytes())
    house.run()
    assert key not in ids_of(house)
    moved.unlink()
    (house.pictures / "copy.png").rename(tmp_path / "away.png")
    house.run()
    (tmp_path / "away.png").rename(house.pictures / "again.png")
    house.close()
    again = House.on(tmp_path, Catalogue(tmp_path / "data"), decoder)
    again.run()
    assert key not in ids_of(again)
    assert len(ids_of(again)) == 4
    again.library.many.restore([key])
    assert photo(again, key).name == "again.png"
    assert key in ids_of(again)
    again.close()


def test_an_upload_brings_it_back_on_purpose(house: House) -> None:
    on_disk, gone_too = ids_of(house)[:2]
    kept, lost = photo(house, on_disk).path, photo(house, gone_too).path
    contents = [kept.read_bytes(), lost.read_bytes()]
    house.library.many.remove([on_disk, gone_too])
    lost.unlink()
    house.run()
    digests = [hashlib.sha256(content).hexdigest() for content in contents]
    assert house.library.known_uploads(digests) == {}  # so the page does send them
    uploaded = [house.library.upload("back.png", [content]) for content in contents]
    assert (uploaded[0].photo_id, uploaded[0].duplicate) == (on_disk, True)
    house.run()
    assert {on_disk, gone_too} <= set(ids_of(house))
    assert photo(house, gone_too).folder == "Uploads"


def test_models_leave_removed_photos_alone(tmp_path: Path, decoder: Decoder) -> None:
    house = House(tmp_path, decoder)
    house.fake.fail_on = {1}
    house.run()
    author = house.fake.author
    assert isinstance(house.indexer.failures()[0], Failure)
    house.catalogue.queue.retry_failures()
    assert house.catalogue.queue.wanted(author, 9) == [1]
    house.library.many.remove([1, 2])
    assert house.catalogue.queue.wanted(author, 9) == []
    selected = house.library.many.caption_again([1, 2, 3, 999])
    assert (selected.photos, selected.by_person) == (1, 0)
    assert house.catalogue.queue.wanted(author, 9) == [3]
    house.fake.seen.clear()
    house.run()
    assert house.fake.seen == [3]
    assert house.indexer.progress().total == 3
    assert house.indexer.failures() == []
    house.library.many.restore([1, 2])
    house.fake.fail_on.clear()
    house.run()
    assert sorted(house.fake.seen) == [1, 3]  # the caption of 2 had stayed
    house.close()


def test_many_favourites_say_what_an_undo_has_to_change(house: House) -> None:
    one, two, three = ids_of(house)[:3]
    house.library.set_favourite(two, True)
    since = photo(house, two).favourite_since
    changed = house.library.many.set_favourite([one, two, three, 999], True)
    assert changed == sorted([one, three])
    assert photo(house, two).favourite_since == since
    assert set(house.library.albums.favourites().ids) == {one, two, three}
    assert house.library.many.set_favourite(changed, False) == changed
    assert house.library.albums.favourites().ids.tolist() == [two]


def test_an_album_keeps_its_photos_and_its_cover(house: House) -> None:
    albums, keys = house.library.albums, ids_of(house)
    trip = albums.create("  Norway\n trip ")
    assert (trip.name, trip.photos, trip.cover, trip.smart) == (
        *("Norway trip", 0, None), False,
    )  # fmt: skip
    assert albums.add(trip.id, [*keys[1:4], 999]) == sorted(keys[1:4])
    assert albums.add(trip.id, keys[:2]) == [keys[0]]
    assert albums.timeline(trip.id).ids.tolist() == keys[:4]
    assert albums.one(trip.id).cover == keys[0]  # the newest
    assert albums.set_cover(trip.id, keys[2]).cover == keys[2]
    house.library.many.remove([keys[2]])
    assert albums.one(trip.id).cover == keys[0]
    house.library.many.restore([keys[2]])
    assert albums.one(trip.id).cover == keys[2]
    with pytest.raises(AlbumError, match="Only a photo of the album"):
        albums.set_cover(trip.id, keys[4])
    assert albums.remove(trip.id, [keys[2], keys[4]]) == [keys[2]]
    assert albums.one(trip.id).cover == keys[0]
    assert ids_of(house) == keys  # out of the album is not out of the catalogue
    assert albums.with_photo(keys[0]) == [trip.id]
    albums.delete(trip.id)
    assert ids_of(house) == keys
    for lost in (albums.one, albums.delete, albums.timeline):
        with pytest.raises(NoSuchAlbum):
            lost(trip.id)
    assert albums.create("Another").id != trip.id


def test_names_are_checked_and_unique_without_case(house: House) -> None:
    albums = house.library.albums
    first = albums.create("ÉTÉ")
    for name, why in (("été", "already"), (" \n\x00", "a name"), ("x" * 101, "100")):
        with pytest.raises(AlbumError, match=why):
            albums.create(name)
    other = albums.create("x" * 100)
    with pytest.raises(AlbumError, match="already"):
        albums.rename(other.id, "éTÉ")
    assert albums.rename(first.id, "été").name == "été"
    assert [album.name for album in albums.all()] == ["x" * 100, "été"]


def test_a_smart_album_is_a_search(house: House) -> None:
    albums = house.library.albums
    dogs = albums.create("Dogs", " dogs  at the beach ")
    assert (dogs.smart, dogs.query) == (True, "dogs at the beach")
    with pytest.raises(AlbumError, match="search for"):
        albums.create("Nothing", "  ")
    for change in (albums.add, albums.remove):
        with pytest.raises(AlbumError, match="by hand"):
            change(dogs.id, [1])
    assert house.catalogue.filters.vocabulary().albums == set()
