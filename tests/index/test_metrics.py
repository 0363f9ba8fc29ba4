"""Metrics against values computed by hand."""

import math

import pytest

from index import metrics

JUDGED = {"a": 2, "b": 1, "c": 0, "d": 1}


def test_ndcg():
    gained = 1 / math.log2(2) + 2 / math.log2(4)
    best = 2 / math.log2(2) + 1 / math.log2(3) + 1 / math.log2(4)
    assert metrics.ndcg(["b", "c", "a", "x"], JUDGED, 10) == pytest.approx(gained / best)
    assert metrics.ndcg(["a", "b", "d"], JUDGED, 10) == 1
    assert metrics.ndcg(["c", "x"], JUDGED, 10) == metrics.ndcg([], JUDGED, 10) == metrics.ndcg(["a"], {"a": 0}, 10) == 0
    assert metrics.ndcg(["x", "a"], JUDGED, 1) == 0, "only the first k count"


def test_recall_and_reciprocal_rank():
    assert metrics.recall(["b", "c", "a", "x"], JUDGED, 2) == pytest.approx(1 / 3)
    assert metrics.recall(["b", "c", "a", "x"], JUDGED, 10) == pytest.approx(2 / 3)
    assert metrics.reciprocal_rank(["c", "x", "d"], JUDGED, 10) == pytest.approx(1 / 3)
    assert metrics.reciprocal_rank(["c", "x", "d"], JUDGED, 2) == 0


def test_percentile():
    assert metrics.percentile([4, 1, 3, 2], 0.5) == 2.5
    assert metrics.percentile([4, 1, 3, 2], 1.0) == 4
    assert metrics.percentile([], 0.5) == 0


def test_auc():
    assert metrics.auc([3, 2], [1, 2]) == 0.875
    assert metrics.auc([], [1]) == 0
