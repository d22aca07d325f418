from __future__ import annotations

import pytest

from extremecut.interchange.sinks import DiscardSink
from extremecut.interchange.stems import Stems
from extremecut.interchange.tally import Tally
from extremecut.interchange.writing import Writing


@pytest.mark.parametrize(("tolerance_px", "said"), [(0.0, 0), (1.5, 1)])
def test_simplified_outlines_are_said_where_there_are_any(tolerance_px: float, said: int) -> None:
    writing = Writing(DiscardSink(), ("cup",), Tally(), tolerance_px, Stems())
    writing.say_simplified()
    sentences = writing.tally.sentences()
    assert len(sentences) == said
    assert all("by up to 1.5 px" in sentence for sentence in sentences)
