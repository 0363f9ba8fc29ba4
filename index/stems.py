"""The Norwegian analysis: a text to the stems that it is found by; bokmål and nynorsk have one stem for one word."""

from __future__ import annotations

import math
import re
import threading
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Collection
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from index import compounds

DATA = Path(__file__).parent / "data"

STOP = "="
"""What marks a stop word among stems."""

_WORD = re.compile(r"[^\W_]+")
_thread = threading.local()


class Term(NamedTuple):
    """A word of a text: characters [start, end), and the stem that it is found by."""

    stem: str
    start: int
    end: int


def terms(text: str) -> list[Term]:
    """The words of `text` that carry meaning, in order. Numbers are kept; stop words are not."""
    found = ((stem(m.group()), m.start(), m.end()) for m in _WORD.finditer(text))
    return [Term(*term) for term in found if term[0]]


def stems(text: str) -> list[str]:
    return [term.stem for term in terms(text)]


def function_words(text: str) -> list[str]:
    """The stop words of `text`, marked as such: what a query of nothing else is searched by."""
    return [STOP + word for m in _WORD.finditer(text) if (word := folded(m.group())) in stop_words()]


@lru_cache(maxsize=200_000)
def inner(word: str) -> tuple[str, ...]:
    """The stems of the parts of a casefolded compound, the smallest ones; () for a word that is none."""
    found = (stem(part) for part in compounds.leaves(word))
    return tuple(part for part in found if part)


def leaves(text: str) -> frozenset[str]:
    """The stems of a text as a set, compounds by their parts."""
    found: set[str] = set()
    for term in terms(text):
        found.update(inner(text[term.start : term.end].casefold()) or (term.stem,))
    return frozenset(found)


def rarity(bags: Collection[frozenset[str]]) -> dict[str, float]:
    """How much each stem tells a text from the others, > 0: the logarithm of how few of the bags have it, as in BM25."""
    seen = Counter(stem for bag in bags for stem in bag)
    return {stem: math.log((len(bags) + 1) / (count + 0.5)) for stem, count in seen.items()}


@cache
def stop_words() -> frozenset[str]:
    data = tomllib.loads((DATA / "stopwords.toml").read_text("utf-8"))
    return frozenset(word for words in data.values() for word in words.split())


class Meant(NamedTuple):
    """The bokmål stem of a nynorsk one, and the word before a seam where that is more than the stem («bol», «bolig»)."""

    stem: str
    head: str = ""


@cache
def bokmaal() -> dict[str, Meant]:
    """Nynorsk stems, and whole words before a seam, and what they mean in bokmål (learnt by bench/train_nynorsk.py)."""
    lines = (DATA / "nynorsk.tsv").read_text("utf-8").splitlines()
    return {nynorsk: Meant(*meant) for nynorsk, *meant in (line.split("\t") for line in lines)}


def folded(word: str) -> str:
    return unicodedata.normalize("NFC", word).casefold()


def root(word: str) -> str:
    """The stem of a word (casefolded) as it is written, in whatever form of Norwegian."""
    if not hasattr(_thread, "stemmer"):  # a stemmer holds the word that it works on, so each thread has its own
        import snowballstemmer

        _thread.stemmer = snowballstemmer.stemmer("norwegian")
    return _thread.stemmer.stemWord(word)


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """The stem of one word, or "" for a stop word."""
    word = folded(word)
    if word in stop_words():
        return ""
    found = root(word)
    meant = bokmaal().get(found)
    return meant.stem if meant else _of_parts(word) or found


def _of_parts(word: str) -> str:
    """The stem of a nynorsk compound with its parts in bokmål («skuleeigar»: «skoleeier»); "" where none of them differs."""
    table = bokmaal()
    at, out, changed = 0, "", False
    for part in compounds.split(word):
        start = word.index(part, at)
        out += word[at:start]
        at = start + len(part)
        stem, last = root(part), at == len(word)
        if not last and part in table:  # «heime», «hjemme»
            meant, rest = table[part], ""
        else:
            meant, rest = table.get(stem), part[len(stem) :]
        bokmaal_part = part if meant is None else meant.head if meant.head and not last else meant.stem + rest
        changed |= bokmaal_part != part
        out += bokmaal_part
    return root(out + word[at:]) if changed else ""
