"""Every exception a caller may want to catch.

::

    ExtremecutError
    ├── InputError            (also a ValueError)
    │   ├── PointsError       the points cannot describe an object
    │   ├── ImageError        the image cannot be read or has an unusable shape or type
    │   └── DataError         a data set, object list, annotation file or change is wrong
    │       ├── NotFoundError a project has no such image, object or class
    │       └── ConflictError someone else changed the image first
    ├── StoreError            a project's database cannot be opened, read or written
    ├── ModelError            a model file is damaged, of another kind, or lacks what is needed
    ├── ConfigError           (also a ValueError) settings that contradict each other
    └── MissingExtraError     (also an ImportError) an optional dependency is not installed

Messages say what was wanted, what came, and what to do.
"""

from __future__ import annotations


class ExtremecutError(Exception):
    """Base of all errors raised on purpose by this package."""


class InputError(ExtremecutError, ValueError):
    """Something the caller handed over cannot be used."""


class PointsError(InputError):
    """The points cannot describe an object."""


class ImageError(InputError):
    """The image cannot be read, or its shape or type is unusable."""


class DataError(InputError):
    """A data set, object list, annotation file or change is wrong."""


class NotFoundError(DataError):
    """A project has no such image, object or class."""


class ConflictError(DataError):
    """Someone else changed the image first; nothing was done.

    Attributes:
        current_version: the image's version now; read the image again and repeat the change.
    """

    def __init__(self, message: str, current_version: int) -> None:
        super().__init__(message)
        self.current_version = current_version

    def __reduce__(self) -> tuple[type[ConflictError], tuple[str, int]]:
        """Between processes, errors are made again from what they were called with."""
        return type(self), (str(self), self.current_version)


class StoreError(ExtremecutError):
    """A project's database cannot be opened, read or written; what was accepted is still there."""


class ModelError(ExtremecutError):
    """A model file is damaged, of another kind, or lacks what is needed."""


class ConfigError(ExtremecutError, ValueError):
    """Settings that contradict each other or lie out of range."""


class MissingExtraError(ExtremecutError, ImportError):
    """An optional dependency is not installed; the message holds the line to type."""

    def __init__(self, feature: str, extra: str) -> None:
        super().__init__(f"{feature} needs more packages. Type: pip install 'extremecut[{extra}]'")
        self.args = (feature, extra)  # what copies are made from; the message is kept apart
