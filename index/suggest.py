"""Two honest words to the user: how the query may have been meant, and that nothing good was found."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from index import words

if TYPE_CHECKING:
    pass

_WORD = re.compile(r"[^\W\d_]+")
SHORTEST = 4  # letters; a shorter word is too near to too many others
LONGEST = 12  # words that carry meaning; more is a text that was pasted in, not a question that was typed
COMMON = 2.0  # wordfreq's Zipf scale: once in ten million words


def suggestion(index: words.Words, query: str) -> str | None:
    """The query with words that no text has put right after the texts' own words, or None.

    None too where most of its words stay unknown: then it is another language, not a slip of the hand. A word that
    is Norwegian or English is left alone, even if no text has it.
    """
    spans = [m.span() for m in _WORD.finditer(query)]
    telling = [(a, b, words.stems(query[a:b])) for a, b in spans]
    telling = [(a, b, stems[0]) for a, b, stems in telling if stems]
    unknown = [(a, b) for a, b, stem in telling if not index.known(stem)]
    if not unknown or len(telling) > LONGEST:
        return None
    out = query
    left = 0
    for start, end in reversed(unknown):
        written = query[start:end]
        word = None if len(written) < SHORTEST or _is_a_word(written) else nearest(written, index.spellings)
        left += not word
        if word:
            word = word.upper() if written.isupper() and len(written) > 1 else word.capitalize() if written[0].isupper() else word
            out = out[:start] + word + out[end:]
    return out if out != query and (len(telling) == 1 or left <= len(telling) / 2) else None


def _is_a_word(written: str) -> bool:
    from wordfreq import zipf_frequency

    return any(zipf_frequency(written, language) >= COMMON for language in ("nb", "en"))


def nearest(word: str, spellings: words.Spellings) -> str | None:
    """The word that `word` most likely was meant to be, or None.

    First one that differs in æ, ø, å only; else within one edit, or two in words of eight letters and more (Damerau's
    edits: a letter too much, missing, changed, or two swapped), with the first letter kept; of several the most frequent.
    """
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    word = word.casefold()
    same = spellings.folded.get(words.fold(word))
    if same:
        return same
    reach = 1 if len(word) < 8 else 2
    choices = [w for n in range(len(word) - reach, len(word) + reach + 1) for w in spellings.groups.get((word[0], n), ())]
    found = process.extract(word, choices, scorer=OSA.distance, score_cutoff=reach, limit=20)
    return min(found, key=lambda hit: (hit[1], -spellings.counts[hit[0]]))[0] if found else None


class Signs(NamedTuple):
    """What can be seen of how well a query was answered."""

    cosine: float  # of the nearest passage or sentence; 0 where no model was asked
    held: float  # BM25 of the best passage as a share of what the query could get
    foreign: bool = False  # the query is in English, most reports are not


HELD = 0.3  # a passage that holds so much of the query is an answer whatever its vector says
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
