"""The word index: BM25 by hand, its fields, phrases, and what bokmål and nynorsk, compounds and parts find of each other."""

import math

import numpy as np
import pytest

from index import stems, words
from index.query import parse

ROWS = [
    {"title": "Helse", "themes": '["Omsorg"]', "section": "1 Innledning", "text": "Eldreomsorg i kommunen."},
    {"title": "Skole", "themes": "[]", "section": "", "text": "Kommunen driver skolen. Skolen er stor."},
    {"title": "Vei", "themes": "[]", "section": "", "text": "Fylket bygger veier."},
]


def opened_with(folder, *texts: str, title: str = "") -> words.Words:
    words.build([{"title": title, "themes": "[]", "section": "", "text": text} for text in texts], folder)
    return words.Words(folder)


@pytest.fixture
def opened(tmp_path) -> words.Words:
    words.build(ROWS, tmp_path)
    return words.Words(tmp_path)


def test_parts_meet_inside_compounds():
    assert words.parts("eldr") == ["_eld", "eldr", "ldr_"]
    assert set(words.parts("omsorg")) & set(words.parts("eldreomsorg")) >= {"omso", "sorg", "org_"}
    assert words.parts("ks") == ["_ks_"]


def test_bm25_by_hand(tmp_path):
    words.build(ROWS, tmp_path)
    opened = words.Words(tmp_path, {"words": 1.0})
    rows, scores = opened.search(["skol"], 10)
    lengths = [len(stems.stems(" ".join(row.values()))) for row in ROWS]
    idf = math.log(1 + (3 - 1 + 0.5) / (1 + 0.5))
    norm = words.K1 * (1 - 0.75 + 0.75 * lengths[1] / (sum(lengths) / 3))
    assert rows.tolist() == [1]
    assert scores[0] == pytest.approx(idf * 3 * (words.K1 + 1) / (3 + norm), rel=1e-4)
    assert opened.rarity("skol") == pytest.approx(idf)
    assert scores[0] < opened.ceiling(["skol"])
    assert opened.search({"skol": 0.25}, 10)[1][0] == pytest.approx(scores[0] / 4, rel=1e-4), "terms with weights"
    assert opened.score({"skol": 0.25}, np.array([1]))[0] == pytest.approx(scores[0] / 4, rel=1e-4)
    assert opened.ceiling({"skol": 0.25}) == pytest.approx(opened.ceiling(["skol"]) / 4)


def test_search_score_and_filter_agree(opened):
    query = parse("eldre og skolen i kommunen").words
    rows, scores = opened.search(query, 10)
    assert set(rows) == {0, 1}
    back = np.array([2, 0, 1])
    assert np.allclose(opened.score(query, back), [0.0, *scores[[list(rows).index(0), list(rows).index(1)]]], atol=1e-4)
    only, value = opened.search(query, 10, np.array([True, False, True]))
    assert only.tolist() == [0] and value[0] == pytest.approx(scores[list(rows).index(0)], rel=1e-4)
    assert len(opened.search([], 10)[0]) == 0 and opened.score([], back).tolist() == [0, 0, 0]
    assert len(opened.search(query, 10, np.zeros(3, bool))[0]) == 0


def test_a_word_of_the_title_counts_more(tmp_path):
    rows = [{"title": title, "themes": "[]", "section": "", "text": text} for title, text in
            (("Vei", "Om skolen og annet."), ("Skole", "Om veien og annet."))]  # fmt: skip
    words.build(rows, tmp_path)
    assert words.Words(tmp_path).search(["skol"], 2)[0].tolist() == [1, 0]


@pytest.mark.parametrize(
    "query", ["sykefravær", "oppfølging av sykefravær", "oppfølging", "sjukefråvær", "oppfølging av fravær", "sykefraværet"]
)
def test_a_compound_is_found_by_its_parts(tmp_path, query):
    opened = opened_with(tmp_path, "Bygg og anlegg.", "Kommunens sykefraværsoppfølging.", "Sykler og fraktebåter følger opp.")
    assert opened.search(parse(query).words, 3)[0][0] == 1


def test_parts_are_found_by_their_compound(tmp_path):
    opened = opened_with(tmp_path, "Bygg og anlegg.", "Bedre oppfølging av sykefravær.", "Sykler og fraktebåter følger opp.")
    for query in ("sykefraværsoppfølging", "sjukefråværsoppfølging"):
        assert opened.search(parse(query).words, 3)[0][0] == 1


def test_nynorsk_finds_bokmaal_and_nynorsk_first(tmp_path):
    opened = opened_with(tmp_path, "Erfaringer fra skoler i små bygder.", "Røynsler frå skular i små bygder.", "Veier og broer.")
    rows, scores = opened.search(parse("røynsler frå skulen").words, 3)
    assert rows.tolist()[:2] == [1, 0] and scores[1] > 0
    assert set(opened.search(parse("erfaringer fra skolen").words, 3)[0].tolist()[:2]) == {0, 1}


def test_phrases_stand_together_in_order(tmp_path):
    opened = opened_with(
        tmp_path, "Små kommuner sliter.", "Kommuner med små skoler.", "I den små kommunen.", "Oppfølginga av sjukefråværet."
    )
    assert opened.holding(("små", "kommun")).tolist() == [True, False, True, False], "in any form of the words"
    assert opened.holding(("kommun",)).tolist() == [True, True, True, False]
    assert opened.holding(("ukjent", "ord")).tolist() == [False] * 4
    (phrase,) = parse('"oppfølging av sykefravær"').phrases
    assert opened.holding(phrase).tolist() == [False, False, False, True], "in nynorsk too"


def test_stop_words_count_where_there_are_no_others(tmp_path):
    opened = opened_with(tmp_path, "Skolen er stor.", "Hva er det som virker?")
    assert opened.search(parse("hva er det").words, 2)[0].tolist() == [1, 0]
    assert opened.search(parse("hva er skolen").words, 2)[0].tolist() == [0]
