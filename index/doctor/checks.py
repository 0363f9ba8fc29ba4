"""What is looked at, part by part. Nothing here writes."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing
from pathlib import Path
from typing import TYPE_CHECKING

from errors import FouError
from index import build, catalog, encoder
from index.doctor.fault import READ_AGAIN, REPAIR, Cure, Fault
from index.layout import Layout, Manifest
from index.records import unpack_pieces, unpack_words
from index.sentences import FIRST, VECTORS
from settings import Settings
from whole import PART, sha256

if TYPE_CHECKING:
    import numpy as np

Progress = Callable[[int, str], AbstractContextManager[Callable[[int], None]]]
Counts = dict[str, int]

CHUNK = 4096  # vectors compared at a time
AFAR = 5e-3  # how far from 1 the length of a unit vector may be: those of sentences have three digits


def of_model(settings: Settings, layout: Layout) -> Iterator[Fault]:
    """The bundled model as it lies in the store. Another model is its owner's."""
    from safetensors import SafetensorError, safe_open

    folder = encoder.bundled_folder(layout.models, settings.model.adapter)
    if settings.model.name != encoder.BUNDLED or not folder.is_dir():
        return  # it is made when it is wanted
    try:
        with safe_open(next(folder.rglob("*.safetensors"), folder), "np") as weights:
            whole = bool(weights.keys()) and (folder / "modules.json").is_file()
    except (OSError, SafetensorError):
        whole = False
    if not whole:
        yield Fault("modell", f"Språkmodellen i {folder} er ufullstendig.", cure=Cure.MODEL)


def of_lists(layout: Layout) -> Iterator[Fault]:
    if not layout.lists.is_file():
        return
    try:
        with closing(catalog.read_only(layout.lists)) as db:
            (told,) = db.execute("PRAGMA integrity_check(1)").fetchone()
    except sqlite3.DatabaseError as error:
        told = str(error)
    if told != "ok":
        remedy = f"hent den fra en sikkerhetskopi (python -m index restore), eller {REPAIR}, som setter den til side"
        yield Fault("lister", f"Fila med listene er skadet ({_line(told)}).", remedy, Cure.LISTS)


def of_remains(layout: Layout) -> Iterator[Fault]:
    if found := remains(layout):
        files = [file for path in found for file in (path.rglob("*") if path.is_dir() else [path]) if file.is_file()]
        size = sum(file.stat().st_size for file in files) / 1e6
        what = f"Det ligger {len(found)} rester av avbrutte kjøringer ({size:.0f} MB)."
        yield Fault("rester", what, cure=Cure.REMAINS, serious=False)


def remains(layout: Layout) -> list[Path]:
    """What no reader asks for: what is unfinished, and generations but the one in use and the one before it."""
    folders = list(layout.generations.iterdir()) if layout.generations.is_dir() else []
    current = layout.current()
    before = max((int(path.name) for path in folders if path.name.isdigit() and int(path.name) < current), default=0)
    found = [path for path in folders if not (path.name.isdigit() and int(path.name) in (current, before))]
    for parent in (layout.root, layout.models):
        if parent.is_dir():
            found += [path for path in parent.iterdir() if path.name.startswith((".making-", ".restoring-", PART))]
    return found


def of_catalog(db: sqlite3.Connection) -> Iterator[Fault]:
    (told,) = db.execute("PRAGMA integrity_check(1)").fetchone()
    if told != "ok":
        yield Fault("katalog", f"Katalogen er skadet ({_line(told)}).", cure=Cure.CATALOG)


_HOMELESS = """
SELECT d.id FROM documents d JOIN passages p ON p.document = d.id LEFT JOIN reports r ON r.id = p.report
  LEFT JOIN pages first ON first.document = d.id AND first.number = p.first_page
  LEFT JOIN pages last ON last.document = d.id AND last.number = p.last_page
WHERE r.document IS NOT d.id OR (d.fulltext AND (first.number IS NULL OR last.number IS NULL)) GROUP BY d.id
"""
_NO_REPORT = "SELECT d.id FROM documents d WHERE NOT EXISTS (SELECT 1 FROM reports WHERE document = d.id)"
_TWICE = "SELECT max(id) FROM documents WHERE retired IS NULL GROUP BY path HAVING count(*) > 1"


