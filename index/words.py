"""Word search: Norwegian stems in tantivy (BM25), in fields that weigh differently."""

from __future__ import annotations

import json
import math
import os
import re
import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from errors import FouError
from index import stems
from index.query import Wanted
from index.spelling import Speller

if TYPE_CHECKING:
    import numpy as np

FOLDER = "words"
VOCABULARY = "vocabulary.json"  # the words as they are written, with their counts: what a typing error is put right by
VERSION = 3  # of the analysis: another version means another word index
TEXTS = ("title", "themes", "section", "text")
"""What a row has to say; all of it is one field, for BM25 of a passage with its headings beat a sum of fields."""

HEAD = ("title", "themes")
"""What tells what a whole report is about: it counts a second time, in a field of its own."""

READ = "read"
"""What a row may have beside them: the stems of its doubtful words as they were read (see index/doubtful.py)."""

WEIGHTS = {"words": 1.0, "roots": 1.5, "head": 0.3, "inner": 0.2, "parts": 0.6}
"""Whole stems; nynorsk ones as they were written, so that nynorsk finds nynorsk first; those of titles and themes; the
parts of compounds; and runs of letters, which meet inside compounds and across endings («eldre» in «eldreomsorg»).

Tuned coarsely by words-only nDCG@10 over all folders of bench/relevance.py together.
"""

STOPS = "stops"  # the field of the stop words: searched where a query has no others
PART = 4  # letters of a run
K1 = 1.2  # how soon a repeated word adds nothing more to BM25; tantivy has it fixed, as b = 0.75

_WORD = re.compile(r"[^\W_]+")

Terms = Sequence[str] | Sequence[Wanted] | Mapping[str, float]
"""What is searched for: stems; or what a query wants; or stems with their weights."""


def parts(stem: str) -> list[str]:
    """The runs of PART letters of a stem with its ends marked; a short stem is one part."""
    marked = f"_{stem}_"
    return [marked[i : i + PART] for i in range(max(1, len(marked) - PART + 1))]


def as_wanted(query: Terms) -> list[Wanted]:
    if isinstance(query, Mapping):
        return [Wanted(stem, weight) for stem, weight in query.items()]
    return [Wanted(term) if isinstance(term, str) else term for term in query]


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
        fields = _fields(text, row.get(READ, "").split())
        fields["head"] = stems.stems(" ".join(row[name] for name in HEAD))
        writer.add_document(tantivy.Document(row=number, **{name: " ".join(found) for name, found in fields.items()}))
        seen.update(word.casefold() for word in _WORD.findall(text) if word.isalpha())
    writer.commit()
    writer.wait_merging_threads()
    (folder / VOCABULARY).write_text(json.dumps(dict(seen.most_common()), ensure_ascii=False), encoding="utf-8")


def _fields(text: str, read: Sequence[str]) -> dict[str, list[str]]:
    """What each field but "head" has of a text."""
    terms = stems.terms(text)
    found = [term.stem for term in terms]
    written = [stems.folded(text[term.start : term.end]) for term in terms]
    roots = [root for word, stem in zip(written, found, strict=True) if (root := stems.root(word)) != stem]
    inner = [part for word, stem in zip(written, found, strict=True) for part in stems.inner(word) or (stem,)]
    runs = [part for stem in found for part in parts(stem)]
    read = sorted(set(read).difference(found))
    runs += sorted({part for stem in read for part in parts(stem)}.difference(runs))
    return {"words": found + read, "roots": roots, "inner": inner, "parts": runs, STOPS: stems.function_words(text)}


def _schema():  # -> tantivy.Schema
    import tantivy

    schema = tantivy.SchemaBuilder()
    schema.add_integer_field("row", stored=False, indexed=True, fast=True)
    for field in (*WEIGHTS, STOPS):
        option = "position" if field == "words" else "freq"  # for phrases
        schema.add_text_field(field, stored=False, tokenizer_name="whitespace", index_option=option)
    return schema.build()


def _linked(folder: Path) -> tempfile.TemporaryDirectory:
    """A folder of our own with links to the files of one that can't be written: tantivy locks a folder that it reads."""
    own = tempfile.TemporaryDirectory(prefix="fou-sok-")
    for path in folder.iterdir():
        if not path.name.endswith(".lock"):
            (Path(own.name) / path.name).symlink_to(path.resolve())
    return own


