"""Figures of retrieval, as trec_eval has them: a ranking and its judgements in, a number out."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

Judged = Mapping[str, int]
"""Document id -> grade of one query; 0 and what isn't there are not relevant."""


def ndcg(ranking: Sequence[str], judged: Judged, k: int) -> float:
    """Normalised discounted cumulative gain of the first k: sum of grade / log2(rank + 1) over the best possible such sum."""
    gained = sum(judged.get(d, 0) / math.log2(i + 2) for i, d in enumerate(ranking[:k]))
    ideal = sorted((grade for grade in judged.values() if grade > 0), reverse=True)[:k]
    best = sum(grade / math.log2(i + 2) for i, grade in enumerate(ideal))
    return gained / best if best else 0.0


def recall(ranking: Sequence[str], judged: Judged, k: int) -> float:
    """The share of the relevant documents that are among the first k."""
    relevant = {d for d, grade in judged.items() if grade > 0}
    return len(relevant & set(ranking[:k])) / len(relevant) if relevant else 0.0


def reciprocal_rank(ranking: Sequence[str], judged: Judged, k: int) -> float:
    """1 / the rank of the first relevant document, 0 where none is among the first k."""
    return next((1 / (i + 1) for i, d in enumerate(ranking[:k]) if judged.get(d, 0) > 0), 0.0)


def percentile(values: Sequence[float], share: float) -> float:
    """The value under which a share (0..1) of the values lie, between two of them in proportion; 0 for none."""
    if not values:
        return 0.0
    ordered = sorted(values)
    at = share * (len(ordered) - 1)
    low = math.floor(at)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (at - low)


def auc(positive: Sequence[float], negative: Sequence[float]) -> float:
    """The chance that a positive stands above a negative; ties count half."""
    if not positive or not negative:
        return 0.0
    above = sum((p > n) + 0.5 * (p == n) for p in positive for n in negative)
    return above / (len(positive) * len(negative))
