"""The writer's door to the store: documents in and out of the catalog, then one build that puts them in use.

    with Store.open_for_writing(settings) as store:
        known = store.state()                       # {stored path: fingerprint}
        store.put(report, path, fingerprint)        # a new document, or a changed one
        store.retire(path)                          # a document that is gone
        summary = store.build(progress)             # readers see all of it now, or none of it

Each `put` and `retire` is kept at once; a run that is stopped loses none of them, and the next `build` takes them up.
"""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path

import moments
from errors import StoreError
from index import bridge, build, catalog, encoder
from index.layout import Layout
from index.rows import add_report, key_of
from ingest.report import MAIN, Report
from settings import Settings


@dataclass(frozen=True, slots=True)
class Summary:
    """What is in use after a build. `built` is false where the last generation already held all."""

    generation: int
    reports: int
    passages: int
    built: bool


def stored_name(path: Path | str, root: Path) -> str:
    """A document's path as the catalog keeps it: relative to the folder of the settings where it lies in it."""
    path = Path(path) if Path(path).is_absolute() else root / path
    path = path.resolve()
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else path.as_posix()


def refused(error: Exception) -> str:
    """What the disk refused, in words that follow its name, with the remedy; "" where the error is another."""
    text, number = str(error).casefold(), getattr(error, "errno", None)
    if number in (errno.ENOSPC, errno.EDQUOT) or "disk is full" in text or "no space left" in text:
        return "får ikke plass på disken; rydd, og kjør på nytt"
    if number in (errno.EROFS, errno.EACCES, errno.EPERM) or "readonly" in text or "read-only" in text:
        return "kan ikke skrives til; gi skrivetilgang, eller oppgi en annen mappe med --store"
    if number == errno.EIO or "disk i/o error" in text:
        return "svarer ikke som den skal (feil på disken); sjekk disken, og kjør på nytt"
    return ""


