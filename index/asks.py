"""A draft commission, cut into the things that it asks for."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import NamedTuple

from ingest.sentences import sentences

DATA = Path(__file__).parent / "data" / "asks.toml"
SHORTEST = 4  # words that an ask has at least, but for a question that stands as a sentence

_MARK = re.compile(r"^\s*(?:[-–•*]|\(?\d{1,2}[.)]|\(?[a-h][.)])\s+")
_LOOSE = re.compile(r"[\s,;]+(?:(?:og|and)\s*)?$")


class Ask(NamedTuple):
    """Characters [start, end) of a draft that ask for one thing, and the sentence that they stand in."""

    start: int
    end: int
    text: str
    sentence: str


def asks(draft: str) -> tuple[Ask, ...]:
    """What a draft asks for, in its order: its questions and aims, each with its place.

    Background and terms of delivery are left out; a sentence that asks for several things is cut where the next
    question begins. Where nothing is asked for, each sentence is taken for an ask, so that a mere title is one too.
    """
    every = _sentences(draft)
    spans = [(a, b, listed) for a, b, listed in every if _whole(draft[a:b])]
    telling = [(a, b) for a, b, listed in spans if _asking(draft[a:b], listed)]
    parts = [part for a, b in telling for part in _parts(draft, a, b)] or [(a, b) for a, b, _ in spans or every if _words(draft[a:b])]
    whole = {a: (start, end) for start, end, _ in every for a, _ in parts if start <= a < end}
    return tuple(Ask(a, b, _line(draft, a, b), _line(draft, *whole[a])) for a, b in parts)


def _whole(sentence: str) -> bool:
    words = _words(sentence)
    return (words >= SHORTEST and not sentence.endswith(":")) or (words > 0 and _question(sentence))


def _words(text: str) -> int:
    return len(re.findall(r"[^\W\d_]+", text))


def _question(sentence: str) -> bool:
    return sentence.rstrip(" »\"”)").endswith("?")


def _line(draft: str, start: int, end: int) -> str:
    return " ".join(draft[start:end].split())


def _sentences(draft: str) -> list[tuple[int, int, bool]]:
    """The sentences, and whether each is a line of a list, which stands here without its mark."""
    found = []
    for line in re.finditer(r"[^\n]+", draft):
        mark = _MARK.match(line.group())
        start = line.start() + (mark.end() if mark else 0)
        found += [(start + a, start + b, bool(mark)) for a, b in sentences(draft[start : line.end()])]
    return found


def _asking(sentence: str, listed: bool) -> bool:
    cues, low = _cues(), sentence.casefold()
    if _question(sentence) or cues["questions"].search(low):
        return True
    aims = bool(cues["verbs"].search(low))
    return (listed or aims) and not cues["delivery"].search(low) and (aims or not cues["means"].search(low))


def _parts(draft: str, start: int, end: int) -> list[tuple[int, int]]:
    """A sentence, cut before each further question that a comma, a semicolon or an «og» leads to."""
    cuts = [start + m.start(m.lastgroup) for m in _cues()["further"].finditer(draft[start:end])]
    edges = [start, *cuts, end]
    found: list[tuple[int, int]] = []
    for a, b in zip(edges, edges[1:], strict=False):
        if found and len(draft[a:b].split()) < SHORTEST:
            a = found.pop()[0]  # too little to stand alone
        found.append((a, b))
    if len(found) > 1 and len(draft[slice(*found[0])].split()) < SHORTEST:
        found[:2] = [(found[0][0], found[1][1])]
    return [(a, a + len(_LOOSE.sub("", draft[a:b]))) for a, b in found]


@cache
def _cues() -> dict[str, re.Pattern[str]]:
    data = tomllib.loads(DATA.read_text("utf-8"))
    found = {name: re.compile(rf"\b(?:{'|'.join(words)})\b") for name, words in data.items()}
    words = "|".join(data["questions"])
    further = rf"(?:[,;]\s+(?:og\s+|and\s+)?|\s(?:og|and)\s+)(?P<next>(?:{words})\b)|;\s+(?P<other>\w)"
    found["further"] = re.compile(further, re.IGNORECASE)  # not in a folded text: ß would move the places
    return found
