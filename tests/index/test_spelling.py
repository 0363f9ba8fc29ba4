"""Typing errors put right, by cases: against a few words, against the lexicon, and whole queries against a base."""

import pytest

from cases_of import cases_of
from index import channel, spelling

CASES = cases_of("spelling")
BASE = {"kommune": 40, "kommunen": 30, "økonomi": 20, "i": 90, "og": 90, "fylkeskommune": 5, "skole": 12, "barnevern": 9}
BASE |= {"sykefravær": 4, "skulefråvær": 2, "anskaffelser": 4, "fafo": 3, "nifu": 1, "takrenner": 1, "arbeid": 9, "hastighetsløpet": 1}


@pytest.fixture(scope="module")
def speller() -> spelling.Speller:
    return spelling.Speller(BASE)


@pytest.mark.parametrize("case", CASES["nearest"], ids=lambda case: case["word"])
def test_the_nearest_of_a_few_words(case):
    assert spelling.Speller(dict.fromkeys(case["known"], 1), lexicon=False).nearest(case["word"])[0] == case["meant"]


def test_of_two_words_as_near_the_more_frequent_is_meant():
    assert spelling.Speller({"helse": 9, "hilse": 2, "halsen": 1}, lexicon=False).nearest("halse")[0] == "helse"


@pytest.mark.parametrize("case", CASES["put right"], ids=lambda case: case["word"])
def test_a_word_is_put_right(speller, case):
    assert speller.put_right(case["word"]) == case["meant"]


@pytest.mark.parametrize("word", CASES["stays"])
def test_a_sound_word_stays(speller, word):
    assert speller.put_right(word) is None


@pytest.mark.parametrize("case", CASES["queries"], ids=lambda case: case["text"])
def test_queries(speller, case):
    assert spelling.respelt(case["text"], speller, lambda stems: False) == case["meant"]


def test_two_words_that_stand_together_in_the_base_are_not_joined(speller):
    assert spelling.respelt("fylkes kommune", speller, lambda stems: True) is None


def test_letters_that_any_keyboard_has_cost_least():
    cost = channel.cost_of_writing
    assert cost("okonomi", "økonomi") < cost("økonomii", "økonomi") < cost("økonomx", "økonomi")
    assert cost("aarsmoete", "årsmøte") == 2 * channel.KEYBOARD and cost("like", "like") == 0
    assert cost("xkonomi", "økonomi") > cost("økoxomi", "økonomi"), "the first letter is seldom wrong"


def test_the_answer_is_for_the_corrected_query_and_can_be_undone(index):
    answer = index.search("skolefravar i kommuner")
    assert (answer.suggestion, answer.corrected) == ("skolefravær i kommuner", True)
    hit = answer.results[0].passages[0]
    assert [hit.text[a:b] for a, b in hit.matches] == ["Skolefravær"]
    again = index.passage(answer.results[0].report.id, hit.id, "skolefravar i kommuner")
    assert again.matches == hit.matches
    verbatim = index.search("skolefravar i kommuner", verbatim=True)
    assert (verbatim.suggestion, verbatim.corrected) == ("skolefravær i kommuner", False)
    assert not any(hit.matches for result in verbatim.results for hit in result.passages if "Skolefravær" in hit.text)
    assert index.search("skolefravær i kommuner").suggestion is None
    assert index.search("seniorer i kommuner").suggestion is None, "a Norwegian word that no text has"
