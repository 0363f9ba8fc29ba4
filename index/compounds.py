"""Compounds to their parts: «sykefraværsoppfølging» is sykefravær and oppfølging, where the lexicon is sure of it."""

from __future__ import annotations

import math
import tomllib
from functools import cache, lru_cache
from pathlib import Path

SHORTEST = 7  # letters of a compound
LONGEST = 100  # what is longer is no word, and trying all ways to split it takes time and memory by its square
HEAD, TAIL = 3, 4  # letters of a part before the last, and of the last
RARE = 14.0  # cost (-ln P) of the rarest part, if it is long; a short one must be commoner, for chance makes it easily
SHORT = 0.9  # so much less for each letter that a part is short of LONG
LONG = 7
LINK = 0.7  # cost of a linking s or e
SEAM = 1.5  # cost of each seam beside that of the parts: of two ways to split, the one with fewer parts
VOWELS = frozenset("aeiouyæøåéèêóòôü")


@lru_cache(maxsize=200_000)
def split(word: str) -> tuple[str, ...]:
    """The parts of a lower-case word as they stand in it, linking letters left out; () where it is no sure compound.

    The words of one cut are at least as common as the whole (their mean cost is not above its own: Koehn and Knight,
    EACL 2003); of several cuts the one that costs least.
    """
    if not SHORTEST <= len(word) <= LONGEST or not word.isalpha():
        return ()
    cost, parts = _best(word)
    return parts if len(parts) > 1 and cost / len(parts) <= _cost(word) else ()


def leaves(word: str) -> tuple[str, ...]:
    """As `split`, with its parts split in turn: «syke», «fravær» and «oppfølging»."""
    return tuple(leaf for part in split(word) for leaf in leaves(part) or (part,))


def cost(word: str) -> float:
    """-ln P of a compound by its parts; infinite where it is none."""
    return _best(word)[0] if split(word) else math.inf


def _best(word: str) -> tuple[float, tuple[str, ...]]:
    """The cheapest way to make up `word` of two parts or more, and its cost; (inf, ()) where there is none."""
    found: list[tuple[float, tuple[str, ...]]] = [(math.inf, ())] * len(word)  # by the place where a last run begins
    for start in range(len(word) - HEAD, -1, -1):
        rest = word[start:]
        if start and (len(rest) >= TAIL or rest in runs()["short"]) and rest not in runs()["tail"]:
            found[start] = (_part(rest), (rest,))
        for end in range(start + HEAD, len(word) - HEAD + 1):
            after, parts = found[end]
            if after == math.inf:
                continue
            head, price = _head(word[start:end])
            if price + SEAM + after < found[start][0]:
                found[start] = (price + SEAM + after, (head, *parts))
    return found[0]


@lru_cache(maxsize=200_000)
def _head(run: str) -> tuple[str, float]:
    """The word that a run of letters before a seam is, and its cost; infinite where it is none."""
    if run in runs()["head"]:
        return run, math.inf
    best, price = run, _part(run)
    if run[-1] in "se" and len(run) > HEAD and run[:-1] not in runs()["head"]:
        without = _part(run[:-1]) + LINK
        if without < price:
            best, price = run[:-1], without
    return best, price


def _part(run: str) -> float:
    limit = RARE - SHORT * max(0, LONG - len(run))
    cost = _cost(run)
    return cost if cost <= limit and not VOWELS.isdisjoint(run) else math.inf


@lru_cache(maxsize=400_000)
def _cost(word: str) -> float:
    """-ln P of a word in the form of Norwegian where it is commonest; infinite where the lexicon lacks it."""
    from ingest.repair.lexicon import NEVER, lexicon

    words = lexicon()
    cost = min(words.cost(word, 0), words.cost(word, 1))
    return cost if cost < NEVER else math.inf


@cache
def runs() -> dict[str, frozenset[str]]:
    """Words that are no `head` or `tail` of a compound: particles and prefixes, endings; and the `short` ones that are a tail."""
    data = tomllib.loads((Path(__file__).parent / "data" / "compounds.toml").read_text("utf-8"))
    return {name: frozenset(words.split()) for name, words in data.items()}
