"""Draft commissions cut into what they ask for."""

import json
from pathlib import Path

import pytest

from index.asks import asks

CASES = json.loads((Path(__file__).parents[1] / "cases" / "asks.json").read_text("utf-8"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["draft"][:30])
def test_asks(case):
    found = asks(case["draft"])
    assert [ask.text for ask in found] == case["asks"]
    assert all(" ".join(case["draft"][ask.start : ask.end].split()) == ask.text for ask in found)


def test_every_ask_of_a_long_draft_is_there_in_order():
    found = asks(" ".join(f"Hva koster {i}?" for i in range(60)))
    assert [ask.text for ask in found] == [f"Hva koster {i}?" for i in range(60)]


def test_the_places_hold_where_a_letter_is_two_in_lower_case():
    draft = "Groß, Weiß og Roßstraße skal kartlegge hvor mange som bor der, og hvordan kommunene løser det i praksis."
    found = asks(draft)
    assert found[-1].text.startswith("hvordan kommunene")


def test_of_nothing_nothing():
    assert asks("") == asks("  \n ") == ()
