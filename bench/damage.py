"""Damage as English OCR does it, learnt from pairs of printed and read paragraphs, for any text.

Each damaged text takes the manner of one paragraph (its typeface, resolution and wear): where that paragraph shows how a
letter was read, one of those readings is drawn, elsewhere one of all paragraphs.
"""

from __future__ import annotations

import json
import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

OWN = 0.8  # of the readings are drawn from the paragraph's own
Readings = dict[tuple[str, bool], Counter[str]]  # (printed letter, is it a word of its own) -> what was read


def aligned(clean: str, read: str) -> Iterator[tuple[int, str]]:
    """Each place of the printed text with what was read for it."""
    from rapidfuzz.distance import Levenshtein

    for op, i1, i2, j1, j2 in Levenshtein.opcodes(clean, read):
        if op == "insert" or i2 == i1:
            continue
        for i in range(i1, i2):
            start = j1 + i - i1
            yield i, read[start:j2] if i == i2 - 1 and op != "equal" else read[start : start + 1] if start < j2 else ""


def alone(text: str, i: int) -> bool:
    """Is the letter at i a word of its own?"""
    return not (i and text[i - 1].isalnum()) and not text[i + 1 : i + 2].isalnum()


class Damage:
    """Learnt from rows with "clean" and "ocr"; `spoil` damages a text, the same way for the same seed."""

    def __init__(self, rows: Iterable[dict[str, str]]) -> None:
        self._all: Readings = defaultdict(Counter)
        self._manners: list[Readings] = []
        for row in rows:
            clean, read = (re.sub(r"\s+", " ", row[name]) for name in ("clean", "ocr"))
            manner: Readings = defaultdict(Counter)
            for i, seen in aligned(clean, read):
                manner[clean[i], alone(clean, i)][seen] += 1
            for key, found in manner.items():
                self._all[key].update(found)
            self._manners.append(manner)

    @classmethod
    def learnt(cls, path: Path) -> Damage:
        return cls(json.loads(line) for line in path.read_text("utf-8").splitlines())

    def spoil(self, text: str, seed: str) -> str:
        dice = random.Random(seed)
        manner = dice.choice(self._manners)
        return "".join(self._read(c, alone(text, i), manner, dice) for i, c in enumerate(text))

    def _read(self, letter: str, alone: bool, manner: Readings, dice: random.Random) -> str:
        if letter.isspace():
            return letter
        own = manner.get((letter, alone))
        found = own if own and dice.random() < OWN else self._all.get((letter, alone), own)
        return _drawn(found, dice) if found else letter


def _drawn(found: Counter[str], dice: random.Random) -> str:
    read: Sequence[str] = list(found)
    return dice.choices(read, list(found.values()))[0]
