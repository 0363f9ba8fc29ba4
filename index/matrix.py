"""A few questions held against all reports that pass the filters: for each the best passage, or nothing where nothing answers.

Not the top few: every report has its row, and every passage is scored (index/scoring.py) on the scale of the search, so that a
cell is as strong as the search would say.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from errors import UsageError
from index import build, doubtful, views
from index.answer import model_of, probability
from index.query import Query
from index.ranking import rank
from index.records import Filters, PassageHit, ReportCard
from index.results import hit
from index.scoring import every_row, nearness
from index.snapshot import Snapshot

if TYPE_CHECKING:
    import numpy as np

    from index.search import Index

LEAST = 0.6
"""The strength below which a cell is empty. On the 42 judged questions against 590 entries of the catalogue, half of what is
left then touches the question, and three in four of the entries that answer it are kept (F1 .50, as high as at .65; .46 at .55,
.48 at .70); with 50 questions to ten long documents F1 is highest between .60 and .65 too."""

AT_ONCE = 500  # passages read with one question to the catalog


@dataclass(frozen=True, slots=True)
class Row:
    """A report, and for each question its best passage (its score is the strength, 0..1), or None."""

    report: ReportCard
    cells: tuple[PassageHit | None, ...]

    @property
    def strength(self) -> float:
        """How much of it all the report answers: the sum of its cells."""
        return sum(cell.score for cell in self.cells if cell)


@dataclass(frozen=True, slots=True)
class Matrix:
    """The questions as they were asked and as they were understood (respelt), with a row for each report: those that answer
    most first. `probabilities`: how likely it is that anything answers each question; `reports`: how many the base has."""

    questions: tuple[str, ...]
    understood: tuple[str, ...]
    probabilities: tuple[float, ...]
    rows: tuple[Row, ...]
    filters: Filters
    least: float
    made: datetime
    reports: int

    def answered(self) -> list[int]:
        """For each question, the number of reports with a passage."""
        return [sum(row.cells[i] is not None for row in self.rows) for i in range(len(self.questions))]

    def counts(self) -> dict[str, dict[str, int]]:
        """The reports by year and by theme; "" stands for none."""
        return {name: dict(self._by(name, lambda row: 1)) for name in ("year", "theme")}

    def answered_by(self, name: str) -> dict[str, list[int]]:
        """For each year (or theme), how many of its reports have a passage, question by question."""
        found = [self._by(name, lambda row, i=i: row.cells[i] is not None) for i in range(len(self.questions))]
        return {value: [counts[value] for counts in found] for value in self._by(name, lambda row: 1)}

    def _by(self, name: str, count: Any) -> Mapping[str, int]:
        totals: Counter[str] = Counter()
        for row in self.rows:
            card = row.report
            values = [str(card.year or "")] if name == "year" else dict.fromkeys(card.themes) or [""]
            for value in values:
                totals[value] += count(row)
        order = sorted(totals, key=lambda value: (not value, value.casefold()))
        return Counter({value: totals[value] for value in order})

    def as_json(self) -> dict[str, Any]:
        rows = [
            {
                "report": row.report.as_json(),
                "cells": [
                    {"page": cell.page, "passage": cell.text, "strength": round(cell.score, 4)} if cell else None
                    for cell in row.cells
                ],
            }
            for row in self.rows
        ]
        return {
            "questions": list(self.questions),
            "reports": rows,
            "counts": self.counts(),
            "answered": {name: self.answered_by(name) for name in ("year", "theme")},
            "answer_probability": [round(value, 3) for value in self.probabilities],
        }


def read_questions(path: str) -> list[str]:
    """The questions of a file, one on each line; "-" is standard input. UsageError where there are none."""
    try:
        text = sys.stdin.read() if path == "-" else Path(path).read_text("utf-8-sig")
    except FileNotFoundError as error:
        raise UsageError(f"Fant ikke {path}; oppgi en tekstfil med ett spørsmål på hver linje.") from error
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} kan ikke leses ({error}); den skal være en tekstfil i UTF-8.") from error
    return checked(text.splitlines())


def checked(questions: Sequence[str]) -> list[str]:
    """The questions without empty ones, each once. UsageError where none is left."""
    found = list(dict.fromkeys(said for question in questions if (said := " ".join(question.split()))))
    if not found:
        raise UsageError("Det er ingen spørsmål; skriv ett på hver linje.")
    return found


def matrix(
    index: Index,
    questions: Sequence[str],
    filters: Filters = Filters(),  # noqa: B008
    weight: float | None = None,
    verbatim: bool = False,
    progress: build.Progress = build.no_progress,
    least: float = LEAST,
) -> Matrix:
    """The questions by all reports that pass the filters. UsageError for a question that the search wouldn't take.

    The scale of the scores is that of a search for all reports of the base: a filter leaves rows out, and changes no cell.
    """
    snapshot, search = index.snapshot, index.settings.search
    questions = checked(questions)
    queries = [index.asked(question, verbatim).query for question in questions]
    weight = search.weight if weight is None else weight
    cards = snapshot.admitted(filters)
    candidates = max(search.candidates, 2 * len(index))
    bridge = index.bridge(weight)
    vectors = [index.vector(query.text) for query in queries] if weight > 0 else [None] * len(queries)
    near = nearness(snapshot, vectors) if weight > 0 and len(snapshot.passages) else [None] * len(queries)
    cells: dict[int, list[PassageHit | None]] = {number: [None] * len(queries) for number in cards}
    sure = []
    with progress(len(queries) * len(cards), "Leser rapportene") as step:
        for i, (query, vector) in enumerate(zip(queries, vectors, strict=True)):
            every, allowed = (snapshot.allowed(some, query) for some in (Filters(), filters))
            scores = every_row(snapshot, query, vector, near[i], bridge, every, weight, candidates)
            if allowed is not None:
                scores[~allowed] = 0
            for number, found in _hits(snapshot, query, vector, _best(snapshot.reports, scores, least, snapshot.apparatus), scores):
                cells[number][i] = found
            signs = rank(snapshot, query, vector, bridge, 1, every, weight, search.candidates).signs
            sure.append(probability(signs, weight, model_of(index.settings)))
            step(len(cards))
    rows = [Row(card, tuple(cells[number])) for number, card in cards.items()]
    return Matrix(
        questions=tuple(questions),
        understood=tuple(query.text for query in queries),
        probabilities=tuple(sure),
        rows=tuple(sorted(rows, key=lambda row: (-row.strength, row.report.title.casefold(), row.report.id))),
        filters=filters,
        least=least,
        made=datetime.now(),
        reports=len(index),
    )


def _hits(
    snapshot: Snapshot, query: Query, vector: np.ndarray | None, rows: Sequence[int], scores: np.ndarray
) -> Iterator[tuple[int, PassageHit]]:
    """The rows as hits, each with its report's row id."""
    with snapshot.reading() as db:
        for at in range(0, len(rows), AT_ONCE):
            part = {int(snapshot.passages[row]): row for row in rows[at : at + AT_ONCE]}
            texts, forms = views.passages(db, list(part)), doubtful.of_passages(db, list(part))
            for number, row in part.items():
                if number in texts:  # else swept away: this generation was left two builds ago
                    read, score = forms.get(number, ()), float(scores[row])
                    yield int(snapshot.reports[row]), hit(snapshot, texts[number], read, row, score, query.stems, vector)


def _best(reports: np.ndarray, scores: np.ndarray, least: float, apparatus: np.ndarray) -> list[int]:
    """The best row of each report that has one of `least` or more; of equals the first.

    None of the `apparatus` (a list of references, the facts on a cover): it names the matter, and says nothing of it.
    """
    import numpy as np

    rows = np.flatnonzero((scores >= max(least, 1e-9)) & ~apparatus)
    rows = rows[np.lexsort((rows, -scores[rows], reports[rows]))]
    _, first = np.unique(reports[rows], return_index=True)
    return [int(row) for row in rows[first]]
