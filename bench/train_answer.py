"""Learns how likely an answer is: python -m bench.train_answer [--shared ../shared] [--store DIR]

The questions that bench/train_encoder.py kept aside are asked in a base of the project's own texts: once as it is, and once
without the texts on that matter. A logistic regression learns which is which from the signs of the search (index/answer.py),
with the adapter; figures and the plot, bench/answer.svg, are cross-validated by concept, so that no concept is both learnt from and asked.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402

from bench import base, pairs, plots  # noqa: E402
from index import answer, metrics  # noqa: E402
from index.records import Filters  # noqa: E402
from settings import load_settings  # noqa: E402

ASKED = 5  # questions of each; the first ones, for mere wordings have many answers
FOLDS = 5
USED = {"both": ("cosine", "lead", "held", "covered", "agreed"), "vectors": ("cosine", "lead"), "words": ("held", "covered")}
WEIGHTS = {"both": None, "vectors": 1.0, "words": 0.0}
BINS = 10
PLOT = ROOT / "bench" / "answer.svg"


def samples(text: Path, settings) -> dict[str, tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """For each mode: signs [n, signs], whether there was an answer [n], and the number of the group [n]."""
    kinds = {"concepts": pairs.concepts(), "reports": pairs.reports(), "paragraphs": pairs.paragraphs(text)}
    index, alike = base.own(kinds, settings)  # texts on the same concept answer much the same questions
    groups = [(f"{kind}-{i}", group, i % pairs.ASIDE == 0) for kind, some in kinds.items() for i, group in enumerate(some)]
    aside = [(n, group.about or name, group.queries[:ASKED]) for n, (name, group, kept) in enumerate(groups) if kept]
    index.prepare([query for _, _, queries in aside for query in queries])
    found = {}
    for mode, weight in WEIGHTS.items():
        signs, labels, numbers = [], [], []
        for n, about, queries in aside:
            others = Filters(exclude=tuple(alike[about]))
            for query in queries:
                for filters, label in ((Filters(), 1), (others, 0)):
                    signs.append(index.signs(query, filters, weight))
                    labels.append(label)
                    numbers.append(n)
        found[mode] = np.array(signs), np.array(labels), np.array(numbers)
    return found


def fit(x: np.ndarray, y: np.ndarray, ridge: float = 1e-3, rounds: int = 50, counts: np.ndarray | None = None) -> np.ndarray:
    """Logistic regression by Newton's method on standardised signs; gives weights for the signs as they are, the bias last.

    `counts`: how much each sample counts; else each the same.
    """
    counts = np.ones(len(x)) if counts is None else counts * len(x) / counts.sum()
    mean, deviation = x.mean(0), x.std(0) + 1e-9
    x = np.c_[(x - mean) / deviation, np.ones(len(x))]
    w = np.zeros(x.shape[1])
    for _ in range(rounds):
        p = 1 / (1 + np.exp(-x @ w))
        hessian = (x * (counts * p * (1 - p))[:, None]).T @ x + ridge * len(x) * np.eye(len(w))
        w -= np.linalg.solve(hessian, x.T @ (counts * (p - y)) + ridge * len(x) * w)
    slopes = w[:-1] / deviation
    return np.r_[slopes, w[-1] - slopes @ mean]


def predicted(x: np.ndarray, w: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-(np.c_[x, np.ones(len(x))] @ w)))


def calibration_error(p: np.ndarray, y: np.ndarray, counts: np.ndarray | None = None) -> float:
    """Expected calibration error over BINS even bins (Guo et al., arXiv 1706.04599). `counts` as for `fit`."""
    share = np.full(len(p), 1 / len(p)) if counts is None else counts / counts.sum()
    places = np.minimum((p * BINS).astype(int), BINS - 1)
    return float(sum(abs((share * (p - y))[places == b].sum()) for b in set(places.tolist())))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shared", type=Path, default=ROOT.parent / "shared")
    parser.add_argument("--store", type=Path)
    args = parser.parse_args()
    settings = load_settings(store=args.store)
    settings = replace(settings, model=replace(settings.model, adapter=True))  # with the plain model a rule is used
    lines = ["# Learnt by bench/train_answer.py: the probability of an answer, by the searches that were asked."]
    for mode, (signs, labels, groups) in samples(args.shared / "text", settings).items():
        columns = [answer.Signs._fields.index(name) for name in USED[mode]]
        x = signs[:, columns]
        p = np.zeros(len(x))
        for fold in range(FOLDS):
            out = groups % FOLDS == fold
            p[out] = predicted(x[out], fit(x[~out], labels[~out]))
        auc = metrics.auc(p[labels == 1].tolist(), p[labels == 0].tolist())
        print(f"{mode}: {len(x)} questions, AUC {auc:.3f}, calibration error {calibration_error(p, labels):.3f}")
        if mode == "both":
            plots.reliability(p, labels, BINS, PLOT, "How likely an answer is")
        weights = fit(x, labels)
        lines += ["", f"[{mode}]", *(f"{n} = {w:.4f}" for n, w in zip((*USED[mode], "bias"), weights, strict=True))]
    answer.LEARNT.write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()
