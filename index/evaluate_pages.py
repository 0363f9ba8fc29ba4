"""Everyday questions to real documents: is the passage that answers among those shown, and is its page right?"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from errors import FouError, UsageError
from index.records import Answer
from index.search import Index

SHOWN = 10  # passages read


class Question(NamedTuple):
    """A question with what answers it: a snippet of the passage, on one of the pages, in the file."""

    text: str
    file: str
    pages: tuple[int, ...]
    snippet: str


def evaluate_pages(questions: Sequence[Question], index: Index) -> dict[str, Any]:
    """The shares of questions whose answer is the first passage shown, among the first 5 and 10; and, of those
    found among 10, the share whose passage has a right page. Passages are read as they are shown, report by report."""
    index.warm()
    ranks: list[int | None] = []
    right: list[bool] = []
    for question in questions:
        rank, page = found(index.search(question.text, SHOWN), question)
        ranks.append(rank)
        if rank is not None:
            right.append(page)

    def share(k: int) -> float:
        return round(sum(rank is not None and rank < k for rank in ranks) / len(ranks), 4)

    return {
        "questions": len(questions),
        "hit@1": share(1),
        "hit@5": share(5),
        "hit@10": share(10),
        "page_right": round(sum(right) / len(right), 4) if right else 0.0,
    }


def found(answer: Answer, question: Question) -> tuple[int | None, bool]:
    """Where in the answer the snippet is shown (from 0), or None; and whether that passage stands on a right page."""
    shown = ((result, hit) for result in answer.results for hit in result.passages)
    wanted = folded(question.snippet)
    for rank, (result, hit) in zip(range(SHOWN), shown, strict=False):
        if Path(result.report.path).name == question.file and wanted in folded(hit.text):
            return rank, any(hit.page <= page <= hit.last_page for page in question.pages)
    return None, False


def folded(text: str) -> str:
    """White space, case and punctuation away."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text).casefold())


def read_questions(path: Path) -> list[Question]:
    """The rows of a JSONL file with `text`, `file`, `pages` and `snippet`. UsageError where it isn't there."""
    try:
        lines = path.read_text("utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} kan ikke leses ({error}); oppgi en fil med ett JSON-objekt på hver linje.") from error
    questions = []
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                row = json.loads(line)
                questions.append(Question(row["text"], row["file"], tuple(map(int, row["pages"])), row["snippet"]))
            except (ValueError, KeyError, TypeError) as error:
                raise FouError(f'{path} linje {number} mangler "text", "file", "pages" eller "snippet".') from error
    if not questions:
        raise UsageError(f"{path} har ingen spørsmål.")
    return questions
