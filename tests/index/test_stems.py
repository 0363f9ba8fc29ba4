"""The Norwegian analysis by cases: stems, bokmål and nynorsk as one, and compounds taken apart."""

import pytest

from cases_of import cases_of
from index import compounds, stems

CASES = cases_of("words")


@pytest.mark.parametrize("case", CASES["stems"], ids=lambda case: case["text"])
def test_stems(case):
    assert stems.stems(case["text"]) == case["stems"]


@pytest.mark.parametrize("case", CASES["same"] + CASES["bokmål and nynorsk"], ids=" ".join)
def test_forms_of_one_word_meet(case):
    assert len({tuple(stems.stems(word)) for word in case}) == 1


@pytest.mark.parametrize("case", CASES["different"], ids=" ".join)
def test_different_words_stay_apart(case):
    assert len({tuple(stems.stems(word)) for word in case}) == len(case)


@pytest.mark.parametrize("case", CASES["compounds"], ids=lambda case: case["word"])
def test_compounds(case):
    assert list(compounds.split(case["word"])) == case["parts"]


def test_a_compound_has_the_stems_of_its_smallest_parts():
    assert stems.inner("sykefraværsoppfølging") == ("syk", "fravær", "oppfølging")
    assert stems.inner("skuleeigar") == tuple(stems.stem(w) for w in ("skole", "eier")), "in bokmål"
    assert stems.inner("skole") == ()


def test_terms_know_where_they_stand():
    text = "Når kommunene, i 2020"
    assert [(text[t.start : t.end], t.stem) for t in stems.terms(text)] == [("kommunene", "kommun"), ("2020", "2020")]


def test_no_stem_is_mapped_twice_and_none_is_a_stop_word():
    table = stems.bokmaal()
    assert len(table) > 2000
    assert not {meant.stem for nynorsk, meant in table.items() if meant.stem != nynorsk} & table.keys() - {"hjemme"}
    assert not table.keys() & stems.stop_words()


def test_what_is_no_word_is_not_split():
    assert compounds.split("sykefraværsoppfølging") and compounds.split("skole" * 100_000) == ()
