"""Options that several commands share, and checks of their values."""

from __future__ import annotations

import argparse
import math
import os
from collections.abc import Iterable
from pathlib import Path

MAX_TOLERANCE_PX = 1000
"""Nothing of an outline is left long before; OpenCV fails at numbers beyond 32 bits."""


def add_model_options(parser: argparse.ArgumentParser) -> None:
    """Which model, and what runs it."""
    parser.add_argument(
        "--model", metavar="FILE", help="ONNX file or checkpoint (default: small, the embedded one)"
    )
    parser.add_argument("--device", default="cpu", help="what runs the model (default: cpu)")
    parser.add_argument("--threads", type=count, metavar="N", help="CPU threads (default: all)")


def count(text: str) -> int:
    """A whole number from 1."""
    number = _whole(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"must be 1 or more, got {text}")
    return number


def author_name(given: str | None) -> str:
    """Who works here: the name that was given, or the login.

    Raises:
        ConfigError: a name that cannot be shown.
    """
    import getpass

    from extremecut.errors import ConfigError

    if given is None:
        try:
            return getpass.getuser()
        except (OSError, KeyError, ImportError):  # no such user, as in some containers
            return "annotator"
    name = " ".join(given.split())
    if not name or not name.isprintable() or len(name) > 100:
        raise ConfigError("--author needs a name of up to 100 printable characters")
    return name


def port_number(text: str) -> int:
    """A port to listen on; 0 for any free one."""
    number = _whole(text)
    if not 0 <= number <= 65535:
        raise argparse.ArgumentTypeError(f"must be 0 to 65535, got {text}")
    return number


def not_negative(text: str) -> float:
    """A finite number of 0 or more."""
    try:
        number = float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"must be a number, got {text!r}") from None
    if not (math.isfinite(number) and number >= 0):
        raise argparse.ArgumentTypeError(f"must be 0 or more, got {text}")
    return number


def tolerance_px(text: str) -> float:
    """How far a polygon may lie from the exact outline, pixels; 0 to `MAX_TOLERANCE_PX`."""
    number = not_negative(text)
    if number > MAX_TOLERANCE_PX:
        raise argparse.ArgumentTypeError(f"must be at most {MAX_TOLERANCE_PX}, got {text}")
    return number


def void_value(text: str) -> int:
    """A label from 1, or -1 for "none"."""
    if text == "none":
        return -1
    number = _whole(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f'must be a value from 1, or "none"; got {text}')
    return number


def check_output(output: Path, inputs: Iterable[Path]) -> None:
    """Find out before the work that a file would be lost by what is made of it.

    Raises:
        ConfigError: the output is one of the inputs, also by a link.
    """
    from extremecut.errors import ConfigError

    for path in inputs:
        if os.path.realpath(path) == os.path.realpath(output):
            raise ConfigError(
                f"{output} would replace {path}, which it is made of: choose another -o"
            )


def _whole(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"must be a whole number, got {text!r}") from None