def of_rows(db: sqlite3.Connection, checked: Counts) -> Iterator[Fault]:
    """Documents whose rows don't fit together or can't be unpacked, and rows of no document."""
    paths = dict(tuple(row) for row in db.execute("SELECT id, path FROM documents"))
    broken: dict[int, str] = {}
    for why, sql in (("tekststykker uten side eller rapport", _HOMELESS), ("ingen rapport", _NO_REPORT), ("to plasser", _TWICE)):
        broken |= {row[0]: why for row in db.execute(sql)}
    for table, column, unpack in (("pages", "words", unpack_words), ("passages", "pieces", unpack_pieces)):
        for number, packed in db.execute(f"SELECT document, {column} FROM {table}"):
            try:
                unpack(packed)
            except Exception:  # whatever the bytes have become
                broken[number] = "tekst som ikke kan pakkes ut"
    yield from (Fault("katalog", f"«{paths[n]}» har {why}.", cure=Cure.ROWS, path=paths[n]) for n, why in broken.items() if n in paths)
    strays = {(row[0], row[2]) for row in db.execute("PRAGMA foreign_key_check")}
    for table, parent in sorted(strays):
        yield Fault("katalog", f"Rader i {table} hører til noe i {parent} som ikke finnes.", cure=Cure.ROWS)
    checked["documents"] = len(paths)
    (checked["passages"],) = db.execute("SELECT count(*) FROM passages").fetchone()


def of_index(db: sqlite3.Connection, settings: Settings, layout: Layout, checked: Counts, progress: Progress) -> Iterator[Fault]:
    """Is the generation in use whole, of this catalog, and of the model and the version of today?"""
    number = layout.current()
    manifest = layout.manifest(number)
    if manifest is None:
        if checked["documents"]:
            yield Fault("indeks", "Det er ingen hel indeks å søke i.", cure=Cure.INDEX)
        return
    (late,) = db.execute("SELECT count(*) FROM documents WHERE added > :g OR retired > :g", {"g": number}).fetchone()
    if late:
        yield Fault("indeks", f"{late} dokumenter er lest, men ikke søkbare ennå.", READ_AGAIN, Cure.INDEX, serious=False)
    if manifest.store not in ("", catalog.identity(db)):
        yield Fault("indeks", "Indeksen er laget av en annen katalog.", cure=Cure.INDEX)
    elif damaged := _damaged(layout.generation(number), manifest, progress):
        yield Fault("indeks", f"Filer i indeksen er skadet eller borte: {', '.join(damaged)}.", cure=Cure.INDEX)
    elif manifest.form != build.FORM:
        yield Fault("indeks", "Indeksen er laget av en annen utgave av FoU-søk.", READ_AGAIN, Cure.INDEX)
    elif manifest.model != encoder.load(settings, layout.models).fingerprint:
        yield Fault("indeks", "Indeksen er laget med en annen språkmodell enn den i innstillingene.", READ_AGAIN, Cure.INDEX)
    else:
        yield from _of_generation(db, layout.generation(number), manifest, checked, progress)


def _damaged(folder: Path, manifest: Manifest, progress: Progress) -> list[str]:
    """The files that are not what was written."""
    found = []
    with progress(len(manifest.files), "Sjekker indeksen") as step:
        for name, (size, digest) in manifest.files.items():
            path = folder / name
            if not path.is_file() or path.stat().st_size != size or sha256(path) != digest:
                found.append(name)
            step(1)
    return found


