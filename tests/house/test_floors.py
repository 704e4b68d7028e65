"""The house: which room may import which, drawn from the imports themselves."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import macaronic

ROOT = Path(macaronic.__file__).parent
FLOORS = {
    "core": 0, "bundled": 1, "text": 1, "report": 1, "measure": 2, "subword": 2, "nn": 2, "identify": 3, "mix": 3,
    "synth": 4, "curate": 4, "lm": 4, "train": 5, "extract": 6, "retrieve": 6, "analyse": 6, "speech": 6, "vision": 6,
    "evaluate": 7, "build": 8, "annotate": 8, "cli": 9, "papers": 10,
}  # fmt: skip
HEAVY = {"torch", "transformers", "sklearn", "matplotlib", "pyarrow.dataset"}
HEAVY_ROOMS = {"nn", "lm", "train", "extract", "retrieve", "analyse", "speech", "vision", "evaluate"}
FORBIDDEN = {"utils", "helpers", "common", "manager", "misc", "base", "handler"}
FILES = sorted(ROOT.rglob("*.py"))


def imports(tree: ast.AST) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module, node.lineno
            yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)


def room_of(name: str) -> str | None:
    parts = name.split(".")
    return parts[1] if parts[0] == "macaronic" and len(parts) > 1 and parts[1] in FLOORS else None


def test_every_room_has_a_floor() -> None:
    rooms = {p.name for p in ROOT.iterdir() if p.is_dir() and p.name != "__pycache__"}
    assert rooms <= set(FLOORS)


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_imports_go_down(path: Path) -> None:
    own = path.relative_to(ROOT).parts[0]
    if own not in FLOORS:
        return
    for name, line in imports(ast.parse(path.read_text("utf-8"))):
        other = room_of(name)
        if other is None or other == own or (own == "cli" and other == "papers"):
            continue
        assert FLOORS[other] < FLOORS[own], f"{path.name}:{line}: {own} (floor {FLOORS[own]}) imports {name}"


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_heavy_modules_are_imported_inside_functions(path: Path) -> None:
    if path.relative_to(ROOT).parts[0] in HEAVY_ROOMS:
        return
    tree = ast.parse(path.read_text("utf-8"))
    top = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    for name, line in imports(ast.Module(top, [])):
        assert not any(name == h or name.startswith(h + ".") for h in HEAVY), f"{path.name}:{line}: {name}"


def test_names_say_what_a_module_is() -> None:
    assert not [p for p in FILES if p.stem in FORBIDDEN]


def test_no_keyword_tunnels() -> None:
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and node.args.kwarg:
                pytest.fail(f"{path.relative_to(ROOT)}:{node.lineno}: {node.name}(**{node.args.kwarg.arg})")


def test_nothing_imports_cards() -> None:
    for path in FILES:
        if path.relative_to(ROOT).parts[0] in ("papers", "cli"):
            continue
        assert "macaronic.papers" not in path.read_text("utf-8"), path
