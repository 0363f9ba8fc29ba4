"""The check of drafts, measured: drafts with a label and the reports that should be read, against a folder's corpus."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from errors import FouError, UsageError
from index import build, metrics
from index.encoder import Encoder
from index.evaluate import open_folder, rows_of
from index.overlap import LABELS
from settings import Settings


def evaluate_overlap(
    folder: Path, settings: Settings, progress: build.Progress = build.no_progress, model: Encoder | None = None
) -> dict[str, Any]:
    """Figures of the check on `folder` (corpus.jsonl, drafts.jsonl with `text`, `label` and `gold`: grades by report id).

    "accuracy" and "macro_f1" of the labels; "duplicate_auc": duplicate or partial against new, by the probability;
    "recall@10": of the reports with grade 2, how many are among the first ten; "mrr": of the first report with any grade;
    "brier": mean squared error of the probabilities, summed over the labels (0 best, 2 worst). Beside them, under
    "as_one_query", what the whole draft as one question gives; under "covered", of the asks of drafts of each label, the share held
    to be answered (no one has judged the asks; of new drafts it should be next to none). FouError where the folder isn't laid out so.
    """
    if not (folder / "drafts.jsonl").is_file():
        raise UsageError(f"Fant ikke {folder / 'drafts.jsonl'}; mappa skal ha corpus.jsonl og drafts.jsonl.")
    index, documents = open_folder(folder, settings, progress, model)
    drafts = list(rows_of(folder / "drafts.jsonl", ("text", "label")))
    if not drafts or any(row["label"] not in LABELS or not isinstance(row.get("gold"), dict) for row in drafts):
        raise FouError(f'{folder / "drafts.jsonl"} skal ha "text", "label" ({", ".join(LABELS)}) og "gold" i hver rad.')
    told, ranked, plain, cosines = [], [], [], []
    covered: dict[str, list[bool]] = {label: [] for label in LABELS}
    with progress(len(drafts), "Sjekker utkast") as step:
        for row in drafts:
            found = index.overlap(row["text"])
            told.append(found.probability)
            covered[row["label"]] += [asked.covered for asked in found.questions]
            ranked.append([card.id for card, _ in found.reports])
            plain.append([key for key, _ in index.rank(row["text"], 10)])
            cosines.append(index.signs(row["text"]).cosine)
            step(1)
    labels = [row["label"] for row in drafts]
    guessed = [max(LABELS, key=lambda label: p[label]) for p in told]
    return {
        "documents": documents,
        "drafts": len(drafts),
        "accuracy": _mean([a == b for a, b in zip(guessed, labels, strict=True)]),
        "macro_f1": _mean([_f1(guessed, labels, label) for label in LABELS]),
        "duplicate_auc": _auc([1 - p["new"] for p in told], labels),
        "recall@10": _recall(ranked, drafts),
        "mrr": _mrr(ranked, drafts),
        "brier": _mean([sum((p[name] - (name == label)) ** 2 for name in LABELS) for p, label in zip(told, labels, strict=True)]),
        "covered": {label: _mean(asks) for label, asks in covered.items()},
        "as_one_query": {"recall@10": _recall(plain, drafts), "mrr": _mrr(plain, drafts), "duplicate_auc": _auc(cosines, labels)},
    }


def _mean(values: list) -> float:
    return round(sum(values) / len(values), 4) if values else 0.0


def _f1(guessed: list[str], labels: list[str], label: str) -> float:
    both = sum(a == b == label for a, b in zip(guessed, labels, strict=True))
    return 2 * both / ((guessed.count(label) + labels.count(label)) or 1)


def _auc(values: list[float], labels: list[str]) -> float:
    old = [v for v, label in zip(values, labels, strict=True) if label != "new"]
    new = [v for v, label in zip(values, labels, strict=True) if label == "new"]
    return round(metrics.auc(old, new), 4)


def _recall(ranked: list[list[str]], drafts: list[dict]) -> float:
    answering = [{key: grade for key, grade in row["gold"].items() if grade == 2} for row in drafts]
    return _mean([metrics.recall(found, gold, 10) for found, gold in zip(ranked, answering, strict=True) if gold])


def _mrr(ranked: list[list[str]], drafts: list[dict]) -> float:
    return _mean([metrics.reciprocal_rank(found, row["gold"], 10) for found, row in zip(ranked, drafts, strict=True) if row["gold"]])
