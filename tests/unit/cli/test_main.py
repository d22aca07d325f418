from __future__ import annotations

import errno
import io
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import pytest

from extremecut import __version__
from extremecut.cli import main as module
from extremecut.cli.main import COMMANDS, main
from extremecut.errors import DataError


@pytest.fixture
def command_that(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[Any], int]], None]:
    """Puts a command called `info` in place that runs a function."""

    def install(run: Callable[[Any], int]) -> None:
        command = ModuleType("fake_command")
        command.configure = lambda parser: None  # type: ignore[attr-defined]
        command.run = run  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, "fake_command", command)
        monkeypatch.setitem(module.COMMANDS, "info", "fake_command")

    return install


def raising(error: BaseException) -> Callable[[Any], int]:
    def run(arguments: Any) -> int:
        raise error

    return run


@pytest.mark.parametrize(
    ("error", "code", "message"),
    [
        (DataError("line one\n  and  two"), 1, "line one and two"),
        (OSError(errno.ENOSPC, "No space left on device", "m.png"), 1, "m.png: No space left"),
        (PermissionError(errno.EACCES, "Permission denied", "m.png"), 1, "m.png: Permission"),
        (OSError("something else"), 1, "something else"),
        (MemoryError(), 1, "not enough memory"),
        (KeyboardInterrupt(), 130, "interrupted"),
    ],
)
def test_failures_are_one_line_on_stderr(
    command_that: Any, capsys: pytest.CaptureFixture[str], error: Any, code: int, message: str
) -> None:
    command_that(raising(error))
    assert main(["info"]) == code
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("extremecut: error: ") and captured.err.count("\n") == 1
    assert message in captured.err


HANG_UP = getattr(signal, "SIGHUP", signal.SIGTERM)  # Windows has none


@pytest.fixture
def not_stopped_yet(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """For commands that stop themselves: signals are as they were before and after."""
    before = {
        number: signal.signal(number, default)
        for number, default in (
            (signal.SIGINT, signal.default_int_handler),
            (signal.SIGTERM, signal.SIG_DFL),
            (HANG_UP, signal.SIG_DFL),
        )
    }
    monkeypatch.setattr(module, "_stopped_by", None)
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.usefixtures("not_stopped_yet")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, HANG_UP])
def test_a_second_signal_does_not_break_off_the_cleaning_up(
    command_that: Any, number: signal.Signals, capsys: pytest.CaptureFixture[str]
) -> None:
    cleaned: list[bool] = []

    def stopped_twice(arguments: Any) -> int:
        try:
            signal.raise_signal(number)
        finally:
            signal.raise_signal(number)
            cleaned.append(True)
        return 0

    command_that(stopped_twice)
    if number == signal.SIGINT:
        assert main(["info"]) == 130
        assert "interrupted" in capsys.readouterr().err
    else:
        with pytest.raises(SystemExit) as caught:
            main(["info"])
        assert caught.value.code == 128 + number
    assert cleaned == [True]


@pytest.mark.usefixtures("not_stopped_yet")
def test_a_closed_terminal_that_is_ignored_stays_so(command_that: Any) -> None:
    if HANG_UP == signal.SIGTERM:
        pytest.skip("this system has no such signal")
    signal.signal(HANG_UP, signal.SIG_IGN)  # as nohup does
    command_that(lambda arguments: signal.raise_signal(HANG_UP) or 0)
    assert main(["info"]) == 0


@pytest.mark.parametrize("errors", ["strict", "surrogateescape"])
def test_what_the_terminal_cannot_show_is_printed_as_its_number(
    command_that: Any, monkeypatch: pytest.MonkeyPatch, errors: str
) -> None:
    written = io.BytesIO()
    terminal = io.TextIOWrapper(written, "cp1252", errors=errors)
    monkeypatch.setattr(sys, "stdout", terminal)
    command_that(lambda arguments: print("0.6→0.5 caf\udce9 é") or 0)
    assert main(["info"]) == 0
    assert written.getvalue() == b"0.6\\u21920.5 caf\\udce9 \xe9" + os.linesep.encode()


