"""Which reports a text names: their titles in quotes or in running text, also where an ending or a few letters differ."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from index import siblings
from index.titles import Near, numbers, words
from ingest.sentences import sentences

VERSION = 3
TABLE = "mentions.npy"
"""int64 [n, 5]: the row of the passage, the report that it names, where the title begins and ends, and how it names it."""

NAMES, BUILDS, TELLS = 0, 1, 2
"""It names the title, or says that it builds on it, or says in other words what the title says."""

LIKE = 90.0  # of 100 (Indel ratio): so alike is a title in quotes, or in running text, to the title that it names
WORD, LONGER = 70.0, 5
"""In running text each word of so many letters is to be so alike: «innovasjon og forskning» isn't «innovasjon og nyskaping»."""
QUOTED = (2, 12)  # words and letters of the shortest title that is found in quotes
RUNNING = (4, 25)  # and in running text, where short titles are mere phrases
PAIRS = 200_000  # of words, whose titles are remembered
BEFORE = 90  # characters before a title in which it may say that the one builds on the other

_WORD = re.compile(r"[^\W_]+")
_QUOTE = re.compile(r"[«“”\"„]([^«»“”\"„\n]{8,220})[»”\"“]")
_PARTS = re.compile(r"\s[–—-]\s|[:.?!]\s")
_BUILDS = re.compile(
    r"\b(?:byg(?:ge|ger|gje|gjer|de)\s+(?:videre\s+|vidare\s+)?på|vid[ea]reføring\w*|vid[ea]refører|oppfølgj?ing\w*|"
    r"følgj?er\s+opp|fortsettelse\w*|framhald\w*|basert\s+på|basere[rt]|t(?:ar|ek)\s+utgangspunkt\s+i|supplerer|"
    r"builds?\s+on|follow-up|continu(?:es|ation))\b",
    re.IGNORECASE,
)
_ITEM = re.compile(r"\n\s*[-–•·*]\s")


class Mention(NamedTuple):
    """Characters [start, end) of a text that name a report (its row id), and whether it says that it builds on it."""

    report: int
    start: int
    end: int
    builds: bool


class Titled(NamedTuple):
    """A report that may be named: its title, its document, and whether it is a project that the document describes."""

    title: str
    document: int
    project: bool

    def kin(self, other: Titled) -> bool:
        """One is the document of the other, or they are the same: that the one names the other says nothing."""
        return self.document == other.document and not (self.project and other.project)


def build(passages: Iterable[tuple[int, int, str]], reports: Mapping[int, Titled], folder: Path) -> None:
    """Writes the table. `passages`: row, report and text of each; `reports` by row id."""
    import numpy as np

    known = Titles({number: report.title for number, report in reports.items()})
    passages = list(passages)
    found = [
        (row, named.report, named.start, named.end, BUILDS if named.builds else NAMES)
        for row, report, text in passages
        for named in known.mentions(text)
        if named.report != report and not reports[named.report].kin(reports[report])
    ]
    projects = {number: (report.document, report.title) for number, report in reports.items() if report.project}
    found += [(*told, TELLS) for told in siblings.told(passages, projects)]
    np.save(folder / TABLE, np.array(found, np.int64).reshape(-1, 5))


class _Form(NamedTuple):
    """What a report may be called: its title, or the first part of it; the numbers in that, those of the whole title, and
    the words that the title has more."""

    report: int
    words: tuple[str, ...]
    text: str
    numbers: frozenset[str]
    whole: frozenset[str]
    more: int


