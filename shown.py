"""What others have named, made safe to show: on one line, with what would hide or turn it written out."""

from __future__ import annotations

import re

HIDDEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
"""Controls, line breaks, marks that turn the direction of writing, signs without width, and halves of signs."""


HALVES = re.compile("[\ud800-\udfff]")
"""Halves of signs, which can neither be written nor kept."""


def one_line(name: object) -> str:
    """A name or a path on one line: what HIDDEN matches stands as \\n, \\x1b or \\u202e."""
    return HIDDEN.sub(lambda match: match[0].encode("unicode_escape").decode("ascii"), str(name))


def number(count: int) -> str:
    """A number as it is written in Norwegian: 2 000."""
    return f"{count:,}".replace(",", " ")
