"""Learns what tells that a commission is done already: python -m bench.train_overlap [--store DIR]

The drafts of bench/questions/drafts.jsonl are held against bases of the project's own reports: with a passage, and with no more
than a catalogue shows; all of them, and fewer, so that the number of reports is learnt apart from what they are about. A draft
of a duplicate is one where its report stands in the base, and partial where only another report on its matter does, or,
among all, those next to it; a draft labelled new is held against a base without the reports that its `without` names. Two
logistic regressions learn from the signs of index/overlap.py whether anything like it is done, and, of that, whether all is.
Figures are cross-validated by draft, each label counting the same.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402

import cli  # noqa: E402
from bench import base, pairs  # noqa: E402
from bench.train_answer import calibration_error, fit, predicted  # noqa: E402
from index import metrics, overlap  # noqa: E402
from settings import load_settings  # noqa: E402

DRAFTS = ROOT / "bench" / "questions" / "drafts.jsonl"
FORMS = {"own": 0, "own-short": 3}  # folder of a base, and which text of a concept's it holds: the passage, or its beginning
SIZES = (25, 100, 300, 900, None)  # reports in a base; None is all
FOLDS = 6
RIDGE = 0.01
DUPLICATE, PARTIAL, NEW = range(3)  # as in overlap.LABELS


class Samples(NamedTuple):
    signs: np.ndarray  # [n, signs]
    labels: np.ndarray  # [n], places in overlap.LABELS
    drafts: np.ndarray  # [n], the number of the draft
    ranks: list[int]  # of the duplicates, where their report stands for the draft and its asks in a whole base

    @property
    def counts(self) -> np.ndarray:
        """How much each counts, so that each label counts the same."""
        return 1 / np.bincount(self.labels)[self.labels]


def samples(settings) -> Samples:
    signs, labels, drafts, ranks = [], [], [], []
    rows = [json.loads(line) for line in DRAFTS.read_text("utf-8").splitlines()]
    for folder, text in FORMS.items():
        concepts = [group._replace(texts=(group.texts[text],)) for group in pairs.concepts()]
        index, alike = base.own({"concepts": concepts, "reports": pairs.reports()}, settings, folder)
        by_key, cards = index.snapshot.by_key, index.snapshot.cards
        every = np.array(sorted(cards), np.int64)
        with cli.progress(len(rows), "Sjekker utkast") as step:
            for n, row in enumerate(rows):
                found = index.places(row["text"])
                cosines = dict(zip(every.tolist(), index.snapshot.abstracts.score(found.vector, every).tolist(), strict=True))
                matter = [by_key[name] for about in row.get("without", [row["id"]]) for name in alike.get(about, [])]
                for kept, label, sizes in _bases(row["label"], matter, cards):
                    others = [report for report in cosines if report not in matter]
                    for size in sizes:
                        rng = random.Random(f"{row['id']} {size}")
                        some = rng.sample(others, size) if size else others
                        signs.append(overlap.signs(np.array([cosines[report] for report in (*kept, *some)])))
                        labels.append(label)
                        drafts.append(n)
                if row["label"] == "duplicate":
                    first = _first(matter, cards)
                    ranks.append(list(found.scores).index(first) + 1 if first in found.scores else len(cards))
                step(1)
    return Samples(np.array(signs), np.array(labels), np.array(drafts), ranks)


def _bases(label: str, matter: list[int], cards) -> Iterator[tuple[list[int], int, tuple]]:
    """Which reports on a draft's matter a base keeps, the label of the draft then, and the sizes to try it in."""
    if label == "new":
        yield [], NEW, SIZES
    else:
        yield matter, overlap.LABELS.index(label), SIZES
    if label == "duplicate":
        second = [report for report in matter if report != _first(matter, cards)]
        yield second, PARTIAL, SIZES if second else (None,)
        yield [], PARTIAL, (None,)  # among fewer there may be nothing next to it


def _first(matter: list[int], cards) -> int:
    return next(report for report in matter if cards[report].id.startswith("concepts"))


def learnt(found: Samples, chosen: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The weights of «some» and of «whole», from the chosen samples."""
    x, y, counts = found.signs[chosen], found.labels[chosen], found.counts[chosen]
    some = y != NEW
    return fit(x, some, RIDGE, counts=counts), fit(x[some], y[some] == DUPLICATE, RIDGE, counts=counts[some])


def told(x: np.ndarray, weights: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
    """Probabilities [n, labels]."""
    some, whole = (predicted(x, w) for w in weights)
    return np.c_[some * whole, some * (1 - whole), 1 - some]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--store", type=Path)
    args = parser.parse_args()
    settings = load_settings(store=args.store)
    lines = ["# Learnt by bench/train_overlap.py: that anything like a commission is done, and, of that, that all of it is."]
    for model, adapter in (("adapted", True), ("plain", False)):
        found = samples(replace(settings, model=replace(settings.model, adapter=adapter)))
        print(f"{model}: {figures(found)}", flush=True)
        for name, weights in zip(("some", "whole"), learnt(found, np.ones(len(found.labels), bool)), strict=True):
            lines += ["", f"[{model}.{name}]", *(f"{n} = {w:.4f}" for n, w in zip((*overlap.Signs._fields, "bias"), weights, strict=True))]
    overlap.LEARNT.write_text("\n".join(lines) + "\n", "utf-8")


def figures(found: Samples) -> str:
    """Cross-validated by draft."""
    y, share = found.labels, found.counts / found.counts.sum()
    p = np.zeros((len(y), len(overlap.LABELS)))
    for fold in range(FOLDS):
        out = found.drafts % FOLDS == fold
        p[out] = told(found.signs[out], learnt(found, ~out))
    truth = np.eye(len(overlap.LABELS))[y]
    guessed = np.eye(len(overlap.LABELS))[p.argmax(1)]
    f1 = 2 * (share @ (guessed * truth)) / (share @ guessed + share @ truth)
    old = 1 - p[:, NEW]
    errors = [calibration_error(p[:, n], truth[:, n], share) for n in range(len(overlap.LABELS))]
    whole = p[:, DUPLICATE] / old
    apart = metrics.auc(whole[y == DUPLICATE].tolist(), whole[y == PARTIAL].tolist())
    ranks = np.array(found.ranks)
    return (
        f"{len(y)} samples of {len(set(found.drafts.tolist()))} drafts, cross-validated: macro F1 {f1.mean():.3f}, "
        f"AUC of done before against new {metrics.auc(old[y != NEW].tolist(), old[y == NEW].tolist()):.3f}, "
        f"of duplicate against partial {apart:.3f}, Brier {share @ ((p - truth) ** 2).sum(1):.3f}, "
        f"calibration error {np.mean(errors):.3f}; the report of a draft among the first ten {(ranks <= 10).mean():.3f}, "
        f"mean reciprocal rank {(1 / ranks).mean():.3f}"
    )


if __name__ == "__main__":
    main()
