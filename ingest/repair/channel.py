"""From a word as it was read to the words that may have been printed: a noisy channel over letters.

A beam walks the letters of the read word; at each place a letter stands for itself or for one that OCR confuses
with it, and what usually follows in Norwegian words decides which ways stay open.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from ingest.repair.lexicon import DATA, LONGEST, NEVER, Lexicon, lexicon

BEAM = 10  # ways of reading a word that stay open, at most
BEHIND = 11.0  # nats behind the best beyond which a way is given up: fewer cost letters, more cost time
RARE = 9.0  # cost beyond which a known word may be another one that lost a letter
COMMON_LETTERS = frozenset("aeåiøæ")
STRANGE = 9.0  # cost of a sign that is no letter standing for itself inside a word
DOUBLE = re.compile(r"[æøå]{2}")  # no word has two in a row, but for compounds
HANDLE = re.compile(r"^@|\w@\w{4}")  # @kommunen, ola@kommune
NORWEGIAN = frozenset("æøå")


class Rule(NamedTuple):
    """What was printed as `meant` may be read as `seen`; `cost` is -ln of how often, in nats as all costs here."""

    seen: str
    meant: str
    cost: float
    whole: bool = False  # the whole word was read as this one sign

    @property
    def loses(self) -> bool:
        """Is this a lost Norwegian letter, whose share is counted for each document?"""
        return self.meant in NORWEGIAN


Subs = tuple[tuple[int, Rule], ...]


class Candidate(NamedTuple):
    """A lower-case word that may have been printed; `subs` are (place in the read word, rule)."""

    text: str
    subs: Subs
    costs: tuple[float, float]  # of the word in nb and nn
    sound: bool


@lru_cache(maxsize=1)
def rules() -> tuple[dict[str, tuple[Rule, ...]], dict[str, tuple[Rule, ...]]]:
    """The rules by what was read: those for letters inside a word, and those for a whole word of one sign."""
    data = tomllib.loads((DATA / "channel.toml").read_text(encoding="utf-8"))
    inside: dict[str, list[Rule]] = {}
    whole: dict[str, list[Rule]] = {}
    for name, into in (("printed", inside), ("word", whole)):
        for meant, readings in data[name].items():
            for seen, share in readings.items():
                into.setdefault(seen, []).append(Rule(seen, meant, -math.log(share), name == "word"))
    for seen, letters in data["other"].items():
        for meant, share in letters.items():
            inside.setdefault(seen, []).append(Rule(seen, meant, -math.log(share)))
    return {k: tuple(v) for k, v in inside.items()}, {k: tuple(v) for k, v in whole.items()}


@lru_cache(maxsize=1)
def slips() -> dict[str, tuple[Rule, ...]]:
    """The rules for other letters misread, by what was read: only words that nobody knows are asked about them."""
    data = tomllib.loads((DATA / "channel.toml").read_text(encoding="utf-8"))["slips"]
    return {seen: tuple(Rule(seen, m, -math.log(p)) for m, p in letters.items()) for seen, letters in data.items()}


@lru_cache(maxsize=50_000)
def _rules_at(ahead: str, also_slips: bool = False) -> tuple[Rule, ...]:
    """The rules for what may have been read at a place, by the next three characters."""
    found: list[Rule] = []
    for table in (rules()[0], slips()) if also_slips else (rules()[0],):
        for size in range(1, len(ahead) + 1):
            seen = ahead[:size]
            found += table.get(seen, ())
            if seen != seen.lower() and seen not in table:
                found += table.get(seen.lower(), ())
    return tuple(found)


def _is_fair_guess(word: str, text: str, subs: Subs) -> bool:
    """May a word that nobody knows be a candidate for `word`? Only by lost Norwegian letters, not by digits nor in a handle."""
    return (
        text.isalpha()
        and not HANDLE.search(word)
        and not DOUBLE.search(text)
        and all(rule.loses and not any(map(str.isdigit, rule.seen)) for _, rule in subs)
    )


def _lost(word: str) -> Iterator[tuple[str, Subs]]:
    """The words that a letter lost without a trace would make of one."""
    for i in range(len(word) + 1):
        for rule in rules()[0][""]:
            yield word[:i] + rule.meant + word[i:], ((i, rule),)


def _is_only_letters(text: str) -> bool:
    """Are there but the Norwegian letters in a word of several («åå»)? The word list has such, no text has."""
    return len(text) > 1 and NORWEGIAN.issuperset(text)


class Channel:
    """Candidates for read words, kept for reuse: the same word is asked for many times."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self.candidates = lru_cache(maxsize=100_000)(self._candidates)

    def _candidates(self, word: str) -> tuple[Candidate, ...]:
        """What `word` (in its own case) may stand for; the first is the word itself, unchanged."""
        low = word.lower()
        if len(word) > LONGEST:
            return (Candidate(low, (), (NEVER, NEVER), False),)
        found = {low: Candidate(low, (), *self._judged(low))}
        for rule in rules()[1].get(word, ()) + (rules()[1].get(low, ()) if low != word and len(word) == 1 else ()):
            found.setdefault(rule.meant, Candidate(rule.meant, ((0, rule),), *self._judged(rule.meant)))
        if len(word) == 1:
            if low not in COMMON_LETTERS and word == low and word.isalpha():
                for rule in rules()[0][""]:
                    text = word + rule.meant
                    if text in self._lexicon:
                        found.setdefault(text, Candidate(text, ((1, rule),), *self._judged(text)))
            return tuple(found.values())
        if low in self._lexicon.words:  # a known word may be only another known one
            near = list(self._near(word, low))
            if not near and min(found[low].costs) > RARE:
                near = [(text, subs) for text, subs in _lost(low) if text in self._lexicon.words]
            for text, subs in near:
                found.setdefault(text, Candidate(text, subs, *self._judged(text)))
            return tuple(found.values())
        beam = self._beam(word)
        if not found[low].sound and not any(self._lexicon.is_sound(text) for text, _ in beam):
            beam += self._beam(word, rules()[0][""])  # only then: letters lost without a trace, and slips
            if low not in self._lexicon.foreign and word[1:].islower():
                beam += [way for way in self._beam(word, also_slips=True) if way[0] in self._lexicon]
        for text, subs in beam:
            if (
                text not in found
                and not _is_only_letters(text)
                and (_is_fair_guess(word, text, subs) or self._lexicon.is_sound(text))
            ):
                found[text] = Candidate(text, subs, *self._judged(text))
        return tuple(found.values())

    def _near(self, word: str, low: str) -> Iterator[tuple[str, Subs]]:
        """The known words that are a confusion away from a known one, or two from one with a twin."""
        words = self._lexicon.words
        singles = [(i, rule) for i in range(len(word)) for rule in _rules_at(word[i : i + 3])]
        twin = low in self._lexicon.twins
        for n, (i, rule) in enumerate(singles):
            end = i + len(rule.seen)
            text = low[:i] + rule.meant + low[end:]
            if text in words:
                yield text, ((i, rule),)
            if rule.loses and twin:
                for j, other in singles[n + 1 :]:
                    if j >= end and other.loses:
                        text = low[:i] + rule.meant + low[end:j] + other.meant + low[j + len(other.seen) :]
                        if text in words:
                            yield text, ((i, rule), (j, other))

    def _judged(self, word: str) -> tuple[tuple[float, float], bool]:
        (nb, known), (nn, known_too) = self._lexicon.judge(word)
        return (nb, nn), known or known_too

    def _beam(self, word: str, lost: tuple[Rule, ...] = (), also_slips: bool = False) -> list[tuple[str, Subs]]:
        letter = self._lexicon.letter
        size = len(word)
        open_: list[list[tuple[float, str, tuple]]] = [[] for _ in range(size + 1)]
        open_[0].append((0.0, "^^^^", ()))
        for i in range(size):
            own = word[i].lower()
            strange = 0.0 if own.isalpha() else STRANGE
            here = _rules_at(word[i : i + 3], also_slips) + lost
            best = sorted(open_[i], key=lambda h: h[0])[:BEAM]
            for cost, text, subs in best:
                if cost > best[0][0] + BEHIND:
                    break
                context = text[-4:]
                open_[i + 1].append((cost + strange + letter(context, own), text + own, subs))
                if len(subs) > 4:
                    continue
                for rule in here:
                    step, now = rule.cost + 0.3, context
                    for c in rule.meant:
                        step += letter(now, c)
                        now = now[1:] + c
                    ahead = i + len(rule.seen)
                    if rule.seen:
                        open_[ahead].append((cost + step, text + rule.meant, (*subs, (i, rule))))
                    else:  # a letter lost without a trace, before this one
                        step += strange + letter(now, own)
                        open_[i + 1].append((cost + step, text + rule.meant + own, (*subs, (i, rule))))
        for cost, text, subs in open_[size][:]:  # a letter lost at the end
            for rule in lost:
                open_[size].append(
                    (cost + rule.cost + 0.3 + letter(text[-4:], rule.meant), text + rule.meant, (*subs, (size, rule)))
                )
        ends = sorted((cost + letter(text[-4:], "$"), text[4:], subs) for cost, text, subs in open_[size])
        return [(text, subs) for _, text, subs in ends[:BEAM]]


@lru_cache(maxsize=1)
def channel() -> Channel:
    """The one channel, over the one lexicon."""
    return Channel(lexicon())
