"""Imports point one way: app, ui -> upkeep, index -> ingest, of which index knows the types and what is pure text."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PURE = {
    "ingest.report",
    "ingest.sentences",
    "ingest.language",
    "ingest.passages",
    "ingest.repair.lexicon",
    "ingest.metadata.bodies",  # a register of names
}


def imported(path: Path) -> Iterator[str]:
    """The modules that a file imports, `from a import b` as both a and a.b."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}


def files(room: str) -> list[Path]:
    return sorted((ROOT / room).rglob("*.py"))


@pytest.mark.parametrize("path", files("ingest"), ids=lambda p: p.relative_to(ROOT).as_posix())
def test_ingest_knows_no_index_but_at_its_command_line(path):
    rooms = {name.split(".")[0] for name in imported(path)}
    assert "ui" not in rooms and "streamlit" not in rooms
    assert "index" not in rooms or path.name == "__main__.py"


@pytest.mark.parametrize("path", files("index"), ids=lambda p: p.relative_to(ROOT).as_posix())
def test_index_knows_of_ingest_only_its_types_and_pure_text(path):
    names = set(imported(path))
    assert not {name for name in names if name.split(".")[0] in ("ui", "streamlit")}
    from_ingest = {name for name in names if name.startswith("ingest.")}
    allowed = PURE | {"ingest.__main__"} if path.name == "__main__.py" else PURE  # eval-pages ingests a folder
    assert all(any(name == pure or name.startswith(f"{pure}.") for pure in allowed) for name in from_ingest)


@pytest.mark.parametrize("path", files("upkeep"), ids=lambda p: p.relative_to(ROOT).as_posix())
def test_upkeep_begins_what_writes_and_writes_nothing_itself(path):
    rooms = {name.split(".")[0] for name in imported(path)}
    assert not rooms & {"ui", "index", "streamlit", "sqlite3"}


@pytest.mark.parametrize("path", files("ui"), ids=lambda p: p.relative_to(ROOT).as_posix())
def test_the_pages_ask_the_index_and_not_the_catalog(path):
    names = set(imported(path))
    assert not {"sqlite3", "index.catalog", "index.store", "index.build"} & names
    assert not {name for name in names if name.startswith("ingest") and not name.startswith("ingest.report")}
