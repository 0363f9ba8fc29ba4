"""Typing errors put right: words without æøå, with a letter missing, doubled, swapped or wrong, cut in two or run together."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from index import compounds, query, stems
from index.channel import cost_of_writing, plain

SHORTEST = 4  # letters; a shorter word is too near to too many others
LONGEST = 12  # words that carry meaning; more is a text that was pasted in, not a question that was typed
KNOWN = 17.0  # cost (-ln P) up to which the lexicon's word is one; rarer ones may be errors of the texts it was learnt from
MEANT = 14.8  # cost up to which a word of the lexicon is taken for what was meant
COMMON = 11.0  # a word as common as this is never an error for another
TWIN = 3.7  # ln of how much commoner the same word with æøå is, for one without to be an error
DOUBLE = 14.0  # cost from which a word may be an error for the same with a letter doubled or single
OWN = 1.5  # what a word of the base is preferred by
SPACE = 4.5  # cost of a space left out
ENGLISH = 2.6  # wordfreq's Zipf scale: about once in two million words
SURELY_ENGLISH = 4.0
EDIT = 6.0  # the dearest single error (see index/channel.py)

_WORD = re.compile(r"[^\W\d_]+")


class Respelt(NamedTuple):
    """Characters [start, end) of a query, and what stands there when it is put right."""

    start: int
    end: int
    word: str


class Speller:
    """The words of the lexicon and of the base, and what one that is neither was meant to be. Unchanging; share it."""

    def __init__(self, counts: Mapping[str, int], lexicon: bool = True) -> None:
        """`counts`: the words of the base, casefolded; `lexicon`: whether the Norwegian words that it lacks count too."""
        self.counts = counts
        total = sum(counts.values()) or 1
        words = _common() if lexicon else {}
        self._costs = dict(words)
        for word, count in counts.items():
            own = -math.log(count / total) if lexicon else 10 - math.log(count)
            self._costs[word] = min(self._costs.get(word, math.inf), own, MEANT) - OWN
        self._written: dict[str, list[str]] = {}  # plain form -> the words of it
        self._groups: dict[tuple[str, int], list[str]] = {}  # first letter and length -> plain forms
        for word in sorted(self._costs):
            form = plain(word)
            if form not in self._written:
                self._groups.setdefault((form[:1], len(form)), []).append(form)
            self._written.setdefault(form, []).append(word)
        self.nearest = lru_cache(maxsize=4096)(self._nearest)

    def sound(self, word: str) -> bool:
        """Is a casefolded word right as it stands: Norwegian, English, or a word of the base?"""
        cost = min(_norwegian(word), self._costs.get(word, math.inf) + OWN)
        if cost <= COMMON:
            return True
        twin = min((self._costs[w] for w in self._twins(word, cost > DOUBLE or _written(word) < 1)), default=math.inf)
        english = _english(word)
        if english >= SURELY_ENGLISH or (english >= ENGLISH and twin > COMMON):
            return True
        return cost <= KNOWN and not twin + TWIN < cost

    def put_right(self, word: str) -> str | None:
        """What a casefolded word was meant to be; None where it is right, or can't be told."""
        if len(word) < SHORTEST or self.sound(word):
            return None
        best, cost = min(self.nearest(word), self._run_together(word), key=lambda found: found[1])
        made = compounds.cost(word)
        if best and cost < made:
            return best if stems.stem(best) != stems.stem(word) else None  # another ending is found as it is
        return None if made < math.inf else self._by_parts(word)

    def _twins(self, word: str, doubled: bool) -> list[str]:
        """The words that differ in æøå only, or (`doubled`) in how many times a letter stands."""
        form = plain(word)
        forms = {form}
        if doubled:
            forms |= {form[:i] + form[i + 1 :] for i in range(1, len(form)) if form[i] == form[i - 1]}
            forms |= {form[:i] + form[i] + form[i:] for i in range(1, len(form))}
        return [w for f in forms for w in self._written.get(f, ()) if w != word]

    def _nearest(self, word: str) -> tuple[str | None, float]:
        """The likeliest word that may have been written as `word`, and its cost; (None, inf) where none is near.

        A noisy channel: the cost of the word and of the errors. One error is allowed for, two in words of eight letters
        and more; æ, ø and å written otherwise are none.
        """
        from rapidfuzz import process
        from rapidfuzz.distance import OSA

        form = plain(word)
        reach = 1 if len(form) < 8 else 2
        lengths = range(len(form) - reach, len(form) + reach + 1)
        choices = [f for n in lengths for f in self._groups.get((form[:1], n), ())]
        near = {f for f, _, _ in process.extract(form, choices, scorer=OSA.distance, score_cutoff=reach, limit=None)}
        near |= {f for f in _other_beginnings(form) if f in self._written}
        found = [(self._costs[w] + cost_of_writing(word, w), w) for f in near for w in self._written[f] if len(w) > 2]
        cost, best = min(found, default=(math.inf, None))
        return best, cost

    def _by_parts(self, word: str) -> str | None:
        """A compound with an error in one of its parts; None where it is not sure, or has none."""
        found: list[tuple[float, str]] = []
        for i in range(3, len(word) - 2):
            head, tail = word[:i], word[i:]
            for right, first, second in ((self._part(head), head, tail), (self._part(tail), tail, head)):
                if right == math.inf or len(second) < 5:
                    continue
                linked = second[:-1] if first is tail and second[-1] in "se" else second
                if self.sound(second) or self.sound(linked) or compounds.split(second):
                    return None
                best, cost = self.nearest(second)
                if best and best != second and (first is tail or best not in _ends()) and cost < MEANT + EDIT:
                    found.append((right + cost, head + best if first is head else best + tail))
        best = min(found, default=(math.inf, None))[1]
        # Any new thing («elbilladere») is one letter from a compound that nobody has ever written
        told = best and (plain(best) == plain(word) or best in self.counts or _norwegian(best) < math.inf)
        return best if told else None

    def _part(self, run: str) -> float:
        """Cost of a run of letters as part of a compound, a linking letter left out; infinite where it is none."""
        cost = self._costs.get(run, math.inf)
        if len(run) > 4 and run[-1] in "se":
            cost = min(cost, self._costs.get(run[:-1], math.inf) + 1)
        return cost if cost < (12 if len(run) > 3 else 8) else math.inf

    def _run_together(self, word: str) -> tuple[str | None, float]:
        """The likeliest two words that stand without the space between, and their cost; (None, inf) where there are none."""
        cuts = ((self._joined(word[:i], word[i:]), f"{word[:i]} {word[i:]}") for i in range(1, len(word)))
        cost, best = min(cuts, default=(math.inf, ""))
        return (best, cost) if cost < math.inf else (None, math.inf)

    def _joined(self, head: str, tail: str) -> float:
        """Cost of two words of the base, of which one is a stop word, without the space between; else infinite."""
        both = [self.counts.get(head, 0), self.counts.get(tail, 0)]
        small = [w in stems.stop_words() for w in (head, tail)]
        if not all(both) or all(small) or not any(small) or len(tail if small[0] else head) < 4:
            return math.inf
        return self._costs[head] + self._costs[tail] + SPACE


