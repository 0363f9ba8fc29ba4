"""One generation, opened for reading: its vectors, its words, and the cards of its reports."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import PurePath
from typing import TYPE_CHECKING

from errors import FouError
from index import build, catalog, families, mentions, outcomes
from index.abstracts import Abstracts
from index.layout import Layout, Manifest
from index.query import Query
from index.records import Filters, ReportCard
from index.sentences import Sentences
from index.vectors import Vectors
from index.words import Words
from ingest.report import MAIN

if TYPE_CHECKING:
    import numpy as np

NORDIC = frozenset(("nb", "nn", "da", "sv"))

RETRIES = 20
WAIT = 0.1  # seconds

SAMPLE = 5000  # passages that the spread of cosines is told from

_CARDS = f"""
SELECT r.id, r.key, r.kind, r.title, r.year, r.body, r.themes, r.language, r.commissioner, r.number,
  d.path, d.source, d.entry, d.role, d.fulltext, d.id AS document, coalesce(f.at, '') AS seen
FROM reports r JOIN documents d ON d.id = r.document LEFT JOIN first_seen f ON f.key = r.key
WHERE {catalog.VISIBLE} ORDER BY d.path, r.id
"""


@dataclass(frozen=True)
class Snapshot:
    """What a reader holds from start to end of a question. `cards` is by row id of the catalog."""

    layout: Layout
    manifest: Manifest
    vectors: Vectors
    sentences: Sentences
    abstracts: Abstracts
    words: Words
    passages: np.ndarray  # int64 [n]: passage id of each row
    reports: np.ndarray  # int64 [n]: report id of each row
    mentions: np.ndarray  # int64 [m, 5]: see mentions.TABLE
    outcomes: np.ndarray  # int64 [m, 2]: see outcomes.TABLE
    families: tuple[tuple[int, ...], ...]  # reports that are one in several files, the best copy first
    apparatus: np.ndarray  # bool [n]: the row is of a reference list or of notes
    cards: dict[int, ReportCard]
    documents: dict[int, int]  # report id -> document id
    numbers: dict[str, str]  # report key -> the number that the report itself carries

    def reading(self) -> AbstractContextManager[sqlite3.Connection]:
        """A connection to the catalog that this was made of. FouError where another has taken its place."""
        return catalog.reading(self.layout.catalog, self.manifest.store)

    @cached_property
    def by_key(self) -> dict[str, int]:
        return {card.id: number for number, card in self.cards.items()}

    def admitted(self, filters: Filters) -> dict[int, ReportCard]:
        """The reports that pass the filters, by row id: of a family the best copy that does, and none where one is excluded."""
        cards = {n: card for n, card in self.cards.items() if filters.admits(card)} if filters else dict(self.cards)
        unwanted = Filters(exclude=filters.exclude)
        for family in self.families:
            out = bool(filters.exclude) and not all(unwanted.admits(self.cards[n]) for n in family)
            for number in [n for n in family if n in cards][0 if out else 1 :]:
                del cards[number]
        return cards

    @cached_property
    def _covariance(self) -> np.ndarray:
        """Of the vectors of the passages; of an even sample where they are many."""
        every = self.vectors.all()
        sample = every[:: max(1, len(every) // SAMPLE)]
        centred = sample - sample.mean(0)
        return centred.T @ centred / len(sample)

    def deviation(self, vector: np.ndarray) -> float:
        """The standard deviation of a unit vector's cosines to all passages, > 0. There must be a passage."""
        return max(float(vector @ self._covariance @ vector), 1e-6) ** 0.5

    def foreign(self, query: str) -> np.ndarray:
        """bool [n]: the rows whose report is surely in another language than the query; Nordic ones count as one."""
        import numpy as np

        from ingest.language import language

        asked = language(query)
        if not asked:
            return np.zeros(len(self.reports), bool)
        others = [n for n, card in self.cards.items() if card.language and (card.language in NORDIC) != (asked in NORDIC)]
        return np.isin(self.reports, others)

    def allowed(self, filters: Filters, query: Query) -> np.ndarray | None:
        """bool [n]: the rows that have the query's phrases and nothing that it excludes, of reports that are `admitted`.

        None where all do.
        """
        import numpy as np

        masks = [self.words.holding(phrase) for phrase in query.phrases]
        masks += [~self.words.holding(phrase) for phrase in query.without]
        if filters or self.families:
            masks.append(np.isin(self.reports, list(self.admitted(filters))))
        return np.logical_and.reduce(masks) if masks else None


