"""What `search --like` and `--picture` mean: a photo of the album, or any picture."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from album.captioners.basic import BasicCaptioner
from album.catalogue import Catalogue
from album.describing import Described, Describer
from album.errors import AlbumError
from album.photo import Photo
from album.pictures import hash_file
from cli.building import decoder_of
from settings import Settings


def photo_named(catalogue: Catalogue, name: str) -> Photo:
    """The photo with this id, or that this file is of. Raises AlbumError."""
    if name.isascii() and name.isdigit():
        photo = catalogue.photos.one(int(name)) if len(name) < 19 else None
        if photo is None or photo.removed_at:
            raise AlbumError(f"There is no photo {name} in this album.")
        return photo
    if not Path(name).is_file():
        raise AlbumError(f"{name} is neither the id of a photo nor a file.")
    photo_id = catalogue.photos.id_of(hash_file(Path(name)))
    photo = None if photo_id is None else catalogue.photos.one(photo_id)
    if photo is None or photo.removed_at:
        raise AlbumError(
            f"{name} is not in this album; search by it with --picture instead."
        )
    return photo


def picture_described(
    settings: Settings, catalogue: Catalogue, file: Path
) -> Described:
    """What a picture shows; the caption it has if the album knows it, or what the basic
    captioner says. It is not added. Raises AlbumError."""
    with decoder_of(replace(settings, workers=1)) as decoder:
        describer = Describer(catalogue, decoder, BasicCaptioner())
        return describer.describe(file.absolute())
