"""The index follows the catalogue, whatever happened to its file."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from album.catalogue import Catalogue
from index.errors import SearchError
from index.sync import Sync
from tests.index.conftest import Captions, WordEmbedder, everything


@pytest.fixture
def synced(captions: Captions, embedder: WordEmbedder, path: Path) -> Sync:
    """Three photos, embedded and saved."""
    for text in ("a dog on a beach", "a cat on a sofa", "snow on a mountain"):
        captions.photo(text)
    sync = Sync(captions.catalogue, embedder, path)
    assert (sync.pending(), sync.step(), sync.pending()) == (3, 3, 0)
    assert sync.save()
    return sync


def reopened(captions: Captions, path: Path) -> Sync:
    """As after a restart; the embedder must not be asked anything."""
    embedder = WordEmbedder()
    sync = Sync(captions.catalogue, embedder, path)
    sync.open()
    assert embedder.embedded == 0
    assert sync.fresh()
    return sync


def test_steps_take_the_limit_and_end(captions: Captions, path: Path) -> None:
    for number in range(5):
        captions.photo(f"picture {number}")
    sync = Sync(captions.catalogue, WordEmbedder(), path)
    assert [sync.step(2) for _ in range(4)] == [2, 2, 1, 0]
    assert (sync.size, sync.fresh(), sync.refresh()) == (5, True, False)


@pytest.mark.parametrize("damage", ["deleted", "zeroed", "cut", "flipped", "foreign"])
def test_a_lost_file_comes_back_without_the_model(
    captions: Captions, synced: Sync, path: Path, damage: str
) -> None:
    before, whole = everything(synced), path.read_bytes()
    if damage == "deleted":
        path.unlink()
    else:
        flipped = bytearray(whole)
        flipped[-200] ^= 1
        path.write_bytes(
            {
                "zeroed": bytes(len(whole)),
                "cut": whole[:-9],
                "flipped": bytes(flipped),
                "foreign": b"not ours",
            }[damage]
        )
    again = reopened(captions, path)
    assert everything(again) == before
    assert again.save()
    assert path.read_bytes() == whole


def test_what_was_committed_after_the_save_is_replayed(
    captions: Captions, synced: Sync, path: Path, embedder: WordEmbedder
) -> None:
    captions.missing(1)
    captions.caption(2, "a tiger in a zoo")
    captions.photo("a red bus")
    synced.step()
    expected = everything(synced)
    assert {key for key, _ in expected} == {2, 3, 4}
    assert everything(reopened(captions, path)) == expected  # the file is the old one
    captions.missing(1, False)
    assert synced.refresh()
    assert synced.size == 4
    assert embedder.embedded == 5  # the returned photo was not embedded again


def test_a_file_of_another_catalogue_or_model_is_thrown_away(
    captions: Captions, synced: Sync, path: Path, tmp_path: Path
) -> None:
    other = Captions(tmp_path / "other")
    other.photo("a dog on a beach")
    sync = Sync(other.catalogue, WordEmbedder(), path)
    sync.open()
    assert (sync.size, path.exists()) == (0, False)
    other.catalogue.close()

    synced._unsaved = 1
    assert synced.save()
    newer = Sync(captions.catalogue, WordEmbedder("words 2"), path)
    newer.open()
    assert (newer.size, newer.pending(), path.exists()) == (0, 3, False)
    assert (newer.step(), newer.size, synced.size) == (3, 3, 3)


def test_a_restored_backup_never_meets_the_newer_file(
    captions: Captions, synced: Sync, path: Path, tmp_path: Path
) -> None:
    backup = tmp_path / "backup"
    backup.mkdir()
    source = sqlite3.connect(captions.folder / "catalogue.sqlite")
    target = sqlite3.connect(backup / "catalogue.sqlite")
    source.backup(target)
    source.close()
    target.close()
    captions.caption(1, "this edit is lost with the restore")
    synced.step()
    assert synced.save()
    with Catalogue(backup) as catalogue:
        embedder = WordEmbedder()
        sync = Sync(catalogue, embedder, path)
        sync.open()
        assert not path.exists()  # at once: its number would be reached again
        assert (sync.size, embedder.embedded) == (3, 0)
    shutil.rmtree(backup)


def test_a_reader_beside_the_writer_follows_and_writes_nothing(
    captions: Captions, synced: Sync, path: Path
) -> None:
    captions.photo("a red bus")
    synced.step()
    path.write_bytes(b"damaged")
    with Catalogue(captions.folder, writable=False) as catalogue:
        reader = Sync(catalogue, WordEmbedder(), path, read_only=True)
        reader.open()
        assert everything(reader) == everything(synced)
        captions.missing(1)
        assert reader.refresh()
        assert (reader.size, reader.save()) == (3, False)
        with pytest.raises(SearchError):
            reader.step()
    assert path.read_bytes() == b"damaged"


def test_saves_when_idle_or_after_many_changes(
    captions: Captions, embedder: WordEmbedder, path: Path
) -> None:
    now = 0.0
    sync = Sync(captions.catalogue, embedder, path, clock=lambda: now)
    captions.photo("a dog")
    sync.step()
    assert not sync.save_if_due()
    now = 60.0
    assert (sync.save_if_due(), sync.save_if_due(), path.exists()) == (
        True,
        False,
        True,
    )


def test_an_index_that_cannot_be_saved_costs_nothing(
    captions: Captions, embedder: WordEmbedder, tmp_path: Path
) -> None:
    (tmp_path / "file").write_bytes(b"")
    captions.photo("a dog")
    sync = Sync(captions.catalogue, embedder, tmp_path / "file" / "photos.index")
    sync.step()
    assert (sync.save(), sync.size) == (False, 1)


class PickyEmbedder(WordEmbedder):
    """Gives NaN for texts that say so."""

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        rows = super().embed(texts)
        rows[["broken" in text for text in texts]] = np.nan
        return rows


def test_one_bad_vector_costs_only_its_own_photo(
    captions: Captions, path: Path
) -> None:
    for text in ("a dog", "broken", "a cat"):
        captions.photo(text)
    sync = Sync(captions.catalogue, PickyEmbedder(), path)
    assert sync.step() == 3
    assert sync.size == 2
    assert (sync.pending(), sync.step()) == (0, 0)  # it is not asked for again


class PackedText:
    """The "parts" of a text: the text itself."""

    def __init__(self, text: str) -> None:
        self.text = text

    def pack(self) -> bytes:
        if "unpackable" in self.text:
            raise ValueError("too many parts")
        return self.text.encode()


class PartsEmbedder(WordEmbedder):
    """Gives parts as well."""

    def embed_with_parts(
        self, texts: Sequence[str]
    ) -> tuple[NDArray[np.float32], list[PackedText]]:
        return self.embed(texts), [PackedText(text) for text in texts]


def parts_in(captions: Captions, photo_ids: Sequence[int]) -> dict[int, str]:
    found = captions.catalogue.vectors.parts_of(photo_ids, "words")
    return {key: packed.decode() for key, (_, packed) in found.items()}


def test_parts_are_kept_with_the_vectors(captions: Captions, path: Path) -> None:
    ids = [captions.photo(text) for text in ("a dog", "a cat", "unpackable")]
    sync = Sync(captions.catalogue, PartsEmbedder(), path)
    assert (sync.step(), sync.pending(), sync.size) == (3, 0, 2)
    assert parts_in(captions, [*ids, 99]) == {ids[0]: "a dog", ids[1]: "a cat"}
    # Until a new text is embedded its photo is found by the old one, parts included.
    shown = captions.catalogue.photos.one(ids[0])
    assert shown is not None
    assert shown.caption is not None
    captions.caption(ids[0], "a horse")
    [(caption_id, packed)] = captions.catalogue.vectors.parts_of(
        [ids[0]], "words"
    ).values()
    assert (caption_id, packed) == (shown.caption.id, b"a dog")
    assert (sync.pending(), sync.step()) == (1, 1)
    assert parts_in(captions, ids) == {ids[0]: "a horse", ids[1]: "a cat"}


def test_parts_of_very_many_photos(captions: Captions, path: Path) -> None:
    ids = [captions.photo(text) for text in ("a dog", "a cat")]
    Sync(captions.catalogue, PartsEmbedder(), path).step()
    asked = [ids[0], *range(1000, 4000), ids[1]]
    assert parts_in(captions, asked) == {ids[0]: "a dog", ids[1]: "a cat"}


def test_an_older_album_gets_its_parts_after_what_is_new(
    captions: Captions, synced: Sync, path: Path
) -> None:
    """`synced` was embedded without parts; no picture and no index is touched."""
    before = everything(synced)
    embedder = PartsEmbedder()
    sync = Sync(captions.catalogue, embedder, path)
    assert sync.pending() == 3
    assert parts_in(captions, [1, 2, 3]) == {}
    seq = captions.catalogue.vectors.last_change()
    assert sync.step(2) == 2
    assert parts_in(captions, [1, 2, 3]) == {
        2: "a cat on a sofa",
        3: "snow on a mountain",
    }
    assert captions.catalogue.vectors.last_change() == seq
    assert everything(sync) == before
    new = captions.photo("a red bus")
    assert (sync.step(1), sync.size) == (1, 4)  # the new one goes first
    assert (sync.step(), sync.pending(), sync.step()) == (1, 0, 0)
    assert parts_in(captions, [1, 2, 3, new])[1] == "a dog on a beach"
    assert synced.pending() == 0  # who gives no parts has nothing to do


def test_the_old_models_index_is_whole_until_the_new_one_is_done(
    captions: Captions, synced: Sync, tmp_path: Path
) -> None:
    newer = Sync(captions.catalogue, WordEmbedder("words 2"), tmp_path / "newer.index")
    before = dict(everything(synced))
    assert newer.step(2) == 2
    captions.caption(1, "a dog in the snow")
    captions.caption(2, "our cat Tom")
    captions.caption(3, "an Alp")
    added = captions.photo("a red bus")
    assert newer.step(2) == 2
    synced.refresh()
    assert dict(everything(synced)) == before  # embedded by the new model alone
    assert newer.step() == 2
    assert (newer.pending(), newer.size, synced.size) == (0, 4, 3)
    # Taken back, the old model's vector of the old text is what both of them use.
    captions.catalogue.captions.withdraw_newest_of_person(1)
    assert synced.step() == 3
    assert {key for key, _ in everything(synced)} == {1, 2, 3, added}
    assert dict(everything(synced))[1] == before[1]


def test_before_opening_the_search_says_so(
    captions: Captions, embedder: WordEmbedder, path: Path
) -> None:
    sync = Sync(captions.catalogue, embedder, path)
    assert sync.size == 0
    with pytest.raises(SearchError):
        _ = sync.index
