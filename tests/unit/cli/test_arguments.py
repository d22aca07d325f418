from __future__ import annotations

import argparse

import pytest

from extremecut.cli.arguments import (
    add_model_options,
    count,
    not_negative,
    port_number,
    tolerance_px,
    void_value,
)


def test_values_are_checked() -> None:
    assert (count("3"), not_negative("0"), not_negative("1.5")) == (3, 0.0, 1.5)
    assert (tolerance_px("0"), tolerance_px("1000")) == (0.0, 1000.0)
    assert (port_number("0"), port_number("65535")) == (0, 65535)
    assert (void_value("255"), void_value("none")) == (255, -1)
    for check, text in [
        (count, "0"), (not_negative, "-1"), (not_negative, "nan"), (not_negative, "inf"),
        (tolerance_px, "-1"), (tolerance_px, "1000.1"), (tolerance_px, "1e30"),
        (void_value, "0"), (port_number, "-1"), (port_number, "65536"),
        (count, "1.5"), (not_negative, "0,5"), (void_value, "x"), (port_number, ""),
    ]:  # fmt: skip
        with pytest.raises(argparse.ArgumentTypeError, match="must be"):
            check(text)


def test_the_model_is_the_embedded_one_unless_said() -> None:
    parser = argparse.ArgumentParser()
    add_model_options(parser)
    arguments = parser.parse_args([])
    assert (arguments.model, arguments.device, arguments.threads) == (None, "cpu", None)
