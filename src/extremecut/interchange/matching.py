"""Which photo a file means: by relative path, then by the end of the path, then by file name."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable
from pathlib import PurePosixPath

Parts = tuple[str, ...]
Keys = Callable[[Parts], list[Parts]]

_MAX_DEPTH = 32


def match(names: Iterable[str], photos: Iterable[str], *, by_stem: bool = False) -> dict[str, str]:
    """Photos for the names that files use.

    A photo is given to one name only, and only where there is no doubt which.

    Args:
        names: as files have them; either slash, with or without folders above. With `by_stem`
            they lack the photo's ending (`sub/a` for `sub/a.jpg`), but may have it.
        photos: relative paths with forward slashes.

    Returns:
        From name to photo; names without a photo are left out.
    """
    open_names = {name: _parts(name) for name in names}
    open_photos = {photo: PurePosixPath(photo).parts for photo in photos}
    found: dict[str, str] = {}
    for again in (False, True):
        if again:  # macOS takes accents apart, others do not
            open_names = {name: _composed(parts) for name, parts in open_names.items()}
            open_photos = {photo: _composed(parts) for photo, parts in open_photos.items()}
        for of_name, of_photo in _WAYS:
            for form in (_as_it_is, _without_ending) if by_stem else (_as_it_is,):
                _settle(of_name, of_photo, form, open_names, open_photos, found)
    return found


def in_doubt(
    names: Iterable[str], photos: Iterable[str], *, by_stem: bool = False
) -> dict[str, list[str]]:
    """For names that `match` found no photo for: those that they may mean, by file name.

    Args:
        names: as `match` takes them.
        photos: those that `match` gave to no name.

    Returns:
        From name to photos, where there are any.
    """
    photos_of: defaultdict[str, list[str]] = defaultdict(list)
    for photo in photos:
        path = PurePosixPath(photo)
        for key in {path.name, path.stem} if by_stem else {path.name}:
            photos_of[key].append(photo)
    last_parts = {name: _parts(name)[-1:] for name in names}
    return {
        name: sorted(photos_of[parts[0]])
        for name, parts in last_parts.items()
        if parts and parts[0] in photos_of
    }


def _parts(name: str) -> Parts:
    """A path's last parts, without what leads nowhere or out of the folder."""
    kept: list[str] = []
    for part in name.replace("\\", "/").split("/"):
        if part == "..":
            del kept[-1:]
        elif part not in ("", "."):
            kept.append(part)
    return tuple(kept[-_MAX_DEPTH:])


def _composed(parts: Parts) -> Parts:
    return tuple(unicodedata.normalize("NFC", part) for part in parts)


def _as_it_is(parts: Parts) -> Parts:
    return parts


def _without_ending(parts: Parts) -> Parts:
    return (*parts[:-1], PurePosixPath(parts[-1]).stem)


def _whole(parts: Parts) -> list[Parts]:
    return [parts]


def _ends(parts: Parts) -> list[Parts]:
    return [parts[start:] for start in range(len(parts))]


def _last(parts: Parts) -> list[Parts]:
    return [parts[-1:]]


_WAYS = ((_whole, _whole), (_ends, _whole), (_whole, _ends), (_last, _last))


def _settle(
    of_name: Keys,
    of_photo: Keys,
    form: Callable[[Parts], Parts],
    open_names: dict[str, Parts],
    open_photos: dict[str, Parts],
    found: dict[str, str],
) -> None:
    """Move the pairs that share a key, each the only one for both sides, to `found`."""
    photos_of: defaultdict[Parts, list[str]] = defaultdict(list)
    for photo, parts in open_photos.items():
        for key in of_photo(form(parts)):
            photos_of[key].append(photo)
    names_of: defaultdict[str, list[str]] = defaultdict(list)
    for name, parts in open_names.items():
        fitting: set[str] = set()
        for key in of_name(parts) if parts else ():
            fitting.update(photos_of.get(key, ())[:2])  # two are as much in doubt as many
        if len(fitting) == 1:
            names_of[fitting.pop()].append(name)
    for photo, rivals in names_of.items():
        if len(rivals) == 1:
            found[rivals[0]] = photo
            del open_names[rivals[0]], open_photos[photo]
