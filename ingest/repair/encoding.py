"""Encoding faults: mojibake, decomposed letters, ligatures, control characters, soft hyphens.

Sound signs (« » “ ” – … é) stay as they are. Edits are as small as they can be and never touch a line break.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from difflib import SequenceMatcher
from functools import lru_cache

from ingest.report import Edit

SIGNS = "æøåÆØÅéèêóòôäöüÄÖÜÉ«»“”‘’–—…§·•°"
LEAD = re.compile(r"[ÂÃÅâ√¬Ð][^\x00-\x7f]")
MOJIBAKE = re.compile(r"[^ \t\r\n\f\v]*[ÂÃÅâ√¬Ð][^\x00-\x7f][^ \t\r\n\f\v]*")
LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
RING = "\u02da"  # a ring that stands beside its letter, as some PDFs have it
FAULT = re.compile(
    "(?P<combined>[^\\W\\d_][\u0300-\u036f]+)"
    f"|(?P<ring>{RING} ?[aA]|[aA]{RING})"
    "|(?P<ligature>[ﬀ-ﬆ])"
    "|(?P<soft>\u00ad)"
    "|(?P<control>[\x00-\x08\x0e-\x1b\x7f\u200b\u200c\u200d\u2060\ufeff])"
    "|(?P<c1>[\x80-\x84\x86-\x9f])"
)
UNDEFINED = "[\x81\x8d\x8f\x90\x9d]"  # in Windows' code page; in those of Mac and DOS some are letters
LOST = re.compile(UNDEFINED)
MAYBE_LETTER = re.compile(rf"(?<=[^\W\d_]){UNDEFINED}|(?<!\S){UNDEFINED}(?!\S)|{UNDEFINED}(?=[^\W\d_])")


def repair(text: str) -> list[Edit]:
    """The edits that put the encoding of a page right, in order."""
    if text.isascii() and text.isprintable():
        return []
    edits = list(_mojibake(text))
    taken = [(e.start, e.end) for e in edits]
    for match in FAULT.finditer(text):
        if not any(a < match.end() and match.start() < b for a, b in taken):
            after = _sound(text, match)
            if after != match.group():
                edits.append(Edit(*match.span(), match.group(), after, "encoding"))
    return sorted(edits)


def rest(text: str) -> list[Edit]:
    """The edits that take away the undefined signs that no code page explained."""
    return [Edit(*match.span(), match.group(), "", "encoding") for match in LOST.finditer(text)]


@lru_cache(maxsize=1)
def _misread() -> tuple[re.Pattern[str], dict[str, str]]:
    """UTF-8 read as Windows-1252, Latin-1 or Mac Roman, for the signs of Norwegian text."""
    from ftfy.bad_codecs import sloppy  # registers sloppy-windows-1252  # noqa: F401

    table = {}
    for sign in SIGNS:
        for codec in ("sloppy-windows-1252", "latin-1", "mac_roman"):
            table.setdefault(sign.encode("utf-8").decode(codec), sign)
    return re.compile("|".join(sorted(map(re.escape, table), key=len, reverse=True))), table


def _mojibake(text: str) -> Iterator[Edit]:
    """ftfy sees most of it; signs that it can't be sure of in one word are taken from the table."""
    if not LEAD.search(text):
        return
    from ftfy import fix_encoding

    shape, table = _misread()
    for match in MOJIBAKE.finditer(text):
        word = match.group()
        fixed = shape.sub(lambda m: table[m.group()], fix_encoding(word))
        if fixed == word or "\n" in fixed or "\ufffd" in fixed:
            continue
        for tag, i1, i2, j1, j2 in SequenceMatcher(None, word, fixed, autojunk=False).get_opcodes():
            if tag != "equal":
                start, end = match.start() + i1, match.start() + i2
                yield Edit(start, end, text[start:end], fixed[j1:j2], "encoding")


def _sound(text: str, match: re.Match[str]) -> str:
    seen, kind = match.group(), match.lastgroup
    if kind == "combined":
        return unicodedata.normalize("NFC", seen)
    if kind == "ring":
        letter = "Å" if "A" in seen else "å"
        return f" {letter}" if _is_word_of_its_own(text, match, letter) else letter
    if kind == "ligature":
        return LIGATURES.get(seen, seen)
    if kind == "soft":  # at the end of a line it shows as a hyphen
        return "-" if text[match.end() : match.end() + 1] == "\n" else ""
    if kind == "c1":  # a byte of Windows' code page that was read as Latin-1; what may be a letter is for codepage to tell
        if MAYBE_LETTER.match(text, match.start()):
            return seen
        return seen.encode("latin-1").decode("cp1252", errors="ignore")
    return ""


def _is_word_of_its_own(text: str, match: re.Match[str], letter: str) -> bool:
    """Did the space before a word «å» go lost with its ring? TeX sets the ring by moving, which hides the gap."""
    before = re.search(r"[^\W\d_]+$", text[: match.start()])
    if not before or text[match.end() : match.end() + 1].isalpha():
        return False
    from ingest.repair.lexicon import lexicon

    words, word = lexicon(), before.group().lower()
    return word in words and word + letter.lower() not in words
