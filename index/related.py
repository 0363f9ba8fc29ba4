"""From one report to those nearest to it, each with its reason in a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index import catalog
from index.records import Filters, Related, ReportCard
from index.snapshot import Snapshot
from index.views import passages

if TYPE_CHECKING:
    import numpy as np

SHARED = 0.05  # what a shared theme or body is worth beside a likeness of 0..1


def related(snapshot: Snapshot, key: str, k: int = 10, filters: Filters = Filters()) -> list[Related]:  # noqa: B008
    """The k reports nearest to report `key`, best first; its own document and projects are left out.

    The score is the mean of two likenesses (of the reports' mean vectors, and of their nearest pair of passages), each
    scaled over all reports to 0..1, and a little for a shared theme and a shared body.
    """
    import numpy as np

    own = _family(snapshot, key)
    telling = ~snapshot.apparatus  # two lists of references are always alike
    mine = np.flatnonzero(np.isin(snapshot.reports, [snapshot.by_key[name] for name in own["self"]]) & telling)
    others = {n: c for n, c in snapshot.cards.items() if c.id not in own["all"] and filters.admits(c)}
    rows = np.flatnonzero(np.isin(snapshot.reports, list(others)) & telling)
    if not len(mine) or not len(rows):
        return []
    matrix = snapshot.vectors.all()
    pairs = matrix[rows] @ matrix[mine].T  # [others' rows, my rows]
    best_row = pairs.max(1)
    centre = _unit(matrix[mine].mean(0))
    numbers, where = np.unique(snapshot.reports[rows], return_inverse=True)
    sums = np.zeros((len(numbers), matrix.shape[1]), np.float32)
    np.add.at(sums, where, matrix[rows])
    centres = _scaled(_unit(sums) @ centre)
    nearest = np.full(len(numbers), -1.0, np.float32)
    np.maximum.at(nearest, where, best_row)
    likeness = (centres + _scaled(nearest)) / 2
    card = snapshot.cards[snapshot.by_key[key]]
    scores = [float(s) + SHARED * _shared(card, others[n]) for n, s in zip(numbers.tolist(), likeness, strict=True)]
    order = sorted(range(len(scores)), key=lambda i: -scores[i])[:k]
    found = []
    for i in order:
        other = others[int(numbers[i])]
        at = np.flatnonzero(where == i)
        row = at[best_row[at].argmax()]
        found.append((other, min(1.0, scores[i] / (1 + 2 * SHARED)), int(mine[pairs[row].argmax()]), int(rows[row])))
    return _with_reasons(snapshot, card, found)


def _with_reasons(snapshot: Snapshot, card: ReportCard, found: list[tuple[ReportCard, float, int, int]]) -> list[Related]:
    ids = {row: int(snapshot.passages[row]) for _, _, mine, theirs in found for row in (mine, theirs)}
    with catalog.reading(snapshot.layout.catalog) as db:
        texts = passages(db, list(ids.values()))
    return [
        Related(other, score, reason(card, other, texts.get(ids[mine]), texts.get(ids[theirs])))
        for other, score, mine, theirs in found
    ]


def reason(card: ReportCard, other: ReportCard, mine, theirs) -> str:  # mine, theirs: sqlite3.Row | None
    """One Norwegian sentence: what the two share, and where they come nearest to each other."""
    common = [theme for theme in card.themes if theme.casefold() in {t.casefold() for t in other.themes}]
    shared = []
    if common:
        shared.append(f"begge har temaet {' og '.join(f'«{t}»' for t in common[:2])}")
    if card.body and card.body.casefold() == other.body.casefold():
        shared.append(f"begge er utført av {card.body}")
    if mine and theirs:
        shared.append(
            f"side {mine['first_page']} her ligner mest på side {theirs['first_page']} der{_section(theirs['section'])}"
        )
    sentence = "; ".join(shared) or "tekstene ligner hverandre"
    return sentence[0].upper() + sentence[1:] + "."


def _section(section: str) -> str:
    return f", i «{section.split(' › ')[-1]}»" if section else ""


def _family(snapshot: Snapshot, key: str) -> dict[str, set[str]]:
    """The keys whose passages stand for the report (a document's projects are part of it), and all that are its kin."""
    card = snapshot.cards[snapshot.by_key[key]]
    top = card.parent or card.id
    everyone = {c.id for c in snapshot.cards.values() if top in (c.id, c.parent)}
    return {"self": everyone if card.kind == "document" else {key}, "all": everyone if card.kind == "document" else {key, top}}


def _shared(card: ReportCard, other: ReportCard) -> int:
    themes = {t.casefold() for t in card.themes} & {t.casefold() for t in other.themes}
    return bool(themes) + bool(card.body and card.body.casefold() == other.body.casefold())


def _unit(vectors: np.ndarray) -> np.ndarray:
    import numpy as np

    return vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-9)


def _scaled(values: np.ndarray) -> np.ndarray:
    low, high = float(values.min()), float(values.max())
    return (values - low) / (high - low) if high > low else values * 0 + 1