def respelt(text: str, speller: Speller, together: Callable[[Sequence[str]], bool]) -> str | None:
    """The query with its free words put right, or None where they are right as they stand.

    What is quoted or excluded stays. None too where most of its words stay unknown: then it is another language, not a
    slip of the hand. `together` says whether stems stand side by side in some text.
    """
    found = [m for a, b in query.free(text) for m in _WORD.finditer(text, a, b)]
    telling = [m for m in found if stems.stem(m.group())]
    if not telling or len(telling) > LONGEST:
        return None
    fixes: list[Respelt] = []
    lost, at = 0, -1
    for i, match in enumerate(telling):
        if match.start() < at:
            continue
        word = stems.folded(match.group())
        joined = _join(text, match, telling[i + 1 : i + 2], speller, together)
        if joined:
            fixes.append(joined)
            at = joined.end
        elif not match.group().isupper() or len(word) > 5:  # a short one in capitals is an abbreviation
            right = speller.put_right(word)
            if right and match.group()[0].isupper() and match.start() and plain(right) != plain(word):
                continue  # a name that nobody has heard of
            if right:
                fixes.append(Respelt(match.start(), match.end(), _cased(match.group(), right)))
            lost += not right and not speller.sound(word) and compounds.cost(word) == math.inf
    if not fixes or (len(telling) > 1 and lost > len(telling) / 2):
        return None
    for fix in reversed(fixes):
        text = text[: fix.start] + fix.word + text[fix.end :]
    return text


def _join(text: str, one: re.Match, after: Sequence[re.Match], speller: Speller, together: Callable[..., bool]) -> Respelt | None:
    """A compound cut in two («fylkes kommune»): the first half is none by itself, and the base knows the whole only."""
    if not after or text[one.end() : after[0].start()] != " ":
        return None
    head, tail = stems.folded(one.group()), stems.folded(after[0].group())
    half = not speller.sound(head) or (head[-1] in "se" and _norwegian(head) > _norwegian(head[:-1]) + 1)
    whole = head + tail
    if not half or speller.counts.get(whole, 0) < 2 or together((stems.stem(head), stems.stem(tail))):
        return None
    return Respelt(one.start(), after[0].end(), _cased(one.group(), whole))


def _cased(written: str, word: str) -> str:
    if written.isupper() and len(written) > 1:
        return word.upper()
    return word.capitalize() if written[0].isupper() else word


def _other_beginnings(form: str) -> set[str]:
    """A form with another first letter, without it, with one before it, or with the first two swapped."""
    letters = "abcdefghijklmnopqrstuvwxyz"
    return {form[1:], form[1:2] + form[:1] + form[2:], *(a + form for a in letters), *(a + form[1:] for a in letters)}


@lru_cache(maxsize=1)
def _common() -> dict[str, float]:
    """The Norwegian words that may be meant, with their costs."""
    from ingest.repair.lexicon import lexicon

    return {w: _norwegian(w) for w in lexicon().common(MEANT) if len(w) > 2 and w.isalpha() and w.isascii() | _nordic(w)}


def _nordic(word: str) -> bool:
    return all(letter.isascii() or letter in "æøåéèêóòôü" for letter in word)


def _norwegian(word: str) -> float:
    from ingest.repair.lexicon import NEVER, lexicon

    words = lexicon()
    cost = min(words.cost(word, 0), words.cost(word, 1))
    return cost if cost < NEVER else math.inf


def _english(word: str) -> float:
    """How common a word is in English, on Zipf's scale."""
    from wordfreq import zipf_frequency

    return zipf_frequency(word, "en")


def _written(word: str) -> float:
    """The same for bokmål on the web, which has not the errors of the texts that the lexicon was learnt from."""
    from wordfreq import zipf_frequency

    return zipf_frequency(word, "nb")


def _ends() -> frozenset[str]:
    return compounds.runs()["head"]
