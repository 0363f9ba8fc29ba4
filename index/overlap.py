"""A draft of a new commission against all that has been done: what is answered already, where, and how sure that is.

The draft is cut into what it asks for (index/asks.py). Each ask is searched for as any question, and the less it says itself
the more of the whole draft's direction it is given, so that «hvor mange er det?» keeps its subject while an ask on another matter
is judged by itself. A report counts by how high it stands for the whole draft and for each ask. Whether the work is done
already is told by how near the nearest reports as wholes lie to the whole draft, by weights learnt on drafts of the project's
own (bench/train_overlap.py). It advises; people decide.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from errors import UsageError
from index import answer, stems
from index.asks import Ask, asks
from index.query import Query, parse
from index.ranking import Ranking
from index.records import PassageHit, ReportCard
from index.results import results
from index.snapshot import Snapshot
from index.vectors import unit

if TYPE_CHECKING:
    import numpy as np

LEARNT = Path(__file__).parent / "data" / "overlap.toml"
LABELS = ("duplicate", "partial", "new")
SUBJECT = 0.75  # of the whole draft's vector, what is added to an ask of one telling word; to one of more, so many times less
BARE = 3  # telling words; an ask of fewer is searched for with its sentence
WHOLE = 0.6  # how much a report's place for the whole draft counts beside its mean place for the asks
NEAREST = 1 / 60  # of the reports, those that tell how much is done next to the draft
MOST = 40  # asks that are checked; a commission has a dozen
DEEP = 100  # reports ranked for the draft and each ask
NAMED = 10  # reports
EVIDENCE = 3  # passages shown for an ask
TOUCHES = 0.5  # of the best passage's score, what another must have to be shown beside it
COVERED = 0.5  # probability from which an ask is held to be answered, in a draft that is not held to be new,
SPOKEN = 0.3  # where so much of its words, by their rarity, stand in one of the first passages
TOUCHED = 0.35  # and from which something is held to touch it; what is less likely is only the nearest there is
"""An ask by itself tells little: in a base of a whole sector something lies near any question (measured on the project's own drafts,
the probability of an answer parts asks whose report is in the base from those whose report is not with an AUC of .53). So none is
held to be answered where the draft as a whole is more likely new than not, or where what lies near speaks of other things: whoever
trusts it too far leaves undone what no one has done."""
LONGEST = 20_000  # characters; a commission is a page or two
FEWEST = 5  # words

Ranker = Callable[[Query, "np.ndarray", int], Ranking]


class Evidence(NamedTuple):
    """A passage that answers an ask or touches it. `score`, 0..1: how likely the ask is answered, by as much as the passage
    stands to the best one."""

    report: ReportCard
    passage: PassageHit
    score: float


class Asked(NamedTuple):
    """What the draft asks for in one place: whether earlier work answers it, and the passages that do or come near."""

    text: str
    covered: bool
    evidence: tuple[Evidence, ...]

    @property
    def state(self) -> str:
        """"covered", "touched", "open" (only the nearest there is) or "none" (nothing at all): what its best evidence is worth."""
        if not self.evidence:
            return "none"
        best = max((item.score for item in self.evidence), default=0.0)
        return "covered" if self.covered else "touched" if best >= TOUCHED else "open"


@dataclass(frozen=True, slots=True)
class Overlap:
    """`label` is the likeliest of LABELS; `reports` come in the order to read them, each with its score (0..1)."""

    label: str
    probability: dict[str, float]
    reports: tuple[tuple[ReportCard, float], ...]
    questions: tuple[Asked, ...]
    left_out: int = 0  # asks after the first MOST, which were not checked

    def as_json(self) -> dict[str, Any]:
        return {
            "label": self.label,
            "probability": {label: round(value, 3) for label, value in self.probability.items()},
            "reports": [{"report": card.as_json(), "score": round(score, 4)} for card, score in self.reports],
            "questions": [
                {
                    "text": asked.text,
                    "covered": asked.covered,
                    "evidence": [
                        {
                            "report": found.report.as_json(),
                            "page": found.passage.page,
                            "passage": found.passage.text,
                            "best": list(found.passage.best),
                            "score": round(found.score, 4),
                        }
                        for found in asked.evidence
                    ],
                }
                for asked in self.questions
            ],
        }


class Part(NamedTuple):
    """An ask as it was searched for."""

    ask: Ask
    query: Query
    vector: np.ndarray
    ranking: Ranking


class Places(NamedTuple):
    """How reports stand to a draft: row ids with their scores, best first; the draft's vector; the rankings they come of."""

    scores: dict[int, float]
    vector: np.ndarray
    whole: Ranking
    parts: tuple[Part, ...]


class Signs(NamedTuple):
    """What tells whether the work is done already, of a base's reports as wholes: for a draft is about as much as a report is."""

    first: float  # cosine of the draft to the nearest report
    near: float  # mean cosine to the NEAREST: a draft in other words than its report's still lies among those on its matter
    size: float  # logarithm of the number of reports: among more, the nearest are nearer by chance


