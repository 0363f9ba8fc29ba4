"""Catalog to index: embeds what is new, makes the next generation of vectors and words, and switches to it."""

from __future__ import annotations

import hashlib
import re
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from index import abstracts, catalog, doubtful, families, mentions, outcomes, sentences, vectors, words
from index.encoder import Encoder
from index.layout import Layout, Manifest
from ingest.report import DOUBTFUL

if TYPE_CHECKING:
    import numpy as np

FORM = (
    f"title, section, text; table 3; words {words.VERSION}; sentences {sentences.VERSION}; "
    f"abstracts {abstracts.VERSION}; mentions {mentions.VERSION}; families {families.VERSION}; outcomes {outcomes.VERSION}; "
    f"doubtful {doubtful.VERSION} below {DOUBTFUL}"
)
"""What is embedded and indexed of a passage. Another form means another generation."""

TABLE = "passages.npy"
"""int64 [n, 3]: for each row of the vectors and words, the ids of its passage and report in the catalog, and 1 where the
passage is of the apparatus (reference lists, notes), else 0."""

APPARATUS = re.compile(
    r"(?:\d+(?:\.\d+)*\.?\s+)?(?:fotnoter|litteratur(?:liste|referanser)?|referanse[rn]?e?|referansar|kilder|kjelder|"
    r"references|bibliogra\w+|sluttnoter)",
    re.IGNORECASE,
)
"""Headings of what tells of other texts and not of the matter itself."""

BATCH = 256  # passages embedded between two commits: what a stopped run loses at most

Progress = Callable[[int, str], AbstractContextManager[Callable[[int], None]]]
"""progress(total, label) gives a context whose value is called with the number of passages just done."""

_PASSAGES = f"""
SELECT p.id, p.report, r.title, r.themes, p.section, p.text
FROM passages p JOIN reports r ON r.id = p.report JOIN documents d ON d.id = p.document
WHERE {catalog.VISIBLE} ORDER BY p.id
"""

_REPORTS = f"""
SELECT r.id, r.title, r.year, r.document, r.kind,
  (SELECT count(*) FROM pages WHERE document = d.id) AS pages,
  (SELECT avg(quality) FROM pages WHERE document = d.id) AS quality
FROM reports r JOIN documents d ON d.id = r.document WHERE {catalog.VISIBLE} ORDER BY r.id
"""


def no_progress(total: int, label: str) -> AbstractContextManager[Callable[[int], None]]:
    return nullcontext(lambda n: None)


def embedded_text(title: str, section: str, text: str) -> str:
    """What the encoder sees of a passage; white space says nothing to it."""
    return " ".join(f"{title} {section} {text}".split())


def _apparatus(section: str, text: str) -> bool:
    """Is it a reference list, a note, or the facts on a cover?"""
    facts = len(text.split()) < 60 and re.search(r"\b(?:Oppdragsgiv[ea]r|Utført av|ISBN)\b", text)
    return bool(APPARATUS.fullmatch(section.split(" › ")[-1]) or facts)


def make_generation(db: sqlite3.Connection, layout: Layout, encoder: Encoder, number: int, progress: Progress) -> Manifest:
    """Makes generation `number` of what the catalog then shows, and puts it in use. Gives its manifest."""
    import numpy as np

    rows = passages_of(db, number)
    texts = [embedded_text(r["title"], r["section"], r["text"]) for r in rows]
    spans = [sentences.spans_of(r["text"]) for r in rows]
    parts = [embedded_text("", "", r["text"][a:b]) for r, found in zip(rows, spans, strict=True) for a, b in found]
    wholes = abstracts.texts(db, number)
    embed(db, encoder, [*texts, *parts, *wholes.values()], progress)
    matrix = read(db, encoder, texts)
    layout.generations.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=".making-", dir=layout.generations))
    try:
        np.save(
            work / TABLE,
            np.array([(r["id"], r["report"], _apparatus(r["section"], r["text"])) for r in rows], np.int64).reshape(-1, 3),
        )
        vectors.build(matrix, work)
        chunks = (read(db, encoder, parts[i : i + sentences.CHUNK]) for i in range(0, len(parts), sentences.CHUNK))
        sentences.build(spans, chunks, matrix.shape[1], work)
        whole = read(db, encoder, list(wholes.values()))
        abstracts.build(list(wholes), whole, work)
        _find_kin(db.execute(_REPORTS, {"g": number}).fetchall(), rows, whole, work)
        forms = doubtful.of_passages(db, (r["id"] for r in rows))
        words.build((_words_of(r, forms.get(r["id"], ())) for r in rows), work)
        manifest = Manifest(number, encoder.fingerprint, FORM, len(wholes), len(rows), catalog.identity(db))
        layout.switch(work, manifest)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return manifest


