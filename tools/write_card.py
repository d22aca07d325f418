"""Write the embedded model's card: what stands in weights/small.json plus measured metrics.

    python tools/write_card.py --test runs/test/report.json --validation runs/validation/report.json

The reports are `extremecut evaluate --suite ... -o DIR` of the very file the card describes; a
report of another file, or of a part of a set, is refused.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
MODEL = ROOT / "src" / "extremecut" / "models" / "small.onnx"
DESCRIPTION = ROOT / "weights" / "small.json"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--test", type=Path, required=True)
    parser.add_argument("--validation", type=Path, required=True)
    arguments = parser.parse_args()
    sha256 = hashlib.sha256(MODEL.read_bytes()).hexdigest()
    card = json.loads(DESCRIPTION.read_text())
    card["sha256"] = sha256
    card["metrics"] = {
        "test": _exact(arguments.test, sha256),
        "validation": _exact(arguments.validation, sha256),
        "about": "mean IoU over objects, exact simulated points, void left out",
    }
    MODEL.with_suffix(".card.json").write_text(json.dumps(card, indent=2) + "\n")


def _exact(path: Path, sha256: str) -> dict[str, float]:
    """Data set -> mean IoU of the model with exact points on the whole set."""
    report: dict[str, Any] = json.loads(path.read_text())
    measured = report["provenance"]["sha256"]
    if measured != sha256:
        raise SystemExit(f"{path} measured another file ({measured}) than {MODEL} ({sha256})")
    whole = {item["name"]: item["objects"] for item in report["data"]}
    for line in report["summaries"]:
        if line["count_in_set"] != whole[line["data"]]:
            raise SystemExit(
                f"{path} measured {line['count_in_set']} of the {whole[line['data']]} objects of "
                f"{line['data']}: evaluate again without --limit"
            )
    return {
        line["data"]: round(line["mean_iou"], 4)
        for line in report["summaries"]
        if line["noise_px"] == 0
        and line["method"] == report["provenance"]["model"]
        and line["count"] == line["count_in_set"]
    }


if __name__ == "__main__":
    main()
