"""What was written in the field, understood: free words, "phrases" that must stand together, and what -shall not stand there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from errors import UsageError
from index import stems

TYPED = 20  # words; in a longer text, which was pasted in, a quote is a quote and a dash a dash

_QUOTED = r"(?P<not_phrase>(?<![^\s(,])[-−])?[\"“”„«](?P<phrase>[^\"“”„«»]*)[\"“”»]"
_WITHOUT = r"(?<![^\s(,])[-−](?P<word>[^\W\d_][^\s\"“”„«»,;()]*)"  # a minus before a number is a minus
_MARKED = re.compile(f"{_QUOTED}|{_WITHOUT}")
_SUSPENDED = re.compile(r"\b(?:og|eller|samt|and|or)\s+$", re.IGNORECASE)  # «plan- og -utvikling»: half of a compound
_QUOTES = re.compile(r"[\"“”„«»]")


class Wanted(NamedTuple):
    """A stem that is looked for, how much it counts, and the stems that it is made of where it is a compound."""

    stem: str
    weight: float = 1.0
    inner: tuple[str, ...] = ()
    root: str = ""
    """As it was written, where that is another stem: a nynorsk word finds nynorsk first."""


@dataclass(frozen=True)
class Query:
    """A question as the searches want it."""

    text: str  # for the encoder: without what is excluded, and without quotes
    words: tuple[Wanted, ...]  # of the free words and of the phrases, in order
    phrases: tuple[tuple[str, ...], ...] = ()  # stems that must stand together, in order
    without: tuple[tuple[str, ...], ...] = ()  # words and phrases that a passage may not have

    @property
    def stems(self) -> list[str]:
        """The stems to find, in order: what marks a hit."""
        return [word.stem for word in self.words]


class _Mark(NamedTuple):
    """A quoted or excluded run of the text: characters [start, end), what it says, and whether it is excluded."""

    start: int
    end: int
    says: str
    excluded: bool
    quoted: bool


def _marks(text: str) -> Iterator[_Mark]:
    if len(text.split()) > TYPED:
        return
    for m in _MARKED.finditer(text):
        excluded = bool(m["not_phrase"] or m["word"])
        if m["word"] and _SUSPENDED.search(text, 0, m.start()):
            continue
        yield _Mark(m.start(), m.end(), m["word"] or m["phrase"] or "", excluded, m["phrase"] is not None)


def free(text: str) -> list[tuple[int, int]]:
    """The spans of a query that are neither quoted nor excluded: what may be respelt."""
    ends = [0, *(edge for mark in _marks(text) for edge in (mark.start, mark.end)), len(text)]
    return [(a, b) for a, b in zip(ends[::2], ends[1::2], strict=True) if text[a:b].strip()]


@lru_cache(maxsize=1024)
def parse(text: str) -> Query:
    """The query that `text` says. UsageError where it says only what shall not be found.

    A quote or a minus that stands alone says nothing. Where all its words are stop words, they count.
    """
    kept, phrases, without, at = [], [], [], 0
    for mark in _marks(text):
        kept.append(text[at : mark.start])
        at = mark.end
        found = tuple(stems.stems(mark.says))
        if mark.excluded:
            without += [found] if found else []
            continue
        kept.append(mark.says)
        phrases += [found] if found else []
    said = " ".join(_QUOTES.sub(" ", " ".join((*kept, text[at:]))).split())
    if without and not re.search(r"\w", said):
        raise UsageError("Søket sier bare hva du ikke vil ha; skriv også hva du leter etter, for eksempel «barnehage -privat».")
    return Query(said, wanted(said), tuple(phrases), tuple(without))


@lru_cache(maxsize=1024)
def wanted(text: str) -> tuple[Wanted, ...]:
    """The words of a text as they are looked for; stop words only where there are no others."""
    found = [
        Wanted(term.stem, 1.0, stems.inner(word), stems.root(word))
        for term in stems.terms(text)
        if (word := stems.folded(text[term.start : term.end]))
    ]
    return tuple(found or (Wanted(stem) for stem in stems.function_words(text)))
