"""The formats by name. Each writes a set, reads one, and says beforehand what it would lose."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from extremecut import __version__
from extremecut.errors import DataError
from extremecut.interchange import coco, cvat, davis, labelme, labels, masks, voc, yolo
from extremecut.interchange.annotated import AnnotatedImage, AnnotatedSet
from extremecut.interchange.checks import name_text
from extremecut.interchange.reading import Photos, Reading, checked_set
from extremecut.interchange.sinks import MARKER, DiscardSink, Sink, open_sink, safe_name
from extremecut.interchange.sources import Source, open_source
from extremecut.interchange.stems import Stems
from extremecut.interchange.tally import Tally, shown
from extremecut.interchange.writing import Writing

DEFAULT_TOLERANCE_PX = 1.0


class Writer(Protocol):
    """Takes images one after the other and adds them to a sink."""

    def add(self, image: AnnotatedImage) -> None: ...

    def finish(self) -> None: ...


MakeWriter = Callable[[Writing], Writer]


@dataclass(frozen=True, slots=True)
class Format:
    """One format."""

    name: str
    about: str
    """What it is and what for, in a few words."""
    main: str | None
    """The one file of formats that have one; those may be written without a folder."""
    make_writer: MakeWriter
    reader: Callable[[Source, Photos], Reading]

    def write(
        self,
        annotated: AnnotatedSet,
        folder: Path,
        *,
        tolerance_px: float = DEFAULT_TOLERANCE_PX,
        overwrite: bool = False,
    ) -> tuple[str, ...]:
        """Write a set; all of it is there at the end, or nothing.

        Args:
            annotated: its images are taken one by one and may be made on the way.
            folder: a new or empty folder; a path that ends in .zip for an archive; or, for
                formats with one file, a path that ends like that file.
            tolerance_px: how far polygons may lie from the exact outline; 0 for that itself.
            overwrite: replace a folder in which is nothing but what an earlier export wrote.

        Returns:
            What was lost, in plain sentences.

        Raises:
            DataError: something the format cannot hold at all, or a folder that is in use.
            OSError: as the file system has it.
        """
        tally = Tally()
        with open_sink(Path(folder), main=self.main, overwrite=overwrite) as sink:
            self._write(annotated, sink, tally, tolerance_px)
            lines = [f"Written by extremecut {__version__} as {self.name}.", *tally.sentences()]
            sink.add(MARKER, lambda: ("\n".join(lines) + "\n").encode())
        return tally.sentences()

    def losses(
        self, annotated: AnnotatedSet, *, tolerance_px: float = DEFAULT_TOLERANCE_PX
    ) -> tuple[str, ...]:
        """What `write` would lose, in the same sentences; nothing is written."""
        tally = Tally()
        self._write(annotated, DiscardSink(), tally, tolerance_px)
        return tally.sentences()

    def read(self, path: Path, *, photos: Photos) -> tuple[AnnotatedSet, tuple[str, ...]]:
        """Read what any program wrote in this format.

        Everything is decoded and checked once before this returns. The set then decodes each
        image again when it is asked for, so that memory stays that of one image; the file must
        stay where it is.

        Args:
            path: a file, a folder, or a ZIP archive.
            photos: relative path -> (height, width) of all photos there are. Files are matched
                to them by relative path, then by file name where only one photo has it.

        Returns:
            The set, and what was left out, in plain sentences.

        Raises:
            DataError: what is wrong, with file and row.
        """
        return checked_set(self.opened(path, photos=photos), photos)

    def opened(self, path: Path, *, photos: Photos) -> Reading:
        """The same before anything is decoded, for those who look at each image once anyway.

        `Reading.annotated` makes and checks each image when it is asked for, and may then fail as
        `read` does; when all were made, `tally` has the sentences of what was left out.
        """
        return self.reader(open_source(Path(path)), photos)

    def _write(
        self, annotated: AnnotatedSet, sink: Sink, tally: Tally, tolerance_px: float
    ) -> None:
        if not 0 <= tolerance_px < 1000:
            raise DataError(f"the tolerance must be from 0 to 1000 pixels, got {tolerance_px}")
        stems = Stems(annotated.other_photos)
        writer = self.make_writer(Writing(sink, annotated.classes, tally, tolerance_px, stems))
        classes = frozenset(annotated.classes)
        for image in annotated.images:
            _check(image, classes)
            writer.add(image)
        writer.finish()
        for photo, number in annotated.left_out:
            tally.count(
                "Objects of photos that are missing or cannot be read are left out", photo, number
            )


def _check(image: AnnotatedImage, classes: frozenset[str]) -> None:
    """That an image is what `AnnotatedSet` promises."""
    safe_name(image.file_name)
    height, width = image.size_hw
    for number, each in enumerate(image.objects):
        where = f"{image.file_name}, object {number}"
        x0, y0, x1, y1 = each.mask.box_xyxy
        if not (0 <= x0 <= x1 <= width and 0 <= y0 <= y1 <= height):
            raise DataError(f"{where}: its mask reaches out of the photo of {width} x {height}")
        name_text(each.label, f"{where}: its class")
        if each.label not in classes:
            raise DataError(f"{where}: its class {shown(each.label)} is not among the classes")


FORMATS: dict[str, Format] = {
    "coco": Format("coco", "COCO instances, one JSON file", coco.MAIN, coco.CocoWriter, coco.read),
    "voc": Format(
        "voc", "PASCAL VOC, palette PNGs of classes and objects", None, voc.VocWriter, voc.read
    ),
    "yolo": Format(
        "yolo", "YOLO-seg, a text file of outlines a photo", None, yolo.YoloWriter, yolo.read
    ),
    "labelme": Format(
        "labelme", "labelme, a JSON file a photo", None, labelme.LabelmeWriter, labelme.read
    ),
    "cvat": Format(
        "cvat", "CVAT for images 1.1, one XML file", cvat.MAIN, cvat.CvatWriter, cvat.read
    ),
    "davis": Format("davis", "DAVIS, a palette PNG a frame", None, davis.DavisWriter, davis.read),
    "labels": Format(
        "labels", "16-bit label PNGs, one a photo", None, labels.LabelsWriter, labels.read
    ),
    "masks": Format("masks", "binary PNGs, one an object", None, masks.MasksWriter, masks.read),
}
