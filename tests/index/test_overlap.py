"""The check of a draft commission: what stands highest, what tells that it is done, and what it says."""

import json

import pytest
from indexed import DRAFT, ELDRE, SKOLE

from errors import FouError, UsageError
from index import overlap
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
    done, fresh = (overlap.signs(index.places(draft), "adapted", 0.6) for draft in (DRAFT, new))
    assert done.cosine > fresh.cosine and done.held > fresh.held and done.place > fresh.place


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


def test_measured_on_a_folder(tmp_path, settings, encoder):
    rows = [{"_id": "a", "title": "Skole", "text": SKOLE}, {"_id": "b", "title": "Eldre", "text": ELDRE}]
    drafts = [
        {"_id": "1", "text": DRAFT, "label": "duplicate", "gold": {"a": 2}},
        {"_id": "2", "text": "Hva betyr ladestasjoner for trafikken på motorveien om vinteren?", "label": "new", "gold": {}},
    ]
    for name, some in (("corpus", rows), ("drafts", drafts)):
        (tmp_path / f"{name}.jsonl").write_text("\n".join(map(json.dumps, some)), "utf-8")
    figures = evaluate_overlap(tmp_path, settings, model=encoder)
    assert figures["recall@10"] == figures["mrr"] == figures["duplicate_auc"] == 1
    assert {"accuracy", "macro_f1", "brier", "as_one_query"} <= set(figures)


def test_a_folder_without_labels_is_told_so(tmp_path, settings, encoder):
    (tmp_path / "corpus.jsonl").write_text(json.dumps({"_id": "a", "text": SKOLE}), "utf-8")
    (tmp_path / "drafts.jsonl").write_text(json.dumps({"text": DRAFT, "label": "old", "gold": {}}), "utf-8")
    with pytest.raises(FouError, match="label"):
        evaluate_overlap(tmp_path, settings, model=encoder)
