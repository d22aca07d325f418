"""The rules of docs/architecture.md, checked on the source."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "src" / "extremecut"
SOURCES = sorted(PACKAGE.rglob("*.py"))

# From the ground up: a module imports only from its own floor or from those before it.
FLOORS = (
    "errors",
    "files",
    "file_lock",
    "end_signals",
    "geometry",
    "images",
    "inputs",
    "confidence",
    "annotations",
    "interchange",
    "datasets",
    "networks",
    "runtime",
    "predictor",
    "projects",
    "annotator",
    "evaluation",
    "training",
    "cli",
)
WITHOUT_TORCH = (
    "errors",
    "files",
    "file_lock",
    "end_signals",
    "geometry",
    "images",
    "inputs",
    "confidence",
    "annotations",
    "interchange",
    "datasets",
    "projects",
    "annotator",
    "runtime.backend",
    "runtime.onnx_backend",
    "runtime.model_file",
    "runtime.model_store",
    "runtime.model_card",
    "runtime.download",
    "runtime.eight_bit",
    "predictor",
    "evaluation",
    "training.augment",
    "training.stream",
)
MAX_LINES = 260
REFUSED_NAMES = {"utils", "helpers", "common", "misc"}


def module_name(path: Path) -> str:
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


def imports(path: Path, *, top_level_only: bool = False) -> set[str]:
    """Dotted names of what a file imports; with `top_level_only`, not those inside functions."""
    tree = ast.parse(path.read_text())
    nodes = list(ast.walk(tree))
    if top_level_only:
        inner = {
            id(node)
            for function in nodes
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
            for node in ast.walk(function)
        }
        guarded = {
            id(node)
            for block in nodes
            if isinstance(block, ast.If) and "TYPE_CHECKING" in ast.unparse(block.test)
            for node in ast.walk(block)
        }
        nodes = [node for node in nodes if id(node) not in inner | guarded]
    found = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            found.add(node.module or "")
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def internal(path: Path) -> set[str]:
    prefix = "extremecut."
    return {name.removeprefix(prefix) for name in imports(path) if name.startswith(prefix)}


@pytest.mark.parametrize("path", SOURCES, ids=module_name)
def test_imports_run_downward(path: Path) -> None:
    floor = module_name(path).split(".")[0]
    if floor in ("", "__main__"):
        return
    assert floor in FLOORS, f"{floor} has no floor: add it to FLOORS and docs/architecture.md"
    allowed = FLOORS[: FLOORS.index(floor) + 1]
    for name in internal(path):
        imported = name.split(".")[0]
        assert imported in allowed or imported.startswith("_"), f"{path.name} imports {name}"


def test_modules_form_no_circle() -> None:
    names = {module_name(path): path for path in SOURCES}
    graph = {
        name: {
            other.removeprefix("extremecut.")
            for other in imports(path, top_level_only=True)
            if other.startswith("extremecut.") and other.removeprefix("extremecut.") in names
        }
        for name, path in names.items()
    }
    done: set[str] = set()

    def visit(name: str, trail: tuple[str, ...]) -> None:
        assert name not in trail, " -> ".join((*trail, name))
        if name not in done:
            for other in graph[name]:
                visit(other, (*trail, name))
            done.add(name)

    for name in graph:
        visit(name, ())


def test_the_ground_and_the_onnx_road_import_no_torch() -> None:
    for path in SOURCES:
        name = module_name(path)
        if name.startswith(WITHOUT_TORCH):
            heavy = {item.split(".")[0] for item in imports(path)} & {
                "torch",
                "safetensors",
                "lightning_fabric",
            }
            assert not heavy, f"{name} imports {heavy}"


@pytest.mark.parametrize("path", SOURCES, ids=module_name)
def test_files_hold_one_idea(path: Path) -> None:
    assert path.stem not in REFUSED_NAMES
    assert len(path.read_text().splitlines()) <= MAX_LINES


def test_the_library_neither_prints_nor_exits() -> None:
    for path in SOURCES:
        if module_name(path).split(".")[0] in ("cli", "__main__"):
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call):
                called = ast.unparse(node.func)
                assert called not in ("print", "sys.exit", "exit"), f"{path.name}: {called}"


def test_every_module_is_tested() -> None:
    tests = {path.stem for path in (ROOT / "tests").rglob("test_*.py")}
    missing = [
        module_name(path)
        for path in SOURCES
        if path.stem not in ("__init__", "__main__")
        and f"test_{path.stem}" not in tests
        and not any(re.fullmatch(rf"test_{path.stem.rstrip('_')}_command", name) for name in tests)
    ]
    assert not missing, f"no test file for {missing}"


def test_nothing_is_pickled() -> None:
    for path in SOURCES:
        names = imports(path)
        assert not names & {"pickle", "joblib", "dill", "cloudpickle"}, path.name
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "torch.load":
                keywords = {keyword.arg: ast.unparse(keyword.value) for keyword in node.keywords}
                assert keywords.get("weights_only") == "True", path.name
