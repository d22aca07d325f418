"""Four clicks on an object's extreme points in, an accurate mask out.

::

    from extremecut import Segmenter

    segmenter = Segmenter()                        # the embedded model
    result = segmenter.predict(image, points_xy)   # left-most, top, right-most, bottom
    result.mask                                    # (H, W) bool

The pixel convention everywhere: (0, 0) is the centre of the top-left pixel, x right, y down.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from extremecut.errors import ConfigError as ConfigError
    from extremecut.errors import DataError as DataError
    from extremecut.errors import ExtremecutError as ExtremecutError
    from extremecut.errors import ImageError as ImageError
    from extremecut.errors import InputError as InputError
    from extremecut.errors import MissingExtraError as MissingExtraError
    from extremecut.errors import ModelError as ModelError
    from extremecut.errors import PointsError as PointsError
    from extremecut.geometry.boxes import Box as Box
    from extremecut.geometry.extreme_points import extreme_points as extreme_points
    from extremecut.images import load_image as load_image
    from extremecut.inputs import InputSpec as InputSpec
    from extremecut.predictor import Segmentation as Segmentation
    from extremecut.predictor import Segmenter as Segmenter

# Where each name lives; imported when first used, so that `extremecut --help` costs nothing.
_HOME = {
    "Box": "extremecut.geometry.boxes",
    "ConfigError": "extremecut.errors",
    "DataError": "extremecut.errors",
    "ExtremecutError": "extremecut.errors",
    "ImageError": "extremecut.errors",
    "InputError": "extremecut.errors",
    "InputSpec": "extremecut.inputs",
    "MissingExtraError": "extremecut.errors",
    "ModelError": "extremecut.errors",
    "PointsError": "extremecut.errors",
    "Segmentation": "extremecut.predictor",
    "Segmenter": "extremecut.predictor",
    "extreme_points": "extremecut.geometry.extreme_points",
    "load_image": "extremecut.images",
}

__all__ = [*sorted(_HOME), "__version__"]


if not TYPE_CHECKING:  # to a type checker every misspelt name would be one that is there

    def __getattr__(name: str) -> Any:
        if name not in _HOME:
            raise AttributeError(f"module 'extremecut' has no attribute {name!r}")
        from importlib import import_module

        value = getattr(import_module(_HOME[name]), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return list(__all__)
