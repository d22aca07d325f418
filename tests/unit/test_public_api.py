"""What `import extremecut` offers, and what it costs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from mypy import api

import extremecut

NAMES = [
    "Box", "ConfigError", "DataError", "ExtremecutError", "ImageError", "InputError", "InputSpec",
    "MissingExtraError", "ModelError", "PointsError", "Segmentation", "Segmenter", "__version__",
    "extreme_points", "load_image",
]  # fmt: skip


def test_the_public_names_are_these() -> None:
    assert sorted(extremecut.__all__) == NAMES
    for name in NAMES:
        assert getattr(extremecut, name) is not None
    assert set(NAMES) <= set(dir(extremecut))
    with pytest.raises(AttributeError, match="no attribute 'Segmentor'"):
        extremecut.Segmentor  # noqa: B018


def test_type_checkers_see_the_public_names_alone(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text("from extremecut import Segmenter\nfrom extremecut import Segmentor\n")

    said, _, code = api.run(["--cache-dir", str(tmp_path), "--follow-imports=silent", str(program)])

    assert code == 1
    [error] = [line for line in said.splitlines() if ": error: " in line]
    assert error.startswith(f'{program}:2: error: Module "extremecut" has no attribute "Segmentor"')


def test_the_import_loads_nothing_but_itself() -> None:
    code = "import extremecut, sys; print({'numpy', 'cv2', 'PIL'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"


def test_segmenting_needs_no_torch() -> None:
    code = (
        "import sys; from extremecut import Segmenter, load_image; "
        "import extremecut.runtime.onnx_backend; print('torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
