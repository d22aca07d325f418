"""Objects already decoded, so that an image of a thousand costs a look at what changed."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence

from extremecut.projects.records import ObjectRecord

MOST_RUNS = 500_000
"""Run lengths kept, of all images together; about 4 to 18 MB."""


class ObjectCache:
    """The objects of the images last used; may be used from several threads.

    An object and its version say all about its content, so what is here is never wrong, only
    outdated: the reader compares versions.
    """

    def __init__(self, most_runs: int = MOST_RUNS) -> None:
        self._most_runs = most_runs
        self._images: OrderedDict[int, Mapping[int, ObjectRecord]] = OrderedDict()
        self._runs: dict[int, int] = {}
        self._lock = threading.Lock()

    def of_image(self, image_id: int) -> Mapping[int, ObjectRecord]:
        """By object id; empty when nothing is kept."""
        with self._lock:
            if image_id not in self._images:
                return {}
            self._images.move_to_end(image_id)
            return self._images[image_id]

    def keep(self, image_id: int, objects: Sequence[ObjectRecord]) -> None:
        """Objects of a committed state; those of other images make room.

        The image last used stays even if it alone is over the limit, up to four times of it.
        """
        with self._lock:
            before = self._images.get(image_id, {})
            runs = self._runs.get(image_id, 0)
            kept = {record.object_id: record for record in objects}
            # Mostly one object of a thousand is another one.
            runs += sum(_weight(each) for each in objects if before.get(each.object_id) is not each)
            runs -= sum(_weight(old) for key, old in before.items() if kept.get(key) is not old)
            self._images.pop(image_id, None)
            self._runs.pop(image_id, None)
            if runs > 4 * self._most_runs:
                return
            self._images[image_id] = kept
            self._runs[image_id] = runs
            while len(self._images) > 1 and sum(self._runs.values()) > self._most_runs:
                oldest, _ = self._images.popitem(last=False)
                del self._runs[oldest]


def _weight(record: ObjectRecord) -> int:
    return len(record.mask.runs)
