"""Text from documents and questions as HTML: always escaped, with marks, and cut to what a glance takes in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape
from itertools import pairwise
from typing import NamedTuple

from index.records import PassageHit, Span

__all__ = ["Mark", "chips", "cut_hit", "element", "escape", "excerpt", "joined", "marked", "of_hit", "plain", "styled"]

_LINKED = re.compile(r"(?<=://)(?=[-.\w])|(?<=\w@)(?=[-\w])|(?<=www)(?=\.)", re.IGNORECASE)
"""Where an address is parted, lest it become a link: that is looked for in the text when its escapes have been taken away."""
_MARKDOWN = re.compile(r"([\\`*_\[\]<>$:~#&|@])|^([-+]|\d+(?=[.)]))")


class Mark(NamedTuple):
    """An element around characters [start, end) of a text. `title` is shown when the pointer rests on it."""

    start: int
    end: int
    tag: str
    name: str = ""  # its class
    title: str = ""

    def opening(self) -> str:
        name = f' class="{escape(self.name)}"' if self.name else ""
        title = f' title="{escape(self.title)}"' if self.title else ""
        return f"<{self.tag}{name}{title}>"


def marked(text: str, marks: Sequence[Mark], start: int = 0, end: int | None = None) -> str:
    """Characters [start, end) of `text` as HTML. Marks may overlap in any way; an earlier one lies outside a later."""
    end = len(text) if end is None else min(end, len(text))
    marks = [m for m in marks if m.start < m.end and m.end > start and m.start < end]
    cuts = sorted({start, end, *(min(max(at, start), end) for m in marks for at in (m.start, m.end))})
    out: list[str] = []
    opened: list[Mark] = []
    for left, right in pairwise(cuts):
        here = [m for m in marks if m.start <= left and m.end >= right]
        same = 0
        while same < min(len(here), len(opened)) and here[same] == opened[same]:
            same += 1
        out += [f"</{m.tag}>" for m in reversed(opened[same:])]
        out += [m.opening() for m in here[same:]]
        opened = here
        out.append(escape(text[left:right]))
    out += [f"</{m.tag}>" for m in reversed(opened)]
    return "".join(out)


def of_hit(hit: PassageHit, start: int = 0, end: int | None = None) -> str:
    """A passage, or a part of it, with its best sentence marked and the matched words in bold."""
    return marked(hit.text, [Mark(*hit.best, "mark"), *(Mark(*span, "b") for span in hit.matches)], start, end)


def cut_hit(hit: PassageHit) -> str:
    """A passage as `of_hit`, cut to its excerpt, with dots where something is left out."""
    start, end = excerpt(hit.text, hit.best)
    return f"{'… ' if start else ''}{of_hit(hit, start, end)}{' …' if end < len(hit.text) else ''}"


def excerpt(text: str, best: Span, size: int = 360) -> Span:
    """About `size` characters of `text` with all of `best` in them, cut between words; all where little would be left out."""
    if len(text) <= size * 1.25:
        return 0, len(text)
    start, end = best
    room = max(0, size - (end - start))
    start = max(0, start - room // 3)
    end = min(len(text), max(end, start + size))
    start = max(0, min(start, end - size))
    if start > 0:
        start = text.find(" ", start, best[0]) + 1 or best[0]
    if end < len(text):
        end = max(best[1], text.rfind(" ", best[1], end))
    return start, end


def plain(text: str) -> str:
    """For labels of Streamlit's own elements, which read Markdown: what could mean something is escaped.

    No more than that, for some of the labels go unread into a name that a screen reader says, backslashes and all.
    """
    return _MARKDOWN.sub(_escaped, _LINKED.sub("\u200b", " ".join(text.split())))


def _escaped(match: re.Match[str]) -> str:
    return f"{match[0]}\u200b" if match[0].isdecimal() else f"\\{match[0]}"  # a number can't be escaped, but parted from its dot


def element(tag: str, text: object, name: str = "", **attributes: str) -> str:
    """An element that holds `text` as text, with a class and attributes (lang, href …)."""
    given = ({"class": name} if name else {}) | attributes
    inside = "".join(f' {key}="{escape(value)}"' for key, value in given.items())
    return f"<{tag}{inside}>{escape(str(text))}</{tag}>"


def styled(text: str) -> str:
    """A text as a string of CSS within a <style> element, whatever signs it holds."""
    return "'" + "".join(c if c.isalnum() or c in " …" else f"\\{ord(c):x} " for c in text) + "'"


def chips(values: Iterable[str]) -> str:
    items = "".join(f"<li>{escape(value)}</li>" for value in values)
    return f'<ul class="fou-chips">{items}</ul>' if items else ""


def joined(*parts: object) -> str:
    """Facts in a row with a dot between them, escaped; empty ones are left out."""
    return '<span class="fou-dot"> · </span>'.join(escape(str(part)) for part in parts if part not in ("", None))
