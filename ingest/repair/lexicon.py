"""What is known of Norwegian words: how common each is, what stands beside it, which letters follow each other.

The data are counts learnt by bench/train_repair.py. Costs are negative natural logarithms of probabilities.
"""

from __future__ import annotations

import lzma
import math
from array import array
from bisect import bisect_left
from functools import lru_cache
from pathlib import Path

import numpy as np

DATA = Path(__file__).parent / "data"
SCALE = 12  # of the stored costs (see bench/train_repair.py)
LANGUAGES = ("nb", "nn")
NEVER = 22.0  # cost of a word that one of the two languages lacks
JOIN = 2.0  # cost of each seam in a compound
PART = 16.0  # a part of a compound is at least as common as this
SHORT = 3.0  # more for a part of three letters: many words seem to be made of such
PARTS = 3  # of a compound, at most
LONGEST = 60  # letters of a word that is looked into; what is longer was not written by people
COMPOUND = 5.5  # cost, beside that of its letters, of a compound that is likelier than its parts tell
LOOSE = 0.1  # of what its parts cost more than that, on top
UNKNOWN = 7.0  # cost, beside that of its letters, of a word that is neither known nor a compound
SMOOTH = 0.4  # added to seen and to expected counts of neighbours
BACKOFF = 1.2  # cost of each shorter letter context
LETTERS = 14.0  # ln of the letters that were counted, about
ALONE = 4.0  # cost, beside that of its frequency, of a letter that no letter before it foretells
UNSEEN = 12.0  # cost of a sign that no word has
PAIRED_WORDS = 6.6e6  # words of running text behind the pairs
STOP = "<s>"


def _read(name: str) -> bytes:
    return lzma.decompress((DATA / name).read_bytes())


