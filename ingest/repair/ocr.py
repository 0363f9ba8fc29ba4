"""Letters that OCR confused are put right, in the blocks that are damaged, as this very document was damaged.

A first pass counts how the document lost its letters (in one ø became g nearly always, in another o or a);
a second reads it with those counts.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from typing import Literal

from ingest.language import ABROAD, language
from ingest.repair import damage
from ingest.repair.capitals import is_small, levelled, misread_share
from ingest.repair.channel import Candidate, Rule, channel, rules
from ingest.repair.decode import Block, Costs, decode, rejoined
from ingest.repair.lexicon import lexicon
from ingest.repair.tokens import Token, blocks, stem, tokens
from ingest.report import Edit

Case = Literal["upper", "title", "lower"]
LEARN = 5.0  # letters that the expected shares of readings count for, beside those of the document
NEW = 0.05  # weight of the expected shares beside the learnt ones: any reading may still come
FIRST_PASS = 4000  # words that the shares of a document are counted on
SURE = 3.0  # odds (ln) that a word put right must have to count as one of the document's own
CLEAR = 0.7  # the same for a known word that was read as none
EVIDENCE = 0.57  # how far the odds are to be believed: costs that are weighed and added claim too much (bench/repair.py)
SUREST = 0.99  # confidence: nothing is beyond doubt
LEVELLED = 0.9  # confidence where nothing but the case of letters is mended
GUESSED = 0.8  # confidence in a word that is neither known nor made of known words, at most
NYNORSK = 3.0  # nats that must speak for nynorsk, which is the rarer
STATED = {"nb": -10.0, "nn": 10.0}  # nats that a stated language says: a report in one may quote the other at length
MOST = 4.0  # nats that the document says of a block at most, for some have parts in both
LEANING = 0.2  # weight of the document in judging which Norwegian a block is


def repair(pages: Sequence[str], stated: str = "") -> list[list[Edit]]:
    """The edits of each page of one document. Sound blocks and those in other languages have none."""
    words = lexicon()
    spans = [list(blocks(page)) for page in pages]
    signs = [[damage.evidence(page[a:b], words) for a, b in found] for page, found in zip(pages, spans, strict=True)]
    document = damage.share(*(sum(s[i] for page in signs for s in page) for i in (0, 1)))
    damaged: list[list[tuple[list[Token], float]]] = []
    for page, found, counted in zip(pages, spans, signs, strict=True):
        shares = [damage.block_share(*sign, document) for sign in counted]
        kept = [
            (tokens(page, a, b), share)
            for (a, b), share, (_, told) in zip(found, shares, counted, strict=True)
            if share > damage.SOUND and not _is_foreign(page[a:b], told)
        ]
        damaged.append([(rejoined(levelled(block, channel(), words)), share) for block, share in kept if block])
    if not any(damaged):
        return [[] for _ in pages]
    leans = [[damage.nynorsk(block, words) for block, _ in page] for page in damaged]
    whole = STATED.get(stated) or max(-MOST, min(MOST, LEANING * sum(map(sum, leans))))
    read = [
        [Block(b, s, int(lean + whole > NYNORSK)) for (b, s), lean in zip(p, ls, strict=True)]
        for p, ls in zip(damaged, leans, strict=True)
    ]
    costs, own = _learn([block for page in read for block in page], _kept_words(pages))
    misread = misread_share((block.tokens for page in read for block in page), words)
    return [
        [e for block in page for e in _edits(text, block, costs, own, misread)] for text, page in zip(pages, read, strict=True)
    ]


def _is_foreign(block: str, told: int) -> bool:
    """Is a block in another language? English with several forms of damaged Norwegian words has Norwegian beside it."""
    found = language(block)
    return found in ABROAD and (found != "en" or told < damage.SEVERAL)


def _kept_words(pages: Sequence[str]) -> frozenset[str]:
    """The stems of the document's words that kept their æ, ø, å."""
    found = (damage.LOOSE.findall(page.lower()) for page in pages if not page.isascii())
    return frozenset(stem(w) for words in found for w in words if not damage.SIGNS.isdisjoint(w))


