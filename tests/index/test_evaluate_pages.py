"""Questions to pages: what counts as found, and on the right page."""

import json

import pytest

from errors import FouError, UsageError
from index.evaluate_pages import Question, evaluate_pages, found, read_questions


def test_found_means_the_snippet_in_a_shown_passage_of_the_file(index):
    answer = index.search("fravær på ungdomsskolen")
    snippet = "tiltak mot  FRAVÆR virker best, når de settes inn"
    assert found(answer, Question("", "skole.pdf", (1,), snippet)) == (0, True)
    assert found(answer, Question("", "skole.pdf", (7,), snippet)) == (0, False), "found, but not on that page"
    assert found(answer, Question("", "eldre.pdf", (1,), snippet)) == (None, False), "another file"
    figures = evaluate_pages(
        [Question("fravær på ungdomsskolen", "skole.pdf", (1,), snippet), Question("fravær", "skole.pdf", (1,), "står ikke der")],
        index,
    )
    assert figures == {"questions": 2, "hit@1": 0.5, "hit@5": 0.5, "hit@10": 0.5, "page_right": 1.0}


def test_the_file_of_questions(tmp_path):
    path = tmp_path / "questions.jsonl"
    row = {"text": "hva?", "file": "a.pdf", "pages": [2, 3], "snippet": "det"}
    path.write_text(json.dumps(row) + "\n\n", "utf-8")
    assert read_questions(path) == [Question("hva?", "a.pdf", (2, 3), "det")]
    path.write_text('{"text": "hva?"}', "utf-8")
    with pytest.raises(FouError, match="linje 1 mangler"):
        read_questions(path)
    with pytest.raises(UsageError, match="kan ikke leses"):
        read_questions(tmp_path / "nei.jsonl")
