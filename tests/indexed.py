"""Reports made by hand, and a tiny encoder that counts what it is asked: what the index tests stand on."""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from ingest.report import Edit, Metadata, Page, Paragraph, Passage, Project, Report, Section, Traced, Word


class TinyEncoder:
    """Texts as unit vectors of hashed word beginnings: like words give like vectors."""

    def __init__(self, name: str = "tiny") -> None:
        self.fingerprint = name
        self.ready = True
        self.asked: list[str] = []

    def passages(self, texts: Sequence[str]) -> np.ndarray:
        self.asked += texts
        return self.queries(texts)

    def queries(self, texts: Sequence[str]) -> np.ndarray:
        out = np.full((len(texts), 64), 0.05, np.float32)
        for row, text in zip(out, texts, strict=True):
            for word in re.findall(r"\w+", text.casefold()):
                row[zlib.crc32(word[:5].encode()) % 64] += 1
        return out / np.linalg.norm(out, axis=1, keepdims=True)


def a_page(number: int, raw: str, edits: Sequence[Edit] = ()) -> Page:
    """A page with one box for each word: 10 points for a letter, 20 for a line."""
    words, at = [], 0
    for i, line in enumerate(raw.split("\n")):
        for match in re.finditer(r"\S+", line):
            box = (10.0 * match.start(), 20.0 * i, 10.0 * match.end(), 20.0 * i + 12)
            words.append(Word(at + match.start(), at + match.end(), box))
        at += len(line) + 1
    traced = Traced.of_page(raw, number, edits)
    return Page(number, raw, words=tuple(words), width=595, height=842, traced=traced, edits=tuple(edits))


def a_report(
    name: str, *texts: str, projects: Sequence[tuple[str, str, str]] = (), edits: Sequence[Edit] = (), **facts
) -> Report:
    """A report whose pages are `texts`, one passage each. `projects`: (title, theme, text), each on a page of its own."""
    pages = [a_page(i, text, edits if i == 1 else ()) for i, text in enumerate([*texts, *(p[2] for p in projects)], 1)]
    whole = [page.traced for page in pages]
    described = tuple(
        Project(title, theme, (Paragraph(text),)) for (title, theme, _), text in zip(projects, whole[len(texts) :], strict=True)
    )
    sections = tuple(Section((f"{i} Del",), i, (Paragraph(text),)) for i, text in enumerate(whole[: len(texts)], 1))
    passages = [Passage(text, f"{i} Del") for i, text in enumerate(whole[: len(texts)], 1)]
    passages += [Passage(text, "", i) for i, text in enumerate(whole[len(texts) :])]
    meta = Metadata(**{"title": name.capitalize(), "language": "nb"} | facts)
    return Report(Path(f"{name}.pdf"), f"sha-{name}", meta, tuple(pages), sections, described, tuple(passages))


ELDRE = "Rapporten ser på eldreomsorg i små kommuner.\nHjemmetjenesten mangler sykepleiere om natten."
SKOLE = "Skolefravær øker på ungdomstrinnet. Tiltak mot fravær virker best når de settes inn tidlig."
NATUR = "Arealregnskap og naturregnskap hjelper kommunen å planlegge. Regnskapet viser hvor naturen forsvinner."

# A draft commission that «Skole» answers
DRAFT = (
    "Mange elever er borte fra ungdomsskolen. Vi ønsker å vite om skolefravær øker på ungdomstrinnet, og hvilke tiltak mot fravær "
    "som virker best. Tilbudsfrist er 1. mai."
)
