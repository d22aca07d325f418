"""`extremecut annotate`: label a folder of photos in the browser."""

from __future__ import annotations

import argparse
import os
import re
import stat
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from extremecut.cli.arguments import add_model_options, author_name, port_number
from extremecut.errors import ConfigError

if TYPE_CHECKING:
    from extremecut.annotator.options import Options
    from extremecut.annotator.serve import Certificate
    from extremecut.annotator.stored_secret import StoredSecret
    from extremecut.projects.project import Project

HELP = "label a folder of photos in the browser"

DEFAULT_PORT = 8765

DESCRIPTION = """\
Open a page on which four clicks make a mask. What is accepted there is saved at once, in
PHOTOS/.extremecut/project.sqlite or where --project says. Photos are never changed.

The page is for this machine alone unless --host says otherwise. Any other address needs a token or
password, and TLS (--tls-cert, --tls-key) or, on a network you trust, --insecure.
"""

EPILOG = """\
examples:
  extremecut annotate photos/
  extremecut annotate photos/ --port 0 --no-browser
  extremecut annotate photos/ --project postgresql://me@db.lab/flowers --host 0.0.0.0 \\
      --token-file token --tls-cert cert.pem --tls-key key.pem
"""


def configure(parser: argparse.ArgumentParser) -> None:
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.description = DESCRIPTION
    parser.epilog = EPILOG
    parser.add_argument("photos", type=Path, metavar="PHOTOS", help="the folder of photos")
    parser.add_argument(
        "--project", metavar="FILE|URL",
        help="where the work is kept (default: PHOTOS/.extremecut/project.sqlite)",
    )  # fmt: skip
    parser.add_argument("--author", metavar="NAME", help="who works here (default: your login)")
    parser.add_argument(
        "--port", type=port_number, default=DEFAULT_PORT, metavar="N",
        help=f"0: any free one (default: {DEFAULT_PORT})",
    )  # fmt: skip
    parser.add_argument(
        "--host", default="127.0.0.1", metavar="ADDR",
        help="address to listen on; 0.0.0.0: all (default: this machine alone)",
    )  # fmt: skip
    parser.add_argument("--no-browser", action="store_true", help="do not open a browser")
    team = parser.add_argument_group("for a team")
    secret = team.add_mutually_exclusive_group()
    secret.add_argument(
        "--token-file", type=Path, metavar="FILE",
        help="holds the token or its hash; made when missing, its token printed once",
    )  # fmt: skip
    secret.add_argument("--password-file", type=Path, metavar="FILE", help="holds a password")
    team.add_argument(
        "--allow-host", type=_host_alone, action="append", default=[], metavar="NAME",
        help="a name by which browsers address this server; repeat for more",
    )  # fmt: skip
    team.add_argument("--tls-cert", type=Path, metavar="FILE", help="certificate chain, PEM")
    team.add_argument("--tls-key", type=Path, metavar="FILE", help="its private key, PEM")
    team.add_argument(
        "--insecure", action="store_true", help="plain HTTP beyond this machine: all can be read"
    )
    add_model_options(parser)