class Lexicon:
    """Words with their costs in bokmål and nynorsk. Loaded once by `lexicon()`; nothing in it changes after that."""

    def __init__(self) -> None:
        words = _read("words.xz").decode().split("\n")
        costs = _read("costs.xz")
        self.words: dict[str, int] = {word: i for i, word in enumerate(words)}
        self._costs = (costs[: len(words)], costs[len(words) :])
        self.foreign: frozenset[str] = frozenset(_read("foreign.xz").decode().split("\n"))
        twins, doubtful = _read("doubtful.xz").decode().split("\n\n")
        self.twins: frozenset[str] = frozenset(twins.split("\n"))  # known words that may be another, damaged
        self._doubtful: frozenset[str] = frozenset(doubtful.split("\n"))  # those whose neighbours were counted
        self.capital: frozenset[str] = frozenset((DATA / "capital.txt").read_text(encoding="utf-8").split())
        self._capitals = _read("capitals.xz")
        packed = np.frombuffer(_read("pairs.xz"), dtype=np.uint8).reshape(6, -1)
        steps = sum(packed[i].astype(np.int64) << (8 * i) for i in range(5))
        self._pairs = array("q", np.cumsum(steps).tobytes())
        self._pair_counts = packed[5].tobytes()
        grams, _, counts = _read("letters.xz").partition(b"\n\n")
        self._grams: dict[str, int] = dict(zip(grams.decode().split("\n"), counts, strict=True))
        self.letter = lru_cache(maxsize=400_000)(self._letter)
        self.compound = lru_cache(maxsize=100_000)(self._compound)
        self.fit = lru_cache(maxsize=400_000)(self._fit)

    def __contains__(self, word: str) -> bool:
        return word in self.words

    def cost(self, word: str, language: int) -> float:
        """-ln P of a known lower-case word in LANGUAGES[language]; NEVER where it is not known."""
        at = self.words.get(word)
        if at is None:
            return NEVER
        byte = self._costs[language][at]
        return byte / SCALE if byte < 255 else NEVER

    def capital_share(self, word: str) -> float:
        """How often a lower-case word has a capital inside a sentence; 1 where that isn't known or not counted."""
        at = self.words.get(word)
        return 1.0 if at is None else 2 ** (-self._capitals[at] / 16)

    def common(self, cost: float) -> list[str]:
        """The words of either language that cost at most `cost`."""
        limit = int(cost * SCALE)
        return [w for w, nb, nn in zip(self.words, *self._costs, strict=True) if nb <= limit or nn <= limit]

    def _letter(self, context: str, letter: str) -> float:
        cost = 0.0
        while True:
            seen = self._grams.get(context + letter)
            if seen is not None:
                if not context:
                    return cost + LETTERS - seen / 16 * math.log(2) + ALONE
                return cost + max(0.0, (self._grams[context] - seen) / 16 * math.log(2))
            if not context:
                return cost + UNSEEN
            context = context[1:]
            cost += BACKOFF

    def spelling(self, word: str) -> float:
        """Cost of the letters of a lower-case word, by what usually follows the four letters before each."""
        padded = "^^^^" + word + "$"
        return sum(self.letter(padded[i - 4 : i], padded[i]) for i in range(4, len(padded)))

    def _compound(self, word: str, language: int, parts: int = PARTS) -> float:
        """Cost of the best split into two to `parts` known parts, with a linking s or e; infinite if there is none."""
        best = math.inf
        if len(word) > LONGEST:
            return best
        words = self.words
        for i in range(3, len(word) - 2):
            if word[:i] not in words and not (word[i - 1] in "se" and word[: i - 1] in words):
                continue  # most places are none where a part ends
            head = self._part(word[:i], language)
            if head is None:
                continue
            rest = word[i:]
            tail = self._part(rest, language, last=True) if rest in words else None
            if tail is None and len(rest) > 6 and parts > 2:
                tail = self.compound(rest, language, parts - 1)
            if tail is not None:
                best = min(best, head + JOIN + tail)
        return best

    def _part(self, part: str, language: int, last: bool = False) -> float | None:
        cost = self.cost(part, language)
        if not last and len(part) > 4 and part[-1] in "se":
            cost = min(cost, self.cost(part[:-1], language) + 0.7)
        if len(part) < 4:
            return cost + SHORT if cost < PART - 5 else None
        return cost if cost < PART else None

    def is_compound(self, word: str) -> bool:
        """Is a word made of known parts?"""
        return self.compound(word, 0) < math.inf or self.compound(word, 1) < math.inf

    def is_sound(self, word: str) -> bool:
        """Is a lower-case word known, or made of known parts?"""
        return word in self.words or self.is_compound(word)

    def judge(self, word: str) -> tuple[tuple[float, bool], tuple[float, bool]]:
        """For each language: the cost of any lower-case word, and whether it is a sound one there."""
        letters = None
        found = []
        for language in (0, 1):
            cost, sound = self.cost(word, language), True
            if cost >= NEVER:
                parts = self.compound(word, language)
                letters = self.spelling(word) if letters is None else letters
                sound = parts < math.inf
                cost = letters + UNKNOWN
                if sound:
                    cost = min(parts, letters + COMPOUND + LOOSE * max(0.0, parts - letters - COMPOUND), cost)
            found.append((cost, sound))
        return found[0], found[1]

    def _fit(self, left: str, right: str) -> float:
        """How much likelier `right` is after `left` than by itself (ln); 0 where that was not counted."""
        a, b = self.words.get(left), self.words.get(right)
        if a is None or b is None or (left not in self._doubtful and right not in self._doubtful):
            return 0.0
        key = a * len(self.words) + b
        at = bisect_left(self._pairs, key)
        seen = 2 ** (self._pair_counts[at] / 16) if at < len(self._pairs) and self._pairs[at] == key else 0.0
        expected = PAIRED_WORDS * math.exp(
            -min(self.cost(left, 0), self.cost(left, 1)) - min(self.cost(right, 0), self.cost(right, 1))
        )
        return math.log((seen + SMOOTH) / (expected + SMOOTH))


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """The one lexicon, read from the data folder at the first call (about a third of a second)."""
    return Lexicon()
