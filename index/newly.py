"""Which new reports answer a question: by the search's own order, the strength that fills a cell of the overview
(index/matrix.py), and the search's own rule for "no good answer".

How likely an answer is was learnt for the best that a base has, asked with and without the texts on the matter
(index/answer.py). So each new report is asked for in a base without those that answer better: there it stands first, and the
probability is what the search would tell if it were the best there is. A filter to the new reports alone would not do: among
few, none stands out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from index.answer import model_of, probability
from index.matrix import LEAST
from index.ranking import rank
from index.records import Filters, PassageHit, ReportCard
from index.results import results

if TYPE_CHECKING:
    from index.search import Index


@dataclass(frozen=True, slots=True)
class Found:
    """A new report that answers, with its best passage. `probability` (0..1): that it does, as told of the best of a base."""

    report: ReportCard
    passage: PassageHit
    probability: float

    def as_json(self) -> dict[str, Any]:
        return {
            "report": self.report.as_json(),
            "seen": self.report.seen,
            "passage": self.passage.text,
            "page": self.passage.page,
            "best": list(self.passage.best),
            "probability": round(self.probability, 3),
        }


def answering(index: Index, question: str, filters: Filters, after: str) -> tuple[Found, ...]:
    """The reports first seen later than the moment `after` that answer, the best first.

    UsageError for a question that the search wouldn't take.
    """
    import numpy as np

    snapshot, search = index.snapshot, index.settings.search
    query = index.asked(question).query
    new = {number for number, card in snapshot.admitted(filters).items() if card.seen > after}
    if not new:
        return ()
    vector = index.vector(query.text) if search.weight > 0 else None
    allowed = snapshot.allowed(filters, query)
    allowed = np.ones(len(snapshot.reports), bool) if allowed is None else allowed

    def ranked(k: int, among: np.ndarray):
        return rank(snapshot, query, vector, index.bridge(search.weight), k, among, search.weight, search.candidates)

    every = ranked(len(index), allowed)
    order = [r.report for r in every.reports]
    sure: dict[str, float] = {}
    for place, one in enumerate(every.reports):
        if one.report not in new or one.score < LEAST:
            continue
        signs = ranked(1, allowed & ~np.isin(snapshot.reports, order[:place])).signs
        likely = probability(signs, search.weight, model_of(index.settings))
        if likely >= search.no_answer_below:
            sure[snapshot.cards[one.report].id] = likely
    told = every._replace(reports=[r for r in every.reports if snapshot.cards[r.report].id in sure])
    shown = results(snapshot, told, query, vector, 1) if sure else ()
    return tuple(Found(one.report, one.passages[0], sure[one.report.id]) for one in shown)
