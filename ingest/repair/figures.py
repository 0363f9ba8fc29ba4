"""Figures that are numbers: items of a list, rows of a table, what follows «kapittel» or «delmål».

English OCR reads the word «å» as 3, 4 or 8 too. The place of a figure tells, or else its neighbours in the sentence do. A figure
lost is worse than a word.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import lru_cache
from itertools import product
from typing import TYPE_CHECKING

from ingest.repair.channel import rules
from ingest.repair.lexicon import DATA, lexicon

if TYPE_CHECKING:
    from ingest.repair.tokens import Token

FIGURE = re.compile(r"\d|4a")  # what an «å» or an «i» may be read as
NEAR = 6  # lines within which the next or the last item of a list is sought
AROUND = 120 * NEAR  # characters of those
FOLLOWS = 0.7  # nats by which its neighbours must favour a word that was read as a figure
BULLETS = " \t•●▪■◦○·–*-"
RUNS_ON = re.compile(r"[\w,][»”\")]?[ \t]*$")  # so ends a line whose sentence goes on
ITEM = re.compile(rf"[{BULLETS}]*(\d{{1,4}})[ \t]")
BEFORE = re.compile(r"([^\W\d_][\w@¢&]*)\.?\s+(?:\d+[a-z]?(?:\s*[,–-]\s*|\s+(?:og|eller|til)\s+))*$")  # «punkt 3 og »
LAST = re.compile(r"([^\W\d_]+)[ \t]*\n$")
WORD = re.compile(r"[^\W\d_][\w@¢&]*")


def leads(text: str, at: int) -> bool:
    """Does the figure at a place begin its line, but for a bullet?"""
    return not text[text.rfind("\n", 0, at) + 1 : at].strip(BULLETS)


def is_number(text: str, start: int, end: int) -> bool:
    """Does the place of the figure text[start:end] in a page say that it is a number?

    A sentence that goes on over the line end may have a true «å» first on a line: that is left to the neighbours.
    """
    if _is_counted(text, start):
        return True
    if not leads(text, start):
        return False
    opening, closing = text.rfind("\n", 0, start) + 1, text.find("\n", end)
    rest = text[end : closing if closing >= 0 else len(text)]
    if not rest.strip() or rest[:2].strip().isupper() or _is_item(text, opening, closing):  # «3», «4 Anbefalinger»
        return True
    if text[start:end] == "1":  # an I may open a sentence, an å in small letters does not
        return False
    begun = text[opening:start].strip() or not opening  # by a bullet or a page
    return bool(begun) or not RUNS_ON.search(text[text.rfind("\n", 0, opening - 1) + 1 : opening - 1])


def is_word(tokens: Sequence[Token], i: int, left: str, word: str, right: str) -> bool:
    """Do the neighbours of a figure ask for a word in its place («for 4 gi»)? A figure lost is worse than a word."""
    if word == "å" and not (i + 1 < len(tokens) and _is_printed_small(tokens[i + 1].text, right) and not tokens[i + 1].stop):
        return False  # «mål 3 Møte», «3 – utvikle»
    if word == "å" and tokens[i].leads and i and lexicon().fit(left, word) < FOLLOWS:
        return False  # first on a line it may be a number, unless the line before asks for an «å»
    after = lexicon().fit(word, right)
    return after > FOLLOWS or (after > -FOLLOWS and lexicon().fit(left, word) > 2 * FOLLOWS)


def _is_printed_small(seen: str, word: str) -> bool:
    """Was a word printed in small letters, if it reads `word`? «Igse» was, for it is «løse»."""
    return seen.islower() or (seen[0] == "I" and seen[1:].islower() and word[0] == "l")


def _is_item(text: str, opening: int, closing: int) -> bool:
    """Does the line with characters from `opening` belong to a row of numbered ones?"""
    here = ITEM.match(text, opening)
    if not here:
        return False
    number = int(here[1])
    before = text[max(0, opening - AROUND) : opening].split("\n")[-2::-1][:NEAR]
    after = text[closing + 1 : closing + AROUND].split("\n")[:NEAR] if closing >= 0 else []
    for lines, sign in ((before, -1), (after, 1)):
        for far, line in enumerate(lines):
            if found := ITEM.match(line):
                step = sign * (int(found[1]) - number)
                if (step > 0 and not far) or (step == 1 and not _asks(text, opening)):
                    return True
                break
    return False


def _asks(text: str, opening: int) -> bool:
    """Does the line before that from `opening` end in a word that wants an «å» after it, such as «til»?"""
    last = LAST.search(text, max(0, opening - AROUND), opening)
    return bool(last) and lexicon().fit(last[1].lower(), "å") > FOLLOWS


def _is_counted(text: str, at: int) -> bool:
    """Does a noun that counts («Delmål», «Tabell») stand before the figure at a place, or before its list of figures?"""
    found = BEFORE.search(text, max(0, at - 60), at)
    if not found:
        return False
    always, often, articles, never = _words()
    noun = found[1].lower()
    if any(noun.endswith(word) for word in never):
        return False
    if _is_one_of(noun, always):
        return True
    sentence = re.split(r"[.:;!?]", text[max(0, found.start() - 40) : found.start()])[-1]
    return _is_one_of(noun, often) and articles.isdisjoint(word.lower() for word in WORD.findall(sentence)[-2:])


def _is_one_of(noun: str, words: tuple[frozenset[str], tuple[str, ...]]) -> bool:
    return noun in words[0] or noun.endswith(words[1])


@lru_cache(maxsize=1)
def _words() -> tuple[
    tuple[frozenset[str], tuple[str, ...]], tuple[frozenset[str], tuple[str, ...]], frozenset[str], frozenset[str]
]:
    """The lists of figures.toml with what OCR makes of their words: whole words and last parts of compounds."""
    data = tomllib.loads((DATA / "figures.toml").read_text(encoding="utf-8"))

    def nouns(name: str) -> tuple[frozenset[str], tuple[str, ...]]:
        words = {form: noun for noun in data[name] for form in _read(noun.lstrip("-"))}
        return frozenset(words), tuple(form for form, noun in words.items() if noun[0] == "-")

    articles, never = (frozenset(form for word in data[name] for form in _read(word)) for name in ("articles", "no_counters"))
    return nouns("counters"), nouns("counters_without_article"), articles, never


def _read(word: str) -> set[str]:
    """A word as it was printed, and as it may have been read."""
    seen = {c: [c] for c in word}
    for reading, found in rules()[0].items():
        for rule in found:
            if rule.loses and rule.meant in seen and reading:
                seen[rule.meant].append(reading.lower())
    return {"".join(letters) for letters in product(*(seen[c] for c in word))}
