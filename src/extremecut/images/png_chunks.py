"""What a PNG's chunks say, from their heads alone."""

from __future__ import annotations

import struct
from typing import IO

# Texts in which older programs keep EXIF data and XMP, both of which Pillow asks.
_TELLING_TEXTS = (b"Raw profile type exif\0", b"XML:com.adobe.xmp\0")


def has_late_exif(handle: IO[bytes]) -> bool:
    """Whether something behind a PNG's pixels may tell its orientation; nothing is decoded.

    Args:
        handle: the open file; stands afterwards where it stood before.
    """
    before = handle.tell()
    handle.seek(8)
    behind_pixels = False
    try:
        while len(head := handle.read(8)) == 8:
            length, kind = struct.unpack(">I4s", head)
            if kind == b"IDAT":
                behind_pixels = True
            elif behind_pixels:
                start = handle.read(min(length, 32))
                if kind == b"eXIf" or start.startswith(_TELLING_TEXTS):
                    return True
                handle.seek(-len(start), 1)
            handle.seek(length + 4, 1)  # 4 bytes of checksum
        return False
    finally:
        handle.seek(before)
