"""A store in one file, and back: taken and put in while the app answers and another process writes.

The file is a ZIP with the catalog, the lists, the generation in use and what else the store keeps of its own, and CONTENTS,
which has the size and the SHA-256 of each. The documents are ordinary files and the model is made again, so neither is in it.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
import sqlite3
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from errors import FouError, StoreError, UsageError
from index import catalog
from index.doctor import salvage
from index.layout import Layout, Manifest
from whole import sha256, to_disk

CONTENTS = "fou-sok.json"
FORMAT = 1
NEVER = re.compile(r"models|generations|lock|current.*|jobs|log|.*\.log|\..*|(?:catalog|lists)\.sqlite.*")
"""What in a store is not taken as it lies: it is made again, copied in a way of its own, or has had its time. Nor is the log:
the trail of changes goes on through a restore, and its key belongs in no copy."""

SAFE = re.compile(r"[^\\:\x00-\x1f/][^\\:\x00-\x1f]*")
"""The names that are unpacked."""

MOST = 10_000_000  # bytes of CONTENTS

TRIES = 5

BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, LookupError, TypeError, ValueError, AttributeError, RuntimeError)
"""What a file that is no backup of ours makes of reading it: RuntimeError is also that of an encrypted or nested one."""


def backup(layout: Layout, to: Path) -> dict[str, Any]:
    """Writes the file, whole or not at all; gives what is in it. FouError where there is nothing to copy."""
    if to.is_dir():
        raise UsageError(f"«{to}» er en mappe; oppgi fila som sikkerhetskopien skal skrives til.")
    if not to.parent.is_dir():
        raise UsageError(f"Mappa {to.parent} finnes ikke; lag den, eller oppgi et annet sted.")
    part = to.with_name(f".{to.name}.{secrets.token_hex(4)}")
    with tempfile.TemporaryDirectory(prefix=".backup-", dir=to.parent) as name:
        work = Path(name)
        manifest = _copied(layout, work)
        files = {path.relative_to(work).as_posix(): path for path in sorted(work.rglob("*")) if path.is_file()}
        sums = {name: (path.stat().st_size, sha256(path)) for name, path in files.items()}
        told = {"format": FORMAT, "made": datetime.now().isoformat(" ", "seconds"), "manifest": asdict(manifest), "files": sums}
        try:
            with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as out:
                out.writestr(CONTENTS, json.dumps(told, ensure_ascii=False))
                for name, path in files.items():
                    out.write(path, name)
            to_disk(part)
            os.replace(part, to)
            to_disk(to.parent)
        finally:
            part.unlink(missing_ok=True)
    return _told(told, manifest) | {"file": str(to), "bytes": to.stat().st_size}


def restore(layout: Layout, file: Path) -> dict[str, Any]:
    """Puts the store of a backup in the place of the one that is there; gives what came back.

    Readers see the old one or the new. The file is unpacked and each sum checked before anything is touched: a FouError
    leaves all as it was. The lists that were there are set aside.
    """
    if not file.is_file():
        raise UsageError(f"Fant ikke {file}; oppgi fila som python -m index backup skrev.")
    with layout.lock(), _unpacked(layout, file) as (work, told):
        manifest = Manifest(**told["manifest"])
        before = layout.current()
        number = max(before, *(int(p.name) for p in layout.generations.glob("*") if p.name.isdigit()), manifest.generation, 0) + 1
        identity = secrets.token_hex(8)
        _make_ready(work / "catalog.sqlite", manifest.generation, number, identity)
        aside = None
        if (work / "lists.sqlite").is_file():
            if layout.lists.is_file():
                aside = layout.lists.with_name(f"lists.sqlite.erstattet-{datetime.now():%Y%m%d-%H%M%S-%f}")
                shutil.copy2(layout.lists, aside)
            _put_database(work / "lists.sqlite", layout.lists)
        _put_database(work / "catalog.sqlite", layout.catalog)
        layout.generations.mkdir(exist_ok=True)
        layout.switch(work / "generation", replace(manifest, generation=number, store=identity))
        _put_rest(work / "rest", layout.root)
        layout.sweep(keep={number, before})
    return _told(told, manifest) | {"lists_set_aside": str(aside) if aside else None}


def _told(told: dict[str, Any], manifest: Manifest) -> dict[str, Any]:
    return {"made": told["made"], "reports": manifest.reports, "passages": manifest.passages}


def _copied(layout: Layout, work: Path) -> Manifest:
    """A copy of the store in a folder, with a catalog that has all that the copied generation shows."""
    manifest = _copied_generation(layout, work)
    if layout.lists.is_file():
        with closing(catalog.read_only(layout.lists)) as db:
            _copy_database(db, work / "lists.sqlite")
    for path in layout.root.rglob("*"):
        name = path.relative_to(layout.root)
        if path.is_file() and not NEVER.fullmatch(name.parts[0]):
            to = work / "rest" / name
            to.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, to)
    return manifest


def _copied_generation(layout: Layout, work: Path) -> Manifest:
    for _ in range(TRIES):  # a writer may switch, and sweep away what is being copied
        manifest = layout.manifest(layout.current())
        if manifest is None:
            raise FouError(f"Det er ingen hel indeks i {layout.root} å ta kopi av; kjør python -m ingest run.")
        shutil.rmtree(work / "generation", ignore_errors=True)
        try:
            shutil.copytree(layout.generation(manifest.generation), work / "generation", copy_function=_link)
            with catalog.reading(layout.catalog, manifest.store) as db:
                _copy_database(db, work / "catalog.sqlite")
        except (FileNotFoundError, shutil.Error, catalog.Replaced):
            continue
        with closing(sqlite3.connect(work / "catalog.sqlite")) as db:
            (made,) = db.execute("SELECT coalesce(max(value), 0) FROM state WHERE key = 'generation'").fetchone()
        if made <= manifest.generation + 1:  # what a generation shows stays for one turn after it
            return manifest
    raise FouError("Basen endres hele tiden; vent til kjøringen som pågår, er ferdig, og prøv igjen.")


def _link(source: str, to: str) -> str:
    """The files of a generation are never changed, so another name for them will do."""
    try:
        os.link(source, to)
    except OSError:  # another disk
        shutil.copy2(source, to)
    return to


def _copy_database(db: sqlite3.Connection, to: Path) -> None:
    """All of a database as it is at one moment; a writer is not held up."""
    to.unlink(missing_ok=True)
    with closing(sqlite3.connect(to)) as copy:
        db.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")


@contextmanager
def _unpacked(layout: Layout, file: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    """The content of a backup in a folder of the store, each file as it was written. FouError where it is not."""
    broken = FouError(f"«{file.name}» er ikke en hel sikkerhetskopi av FoU-søk; oppgi en annen. Ingenting er endret.")
    with tempfile.TemporaryDirectory(prefix=".restoring-", dir=layout.root) as name:
        work = Path(name)
        try:
            with zipfile.ZipFile(file) as packed:
                told = json.loads(_content(packed, CONTENTS, MOST))
                if told["format"] != FORMAT:
                    raise FouError(f"«{file.name}» er skrevet av en nyere utgave av FoU-søk; oppdater programmet.")
                if sum(size for size, _ in told["files"].values()) > shutil.disk_usage(work).free:
                    raise FouError(f"Det er ikke plass på disken til det som er i «{file.name}»; rydd, og prøv igjen.")
                for path, (size, digest) in told["files"].items():
                    if not SAFE.fullmatch(path) or ".." in path.split("/") or packed.getinfo(path).file_size != size:
                        raise broken
                    _unpack(packed, path, size, work / path)
                    if sha256(work / path) != digest:
                        raise broken
            Manifest(**told["manifest"])
            if not (work / "catalog.sqlite").is_file() or not (work / "generation" / "manifest.json").is_file():
                raise broken
        except BROKEN as error:
            raise broken from error
        yield work, told


def _content(packed: zipfile.ZipFile, name: str, most: int) -> bytes:
    with packed.open(name) as file:
        data = file.read(most + 1)
    if len(data) > most:
        raise ValueError(name)
    return data


def _unpack(packed: zipfile.ZipFile, name: str, size: int, to: Path) -> None:
    """Never more than it is said to be, whatever the file unpacks to."""
    to.parent.mkdir(parents=True, exist_ok=True)
    with packed.open(name) as source, to.open("xb") as target:
        while size > 0 and (part := source.read(min(size, 1 << 20))):
            size -= target.write(part)


def _make_ready(path: Path, generation: int, number: int, identity: str) -> None:
    """Makes what the catalog shows as `generation` what it shows as `number`, and what was waiting then wait still."""
    with closing(catalog.open_writer(path)) as db:
        with catalog.transaction(db):
            db.execute("DELETE FROM documents WHERE retired <= ?", (generation,))
            db.execute("UPDATE documents SET retired = ? WHERE retired > ?", (number + 1, generation))
            db.execute("UPDATE documents SET added = ? WHERE added > ?", (number + 1, generation))
            db.execute("INSERT OR REPLACE INTO state VALUES ('generation', ?)", (number,))
            db.execute("INSERT OR REPLACE INTO state VALUES ('store', ?)", (identity,))
        db.execute("PRAGMA journal_mode = DELETE")


def _put_database(new: Path, to: Path) -> None:
    """Brings a database into the place of another in one transaction, so that whoever reads it sees the one or the other."""
    with closing(sqlite3.connect(new)) as source:
        try:
            with closing(sqlite3.connect(to, timeout=30)) as db:
                db.execute("PRAGMA synchronous = FULL")
                source.backup(db)
                return
        except sqlite3.OperationalError as error:
            raise StoreError(f"{to} kan ikke skrives ({error}); se til at disken har plass, og prøv igjen.") from error
        except sqlite3.DatabaseError:  # what lies there is no database any more
            salvage.set_aside(to)
        with closing(sqlite3.connect(to)) as db:
            source.backup(db)


def _put_rest(folder: Path, root: Path) -> None:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            to = root / path.relative_to(folder)
            to.parent.mkdir(parents=True, exist_ok=True)
            os.replace(path, to)
