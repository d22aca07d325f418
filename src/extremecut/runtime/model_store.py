"""Models by name: the embedded one, and those that can be downloaded into the cache folder."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from extremecut.errors import ModelError
from extremecut.files import sha256_of, write_text
from extremecut.runtime.download import (
    DownloadError,
    OnProgress,
    fetch,
    part_path,
)
from extremecut.runtime.model_file import EMBEDDED_MODEL, EMBEDDED_NAME, is_embedded

EMBEDDED_LICENCE = EMBEDDED_MODEL.with_name("LICENSE-WEIGHTS.md")

CACHE_VARIABLE = "EXTREMECUT_CACHE"
MIRROR_VARIABLE = "EXTREMECUT_MIRROR"


@dataclass(frozen=True, slots=True)
class Downloadable:
    """A model that others released."""

    name: str
    url: str
    about: str
    licence: str

    @property
    def file_name(self) -> str:
        """What the file is called at its address and in the cache folder."""
        return self.url.rpartition("/")[2]


_RELEASED = "https://data.vision.ee.ethz.ch/kmaninis/share/DEXTR/Downloads/models/"
DOWNLOADABLE = {
    model.name: model
    for model in (
        Downloadable(
            "dextr_pascal-sbd",
            f"{_RELEASED}dextr_pascal-sbd.pth",
            "released with the paper; ResNet-101 and PSP, PASCAL VOC 2012 and SBD",
            "MIT",
        ),
        Downloadable(
            "dextr_pascal",
            f"{_RELEASED}dextr_pascal.pth",
            "released with the paper; ResNet-101 and PSP, PASCAL VOC 2012",
            "MIT",
        ),
        Downloadable(
            "dextr_coco",
            f"{_RELEASED}dextr_coco.pth",
            "released with the paper; ResNet-101 and PSP, COCO 2014",
            "MIT",
        ),
    )
}


def cache_folder() -> Path:
    """Where downloads are kept: `EXTREMECUT_CACHE`, or the system's place for such files.

    Raises:
        ModelError: neither is known, as for a user without a home folder.
    """
    chosen = os.environ.get(CACHE_VARIABLE)
    if chosen:
        return Path(chosen)
    try:
        return _usual_cache_folder()
    except RuntimeError:  # no HOME, and no such user
        raise ModelError(
            f"no folder for downloads is known: set HOME, or {CACHE_VARIABLE} to a folder"
        ) from None


def _usual_cache_folder() -> Path:
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
        return base / "extremecut" / "Cache"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "extremecut"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "extremecut"


def downloadable(name: str) -> Downloadable:
    """The entry of this name.

    Raises:
        ModelError: no model of this name; lists those there are.
    """
    if name not in DOWNLOADABLE:
        raise ModelError(
            f"no model {name!r} to download; there are {', '.join(DOWNLOADABLE)} "
            f"({EMBEDDED_NAME!r} comes with the package)"
        )
    return DOWNLOADABLE[name]


def cached_path(name: str) -> Path:
    """Where the model's file is, or would be."""
    return cache_folder() / downloadable(name).file_name


def locate(name_or_path: str | os.PathLike[str]) -> Path:
    """The file of a model given by name or by path; a file of that name comes first.

    Raises:
        ModelError: a known name whose file is not here yet, or no such file.
    """
    path = Path(name_or_path)
    if path.is_file():
        return path
    if is_embedded(name_or_path):
        return EMBEDDED_MODEL
    name = os.fspath(name_or_path)
    if name in DOWNLOADABLE:
        if cached_path(name).exists():
            return cached_path(name)
        raise ModelError(f"{name} is not here yet; type: extremecut models download {name}")
    if path.exists():  # opening it says what it is
        return path
    raise ModelError(
        f"no such model: {name}. Give a file, or one of {EMBEDDED_NAME}, {', '.join(DOWNLOADABLE)}"
    )


def address(model: Downloadable) -> str:
    """The model's URL, or the same file at `EXTREMECUT_MIRROR` where that is set."""
    mirror = os.environ.get(MIRROR_VARIABLE)
    return f"{mirror.rstrip('/')}/{model.file_name}" if mirror else model.url


def download(name: str, *, on_progress: OnProgress | None = None) -> Path:
    """Bring a released model into the cache folder, or check the one that is there.

    The first time, the file's SHA-256 is written down; from then on the file must have it.

    Returns:
        The file's path.

    Raises:
        ModelError: no such name; no connection (the message says where to put the file by hand);
            not a model; another file than the first time.
    """
    model = downloadable(name)
    target = cached_path(name)
    fresh = not target.exists()
    if fresh:
        url = address(model)
        try:
            fetch(url, target, on_progress=on_progress)
        except DownloadError as error:
            kept = " (what came is kept; the same command resumes)" if _has_part(target) else ""
            raise ModelError(
                f"could not download {name}: {error}{kept}. By hand: fetch {url} and put it at "
                f"{target}"
            ) from None
    _check_kind(target, fresh=fresh)
    _check_hash(model, target)
    return target


def remembered(name: str) -> dict[str, Any] | None:
    """What was written down about a download: "sha256", "size_bytes" and "url"."""
    entry = _records().get(name)
    return entry if isinstance(entry, dict) else None


def _has_part(target: Path) -> bool:
    part = part_path(target)
    return part.exists() and part.stat().st_size > 0


def _check_kind(path: Path, *, fresh: bool) -> None:
    """Refuse what is certainly no model, such as the page of a network's login.

    Raises:
        ModelError: a fresh download is deleted; a file that was put there is left.
    """
    with open(path, "rb") as handle:
        start = handle.read(64)
    if start.startswith(b"PK\x03\x04") or start[:1] == b"\x80":
        return
    if fresh:
        path.unlink()
    raise ModelError(
        f"{path} {'was' if fresh else 'is'} not a PyTorch file: it starts with {start[:16]!r}. "
        + ("It was deleted; a login page in between is the usual reason" if fresh else "Delete it")
    )


def _check_hash(model: Downloadable, path: Path) -> None:
    found = {"sha256": sha256_of(path), "size_bytes": path.stat().st_size, "url": model.url}
    known = remembered(model.name)
    if known is None:
        records = _records() | {model.name: found}
        write_text(_records_path(), json.dumps(records, indent=2, sort_keys=True) + "\n")
    elif known.get("sha256") != found["sha256"]:
        raise ModelError(
            f"{path} is not the file that was downloaded first: its SHA-256 is "
            f"{found['sha256']}, it was {known.get('sha256')}. Delete it to download it again, "
            f"or delete {_records_path()} to trust it"
        )


def _records_path() -> Path:
    return cache_folder() / "downloads.json"


def _records() -> dict[str, Any]:
    try:
        content = json.loads(_records_path().read_text())
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise ModelError(f"{_records_path()} cannot be read ({error}); delete it") from None
    return content if isinstance(content, dict) else {}
