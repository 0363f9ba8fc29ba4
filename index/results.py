"""Ranked rows to results: each report with its best passages, what matched in them and their best sentence."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import TYPE_CHECKING

from index import doubtful, mark, views
from index.fuse import Ranked
from index.query import Query
from index.ranking import Ranking
from index.records import PassageHit, ReportCard, Result, Why
from index.snapshot import Snapshot
from index.stems import stems

if TYPE_CHECKING:
    import numpy as np

TOP = 10  # passages that are read, whatever reports they are of


def results(snapshot: Snapshot, ranking: Ranking, query: Query, vector: np.ndarray | None, shown: int) -> tuple[Result, ...]:
    """The reports, each with those of its passages that are among the best of all: as many as there are reports, at least TOP.

    Each has one, and at most `shown`. `vector` is the question's, None where no model was asked.
    """
    ranked, own = _best(ranking.reports, shown), query.stems
    terms = [(term, stems(term)) for crossing in ranking.crossings for term in crossing.official]
    ids = [int(snapshot.passages[row]) for r in ranked for row in r.rows]
    with snapshot.reading() as db:
        texts = views.passages(db, ids)
        forms = doubtful.of_passages(db, ids)
    found = []
    for r in ranked:
        hits = []
        for row, score in zip(r.rows, r.scores, strict=True):
            passage = texts.get(int(snapshot.passages[row]))
            if passage is None:  # swept away: this generation was left two builds ago
                continue
            hits.append(hit(snapshot, passage, forms.get(passage["id"], ()), row, score, own, vector))
        if hits:
            card = snapshot.cards[r.report]
            found.append(Result(card, r.score, tuple(hits), _why(card, hits[0], own, terms)))
    return tuple(found)


def hit(
    snapshot: Snapshot,
    passage: sqlite3.Row,
    read: tuple[doubtful.Form, ...],
    row: int,
    score: float,
    stems: Sequence[str],
    vector: np.ndarray | None,
) -> PassageHit:
    """A passage as a hit, with its best sentence and what matches in it. `read`: its doubtful words as they were read."""
    text = passage["text"]
    near = snapshot.sentences.of(vector, row) if vector is not None else {}
    return PassageHit(
        id=passage["id"],
        text=text,
        page=passage["first_page"],
        last_page=passage["last_page"],
        section=passage["section"],
        score=score,
        best=mark.best_sentence(text, stems, snapshot.words.rarity, near, read),
        matches=mark.matches(text, stems, read),
    )


def _best(ranked: Sequence[Ranked], shown: int) -> list[Ranked]:
    """The reports with the passages that are shown of them, best first."""
    scores = sorted((score for r in ranked for score in r.scores), reverse=True)
    least = scores[: max(TOP, len(ranked))][-1] if scores else 0.0
    counts = [min(shown, max(1, sum(score >= least for score in r.scores))) for r in ranked]
    return [r._replace(rows=r.rows[:n], scores=r.scores[:n]) for r, n in zip(ranked, counts, strict=True)]


def _why(card: ReportCard, hit: PassageHit, own: Sequence[str], terms: Sequence[tuple[str, list[str]]]) -> Why:
    """Words of the title count too; of the official terms, the first whose words all stand there and were not asked for."""
    written = [card.title[a:b] for a, b in mark.matches(card.title, own)] + [hit.text[a:b] for a, b in hit.matches]
    there = {*stems(card.title), *stems(hit.text)}
    term = next((term for term, wanted in terms if wanted and there >= set(wanted) and not set(own) >= set(wanted)), "")
    words = {word.casefold(): word for word in reversed(written)}
    return Why(tuple(reversed(words.values())), term, hit.sentence)