class Words:
    """An opened word index. It can be shared between threads."""

    def __init__(self, folder: Path, weights: Mapping[str, float] = WEIGHTS) -> None:
        import tantivy

        try:
            self._own = None if os.access(folder / FOLDER, os.W_OK) else _linked(folder / FOLDER)
            self._index = tantivy.Index.open(self._own.name if self._own else str(folder / FOLDER))
            self._searcher = self._index.searcher()
        except (OSError, ValueError) as error:
            raise FouError(f"Ordindeksen i {folder} kan ikke leses; kjør python -m index doctor --repair.") from error
        self._weights = weights
        self._folder = folder / FOLDER

    def __len__(self) -> int:
        """The number of rows."""
        return self._searcher.num_docs

    def search(self, query: Terms, k: int, allowed: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
        """The k best rows for the words of a query and their scores (> 0, sums of BM25 over the fields), best first.

        `allowed` (bool [n]) leaves the other rows out.
        """
        import numpy as np

        clauses = self._clauses(query)
        if not clauses or k == 0:
            return np.empty(0, np.int64), np.empty(0, np.float32)
        if allowed is not None:
            return self._within(clauses, np.flatnonzero(allowed), k)
        return self._run(self._any(clauses), k)

    def score(self, query: Terms, rows: np.ndarray) -> np.ndarray:
        """The scores of some rows, 0 where no word of the query stands in them."""
        return self._scores(self._clauses(query), rows)

    def of_all(self, query: Terms) -> np.ndarray:
        """The scores of all rows, 0 where no word of the query stands in them."""
        import numpy as np

        scores = np.zeros(self._searcher.num_docs, np.float32)
        clauses = self._clauses(query)
        if clauses:
            rows, values = self._run(self._any(clauses), max(1, len(scores)))
            scores[rows] = values
        return scores

    def covered(self, query: Terms, rows: np.ndarray) -> np.ndarray:
        """For each of some rows, how much of the query's words it has as whole stems, each by its rarity: 0..1."""
        import tantivy

        rarity = {word.stem: self.rarity(word.stem) for word in as_wanted(query)}
        clauses = [
            tantivy.Query.const_score_query(tantivy.Query.term_query(self._index.schema, "words", stem), value)
            for stem, value in rarity.items()
        ]
        return self._scores(clauses, rows) / (sum(rarity.values()) or 1.0)

    def holding(self, phrase: Sequence[str]) -> np.ndarray:
        """bool [n]: the rows where the stems stand side by side in this order."""
        import numpy as np
        import tantivy

        held = np.zeros(self._searcher.num_docs, bool)
        if len(phrase) == 1:
            query = tantivy.Query.term_query(self._index.schema, "words", phrase[0], index_option="basic")
        else:
            query = tantivy.Query.phrase_query(self._index.schema, "words", list(phrase))
        held[self._run(query, max(1, len(held)))[0]] = True
        return held

    def known(self, stem: str) -> bool:
        """Whether any text has the stem."""
        return self._seen(stem) > 0

    @cached_property
    def speller(self) -> Speller:
        """What puts typing errors right; the words of the texts are read when it is first asked for."""
        try:
            return Speller(json.loads((self._folder / VOCABULARY).read_text("utf-8")))
        except (OSError, ValueError) as error:
            raise FouError(
                f"Ordlisten i {self._folder} kan ikke leses; kjør python -m index doctor --repair."
            ) from error

    def rarity(self, stem: str) -> float:
        """How telling a stem is: BM25's inverse document frequency over the passages, > 0."""
        seen = self._seen(stem)
        return math.log(1 + (self._searcher.num_docs - seen + 0.5) / (seen + 0.5))

    def ceiling(self, query: Terms) -> float:
        """The score that no text can pass for the whole stems of a query: each of them, over and over."""
        return self._weights["words"] * (1 + K1) * sum(term.weight * self.rarity(term.stem) for term in as_wanted(query))

    def _seen(self, stem: str) -> int:
        return self._searcher.doc_freq(STOPS if stem.startswith(stems.STOP) else "words", stem)

    def _clauses(self, query: Terms) -> list:
        import tantivy

        wanted: dict[str, Counter[str]] = {field: Counter() for field in (*WEIGHTS, STOPS)}  # weights by field and term
        for term in as_wanted(query):
            if term.stem.startswith(stems.STOP):
                wanted[STOPS][term.stem] += term.weight
                continue
            for field in ("words", "head"):
                wanted[field][term.stem] += term.weight
            wanted["roots"][term.root] += term.weight if term.root not in ("", term.stem) else 0
            for field, found in (("inner", term.inner or (term.stem,)), ("parts", parts(term.stem))):
                for text in found:
                    wanted[field][text] += term.weight
        found = []
        for field, weight in (*self._weights.items(), (STOPS, 1.0)):
            for text, times in wanted[field].items():
                if weight * times and self._searcher.doc_freq(field, text):
                    term = tantivy.Query.term_query(self._index.schema, field, text, index_option="freq")
                    found.append(tantivy.Query.boost_query(term, weight * times))
        return found

    def _scores(self, clauses: list, rows: np.ndarray) -> np.ndarray:
        """The scores of some rows, in their order; 0 where no clause holds."""
        import numpy as np

        scores = np.zeros(len(rows), np.float32)
        if clauses and len(rows):
            found, values = self._within(clauses, rows, len(rows))
            order = np.argsort(rows)
            scores[order[np.searchsorted(rows, found, sorter=order)]] = values
        return scores

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
