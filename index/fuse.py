"""Two lists of scores into one: a convex combination (Bruch et al., arXiv 2210.11934)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np


class Ranked(NamedTuple):
    """A report in the order of the answer: its row id, its score, and its rows with theirs, best first."""

    report: int
    score: float
    rows: tuple[int, ...]
    scores: tuple[float, ...]


ENOUGH = 0.9  # share of the highest BM25 a query could get that its best passage must have to count in full; measured


def scaled(scores: np.ndarray, low: float, high: float) -> np.ndarray:
    """Scores as 0..1 between `low` and `high`."""
    import numpy as np

    return np.clip((scores - low) / (high - low), 0.0, 1.0) if high > low else np.full(len(scores), float(high > 0), np.float32)


EVERY = slice(None)


def of_vectors(cosines: np.ndarray, floor: float | None = None, among: np.ndarray | slice = EVERY) -> np.ndarray:
    """Cosines of one query as 0..1: the best is 1; 0 is `floor`, the cosine of the last candidate, or the lowest where it is None.

    Those of e5 all lie high, so that a scale from 0 would flatten them. `among`: the ones that set the scale.
    """
    if not len(cosines):
        return cosines
    some = cosines[among]
    floor = float(some.min()) if floor is None else floor
    return scaled(cosines, floor, float(some.max(initial=floor)))


def of_words(bm25: np.ndarray, ceiling: float, among: np.ndarray | slice = EVERY) -> np.ndarray:
    """BM25 scores of one query as 0..1: 0 is a text without any of the words, 1 the best. `among`: the ones that set the scale.

    But where the best holds little of the query (as when a question in English meets Norwegian texts), it isn't 1 but
    as much less as it is short of ENOUGH of `ceiling`, what a text of nothing but the query's words might get.
    """
    return scaled(bm25, 0.0, max(float(bm25[among].max(initial=0.0)), ENOUGH * ceiling))


def combined(vectors: np.ndarray, words: np.ndarray, weight: float | np.ndarray) -> np.ndarray:
    """weight * vectors + (1 - weight) * words, both 0..1; the vectors alone where no word was found.

    The weight may differ from row to row.
    """
    if not words.max(initial=0.0) > 0:
        return vectors
    return weight * vectors + (1 - weight) * words


def by_report(rows: np.ndarray, reports: np.ndarray, scores: np.ndarray, k: int) -> list[Ranked]:
    """The k best reports; a report is worth what its best passage is. Ties go to the row that came first."""
    import numpy as np

    found: dict[int, list[tuple[int, float]]] = {}
    for i in np.lexsort((rows, -scores)):
        found.setdefault(int(reports[i]), []).append((int(rows[i]), float(scores[i])))
    best = list(found.items())[:k]  # in the order in which each report was first met
    return [Ranked(number, hits[0][1], tuple(r for r, _ in hits), tuple(s for _, s in hits)) for number, hits in best]
