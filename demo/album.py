"""Writes the demo album: a family's three years, drawn, as JPEG files."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from random import Random

from PIL import Image
from PIL.ExifTags import GPS, IFD, Base
from PIL.TiffImagePlugin import IFDRational

from demo.scenes import THINGS, Scene, all_scenes, draw

Position = tuple[float, float]
Camera = tuple[str, str]

PHONE: Camera = ("Google", "Pixel 8")
CANON: Camera = ("Canon", "EOS R50")
OLD: Camera = ("NIKON", "COOLPIX S2600")

# One scene that the demo asks for by name; no other dog is at a beach at sunset.
WANTED = Scene("dog", "brown", "beach", "sunset")
WANTED_COUNT = 3
# The family's own brown dog and the two children turn up more often than a kite.
WEIGHTS = {"dog": 3.0, "child": 3.0, "cat": 1.6, "tent": 0.6, "train": 0.6}
SIZES = ((960, 720), (960, 720), (960, 720), (720, 960), (960, 640), (960, 540))


@dataclass(frozen=True)
class Trip:
    """One folder. Hours are local, decimal; positions are degrees north, east."""

    folder: str
    first_day: datetime
    days: int
    utc_hours: int | None
    sunrise: float
    sunset: float
    places: dict[str, Position | None]
    camera: Camera


TRIPS: tuple[Trip, ...] = (
    Trip("2023 Summer in Lisbon", datetime(2023, 7, 8), 12, 1, 6.3, 21.0,
         {"beach": (38.6969, -9.4215), "city": (38.7139, -9.1394),
          "park": (38.7289, -9.1527)}, CANON),
    Trip("2023 Autumn at home", datetime(2023, 10, 3), 20, 2, 7.3, 18.4,
         {"park": (52.5145, 13.3501), "city": (52.5208, 13.4095),
          "forest": (52.4750, 13.2410)}, PHONE),
    Trip("2023 Christmas in Oslo", datetime(2023, 12, 20), 9, 1, 9.3, 15.3,
         {"snow": (59.9640, 10.6670), "forest": (59.9800, 10.6800),
          "city": (59.9127, 10.7461)}, CANON),
    Trip("2024 Easter in Bled", datetime(2024, 4, 1), 7, 2, 6.7, 19.5,
         {"lake": (46.3625, 14.0938), "forest": (46.3800, 14.0700),
          "mountains": (46.3783, 13.8367)}, PHONE),
    Trip("2024 Summer in Lisbon", datetime(2024, 8, 2), 14, 1, 6.7, 20.6,
         {"beach": (38.6441, -9.2385), "city": (38.7110, -9.1360),
          "park": (38.7289, -9.1527)}, PHONE),
    Trip("2024 Hiking in Zermatt", datetime(2024, 9, 14), 8, 2, 7.1, 19.6,
         {"mountains": (46.0207, 7.7491), "snow": (45.9380, 7.7300),
          "lake": (46.0000, 7.7790)}, CANON),
    Trip("From grandma/Garden and pond", datetime(2024, 5, 11), 30, None, 5.4, 20.9,
         {"park": None, "lake": None}, OLD),
    Trip("2025 Morocco", datetime(2025, 2, 7), 9, 1, 8.2, 19.2,
         {"desert": (31.0802, -4.0133), "city": (31.6258, -7.9891)}, PHONE),
    Trip("2025 Skiing in Oslo", datetime(2025, 3, 1), 7, 1, 7.2, 17.8,
         {"snow": (59.9640, 10.6670), "mountains": (60.2190, 10.4170)}, CANON),
    Trip("2025 Summer by the Baltic", datetime(2025, 7, 19), 14, 2, 5.2, 21.4,
         {"beach": (54.1806, 12.0830), "forest": (54.1870, 12.1830),
          "lake": (53.4300, 12.6900)}, PHONE),
)  # fmt: skip


@dataclass(frozen=True)
class AlbumPhoto:
    """One photo to be: its file below the album's folder and what it shows."""

    file: str
    scene: Scene
    seed: int
    size: tuple[int, int]
    taken: datetime
    camera: Camera
    position: Position | None


def plan_album(count: int = 120, seed: int = 7) -> list[AlbumPhoto]:
    """What the album will hold, in the order of the folders and of time.

    The same count and seed give the same plan. `taken` is aware of its zone
    except for the old camera, which does not know it.
    """
    random = Random(f"album {seed}")
    beaches = [trip for trip in TRIPS if "beach" in trip.places][:WANTED_COUNT]
    photos: list[AlbumPhoto] = []
    for number, trip in enumerate(TRIPS):
        share = count // len(TRIPS) + (number < count % len(TRIPS))
        scenes = [WANTED] if trip in beaches and share else []
        while len(scenes) < share:
            scenes.append(_choose(trip, random))
        dated = [(_taken(trip, scene.time, random), scene) for scene in scenes]
        for taken, scene in sorted(dated):
            photos.append(_photo(trip, taken, scene, len(photos) + 1, random))
    return photos


