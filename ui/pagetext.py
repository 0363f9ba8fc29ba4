"""The text of a page, repaired or as it was read, with its edits and what was found marked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from index.records import PageView, Span
from ingest.report import Edit, RawSpan, Traced, percent
from ui.language import Texts
from ui.markup import Mark, element, escape, marked

_ENDS = re.compile(r"[.:?!»”]\s*$")
_BEGINS = re.compile(r"\s*([•–▪*-]\s|\d+(\.\d+)*[.)]?\s|$)")
FULL = 0.75  # share of a long line's length
SURE, DOUBTFUL = "fou-edit", "fou-edit fou-doubtful"  # classes of edits
LONG = 40  # characters; pages of short lines, such as lists and tables, keep them


def page_html(
    view: PageView,
    texts: Texts,
    passage: Iterable[RawSpan] = (),
    best: Iterable[RawSpan] = (),
    words: Iterable[RawSpan] = (),
    as_read: bool = False,
) -> str:
    """The page's text as HTML. Spans are of raw characters; those of other pages are left out."""
    traced = Traced.of_page(view.raw, view.number, () if as_read else view.edits)
    layers = ((passage, "mark", "fou-soft"), (best, "mark", ""), (words, "b", ""))
    marks = [
        Mark(*span, tag, name)
        for spans, tag, name in layers
        for span in shown_spans(traced, [s for s in spans if s.page == view.number])
    ]
    text = traced.text if as_read else flowing(traced.text)
    return marked(text, [*marks, *_edits(view, texts, as_read)])


def flowing(text: str) -> str:
    """The text with full lines run on into the next, so that a narrow column does not break each of them twice.

    A line is full where it is nearly as long as the page's long lines. A sentence that ends at the end of a line keeps
    its break, for a heading or a new paragraph may follow; so do list items and rows. The length of the text stays as it is.
    """
    lines = text.split("\n")
    lengths = sorted(len(line) for line in lines if line.strip())
    full = FULL * lengths[int(0.9 * (len(lengths) - 1))] if lengths else 0

    def runs_on(line: str, after: str) -> bool:
        return len(line) >= max(full, LONG) and " | " not in line + after and not (_ENDS.search(line) or _BEGINS.match(after))

    return "".join(line + (" " if runs_on(line, after) else "\n") for line, after in pairwise(lines)) + lines[-1]


def shown_spans(traced: Traced, spans: Sequence[RawSpan]) -> list[Span]:
    """Where raw characters stand in the text that is shown; an edit that a span touches is taken whole."""
    found = []
    ends = [piece.start for piece in traced.pieces[1:]] + [len(traced)]
    for span in spans:
        left: int | None = None
        right = 0
        for piece, end in zip(traced.pieces, ends, strict=True):
            if piece.raw_end <= span.start or piece.raw_start >= span.end:
                continue
            same = piece.raw_end - piece.raw_start == end - piece.start
            first = piece.start + max(0, span.start - piece.raw_start) if same else piece.start
            left = first if left is None else left
            right = end - max(0, piece.raw_end - span.end) if same else end
        if left is not None:
            found.append((left, right))
    return found


def legend(edits: Sequence[Edit], texts: Texts, as_read: bool = False) -> str:
    """One line that says how edits are marked, by marking its own words so; only of what the page has."""
    shown = [element("span", texts("report.legend_sure"), SURE)] if not all(e.doubtful for e in edits) else []
    if any(e.doubtful for e in edits):
        both = escape(texts("report.legend_both"))
        shown.append(f"{element('span', texts('report.legend_doubtful'), DOUBTFUL)} ({both})")
    return f"{' · '.join(shown)}. {escape(texts('report.legend_hint_raw' if as_read else 'report.legend_hint'))}"


def _edits(view: PageView, texts: Texts, as_read: bool) -> list[Mark]:
    marks: list[Mark] = []
    moved = 0  # how much longer the repaired text is so far
    for edit in view.edits:
        read = (edit.start, edit.end)
        repaired = (edit.start + moved, edit.start + moved + len(edit.after))
        moved += len(edit.after) - len(edit.before)
        told = edit
        if not (edit.before if as_read else edit.after):  # nothing stands there to be marked, so the whole word is
            read, repaired = _word(view.raw, *read), _word(view.text, *repaired)
            told = edit._replace(before=view.raw[slice(*read)], after=view.text[slice(*repaired)])
        span, tag = (read, "span") if as_read else (repaired, "ins")
        mark = Mark(*span, tag, DOUBTFUL if edit.doubtful else SURE, _title(told, texts, as_read))
        if mark not in marks[-1:]:  # two soft hyphens of one word
            marks.append(mark)
    return marks


def _word(text: str, start: int, end: int) -> Span:
    """The word around characters [start, end), or before them where they touch none."""
    if start == end and not text[max(0, start - 1) : start + 1].strip():
        start = end = len(text[:start].rstrip())
    while start > 0 and not text[start - 1].isspace():
        start -= 1
    while end < len(text) and not text[end].isspace():
        end += 1
    return start, end


def _title(edit: Edit, texts: Texts, as_read: bool) -> str:
    """What the other text has in the place of an edit, why it was made, and how sure that is."""
    kind = texts(f"report.kind_{edit.why}") if f"report.kind_{edit.why}" in texts.table else edit.why
    key = "report.edit" if not as_read else "report.edit_raw" if edit.after else "report.edit_gone"
    before, after = (_visible(part) for part in (edit.before, edit.after))
    return texts(key, before=before, after=after, kind=kind, percent=percent(edit.confidence))


def _visible(text: str) -> str:
    """The text with what can't be seen, such as a soft hyphen, spelt out."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)
