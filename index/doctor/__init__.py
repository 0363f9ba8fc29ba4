"""Is the store sound? Every part is checked, each fault told with its remedy; and what can be mended by itself is mended.

    examine(settings)          what is wrong now; writes nothing, and may run beside a writer and the app
    repair(settings, ingest)   mends it as the only writer; what can't be mended is made again from the documents

Nothing that a user made is removed: a damaged file is set aside.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from errors import FouError
from index import build, catalog, encoder
from index.doctor import checks, salvage
from index.doctor.fault import READ_AGAIN, Cure, Fault
from index.layout import Layout
from settings import Settings

Ingest = Callable[[Sequence[Path]], object]
"""Reads files and folders into the store, and builds it."""


@dataclass(frozen=True, slots=True)
class Findings:
    """`checked` counts what was looked at."""

    faults: tuple[Fault, ...]
    checked: dict[str, int]

    @property
    def sound(self) -> bool:
        return not any(fault.serious for fault in self.faults)


def examine(settings: Settings, progress: checks.Progress = build.no_progress) -> Findings:
    """All that is wrong with the store. FouError where there is none."""
    layout = Layout.of(settings)
    if not layout.catalog.is_file() and not layout.generations.is_dir():
        raise FouError(f"Det er ingen base i {layout.root}; {READ_AGAIN}.")
    checked: dict[str, int] = {}
    faults = [*checks.of_model(settings, layout), *checks.of_lists(layout), *checks.of_remains(layout)]
    try:
        with catalog.reading(layout.catalog) as db:
            db.execute("BEGIN")  # one view of it, whatever a writer does meanwhile
            damage = list(checks.of_catalog(db))
            faults += damage
            if not damage:
                faults += checks.of_rows(db, checked)
                faults += checks.of_index(db, settings, layout, checked, progress)
                faults += checks.of_files(db, settings, checked, progress)
    except catalog.Older:
        faults.append(Fault("katalog", "Katalogen er fra en eldre utgave av FoU-søk.", READ_AGAIN, Cure.INDEX))
    except FouError as error:
        lost = isinstance(error, catalog.Damaged) or not layout.catalog.is_file()
        what, _, remedy = str(error).partition("; ")
        faults.append(Fault("katalog", f"{what}.", remedy.rstrip("."), Cure.CATALOG if lost else Cure.NONE))
    return Findings(tuple(faults), checked)


def repair(
    settings: Settings, ingest: Ingest, progress: checks.Progress = build.no_progress
) -> tuple[Findings, Findings]:
    """What was found before, and what is left after. FouError where another process is writing."""
    layout = Layout.of(settings)
    with layout.lock():
        before = examine(settings, progress)
        cures = {fault.cure for fault in before.faults}
        again = _mend(before.faults, cures, settings, layout)
    if cures - {Cure.NONE, Cure.LISTS, Cure.REMAINS}:
        corpus = settings.folders.corpus
        ingest([*([corpus] if corpus.is_dir() else []), *(path for path in again if path.is_file() and corpus not in path.parents)])
    return before, examine(settings, progress)


def _mend(faults: Sequence[Fault], cures: set[Cure], settings: Settings, layout: Layout) -> list[Path]:
    """All but what takes a new reading; gives the documents to be read again."""
    names = [fault.path for fault in faults if fault.path and fault.cure in (Cure.ROWS, Cure.REREAD)]
    if Cure.MODEL in cures:
        salvage.set_aside(encoder.bundled_folder(layout.models, settings.model.adapter))
    if Cure.LISTS in cures:
        salvage.set_aside(layout.lists)
    if Cure.REMAINS in cures:
        for path in checks.remains(layout):
            shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)
    if Cure.CATALOG in cures:
        names += salvage.rescue(layout.catalog)
    elif cures & {Cure.ROWS, Cure.REREAD, Cure.VECTORS, Cure.INDEX}:
        with closing(catalog.open_writer(layout.catalog)) as db, catalog.transaction(db):
            _take_out(db, faults, settings, layout)
            if cures & {Cure.ROWS, Cure.VECTORS, Cure.INDEX}:
                build.ask_for(db)
    return [settings.root / name for name in names]


def _take_out(db: sqlite3.Connection, faults: Sequence[Fault], settings: Settings, layout: Layout) -> None:
    """Takes what is broken out of the catalog, so that the next run reads or computes it."""
    for fault in faults:
        if fault.cure is Cure.ROWS and fault.path:
            db.execute("DELETE FROM documents WHERE path = ?", (fault.path,))
        elif fault.cure is Cure.REREAD:
            db.execute("UPDATE documents SET fingerprint = '' WHERE path = ? AND retired IS NULL", (fault.path,))
    if any(fault.cure is Cure.ROWS for fault in faults):
        salvage.drop_strays(db)
    if any(fault.cure is Cure.VECTORS for fault in faults):
        model = encoder.load(settings, layout.models).fingerprint
        bad = list(checks.bad_vectors(db, model))
        db.executemany("DELETE FROM vectors WHERE model = ? AND hash = ?", ((model, digest) for digest in bad))