def checked(draft: str) -> str:
    """The draft as it can be checked. UsageError where it is too short or too long for that."""
    draft = draft.strip()
    if len(re.findall(r"[^\W\d_]+", draft)) < FEWEST:
        raise UsageError(f"Utkastet har færre enn {FEWEST} ord; lim inn teksten om hva oppdraget skal svare på.")
    if len(draft) > LONGEST:
        raise UsageError(f"Utkastet er på {len(draft)} tegn; lim inn bare det oppdraget skal svare på, høyst {LONGEST} tegn.")
    return draft


def places(draft: str, vectors: Callable[[Sequence[str]], np.ndarray], ranked: Ranker) -> Places:
    """How the reports stand to a draft. `vectors` embeds questions, `ranked` searches for one with its vector."""
    cut = asks(draft)[:MOST]
    texts = [searched(ask) for ask in cut]
    every = vectors([draft, *texts])
    own = unit(every[1:] + [[SUBJECT / max(1, len(stems.terms(text)))] for text in texts] * every[:1])
    whole = ranked(parse(_plain(draft)), every[0], DEEP)
    queries = [parse(_plain(text)) for text in texts]
    parts = tuple(
        Part(ask, query, vector, ranked(query, vector, DEEP)) for ask, query, vector in zip(cut, queries, own, strict=True)
    )
    scores: dict[int, float] = {}
    for ranking, share in [(whole, WHOLE), *((part.ranking, (1 - WHOLE) / max(1, len(parts))) for part in parts)]:
        for found in ranking.reports:
            scores[found.report] = scores.get(found.report, 0.0) + share * found.score
    return Places(dict(sorted(scores.items(), key=lambda item: (-item[1], item[0]))), every[0], whole, parts)


def searched(ask: Ask) -> str:
    """An ask that says little by itself («hvem som rammes mest») is searched for as the sentence that it stands in."""
    return ask.text if len(stems.terms(ask.text)) >= BARE else ask.sentence


def _plain(text: str) -> str:
    """Without the signs of the query language: a draft excludes nothing and quotes no phrase to be found."""
    return " ".join(word.lstrip("-–+") for word in text.replace('"', " ").replace("«", " ").replace("»", " ").split())


def signs(cosines: np.ndarray) -> Signs:
    """`cosines`: of the draft to each report that may answer, as a whole."""
    if not len(cosines):
        return Signs(0.0, 0.0, 0.0)
    nearest = sorted(cosines.tolist(), reverse=True)[: max(1, round(NEAREST * len(cosines)))]
    return Signs(nearest[0], sum(nearest) / len(nearest), math.log(len(cosines)))


def probabilities(found: Signs, model: str) -> dict[str, float]:
    """Of each label, 0..1, together 1: that anything like it is done, and, of that, that the whole of it is.

    `model` as from `answer.model_of`: the cosines of two models don't compare. Those of a model other than the bundled one are
    judged as the plain bundled one's, which may be far off: measure with `index eval-overlap`.
    """
    learnt, values = _learnt()[model], found._asdict()
    some, whole = (answer.logistic(learnt[name], values) for name in ("some", "whole"))
    return dict(zip(LABELS, (some * whole, some * (1 - whole), 1 - some), strict=True))


def overlap(
    snapshot: Snapshot,
    draft: str,
    vectors: Callable[[Sequence[str]], np.ndarray],
    ranked: Ranker,
    reports: np.ndarray,
    model: str,
    weight: float,
) -> Overlap:
    """The whole check. `vectors` and `ranked` as for `places`; `reports`: the row ids of those that may answer; `model` and
    `weight` as for `answer.probability`."""
    found = places(checked(draft), vectors, ranked)
    told = probabilities(signs(snapshot.abstracts.score(found.vector, reports)), model)
    may = told["new"] < COVERED
    first = [(snapshot.cards[number], score) for number, score in list(found.scores.items())[:NAMED]]
    questions = tuple(_asked(snapshot, part, answer.probability(part.ranking.signs, weight, model), may) for part in found.parts)
    left_out = max(0, len(asks(draft)) - MOST)
    return Overlap(max(LABELS, key=lambda label: told[label]), told, tuple(first), questions, left_out)


def _asked(snapshot: Snapshot, part: Part, sure: float, may: bool) -> Asked:
    """`may`: whether it can be answered at all."""
    best = part.ranking.reports[0].score if part.ranking.reports else 0.0
    near = [r for r in part.ranking.reports[:EVIDENCE] if r.score >= TOUCHES * best > 0]
    hits = results(snapshot, part.ranking._replace(reports=near), part.query, part.vector, 1)
    evidence = tuple(Evidence(r.report, r.passages[0], sure * r.passages[0].score / best) for r in hits)
    return Asked(part.ask.text, bool(evidence) and may and sure >= COVERED and part.ranking.signs.covered >= SPOKEN, evidence)


@cache
def _learnt() -> dict[str, dict[str, dict[str, float]]]:
    return tomllib.loads(LEARNT.read_text("utf-8"))
