"""Sentence vectors: which sentences get one, and that a passage gains by its nearest sentence."""

import numpy as np
import pytest
from indexed import TinyEncoder, a_report

from index import sentences

TEXT = "Første setning er om skolen i byen. Andre setning er om veien til havet. Nei. Tredje setning er om vann og avløp."


def test_short_sentences_and_short_passages_get_none():
    spans = sentences.spans_of(TEXT)
    assert [TEXT[a:b].split()[0] for a, b in spans] == ["Første", "Andre", "Tredje"]
    assert sentences.spans_of(TEXT[: spans[1][1]]) == []


def test_nearest_by_hand(tmp_path):
    vectors = np.eye(4, dtype=np.float32)
    sentences.build([[(0, 5), (6, 9)], [], [(0, 3), (4, 8)]], iter([vectors[:3], vectors[3:]]), 4, tmp_path)
    opened = sentences.Sentences(tmp_path)
    query = np.array([0.1, 0.9, 0.3, 0.2], np.float32)
    found = opened.nearest(query, np.array([2, 0, 1, 0]))
    assert np.allclose(found, [0.3, 0.9, -1, 0.9], atol=1e-3)
    assert opened.of(query, 2) == {(0, 3): pytest.approx(0.3, abs=1e-3), (4, 8): pytest.approx(0.2, abs=1e-3)}
    assert opened.of(query, 1) == {}
    assert len(opened.nearest(query, np.empty(0, np.int64))) == 0


def test_the_sentence_that_is_meant_lifts_its_passage_and_is_marked(writing, opening):
    with writing() as store:
        store.put(a_report("mye", TEXT), "mye.pdf", "1")
        store.put(a_report("annet", "Skolen ligger et sted. Byen har mange hus. Veien er lang og bred."), "annet.pdf", "1")
        store.build()
    hit = opening().search("avløp og vann", weight=1.0).results[0]
    assert hit.report.title == "Mye"
    assert hit.passages[0].text[slice(*hit.passages[0].best)] == "Tredje setning er om vann og avløp."


def test_sentences_are_embedded_once_with_the_passages(writing):
    model = TinyEncoder()
    with writing(model) as store:
        store.put(a_report("en", TEXT), "en.pdf", "1")
        store.build()
        store.put(a_report("to", TEXT), "to.pdf", "1")
        store.build()
    passages = {text for text in model.asked if "Første" in text and "Tredje" in text}
    assert len(model.asked) == len(set(model.asked)) == 3 + len(passages)
