"""From one report to those nearest to it, each with its reason in a sentence and the passage that shows it."""

from __future__ import annotations

import sqlite3
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from index import catalog, mentions
from index.bridge import Bridge
from index.records import Filters, Related, ReportCard, Shown
from index.snapshot import Snapshot
from index.subject import subject
from index.vectors import unit
from index.views import passages

if TYPE_CHECKING:
    import numpy as np

SHARED = 0.05  # what a shared theme or body is worth beside a likeness of 0..1
SAME = "Ser ut til å være samme prosjekt"
FLOORS = {"told": 0.75, "named": 0.8, "builds": 0.9, "same": 0.95}
"""The score from which a report counts that the other names, by its title or in other words, that it says it builds on, or
that is the same project."""

OFTEN = 10  # reports that name a title; one that more name is that of a programme or a series, and ties none of them closely

KINDS = {mentions.TELLS: "told", mentions.NAMES: "named", mentions.BUILDS: "builds"}


class _Naming(NamedTuple):
    """Row, start and end of what ties two reports, the tie, and the score that it lifts them to."""

    row: int
    start: int
    end: int
    tie: str
    floor: float


class _Found(NamedTuple):
    report: ReportCard
    score: float
    mine: int  # the row of this report and
    theirs: int  # of the other where they come nearest
    naming: _Naming | None
    same: bool  # the one is the project that the other came of

    @property
    def tie(self) -> str:
        return "same" if self.same else self.naming.tie if self.naming else ""


def related(
    snapshot: Snapshot, key: str, k: int = 10, filters: Filters = Filters(), bridge: Bridge | None = None  # noqa: B008
) -> list[Related]:
    """The k reports nearest to report `key`, best first; its own document and projects are left out. `bridge` has the
    vocabulary by which a reason names the subject that two reports share.

    The score is the mean of three likenesses (of the reports' mean vectors, of their nearest pair of passages, and of what
    they are as wholes: title, themes and summary), each scaled over all reports to 0..1, and a little for a shared theme
    and a shared body. What ties two reports (FLOORS) lifts it. Of a report in several files the best one stands for all.
    """
    import numpy as np

    own = _family(snapshot, key)
    selves = [snapshot.by_key[name] for name in own["self"]]
    telling = ~snapshot.apparatus  # two lists of references are always alike
    telling |= ~np.isin(snapshot.reports, snapshot.reports[telling])  # but a report may have nothing else
    mine = np.flatnonzero(np.isin(snapshot.reports, selves) & telling)
    others = {n: c for n, c in snapshot.admitted(filters).items() if c.id not in own["all"]}
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
    me = snapshot.by_key[key]
    wholes = _scaled(snapshot.abstracts.score(snapshot.abstracts.of(me), numbers))
    likeness = (centres + _scaled(nearest) + wholes) / 3
    card, named, same = snapshot.cards[me], _named(snapshot, selves), _same(snapshot, me)
    scores = []
    for n, alike in zip(numbers.tolist(), likeness, strict=True):
        score = min(1.0, (float(alike) + SHARED * _shared(card, others[n])) / (1 + 2 * SHARED))
        floor = FLOORS["same"] if n in same else named[n].floor if n in named else 0.0
        scores.append(floor + (1 - floor) * score)
    found = []
    for i in sorted(range(len(scores)), key=lambda i: -scores[i])[:k]:
        n = int(numbers[i])
        at = np.flatnonzero(where == i)
        row = at[best_row[at].argmax()]
        found.append(_Found(others[n], scores[i], int(mine[pairs[row].argmax()]), int(rows[row]), named.get(n), n in same))
    return _with_reasons(snapshot, card, found, bridge)


def _named(snapshot: Snapshot, selves: list[int]) -> dict[int, _Naming]:
    """By report, the place where it names one of `selves` or is named by one; where there are several, the one that ties most."""
    found: dict[int, _Naming] = {}
    naming = {(int(snapshot.reports[row]), report) for row, report in snapshot.mentions[:, :2].tolist()}
    often = Counter(report for _, report in naming)
    best = _best_copies(snapshot)  # a copy's title is as good as the title itself
    mine = {best.get(n, n) for n in selves}
    for row, report, start, end, kind in snapshot.mentions.tolist():
        ends = [best.get(n, n) for n in (int(snapshot.reports[row]), report)]
        if len(mine.intersection(ends)) != 1:
            continue
        other = ends[0] if ends[1] in mine else ends[1]
        tie = KINDS[kind]
        floor = 0.0 if tie == "named" and often[report] > OFTEN else FLOORS[tie]
        if other not in found or floor > found[other].floor:
            found[other] = _Naming(row, start, end, tie, floor)
    return found


def _same(snapshot: Snapshot, number: int) -> set[int]:
    """The reports that came of the project, or the projects that the report came of."""
    best = _best_copies(snapshot)
    me = best.get(number, number)
    pairs = [[best.get(n, n) for n in pair] for pair in snapshot.outcomes.tolist()]
    return {one if other == me else other for one, other in pairs if me in (one, other)}


def _best_copies(snapshot: Snapshot) -> dict[int, int]:
    """Of each report that is in several files, the one that stands for all."""
    return {n: family[0] for family in snapshot.families for n in family}


