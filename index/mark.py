"""Why a passage was found: the words of the query in it, and its best sentence."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType

from index import stems
from index.doubtful import Form
from index.records import Span


def matches(text: str, query: Sequence[str], forms: tuple[Form, ...] = ()) -> tuple[Span, ...]:
    """The words of `text` that have a stem of the query, as character spans in order.

    `forms` are doubtful words as they were read: what is asked for in that form is found where the repaired word stands.
    """
    wanted = set(query)
    found: list[Span] = []
    for term in _terms(text, forms):
        if term.stem not in wanted:
            continue
        if found and term.start < found[-1][1]:  # found in both forms
            found[-1] = (found[-1][0], max(found[-1][1], term.end))
        else:
            found.append((term.start, term.end))
    return tuple(found)


def best_sentence(
    text: str,
    query: Sequence[str],
    rarity: Callable[[str], float],
    near: Mapping[Span, float] = MappingProxyType({}),
    forms: tuple[Form, ...] = (),
) -> Span:
    """The sentence that answers best: by the words of the query that it holds, rare ones counting more, and by meaning.

    `near` has cosines to the query by sentence; both kinds of score are scaled to 0..1 over the passage and count alike.
    Between sentences that are equal, the one where the words make up more of it, then the first.
    """
    spans = _sentences(text)
    wanted = {stem: rarity(stem) for stem in query}
    held, dense = [], []
    for start, end in spans:
        stems = [term.stem for term in _terms(text, forms) if start <= term.start < end]
        held.append(sum(wanted[stem] for stem in wanted.keys() & set(stems)))
        dense.append(held[-1] / (len(stems) + 5))
    most = max(held, default=0.0) or 1.0
    low, high = min(near.values(), default=0.0), max(near.values(), default=0.0)
    scale = (high - low) or 1.0
    scores = [h / most + (near.get(span, low) - low) / scale for h, span in zip(held, spans, strict=True)]
    best = max(range(len(spans)), key=lambda i: (round(scores[i], 6), dense[i], -i), default=None)
    return (0, len(text)) if best is None else _line(text, spans[best], wanted, forms)


def _line(text: str, span: Span, wanted: Mapping[str, float], forms: tuple[Form, ...]) -> Span:
    """The line of the span that holds most of the query: rows of a table and items of a list end in no full stop."""
    found, at = [], span[0]
    for line in text[slice(*span)].split("\n"):
        if line.strip():
            stems = {term.stem for term in _terms(text, forms) if at <= term.start < at + len(line)}
            found.append((sum(wanted[stem] for stem in wanted.keys() & stems), (at, at + len(line))))
        at += len(line) + 1
    return max(found, key=lambda held: held[0])[1] if found else span


@lru_cache(maxsize=4096)
def _terms(text: str, forms: tuple[Form, ...]) -> tuple[stems.Term, ...]:
    read = (stems.Term(stem, form.start, form.end) for form in forms for stem in form.stems())
    return tuple(sorted((*stems.terms(text), *read), key=lambda term: term.start))


@lru_cache(maxsize=4096)
def _sentences(text: str) -> tuple[Span, ...]:
    from ingest.sentences import sentences

    return tuple(sentences(text))
