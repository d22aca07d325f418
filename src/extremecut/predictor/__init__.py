"""Four points in, a mask out: the network behind one call, whatever runs it."""

from __future__ import annotations

from extremecut.predictor.segmentation import Segmentation as Segmentation
from extremecut.predictor.segmenter import Segmenter as Segmenter
