"""A question to reports with passages: words and vectors side by side, one fused score, filters, "no good answer"."""

from __future__ import annotations

import copy
import re
import threading
import time
from collections import OrderedDict
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from errors import FouError, UsageError
from index import encoder, evidence, overlap, spelling, views
from index import related as related_to
from index.answer import Signs, model_of, probability
from index.bridge import PLAIN, Bridge, vectors
from index.english import in_english
from index.layout import Layout
from index.query import Query, parse
from index.ranking import Ranking, rank
from index.records import Answer, Filters, Origin, PageView, PassageHit, Related, ReportCard, ReportView
from index.results import results
from index.snapshot import Snapshot, open_snapshot
from ingest.report import Box, RawSpan
from settings import Settings

if TYPE_CHECKING:
    import numpy as np

REMEMBERED = 512  # query vectors kept, so that a question with another filter isn't embedded again


class Asked(NamedTuple):
    """A question as it is answered, and how it was respelt for that (or would have been, where it is asked verbatim)."""

    query: Query
    suggestion: str | None
    corrected: bool


def open_index(settings: Settings, layout: Layout | None = None, model: encoder.Encoder | None = None) -> Index:
    """The index in use. FouError with the remedy where there is none, or it was made with another model."""
    layout = layout or Layout.of(settings)
    snapshot = open_snapshot(layout)
    return Index(settings, snapshot, model or encoder.load(settings, layout.models))


