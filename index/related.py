"""From one report to those nearest to it, each with its reason in a sentence and the passage that shows it."""

from __future__ import annotations

import sqlite3
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from index import mentions
from index.bridge import Bridge
from index.nearness import likeness, near
from index.reasons import SAME, naming, reason
from index.records import Filters, Related, ReportCard, Shown
from index.snapshot import Snapshot
from index.subject import subject
from index.views import passages

if TYPE_CHECKING:
    import numpy as np

SHARED = 0.05  # what a shared theme or body is worth beside a likeness of 0..1
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
    nearest: tuple[int, int] | None  # the rows of this report and of the other where they come nearest; None without text
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
    and a shared body; of a report without text only the last is known. What ties two reports (FLOORS) lifts it. Of a report
    in several files the best one stands for all.
    """
    import numpy as np

    own = _family(snapshot, key)
    selves = [snapshot.by_key[name] for name in own["self"]]
    others = {n: c for n, c in snapshot.admitted(filters).items() if c.id not in own["all"]}
    if not others:
        return []
    me, numbers, telling = snapshot.by_key[key], np.array(sorted(others)), _telling(snapshot)
    mine, rows = (np.flatnonzero(np.isin(snapshot.reports, some) & telling) for some in (selves, numbers))
    passages_near = near(snapshot.vectors.all(), mine, rows, snapshot.reports[rows])
    alike = likeness(snapshot.abstracts.score(snapshot.abstracts.of(me), numbers), numbers, passages_near)
    card, named, same = snapshot.cards[me], _named(snapshot, selves), _same(snapshot, me)
    scores = {}
    for n, value in zip(numbers.tolist(), alike.tolist(), strict=True):
        score = min(1.0, (value + SHARED * _shared(card, others[n])) / (1 + 2 * SHARED))
        floor = FLOORS["same"] if n in same else named[n].floor if n in named else 0.0
        scores[n] = floor + (1 - floor) * score
    found = []
    for n in sorted(scores, key=lambda n: -scores[n])[:k]:
        pair = passages_near.pair(n) if passages_near else None
        found.append(_Found(others[n], scores[n], pair, named.get(n), n in same))
    return _with_reasons(snapshot, card, found, bridge)


def _telling(snapshot: Snapshot) -> np.ndarray:
    """bool [n]: the rows by which reports are compared."""
    import numpy as np

    telling = ~snapshot.apparatus  # two lists of references are always alike
    return telling | ~np.isin(snapshot.reports, snapshot.reports[telling])  # but a report may have nothing else


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
    rows = {row for f in found for row in (*(f.nearest or ()), *(f.naming or ())[:1])}
    ids = {row: int(snapshot.passages[row]) for row in rows}
    with snapshot.reading() as db:
        texts = passages(db, list(ids.values()))
    out = []
    for f in found:
        mine, theirs = (texts.get(ids[row]) for row in f.nearest) if f.nearest else (None, None)
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


def _subject(snapshot: Snapshot, bridge: Bridge, *ends: tuple[ReportCard, sqlite3.Row | None]) -> str:
    """The concept that both are about, by their titles, themes and nearest passages; "" where there is none."""
    one, other = (snapshot.abstracts.of(snapshot.by_key[card.id]) for card, _ in ends)
    texts = (" ".join((card.title, *card.themes, row["text"] if row else "")) for card, row in ends)
    return subject(bridge, one, other, tuple(texts))


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