@pytest.mark.parametrize("name", ["stdout", "stderr"])
def test_a_closed_output_takes_what_is_said_and_drops_it(
    command_that: Any, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(sys, name, None)  # as after `>&-` in the shell
    command_that(lambda arguments: getattr(sys, name).write("told") and 0)
    assert main(["info"]) == 0
    getattr(sys, name).close()


def test_the_command_knows_what_was_typed(command_that: Any) -> None:
    command_that(lambda arguments: 0 if arguments.argv == ["info"] else 1)
    assert main(["info"]) == 0


def test_mistakes_of_the_program_keep_their_trace(command_that: Any) -> None:
    command_that(raising(ZeroDivisionError()))
    with pytest.raises(ZeroDivisionError):
        main(["info"])


def test_the_commands_exit_code_is_passed_on(command_that: Any) -> None:
    command_that(lambda arguments: 7)
    assert main(["info"]) == 7


def test_names_of_files_that_are_no_utf8_are_printed_as_their_bytes(
    command_that: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    printed = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(printed, "utf-8", newline="\n"))
    command_that(lambda arguments: print(os.fsdecode(b"caf\xe9.png"), "é \ud800") or 0)
    assert main(["info"]) == 0
    assert printed.getvalue() == b"caf\xe9.png \xc3\xa9 \\ud800\n"


@pytest.mark.usefixtures("not_stopped_yet")
@pytest.mark.parametrize(
    ("number", "raised", "code", "said"),
    [
        (signal.SIGINT, KeyboardInterrupt, 130, r"(?s).*interrupted.*"),
        (signal.SIGTERM, SystemExit, 143, ""),
        (HANG_UP, SystemExit, 128 + HANG_UP, ""),
    ],
)
def test_a_signal_that_an_import_swallows_is_still_one(
    command_that: Any,
    capsys: pytest.CaptureFixture[str],
    number: signal.Signals,
    raised: type[BaseException],
    code: int,
    said: str,
) -> None:
    def stopped(arguments: Any) -> int:
        try:
            os.kill(os.getpid(), number)
        except raised:
            raise ImportError("initialization failed") from None
        return 0

    command_that(stopped)
    assert main(["info"]) == code
    assert re.fullmatch(said, capsys.readouterr().err)


def test_the_overview_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["--help"])
    assert caught.value.code == 0
    overview = capsys.readouterr().out
    for name in COMMANDS:
        assert f"\n  {name} " in overview
    assert "extremecut segment photo.jpg" in overview
    assert main([]) == 2


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_an_example(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        main([name, "--help"])
    assert caught.value.code == 0
    shown = capsys.readouterr().out
    assert "example" in shown and f"extremecut {name} " in shown


def test_wrong_usage_exits_with_2(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (
        ["nonsense"],
        ["segment"],
        ["segment", "--nonsense"],
        ["--nonsense"],
        ["segment", "--points", "1,2 3,4 5,6 7,8", "-o", "mask.png"],
    ):
        with pytest.raises(SystemExit) as caught:
            main(arguments)
        assert caught.value.code == 2
    assert "invalid choice: 'nonsense'" in capsys.readouterr().err


@pytest.mark.parametrize(
    "argv",
    [["annotate", "photos", "--token", "secret"], ["models", "import", "a", "--outp", "b"]],
)
def test_options_are_not_abbreviated(argv: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(argv)
    assert caught.value.code == 2 and "usage:" in capsys.readouterr().err


def test_the_version_is_the_packages(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--version"])
    assert capsys.readouterr().out == f"extremecut {__version__}\n"


def test_help_and_startup_import_nothing_heavy() -> None:
    code = (
        "import sys\n"
        "from extremecut.cli.main import main\n"
        "try: main(['segment', '--help'])\n"
        "except SystemExit: pass\n"
        "heavy = {'torch', 'onnxruntime', 'pycocotools', 'cv2', 'tqdm', 'safetensors'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr == "[]\n"
