"""How near reports are to one: as wholes, by the means of their passages, and by the nearest pair of these, as 0..1."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from index.vectors import unit

if TYPE_CHECKING:
    import numpy as np

AT_ONCE = 4_000_000  # cosines of passages held at a time, 16 MB
MOST = 8192  # and passages of others
SPREAD = 0.05  # cosines that lie nearer than that tell no more of one report than of another


class Near(NamedTuple):
    """How near the passages of others are to those of a report."""

    matrix: np.ndarray  # the vectors of all rows
    mine: np.ndarray  # the rows of the report
    rows: np.ndarray  # those of others,
    where: np.ndarray  # of each its report, as a place among
    numbers: np.ndarray  # the row ids of these,
    best: np.ndarray  # and of each row the cosine to the nearest of `mine`
    centres: np.ndarray  # of each report the cosine of the mean vectors

    @property
    def nearest(self) -> np.ndarray:
        """Of each report the cosine of the nearest pair."""
        import numpy as np

        found = np.full(len(self.numbers), -1.0, np.float32)
        np.maximum.at(found, self.where, self.best)
        return found

    def pair(self, number: int) -> tuple[int, int] | None:
        """The rows of the report and of another where they come nearest; None where the other has no passage."""
        import numpy as np

        at = np.flatnonzero(self.numbers[self.where] == number)
        if not len(at):
            return None
        row = int(self.rows[at[self.best[at].argmax()]])
        return int(self.mine[(self.matrix[self.mine] @ self.matrix[row]).argmax()]), row


def near(matrix: np.ndarray, mine: np.ndarray, rows: np.ndarray, reports: np.ndarray) -> Near | None:
    """`matrix`: the vectors of all rows; `mine`: those of a report; `rows`: those of others, and `reports` whose each is.
    None where either has none. In parts, for a thesis against a hundred thousand passages would be 600 MB at once."""
    import numpy as np

    if not len(mine) or not len(rows):
        return None
    own = matrix[mine]
    numbers, where = np.unique(reports, return_inverse=True)
    sums = np.zeros((len(numbers), matrix.shape[1]), np.float32)
    best = np.empty(len(rows), np.float32)
    step = min(MOST, max(1, AT_ONCE // len(mine)))
    for at in range(0, len(rows), step):
        some = slice(at, at + step)
        vectors = matrix[rows[some]]
        best[some] = (vectors @ own.T).max(1)
        np.add.at(sums, where[some], vectors)
    return Near(matrix, mine, rows, where, numbers, best, unit(sums) @ unit(own.mean(0)))


def likeness(wholes: np.ndarray, numbers: np.ndarray, found: Near | None) -> np.ndarray:
    """Of each of `numbers`, 0..1: the mean of the likenesses that are known of it, each scaled over all. `wholes`: the cosines
    of the reports as wholes; one without text has no other likeness."""
    import numpy as np

    alike = scaled(wholes)
    if found:
        at = np.searchsorted(numbers, found.numbers)
        alike[at] = (scaled(found.centres) + scaled(found.nearest) + alike[at]) / 3
    return alike


def scaled(cosines: np.ndarray) -> np.ndarray:
    """Cosines as 0..1, the lowest and the highest of them as the ends. Where they lie nearer than SPREAD, as those of one report
    alone do, little is told by them, and all lie about the middle, .5."""
    low, high = float(cosines.min()), float(cosines.max())
    return 0.5 + (cosines - (low + high) / 2) / max(high - low, SPREAD)
