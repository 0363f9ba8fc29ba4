"""Which language a text is in, told by its common words, and by the endings of the others."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

DATA = Path(__file__).parent / "data" / "languages.toml"

LANGUAGES = ("nb", "nn", "en", "da", "sv")
ABROAD = {"da": 60, "sv": 60, "en": 20}
"""How much (in tenths of a nat) such a text must outdo Norwegian by: these are archives of Norwegian reports."""

LEAST_KNOWN = 3  # words; with fewer a text is too short to tell
LEAST_LEAD = 5  # tenths of a nat between the first and the second
LONG_ENOUGH = 20_000  # characters; more text changes nothing

_WORD = re.compile(r"(?<![\w.@/-])[^\W\d_]+(?![\w@/])")


def language(text: str) -> str:
    """ "nb", "nn", "en", "da" or "sv"; empty where the text is too short or stands in between.

    Naive Bayes over the words of ingest/data/languages.toml, with a word's last three letters where it is not there.
    """
    words, endings = _tables()
    scores = [0] * len(LANGUAGES)
    known = 0
    for word, ending in features(text[:LONG_ENOUGH]):
        row = words.get(word)
        known += row is not None
        row = row or endings.get(ending)
        if row:
            scores = [score - value for score, value in zip(scores, row, strict=True)]
    if known < LEAST_KNOWN:
        return ""
    ranked = sorted(((score - ABROAD.get(name, 0), name) for name, score in zip(LANGUAGES, scores, strict=True)), reverse=True)
    return ranked[0][1] if ranked[0][0] - ranked[1][0] >= LEAST_LEAD else ""


def features(text: str) -> Iterator[tuple[str, str]]:
    """Each word in lower case with its ending ("-ane"). Names tell nothing: a capital letter must open a sentence."""
    for match in _WORD.finditer(text):
        word = match[0]
        if word.islower() or (word.istitle() and text[max(0, match.start() - 3) : match.start()].strip(" «–-•") in ("", ".")):
            yield word.lower(), "-" + word[-3:].lower() if len(word) >= 5 else ""


@lru_cache(maxsize=1)
def _tables() -> tuple[dict[str, list[int]], dict[str, list[int]]]:
    data = tomllib.loads(DATA.read_text("utf-8"))
    return data["words"], data["endings"]
