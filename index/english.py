"""Is a question in English? Its words then are looked for, and put right, otherwise."""

from __future__ import annotations

import re

_WORD = re.compile(r"[^\W\d_]+")


WORDS = 3.0  # Zipf: what words of a language have, and strings of letters don't
TELLING = 1.0  # on the Zipf scale: so much commoner in English than in Norwegian a query's words are, if it is English


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
