"""Draft commissions cut into what they ask for."""

import json
from pathlib import Path

import pytest

from index.asks import MOST, asks

CASES = json.loads((Path(__file__).parents[1] / "cases" / "asks.json").read_text("utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["draft"][:30])
def test_asks(case):
    found = asks(case["draft"])
    assert [ask.text for ask in found] == case["asks"]
    assert all(" ".join(case["draft"][ask.start : ask.end].split()) == ask.text for ask in found)


def test_a_long_draft_keeps_its_longest_asks_in_order():
    draft = " ".join(f"Hvor mange kommuner har ordning nummer {i}{' og hva er grunnen til det' if i % 2 else ''}?" for i in range(30))
    found = asks(draft)
    assert len(found) == MOST and [ask.start for ask in found] == sorted(ask.start for ask in found)


def test_the_places_hold_where_a_letter_is_two_in_lower_case():
    draft = "Groß, Weiß og Roßstraße skal kartlegge hvor mange som bor der, og hvordan kommunene løser det i praksis."
    found = asks(draft)
    assert found[-1].text.startswith("hvordan kommunene")


def test_of_nothing_nothing():
    assert asks("") == asks("  \n ") == ()
