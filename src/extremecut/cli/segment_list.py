"""`extremecut segment --objects` over many images: checked first, resumable, one file an image.

What is finished is recorded in `extremecut-progress.jsonl` in the output folder, one line an
image with a hash of everything its result depends on. Run again, the command skips images whose
line is there, unchanged, with their files in place; changed rows, photos or settings are redone.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

from extremecut import __version__
from extremecut.annotations.object_list import ListedObject
from extremecut.cli.segment_image import SUFFIXES, Output, check_places, check_points, segment_image
from extremecut.errors import DataError, ImageError
from extremecut.files import write_text
from extremecut.images import image_size_hw

if TYPE_CHECKING:
    from extremecut.predictor import Segmenter

PROGRESS_FILE = "extremecut-progress.jsonl"
MERGED_FILE = "annotations.json"
MAX_JPEG_SIDE_PX = 65_500
"""What the usual JPEG library writes; overlays of larger photos are PNG files."""


@dataclass(frozen=True, slots=True)
class PlannedImage:
    """One image with its objects and where they go."""

    image: Path
    rows: tuple[ListedObject, ...]
    output: Output

    def key(self, model_sha256: str | None) -> str:
        """A hash of everything the result depends on.

        Raises:
            ImageError: the photo is no longer there.
        """
        try:
            photo = self.image.stat()
        except OSError as error:
            raise ImageError(f"cannot read {self.image}: {error.strerror or error}") from None
        overlay = self.output.overlay
        parts = [
            __version__,
            model_sha256,
            # Whole paths: the same command may be started from another folder.
            [os.path.realpath(self.image), photo.st_size, photo.st_mtime_ns],
            [[row.points, row.label] for row in self.rows],
            [self.output.form, self.output.tolerance_px, self.output.file_name],
            [os.path.realpath(self.output.path), overlay and os.path.realpath(overlay)],
        ]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def plan(
    rows: Sequence[ListedObject],
    *,
    objects: Path,
    folder: Path,
    overlays: Path | None,
    like: Output,
) -> list[PlannedImage]:
    """Check every row and decide every file's place; nothing is written.

    Args:
        objects: the list itself; relative image paths start in its folder.
        folder: for the outputs; the images' subfolders are kept.
        overlays: for the overlays, another folder than `folder`.
        like: format and tolerance.

    Raises:
        InputError: a row is wrong, its image missing, or an output would replace a photo, the
            list or another output; says which row.
    """
    by_image: dict[str, list[ListedObject]] = {}
    for row in rows:
        if row.image is None:
            raise DataError(f'{row.where}: "image" is missing, and the command names no image')
        by_image.setdefault(row.image, []).append(row)
    base = objects.parent
    places = _Places(objects, [base / name for name in by_image])
    places.take(folder / PROGRESS_FILE, "the record of what is finished")
    if like.form == "coco":
        places.take(folder / MERGED_FILE, "the merged file")
    planned: list[PlannedImage] = []
    for name, listed in by_image.items():
        size_hw = _checked_size_hw(base / name, listed)
        place = _relative(name)
        path = (folder / place).with_suffix(SUFFIXES[like.form])
        overlay = None
        if overlays is not None:
            suffix = ".jpg" if max(size_hw) <= MAX_JPEG_SIDE_PX else ".png"
            overlay = (overlays / place).with_suffix(suffix)
            places.take(overlay, f"the overlay of {name}", where=f"{listed[0].where}: ")
        places.take(path, f"the result of {name}", where=f"{listed[0].where}: ")
        output = replace(like, path=path, overlay=overlay, file_name=PurePath(name).as_posix())
        planned.append(PlannedImage(base / name, tuple(listed), output))
    return planned


class _Places:
    """What lies or will lie where, so that nothing is written over anything else."""

    def __init__(self, objects: Path, images: Sequence[Path]) -> None:
        self._taken = {os.path.realpath(image): f"the photo {image}" for image in images}
        self._taken[os.path.realpath(objects)] = "the list of objects"
        folders = {image.parent for image in images}
        self._photo_folders = {os.path.realpath(folder) for folder in folders}

    def take(self, path: Path, what: str, *, where: str = "") -> None:
        """Raises: DataError: `what` must not be written to `path`; begins with `where`."""
        # A photo that is not in the list would be lost as well as a listed one.
        if path.suffix in (".png", ".jpg") and os.path.realpath(path.parent) in self._photo_folders:
            raise DataError(
                f"{where}{path} would lie among the photos, where it may replace one or be taken "
                "for one: choose another folder"
            )
        place = os.path.realpath(path)
        if place in self._taken:
            raise DataError(
                f"{where}{what} would replace {self._taken[place]} at {path}: choose another "
                "folder, or rename one"
            )
        self._taken[place] = what


def _checked_size_hw(image: Path, rows: Sequence[ListedObject]) -> tuple[int, int]:
    try:
        size_hw = image_size_hw(image)
    except ImageError as error:
        raise ImageError(f"{rows[0].where}: {error}") from None
    check_points(rows, size_hw)
    return size_hw


def _relative(name: str) -> PurePath:
    """An image's place below the output folder: its own relative path, if it has one."""
    path = PurePath(name)
    return PurePath(path.name) if path.is_absolute() or ".." in path.parts else path


