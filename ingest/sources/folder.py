"""Documents in folders of this machine."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from errors import UsageError
from ingest import entry
from ingest.extract import SUFFIXES

KINDS = {
    stat.S_IFIFO: "kø mellom programmer (FIFO)",
    stat.S_IFSOCK: "endepunkt mellom programmer (socket)",
    stat.S_IFCHR: "enhetsfil",
    stat.S_IFBLK: "enhetsfil",
    stat.S_IFDIR: "mappe",
}


def documents(paths: Sequence[Path]) -> list[Path]:
    """The readable documents among files and, in depth, folders: absolute, each once, in a steady order.

    What begins with a dot or a tilde is left out. A file that is named by itself is taken whatever its suffix.
    """
    found: dict[Path, None] = {}
    for path in paths:
        found.update(dict.fromkeys(_inside(path) if path.is_dir() else [path.resolve()]))
    plain = {path for path in found if not path.is_symlink()}
    return [path for path in found if path in plain or _target(path) not in plain]  # what a link leads to is there already


def fault(path: Path, paths: Sequence[Path]) -> str:
    """Why something in the folders `paths`, though called so, is no document that should be opened; "" for one that is.

    A link that leads out of them is none: what lies elsewhere has not been put there to be read.
    """
    try:
        str(path).encode()
    except UnicodeEncodeError:
        return "navnet er ikke i UTF-8, og kan ikke lagres; gi den et annet navn"
    if path.is_symlink():
        target = _target(path)
        if target is None or not target.exists():
            return "lenke som ikke fører til noen fil; ta den bort, eller legg filen der"
        if not any(target.is_relative_to(root.resolve()) for root in paths if root.is_dir()):
            return "lenke til noe utenfor mappa; legg selve filen der"
    try:
        kind = stat.S_IFMT(path.stat().st_mode)
    except OSError:
        return ""  # which opening it tells best
    what = KINDS.get(kind, "noe annet enn en fil")
    return "" if kind == stat.S_IFREG else f"{what}, og ikke et dokument; ta den bort, eller gi den et annet navn"


def closed(paths: Sequence[Path]) -> list[tuple[Path, str]]:
    """The folders in `paths`, in depth, that can't be looked into, and why."""
    found: list[tuple[Path, str]] = []

    def note(error: OSError) -> None:
        found.append((Path(error.filename), f"mappa kan ikke åpnes ({error.strerror}); se til at du har tilgang til den"))

    for path in paths:
        if path.is_dir():
            for _ in os.walk(path.resolve(), onerror=note):
                pass
    return found


def entries(paths: Sequence[Path]) -> list[Path]:
    """The entry.json of every entry of a source in the folders, in a steady order."""
    found = (
        Path(parent) / entry.NAME for path in paths if path.is_dir() for parent, _, files in _walk(path) if entry.NAME in files
    )
    return list(dict.fromkeys(found))


def gone(stored: Iterable[Path], paths: Sequence[Path]) -> list[Path]:
    """Those of the stored documents that lay at or under `paths` and are no longer there."""
    roots = [path.resolve() for path in paths]
    return [p for p in stored if not p.exists() and any(p == root or p.is_relative_to(root) for root in roots)]


def check(paths: Sequence[Path], stored: Iterable[Path]) -> None:
    """Raises UsageError for a path that neither is there nor was."""
    known = set(stored)
    for path in paths:
        if not path.exists() and (path.is_symlink() or path.resolve() not in known):
            raise UsageError(f"«{path}» finnes ikke; oppgi en fil eller en mappe som finnes")


def _target(link: Path) -> Path | None:
    """What a link leads to; None for one that leads round in a ring."""
    try:
        return link.resolve()
    except (OSError, RuntimeError):
        return None


def _walk(folder: Path) -> Iterator[tuple[str, list[str], list[str]]]:
    for parent, folders, files in os.walk(folder.resolve()):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield parent, folders, files


def _inside(folder: Path) -> Iterator[Path]:
    for parent, _, files in _walk(folder):
        for name in sorted(files):
            if Path(name).suffix.lower() in SUFFIXES and not name.startswith((".", "~")):
                yield Path(parent) / name
