"""Sections in, passages out: runs of whole sentences of about the wished length, never across a section."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from ingest.report import Page, Paragraph, Passage, Project, Section, Traced
from ingest.sentences import sentences

VERSION = 1
FEWEST = 3  # words; less is a stray number or a caption's remnant

Unit = tuple[int, Traced]
"""A sentence, list item or table row, with the number of the paragraph it stands in."""


def passages(sections: Sequence[Section], projects: Sequence[Project], min_words: int, max_words: int) -> Iterator[Passage]:
    """All passages of a document: of its sections, then of its projects, in order."""
    for section in sections:
        for text in cut(section.paragraphs, min_words, max_words):
            yield Passage(text, section.title)
    for index, project in enumerate(projects):
        for text in cut(project.paragraphs, min_words, max_words):
            yield Passage(text, " › ".join(project.section), index)


def of_text(
    text: str, min_words: int, max_words: int, number: int = 1
) -> tuple[Page, Section, tuple[Passage, ...]]:
    """A text that has no document of its own, as one page of that number, one section and its passages; each line is a paragraph."""
    whole = Traced.of_page(text, number)
    section = Section((), number, tuple(Paragraph(whole[m.start() : m.end()]) for m in re.finditer(r"\S[^\n]*", text)))
    return Page(number, text, traced=whole), section, tuple(passages((section,), (), min_words, max_words))


def cut(paragraphs: Iterable[Paragraph], min_words: int, max_words: int) -> Iterator[Traced]:
    """Runs of whole sentences: at least `min_words` where there are as many, at most `max_words`.

    A run ends at the end of a paragraph if it can. A sentence longer than `max_words` is cut at its clauses.
    A short rest joins the run before it.
    """
    units = [(n, unit) for n, paragraph in enumerate(paragraphs) for unit in _units(paragraph, max_words)]
    runs: list[list[Unit]] = []
    words = 0
    for n, unit in units:
        count = _words(unit)
        ended = runs and runs[-1][-1][0] != n and words >= min_words
        if not runs or ended or words + count > max_words:
            runs.append([])
            words = 0
        runs[-1].append((n, unit))
        words += count
    if len(runs) > 1 and words < min_words / 3 and sum(_words(u) for _, u in runs[-2]) + words <= 1.15 * max_words:
        rest = runs.pop()
        runs[-1] += rest
    for run in runs:
        text = Traced.join((Traced.join(unit for _, unit in group) for _, group in groupby(run, key=lambda u: u[0])), "\n")
        if _words(text) >= FEWEST and re.search(r"[^\W\d_]{2}", text.text):
            yield text


def _units(paragraph: Paragraph, max_words: int) -> Iterator[Traced]:
    text = paragraph.text
    if paragraph.kind in ("item", "row") and _words(text) <= max_words:
        yield text
        return
    for start, end in sentences(text.text):
        sentence = text[start:end]
        if _words(sentence) <= max_words:
            yield sentence
        else:
            yield from _clauses(sentence, max_words)


def _clauses(sentence: Traced, max_words: int) -> Iterator[Traced]:
    """A very long sentence in parts of at most `max_words` words, cut after a comma or the like where there is one."""
    words = list(re.finditer(r"\S+", sentence.text))
    first = 0
    while first < len(words):
        last = min(first + max_words, len(words))
        if last < len(words):
            stops = [i for i in range(first + max_words // 2, last) if words[i].group()[-1] in ",;:|•"]
            last = stops[-1] + 1 if stops else last
        yield sentence[words[first].start() : words[last - 1].end()]
        first = last


def _words(text: Traced) -> int:
    return len(text.text.split())