def _of_generation(
    db: sqlite3.Connection, folder: Path, manifest: Manifest, checked: Counts, progress: Progress
) -> Iterator[Fault]:
    """Does each row of vectors and words belong to the passage that the catalog has for it, with the vector of its text?"""
    import numpy as np

    from index.vectors import Vectors
    from index.words import Words

    rows = build.passages_of(db, manifest.generation)
    try:
        table, vectors, words = np.load(folder / build.TABLE), Vectors(folder), Words(folder)
        sentences, first = np.load(folder / VECTORS, mmap_mode="r"), np.load(folder / FIRST)
    except (OSError, ValueError, FouError):
        yield Fault("indeks", "Indeksen kan ikke åpnes.", cure=Cure.INDEX)
        return
    if table[:, :2].tolist() != [[row["id"], row["report"]] for row in rows]:
        yield Fault("indeks", "Indeksen og katalogen har ikke de samme tekststykkene.", cure=Cure.INDEX)
        return
    if not len(vectors) == len(words) == len(first) - 1 == len(rows):
        what = f"Av {len(rows)} tekststykker har {len(vectors)} en vektor, og {len(words)} er i ordindeksen."
        yield Fault("indeks", what, cure=Cure.INDEX)
        return
    every, lost, other = vectors.all(), 0, 0
    with progress(len(rows), "Sjekker vektorer") as step:
        for at in range(0, len(rows), CHUNK):
            texts = [build.embedded_text(r["title"], r["section"], r["text"]) for r in rows[at : at + CHUNK]]
            for vector, kept in zip(every[at : at + CHUNK], build.stored(db, manifest.model, texts), strict=True):
                lost += kept is None
                other += kept is not None and kept != vector.tobytes()
            step(len(texts))
    checked["vectors"] = len(rows)
    if lost:
        yield Fault("vektorer", f"{lost} tekststykker mangler vektoren sin i katalogen.", cure=Cure.VECTORS)
    if other:
        yield Fault("vektorer", f"{other} tekststykker har en annen vektor i indeksen enn i katalogen.", cure=Cure.INDEX)
    if bad := len(list(bad_vectors(db, manifest.model))):
        yield Fault("vektorer", f"{bad} vektorer i katalogen er ødelagt.", cure=Cure.VECTORS)
    used = sentences[: int(first[-1])]
    if any(_wrong(used[at : at + CHUNK]).any() for at in range(0, len(used), CHUNK)):
        yield Fault("vektorer", "Setninger i indeksen har ødelagte vektorer.", cure=Cure.INDEX)


def bad_vectors(db: sqlite3.Connection, model: str) -> Iterator[bytes]:
    """The hashes of those vectors of a model that are no unit vectors of its length."""
    import numpy as np

    sizes = "SELECT length(vector) FROM vectors WHERE model = ? GROUP BY 1 ORDER BY count(*) DESC LIMIT 1"
    size = (db.execute(sizes, (model,)).fetchone() or (0,))[0]
    cursor = db.execute("SELECT hash, vector FROM vectors WHERE model = ?", (model,))
    while rows := cursor.fetchmany(CHUNK):
        yield from (row["hash"] for row in rows if len(row["vector"]) != size)
        rows = [row for row in rows if len(row["vector"]) == size]
        wrong = _wrong(np.frombuffer(b"".join(row["vector"] for row in rows), np.float32).reshape(len(rows), -1))
        yield from (row["hash"] for row, bad in zip(rows, wrong, strict=True) if bad)


def _wrong(vectors: np.ndarray) -> np.ndarray:
    """bool [n]: which of some vectors are not of length 1."""
    import numpy as np

    with np.errstate(over="ignore", invalid="ignore"):
        return ~(np.abs(np.linalg.norm(vectors.astype(np.float32), axis=1) - 1) < AFAR)


def of_files(db: sqlite3.Connection, settings: Settings, checked: Counts, progress: Progress) -> Iterator[Fault]:
    """Are the documents still there, and as they were when they were read?"""
    rows = db.execute("SELECT path, sha256, fulltext FROM documents WHERE retired IS NULL ORDER BY path").fetchall()
    with progress(len(rows), "Sjekker dokumentene") as step:
        for row in rows:
            path, name = settings.root / row["path"], row["path"]
            try:
                changed = sha256(path) != row["sha256"] and row["fulltext"]  # an entry's file tells when it was fetched, too
                if changed:
                    what = f"«{name}» er endret siden det ble lest."
                    yield Fault("dokumenter", what, READ_AGAIN, Cure.REREAD, serious=False, path=name)
            except FileNotFoundError:
                what = f"«{name}» er borte; det som ble lest av det, er fremdeles søkbart."
                yield Fault("dokumenter", what, f"legg fila tilbake, eller {READ_AGAIN}", serious=False, path=name)
            except OSError as error:
                what = f"«{name}» kan ikke leses ({error.strerror})."
                yield Fault("dokumenter", what, "se til at fila kan leses", serious=False, path=name)
            step(1)
    checked["files"] = len(rows)


def _line(text: str) -> str:
    return " ".join(text.split())