def open_snapshot(layout: Layout) -> Snapshot:
    """The generation in use. FouError with the remedy where there is none or it can't be read."""
    import numpy as np

    for _ in range(RETRIES):  # the writer may switch and sweep between our reading its number and its files
        number = layout.current()
        manifest = layout.manifest(number)
        if manifest is None:
            continue
        if manifest.form != build.FORM:
            raise FouError("Indeksen er laget av en annen utgave av FoU-søk; kjør python -m ingest run.")
        folder = layout.generation(number)
        try:
            table, named, came = (np.load(folder / name) for name in (build.TABLE, mentions.TABLE, outcomes.TABLE))
            kin = families.read(folder)
            vectors, sentences, wholes, words = Vectors(folder), Sentences(folder), Abstracts(folder), Words(folder)
        except (OSError, ValueError, FouError):
            if layout.current() != number:
                continue
            raise FouError(f"Indeksen i {folder} er ufullstendig; kjør python -m index doctor --repair.") from None
        try:
            with catalog.reading(layout.catalog, manifest.store) as db:
                cards, documents, numbers = _cards(db, number, kin)
        except catalog.Replaced:  # a restore has brought its catalog, and is about to switch
            time.sleep(WAIT)
            continue
        return Snapshot(
            layout,
            manifest,
            vectors,
            sentences,
            wholes,
            words,
            table[:, 0],
            table[:, 1],
            named,
            came,
            tuple(map(tuple, kin)),
            table[:, 2] > 0,
            cards,
            documents,
            numbers,
        )
    raise _none(layout)


def cards_of(layout: Layout) -> list[ReportCard]:
    """The reports of the generation in use, by path, without all else that a snapshot opens. FouError where there is none."""
    for _ in range(RETRIES):
        number = layout.current()
        manifest = layout.manifest(number)
        if manifest is None:
            continue
        try:
            kin = families.read(layout.generation(number))
        except (OSError, ValueError):  # swept away meanwhile
            continue
        try:
            with catalog.reading(layout.catalog, manifest.store) as db:
                return list(_cards(db, number, kin)[0].values())
        except catalog.Replaced:
            time.sleep(WAIT)
    raise _none(layout)


def _none(layout: Layout) -> FouError:
    return FouError(f"Det er ingen indeks i {layout.root}; kjør python -m ingest run.")


def _cards(
    db: sqlite3.Connection, generation: int, kin: Sequence[Sequence[int]]
) -> tuple[dict[int, ReportCard], dict[int, int], dict[str, str]]:
    """The cards, the documents and the numbers of a snapshot; `kin`: its families."""
    rows = db.execute(_CARDS, {"g": generation}).fetchall()
    parents = {row["document"]: row["key"] for row in rows if row["kind"] == "document"}
    mains = {row["entry"]: row["key"] for row in rows if row["kind"] == "document" and row["role"] == MAIN}
    cards = {
        row["id"]: ReportCard(
            id=row["key"],
            title=" ".join(row["title"].split()) or PurePath(row["path"]).stem,  # a link must have a name
            year=row["year"],
            body=row["body"],
            themes=tuple(json.loads(row["themes"])),
            path=row["path"],
            kind=row["kind"],
            parent=parents[row["document"]] if row["kind"] == "project" else "",
            language=row["language"],
            commissioner=row["commissioner"],
            source=row["source"],
            role=row["role"] if row["role"] != MAIN and row["entry"] in mains else "",
            main=mains.get(row["entry"], "") if row["role"] not in ("", MAIN) else "",
            fulltext=bool(row["fulltext"]),
            seen=row["seen"],
        )
        for row in rows
    }
    for family in kin:
        paths = {n: cards[n].path for n in family}
        seen = min(cards[n].seen for n in family)  # a new copy is no new report
        cards |= {n: replace(cards[n], copies=tuple(p for m, p in paths.items() if m != n), seen=seen) for n in family}
    return cards, {row["id"]: row["document"] for row in rows}, {row["key"]: row["number"] for row in rows if row["number"]}
