"""A font or code page that swaps letters by rule throughout a document: ¸ for ø, ¿ for æ, Œ for å, { for æ.

For each strange sign inside words, the letter that makes its words known is sought. It is taken only where the
evidence is strong: several different words, nearly all of them known after, and far more than for any other letter.
Where the letters found are those of a known code page, its capitals follow.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from ingest.repair.lexicon import DATA, Lexicon, lexicon
from ingest.repair.lexicon import NEVER as NO_WORD
from ingest.report import Edit

LETTERS = "øåæ"
SEVEN_BIT = "{|}[\\]"  # Norwegian letters of the old 7-bit code, ISO 646-NO
QUOTE = "‘"  # æ of DOS; at the edge of a word it is a quote
LETTER = r"[^\W\d_]"
STRANGE = re.compile(
    rf"(?<={LETTER})[^\x00-\x7f{QUOTE}]|[^\x00-\x7f{QUOTE}](?={LETTER})|(?<={LETTER})[{{|}}\[\\\]{QUOTE}](?={LETTER})"
)
SOUND = frozenset("æøåÆØÅ–—‐‑’´`·•…«»“”§°éèêóòôäöüÄÖÜÉÈ€£\u00ad\u00a0/&@")
OPENING = re.compile(r"(?:^|[.!?:•]\s|\n\s*\n)\W*$")  # what stands before the first word of a sentence
LEADERS = " \t•–*-.0123456789"  # before the first word of a line
WORDS = 3  # different words that must become known
TOKENS = 4  # and so many in all
SHARE = 0.7  # of the different words
LEAD = 8.0  # nats before any other letter
AGREED = 2  # letters by which a known code page is recognised


class Seen(NamedTuple):
    """How often a word with strange signs stands in a document: in all, first in a sentence, and first on a line."""

    times: int = 0
    opens: int = 0
    leads: int = 0


def repair(pages: Sequence[str]) -> list[list[Edit]]:
    """The edits of each page of one document; each covers a word."""
    found = Counter(m.group() for page in pages for m in STRANGE.finditer(page) if m.group() not in SOUND)
    bits = sum(found[sign] for sign in SEVEN_BIT)
    signs = {sign for sign, n in found.items() if (bits if sign in SEVEN_BIT else n) >= TOKENS}
    meant = letters_of(signs, pages, lexicon()) if signs else {}
    if not meant:
        return [[] for _ in pages]
    meant |= _capitals(meant, found.keys())
    table = str.maketrans(dict(meant))
    shape = re.compile(_word_shape(meant))
    out = []
    for page in pages:
        words = (m for m in shape.finditer(page) if not meant.keys().isdisjoint(m.group()))
        out.append([Edit(*m.span(), m.group(), m.group().translate(table), "codepage", 0.98) for m in words])
    return out


def letters_of(signs: set[str], pages: Sequence[str], words: Lexicon) -> dict[str, str]:
    """Which letter each sign stands for; signs without strong evidence are left out.

    The surest sign is settled first: two signs do not stand for one letter, and words with both become clear.
    """
    seen = _words_with(signs, pages)
    meant: dict[str, str] = {}
    while len(meant) < len(signs):
        free = [c for c in LETTERS if c not in meant.values()]
        sure = {s: _letter(s, seen, meant, free, words) for s in sorted(signs - meant.keys())}
        _lead, letter, sign = max((lead, letter, s) for s, (lead, letter) in sure.items())
        if not letter:
            break
        meant[sign] = letter
    return meant


def _words_with(signs: set[str], pages: Sequence[str]) -> dict[str, Seen]:
    shape = re.compile(_word_shape(signs))
    seen: dict[str, Seen] = {}
    for page in pages:
        for part in re.finditer(r"\S+", page):
            if signs.isdisjoint(part.group()):
                continue
            for match in shape.finditer(page, *part.span()):
                if not signs.isdisjoint(match.group()):
                    before = page[max(0, match.start() - 20) : match.start()]
                    opens = bool(OPENING.search(before))
                    leads = not opens and "\n" in before and not before.rpartition("\n")[2].strip(LEADERS)
                    last = seen.get(match.group(), Seen())
                    seen[match.group()] = Seen(last.times + 1, last.opens + opens, last.leads + leads)
    return seen


def _letter(
    sign: str, seen: Mapping[str, Seen], meant: Mapping[str, str], free: Sequence[str], words: Lexicon
) -> tuple[float, str]:
    """The letter that a sign stands for (empty if that is not clear), and its lead over the next in nats."""
    table = str.maketrans(dict(meant))
    plain = {t: n for w, n in seen.items() if sign in w and len(w) > 1 and (t := w.translate(table)).replace(sign, "").isalpha()}
    if len(plain) < WORDS or sum(n.times for n in plain.values()) < TOKENS:
        return 0.0, ""
    scores, known = {}, {}
    upper = _is_capital(sign, plain, words)
    for c in LETTERS if upper else free:
        costs = [min(words.cost(w.replace(sign, c).lower(), i) for i in (0, 1)) for w in plain]
        scores[c] = sum(NO_WORD - cost for cost in costs)
        known[c] = sum(cost < NO_WORD for cost in costs)
    best, *rest = sorted(scores, key=lambda c: -scores[c])
    lead = scores[best] - max((scores[c] for c in rest), default=0.0)
    if known[best] < max(WORDS, SHARE * len(plain)) or lead < LEAD:
        return 0.0, ""
    return lead, best.upper() if upper else best


def _is_capital(sign: str, seen: Mapping[str, Seen], words: Lexicon) -> bool:
    """Does a sign stand only where capitals do: in words of capitals, or first in names and sentences?

    The first word of a line that no sentence begins may be of a heading or not: it tells nothing.
    """
    capitals = small = 0
    for word, (times, opens, leads) in seen.items():
        rest = word.replace(sign, "")
        if rest.isupper() and len(rest) > 1:
            capitals += times
        elif not word.startswith(sign) or sign in word[1:]:
            return False
        elif any(c + word[1:].lower() in words.capital for c in LETTERS):
            capitals += times
        else:
            capitals += opens
            small += times - opens - leads
    return capitals >= small


def _capitals(meant: Mapping[str, str], signs: Iterable[str]) -> dict[str, str]:
    """What the other signs of a document stand for, if those settled show one of the known code pages."""
    for page in _codepages():
        settled = [page[sign] == letter for sign, letter in meant.items() if sign in page]
        if all(settled) and len(settled) >= AGREED:
            return {sign: page[sign] for sign in signs if sign in page}
    return {}


@lru_cache(maxsize=1)
def _codepages() -> tuple[dict[str, str], ...]:
    return tuple(tomllib.loads((DATA / "codepages.toml").read_text(encoding="utf-8")).values())


def _word_shape(signs: set[str] | Mapping[str, str]) -> str:
    """The pattern of a word with any of the signs; those of 7 bits begin one only after a gap, and QUOTE never does."""
    inside = "".join(re.escape(s) for s in sorted(signs) if s != QUOTE) or "\0"
    loose = "".join(re.escape(s) for s in sorted(signs) if s not in SEVEN_BIT and s != QUOTE)
    within = f"|(?<={LETTER}){QUOTE}(?={LETTER})" if QUOTE in signs else ""
    alone = f"|(?<!\\S)[{inside}](?!\\S)"
    edge = f"[{loose}]" if loose else "(?!)"
    return f"(?:{edge}|{LETTER}|(?:(?<!\\S)[{inside}](?={LETTER})))(?:[{inside}]|{LETTER}{within})*{alone}"
