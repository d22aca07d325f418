"""Objects already read, so that an image of a thousand costs a look at what changed."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence

from extremecut.projects.records import ObjectRecord

MOST_BYTES = 8 << 20
"""Of all images together."""
OBJECT_BYTES = 512
"""What an object takes beside its points and its mask's run lengths."""
POINT_BYTES = 112


class ObjectCache:
    """The objects of the images last used; may be used from several threads.

    An object and its version say all about its content, so what is here is never wrong, only
    outdated: the reader compares versions.
    """

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._images: OrderedDict[int, Mapping[int, ObjectRecord]] = OrderedDict()
        self._bytes: dict[int, int] = {}
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
            size = self._bytes.get(image_id, 0)
            kept = {record.object_id: record for record in objects}
            # Mostly one object of a thousand is another one.
            size += sum(_bytes(each) for each in objects if before.get(each.object_id) is not each)
            size -= sum(_bytes(old) for key, old in before.items() if kept.get(key) is not old)
            self._images.pop(image_id, None)
            self._bytes.pop(image_id, None)
            if size > 4 * self._most_bytes:
                return
            self._images[image_id] = kept
            self._bytes[image_id] = size
            while len(self._images) > 1 and sum(self._bytes.values()) > self._most_bytes:
                oldest, _ = self._images.popitem(last=False)
                del self._bytes[oldest]


def _bytes(record: ObjectRecord) -> int:
    return OBJECT_BYTES + POINT_BYTES * len(record.points_xy) + len(record.packed.runs)
