"""The likeliest row of words for a block: candidates of the channel, weighed by their neighbours (Viterbi)."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from ingest.repair import damage
from ingest.repair.channel import RARE, Candidate, Rule, channel
from ingest.repair.context import context
from ingest.repair.figures import is_word
from ingest.repair.lexicon import STOP, Lexicon, lexicon
from ingest.repair.tokens import Token, parted, stem

BIAS = 0.25  # a change must be likelier than no change by this much (nats)
NAME = 2.5  # more for a capital inside a sentence: it may be a name
KNOWN = 1.5  # less for a name that is known by its æ, ø, å
GUESS = 2.0  # more for a word that is neither known nor made of known words
LONG = 10  # letters of a word that is Norwegian whatever stands around it
AT_ONCE = 1024  # places that the network is asked about in one step: bounded memory
KEEP = 5  # candidates of a word that compete
WORSE = 14.0  # nats behind the best beyond which a candidate does not compete
RARE_PAIR = 12.0  # nats that both of two known words cost, for the document's own words to be heard between them
OWN = 3.0  # less for a word that stands undamaged elsewhere in the document
LETTER = 3.0  # a capital A or G that stands by itself (not "A." nor "A)") is hardly the letter
NEAR = 0.5  # weight of the nearest words counted in pairs, beside the network that has read them too
GAIN = 0.8  # weight of what the network says
MIXED = 6.0  # a capital or a sign inside a word of small letters is hardly right

FIGURES = re.compile(r"\d+$|4a$|[€¢£]$")  # of which a word is made only where its neighbours ask for it
FIGURE = re.compile(r"[lI]\d+")  # 10 and the like

Costs = dict[Rule, float]


class Choice(NamedTuple):
    """A word that a token may stand for. Without a candidate the token is left as it is."""

    cost: float
    text: str
    candidate: Candidate | None = None


class Block(NamedTuple):
    """The tokens of a damaged block, its share of damaged letters, and its language (0 nb, 1 nn)."""

    tokens: list[Token]
    share: float
    language: int


def rejoined(tokens: Sequence[Token]) -> list[Token]:
    """Words joined over a line end stay joined only where that gives a sound word."""
    out: list[Token] = []
    for token in tokens:
        if len(token.parts) > 1 and not any(c.sound for c in channel().candidates(token.text)):
            out += parted(token)
        else:
            out.append(token)
    return out


def decode(block: Block, costs: Costs, own: frozenset[str]) -> list[tuple[Choice, float]]:
    """The likeliest choice for each token, and its odds (ln) against all others that it may be."""
    words = lexicon()
    apart = damage.foreign(block.tokens, words)
    lattice: list[list[Choice]] = []
    for token, elsewhere in zip(block.tokens, apart, strict=True):
        last = len(lattice) + 1 == len(block.tokens)
        if _settled(token, words) or (last and token.text == "|") or (elsewhere and not _is_plainly_ours(token, words)):
            lattice.append([Choice(0.0, _form(token.text))])
        else:
            lattice.append(_options(token, block, costs, own, words))
    choices = _best_row(block.tokens, lattice, words.fit)
    gains = _gains(block, lattice, choices)
    out: list[tuple[Choice, float]] = []
    for i, (options, choice) in enumerate(zip(lattice, choices, strict=True)):
        if len(options) == 1:
            out.append((choice, 0.0))
            continue
        left = STOP if i == 0 or block.tokens[i].stop else out[-1][0].text
        right = STOP if i + 1 == len(choices) or block.tokens[i + 1].stop else choices[i + 1].text
        near = [words.fit(left, o.text) + words.fit(o.text, right) for o in options]
        rated = [o.cost - n for o, n in zip(options, near, strict=True)]
        best = options.index(choice)
        if i in gains:  # the network is heard between the words that it tells apart
            said = {j: options[j].cost - NEAR * near[j] - GAIN * gain for j, gain in enumerate(gains[i]) if gain is not None}
            best = min(said, key=said.__getitem__)
            rated = [said.get(j, rated[j] + said[best] - rated[best]) for j in range(len(options))]
        figure = best and FIGURES.match(block.tokens[i].text)
        if figure and not is_word(block.tokens, i, left, options[best].text, right):
            best = 0
        out.append((options[best], _odds(rated, best)))
    return out


def _odds(costs: Sequence[float], chosen: int) -> float:
    """ln of the odds of one of several choices, by their costs in nats."""
    return -math.log(max(1e-9, sum(math.exp(costs[chosen] - c) for j, c in enumerate(costs) if j != chosen)))


def _gains(block: Block, lattice: Sequence[list[Choice]], choices: Sequence[Choice]) -> dict[int, list[float | None]]:
    """For tokens that the network is asked about: what the words around say for each option, None for one it can't tell."""
    network = context()
    told = {i: [network.tells(o.text) for o in options] for i, options in enumerate(lattice) if len(options) > 1}
    asked = [i for i, rows in told.items() if sum(r is not None for r in rows) > 1 and network.tells(choices[i].text) is not None]
    if not asked:
        return {}
    row: list[str] = []
    place = []
    for token, choice in zip(block.tokens, choices, strict=True):
        if token.stop and row:
            row.append(STOP)
        place.append(len(row))
        row.append(choice.text)
    row.append(STOP)
    gains: dict[int, list[float | None]] = {}
    for start in range(0, len(asked), AT_ONCE):
        part = asked[start : start + AT_ONCE]
        marks = [_mark(block.tokens, i) for i in part]
        vectors = network.vectors(row, [place[i] for i in part], marks, block.language)
        for i, vector in zip(part, vectors, strict=True):
            gains[i] = [None if r is None else network.gain(vector, r) for r in told[i]]
    return gains


