"""A vector for each report as a whole: of its title, its themes and its summary.

A passage of a long report is often about a detail; that the report as a whole is about what is asked speaks for it. So each
passage's vector score takes in a SHARE of how near its report is. That raised nDCG@10 by .008 on the judged questions
and by .004 on themes, and lowered it nowhere (share .1 to .5, coarse).
"""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

from errors import FouError
from index import catalog

if TYPE_CHECKING:
    import numpy as np

VERSION = 1
VECTORS, REPORTS = "abstracts.npy", "abstract_reports.npy"
SHARE = 0.3
WORDS = 150  # of the summary, or, where a report has none, of its first passages

_REPORTS = f"""
SELECT r.id, r.title, r.themes, r.summary,
  (SELECT group_concat(text, ' ') FROM (SELECT text FROM passages WHERE report = r.id ORDER BY id LIMIT 2)) AS beginning
FROM reports r JOIN documents d ON d.id = r.document WHERE {catalog.VISIBLE} ORDER BY r.id
"""


def texts(db: sqlite3.Connection, generation: int) -> dict[int, str]:
    """What is embedded of each report that the generation shows, by its row id."""
    found = {}
    for row in db.execute(_REPORTS, {"g": generation}):
        said = " ".join((row["summary"] or row["beginning"] or "").split()[:WORDS])
        found[row["id"]] = " ".join(f"{row['title']} {', '.join(json.loads(row['themes']))} {said}".split())
    return found


def build(reports: list[int], vectors: np.ndarray, folder: Path) -> None:
    """Writes the vectors (float32 [n, dim]) of `reports`, row ids in rising order."""
    import numpy as np

    np.save(folder / REPORTS, np.array(reports, np.int64))
    np.save(folder / VECTORS, vectors)


class Abstracts:
    """The reports' opened vectors. They can be shared between threads."""

    def __init__(self, folder: Path) -> None:
        import numpy as np

        try:
            self._vectors = np.load(folder / VECTORS)
            self._reports = np.load(folder / REPORTS)
        except (OSError, ValueError) as error:
            raise FouError(
                f"Vektorene for rapportene i {folder} kan ikke leses; kjør python -m index doctor --repair."
            ) from error

    def of(self, reports: np.ndarray | int) -> np.ndarray:
        """The vectors of some reports, by row id: float32 [n, dim]; of one, [dim]."""
        import numpy as np

        return self._vectors[np.searchsorted(self._reports, reports)]

    def score(self, query: np.ndarray, reports: np.ndarray) -> np.ndarray:
        """The cosines of a query to some reports, by row id: float32 [n]."""
        import numpy as np

        if not len(reports):
            return np.empty(0, np.float32)
        return self.of(reports) @ query
