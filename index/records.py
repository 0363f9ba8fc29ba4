"""What the index hands out: frozen records, and how words and pieces are packed in the catalog."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ingest.report import Box, Edit, Piece, Word
from settings import OWN

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class ReportCard:
    """What a list shows of a report. `id` is its key; `parent` the key of a project's document, else ""."""

    id: str
    title: str
    year: int | None
    body: str
    themes: tuple[str, ...]
    path: str
    kind: str = "document"
    parent: str = ""
    language: str = ""
    commissioner: str = ""
    source: str = ""
    copies: tuple[str, ...] = ()  # the paths of other files that hold the same report
    role: str = ""  # of a file beside the report itself: "part", "summary", "presentation", "appendix" or "other"
    main: str = ""  # and the key of that report
    fulltext: bool = True  # false where only what the source says of it is known
    seen: str = ""  # when the store first had it or a copy of it (see moments); "" where that was before such dates were kept

    @property
    def public(self) -> bool:
        """Whether it may be shown to all; not so a document that was added by hand."""
        return self.source != OWN

    def as_json(self) -> dict[str, Any]:
        """`copies`, `role` with `main`, `public` and `fulltext` stand there only where they say something."""
        facts = {name: getattr(self, name) for name in ("id", "title", "year", "body", "path")} | {"themes": list(self.themes)}
        facts |= {"copies": list(self.copies)} if self.copies else {}
        facts |= {"role": self.role, "main": self.main} if self.role else {}
        facts |= {} if self.public else {"public": False}
        return facts if self.fulltext else facts | {"fulltext": False}


@dataclass(frozen=True, slots=True)
class PassageHit:
    """A passage that answers. `best` is the span of its best sentence, `matches` those of words of the query."""

    id: int
    text: str
    page: int
    last_page: int
    section: str
    score: float
    best: Span
    matches: tuple[Span, ...]

    @property
    def sentence(self) -> str:
        """The best sentence, on one line."""
        return " ".join(self.text[slice(*self.best)].split())

    def as_json(self) -> dict[str, Any]:
        return {
            "text": self.text,
            "page": self.page,
            "last_page": self.last_page,
            "section": self.section,
            "score": round(self.score, 4),
            "best": list(self.best),
            "matches": [list(span) for span in self.matches],
        }


@dataclass(frozen=True, slots=True)
class Why:
    """What speaks for a result: words of the question that its first passage holds, as they stand there; an official term
    there that the question was taken to mean, or ""; and its best sentence."""

    words: tuple[str, ...]
    term: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Result:
    report: ReportCard
    score: float  # 0..1, comparable within one answer only
    passages: tuple[PassageHit, ...]
    why: Why

    def as_json(self) -> dict[str, Any]:
        return {
            "report": self.report.as_json(),
            "score": round(self.score, 4),
            "passages": [passage.as_json() for passage in self.passages],
            "why": {"words": list(self.why.words), "concept": self.why.term or None, "sentence": self.why.sentence},
        }


@dataclass(frozen=True, slots=True)
class Answer:
    """`no_answer`: it is likely that nothing found answers; `answer_probability` (0..1): how likely it is that something
    does. `suggestion`: the query respelt, or None; `corrected`: the answer is for the suggestion, not for the query as
    it was written."""

    query: str
    took_ms: float
    no_answer: bool
    answer_probability: float
    suggestion: str | None
    corrected: bool
    results: tuple[Result, ...]

    def as_json(self) -> dict[str, Any]:
        return {
            "query": self.query,
            "took_ms": round(self.took_ms, 1),
            "no_answer": self.no_answer,
            "answer_probability": round(self.answer_probability, 3),
            "suggestion": self.suggestion,
            "corrected": self.corrected,
            "results": [result.as_json() for result in self.results],
        }


@dataclass(frozen=True, slots=True)
class SectionView:
    path: tuple[str, ...]
    first_page: int


@dataclass(frozen=True, slots=True)
class ReportView:
    """All that is known of a report. For a project, sections and pages are those of its document."""

    card: ReportCard
    authors: tuple[str, ...]
    number: str
    isbn: str
    summary: str
    url: str
    notices: tuple[str, ...]
    pages: int
    first_page: int  # pages keep the numbers of the document, which need not begin at 1
    last_page: int
    passages: int
    edits: int
    quality: float  # mean share of sound words in the raw pages, 0..1
    sections: tuple[SectionView, ...]
    projects: tuple[ReportCard, ...]
    parent: ReportCard | None
    files: tuple[ReportCard, ...] = ()  # the other files of the same entry: appendices, a presentation …
    conflicts: tuple[tuple[str, str], ...] = ()  # fields in which the document says otherwise than its source, and what


@dataclass(frozen=True, slots=True)
class PageView:
    """One page: raw text with its words and boxes (points), the repaired text, and the edits between them."""

    number: int
    raw: str
    text: str
    method: str
    quality: float
    width: float
    height: float
    words: tuple[Word, ...]
    edits: tuple[Edit, ...]