class Index:
    """What answers. Safe to share between threads; each call sees one generation from start to end."""

    def __init__(self, settings: Settings, snapshot: Snapshot, model: encoder.Encoder) -> None:
        if snapshot.manifest.model != model.fingerprint:
            raise FouError("Indeksen er laget med en annen språkmodell enn den i innstillingene; kjør python -m ingest run.")
        self._settings = settings
        self._model = model
        self._snapshot = snapshot
        self._vectors: OrderedDict[str, np.ndarray] = OrderedDict()
        self._prepared: dict[str, np.ndarray] = {}
        self._bridges: list[Bridge] = []
        self._lock = threading.Lock()

    @property
    def generation(self) -> int:
        return self._snapshot.manifest.generation

    @property
    def snapshot(self) -> Snapshot:
        """The generation that answers."""
        return self._snapshot

    @property
    def settings(self) -> Settings:
        return self._settings

    def __len__(self) -> int:
        """The number of reports, projects included."""
        return len(self._snapshot.cards)

    def refresh(self) -> bool:
        """Moves to a newer generation, or that of a base that took this one's place, where there is one; says whether it did."""
        layout = self._snapshot.layout
        if layout.manifest(layout.current()) == self._snapshot.manifest:
            return False
        snapshot = open_snapshot(self._snapshot.layout)
        if snapshot.manifest.model != self._model.fingerprint:
            raise FouError("Indeksen er laget på nytt med en annen språkmodell; start programmet på nytt.")
        self._snapshot = snapshot
        return True

    def now(self) -> Index:
        """The index in its newest generation, and in that one for good: for all that one page or one request asks."""
        self.refresh()
        return copy.copy(self)  # model, caches and lock are shared

    def warm(self, weight: float | None = None) -> None:
        """Loads the model and what else the first question would otherwise wait for (seconds)."""
        self.search("oppvarminng", 1, weight=weight)  # misspelt, so that the word lists are read too

    def search(
        self,
        query: str,
        k: int = 10,
        filters: Filters = Filters(),  # noqa: B008
        weight: float | None = None,
        verbatim: bool = False,
    ) -> Answer:
        """The k best reports for a question, each with its best passages. UsageError for an empty question.

        `weight` is the share of the vectors (0: words only, and no model is loaded; 1: vectors only). A question with
        typing errors is answered as it was meant, unless it is asked `verbatim`.
        """
        started = time.perf_counter()
        snapshot = self._snapshot
        asked = self.asked(query, verbatim)
        weight = self._settings.search.weight if weight is None else weight
        ranking = self._rank(snapshot, asked.query, k, filters, weight)
        vector = self.vector(asked.query.text) if weight > 0 and ranking.reports else None
        found = results(snapshot, ranking, asked.query, vector, self._settings.search.passages_per_report)
        sure = probability(ranking.signs, weight, model_of(self._settings)) if found else 0.0
        took = (time.perf_counter() - started) * 1000
        below = self._settings.search.no_answer_below
        return Answer(query, took, not found or sure < below, sure, asked.suggestion, asked.corrected, found)

    def asked(self, query: str, verbatim: bool = False) -> Asked:
        """The question as it is understood. UsageError where it is empty, or only says what shall not be found."""
        query = " ".join(query.split())
        if not re.search(r"\w", query):
            raise UsageError("Spørsmålet er tomt; skriv det du lurer på.")
        words, respelt = self._snapshot.words, None
        if not in_english(query):
            respelt = spelling.respelt(query, words.speller, lambda stems: bool(words.holding(stems).any()))
        corrected = respelt is not None and not verbatim
        return Asked(parse(respelt if corrected else query), respelt, corrected)

    def rank(
        self, query: str, k: int = 10, filters: Filters = Filters(), weight: float | None = None  # noqa: B008
    ) -> list[tuple[str, float]]:
        """The keys and scores of the k best reports: `search` without its texts."""
        snapshot = self._snapshot
        weight = self._settings.search.weight if weight is None else weight
        ranked = self._rank(snapshot, self.asked(query).query, k, filters, weight).reports
        return [(snapshot.cards[r.report].id, r.score) for r in ranked]

    def signs(self, query: str, filters: Filters = Filters(), weight: float | None = None) -> Signs:  # noqa: B008
        """What the probability of an answer is told by."""
        weight = self._settings.search.weight if weight is None else weight
        return self._rank(self._snapshot, self.asked(query).query, 1, filters, weight).signs

    def overlap(self, draft: str, filters: Filters = Filters()) -> overlap.Overlap:  # noqa: B008
        """What of a draft commission is done already. UsageError for a draft that is too short or too long."""
        import numpy as np

        reports = np.array(sorted(self._snapshot.admitted(filters)), np.int64)
        weight, ranked = self._settings.search.weight, self._ranker(filters)
        return overlap.overlap(self._snapshot, draft, self._model.queries, ranked, reports, model_of(self._settings), weight)

    def places(self, draft: str, filters: Filters = Filters()) -> overlap.Places:  # noqa: B008
        """How the reports stand to a draft."""
        return overlap.places(overlap.checked(draft), self._model.queries, self._ranker(filters))

    def related(self, key: str, k: int = 10, filters: Filters = Filters()) -> list[Related]:  # noqa: B008
        """The k reports nearest to a report, each with the reason. FouError for a key that isn't there."""
        return related_to.related(self._snapshot, self.resolve(key), k, filters, self.bridge(self._settings.search.weight))

    def report(self, key: str) -> ReportView:
        return views.report(self._snapshot, self.resolve(key))

    def page(self, key: str, number: int) -> PageView:
        """One page (counted from 1) of a report's document. FouError where there is no such page."""
        return views.page(self._snapshot, self.resolve(key), number)

    def locate(self, passage: int, start: int = 0, end: int | None = None) -> list[tuple[int, list[Box]]]:
        """Where characters [start, end) of a passage stand: (page, boxes in points). Empty where that isn't certain."""
        return views.locate(self._snapshot, passage, start, end)

    def passage(self, key: str, number: int, query: str, verbatim: bool = False) -> PassageHit | None:
        """A passage of the report's document as a hit for the question; None where it is gone or of another document.

        Quick: the question's vector is used where it is known already or the model is loaded, so that the same
        sentence is marked as in the answer; else its words alone.
        """
        if not query.split():
            return evidence.passage(self._snapshot, key, number, (), None)
        asked = self.asked(query, verbatim).query
        known = asked.text in self._vectors or self._model.ready
        return evidence.passage(self._snapshot, key, number, asked.stems, self.vector(asked.text) if known else None)

    def raw_spans(self, passage: int, start: int = 0, end: int | None = None) -> tuple[RawSpan, ...]:
        """The raw characters of the pages behind [start, end) of a passage."""
        return evidence.raw_spans(self._snapshot, passage, start, end)

    def first_passage(self, key: str) -> int | None:
        """Where a project stands in its document: its first passage; None for a document."""
        return evidence.first_passage(self._snapshot, key)

    def origin(self, key: str) -> Origin:
        """The file that the report was read from."""
        return evidence.origin(self._snapshot, key)

    def facets(self, filters: Filters = Filters()) -> dict[str, dict]:  # noqa: B008
        """For each filter, its values and how many reports each would let through beside the other filters."""
        return views.facets(self._snapshot, filters)

    def cards(self, filters: Filters = Filters()) -> list[ReportCard]:  # noqa: B008
        """The reports that pass the filters, by path."""
        return [card for card in self._snapshot.cards.values() if filters.admits(card)]

    def titles(self) -> dict[str, str]:
        """The titles of the reports by their keys."""
        return {card.id: card.title for card in self._snapshot.cards.values()}

    def resolve(self, text: str) -> str:
        """The key of a report named by key, start of a key, path, file name or report number; FouError lists near ones."""
        return views.resolve(self._snapshot, text)

    def vector(self, query: str) -> np.ndarray:
        """The unit vector of a question, float32 [dim]."""
        query = " ".join(query.split())
        with self._lock:
            if query in self._prepared:
                return self._prepared[query]
            if query in self._vectors:
                self._vectors.move_to_end(query)
                return self._vectors[query]
        vector = self._model.queries([query])[0]
        with self._lock:
            self._vectors[query] = vector
            if len(self._vectors) > REMEMBERED:
                self._vectors.popitem(last=False)
        return vector

    def prepare(self, queries: Sequence[str]) -> None:
        """Makes the vectors of many questions at once; they are kept until it is called again."""
        queries = [self.asked(q).query.text for q in queries]
        new = self._model.queries(queries)
        with self._lock:
            self._prepared = dict(zip(queries, new, strict=True))

    def _ranker(self, filters: Filters) -> overlap.Ranker:
        """Ranks for a query with a vector of its own, by the settings."""
        return lambda query, vector, k: self._rank(self._snapshot, query, k, filters, self._settings.search.weight, vector)

    def _rank(
        self, snapshot: Snapshot, query: Query, k: int, filters: Filters, weight: float, vector: np.ndarray | None = None
    ) -> Ranking:
        """`vector`: the query's own where it is None."""
        if k < 1:
            raise UsageError(f"Antall treff er {k}; det må være minst 1.")
        if weight <= 0:
            vector = None
        elif vector is None:
            vector = self.vector(query.text)
        allowed = snapshot.allowed(filters, query)
        return rank(snapshot, query, vector, self.bridge(weight), k, allowed, weight, self._settings.search.candidates)

    def bridge(self, weight: float) -> Bridge | None:
        """The vocabulary as a search asks it whose vectors have that weight; None where the settings leave it out."""
        if not self._settings.search.vocabulary:
            return None
        if weight <= 0:
            return PLAIN
        with self._lock:
            if not self._bridges:  # shared by copies, and made with the first question
                self._bridges.append(Bridge(vectors(self._snapshot.layout.models, self._model)))
            return self._bridges[0]
