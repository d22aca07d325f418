"""The `extremecut` command: finds the sub-command, runs it, and turns failures into one line."""

from __future__ import annotations

import codecs
import io
import sys
from collections.abc import Sequence
from types import ModuleType

from extremecut.end_signals import REPEAT_S

# Each command is a module with HELP, configure(parser) and run(arguments); only the one asked
# for is imported.
COMMANDS = {
    "segment": "extremecut.cli.segment",
    "annotate": "extremecut.cli.annotate",
    "import": "extremecut.cli.import_",
    "export": "extremecut.cli.export",
    "points": "extremecut.cli.points",
    "train": "extremecut.cli.train",
    "evaluate": "extremecut.cli.evaluate",
    "calibrate": "extremecut.cli.calibrate",
    "models": "extremecut.cli.models",
    "info": "extremecut.cli.info",
}

INTERRUPTED = 130
_INTERRUPTED_MESSAGE = "interrupted, nothing half-written was left"
_stopped_by: int | None = None
"""The signal that told this process to end, if one came."""
_stopped_at = 0.0
_BYTES_OR_NUMBERS = "extremecut.bytes_or_numbers"


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command.

    Args:
        argv: what follows the program's name; the process's own arguments when None.

    Returns:
        0 when it worked, 1 when it failed, 130 after Ctrl-C. Wrong usage ends the process with 2,
        SIGTERM with 143, a closed terminal (SIGHUP) with 129.
    """
    try:
        return _run(list(sys.argv[1:] if argv is None else argv))
    except KeyboardInterrupt:
        return _failed(_INTERRUPTED_MESSAGE, INTERRUPTED)
    except BrokenPipeError:
        # The reader of our output went away; Python would complain once more while closing it.
        import os

        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except MemoryError:
        return _failed("not enough memory")
    except OSError as error:
        return _failed(": ".join(str(part) for part in (error.filename, error.strerror or error)
                                 if part is not None))  # fmt: skip
    except Exception as error:
        from extremecut.errors import ExtremecutError

        if isinstance(error, ExtremecutError):
            return _failed(str(error))
        # A signal that comes while a compiled module loads arrives as an ImportError.
        if _stopped_by is not None:
            code = 128 + _stopped_by
            return _failed(_INTERRUPTED_MESSAGE, code) if code == INTERRUPTED else code
        raise  # a mistake in this program: its trace helps to mend it


def _run(argv: list[str]) -> int:
    import argparse
    import signal
    import warnings
    from importlib import import_module

    _replace_closed_streams()
    chosen_by_python = ("strict", "surrogateescape")  # the second in the locale C
    if isinstance(sys.stdout, io.TextIOWrapper) and sys.stdout.errors in chosen_by_python:
        # A terminal that lacks a character, or a file name that is no text, must not end a run.
        unicode = codecs.lookup(sys.stdout.encoding).name == "utf-8"
        codecs.register_error(_BYTES_OR_NUMBERS, _bytes_or_numbers)
        sys.stdout.reconfigure(errors=_BYTES_OR_NUMBERS if unicode else "backslashreplace")
    if not sys.warnoptions:
        warnings.simplefilter("ignore")  # of libraries; what people should know is said plainly
    signal.signal(signal.SIGTERM, _stop)
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _stop)
    # Ignored, as under nohup, a closed terminal goes on being so; Windows has no such signal.
    hang_up = getattr(signal, "SIGHUP", None)
    if hang_up is not None and signal.getsignal(hang_up) == signal.SIG_DFL:
        signal.signal(hang_up, _stop)
    if not argv or argv[0] not in COMMANDS:
        return _overview(argv)
    command: ModuleType = import_module(COMMANDS[argv[0]])
    # No abbreviations: `--token SECRET` must not mean `--token-file` and name a file so.
    parser = argparse.ArgumentParser(prog=f"extremecut {argv[0]}", allow_abbrev=False)
    command.configure(parser)
    # What was typed is known to the command as well, for reports.
    code: int = command.run(parser.parse_args(argv[1:], argparse.Namespace(argv=argv)))
    sys.stdout.flush()  # a full disk or closed pipe shows now rather than after the end
    return code


def _bytes_or_numbers(error: UnicodeError) -> tuple[str | bytes, int]:
    """The bytes of a file's name; of any other character that UTF-8 has not, its number."""
    try:
        return codecs.lookup_error("surrogateescape")(error)
    except UnicodeError:
        return codecs.backslashreplace_errors(error)


def _replace_closed_streams() -> None:
    """Where the shell closed stdout or stderr (`>&-`), Python has None: what is said is dropped."""
    import os

    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115


def _overview(argv: list[str]) -> int:
    """`extremecut`, `extremecut --help`, `--version`, and unknown commands."""
    import argparse
    from importlib import import_module

    from extremecut import __version__

    helps = {name: import_module(module).HELP for name, module in COMMANDS.items()}
    parser = argparse.ArgumentParser(
        prog="extremecut",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        description="Four clicks on an object's extreme points in, an accurate mask out.",
        epilog="commands:\n"
        + "\n".join(f"  {name:10} {text}" for name, text in helps.items())
        + "\n\nexample:\n"
        '  extremecut segment photo.jpg --points "79,237 297,17 480,232 279,384" -o mask.png\n'
        "  extremecut segment --help",
    )
    parser.add_argument("--version", action="version", version=f"extremecut {__version__}")
    parser.add_argument("command", choices=COMMANDS, metavar="COMMAND", help="one of those below")
    parser.add_argument("arguments", nargs=argparse.REMAINDER, help=argparse.SUPPRESS)
    if not argv:
        parser.print_help()
        return 2
    parser.parse_args(argv)
    return 2


def _failed(message: str, code: int = 1) -> int:
    print("extremecut: error:", " ".join(message.split()), file=sys.stderr)
    return code


def _stop(number: int, frame: object) -> None:
    """SIGINT as usual; SIGTERM and SIGHUP end the process the way an error does: temporary files
    are removed. All are remembered in case the exception is lost on its way.

    Two in quick succession, as a shell and its terminal or `timeout` send them, are one:
    the second would break off the cleaning up after the first, while other threads still compute.
    """
    import signal
    import time

    global _stopped_by, _stopped_at
    now = time.monotonic()
    if _stopped_by is not None and now - _stopped_at < REPEAT_S:
        return
    _stopped_by, _stopped_at = number, now
    if number == signal.SIGINT:
        raise KeyboardInterrupt
    sys.exit(128 + number)
