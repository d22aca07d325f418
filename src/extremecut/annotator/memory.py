"""How much memory this process may use for photos."""

from __future__ import annotations

import os
from pathlib import Path

LEAST_BYTES = 400 << 20
"""Eight photos of 12 megapixels, or one of 100."""
MOST_BYTES = 2 << 30
SHARE = 4
"""One part in so many of the machine's memory, or of what a container is given."""

_LIMITS = (
    Path("/sys/fs/cgroup/memory.max"),
    Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"),
)


def photo_budget_bytes() -> int:
    """A share of the memory there is, within reason."""
    return min(max(available_bytes() // SHARE, LEAST_BYTES), MOST_BYTES)


def available_bytes(limits: tuple[Path, ...] = _LIMITS) -> int:
    """The machine's memory, or less where a container is given less; 0 where nobody says."""
    try:
        found = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        found = 0
    for path in limits:
        try:
            text = path.read_text().strip()
        except OSError:
            continue
        if text.isdigit():  # "max" means no limit
            found = min(found, int(text)) if found else int(text)
    return found
