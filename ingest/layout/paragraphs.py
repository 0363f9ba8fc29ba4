"""Rows joined to paragraphs: hyphens at line ends undone, list items apart, text carried over page breaks."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import cache
from itertools import groupby

from ingest.layout.rows import Row
from ingest.report import Paragraph, Traced

MARK = r"(?:[•●▪■◦○·–—*✓➢►→‣⁃\uf0b7\uf0a7\uf02d-]|[a-zæøå]\)|\(?\d{1,2}\)|\d{1,2}\.|o(?=\s[A-ZÆØÅ])|e(?=\s[A-ZÆØÅ]))"
ITEM = re.compile(rf"{MARK}\s+(?=\S)")
HYPHENS = "-\u00ad\u2010"
KEPT_BEFORE = re.compile(r"(?:og|eller|samt|og/eller|and|or)\b")


def starts_item(text: str) -> bool:
    return bool(ITEM.match(text))


def paragraphs_of(rows: Sequence[Row]) -> list[Paragraph]:
    """The paragraphs of one section in order."""
    known = _vocabulary(rows)
    out: list[Paragraph] = []
    for _, group in groupby(rows, key=lambda row: row.block):
        for kind, members in _items(list(group)):
            text = _joined([row.text for row in members], known)
            if kind == "row":
                text = _unwrapped(text, known)
            if out and _carried_over(out[-1], kind, text):
                out[-1] = Paragraph(_joined([out[-1].text, text], known), out[-1].kind)
            elif text:
                out.append(Paragraph(text, kind))
    return out


def _items(block: list[Row]) -> list[tuple[str, list[Row]]]:
    """A block cut into its list items and table rows; continued lines stay with their item."""
    out: list[tuple[str, list[Row]]] = []
    for row in block:
        if row.line.kind == "row":
            out.append(("row", [row]))
        elif row.line.kind == "item" or (starts_item(row.text.text) and _may_begin(out, row)):
            out.append(("item", [row]))
        elif out and out[-1][0] != "row":
            out[-1][1].append(row)
        else:
            out.append(("text", [row]))
    return out


def _may_begin(before: list[tuple[str, list[Row]]], row: Row) -> bool:
    """A line that begins with «3.» in the midst of a sentence is no list item; after a full stop it is."""
    if not before or before[-1][0] == "item" or not re.match(r"\d|-|–|—", row.text.text):
        return True
    return bool(re.search(r"[.:;!?]$", before[-1][1][-1].text.text))


def _carried_over(before: Paragraph, kind: str, text: Traced) -> bool:
    """Does a text go on after a page, column or figure broke it?"""
    if kind != "text" or before.kind not in ("text", "item") or not text:
        return False
    if before.kind == "item" and before.text.last_page == text.first_page:
        return False
    return not re.search(r"[.!?:;»\"”)|]\s*$", before.text.text) and bool(re.match(r"[a-zæøå(]", text.text))


def _joined(lines: Sequence[Traced], known: Counter[str]) -> Traced:
    """Lines joined by spaces, a word hyphenated at a line end made whole."""
    out: list[Traced] = []
    for line in lines:
        if out and out[-1] and out[-1].text[-1] in HYPHENS and (glued := _whole(out[-1], line, known)) is not None:
            out[-1] = glued
        elif line:
            out.append(line)
    return Traced.join(out, " ")


def _whole(left: Traced, right: Traced, known: Counter[str]) -> Traced | None:
    """The two lines with the broken word joined, or None where the hyphen is the word's own and a space follows."""
    head, tail = re.search(r"[\w/-]*$", left.text[:-1])[0], re.match(r"[\w-]*", right.text)[0]
    if not head or not tail or KEPT_BEFORE.match(right.text):
        return None
    if left.text[-1] == "\u00ad":
        return Traced.join([left[: len(left) - 1], right], "")
    if head.isupper() or head[-1].isdigit() or len(head) == 1 or not tail[0].islower():
        return Traced.join([left, right], "")
    joined, hyphened = (head + tail).casefold(), f"{head}-{tail}".casefold()
    if known[hyphened] > known[joined] and not _is_word(joined):
        return Traced.join([left, right], "")
    return Traced.join([left[: len(left) - 1], right], "")


def _unwrapped(text: Traced, known: Counter[str]) -> Traced:
    """Words broken at the line ends of a table's cell made whole."""
    parts: list[Traced] = []
    at = 0
    for match in re.finditer(r"(?<=[a-zæøå])- (?=[a-zæøå])", text.text):
        parts.append(text[at : match.start() + 1])
        at = match.end()
    return _joined([*parts, text[at:]], known) if parts else text


def _vocabulary(rows: Sequence[Row]) -> Counter[str]:
    return Counter(word for row in rows for word in re.findall(r"\w+(?:-\w+)*", row.text.text.casefold()))


@cache
def _is_word(word: str) -> bool:
    from wordfreq import zipf_frequency

    return zipf_frequency(word, "nb") > 0
