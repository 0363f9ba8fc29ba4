"""Is a text damaged, how much, and is it Norwegian at all: detection comes before repair.

English OCR knows no æ, ø, å. So a paragraph that has them is sound, and one that has the tell-tale forms of common
words instead ("ogsa", "vaere", "stgrre") is damaged. The share of damaged letters is judged for the document first,
then for each block, the document being the expectation.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from functools import lru_cache
from itertools import product

from ingest.repair.lexicon import Lexicon
from ingest.repair.tokens import Token
from ingest.report import Edit

LETTERS = "æøåÆØÅ"
SIGNS = frozenset(LETTERS)
READINGS = {"ø": ("o", "g", "a", "e", "@"), "å": ("a",), "æ": ("e", "ae", "ee", "ze")}
COMMON = 10.2  # words cheaper than this (nats), of those with æ, ø, å, give tell-tale forms
PRIOR = 0.1  # sound and damaged words imagined beforehand
CARRY = 0.5  # weight of the document in judging a block, in words
SOUND = 0.1  # at or below this share of damaged letters a block is left alone
SEVERAL = 3  # different tell-tale forms that a block of a sound document must have
WINDOW = 8  # words to each side that show the language around a word
LOOSE = re.compile(r"[\w@]+")
WORD = re.compile(r"[^\W\d_][\w@¢&|]*[\w@¢&|]")


@lru_cache(maxsize=1)
def tells(lexicon: Lexicon) -> frozenset[str]:
    """Forms that are no words, but common words as English OCR reads them."""
    forms: set[str] = set()
    for word in lexicon.common(COMMON):
        if len(word) > 1 and not SIGNS.isdisjoint(word):
            options = [READINGS.get(c, (c,)) for c in word]
            forms.update("".join(letters) for letters in product(*options))
    return frozenset(f for f in forms if f not in lexicon and f not in lexicon.foreign)


def evidence(text: str, lexicon: Lexicon) -> tuple[int, int]:
    """How many sound æ, ø, å a text has, and how many different tell-tale forms (in small letters: no names)."""
    known = tells(lexicon)
    told = len(known.intersection(LOOSE.findall(text)))  # a strange word over and over is one piece of evidence
    return (0 if text.isascii() else sum(map(text.count, LETTERS))), told


def share(sound: int, told: int) -> float:
    """The share of damaged letters of a document."""
    return (told + PRIOR) / (told + sound + 2 * PRIOR)


def block_share(sound: int, told: int, document: float) -> float:
    """The share of damaged letters of a block, the document's share being the expectation.

    In a document that is sound a block needs several tell-tale forms to be seen as damaged.
    """
    if document <= SOUND and told < SEVERAL:
        return 0.0
    return (told + CARRY * document) / (told + sound + CARRY)


def foreign(tokens: Sequence[Token], lexicon: Lexicon) -> list[bool]:
    """For each token: does it stand in a stretch of another language?"""
    known = tells(lexicon)
    marks = []
    for token in tokens:
        low = token.text.lower()
        marks.append(1 if low in lexicon.foreign else -1 if len(low) > 1 and (low in lexicon or low in known) else 0)
    if 1 not in marks:
        return [False] * len(marks)
    sums = [0]
    for mark in marks:
        sums.append(sums[-1] + mark)
    n = len(marks)
    return [sums[min(n, i + WINDOW + 1)] - sums[max(0, i - WINDOW)] > 0 for i in range(n)]


def nynorsk(tokens: Sequence[Token], lexicon: Lexicon) -> float:
    """Evidence for nynorsk over bokmål, in nats (each word counts for 2 at most).

    Words that may be a damaged other word are not asked: "fra" is bokmål, or nynorsk "frå".
    """
    total = 0.0
    for token in tokens:
        low = token.text.lower()
        if low in lexicon and low not in lexicon.twins:
            total += max(-2.0, min(2.0, lexicon.cost(low, 0) - lexicon.cost(low, 1)))
    return total


def quality(raw: str, edits: Sequence[Edit], lexicon: Lexicon) -> float:
    """The share of a page's words that are sound as they stand, 0..1 (1 for a page without words).

    Sound are known and foreign words, compounds, and words with a capital (names) that repair did not touch.
    """
    words = list(WORD.finditer(raw)) if edits else []
    rest = [m.group() for m in words if not _touched(m.start(), m.end(), edits)] if edits else WORD.findall(raw)
    total = len(words) if edits else len(rest)
    if not total:
        return 1.0
    sound = 0
    for word in rest:
        low = word.lower()
        sound += low in lexicon.words or low in lexicon.foreign or word[0].isupper() or lexicon.is_compound(low)
    return round(sound / total, 4)


def _touched(start: int, end: int, edits: Sequence[Edit]) -> bool:
    """Does any of the ordered edits change characters in [start, end)?"""
    at = bisect_left(edits, end, key=lambda e: e.start)
    return at > 0 and edits[at - 1].end > start
