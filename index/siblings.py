"""Projects of one document that tell of each other without the title: a sentence of the one says what the other is called.

A title counts by the parts of its words, each by how rare it is among the projects of the document. SENTENCE of it must
stand in one sentence and WHOLE in the text: of the 44 projects of a yearly plan and a quarterly report that takes
the one pair that a reader sees, and the next pair has but half of either.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from index import stems
from ingest.sentences import sentences

SENTENCE, WHOLE = 0.6, 0.75
PARTS = 4  # of a title that one sentence must hold: two or three are the subject of the whole document


class Told(NamedTuple):
    """Characters [start, end) of passage `row` say what `report` is called."""

    row: int
    report: int
    start: int
    end: int


def told(passages: Sequence[tuple[int, int, str]], projects: Mapping[int, tuple[int, str]]) -> Iterator[Told]:
    """`passages`: row, report and text of each; `projects`: document and title by report."""
    texts: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for row, report, text in passages:
        if report in projects:
            texts[report].append((row, text))
    documents: dict[int, list[int]] = defaultdict(list)
    for report in texts:
        documents[projects[report][0]].append(report)
    for group in documents.values():
        yield from _among({report: projects[report][1] for report in group}, texts)


def _among(titles: Mapping[int, str], texts: Mapping[int, Sequence[tuple[int, str]]]) -> Iterator[Told]:
    names = {report: stems.leaves(title) for report, title in titles.items()}
    said = {report: frozenset().union(*(stems.leaves(text) for _, text in texts[report])) for report in titles}
    weights = stems.rarity([names[report] | said[report] for report in titles])

    def share(parts: frozenset[str], name: frozenset[str]) -> float:
        return sum(weights[part] for part in parts & name) / (sum(weights[part] for part in name) or 1.0)

    for teller in titles:
        others = [n for n in titles if n != teller and names[n] != names[teller] and len(said[teller] & names[n]) >= PARTS]
        for other in others:
            if share(said[teller], names[other]) < WHOLE:
                continue
            held = [
                (share(parts, names[other]), Told(row, other, start, end))
                for row, text in texts[teller]
                for start, end in sentences(text)
                if len((parts := stems.leaves(text[start:end])) & names[other]) >= PARTS
            ]
            best = max(held, default=None)
            if best and best[0] >= SENTENCE:
                yield best[1]
