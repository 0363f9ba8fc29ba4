"""A question to ranked reports: words and vectors side by side, official terms beside everyday ones, one fused score."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from index import abstracts, fuse, sentences
from index.answer import Signs
from index.bridge import Bridge, Crossing
from index.english import in_english
from index.query import Query
from index.snapshot import Snapshot

if TYPE_CHECKING:
    import numpy as np

APPARATUS = 0.8  # what a hit in a reference list, a note or a cover's facts counts beside one in the text
FOREIGN = 0.1
"""Of the words' share, what is left between a question and a report in two languages: names and loan words meet there."""
TOWARDS = 0.15  # of the vectors' share, what the direction of the nearest concepts counts
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
    scores = np.zeros(len(rows), np.float32)
    signs = Signs()
    first: list[set[int]] = []
    if weight < 1:
        bm25 = snapshot.words.score(wanted, rows)
        scores = fuse.of_words(bm25, ceiling)
        signs = signs._replace(held=float(bm25.max(initial=0.0)) / ceiling if ceiling else 0.0)
        first.append(_first(rows, reports, scores))
    if vector is not None:
        cosines = snapshot.vectors.score(vector, rows)
        nearest = snapshot.sentences.nearest(vector, rows)
        lead = _lead(snapshot, vector, np.maximum(cosines, nearest), reports)
        signs = signs._replace(cosine=float(cosines.max(initial=0.0)), lead=lead)
        nearest_of_all = float(np.maximum(cosines, nearest).max(initial=0.0))
        signs = signs._replace(nearest=nearest_of_all, english=in_english(query.text))
        near_by = fuse.of_vectors(cosines + sentences.SHARE * np.maximum(0, nearest - cosines), floor)
        whole = snapshot.abstracts.score(vector, reports)
        near_by = (1 - abstracts.SHARE) * near_by + abstracts.SHARE * fuse.of_vectors(whole, float(whole.min()) if len(rows) else 0.0)
        direction = bridge.direction(concepts) if concepts is not None else None
        if direction is not None and len(rows):
            towards = snapshot.vectors.score(direction, rows)
            near_by = (1 - needed * TOWARDS) * near_by + needed * TOWARDS * fuse.of_vectors(towards, float(towards.min()))
        first.append(_first(rows, reports, near_by))
        shares = 1 - (1 - weight) * np.where(snapshot.foreign(query.text)[rows], FOREIGN, 1.0)
        scores = fuse.combined(near_by, scores, shares)
    scores = scores * np.where(snapshot.apparatus[rows], APPARATUS, 1.0)
    if len(first) == 2:
        signs = signs._replace(agreed=len(first[0] & first[1]) / FIRST)
    ranked = fuse.by_report(rows, reports, scores, k)
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
