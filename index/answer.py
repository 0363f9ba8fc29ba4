"""How likely it is that something found squarely answers: a logistic regression on what can be seen of a search.

Learnt by bench/train_answer.py from questions of the project's own, asked once with the text that answers them in the base
and once without it; so a near miss counts as a miss.
"""

from __future__ import annotations

import math
import tomllib
from functools import cache
from pathlib import Path
from typing import NamedTuple

LEARNT = Path(__file__).parent / "data" / "answer.toml"


class Signs(NamedTuple):
    """What can be seen of how well a question was answered; 0 where that search was not asked."""

    cosine: float = 0.0  # of the nearest passage
    lead: float = 0.0  # how far the nearest report stands above the tenth, in standard deviations of all passages
    held: float = 0.0  # the word score of the best passage, of what the question's words could get
    covered: float = 0.0  # of the question's words by their rarity, how much stands in one of the first passages (0..1)
    agreed: float = 0.0  # of the first five reports by words and by vectors, how many are the same (0..1)


def mode(weight: float) -> str:
    """Which searches were asked: what the probability was learnt for."""
    return "words" if weight <= 0 else "vectors" if weight >= 1 else "both"


def probability(signs: Signs, weight: float) -> float:
    """That something found squarely answers, 0..1."""
    learnt = _learnt()[mode(weight)]
    total = learnt["bias"] + sum(learnt[name] * value for name, value in signs._asdict().items() if name in learnt)
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


@cache
def _learnt() -> dict[str, dict[str, float]]:
    return tomllib.loads(LEARNT.read_text("utf-8"))