def _learn(read: Sequence[Block], kept: frozenset[str]) -> tuple[Costs, frozenset[str]]:
    """What a first pass finds in a document: the costs of the rules by its readings, and the stems of its own words.

    Its own are words that kept their letters, and those of its first FIRST_PASS words that were put right beyond doubt.
    """
    words = lexicon()
    known = [rule for table in rules() for found in table.values() for rule in found]
    costs = {rule: rule.cost for rule in known}
    counts: Counter[Rule] = Counter()
    sure: set[str] = set()
    seen = 0
    for block in read:
        for token, (choice, odds) in zip(block.tokens, decode(block, costs, kept), strict=True):
            if choice.candidate:
                counts.update(rule for _, rule in choice.candidate.subs if rule.loses)
                sole = choice.text in words and token.text.lower() not in words
                if odds > (CLEAR if sole else SURE) and len(choice.text) > 3:
                    sure.add(stem(choice.text))
        seen += len(block.tokens)
        if seen > FIRST_PASS:
            break
    totals: Counter[tuple[str, bool]] = Counter()
    for rule, count in counts.items():
        totals[rule.meant, rule.whole] += count
    for rule in known:
        if rule.loses:
            expected = LEARN * math.exp(-rule.cost) + counts[rule]
            learnt = expected / (LEARN + totals[rule.meant, rule.whole])
            costs[rule] = -math.log((1 - NEW) * learnt + NEW * math.exp(-rule.cost))
    return costs, kept | sure


def _edits(text: str, block: Block, costs: Costs, own: frozenset[str], misread: float) -> list[Edit]:
    """The edits that make of a block what was decoded, one for each part of a word that changes.

    `own` are the stems of the document's own words, `misread` is how often it read small letters as capitals.
    """
    edits = []
    for i, (choice, odds) in enumerate(decode(block, costs, own)):
        token = block.tokens[i]
        small = is_small(block.tokens, i, choice.text, misread, lexicon())
        case: Case | None = None
        confidence = LEVELLED
        if choice.candidate:
            surest = SUREST if choice.candidate.sound else GUESSED
            confidence = round(min(surest, max(0.5, 1 / (1 + math.exp(-EVIDENCE * odds)))), 3)
            beside = (*block.tokens[max(0, i - 1) : i], *block.tokens[i + 1 : i + 2])
            case = _case(token, choice.candidate, beside)
        done = 0
        for start, end in token.parts:
            part = token.text[done : done + end - start]
            after = _spelt(token, choice.candidate, done, done + end - start, case) if choice.candidate else part
            if after is None:
                break
            if small and not done:
                after = after[0].lower() + after[1:]
            if after != text[start:end]:
                edits.append(Edit(start, end, text[start:end], after, "ocr", confidence))
            done += end - start
    return edits


def _spelt(token: Token, candidate: Candidate, start: int, end: int, case: Case) -> str | None:
    """The characters [start, end) of the read word with the candidate's letters, in the case of the word.

    None where a reading lies across the end of the part.
    """
    word, out, at = token.text, [], start
    for place, rule in candidate.subs:
        if not (start <= place < end or place == end == len(word)):
            continue
        if place + len(rule.seen) > end:
            return None
        meant = rule.meant
        if case == "upper":
            meant = meant.upper()
        elif place == 0 and case == "title":
            meant = meant[0].upper() + meant[1:]
        out += (word[at:place], meant)
        at = place + len(rule.seen)
    return "".join((*out, word[at:end]))


def _case(token: Token, candidate: Candidate, beside: Sequence[Token]) -> Case:
    """The case of a repaired word. Where what was read for its first letter shows none, its neighbours tell."""
    word, first = token.text, token.text[0]
    capitals = any(len(t.text) > 1 and t.text.isupper() for t in beside)
    if word.isupper() and (len(word) > 2 or capitals or (len(word) == 2 and not token.opens)):
        return "upper"
    if candidate.text == "i":
        return "title" if token.opens or first == "|" else "lower"
    if first == "l" and candidate.text[0] == "i":  # it is the capital that looks like an l
        return "title"
    if first == "I" or (first.isalpha() and first.islower()):
        return "lower"
    if token.opens or candidate.text in lexicon().capital:
        return "title"
    if first.isalpha() and first != "A":
        return "title" if len(word) > 1 else "lower"
    named = any(len(t.text) > 1 and t.text[0].isupper() and not t.opens for t in beside)
    if first == "A" and len(word) > 1:  # å is read as A inside a sentence too
        return "lower" if candidate.text in lexicon() and not named else "title"
    return "title" if len(word) > 1 and (named or capitals) else "lower"
