"""What two reports share a subject in: the concept of the vocabulary that both are about, for a reason that people can read."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from index import stems
from index.bridge import Bridge, concepts

if TYPE_CHECKING:
    import numpy as np

NEAR = 2.0  # standard deviations that a concept must lie nearer to each report than the mean concept does
SAID = 0.7  # of a term's telling parts, what each text must have
FIRST = 30  # concepts nearest to both that are looked for in the texts


def subject(bridge: Bridge, one: np.ndarray, other: np.ndarray, texts: tuple[str, str]) -> str:
    """The official term of the concept that two reports share, "" where there is none that both lie near and speak of.

    `one`, `other`: their vectors as wholes; `texts`: what each says. Each must have the parts of one of the concept's official
    terms, not necessarily the same one.
    """
    import numpy as np

    near = [bridge.by_meaning(vector) for vector in (one, other)]
    if any(likeness is None for likeness in near):
        return ""
    both = np.sqrt(np.maximum(near[0], 0) * np.maximum(near[1], 0))
    able = (np.minimum(*near) >= NEAR) * both
    held = [stems.leaves(text) for text in texts]
    best, worth = "", 0.0
    for number in np.argsort(-able, kind="stable")[:FIRST].tolist():
        said = min(_said(number, leaves) for leaves in held)
        if said >= SAID and said * able[number] > worth:
            best, worth = concepts()[number].official[0], said * float(able[number])
    return best


def _said(number: int, leaves: frozenset[str]) -> float:
    """How much of one of a concept's official terms a text has, by rarity, 0..1."""
    bags, rarity = _bags()
    return max((sum(rarity[p] for p in bag & leaves) / sum(rarity[p] for p in bag) for bag in bags[number] if bag), default=0.0)


@cache
def _bags() -> tuple[list[list[frozenset[str]]], dict[str, float]]:
    """For each concept the stems of its official terms, and how rare each stem is among all terms."""
    bags = [[stems.leaves(term) for term in concept.official] for concept in concepts()]
    return bags, stems.rarity([bag for some in bags for bag in some])