def segment_list(
    segmenter: Segmenter, planned: Sequence[PlannedImage], *, folder: Path, quiet: bool = False
) -> dict[str, Any]:
    """Segment what is not done yet, with a progress bar on stderr.

    An image that is gone by now or turns out to be damaged, or whose result no file of the format
    can hold, is reported and left out; the others go on.

    Returns:
        {"images": [what `segment_image` returns], "failed": [{"image", "error"}], "skipped": n}.

    Raises:
        DataError: the result of an earlier run, finished then, is damaged now.
        OSError: an output cannot be written; what was finished before stays and is recorded.
    """
    from tqdm import tqdm

    folder.mkdir(parents=True, exist_ok=True)
    sha256 = segmenter.backend.info.sha256
    finished = _read_progress(folder / PROGRESS_FILE)
    answers: list[dict[str, Any]] = []
    failed: list[dict[str, str]] = []
    skipped = 0
    bar = tqdm(total=sum(len(item.rows) for item in planned), unit="object", disable=quiet)
    with bar, (folder / PROGRESS_FILE).open("a", encoding="utf-8") as progress:
        progress.write("\n")  # after a line that an earlier run could not finish
        for item in planned:
            counted = bar.n
            try:
                key = item.key(sha256)
                file = item.output.path.relative_to(folder).as_posix()
                last_key, last_answer = finished.get(file, ("", {}))
                if key == last_key and _outputs_exist(item.output):
                    answers.append(last_answer | _paths(item))
                    skipped += 1
                    bar.update(len(item.rows))
                    continue
                for path in (item.output.path, item.output.overlay):
                    if path is not None:
                        path.parent.mkdir(parents=True, exist_ok=True)
                check_places(item.image, item.output)
                answer = segment_image(
                    segmenter, item.image, item.rows, item.output, on_object=bar.update
                )
            except (ImageError, DataError) as error:
                message = f"{item.rows[0].where}: {error}"
                failed.append({"image": str(item.image), "error": message})
                bar.update(counted + len(item.rows) - bar.n)
                continue
            answers.append(answer)
            progress.write(json.dumps({"key": key, "file": file, "answer": answer}) + "\n")
            progress.flush()
    if planned[0].output.form == "coco":
        _merge_coco(answers, folder / MERGED_FILE)
    return {"images": answers, "failed": failed, "skipped": skipped}


def _outputs_exist(output: Output) -> bool:
    return output.path.is_file() and (output.overlay is None or output.overlay.is_file())


def _paths(item: PlannedImage) -> dict[str, str]:
    """What an answer says of files, as they are called from here."""
    paths = {"image": item.image, "output": item.output.path, "overlay": item.output.overlay}
    return {name: str(path) for name, path in paths.items() if path is not None}


def _read_progress(path: Path) -> dict[str, tuple[str, dict[str, Any]]]:
    """What earlier runs wrote last to each file of the folder: key and answer.

    Lines that do not read were never finished.
    """
    finished = {}
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (FileNotFoundError, UnicodeDecodeError):
        return {}
    for line in lines:
        try:
            entry = json.loads(line)
            finished[entry["file"]] = (entry["key"], dict(entry["answer"]))
        except (ValueError, TypeError, KeyError, RecursionError):
            continue
    return finished


def _merge_coco(answers: Sequence[dict[str, Any]], path: Path) -> None:
    from extremecut.annotations.coco import merged

    contents = (_read_result(Path(answer["output"])) for answer in answers)
    write_text(path, json.dumps(merged(contents)) + "\n")


def _read_result(path: Path) -> Any:
    from extremecut.annotations.coco import merged

    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        merged([content])  # fails where another kind of file has taken its place
    except (ValueError, TypeError, LookupError, RecursionError) as error:
        raise DataError(
            f"{path}, which an earlier run finished, is damaged or another file now ({error}): "
            "delete it and run again"
        ) from None
    return content
