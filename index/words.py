"""Word search: Norwegian stems in tantivy (BM25), and the same analysis for marking what matched."""

from __future__ import annotations

import json
import math
import re
import threading
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from errors import FouError

if TYPE_CHECKING:
    import numpy as np

FOLDER = "words"
VOCABULARY = "vocabulary.json"  # the words as they are written, with their counts: what a typing error is put right by
VERSION = 2  # of the analysis: another version means another word index
TEXTS = ("title", "themes", "section", "text")
"""What a row has to say; all of it is one field, for BM25 of a passage with its headings beat a sum of fields."""

READ = "read"
"""What a row may have beside them: the stems of its doubtful words as they were read (see index/doubtful.py)."""

WEIGHTS = {"words": 1.0, "parts": 0.2}
"""The word index has whole stems, and parts of them, which meet inside compounds («eldre» in «eldreomsorg»).

The weight of parts and their length were measured with bench/retrieval.py: on lay questions to FoU reports the
words' nDCG@10 alone rose from .35 to .50.
"""

PART = 5  # letters
K1 = 1.2  # how soon a repeated word adds nothing more to BM25; tantivy has it fixed, as b = 0.75

_WORD = re.compile(r"[^\W_]+")
_FOLDED = (("ae", "e"), ("oe", "o"), ("aa", "a"), ("æ", "e"), ("ø", "o"), ("å", "a"), ("ö", "o"), ("ä", "e"))
_thread = threading.local()


class Term(NamedTuple):
    """A word of a text: characters [start, end), and the stem that it is found by."""

    stem: str
    start: int
    end: int


def terms(text: str) -> list[Term]:
    """The words of `text` that carry meaning, in order. Numbers are kept; stop words are not."""
    found = ((_stem(m.group()), m.start(), m.end()) for m in _WORD.finditer(text))
    return [Term(*term) for term in found if term[0]]


def stems(text: str) -> list[str]:
    return [term.stem for term in terms(text)]


def parts(stem: str) -> list[str]:
    """The runs of PART letters of a stem with its ends marked; a short stem is one part."""
    marked = f"_{stem}_"
    return [marked[i : i + PART] for i in range(max(1, len(marked) - PART + 1))]


@cache
def stop_words() -> frozenset[str]:
    data = tomllib.loads((Path(__file__).parent / "data" / "stopwords.toml").read_text("utf-8"))
    return frozenset(word for words in data.values() for word in words.split())


@lru_cache(maxsize=200_000)
def _stem(word: str) -> str:
    """The stem of one word, or "" for a stop word."""
    word = unicodedata.normalize("NFC", word).casefold()
    if word in stop_words():
        return ""
    if not hasattr(_thread, "stemmer"):  # a stemmer holds the word that it works on, so each thread has its own
        import snowballstemmer

        _thread.stemmer = snowballstemmer.stemmer("norwegian")
    return _thread.stemmer.stemWord(word)


def build(rows: Iterable[Mapping[str, str]], folder: Path) -> None:
    """Writes the index in folder/words. Each row has TEXTS, and may have READ; rows are numbered from 0.

    Of the words as read, a row gets what it doesn't hold already, once: it is found by them, but counts no word twice.
    They are kept out of the vocabulary, for no query is to be respelt as a misreading.
    """
    import tantivy

    folder = folder / FOLDER
    folder.mkdir()
    seen: Counter[str] = Counter()
    index = tantivy.Index(_schema(), path=str(folder))
    writer = index.writer(heap_size=128_000_000, num_threads=1)  # one thread: rows stay in order, runs are alike
    for number, row in enumerate(rows):
        text = " ".join(row[name] for name in TEXTS)
        found = stems(text)
        inside = [part for stem in found for part in parts(stem)]
        read = sorted(set(row.get(READ, "").split()).difference(found))
        found += read
        inside += sorted({part for stem in read for part in parts(stem)}.difference(inside))
        document = {"words": " ".join(found), "parts": " ".join(inside)}
        writer.add_document(tantivy.Document(row=number, **document))
        seen.update(word.casefold() for word in _WORD.findall(text) if word.isalpha())
    writer.commit()
    writer.wait_merging_threads()
    (folder / VOCABULARY).write_text(json.dumps(dict(seen.most_common()), ensure_ascii=False), encoding="utf-8")


def _schema():  # -> tantivy.Schema
    import tantivy

    schema = tantivy.SchemaBuilder()
    schema.add_integer_field("row", stored=False, indexed=True, fast=True)
    schema.add_text_field("words", stored=False, tokenizer_name="whitespace", index_option="position")  # for phrases
    schema.add_text_field("parts", stored=False, tokenizer_name="whitespace", index_option="freq")
    return schema.build()


