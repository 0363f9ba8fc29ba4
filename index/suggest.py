"""An honest word to the user: that nothing good was found."""

from __future__ import annotations

import re
from typing import NamedTuple

_WORD = re.compile(r"[^\W\d_]+")


class Signs(NamedTuple):
    """What can be seen of how well a query was answered."""

    cosine: float  # of the nearest passage or sentence; 0 where no model was asked
    held: float  # BM25 of the best passage as a share of what the query could get
    foreign: bool = False  # the query is in English, most reports are not


HELD = 0.65  # a passage that holds so much of the query is an answer whatever its vector says
WORDS = 3.0  # Zipf: what words of a language have, and strings of letters don't
TELLING = 1.0  # on the Zipf scale: so much commoner in English than in Norwegian a query's words are, if it is English
ACROSS = 0.04  # cosines between two languages lie lower by about so much


def in_english(query: str) -> bool:
    """Is the query in English? A few keywords are too short to tell the language of a text by; how common they are tells."""
    from wordfreq import zipf_frequency

    from ingest.language import language

    told = language(query)
    found = [m.group() for m in _WORD.finditer(query)]
    if told or not found:
        return told == "en"
    english = sum(zipf_frequency(w, "en") for w in found) / len(found)
    return english > WORDS and english - sum(zipf_frequency(w, "nb") for w in found) / len(found) > TELLING


def no_answer(found: Signs, below: float) -> bool:
    """Whether nothing found is good enough: far in meaning, and little of the query's words held.

    The constants were set on the judged queries and on questions of other matters (bench/retrieval.py --no-answer).
    """
    return 0.0 < found.cosine < below - (ACROSS if found.foreign else 0.0) and found.held < HELD