def _mark(tokens: Sequence[Token], i: int) -> int:
    """1 where a comma follows token i, 2 more where one stands before it, as the network was taught."""
    before = i > 0 and not tokens[i].stop and tokens[i - 1].comma
    return tokens[i].comma + 2 * before


def _form(text: str) -> str:
    """A word as the counts have it: numbers as 0 (one digit) or 00."""
    if text.isdigit():
        return "0" if len(text) == 1 else "00"
    return text.lower()


def _settled(token: Token, words: Lexicon) -> bool:
    """Is there nothing to ask about a token?"""
    text, low = token.text, token.text.lower()
    if token.peace or not damage.SIGNS.isdisjoint(text):
        return True
    if len(text) == 1:
        return not token.alone
    if text.isdigit() or (text.isupper() and len(text) < 3 and text[-1] != "A"):
        return True
    if low in words:
        return low not in words.twins and text[0] != "I" and min(words.cost(low, 0), words.cost(low, 1)) < RARE
    if not text.isupper() and any(c.isupper() and c not in "AI" for c in text[1:]):
        return True
    if any(c.isdigit() for c in text):
        if FIGURE.fullmatch(text):
            return True
        return sum(c.isalpha() for c in text) < len(text) - 1 or (text[0].isupper() and len(text) < LONG)
    return False


def _is_plainly_ours(token: Token, words: Lexicon) -> bool:
    """Is a word in a stretch of another language a long Norwegian one that lost its letters? No other is touched there."""
    low = token.text.lower()
    return (
        len(low) >= LONG
        and low not in words
        and low not in words.foreign
        and any(c.text in words and all(r.loses for _, r in c.subs) for c in channel().candidates(token.text)[1:])
    )


def _options(token: Token, block: Block, costs: Costs, own: frozenset[str], words: Lexicon) -> list[Choice]:
    """What a token may stand for; the first is itself."""
    text, language = token.text, block.language
    name = NAME if text[0].isupper() and len(text) > 1 and (not token.opens or text.isupper()) else 0.0
    changed = BIAS + name - math.log(block.share)
    upper = text.isupper() and len(text) > 1
    itself, *others = channel().candidates(text)
    cost = words.cost("0", language) + math.log(10) if text.isdigit() else itself.costs[language]
    if text in ("A", "G"):
        cost += LETTER
    elif not upper and any(c.isupper() or not c.isalnum() for c in text[1:]):
        cost += MIXED
    known = itself.text in words
    found = [Choice(cost, _form(text))]
    limit = found[0].cost + WORSE
    rated = []
    for candidate in others:
        if upper and not all(rule.loses for _, rule in candidate.subs):
            continue
        if known and candidate.text not in words:
            continue
        cost = candidate.costs[language] + changed
        if text[0].isupper() and candidate.text in words.capital and min(candidate.costs) < min(itself.costs):
            cost -= name + KNOWN
        for _, rule in candidate.subs:
            cost += costs.get(rule, rule.cost)
        if (not known or _is_rare(itself, candidate)) and stem(candidate.text) in own:
            cost -= OWN
        elif not candidate.sound:
            cost += GUESS + name
        if cost < limit:
            rated.append(Choice(cost, candidate.text, candidate))
    rated.sort(key=lambda c: c.cost)
    return found + rated[:KEEP]


def _is_rare(itself: Candidate, candidate: Candidate) -> bool:
    """Are two known words so rare that the network can't tell them apart? Of others the document's own may be a third."""
    rare = min(*candidate.costs, *itself.costs) > RARE_PAIR and len(candidate.text) > 4
    return rare and context().tells(candidate.text) is None


def _best_row(tokens: Sequence[Token], lattice: Sequence[list[Choice]], fit: Callable[[str, str], float]) -> list[Choice]:
    """One choice of each token, so that their costs, less what neighbours add by `fit`, are least in all (Viterbi).

    `reached` is the least cost of a row that ends in each option of the last token, `back` the way to it. A full stop
    parts the row: words on either side of it are neighbours of STOP.
    """
    back: list[list[int]] = []
    before, reached = [Choice(0.0, STOP)], [0.0]
    for token, options in zip(tokens, lattice, strict=True):
        if token.stop:
            ends = [c - fit(p.text, STOP) for c, p in zip(reached, before, strict=True)]
            low = min(ends)
            back.append([ends.index(low)] * len(options))
            reached = [low - fit(STOP, o.text) + o.cost for o in options]
        elif len(before) == 1:
            word = before[0].text
            back.append([0] * len(options))
            reached = [reached[0] - fit(word, o.text) + o.cost for o in options]
        else:
            now, came = [], []
            for option in options:
                steps = [c - fit(p.text, option.text) for c, p in zip(reached, before, strict=True)]
                low = min(steps)
                now.append(low + option.cost)
                came.append(steps.index(low))
            back.append(came)
            reached = now
        before = options
    at = reached.index(min(reached))
    picked = []
    for options, came in zip(reversed(lattice), reversed(back), strict=True):
        picked.append(options[at])
        at = came[at]
    return picked[::-1]
