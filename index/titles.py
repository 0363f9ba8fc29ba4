"""What titles are compared by: their words, the numbers that tell reports of one name apart, and their letters."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

LETTERS = " abcdefghijklmnopqrstuvwxyzæøå"

_WORD = re.compile(r"[^\W_]+")
_NUMBER = re.compile(r".*\d.*|ii+|iv|vii+|ix")  # «i», «vi», «v» and «x» are words or letters as often


def words(text: str) -> list[str]:
    """The words of a text, casefolded."""
    return [word.casefold() for word in _WORD.findall(text)]


def numbers(words: Iterable[str]) -> frozenset[str]:
    """Those that have digits, or are Roman numerals: years, quarters and parts. Two titles that differ in them name two reports,
    however alike the rest is."""
    return frozenset(word for word in words if _NUMBER.fullmatch(word))


class Near:
    """Short texts, of which those that may be alike to another are found by their letters alone, without a comparison of each."""

    def __init__(self, texts: Sequence[str], like: float) -> None:
        """`like`, of 100: how alike is meant, as an Indel ratio: 1 - (letters to be put in or taken out) / (letters of both)."""
        self._texts = texts
        self._apart = 1 - like / 100

    def to(self, text: str) -> list[int]:
        """The places of all texts that are so alike to `text`, and of few others: each letter that the one has more of than
        the other must be put in or taken out."""
        import numpy as np

        order, lengths, counts = self._table
        least, most = (1 - self._apart) / (1 + self._apart), (1 + self._apart) / (1 - self._apart)
        low = int(np.searchsorted(lengths, len(text) * least - 1e-6))
        high = int(np.searchsorted(lengths, len(text) * most + 1e-6, "right"))
        apart = np.abs(counts[:, low:high] - _counts([text])).sum(0, np.int32)
        near = apart <= self._apart * (lengths[low:high] + len(text)) + 1e-6
        return sorted(order[low:high][near].tolist())

    @cached_property
    def _table(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The places of the texts by their lengths, these lengths, and how often each has each of LETTERS: int16 [letters, n]."""
        import numpy as np

        lengths = np.array([len(text) for text in self._texts], np.int64)
        order = np.argsort(lengths, kind="stable")
        return order, lengths[order], _counts([self._texts[i] for i in order])


def _counts(texts: Sequence[str]) -> np.ndarray:
    import numpy as np

    return np.array([[text.count(letter) for text in texts] for letter in LETTERS], np.int16)
