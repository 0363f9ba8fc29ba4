"""From one report to those nearest to it, each with its reason in a sentence and the passage that shows it."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, NamedTuple

from index import catalog
from index.records import Filters, Related, ReportCard, Shown
from index.snapshot import Snapshot
from index.vectors import unit
from index.views import passages

if TYPE_CHECKING:
    import numpy as np

SHARED = 0.05  # what a shared theme or body is worth beside a likeness of 0..1
NAMED, BUILDS = 0.8, 0.9  # the score from which a report counts that the other names, or says that it builds on


class _Found(NamedTuple):
    report: ReportCard
    score: float
    mine: int  # the row of this report and
    theirs: int  # of the other where they come nearest
    naming: tuple[int, int, int, bool] | None  # row, start, end of a title that ties them, and whether it builds on it


def related(snapshot: Snapshot, key: str, k: int = 10, filters: Filters = Filters()) -> list[Related]:  # noqa: B008
    """The k reports nearest to report `key`, best first; its own document and projects are left out.

    The score is the mean of two likenesses (of the reports' mean vectors, and of their nearest pair of passages), each
    scaled over all reports to 0..1, and a little for a shared theme and a shared body. Where the one names the other by
    its title, it stands above those that are only alike.
    """
    import numpy as np

    own = _family(snapshot, key)
    selves = [snapshot.by_key[name] for name in own["self"]]
    telling = ~snapshot.apparatus  # two lists of references are always alike
    mine = np.flatnonzero(np.isin(snapshot.reports, selves) & telling)
    others = {n: c for n, c in snapshot.cards.items() if c.id not in own["all"] and filters.admits(c)}
    rows = np.flatnonzero(np.isin(snapshot.reports, list(others)) & telling)
    if not len(mine) or not len(rows):
        return []
    matrix = snapshot.vectors.all()
    pairs = matrix[rows] @ matrix[mine].T  # [others' rows, my rows]
    best_row = pairs.max(1)
    centre = unit(matrix[mine].mean(0))
    numbers, where = np.unique(snapshot.reports[rows], return_inverse=True)
    sums = np.zeros((len(numbers), matrix.shape[1]), np.float32)
    np.add.at(sums, where, matrix[rows])
    centres = _scaled(unit(sums) @ centre)
    nearest = np.full(len(numbers), -1.0, np.float32)
    np.maximum.at(nearest, where, best_row)
    likeness = (centres + _scaled(nearest)) / 2
    card = snapshot.cards[snapshot.by_key[key]]
    named = _named(snapshot, selves)
    scores = []
    for n, alike in zip(numbers.tolist(), likeness, strict=True):
        score = min(1.0, (float(alike) + SHARED * _shared(card, others[n])) / (1 + 2 * SHARED))
        floor = (BUILDS if named[n][3] else NAMED) if n in named else 0.0
        scores.append(floor + (1 - floor) * score)
    found = []
    for i in sorted(range(len(scores)), key=lambda i: -scores[i])[:k]:
        n = int(numbers[i])
        at = np.flatnonzero(where == i)
        row = at[best_row[at].argmax()]
        found.append(_Found(others[n], scores[i], int(mine[pairs[row].argmax()]), int(rows[row]), named.get(n)))
    return _with_reasons(snapshot, card, found)


def _named(snapshot: Snapshot, selves: list[int]) -> dict[int, tuple[int, int, int, bool]]:
    """By report, the place where it names one of `selves` or is named by one; where there are several, one that builds on it."""
    found: dict[int, tuple[int, int, int, bool]] = {}
    for row, report, start, end, builds in snapshot.mentions.tolist():
        teller = int(snapshot.reports[row])
        other = report if teller in selves else teller if report in selves else None
        if other is not None and (other not in found or (builds and not found[other][3])):
            found[other] = (row, start, end, bool(builds))
    return found


def _with_reasons(snapshot: Snapshot, card: ReportCard, found: list[_Found]) -> list[Related]:
    rows = {row for f in found for row in (f.mine, f.theirs, *(f.naming or ())[:1])}
    ids = {row: int(snapshot.passages[row]) for row in rows}
    with catalog.reading(snapshot.layout.catalog) as db:
        texts = passages(db, list(ids.values()))
    out = []
    for f in found:
        mine, theirs = texts.get(ids[f.mine]), texts.get(ids[f.theirs])
        shown = _shown(f.report, theirs, (0, len(theirs["text"]))) if theirs else None
        told = reason(card, f.report, mine, theirs)
        if f.naming:
            row, start, end, builds = f.naming
            passage = texts.get(ids[row])
            teller = snapshot.cards[int(snapshot.reports[row])]
            if passage:
                shown = _shown(teller, passage, (start, end))
                told = naming(teller.id == f.report.id, builds, passage)
        out.append(Related(f.report, f.score, told, shown, f.naming is not None))
    return out


def _shown(report: ReportCard, passage: sqlite3.Row, span: tuple[int, int]) -> Shown:
    return Shown(
        report, passage["id"], passage["text"], passage["first_page"], passage["last_page"], passage["section"], span
    )


def naming(theirs: bool, builds: bool, passage: sqlite3.Row) -> str:
    """One Norwegian sentence: which of the two names the other, and where. `theirs`: the other one does."""
    verb = "bygger på" if builds else "nevner"
    what = f"{verb} denne" if theirs else f"{verb} den"
    return f"{'Den andre' if theirs else 'Denne'} {what} ved navn, på side {passage['first_page']}{_section(passage['section'])}."


def reason(card: ReportCard, other: ReportCard, mine: sqlite3.Row | None, theirs: sqlite3.Row | None) -> str:
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


def _scaled(values: np.ndarray) -> np.ndarray:
    low, high = float(values.min()), float(values.max())
    return (values - low) / (high - low) if high > low else values * 0 + 1
