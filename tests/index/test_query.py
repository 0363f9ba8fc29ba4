"""What is written in the field, by cases; and phrases and exclusions against an index, by words and by vectors."""

import pytest

from cases_of import cases_of
from errors import UsageError
from index import query

CASES = cases_of("query")


@pytest.mark.parametrize("case", CASES["parse"], ids=lambda case: case["text"])
def test_parse(case):
    found = query.parse(case["text"])
    assert (found.text, found.stems) == (case["says"], case["stems"])
    assert [list(p) for p in found.phrases] == case["phrases"] and [list(p) for p in found.without] == case["without"]


@pytest.mark.parametrize("text", CASES["only exclusions"])
def test_only_what_is_not_wanted_is_told_with_its_remedy(text):
    with pytest.raises(UsageError, match="skriv også hva du leter etter"):
        query.parse(text)


def test_quotes_and_dashes_of_a_text_that_was_pasted_in_mean_nothing():
    text = 'Kommunen kaller det "gode skoler" -' + " og så videre i mange ord" * 5
    assert not query.parse(text).phrases and "god" in query.parse(text).stems


@pytest.mark.parametrize("weight", [0.0, 0.5, 1.0])
def test_phrases_and_exclusions_hold_for_both_searches(index, weight):
    def titles(text: str) -> set[str]:
        return {result.report.title for result in index.search(text, weight=weight).results}

    assert titles('"sykepleiere om natten"') == {"Eldre"}
    assert "Eldre" not in titles("sykepleiere om natten -eldreomsorg") and titles("sykepleiere om natten -eldreomsorg")
    assert titles('fravær -"tiltak mot fravær"').isdisjoint({"Skole"})
    assert titles('"natten om sykepleiere"') == set()


def test_a_phrase_that_nothing_has_is_no_good_answer(index):
    answer = index.search('"grønne elefanter" i kommunen')
    assert answer.no_answer and answer.results == ()
