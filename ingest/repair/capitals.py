"""Letters in the wrong case, or a capital I read as l or 1: «BarnevernSloven», «Og» inside a sentence, «Oscar Il», «VRl».

Only letters whose capital has the shape of the small one are mended, and only where a known word comes of it; names in
camel case («KommuneKari», «eFormidling»), short forms (FoU, UiO) and units (kWh) stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from ingest.repair.channel import Channel
from ingest.repair.lexicon import Lexicon
from ingest.repair.tokens import Token

ALIKE = frozenset("COPSUVWXZÅØK")
INNER = re.compile(r"[^\W\d_]+[A-ZÆØÅ]\w*")
COMMON = 11.0  # nats: a commoner word is no name in camel case
KNOWN = 15.0  # nats: a word with several such capitals is at least so common
PREFIX = re.compile(r"(?:Mc|Mac|De|Di|Du|La|Le|Van|Fitz)[A-Z]")
ROMAN = re.compile(r"X{0,3}(?:IX|IV|V?I{1,3}|V)")
SHORT = re.compile(r"[A-ZÆØÅ]+l[A-ZÆØÅ]*")  # a short form in capitals with an l that must be an I
YEAR = re.compile(r"1[5-9]\d\d|20\d\d")
BRAND = frozenset("ei")  # eHelse, iPad
USUAL = 150.0  # words that the expected share of misread capitals counts for, beside those of the document
EXPECTED = 0.3  # misread capitals among those
SELDOM = 0.002  # a word with a capital inside sentences at most so often shows, when it has one, how capitals were read
SURER = 10.0  # a capital must be so many times likelier misread than meant


def levelled(tokens: Sequence[Token], channel: Channel, words: Lexicon) -> list[Token]:
    """The tokens, with letters inside them in the case that they must have had."""
    out = [t if t.peace or t.text.islower() else _levelled(t, channel, words) for t in tokens]
    for i, (one, year, word) in enumerate(zip(tokens, tokens[1:], tokens[2:], strict=False)):
        if one.text == "1" and one.opens and one.alone and YEAR.fullmatch(year.text) and word.text.islower() and not word.stop:
            out[i] = one._replace(text="I", peace=False)  # «1 1906 ble det …»
    return out


def _levelled(token: Token, channel: Channel, words: Lexicon) -> Token:
    text = token.text
    if "l" in text and set(text) <= set("IVXl") and len(text) > 1:
        number = text.replace("l", "I")
        return token._replace(text=number) if ROMAN.fullmatch(number) and not token.opens else token
    if 2 < len(text) < 7 and SHORT.fullmatch(text) and not text.endswith("Cl"):
        return token._replace(text=text.replace("l", "I"))
    if INNER.fullmatch(text) and not text.isupper() and _is_misread(text, channel, words):
        return token._replace(text=text[0] + text[1:].lower())
    return token


def _is_misread(text: str, channel: Channel, words: Lexicon) -> bool:
    """Are all capitals inside a word small letters read too large?"""
    places = [i for i, c in enumerate(text) if i and c.isupper()]
    if any(text[i] not in ALIKE for i in places) or any(b == a + 1 for a, b in pairwise(places)):
        return False
    low, titled = text.lower(), text[0].isupper()
    if titled and (len(text) < 5 or len(places) > 1 or PREFIX.match(text)):  # FoU, DevSecOps, McKee
        return False
    if text[0] in BRAND and places[0] == 1:
        return False
    cost = min(words.cost(low, 0), words.cost(low, 1))
    if any(_is_seam(low, i, words) for i in places):
        return not titled and cost < COMMON
    if len(text) < 5 or len(places) > 1:
        return cost < (COMMON if len(text) < 5 else KNOWN)
    return low in words or any(c.sound and all(r.loses for _, r in c.subs) for c in channel.candidates(text[0] + low[1:]))


def _is_seam(low: str, at: int, words: Lexicon) -> bool:
    """Does a word fall into two known words at a place? Then the capital may be a matter of style («HelseNorge»)."""
    return low[at:] in words and (at == 1 or low[:at] in words or low[: at - 1] in words)


def misread_share(blocks: Iterable[Sequence[Token]], words: Lexicon) -> float:
    """How often a small letter at the start of a word was read as a capital in a document."""
    suspects = letters = 0
    for tokens in blocks:
        for i, token in enumerate(tokens):
            if token.text[0].upper() in ALIKE and _is_inside(tokens, i):
                letters += 1
                suspects += token.text.istitle() and words.capital_share(token.text.lower()) < SELDOM
    return (suspects + EXPECTED) / (letters + USUAL)


def is_small(tokens: Sequence[Token], i: int, word: str, misread: float, words: Lexicon) -> bool:
    """Was the token i, which is to be read as `word` (in small letters) and has a capital, printed with a small one?"""
    text = tokens[i].text
    if text[0] not in ALIKE or not text[1:].islower() or not _is_inside(tokens, i):
        return False
    return SURER * words.capital_share(word) < misread


def _is_inside(tokens: Sequence[Token], i: int) -> bool:
    """Does a word follow one in small letters, with no more than a space between, and none with a capital after it?"""
    token, before = tokens[i], tokens[i - 1] if i else None
    if before is None or token.stop or token.peace or token.fresh or before.comma or not before.text.islower():
        return False
    after = tokens[i + 1] if i + 1 < len(tokens) else None
    named = after is not None and not after.stop and after.text[0].isupper() and not token.comma
    return token.parts[0][0] - before.parts[-1][1] == 1 and not named
