"""Why a passage was found: the words of the query in it, and its best sentence."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType

from index import words
from index.records import Span


def matches(text: str, query: Sequence[str]) -> tuple[Span, ...]:
    """The words of `text` that have a stem of the query, as character spans in order."""
    wanted = set(query)
    return tuple((term.start, term.end) for term in _terms(text) if term.stem in wanted)


def best_sentence(
    text: str, query: Sequence[str], rarity: Callable[[str], float], near: Mapping[Span, float] = MappingProxyType({})
) -> Span:
    """The sentence that answers best: by the words of the query that it holds, rare ones counting more, and by meaning.

    `near` has cosines to the query by sentence; both kinds of score are scaled to 0..1 over the passage and count alike.
    Between sentences that are equal, the one where the words make up more of it, then the first.
    """
    spans = _sentences(text)
    wanted = {stem: rarity(stem) for stem in query}
    held, dense = [], []
    for start, end in spans:
        stems = [term.stem for term in _terms(text) if start <= term.start < end]
        held.append(sum(wanted[stem] for stem in wanted.keys() & set(stems)))
        dense.append(held[-1] / (len(stems) + 5))
    most = max(held, default=0.0) or 1.0
    low, high = min(near.values(), default=0.0), max(near.values(), default=0.0)
    scale = (high - low) or 1.0
    scores = [h / most + (near.get(span, low) - low) / scale for h, span in zip(held, spans, strict=True)]
    best = max(range(len(spans)), key=lambda i: (round(scores[i], 6), dense[i], -i), default=None)
    return (0, len(text)) if best is None else _line(text, spans[best], wanted)


def _line(text: str, span: Span, wanted: Mapping[str, float]) -> Span:
    """The line of the span that holds most of the query: rows of a table and items of a list end in no full stop."""
    found, at = [], span[0]
    for line in text[slice(*span)].split("\n"):
        if line.strip():
            stems = {term.stem for term in _terms(text) if at <= term.start < at + len(line)}
            found.append((sum(wanted[stem] for stem in wanted.keys() & stems), (at, at + len(line))))
        at += len(line) + 1
    return max(found, key=lambda held: held[0])[1] if found else span


@lru_cache(maxsize=4096)
def _terms(text: str) -> tuple[words.Term, ...]:
    return tuple(words.terms(text))


@lru_cache(maxsize=4096)
def _sentences(text: str) -> tuple[Span, ...]:
    from ingest.sentences import sentences

    return tuple(sentences(text))
