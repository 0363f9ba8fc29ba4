"""Saved questions: asked again of what is new, each time someone checks."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import audit
from errors import FouError
from index import news
from index.layout import Layout
from index.lists.file import now, opened, reading
from index.lists.log import filters_of
from index.newly import Found, answering
from index.records import Filters

if TYPE_CHECKING:
    from index.search import Index


@dataclass(frozen=True, slots=True)
class Question:
    """A saved question. `at` and `checked` (or "") are local times; reports first seen later than the moment `mark` have not been
    held against it."""

    id: int
    question: str
    filters: Filters
    at: str
    checked: str
    mark: str

    def as_json(self) -> dict[str, Any]:
        filters = {name: value for name, value in asdict(self.filters).items() if value}
        return {"id": self.id, "question": self.question, "filters": filters, "at": self.at, "checked": self.checked or None}


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check of a question came to: the new reports that answer. `mark`: the newest report of the base that was asked."""

    question: Question
    found: tuple[Found, ...]
    mark: str

    def as_json(self) -> dict[str, Any]:
        return self.question.as_json() | {"found": [one.as_json() for one in self.found]}


@dataclass(frozen=True, slots=True)
class Saved:
    """The saved questions of one store. It can be shared between threads; every change is kept at once."""

    path: Path

    @classmethod
    def of(cls, layout: Layout) -> Saved:
        return cls(layout.lists)

    def add(self, index: Index, question: str, filters: Filters = Filters()) -> int:  # noqa: B008
        """Saves a question; gives its id. What the base has now counts as known. One that is saved already stays as it is.

        UsageError for a question that the search wouldn't take.
        """
        index.asked(question)
        row = (" ".join(question.split()), json.dumps(asdict(filters), ensure_ascii=False))
        with audit.change(self.path.parent, "question.save") as told, opened(self.path) as db:
            sql = "INSERT OR IGNORE INTO saved (question, filters, at, checked, mark) VALUES (?, ?, ?, '', ?)"
            db.execute(sql, (*row, now(), news.newest(index)))
            told["id"] = db.execute("SELECT id FROM saved WHERE question = ? AND filters = ?", row).fetchone()["id"]
        return told["id"]

    def questions(self) -> list[Question]:
        """All that are saved, the first first."""
        with reading(self.path) as db:
            rows = db.execute("SELECT * FROM saved ORDER BY id").fetchall()
        return [
            Question(row["id"], row["question"], filters_of(row["filters"]), row["at"], row["checked"], row["mark"])
            for row in rows
        ]

    def remove(self, number: int) -> None:
        """FouError where there is no such question."""
        with audit.change(self.path.parent, "question.remove", id=number), opened(self.path) as db:
            if not db.execute("DELETE FROM saved WHERE id = ?", (number,)).rowcount:
                raise _unknown(number)

    def check(self, index: Index, numbers: Collection[int] = ()) -> list[Checked]:
        """Which reports, first seen since each question was last checked, answer it. Of all questions, or of some by their ids.

        Nothing is marked: `mark` does that, when what was found has been told. FouError for an id that isn't there.
        """
        every = {question.id: question for question in self.questions()}
        for number in numbers:
            if number not in every:
                raise _unknown(number)
        index = index.now()
        last = news.newest(index)
        return [
            Checked(question, answering(index, question.question, question.filters, question.mark), last)
            for question in every.values()
            if not numbers or question.id in numbers
        ]

    def mark(self, checked: Sequence[Checked]) -> None:
        """Has the questions checked, up to the newest report that each was asked of."""
        rows = [(now(), one.mark, one.question.id) for one in checked]
        ids = [one.question.id for one in checked]
        with audit.change(self.path.parent, "question.seen", ids=ids), opened(self.path) as db:
            db.executemany("UPDATE saved SET checked = ?, mark = max(mark, ?) WHERE id = ?", rows)


def _unknown(number: int) -> FouError:
    return FouError(f"Det er ikke lagret noe spørsmål med nummer {number}; se dem med python -m index saved list.")
