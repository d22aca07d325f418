from __future__ import annotations

from extremecut.annotator.options import Limits, Options


def test_the_defaults_are_for_this_machine_alone() -> None:
    options = Options(author="ann")
    assert options.hosts == () and not options.any_address and options.secret is None


def test_larger_things_have_larger_limits() -> None:
    limits = Limits()
    assert limits.json_bytes < limits.action_bytes < limits.image_bytes < limits.import_bytes
