"""The Norwegian analysis by cases, the word index against BM25 by hand, and corrections from the texts' own words."""

import math

import numpy as np
import pytest

from cases_of import cases_of
from index import suggest, words

CASES = cases_of("words")
ROWS = [
    {"title": "Helse", "themes": '["Omsorg"]', "section": "1 Innledning", "text": "Eldreomsorg i kommunen."},
    {"title": "Skole", "themes": "[]", "section": "", "text": "Kommunen driver skolen. Skolen er stor."},
    {"title": "Vei", "themes": "[]", "section": "", "text": "Fylket bygger veier."},
]


@pytest.fixture
def opened(tmp_path) -> words.Words:
    words.build(ROWS, tmp_path)
    return words.Words(tmp_path)


@pytest.mark.parametrize("case", CASES["stems"], ids=lambda case: case["text"])
def test_stems(case):
    assert words.stems(case["text"]) == case["stems"]


@pytest.mark.parametrize("case", CASES["same"], ids=" ".join)
def test_forms_of_one_word_meet(case):
    assert len({tuple(words.stems(word)) for word in case}) == 1


@pytest.mark.parametrize("case", CASES["different"], ids=" ".join)
def test_different_words_stay_apart(case):
    assert len({tuple(words.stems(word)) for word in case}) == len(case)


def test_terms_know_where_they_stand():
    text = "Når kommunene, i 2020"
    assert [(text[t.start : t.end], t.stem) for t in words.terms(text)] == [("kommunene", "kommun"), ("2020", "2020")]


def test_parts_meet_inside_compounds():
    assert words.parts("eldr") == ["_eldr", "eldr_"]
    assert set(words.parts("omsorg")) & set(words.parts("eldreomsorg")) >= {"omsor", "msorg", "sorg_"}
    assert words.parts("ks") == ["_ks_"]


def test_bm25_by_hand(tmp_path):
    words.build(ROWS, tmp_path)
    opened = words.Words(tmp_path, {"words": 1.0})
    rows, scores = opened.search(["skol"], 10)
    lengths = [len(words.stems(" ".join(row.values()))) for row in ROWS]
    idf = math.log(1 + (3 - 1 + 0.5) / (1 + 0.5))
    norm = words.K1 * (1 - 0.75 + 0.75 * lengths[1] / (sum(lengths) / 3))
    assert rows.tolist() == [1]
    assert scores[0] == pytest.approx(idf * 3 * (words.K1 + 1) / (3 + norm), rel=1e-4)
    assert opened.rarity("skol") == pytest.approx(idf)
    assert scores[0] < opened.ceiling(["skol"])


def test_search_score_and_filter_agree(opened):
    query = words.stems("eldre og skolen i kommunen")
    rows, scores = opened.search(query, 10)
    assert set(rows) == {0, 1}
    back = np.array([2, 0, 1])
    assert np.allclose(opened.score(query, back), [0.0, *scores[[list(rows).index(0), list(rows).index(1)]]], atol=1e-4)
    only, value = opened.search(query, 10, np.array([True, False, True]))
    assert only.tolist() == [0] and value[0] == pytest.approx(scores[list(rows).index(0)], rel=1e-4)
    assert len(opened.search([], 10)[0]) == 0 and opened.score([], back).tolist() == [0, 0, 0]


@pytest.mark.parametrize("case", CASES["spelling"], ids=lambda case: case["word"])
def test_spelling(case):
    spellings = words.Spellings.of(dict.fromkeys(case["known"], 1))
    assert suggest.nearest(case["word"], spellings) == case["meant"]


def test_of_two_words_as_near_the_more_frequent_is_meant():
    assert suggest.nearest("halse", words.Spellings.of({"helse": 9, "hilse": 2, "halsen": 1})) == "helse"


def test_another_language_is_no_typing_error(opened):
    assert suggest.suggestion(opened, "the municipality schools koomunen") is None
    assert suggest.suggestion(opened, "Koomunen bygger") == "Kommunen bygger"
