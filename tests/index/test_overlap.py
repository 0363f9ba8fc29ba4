"""The check of a draft commission: what stands highest, what tells that it is done, and what it says."""

import json

import numpy as np
import pytest
from fake_encoder import Bags
from indexed import DRAFT, ELDRE, SKOLE

from errors import FouError, UsageError
from index import overlap
from index.asks import asks
from index.evaluate_overlap import evaluate_overlap


def test_the_report_that_answers_comes_first_and_each_ask_has_its_evidence(index):
    found = index.overlap(DRAFT)
    assert found.reports[0][0].title == "Skole"
    assert [asked.text for asked in found.questions] == [
        "Vi ønsker å vite om skolefravær øker på ungdomstrinnet",
        "hvilke tiltak mot fravær som virker best.",
    ]
    for asked in found.questions:
        first = asked.evidence[0]
        assert first.report.title == "Skole" and first.passage.page == 1 and 0 < first.score <= 1
        assert all(a.score >= b.score for a, b in zip(asked.evidence, asked.evidence[1:], strict=False))
    assert sum(found.probability.values()) == pytest.approx(1)
    assert found.label == max(found.probability, key=found.probability.get)


def test_signs_of_what_is_done_before_are_stronger_than_of_what_is_new(index):
    new = "Hvor mange elbiler kjører i kollektivfeltet, og hva betyr ladestasjoner for trafikken på motorveien?"
    every = np.array(sorted(index.snapshot.cards), np.int64)
    done, fresh = (overlap.signs(index.snapshot.abstracts.score(index.places(d).vector, every)) for d in (DRAFT, new))
    assert done.near > fresh.near and done.size == fresh.size == pytest.approx(np.log(len(every)))


def test_the_nearer_the_reports_the_likelier_done_and_the_labels_are_in_order():
    told = [overlap.probabilities(overlap.signs(np.r_[np.full(10, near), np.full(590, 0.74)]), "adapted") for near in (0.77, 0.8, 0.83)]
    assert [max(p, key=p.get) for p in told] == ["new", "partial", "duplicate"]
    assert all(sum(p.values()) == pytest.approx(1) for p in told)
    assert told[0]["new"] > told[1]["new"] > told[2]["new"]
    assert told[0]["duplicate"] < told[1]["duplicate"] < told[2]["duplicate"]


def test_among_more_reports_as_near_a_one_says_less():
    few, many = (overlap.probabilities(overlap.Signs(0.82, 0.8, np.log(count)), "adapted") for count in (300, 3000))
    assert many["new"] > few["new"]


def test_where_no_report_may_answer_it_is_new():
    told = overlap.probabilities(overlap.signs(np.empty(0, np.float32)), "adapted")
    assert told["new"] == pytest.approx(1)


def test_the_less_an_ask_says_itself_the_more_it_has_of_the_draft(index):
    draft = "Skolefraværet på ungdomstrinnet øker. Hvor mange er det? Hvor mange pleiere mangler hjemmetjenesten i små kommuner?"
    found = index.places(draft)
    bare, full = found.parts
    alone = [index.vector(part.ask.text) for part in found.parts]
    assert bare.vector @ alone[0] < full.vector @ alone[1]
    assert bare.vector @ found.vector > alone[0] @ found.vector + 0.1
    assert full.vector @ alone[1] > 0.98  # an ask on another matter is judged by itself


def test_no_ask_is_held_to_be_answered_in_a_draft_that_is_new(index, monkeypatch):
    monkeypatch.setattr(overlap.answer, "probability", lambda *_: 0.9)
    for new, covered in ((0.8, False), (0.2, True)):
        told = {"duplicate": (1 - new) / 2, "partial": (1 - new) / 2, "new": new}
        monkeypatch.setattr(overlap, "probabilities", lambda *_, told=told: told)
        questions = index.overlap(DRAFT).questions
        assert all(asked.covered is covered and asked.state == ("covered" if covered else "touched") for asked in questions)


def test_short_questions_are_checked_and_what_is_left_out_is_counted(index):
    many = " ".join(f"Hva koster skole {n}?" for n in range(overlap.MOST + 3))
    found = index.overlap(many)
    assert len(found.questions) == overlap.MOST and found.left_out == 3
    assert index.overlap(DRAFT).left_out == 0


def test_where_there_is_nothing_at_all_it_says_so(writing, opening):
    with writing() as store:
        store.build()
    found = opening().overlap(DRAFT)
    assert {asked.state for asked in found.questions} == {"none"} and not any(asked.covered for asked in found.questions)


def test_the_json_has_the_keys_of_the_interface(index):
    answer = json.loads(json.dumps(index.overlap(DRAFT).as_json()))
    assert list(answer) == ["label", "probability", "reports", "questions"]
    assert set(answer["probability"]) == set(overlap.LABELS)
    assert set(answer["reports"][0]) == {"report", "score"}
    assert set(answer["questions"][0]) == {"text", "covered", "evidence"}
    assert set(answer["questions"][0]["evidence"][0]) >= {"report", "page", "passage", "score"}


def test_signs_of_the_query_language_mean_nothing_in_a_draft(index):
    found = index.overlap('Vi vil vite om -fravær og "noe som ikke står der" øker på ungdomstrinnet i skolen.')
    assert found.reports[0][0].title == "Skole"


@pytest.mark.parametrize("draft", ["", "   ", "for kort", "ord " * 8000])
def test_a_draft_too_short_or_too_long_is_told_so(index, draft):
    with pytest.raises(UsageError, match="lim inn"):
        index.overlap(draft)


def test_measured_on_a_folder(tmp_path, settings):
    rows = [{"_id": "a", "title": "Skole", "text": SKOLE}, {"_id": "b", "title": "Eldre", "text": ELDRE}]
    drafts = [
        {"_id": "1", "text": DRAFT, "label": "duplicate", "gold": {"a": 2}},
        {"_id": "2", "text": "Hva betyr ladestasjoner for trafikken på motorveien om vinteren?", "label": "new", "gold": {}},
    ]
    for name, some in (("corpus", rows), ("drafts", drafts)):
        (tmp_path / f"{name}.jsonl").write_text("\n".join(map(json.dumps, some)), "utf-8")
    figures = evaluate_overlap(tmp_path, settings, model=Bags())
    assert figures["recall@10"] == figures["mrr"] == figures["duplicate_auc"] == 1
    assert {"accuracy", "macro_f1", "brier", "as_one_query"} <= set(figures)


def test_a_folder_without_labels_is_told_so(tmp_path, settings, encoder):
    (tmp_path / "corpus.jsonl").write_text(json.dumps({"_id": "a", "text": SKOLE}), "utf-8")
    (tmp_path / "drafts.jsonl").write_text(json.dumps({"text": DRAFT, "label": "old", "gold": {}}), "utf-8")
    with pytest.raises(FouError, match="label"):
        evaluate_overlap(tmp_path, settings, model=encoder)


def test_an_ask_that_says_little_is_searched_for_with_its_sentence():
    draft = "KS vil vite hvor mange folkevalgte som opplever hets og trusler, og hvem som rammes mest. Hva koster svømmehaller å drive?"
    hets, bare, pools = asks(draft)
    assert bare.text == "hvem som rammes mest." and "folkevalgte" in overlap.searched(bare) and "svømmehaller" not in overlap.searched(bare)
    assert overlap.searched(hets) == hets.text
    assert overlap.searched(pools) == pools.text == pools.sentence