def passages_of(db: sqlite3.Connection, generation: int) -> list[sqlite3.Row]:
    """What the rows of a generation are made of, in their order."""
    return db.execute(_PASSAGES, {"g": generation}).fetchall()


def ask_for(db: sqlite3.Connection) -> None:
    """Sees to it that the next build makes a generation, whatever it finds."""
    db.execute("INSERT OR REPLACE INTO state VALUES ('rebuild', 1)")


def asked_for(db: sqlite3.Connection) -> bool:
    return bool(db.execute("SELECT 1 FROM state WHERE key = 'rebuild'").fetchone())


def _find_kin(reports: Sequence[sqlite3.Row], passages: Sequence[sqlite3.Row], wholes: np.ndarray, folder: Path) -> None:
    """Which reports name each other, came of each other, or are one in several files. `wholes`: their vectors, in their order."""
    titled = {r["id"]: mentions.Titled(r["title"], r["document"], r["kind"] == "project") for r in reports}
    mentions.build(((i, r["report"], r["text"]) for i, r in enumerate(passages)), titled, folder)
    described = {r["id"]: outcomes.Described(r["title"], r["year"], r["document"], r["kind"] == "project") for r in reports}
    outcomes.build(described, wholes, folder)
    whole = {r["document"]: r["id"] for r in reports if r["kind"] == "document"}
    of = {r["id"]: whole[r["document"]] for r in reports}
    files = {r["id"]: families.File(r["title"], r["quality"] or 0.0, r["pages"]) for r in reports if r["kind"] == "document"}
    projects: dict[int, list[tuple[int, str]]] = {}
    for r in reports:
        if r["kind"] == "project":
            projects.setdefault(of[r["id"]], []).append((r["id"], r["title"]))
    families.build(((of[r["report"]], r["text"]) for r in passages), files, projects, folder)


def _words_of(row: sqlite3.Row, forms: Sequence[doubtful.Form]) -> dict[str, str]:
    """What the word index has of a passage."""
    texts = {name: row[name] for name in words.TEXTS}
    return texts | {words.READ: " ".join(stem for form in forms for stem in form.stems())} if forms else texts


def embed(db: sqlite3.Connection, encoder: Encoder, texts: Sequence[str], progress: Progress) -> None:
    """Sees to it that the catalog has the vectors of `texts`; only those that it hasn't got are computed."""
    hashes = {_hash(text): text for text in texts}
    there = catalog.known_vectors(db, encoder.fingerprint)
    queue = sorted((text for h, text in hashes.items() if h not in there), key=len)  # like lengths together: less padding
    if not queue:
        return
    with progress(len(queue), "Regner ut vektorer") as step:
        for i in range(0, len(queue), BATCH):
            batch = queue[i : i + BATCH]
            new = encoder.passages(batch)
            with catalog.transaction(db):
                catalog.insert(
                    db,
                    "vectors",
                    (
                        {"model": encoder.fingerprint, "hash": _hash(text), "vector": vector.tobytes()}
                        for text, vector in zip(batch, new, strict=True)
                    ),
                )
            step(len(batch))


def read(db: sqlite3.Connection, encoder: Encoder, texts: Sequence[str]) -> np.ndarray:
    """The vectors of texts that the catalog has, float32 [n, dim]."""
    import numpy as np

    if not texts:
        return np.empty((0, 1), np.float32)
    return np.frombuffer(b"".join(stored(db, encoder.fingerprint, texts)), np.float32).reshape(len(texts), -1)


def stored(db: sqlite3.Connection, model: str, texts: Sequence[str]) -> list[bytes | None]:
    """The vectors of texts as the catalog has them, float32 bytes; None for a text that has none."""
    hashes = [_hash(text) for text in texts]
    found = catalog.stored_vectors(db, model, set(hashes))
    return [found.get(digest) for digest in hashes]


def _hash(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()[:16]
