"""Learns what tells that a commission is done already: python -m bench.train_overlap [--store DIR]

The drafts of bench/questions/drafts.jsonl, written for reports of the project's own, are held against a base of those reports: once
as it is; once, for a duplicate, with only another report on the same matter left (partial); once with none left (new). A
multinomial logistic regression learns which is which from the signs of index/overlap.py. Figures are cross-validated by draft.
To be run after bench.train_answer, for the probability of an answer is one of the signs.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402

from bench import base, pairs  # noqa: E402
from index import metrics, overlap  # noqa: E402
from index.answer import model_of  # noqa: E402
from index.records import Filters  # noqa: E402
from settings import load_settings  # noqa: E402

DRAFTS = ROOT / "bench" / "questions" / "drafts.jsonl"
FOLDS = 6
RIDGE = 0.01


def samples(settings) -> tuple[np.ndarray, np.ndarray, np.ndarray, list[int]]:
    """Signs [n, signs], labels [n] as places in LABELS, the number of the draft [n]; and where each duplicate's report stood."""
    index, alike = base.own({"concepts": pairs.concepts(), "reports": pairs.reports()}, settings)
    signs, labels, numbers, ranks = [], [], [], []
    weight = settings.search.weight
    for n, row in enumerate(map(json.loads, DRAFTS.read_text("utf-8").splitlines())):
        names = alike[row["id"]]
        first = next(name for name in names if name.startswith("concepts"))
        bases = [((), row["label"]), (tuple(names), "new")]
        if row["label"] == "duplicate" and len(names) > 1:
            bases.append(((first,), "partial"))
        for gone, label in bases:
            found = index.places(row["text"], Filters(exclude=gone))
            signs.append(overlap.signs(found, model_of(settings), weight))
            labels.append(overlap.LABELS.index(label))
            numbers.append(n)
            if not gone:
                order = [index.snapshot.cards[report].id for report in found.scores]
                ranks.append(order.index(first) + 1 if first in order else len(order) + 1)
    return np.array(signs), np.array(labels), np.array(numbers), ranks


def fit(x: np.ndarray, y: np.ndarray, rounds: int = 3000, rate: float = 0.5) -> np.ndarray:
    """Multinomial logistic regression on standardised signs, each label weighing the same: weights [labels, signs + 1]
    for the signs as they are, the bias last."""
    mean, deviation = x.mean(0), x.std(0) + 1e-9
    z = np.c_[(x - mean) / deviation, np.ones(len(x))]
    truth = np.eye(len(overlap.LABELS))[y]
    share = 1 / (truth.sum(0) * len(overlap.LABELS))
    w = np.zeros((len(overlap.LABELS), z.shape[1]))
    for _ in range(rounds):
        slope = ((predicted(z, w) - truth) * (truth @ share)[:, None]).T @ z
        w -= rate * (slope + RIDGE * np.c_[w[:, :-1], np.zeros(len(w))])
    slopes = w[:, :-1] / deviation
    return np.c_[slopes, w[:, -1] - slopes @ mean]


def predicted(z: np.ndarray, w: np.ndarray) -> np.ndarray:
    """Probabilities [n, labels] for signs with a column of ones."""
    sums = z @ w.T
    parts = np.exp(sums - sums.max(1, keepdims=True))
    return parts / parts.sum(1, keepdims=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--store", type=Path)
    args = parser.parse_args()
    settings = load_settings(store=args.store)
    x, y, groups, ranks = samples(settings)
    p = np.zeros((len(x), len(overlap.LABELS)))
    ones = np.ones((len(x), 1))
    for fold in range(FOLDS):
        out = groups % FOLDS == fold
        p[out] = predicted(np.c_[x[out], ones[out]], fit(x[~out], y[~out]))
    old = 1 - p[:, overlap.LABELS.index("new")]
    is_old = y != overlap.LABELS.index("new")
    print(f"{len(x)} samples of {len(set(groups))} drafts, cross-validated: accuracy {(p.argmax(1) == y).mean():.3f}, ", end="")
    print(f"AUC of done before against new {metrics.auc(old[is_old].tolist(), old[~is_old].tolist()):.3f}")
    found = np.array(ranks)
    print(f"the report of a draft among the first ten {(found <= 10).mean():.3f}, mean reciprocal rank {(1 / found).mean():.3f}")
    lines = ["# Learnt by bench/train_overlap.py: what tells that a commission is done already."]
    for label, weights in zip(overlap.LABELS, fit(x, y), strict=True):
        lines += ["", f"[{label}]", *(f"{n} = {w:.4f}" for n, w in zip((*overlap.Signs._fields, "bias"), weights, strict=True))]
    overlap.LEARNT.write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()
