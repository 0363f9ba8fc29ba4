"""How likely it is that something found squarely answers, by what can be seen of a search.

With the adapter, and by words alone, a logistic regression, learnt by bench/train_answer.py from questions of the project's
own, asked once with the texts on their matter in the base and once without; so a near miss counts as a miss. With the plain
model a rule.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

from index.encoder import BUNDLED
from settings import Settings

LEARNT = Path(__file__).parent / "data" / "answer.toml"


class Signs(NamedTuple):
    """What can be seen of how well a question was answered; 0 where that search was not asked."""

    cosine: float = 0.0  # of the nearest passage
    lead: float = 0.0  # how far the nearest report stands above the tenth, in standard deviations of all passages
    held: float = 0.0  # the word score of the best passage, of what the question's words could get
    covered: float = 0.0  # of the question's words by their rarity, how much stands in one of the first passages (0..1)
    agreed: float = 0.0  # of the first five reports by words and by vectors, how many are the same (0..1)
    nearest: float = 0.0  # cosine of the nearest passage or sentence
    english: bool = False  # the question is, most reports are not


HALF_NEAR, HALF_HELD = 0.845, 0.73  # where nearness, or words held, make an answer as likely as not, by the plain model
STEEP_NEAR, STEEP_HELD = 200.0, 12.0
ACROSS = 0.04  # cosines between two languages lie lower by about so much


def mode(weight: float) -> str:
    """Which searches were asked: what the probability was learnt for."""
    return "words" if weight <= 0 else "vectors" if weight >= 1 else "both"


def model_of(settings: Settings) -> str:
    """Which model the probability is told for; any other is taken as the plain one."""
    return "adapted" if settings.model.name == BUNDLED and settings.model.adapter else "plain"


def probability(signs: Signs, weight: float, model: str) -> float:
    """That something found squarely answers, 0..1. `model` as from `model_of`.

    For the plain model it is a rule, not learnt: its cosines part near misses from answers too poorly (AUC 0.59), so
    an answer is what is near in meaning or holds the very words.
    """
    if model == "plain" and mode(weight) != "words":
        near = _curve(STEEP_NEAR * (signs.nearest + ACROSS * signs.english - HALF_NEAR))
        held = _curve(STEEP_HELD * (signs.held - HALF_HELD))
        return 1 - (1 - near) * (1 - held)
    return logistic(_learnt()[mode(weight)], signs._asdict())


def logistic(learnt: Mapping[str, float], values: Mapping[str, float]) -> float:
    """The probability, 0..1, that weights by the names of the signs, and a bias, give some values of these."""
    return _curve(learnt["bias"] + sum(learnt[name] * values[name] for name in learnt if name != "bias"))


def _curve(value: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, value))))


@cache
def _learnt() -> dict[str, dict[str, float]]:
    return tomllib.loads(LEARNT.read_text("utf-8"))