@dataclass(frozen=True, slots=True)
class Origin:
    """The file that a report was read from: its stored path, and the hash of what was read."""

    path: str
    sha256: str

    def file(self, root: Path) -> Path | None:
        """The file itself, or None where it is gone. Stored paths count from the folder of the settings.

        They lead through no link, so a link that stands there now was put in the file's place, and may lead anywhere.
        """
        path = root / self.path
        return path if self.path and path.is_file() and path.resolve() == path else None


@dataclass(frozen=True, slots=True)
class Shown:
    """The passage that shows why two reports belong together: of which report it is, and the span in it that shows it."""

    report: ReportCard
    id: int
    text: str
    page: int
    last_page: int
    section: str
    span: Span

    def as_json(self) -> dict[str, Any]:
        return {
            "report": self.report.id,
            "text": self.text,
            "page": self.page,
            "last_page": self.last_page,
            "section": self.section,
            "span": list(self.span),
        }


@dataclass(frozen=True, slots=True)
class Related:
    """`passage`: None where a report has no text. `named`: the one names the other by its title. `tie`: what puts them above mere
    likeness: "same" project, "builds", "named", "told" (named in other words), or ""."""

    report: ReportCard
    score: float
    reason: str
    passage: Shown | None = None
    named: bool = False
    tie: str = ""

    def as_json(self) -> dict[str, Any]:
        return {
            "report": self.report.as_json(),
            "score": round(self.score, 4),
            "reason": self.reason,
            "passage": self.passage.as_json() if self.passage else None,
        }


@dataclass(frozen=True, slots=True)
class Filters:
    """Which reports may answer. An empty filter lets all through; `years` is (from, to), either may be None.

    Values of one filter are alternatives; the filters hold together. `exclude` names report keys to leave out
    (a document's key leaves out its projects too), `exclude_bodies` bodies, `reports` the only reports to ask.
    """

    years: tuple[int | None, int | None] | None = None
    themes: tuple[str, ...] = ()
    bodies: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    reports: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    exclude_bodies: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return any(asdict(self).values())

    def admits(self, card: ReportCard) -> bool:
        def named(wanted: Sequence[str], *found: str) -> bool:
            return not wanted or not {w.casefold() for w in wanted}.isdisjoint(f.casefold() for f in found)

        if self.years:
            first, last = self.years
            if card.year is None or (first is not None and card.year < first) or (last is not None and card.year > last):
                return False
        return (
            named(self.themes, *card.themes)
            and named(self.bodies, card.body)
            and named(self.languages, card.language)
            and named(self.sources, card.source)
            and named(self.reports, card.id, card.parent)
            and not (self.exclude and named(self.exclude, card.id, card.parent))
            and not (self.exclude_bodies and named(self.exclude_bodies, card.body))
        )


def pack_words(words: Sequence[Word]) -> bytes:
    """Words as compressed rows of start, end (int32) and box (float32)."""
    import numpy as np

    if not words:
        return b""
    spans = np.array([(w.start, w.end) for w in words], "<i4")
    boxes = np.array([w.box for w in words], "<f4")
    return zlib.compress(spans.tobytes() + boxes.tobytes())


def unpack_words(blob: bytes) -> tuple[Word, ...]:
    import numpy as np

    if not blob:
        return ()
    data = zlib.decompress(blob)
    count = len(data) // 24  # two int32 and four float32 each
    spans = np.frombuffer(data, "<i4", 2 * count).reshape(-1, 2).tolist()
    boxes = np.frombuffer(data, "<f4", 4 * count, 8 * count).reshape(-1, 4).tolist()
    return tuple(Word(start, end, tuple(box)) for (start, end), box in zip(spans, boxes, strict=True))


def pack_pieces(pieces: Sequence[Piece]) -> bytes:
    """Pieces as compressed rows of four int32."""
    import numpy as np

    return zlib.compress(np.array(pieces, "<i4").tobytes())


def unpack_pieces(blob: bytes) -> tuple[Piece, ...]:
    import numpy as np

    return tuple(Piece(*row) for row in np.frombuffer(zlib.decompress(blob), "<i4").reshape(-1, 4).tolist())


def boxes_of_lines(boxes: Sequence[Box]) -> list[Box]:
    """Word boxes in reading order, those that stand on one line joined into one box."""
    lines: list[Box] = []
    for box in boxes:
        if lines:
            x0, y0, x1, y1 = lines[-1]
            overlap = min(y1, box[3]) - max(y0, box[1])
            height = min(y1 - y0, box[3] - box[1])
            gap = box[0] - x1
            if overlap > 0.5 * height and -height < gap < 2 * height:
                lines[-1] = (min(x0, box[0]), min(y0, box[1]), max(x1, box[2]), max(y1, box[3]))
                continue
        lines.append(box)
    return lines
