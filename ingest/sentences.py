"""Where Norwegian sentences begin and end: nltk's Punkt, trained on Norwegian, with abbreviations as data.

Punkt (Kiss & Strunk 2006, doi 10.1162/coli.2006.32.4.485) learns from plain text what is an abbreviation and
which words begin sentences. bench/train_punkt.py made the parameters; bench/sentences.py measures them.
"""

from __future__ import annotations

import json
import re
import tomllib
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nltk.tokenize.punkt import PunktSentenceTokenizer

DATA = Path(__file__).parent / "data"

Span = tuple[int, int]

# «… kommunene.12 Derfor …»: a footnote's mark stands between the full stop and the next sentence
_NOTE_MARK = re.compile(r"(?<=[a-zæøå]{3})[.!?][»”\"')]*(?:\d{1,3}|[⁰¹²³⁴-⁹]{1,3})(?=\s+[«“\"'(]?[A-ZÆØÅ])")
_LIST_END = re.compile(r"(?<![\w.])([a-zæøå](?:[a-zæøå.]{0,5}[a-zæøå]))[.](?=\s+[A-ZÆØÅ][a-zæøå])")
_BLANK_LINE = re.compile(r"\n[^\S\n]*\n")
_LAST_WORD = re.compile(r"([^\s(«“\"'/–-]+)[.]$")
_FIRST_LETTER = re.compile(r"[\s«“\"'(\[–-]*([^\W\d_])")
_LEADING_NUMBER = re.compile(r"(?:\(?\d{1,3}(?:[.]\d{1,3})*[.)]|[A-Za-z][.)]|[IVX]{1,4}[.]|[•–·-])+$")
_ORDINAL = re.compile(r"(?:^|[\s(«–-])\d{1,2}[.]$")
_INITIAL = re.compile(r"(?:^|[\s.(«-])[A-ZÆØÅ][.]$")
_NAME = re.compile(r"[A-ZÆØÅ](?:[.]|[\w-]+)")


def sentences(text: str) -> list[Span]:
    """The sentences of `text` as character spans [start, end), in order, without white space at either end.

    All that is not white space lies in some span. A line break alone ends no sentence; a blank line does.
    """
    found: list[Span] = []
    for start, end in _blocks(text):
        found += _joined(text, [(start + a, start + b) for a, b in _punkt().span_tokenize(text[start:end])])
    return found


def _blocks(text: str) -> list[Span]:
    """The parts between blank lines, and after footnote marks and «osv.», where a sentence surely ends."""
    cuts = {m.end() for m in _BLANK_LINE.finditer(text)}
    cuts |= {m.end() for m in _NOTE_MARK.finditer(text) if not _ends_in_abbreviation(text[: m.start() + 1], "never")}
    cuts |= {m.end() for m in _LIST_END.finditer(text) if m[1].lower() in _abbreviations()["ends"]}
    edges = [0, *sorted(cuts), len(text)]
    return [(a, b) for a, b in pairwise(edges) if text[a:b].strip()]


def _joined(text: str, spans: list[Span]) -> list[Span]:
    """The spans stripped, and joined where Punkt broke off in the midst of a sentence."""
    out: list[Span] = []
    for start, end in spans:
        part = text[start:end]
        start, end = start + len(part) - len(part.lstrip()), start + len(part.rstrip())
        if start >= end:
            continue
        if out and _goes_on(text[out[-1][0] : out[-1][1]], text[start:end]):
            out[-1] = (out[-1][0], end)
        else:
            out.append((start, end))
    return out


def _goes_on(before: str, after: str) -> bool:
    """Whether what Punkt took for two sentences is one."""
    first = _FIRST_LETTER.match(after)
    if first and first[1].islower():
        # «Ja!» sa han; ca. fem. Not after a mark that closes, with a list item in lower case next
        return not re.match(r"[a-zæøå]\)|[–•·-]\s", after)
    if not re.search(r"\w", after):  # stray marks belong to what stands before
        return True
    if _ends_in_abbreviation(before, "never") or _LEADING_NUMBER.fullmatch(before):
        return True
    if re.match(r"[(«]?[\d§]", after):  # «2 mill. 300 000», «o.l. § 4», «kl. 12»
        return _ends_in_abbreviation(before, "may") or _ends_in_abbreviation(before, "ends")
    if _ORDINAL.search(before):
        return first is not None and _word(after).lower() in _abbreviations()["months"]
    return bool(_INITIAL.search(before)) and _after_a_name(before, after)


def _after_a_name(before: str, after: str) -> bool:
    """Whether the initial that ends `before` stands in a name: «J. A. Røttingen», «Ola T. Lånke»."""
    words = before.split()
    previous = words[-2] if len(words) > 1 else ""
    lone = len(words) == 1 or bool(re.fullmatch(r"[A-ZÆØÅ][.]", previous) or re.match(r"[A-ZÆØÅ][.]\s", after))
    return lone and bool(_NAME.match(after))


def _word(text: str) -> str:
    match = re.search(r"\w+", text)
    return match[0] if match else ""


def _ends_in_abbreviation(text: str, kind: str) -> bool:
    match = _LAST_WORD.search(text[-40:])
    return bool(match) and match[1].lower() in _abbreviations()[kind]


@lru_cache(maxsize=1)
def _abbreviations() -> dict[str, frozenset[str]]:
    data = tomllib.loads((DATA / "abbreviations.toml").read_text("utf-8"))
    return {kind: frozenset(words) for kind, words in data.items()}


@lru_cache(maxsize=1)
def _punkt() -> PunktSentenceTokenizer:
    from nltk.tokenize.punkt import PunktParameters, PunktSentenceTokenizer

    data = json.loads((DATA / "punkt" / "norwegian.json").read_text("utf-8"))
    known = _abbreviations()
    params = PunktParameters()
    params.abbrev_types = set(data["abbreviations"]) | known["never"] | known["may"] | known["ends"]
    params.collocations = {tuple(pair) for pair in data["collocations"]}
    params.sent_starters = set(data["starters"])
    params.ortho_context.update({word: int(flags) for flags, words in data["cases"].items() for word in words.split()})

    class Norwegian(_language_vars()):
        """Quotes that close a sentence, and dashes that are not words."""

    return PunktSentenceTokenizer(params, lang_vars=Norwegian())


def _language_vars() -> type:
    from nltk.tokenize.punkt import PunktLanguageVars

    class Vars(PunktLanguageVars):
        sent_end_chars = (".", "?", "!", "…")
        internal_punctuation = ",:;"
        re_boundary_realignment = re.compile(r"[\"'»”’)\]}]+?(?:\s+|(?=--)|$)", re.MULTILINE)

    return Vars