def _with_reasons(snapshot: Snapshot, card: ReportCard, found: list[_Found], bridge: Bridge | None) -> list[Related]:
    rows = {row for f in found for row in (f.mine, f.theirs, *(f.naming or ())[:1])}
    ids = {row: int(snapshot.passages[row]) for row in rows}
    with catalog.reading(snapshot.layout.catalog) as db:
        texts = passages(db, list(ids.values()))
    out = []
    for f in found:
        mine, theirs = texts.get(ids[f.mine]), texts.get(ids[f.theirs])
        shown = _shown(f.report, theirs, (0, len(theirs["text"]))) if theirs else None
        about = _subject(snapshot, bridge, (card, mine), (f.report, theirs)) if bridge else ""
        told = reason(card, f.report, mine, theirs, about)
        if f.same:
            told = f"{SAME}; {told[0].lower()}{told[1:]}"
        elif f.naming and (passage := texts.get(ids[f.naming.row])):
            teller = snapshot.cards[int(snapshot.reports[f.naming.row])]
            shown = _shown(teller, passage, (f.naming.start, f.naming.end))
            told = naming(teller.id == f.report.id, f.naming.tie, passage)
        out.append(Related(f.report, f.score, told, shown, f.naming is not None, f.tie))
    return out


def _shown(report: ReportCard, passage: sqlite3.Row, span: tuple[int, int]) -> Shown:
    return Shown(
        report, passage["id"], passage["text"], passage["first_page"], passage["last_page"], passage["section"], span
    )


def naming(theirs: bool, tie: str, passage: sqlite3.Row) -> str:
    """One Norwegian sentence: which of the two names the other, and where. `theirs`: the other one does."""
    who, whom = ("Den andre", "denne") if theirs else ("Denne", "den")
    if tie == "told":
        what = f"omtaler det tittelen på {'denne' if theirs else 'den andre'} sier"
    else:
        what = f"{'bygger på' if tie == 'builds' else 'nevner'} {whom} ved navn"
    return f"{who} {what}, {'på' if passage['first_page'] else 'i'} {_place(passage)}{_section(passage['section'])}."


def _subject(snapshot: Snapshot, bridge: Bridge, *ends: tuple[ReportCard, sqlite3.Row | None]) -> str:
    """The concept that both are about, by their titles, themes and nearest passages; "" where there is none."""
    one, other = (snapshot.abstracts.of(snapshot.by_key[card.id]) for card, _ in ends)
    texts = (" ".join((card.title, *card.themes, row["text"] if row else "")) for card, row in ends)
    return subject(bridge, one, other, tuple(texts))


def reason(
    card: ReportCard, other: ReportCard, mine: sqlite3.Row | None, theirs: sqlite3.Row | None, about: str = ""
) -> str:
    """One Norwegian sentence: what the two share (`about`: the concept), and where they come nearest to each other."""
    siblings = bool(card.parent) and card.parent == other.parent
    common = [theme for theme in card.themes if theme.casefold() in {t.casefold() for t in other.themes}]
    shared = [f"felles emne er «{about}»"] if about else []
    if common:
        shared.append(f"begge har temaet {' og '.join(f'«{t}»' for t in common[:2])}")
    if card.body and card.body.casefold() == other.body.casefold() and not siblings:
        shared.append(f"begge er utført av {card.body}")
    if mine and theirs and (mine["first_page"] or theirs["first_page"]):
        shared.append(f"{_place(mine)} her ligner mest på {_place(theirs)} der{_section(theirs['section'])}")
    sentence = "; ".join(shared) or "det som står om dem, ligner"
    return sentence[0].upper() + sentence[1:] + "."


def _place(passage: sqlite3.Row) -> str:
    return f"side {passage['first_page']}" if passage["first_page"] else "omtalen"  # a report known before its text


def _section(section: str) -> str:
    return f", i «{section.split(' › ')[-1]}»" if section else ""


def _family(snapshot: Snapshot, key: str) -> dict[str, set[str]]:
    """The keys whose passages stand for the report (a document's projects are part of it), and all that are its kin."""
    card = snapshot.cards[snapshot.by_key[key]]
    top = card.parent or card.id
    copies = {n for family in snapshot.families if snapshot.by_key[key] in family for n in family}
    tops = {top, *(c.parent or c.id for c in (snapshot.cards[n] for n in copies))}
    if card.kind == "project":
        return {"self": {key}, "all": {key, *tops, *(snapshot.cards[n].id for n in copies)}}
    everyone = {c.id: c.parent or c.id for c in snapshot.cards.values() if tops & {c.id, c.parent}}
    mains = {snapshot.cards[snapshot.by_key[n]].main or n for n in tops}
    files = {c.id for c in snapshot.cards.values() if c.main in mains} | mains  # the other files of the same report
    return {"self": {n for n, whole in everyone.items() if whole == top}, "all": set(everyone) | files}


def _shared(card: ReportCard, other: ReportCard) -> int:
    if card.parent and card.parent == other.parent:
        return 0  # both have them from their document
    themes = {t.casefold() for t in card.themes} & {t.casefold() for t in other.themes}
    return bool(themes) + bool(card.body and card.body.casefold() == other.body.casefold())


def _scaled(values: np.ndarray) -> np.ndarray:
    low, high = float(values.min()), float(values.max())
    return (values - low) / (high - low) if high > low else values * 0 + 1
