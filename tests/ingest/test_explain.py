"""What repair says of its edits: places in the raw pages, the words around, and a line that a person can read."""

from __future__ import annotations

import pytest

from ingest.repair import Repaired, explain, repair
from ingest.report import Edit

RAW = "Det snor i fjellet\nog pa veien, der skred\u00ad faren er stor for alle som er ute og farer hele natten."
EDITS = (
    Edit(4, 8, "snor", "snør", "ocr", 0.608),
    Edit(22, 24, "pa", "på", "ocr", 0.999),
    Edit(41, 42, "\u00ad", "", "encoding"),
)


def test_each_edit_has_its_place_and_the_words_around_it():
    sound, page = explain.explained(["Alt er vel.", RAW], [Repaired(), Repaired(EDITS, 0.91234)])
    assert sound == {"page": 1, "quality": 1.0, "edits": []}
    assert (page["page"], page["quality"]) == (2, 0.912)
    assert page["edits"][0] == {
        "start": 4,
        "end": 8,
        "before": "snor",
        "after": "snør",
        "confidence": 0.608,
        "kind": "ocr",
        "context": "Det snør i fjellet og på veien, der",
    }
    for edit in page["edits"]:
        assert RAW[edit["start"] : edit["end"]] == edit["before"] and edit["after"] in edit["context"]
    assert page["edits"][2]["context"] == "i fjellet og på veien, der skred faren er stor for alle som er"


def test_the_context_follows_edits_that_change_the_length():
    raw = " ".join(["rnøte"] * 30)
    edits = tuple(Edit(i, i + 5, "rnøte", "møte", "ocr", 0.95) for i in range(0, len(raw), 6))
    (page,) = explain.explained([raw], [Repaired(edits)])
    assert {edit["context"].replace("møte", "").strip() for edit in page["edits"]} == {""}
    assert len({edit["context"] for edit in page["edits"][7:-7]}) == 1


def test_a_word_without_end_is_no_trouble():
    (page,) = explain.explained(["x" * 200], [Repaired((Edit(100, 101, "x", "ø", "ocr", 0.7),))])
    assert page["edits"][0]["context"] == "x" * explain.AROUND + "ø" + "x" * explain.AROUND


@pytest.mark.parametrize(
    ("number", "line"),
    [
        (0, "Side 1: 3 rettelser, 91 % av ordene var uskadde"),
        (1, "  tegn 4–8: «snor» → «snør» (OCR, 60 % sikkert, tvilsomt): Det snør i fjellet og på veien, der"),
        (2, "  tegn 22–24: «pa» → «på» (OCR, 99 % sikkert): Det snør i fjellet og på veien, der skred faren er stor"),
        (3, "  tegn 41–42: «\\xad» → tatt bort (tegnkoding, 100 % sikkert): i fjellet og på veien, der skred faren er"),
    ],
)
def test_the_lines_for_people(number: int, line: str):
    assert list(explain.lines(explain.explained([RAW], [Repaired(EDITS, 0.91)])))[number].startswith(line)


def test_what_repair_finds_is_told():
    pages = ["Kommunen mgter stgrre gkonomiske krav pa omradet, og ma sgke nye Igsninger.", "Her er alt på plass."]
    first, second = explain.explained(pages, repair(pages))
    assert ("stgrre", "større") in {(edit["before"], edit["after"]) for edit in first["edits"]} and first["quality"] < 1
    assert {edit["kind"] for edit in first["edits"]} == {"ocr"} and second["edits"] == []
    assert next(explain.lines([second])) == "Side 2: ingen rettelser, 100 % av ordene var uskadde"