def _host_alone(text: str) -> str:
    """A name or address as browsers name it in what they send, without its port."""
    from extremecut.annotator.origins import address_of

    name = text.lower()
    if address_of(name) is None and not re.fullmatch(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*", name):
        raise argparse.ArgumentTypeError(
            f"must be a name or address alone, such as photos.lab.example, got {text!r}"
        )
    return name


def run(arguments: argparse.Namespace) -> int:
    from extremecut.annotator.app import create_app
    from extremecut.annotator.origins import is_loopback
    from extremecut.annotator.serve import bound_socket, serve, url_of
    from extremecut.predictor import Segmenter
    from extremecut.projects.project import Project

    # Whatever may be wrong is told before thousands of photos are looked through.
    certificate = _certificate(arguments)
    author = author_name(arguments.author)
    secret = _given_secret(arguments)
    beyond = not is_loopback(arguments.host) or bool(arguments.allow_host)
    if not is_loopback(arguments.host) and certificate is None and not arguments.insecure:
        raise ConfigError(
            f"--host {arguments.host} lets other machines in: give --tls-cert and --tls-key, or "
            "--insecure on a network where everybody may read along"
        )
    with bound_socket(arguments.host, arguments.port) as listener:
        url = url_of(listener, host=arguments.host, tls=certificate is not None)
        segmenter = Segmenter(arguments.model, device=arguments.device, threads=arguments.threads)
        with Project.open(arguments.photos, store=arguments.project) as project:
            _look_for_photos(project)
            if secret is None and (beyond or arguments.token_file is not None):
                secret = _new_secret(arguments.token_file)
            options = _options(arguments, author, secret, tls=certificate is not None)
            app = create_app(project, segmenter, options)
            serve(
                app, listener, certificate=certificate,
                on_ready=lambda: _ready(url, browser=not arguments.no_browser),
            )  # fmt: skip
    print("stopped; everything that was accepted is saved")
    return 0


def _certificate(arguments: argparse.Namespace) -> Certificate | None:
    from extremecut.annotator.serve import Certificate

    if (arguments.tls_cert is None) != (arguments.tls_key is None):
        raise ConfigError("--tls-cert and --tls-key belong together")
    if arguments.tls_cert is None:
        return None
    for path in (arguments.tls_cert, arguments.tls_key):
        path.open("rb").close()  # says which of the two is missing
    certificate = Certificate(arguments.tls_cert, arguments.tls_key)
    certificate.check()
    return certificate


def _options(
    arguments: argparse.Namespace, author: str, secret: StoredSecret | None, *, tls: bool
) -> Options:
    import socket

    from extremecut.annotator.options import Options
    from extremecut.annotator.origins import is_loopback

    local = is_loopback(arguments.host)
    names = [] if local else [arguments.host, socket.gethostname()]
    return Options(
        author=author,
        hosts=(*(name.lower() for name in names), *arguments.allow_host),
        any_address=not local,
        secret=secret,
        tls=tls,
    )


def _given_secret(arguments: argparse.Namespace) -> StoredSecret | None:
    """The hash of what people log in with, from a file; None where there is none yet.

    Raises:
        ConfigError: what is in the file cannot be a token or password.
        OSError: it cannot be read, or a new one cannot be written there.
    """
    from extremecut.annotator.stored_secret import StoredSecret
    from extremecut.files import check_place

    path: Path | None = arguments.password_file or arguments.token_file
    if path is None:
        return None
    if not path.exists() and arguments.password_file is None:
        check_place(path)
        return None
    try:
        text = path.read_bytes().decode("utf-8-sig")  # some editors begin a file with a mark
        secret = StoredSecret.read(text)
    except UnicodeDecodeError:
        raise ConfigError(f"{path} is not UTF-8 text: save it as such") from None
    except ConfigError as error:
        raise ConfigError(f"{path}: {error}") from None
    if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o044:
        _note(f"other users of this machine can read {path}: chmod 600 it")
    return secret


def _new_secret(path: Path | None) -> StoredSecret:
    """The hash of a new token, kept in a file if there is to be one; the token is printed, once."""
    from extremecut.annotator.stored_secret import StoredSecret, new_token
    from extremecut.files import write_text

    token = new_token()
    secret = StoredSecret.of(token)
    if path is not None:
        write_text(path, secret.line + "\n")
        path.chmod(0o600)
    print(f"token (shown this once): {token}")
    return secret


def _look_for_photos(project: Project) -> None:
    print(f"looking through {project.photos}", flush=True)  # thousands of photos take a while
    found = project.refresh_photos()
    for note in (*project.notes, *found.notes):
        _note(note)
    counts = project.summary()
    photos, objects = counts.images, counts.objects
    print(
        f"{photos} photo{'s' * (photos != 1)}, {counts.done} done, "
        f"{objects} object{'s' * (objects != 1)}"
    )


def _ready(url: str, *, browser: bool) -> None:
    print(f"annotate at {url} (Ctrl-C stops)", flush=True)
    if browser:
        import threading
        import webbrowser

        # In a thread: some browsers keep the caller waiting until they are closed.
        threading.Thread(target=webbrowser.open, args=(url,), daemon=True).start()


def _note(text: str) -> None:
    print(f"extremecut: note: {text}", file=sys.stderr)