def write_album(folder: Path, count: int = 120, seed: int = 7) -> list[Path]:
    """Draw the demo album into `folder`; the paths of all its photos.

    Photos that are there already are left alone, so a second call writes nothing,
    and a call that was cut short is completed by the next one.
    """
    paths = []
    for photo in plan_album(count, seed):
        path = folder / photo.file
        paths.append(path)
        if not path.exists():
            _write(photo, path)
    return paths


def _choose(trip: Trip, random: Random) -> Scene:
    """A scene that fits the trip, and is no second WANTED one."""
    thing = random.choices(THINGS, [WEIGHTS.get(thing, 1.0) for thing in THINGS])[0]
    fitting = [
        scene
        for scene in all_scenes()
        if scene.thing == thing
        and scene.place in trip.places
        and not _like_wanted(scene)
    ]
    return random.choice(fitting)


def _like_wanted(scene: Scene) -> bool:
    same = (scene.thing, scene.place, scene.time)
    return same == (WANTED.thing, WANTED.place, WANTED.time)


def _taken(trip: Trip, time: str, random: Random) -> datetime:
    """A local moment of the trip at that time of day, to the second."""
    spans = {
        "morning": (trip.sunrise + 0.3, trip.sunrise + 1.8),
        "noon": (11.7, 13.3),
        "sunset": (trip.sunset - 0.5, trip.sunset + 0.1),
        "night": (trip.sunset + 1.4, 23.7),
    }
    hour = random.uniform(*spans[time])
    day = trip.first_day + timedelta(days=random.randrange(trip.days))
    moment = day + timedelta(seconds=round(hour * 3600))
    if trip.utc_hours is None:
        return moment
    return moment.replace(tzinfo=timezone(timedelta(hours=trip.utc_hours)))


def _photo(
    trip: Trip, taken: datetime, scene: Scene, number: int, random: Random
) -> AlbumPhoto:
    centre = trip.places[scene.place]
    position = None
    if centre is not None:
        # About 300 m around the spot.
        position = (
            centre[0] + random.uniform(-0.003, 0.003),
            centre[1] + random.uniform(-0.003, 0.003),
        )
    return AlbumPhoto(
        file=f"{trip.folder}/IMG_{number:04d}.jpg",
        scene=scene,
        seed=random.randrange(2**31),
        size=random.choice(SIZES),
        taken=taken,
        camera=trip.camera,
        position=position,
    )


def _write(photo: AlbumPhoto, path: Path) -> None:
    """Draw and save under another name first, so that no half file is ever seen."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    image = draw(photo.scene, photo.size, photo.seed)
    image.save(part, "JPEG", quality=88, exif=_exif(photo))
    zone = photo.taken.tzinfo or UTC
    moment = photo.taken.replace(tzinfo=zone).timestamp()
    os.utime(part, (moment, moment))
    part.replace(path)


def _exif(photo: AlbumPhoto) -> Image.Exif:
    exif = Image.Exif()
    exif[Base.Make], exif[Base.Model] = photo.camera
    exif[Base.Orientation] = 1
    when = photo.taken.strftime("%Y:%m:%d %H:%M:%S")
    exif[Base.DateTime] = when
    details = exif.get_ifd(IFD.Exif)
    details[Base.DateTimeOriginal] = when
    if photo.taken.tzinfo is not None:
        zone = photo.taken.strftime("%z")
        details[Base.OffsetTimeOriginal] = f"{zone[:3]}:{zone[3:]}"
    if photo.position is not None:
        north, east = photo.position
        place = exif.get_ifd(IFD.GPSInfo)
        place[GPS.GPSLatitudeRef] = "N" if north >= 0 else "S"
        place[GPS.GPSLatitude] = _degrees(abs(north))
        place[GPS.GPSLongitudeRef] = "E" if east >= 0 else "W"
        place[GPS.GPSLongitude] = _degrees(abs(east))
    return exif


def _degrees(value: float) -> tuple[IFDRational, IFDRational, IFDRational]:
    """Degrees, minutes and hundredths of seconds, as EXIF wants them."""
    hundredths = round(value * 360_000)
    minutes, rest = divmod(hundredths, 6000)
    degrees, minutes = divmod(minutes, 60)
    return IFDRational(degrees, 1), IFDRational(minutes, 1), IFDRational(rest, 100)
