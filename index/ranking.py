"""A question to ranked reports: words and vectors side by side, official terms beside everyday ones, one fused score."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from index import fuse
from index.answer import Signs
from index.bridge import Bridge, Crossing
from index.english import in_english
from index.query import Query
from index.scoring import ByMeaning, ByWords, Near, scores
from index.snapshot import Snapshot

if TYPE_CHECKING:
    import numpy as np

FIRST = 5  # reports of each search that are held against each other


class Ranking(NamedTuple):
    """The best reports, what tells how good they are, and the concepts that the question was taken to be about."""

    reports: list[fuse.Ranked]
    signs: Signs
    crossings: tuple[Crossing, ...]


def rank(
    snapshot: Snapshot,
    query: Query,
    vector: np.ndarray | None,
    bridge: Bridge | None,
    k: int,
    allowed: np.ndarray | None,
    weight: float,
    candidates: int,
) -> Ranking:
    """The k best reports. `vector` is the question's, None where `weight` is 0; `allowed` (bool [n]) leaves other rows out."""
    import numpy as np

    count = max(1, min(max(candidates, 2 * k), len(snapshot.passages)))
    near, found = np.empty(0, np.int64), np.empty(0, np.int64)
    floor, needed = 0.0, 1.0
    if vector is not None:
        near, highest = snapshot.vectors.search(vector, count, allowed)
        floor = float(highest[-1]) if len(highest) else 0.0
        needed = bridge.needed(vector, float(highest[0])) if bridge and len(highest) else 1.0
    concepts = bridge.by_meaning(vector) if bridge else None
    crossings = bridge.crossings(query, concepts) if bridge else ()
    wanted, ceiling = query.words, 0.0
    if weight < 1:
        ceiling = snapshot.words.ceiling(query.words)
        found, bm25 = snapshot.words.search(wanted, count, allowed)
        wanted = Bridge.widened(query, crossings, float(bm25[0]) / ceiling if len(bm25) and ceiling else 0.0, needed)
        if len(wanted) > len(query.words):
            found, _ = snapshot.words.search(wanted, count, allowed)
    rows = np.union1d(near, found)
    reports = snapshot.reports[rows]
    words, meaning = None, None
    signs = Signs()
    if weight < 1:
        words = ByWords(snapshot.words.score(wanted, rows), ceiling)
        signs = signs._replace(held=float(words.bm25.max(initial=0.0)) / ceiling if ceiling else 0.0)
    if vector is not None:
        close = Near(snapshot.vectors.score(vector, rows), snapshot.sentences.nearest(vector, rows))
        meaning = ByMeaning(vector, close, floor, bridge.direction(concepts) if concepts is not None else None, needed)
        nearest = np.maximum(*close)
        signs = signs._replace(
            cosine=float(close.cosines.max(initial=0.0)),
            lead=_lead(snapshot, vector, nearest, reports),
            nearest=float(nearest.max(initial=0.0)),
            english=in_english(query.text),
        )
    found = scores(snapshot, query, rows, words, meaning, weight)
    if found.words is not None and found.vectors is not None:
        first = (_first(rows, reports, by) for by in (found.words, found.vectors))
        signs = signs._replace(agreed=len(set.intersection(*first)) / FIRST)
    ranked = fuse.by_report(rows, reports, found.both, k)
    if weight < 1 and ranked:
        best = np.array([r.rows[0] for r in ranked[:FIRST]], np.int64)
        signs = signs._replace(covered=float(snapshot.words.covered(query.words, best).max()))
    return Ranking(ranked, signs, crossings)


def _first(rows: np.ndarray, reports: np.ndarray, scores: np.ndarray) -> set[int]:
    return {ranked.report for ranked in fuse.by_report(rows, reports, scores, FIRST) if ranked.score > 0}


def _lead(snapshot: Snapshot, vector: np.ndarray, nearness: np.ndarray, reports: np.ndarray) -> float:
    """How far the nearest report stands above the tenth, in standard deviations of all passages."""
    best: dict[int, float] = {}
    for report, value in zip(reports.tolist(), nearness.tolist(), strict=True):
        best[report] = max(value, best.get(report, -1.0))
    ordered = sorted(best.values(), reverse=True)[:10]
    return (ordered[0] - ordered[-1]) / snapshot.deviation(vector) if ordered else 0.0
