"""Documents in folders of this machine."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from errors import UsageError
from ingest import entry
from ingest.extract import SUFFIXES


def documents(paths: Sequence[Path]) -> list[Path]:
    """The readable documents among files and, in depth, folders: absolute, each once, in a steady order.

    What begins with a dot or a tilde is left out. A file that is named by itself is taken whatever its suffix.
    """
    found: dict[Path, None] = {}
    for path in paths:
        found.update(dict.fromkeys(_inside(path) if path.is_dir() else [path.resolve()]))
    return list(found)


def entries(paths: Sequence[Path]) -> list[Path]:
    """The entry.json of every entry of a source in the folders, in a steady order."""
    found = (Path(parent) / entry.NAME for path in paths if path.is_dir() for parent, _, files in _walk(path) if entry.NAME in files)
    return list(dict.fromkeys(found))


def gone(stored: Iterable[Path], paths: Sequence[Path]) -> list[Path]:
    """Those of the stored documents that lay at or under `paths` and are no longer there."""
    roots = [path.resolve() for path in paths]
    return [p for p in stored if not p.exists() and any(p == root or p.is_relative_to(root) for root in roots)]


def check(paths: Sequence[Path], stored: Iterable[Path]) -> None:
    """Raises UsageError for a path that neither is there nor was."""
    known = set(stored)
    for path in paths:
        if not path.exists() and path.resolve() not in known:
            raise UsageError(f"«{path}» finnes ikke; oppgi en fil eller en mappe som finnes")


def _walk(folder: Path) -> Iterator[tuple[str, list[str], list[str]]]:
    for parent, folders, files in os.walk(folder.resolve()):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield parent, folders, files


def _inside(folder: Path) -> Iterator[Path]:
    for parent, _, files in _walk(folder):
        for name in sorted(files):
            if Path(name).suffix.lower() in SUFFIXES and not name.startswith((".", "~")):
                yield Path(parent) / name