class Titles:
    """The titles of the reports, ready to be found in texts."""

    def __init__(self, titles: Mapping[int, str]) -> None:
        """`titles` by row id. Of a title with a subtitle the first part names it too, unless another report begins so."""
        forms: dict[str, set[int]] = {}
        for number, title in titles.items():
            for text in {title, _first_part(title)}:
                forms.setdefault(" ".join(words(text)), set()).add(number)
        whole = {" ".join(words(title)): number for number, title in titles.items()}
        self._forms = []
        for text, found in sorted(forms.items()):
            parts = tuple(text.split())
            if (len(found) == 1 or text in whole) and len(parts) >= QUOTED[0] and len(text) >= QUOTED[1]:
                number = whole.get(text, min(found))
                every = words(titles[number])
                self._forms.append(_Form(number, parts, text, numbers(parts), numbers(every), len(every) - len(parts)))
        self._near = Near([form.text for form in self._forms], LIKE)
        starting: tuple[dict[str, dict[str, list[_Form]]], ...] = ({}, {})  # by the first word and the second; by these turned
        for form in self._forms:
            if len(form.words) >= RUNNING[0] and len(form.text) >= RUNNING[1]:
                one, other = form.words[:2]
                starting[0].setdefault(one, {}).setdefault(other, []).append(form)
                starting[1].setdefault(other, {}).setdefault(one, []).append(form)
        self._starting = starting
        self._of_pair = lru_cache(PAIRS)(self._of_pair)

    def mentions(self, text: str) -> list[Mention]:
        """The reports that a text names, in its order; each place names one, the longest title that fits."""
        found = [*self._quoted(text), *self._running(text)]
        found.sort(key=lambda m: (m.start, m.start - m.end))
        kept: list[Mention] = []
        for mention in found:
            if not kept or mention.start >= kept[-1].end:
                kept.append(mention)
        return kept

    def _quoted(self, text: str) -> list[Mention]:
        found = []
        for match in _QUOTE.finditer(text):
            said = numbers(words(match[1]))
            for name in (match[1], _first_part(match[1])):  # what is quoted in full comes before its first part
                if form := self._likest(" ".join(words(name)), said):
                    found.append(_mention(text, form.report, match.start(1), match.end(1)))
                    break
        return found

    def _likest(self, asked: str, said: frozenset[str]) -> _Form | None:
        """The form that is most like what is asked. `said`: the numbers of all that is quoted, which the report must have."""
        from rapidfuzz import fuzz, process

        forms = [form for i in self._near.to(asked) if said in ((form := self._forms[i]).numbers, form.whole)]
        best = process.extractOne(asked, [form.text for form in forms], scorer=fuzz.ratio, score_cutoff=LIKE)
        return forms[best[2]] if best else None

    def _running(self, text: str) -> list[Mention]:
        from rapidfuzz import fuzz

        places = [(match.group().casefold(), match.start(), match.end()) for match in _WORD.finditer(text)]
        every = [word for word, _, _ in places]
        found = []
        for first, pair in enumerate(pairwise(every)):
            if pair[0] not in self._starting[0] and pair[1] not in self._starting[1]:
                continue
            for form in self._of_pair(*pair):
                last = min(first + len(form.words), len(every))
                there = every[first:last]
                if not fuzz.ratio(" ".join(there), form.text, score_cutoff=LIKE) or not _holds(there, form.words):
                    continue
                more = numbers(every[last : last + form.more])  # «… – del 2», where the title goes on «– del 1»
                if numbers(there) == form.numbers and more in (frozenset(), form.whole - form.numbers):
                    found.append(_mention(text, form.report, places[first][1], places[last - 1][2]))
        return found

    def _of_pair(self, one: str, other: str) -> list[_Form]:
        """The titles that may begin with two words: one is theirs, the other alike. Remembered, for the same pairs come again."""
        by_first, by_second = self._starting
        found = [form for word, forms in by_first.get(one, {}).items() if _alike(other, word) for form in forms]
        others = [forms for word, forms in by_second.get(other, {}).items() if word != one and _alike(one, word)]
        return found + [form for forms in others for form in forms]


def _mention(text: str, report: int, start: int, end: int) -> Mention:
    return Mention(report, start, end, _builds(text, start, end))


def _builds(text: str, start: int, end: int) -> bool:
    """Does the sentence say, before the title at [start, end), that it builds on it?"""
    since = max(0, start - BEFORE)
    said = [match.start() for match in _BUILDS.finditer(text, since, start)]
    if not said:
        return False
    begins = [since + first for first, _ in sentences(text[since:end]) if since + first <= start]
    begins += [match.end() for match in _ITEM.finditer(text, since, start)]
    return said[-1] >= max(begins, default=since)


def _holds(there: Sequence[str], title: Sequence[str]) -> bool:
    """Has each longer word of the title one that is alike?"""
    return all(any(_alike(other, word) for other in there) for word in title)


def _alike(word: str, of_title: str) -> bool:
    """Short words tell nothing, so any word will do for one."""
    from rapidfuzz import fuzz

    return len(of_title) < LONGER or fuzz.ratio(word, of_title) >= WORD


def _first_part(title: str) -> str:
    return _PARTS.split(title, maxsplit=1)[0]
