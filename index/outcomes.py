"""Which report came of a project that a plan describes: the two are the same project, told before it began and after its end.

They are told by their titles (shared parts of words, each by how rare it is among all titles) and by what they are about
(the cosine of their vectors as wholes, taken from the middle of all reports, since those of e5 all lie close). Both are
0..1, and count alike. Read on the 44 projects of a yearly plan and a quarterly report against 590 catalogue entries: of the pairs
that pass, 17 of 17 are the same project; the next ones below are mostly kindred studies.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from index import stems
from index.titles import numbers
from index.vectors import unit

if TYPE_CHECKING:
    import numpy as np

VERSION = 2
TABLE = "outcomes.npy"
"""int64 [n, 2]: the row ids of a project and of the report that came of it."""

YEARS = (-1, 4)  # from the year of the plan to that of the report
SURE = 1.05  # title and content together
NEAREST = 0.85  # and where each is the other's nearest in content,
SOME = 0.4  # if the titles share so much
NAMESAKE = 0.9  # titles so alike tell it by themselves,
PARTS = 3  # if they share so many parts of words


class Described(NamedTuple):
    """A report: title, year and document, and whether it is a project that the document describes."""

    title: str
    year: int | None
    document: int
    project: bool


def build(reports: Mapping[int, Described], vectors: np.ndarray, folder: Path) -> None:
    """Writes the table. `vectors`: of the reports as wholes, in their order."""
    import numpy as np

    np.save(folder / TABLE, np.array(list(outcomes(reports, vectors)), np.int64).reshape(-1, 2))


def outcomes(reports: Mapping[int, Described], vectors: np.ndarray) -> Iterator[tuple[int, int]]:
    """The pairs of a project and a report that are the same project."""
    import numpy as np

    numbers = list(reports)
    projects = [i for i, n in enumerate(numbers) if reports[n].project]
    whole = [i for i, n in enumerate(numbers) if not reports[n].project]
    if not projects or not whole:
        return
    titles = Titles([report.title for report in reports.values()])
    centred = unit(vectors - vectors.mean(0))
    near = centred[projects] @ centred[whole].T  # [projects, reports]
    fits = np.array([[_fits(reports[numbers[p]], reports[numbers[w]]) for w in whole] for p in projects])
    near = np.where(fits, near, -1.0)
    first = (near == near.max(1, keepdims=True)) & (near == near.max(0, keepdims=True))
    place = {w: j for j, w in enumerate(whole)}
    for i, project in enumerate(projects):
        for other in sorted(titles.sharing(project) & place.keys()):
            j = place[other]
            alike, parts = titles.alike(project, other)
            both = alike + float(near[i, j])
            sure = both >= SURE or (alike >= NAMESAKE and parts >= PARTS)
            if fits[i, j] and (sure or (first[i, j] and alike >= SOME and both >= NEAREST)):
                yield numbers[project], numbers[other]


class Titles:
    """Titles as sets of stems; compounds count by their parts."""

    def __init__(self, titles: Sequence[str]) -> None:
        self._bags = [stems.leaves(title) for title in titles]
        self._rarity = stems.rarity(self._bags)
        self._sums = [sum(self._rarity[part] for part in bag) for bag in self._bags]
        self._having: dict[str, list[int]] = defaultdict(list)
        for number, bag in enumerate(self._bags):
            for part in bag:
                self._having[part].append(number)
        self._numbers = [numbers(bag) for bag in self._bags]

    def sharing(self, one: int) -> set[int]:
        """The titles that share at least two parts with one: one part tells nothing."""
        shared = Counter(other for part in self._bags[one] for other in self._having[part])
        return {other for other, count in shared.items() if count > 1 and other != one}

    def alike(self, one: int, other: int) -> tuple[float, int]:
        """How much of two titles is shared, 0..1, and the number of shared parts. Titles of two years or
        two parts share nothing."""
        shared = self._bags[one] & self._bags[other]
        told = self._numbers[one], self._numbers[other]
        whole = self._sums[one] + self._sums[other]
        if not shared or whole <= 0 or (all(told) and told[0] != told[1]):
            return 0.0, 0
        return 2 * sum(self._rarity[part] for part in shared) / whole, len(shared)


def _fits(project: Described, report: Described) -> bool:
    if project.document == report.document:
        return False
    return not (project.year and report.year) or YEARS[0] <= report.year - project.year <= YEARS[1]