class Spellings(NamedTuple):
    """Words as they are written (casefolded): what a typing error is put right by."""

    counts: dict[str, int]
    folded: dict[str, str]  # without æ, ø, å -> the most frequent word written so
    groups: dict[tuple[str, int], list[str]]  # by first letter and length

    @classmethod
    def of(cls, counts: dict[str, int]) -> Spellings:
        folded: dict[str, str] = {}
        groups: dict[tuple[str, int], list[str]] = {}
        for word in sorted(counts, key=lambda w: -counts[w]):
            folded.setdefault(fold(word), word)
            groups.setdefault((word[0], len(word)), []).append(word)
        return cls(counts, folded, groups)


def fold(word: str) -> str:
    """A word in the letters that any keyboard has: æ and ae become e, ø and oe o, å and aa a."""
    for written, one in _FOLDED:
        word = word.replace(written, one)
    return word


class Words:
    """An opened word index. It can be shared between threads."""

    def __init__(self, folder: Path, weights: Mapping[str, float] = WEIGHTS) -> None:
        import tantivy

        try:
            self._index = tantivy.Index.open(str(folder / FOLDER))
        except ValueError as error:
            raise FouError(f"Ordindeksen i {folder} kan ikke leses; slett {folder} og kjør python -m ingest run.") from error
        self._searcher = self._index.searcher()
        self._weights = weights
        self._folder = folder / FOLDER

    def search(self, query: Sequence[str], k: int, allowed: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
        """The k best rows for the stems of a query and their BM25 scores (> 0), best first.

        `allowed` (bool [n]) leaves the other rows out.
        """
        import numpy as np

        clauses = self._clauses(query)
        if not clauses or k == 0:
            return np.empty(0, np.int64), np.empty(0, np.float32)
        if allowed is not None:
            return self._within(clauses, np.flatnonzero(allowed), k)
        return self._run(self._any(clauses), k)

    def score(self, query: Sequence[str], rows: np.ndarray) -> np.ndarray:
        """The BM25 scores of some rows, 0 where no word of the query stands in them."""
        import numpy as np

        scores = np.zeros(len(rows), np.float32)
        clauses = self._clauses(query)
        if clauses and len(rows):
            found, values = self._within(clauses, rows, len(rows))
            order = np.argsort(rows)
            scores[order[np.searchsorted(rows, found, sorter=order)]] = values
        return scores

    def known(self, stem: str) -> bool:
        """Whether any text has the stem."""
        return self._searcher.doc_freq("words", stem) > 0

    @cached_property
    def spellings(self) -> Spellings:
        """The words of the texts as they are written; read when first asked for."""
        try:
            return Spellings.of(json.loads((self._folder / VOCABULARY).read_text("utf-8")))
        except (OSError, ValueError) as error:
            raise FouError(
                f"Ordlisten i {self._folder} kan ikke leses; slett {self._folder} og kjør python -m ingest run."
            ) from error

    def rarity(self, stem: str) -> float:
        """How telling a stem is: BM25's inverse document frequency over the passages, > 0."""
        count = self._searcher.num_docs
        seen = self._searcher.doc_freq("words", stem)
        return math.log(1 + (count - seen + 0.5) / (seen + 0.5))

    def ceiling(self, query: Sequence[str]) -> float:
        """The BM25 score that no text can pass for the whole stems of a query: each of them, over and over."""
        return self._weights["words"] * (1 + K1) * sum(self.rarity(stem) for stem in query)

    def _clauses(self, query: Sequence[str]) -> list:
        import tantivy

        found = []
        wanted = {"words": Counter(query), "parts": Counter(part for stem in query for part in parts(stem))}
        for field, weight in self._weights.items():
            for text, times in wanted[field].items():
                if weight and self._searcher.doc_freq(field, text):
                    term = tantivy.Query.term_query(self._index.schema, field, text, index_option="freq")
                    found.append(tantivy.Query.boost_query(term, weight * times))
        return found

    def _any(self, clauses: list):  # -> tantivy.Query
        import tantivy

        return tantivy.Query.boolean_query([(tantivy.Occur.Should, clause) for clause in clauses])

    def _within(self, clauses: list, rows: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
        """As a search that only some rows may answer; the restriction adds nothing to the score."""
        import tantivy

        those = tantivy.Query.term_set_query(self._index.schema, "row", rows.tolist())
        query = tantivy.Query.boolean_query(
            [(tantivy.Occur.Must, tantivy.Query.const_score_query(those, 0.0)), (tantivy.Occur.Must, self._any(clauses))]
        )
        return self._run(query, k)

    def _run(self, query, k: int) -> tuple[np.ndarray, np.ndarray]:  # query: tantivy.Query
        import numpy as np

        hits = self._searcher.search(query, limit=k, count=False).hits
        rows = self._searcher.fast_field_values("row", [address for _, address in hits]) if hits else []
        return np.array(rows, np.int64), np.array([score for score, _ in hits], np.float32)
