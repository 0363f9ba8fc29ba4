"""Edits on a text: applied, and two rows of edits, the second made on the text after the first, joined into one."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.report import Edit


def apply(text: str, edits: Sequence[Edit]) -> str:
    """The text with ordered edits that do not overlap."""
    out, at = [], 0
    for edit in edits:
        out += (text[at : edit.start], edit.after)
        at = edit.end
    return "".join((*out, text[at:]))


def compose(raw: str, first: Sequence[Edit], second: Sequence[Edit]) -> list[Edit]:
    """One row of edits on `raw` that does what `first` and then `second` (on the text between) do.

    Where edits of both touch the same characters they become one, which bears the kind of the second.
    """
    if not first or not second:
        return list(first or second)
    between = apply(raw, first)
    spans: list[tuple[int, int, Edit | None, Edit | None]] = [(e.start, e.end, None, e) for e in second]
    shift = 0
    for edit in first:
        start = edit.start + shift
        spans.append((start, start + len(edit.after), edit, None))
        shift += len(edit.after) - len(edit.before)
    spans.sort(key=lambda s: (s[0], s[1]))
    groups: list[list[tuple[int, int, Edit | None, Edit | None]]] = []
    end = -1
    for span in spans:
        if groups and span[0] < end:
            groups[-1].append(span)
        else:
            groups.append([span])
        end = max(end, span[1]) if len(groups[-1]) > 1 else span[1]
    out: list[Edit] = []
    shift = 0  # raw position minus position in the text between
    for group in groups:
        low, high = group[0][0], max(s[1] for s in group)
        olds = [s[2] for s in group if s[2]]
        news = [s[3] for s in group if s[3]]
        start = low + shift
        shift += sum(len(e.before) - len(e.after) for e in olds)
        stop = high + shift
        inner = [e._replace(start=e.start - low, end=e.end - low) for e in news]
        after = apply(between[low:high], inner)
        if raw[start:stop] != after:
            why = news[0].why if news else olds[0].why
            out.append(Edit(start, stop, raw[start:stop], after, why, min(e.confidence for e in olds + news)))
    return out
