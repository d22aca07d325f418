"""`extremecut models`: list, show and download; what makes model files is in `model_files`."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from extremecut.cli import model_files

HELP = "list, show, import, export, mix, slim and download models"

DESCRIPTION = """\
Models by name and by file.

  list      the embedded model, and those that can be downloaded
  show      a model's card, input spec, terms and hash
  import    one of the models released with the paper (.pth) into a checkpoint
  export    a checkpoint into an ONNX file that runs without PyTorch
  mix       checkpoints of one training into one: the weighted mean of their weights
  slim      a small model with less work to do: a narrower backbone that answers nearly the same
  download  a released model into the cache folder

EXTREMECUT_CACHE chooses the cache folder; EXTREMECUT_MIRROR is another server's address of the
same files.
"""

EPILOG = """\
example:
  extremecut models download dextr_pascal-sbd
  extremecut models import dextr_pascal-sbd -o dextr.safetensors
  extremecut models export dextr.safetensors -o dextr.onnx
"""


def configure(parser: argparse.ArgumentParser) -> None:
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.description = DESCRIPTION
    parser.epilog = EPILOG
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")

    def add(name: str, run: Callable[[argparse.Namespace], int], about: str, example: str) -> Any:
        action = actions.add_parser(
            name,
            allow_abbrev=False,
            help=about,
            description=f"{about[0].upper()}{about[1:]}.",
            epilog=f"example:\n  extremecut models {example}",
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        action.set_defaults(run=run)
        action.add_argument("--json", action="store_true", help="print JSON")
        return action

    add("list", _list, "the models there are", "list --json")
    show = add("show", _show, "what a model is and under which terms", "show small")
    show.add_argument("model", nargs="?", default="small", help="a name or a file")
    imported = add(
        "import",
        model_files.import_released,
        "turn a released .pth file into a checkpoint",
        "import dextr_pascal-sbd.pth -o dextr.safetensors",
    )
    imported.add_argument("file", help="the .pth file, or the name of a downloaded model")
    imported.add_argument("-o", "--output", type=Path, required=True, help="the checkpoint")
    imported.add_argument("--half", action="store_true", help="store the weights as float16")
    imported.add_argument(
        "--ceil-pooling",
        action="store_true",
        help="for files trained with the first pooling rounded up (65 x 65 maps, as DeepLab-v2)",
    )
    export = add(
        "export",
        model_files.export,
        "turn a checkpoint into ONNX and prove that both agree",
        "export mine.safetensors -o mine.onnx",
    )
    export.add_argument("checkpoint", type=Path)
    export.add_argument("-o", "--output", type=Path, required=True, help="the ONNX file")
    export.add_argument(
        "--card", type=Path, metavar="JSON", help="entries to add to the checkpoint's card"
    )
    export.add_argument(
        "--eight-bit", action="store_true", help="store weights in 8 bits: a quarter of the size"
    )
    mixture = add(
        "mix",
        model_files.mix_checkpoints,
        "mix checkpoints of one training: the weighted mean of their weights",
        "mix a/best.safetensors*0.3 b/best.safetensors*0.7 -o mixed.safetensors",
    )
    mixture.add_argument("models", nargs="+", metavar="CHECKPOINT[*WEIGHT]")
    mixture.add_argument("-o", "--output", type=Path, required=True, help="the checkpoint")
    mixture.add_argument("--half", action="store_true", help="store the weights as float16")
    slim = add(
        "slim",
        model_files.slim,
        "narrow a MobileNetV2's blocks, as far as its answers stay nearly the same",
        "slim small --keep 0.85 --data masks:photos,masks -o slim.safetensors",
    )
    slim.add_argument("model", help="a checkpoint, an exported ONNX file, or small")
    slim.add_argument("-o", "--output", type=Path, required=True, help="the checkpoint")
    slim.add_argument(
        "--keep",
        type=float,
        required=True,
        metavar="SHARE",
        help="share of the multiplications in the backbone's blocks to keep, in 0..1",
    )
    slim.add_argument(
        "--data",
        action="append",
        default=[],
        metavar="DESC[*W]",
        help="a training set, to see on what the answers should stay; may be repeated",
    )
    slim.add_argument("--root", metavar="DIR", help="folder of this project's own data sets")
    slim.add_argument("--half", action="store_true", help="store the weights as float16")
    download = add(
        "download", _download, "fetch a released model", "download dextr_pascal-sbd"
    )  # fmt: skip
    download.add_argument("name", help="one of those that `models list` calls downloadable")


def run(arguments: argparse.Namespace) -> int:
    code: int = arguments.run(arguments)
    return code


def _list(arguments: argparse.Namespace) -> int:
    from extremecut.runtime import model_store as store
    from extremecut.runtime.model_file import EMBEDDED_MODEL, EMBEDDED_NAME

    rows: list[dict[str, Any]] = [
        {
            "name": EMBEDDED_NAME,
            "kind": "embedded",
            "file": str(EMBEDDED_MODEL) if EMBEDDED_MODEL.exists() else None,
            "about": "comes with the package; runs on ONNX Runtime",
            "licence": f"its own, see {store.EMBEDDED_LICENCE.name}",
        }
    ]
    for model in store.DOWNLOADABLE.values():
        path = store.cached_path(model.name)
        rows.append(
            {
                "name": model.name,
                "kind": "downloadable",
                "file": str(path) if path.exists() else None,
                "about": model.about,
                "licence": model.licence,
                "url": model.url,
            }
        )
    if arguments.json:
        print(json.dumps({"cache": str(store.cache_folder()), "models": rows}, indent=2))
        return 0
    for row in rows:
        state = "here" if row["file"] else "not here"
        print(f"{row['name']:18} {row['kind']:13} {state:9} {row['about']} ({row['licence']})")
    print(f"downloads are kept in {store.cache_folder()}")
    return 0


def _show(arguments: argparse.Namespace) -> int:
    from extremecut.runtime.model_card import describe

    found = describe(arguments.model)
    if arguments.json:
        print(json.dumps(found, indent=2))
        return 0
    card = found.pop("card")
    licence_text = found.pop("licence_text")
    for key, value in found.items():
        print(f"{key:12} {_plain(value)}")
    for key, value in card.items():
        print(f"{key:12} {_plain(value)}")
    if licence_text:
        print(f"\n{licence_text.rstrip()}")
    return 0


def _download(arguments: argparse.Namespace) -> int:
    from tqdm import tqdm

    from extremecut.runtime import model_store as store

    with tqdm(unit="B", unit_scale=True, disable=not sys.stderr.isatty()) as bar:

        def show(there: int, total: int | None) -> None:
            bar.total = total
            bar.update(there - bar.n)

        path = store.download(arguments.name, on_progress=show)
    entry = store.remembered(arguments.name) or {}
    if arguments.json:
        print(json.dumps({"name": arguments.name, "file": str(path), **entry}, indent=2))
    else:
        print(f"{path}: {entry['size_bytes']:,} bytes, SHA-256 {entry['sha256']}")
        print(f"next: extremecut models import {arguments.name} -o {arguments.name}.safetensors")
    return 0


def _plain(value: Any) -> str:
    if isinstance(value, str):
        return value
    short = json.dumps(value, ensure_ascii=False)
    return short if len(short) <= 80 else "\n" + json.dumps(value, ensure_ascii=False, indent=2)
