"""What every format's writer is given."""

from __future__ import annotations

from dataclasses import dataclass

from extremecut.interchange.sinks import Sink
from extremecut.interchange.stems import Stems
from extremecut.interchange.tally import Tally


@dataclass(frozen=True, slots=True)
class Writing:
    """One set on its way out."""

    sink: Sink
    classes: tuple[str, ...]
    """Names in order."""
    tally: Tally
    """Is told what is lost."""
    tolerance_px: float
    """How far polygons may lie from the exact outline; 0 for that itself."""
    stems: Stems
    """Photos' names without their ending, as files are called after them."""

    def say_simplified(self) -> None:
        """For formats that keep the pixels of objects with holes."""
        if self.tolerance_px > 0:
            self.tally.say(
                f"Outlines without holes are simplified by up to {self.tolerance_px:g} px; with a "
                "tolerance of 0 every pixel is kept."
            )