@dataclass(slots=True)
class Store:
    """An open store with one writer. Paths may be given as they are or as `state` names them."""

    settings: Settings
    layout: Layout
    db: sqlite3.Connection
    _encoder: encoder.Encoder | None = field(default=None)
    _last: str | None = field(default=None)  # the last moment at which a report was first seen, before the next build

    @classmethod
    @contextmanager
    def open_for_writing(
        cls, settings: Settings, layout: Layout | None = None, model: encoder.Encoder | None = None
    ) -> Iterator[Store]:
        """FouError where another process is writing, or the catalog can't be used."""
        layout = layout or Layout.of(settings)
        with layout.lock():
            db = catalog.open_writer(layout.catalog)
            try:
                yield cls(settings, layout, db, model)
            finally:
                db.close()

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """What the disk refuses becomes one StoreError, whichever library met it."""
        try:
            yield
        except (OSError, sqlite3.OperationalError, RuntimeError, ValueError) as error:  # of numpy, SQLite, FAISS, tantivy
            if why := refused(error):
                raise StoreError(f"{self.layout.root} {why}; det som var der, er som før.") from error
            raise

    def state(self) -> dict[str, str]:
        """The documents that are there, built or not: stored path -> fingerprint."""
        return dict(tuple(row) for row in self.db.execute("SELECT path, fingerprint FROM documents WHERE retired IS NULL"))

    def name(self, path: Path | str) -> str:
        """How `state` names a path."""
        return stored_name(path, self.settings.root)

    def put(self, report: Report, path: Path | str, fingerprint: str, key: str = "") -> None:
        """Adds a document, in the place of the one that had its path. `key` overrides the key made from the path."""
        name = self.name(path)
        document = {
            "path": name,
            "fingerprint": fingerprint,
            "source": self._source(Path(path)),
            "added": self._next(),
            "retired": None,
            "entry": self.name(report.entry) if report.entry else "",
        }
        # A report keeps its key when its text is found: by that of its entry
        own = document["entry"] if report.entry and report.role == MAIN else name
        with self._writing(), self._change():
            seen = self._seen(report.sha256)
            self._retire(name)
            add_report(self.db, report, document, key or key_of(own), seen)

    def retire(self, path: Path | str) -> None:
        """Takes a document out; nothing happens where it isn't there."""
        with self._writing(), self._change():
            self._retire(self.name(path))

    @contextmanager
    def together(self) -> Iterator[None]:
        """All that is put and retired within the block is kept with one write, or none of it: for many small documents."""
        with self._writing(), catalog.transaction(self.db):
            yield

    def prepare(self, progress: build.Progress = build.no_progress) -> None:
        """Makes what the first question would otherwise wait for: the vectors of the vocabulary. Nothing where they are there."""
        if self.settings.search.vocabulary and self.settings.search.weight > 0:
            bridge.vectors(self.layout.models, self._model(), progress)

    def build(self, progress: build.Progress = build.no_progress) -> Summary:
        """Puts all that was put and retired in use, with one switch. Quick where there is nothing to do."""
        with self._writing():
            return self._build(progress)

    def _build(self, progress: build.Progress) -> Summary:
        model = self._model()
        current = self.layout.current()
        manifest = self.layout.manifest(current)
        pending = self.db.execute("SELECT 1 FROM documents WHERE added > :g OR retired > :g LIMIT 1", {"g": current}).fetchone()
        as_now = manifest and (manifest.model, manifest.form) == (model.fingerprint, build.FORM) and self.layout.whole(manifest)
        asked = pending or build.asked_for(self.db)
        if not asked and as_now and manifest.store in ("", catalog.identity(self.db)):
            return Summary(current, manifest.reports, manifest.passages, built=False)
        number = self._next()
        manifest = build.make_generation(self.db, self.layout, model, number, progress)
        with catalog.transaction(self.db):
            self.db.execute("INSERT OR REPLACE INTO state VALUES ('generation', ?)", (number,))
            self.db.execute("DELETE FROM state WHERE key = 'rebuild'")
            self._forget_unseen()
            # Readers of the generation before may still be at work, so what they see stays for one turn
            self.db.execute("DELETE FROM documents WHERE retired <= ?", (number - 1,))
        self.layout.sweep(keep={number, current})
        self._last = None
        return Summary(number, manifest.reports, manifest.passages, built=True)

    def _model(self) -> encoder.Encoder:
        return self._encoder or encoder.load(self.settings, self.layout.models)

    def _change(self) -> AbstractContextManager:
        return nullcontext() if self.db.in_transaction else catalog.transaction(self.db)

    def _next(self) -> int:
        """The generation that is being written: after the one in use, and after every one that ever was."""
        row = self.db.execute("SELECT value FROM state WHERE key = 'generation'").fetchone()
        return max(self.layout.current(), row["value"] if row else 0) + 1

    def _seen(self, sha256: str) -> str:
        """When the reports of a file were first seen: what was there under another name is not new, nor is what is read of it
        today under another title. Else now.

        What one generation adds is later than all that the one before it had, whatever the clock does: who has looked through
        all up to some moment has missed nothing.
        """
        sql = (
            "SELECT min(f.at) FROM documents d JOIN reports r ON r.document = d.id JOIN first_seen f ON f.key = r.key "
            "WHERE d.sha256 = ? AND r.kind = 'document'"
        )
        (known,) = self.db.execute(sql, (sha256,)).fetchone()
        if known is not None:
            return known
        if self._last is None:
            (self._last,) = self.db.execute("SELECT coalesce(max(at), '') FROM first_seen").fetchone()
        return max(moments.now(), moments.after(self._last)) if self._last else moments.now()

    def _forget_unseen(self) -> None:
        """What was put since the last build and taken out again before this one was never there: it is new if it comes back."""
        self.db.execute(
            "DELETE FROM first_seen WHERE at > coalesce((SELECT value FROM state WHERE key = 'seen'), '') "
            "AND key NOT IN (SELECT key FROM reports)"
        )
        self.db.execute("INSERT OR REPLACE INTO state SELECT 'seen', coalesce(max(at), '') FROM first_seen")

    def _retire(self, name: str) -> None:
        number = self._next()
        self.db.execute("DELETE FROM documents WHERE path = ? AND added = ?", (name, number))  # no reader ever saw it
        self.db.execute("UPDATE documents SET retired = ? WHERE path = ? AND retired IS NULL", (number, name))

    def _source(self, path: Path) -> str:
        """Where a document comes from: the folder right under the corpus, or else the folder that it lies in."""
        path = (path if path.is_absolute() else self.settings.root / path).resolve()
        corpus = self.settings.folders.corpus
        inside = path.relative_to(corpus).parts if path.is_relative_to(corpus) else ()
        return inside[0] if len(inside) > 1 else path.parent.name
