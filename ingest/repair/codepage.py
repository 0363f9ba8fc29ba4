"""A font or code page that swaps letters by rule throughout a document: ¸ for ø, ¿ for æ, Œ for å, { for æ.

For each strange sign inside words, the letter that makes its words known is sought. It is taken only where the
evidence is strong: several different words, nearly all of them known after, and far more than for any other letter.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from ingest.repair.lexicon import NEVER as NO_WORD
from ingest.repair.lexicon import Lexicon, lexicon
from ingest.report import Edit

LETTERS = "øåæ"
SEVEN_BIT = "{|}[\\]"  # Norwegian letters of the old 7-bit code, ISO 646-NO
LETTER = r"[^\W\d_]"
STRANGE = re.compile(rf"(?<={LETTER})[^\x00-\x7f]|[^\x00-\x7f](?={LETTER})|(?<={LETTER})[{{|}}\[\\\]](?={LETTER})")
SOUND = frozenset("æøåÆØÅ–—‐‑’‘´`·•…«»“”§°éèêóòôäöüÄÖÜÉÈ€£\u00ad\u00a0/&@")
WORDS = 3  # different words that must become known
TOKENS = 4  # and so many in all
SHARE = 0.7  # of the different words
LEAD = 8.0  # nats before any other letter


def repair(pages: Sequence[str]) -> list[list[Edit]]:
    """The edits of each page of one document; each covers a word."""
    found = Counter(m.group() for page in pages for m in STRANGE.finditer(page) if m.group() not in SOUND)
    bits = sum(found[sign] for sign in SEVEN_BIT)
    signs = {sign for sign, n in found.items() if (bits if sign in SEVEN_BIT else n) >= TOKENS}
    if not signs:
        return [[] for _ in pages]
    meant = letters_of(signs, pages, lexicon())
    if not meant:
        return [[] for _ in pages]
    table = str.maketrans(dict(meant))
    shape = re.compile(_word_shape(meant))
    out = []
    for page in pages:
        found = (m for m in shape.finditer(page) if not meant.keys().isdisjoint(m.group()))
        out.append([Edit(*m.span(), m.group(), m.group().translate(table), "codepage", 0.98) for m in found])
    return out


def letters_of(signs: set[str], pages: Sequence[str], words: Lexicon) -> dict[str, str]:
    """Which letter each sign stands for; signs without strong evidence are left out.

    The surest sign is settled first: two signs do not stand for one letter, and words with both become clear.
    """
    shape = re.compile(_word_shape(signs))
    marked = (part for page in pages for part in page.split() if not signs.isdisjoint(part))
    counts = Counter(m.group() for part in marked for m in shape.finditer(part) if not signs.isdisjoint(m.group()))
    meant: dict[str, str] = {}
    while len(meant) < len(signs):
        free = [c for c in LETTERS if c not in meant.values()]
        sure = {s: _letter(s, counts, meant, free, words) for s in sorted(signs - meant.keys())}
        _lead, letter, sign = max((lead, letter, s) for s, (lead, letter) in sure.items())
        if not letter:
            break
        meant[sign] = letter
    return meant


def _letter(
    sign: str, counts: Mapping[str, int], meant: Mapping[str, str], free: Sequence[str], words: Lexicon
) -> tuple[float, str]:
    """The letter that a sign stands for (empty if that is not clear), and its lead over the next in nats."""
    table = str.maketrans(dict(meant))
    mine = {w.translate(table): n for w, n in counts.items() if sign in w and len(w) > 1}
    plain = {w: n for w, n in mine.items() if w.replace(sign, "").isalpha()}
    if len(plain) < WORDS or sum(plain.values()) < TOKENS:
        return 0.0, ""
    scores, known = {}, {}
    starts = sum(w.startswith(sign) or w.replace(sign, "").isupper() for w in plain)
    upper = starts == len(plain)
    for c in LETTERS if upper else free:
        costs = [min(words.cost(w.replace(sign, c).lower(), i) for i in (0, 1)) for w in plain]
        scores[c] = sum(NO_WORD - cost for cost in costs)
        known[c] = sum(cost < NO_WORD for cost in costs)
    best, *rest = sorted(scores, key=lambda c: -scores[c])
    lead = scores[best] - max((scores[c] for c in rest), default=0.0)
    if known[best] < max(WORDS, SHARE * len(plain)) or lead < LEAD:
        return 0.0, ""
    return lead, best.upper() if upper else best


def _word_shape(signs: set[str] | Mapping[str, str]) -> str:
    inside = "".join(map(re.escape, sorted(signs)))
    loose = "".join(re.escape(s) for s in sorted(signs) if s not in SEVEN_BIT)
    alone = f"|(?<!\\S)[{inside}](?!\\S)"
    edge = f"[{loose}]" if loose else "(?!)"
    return f"(?:{edge}|{LETTER}|(?:(?<!\\S)[{inside}](?={LETTER})))(?:[{inside}]|{LETTER})*{alone}"
