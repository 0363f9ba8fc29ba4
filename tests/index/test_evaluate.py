"""A folder in BEIR's layout through the whole index: figures by hand, caching, and what is said of a wrong folder."""

import json
from dataclasses import replace

import pytest
from indexed import ELDRE, NATUR, SKOLE

from errors import FouError
from index.evaluate import evaluate

KEYS = ["documents", "queries", "ndcg@10", "recall@10", "recall@100", "mrr@10", "p50_ms", "p95_ms"]


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "beir"
    folder.mkdir()
    corpus = [("a/1", "Eldre", ELDRE), ("b#2", "Skole", SKOLE), ("c", "Natur", NATUR), ("d", "Bare en tittel om brannvern", "")]
    queries = [("q1", "fravær på skolen"), ("q2", "brannvern"), ("q3", "uten dom")]
    write(folder / "corpus.jsonl", [{"_id": i, "title": t, "text": x} for i, t, x in corpus])
    write(folder / "queries.jsonl", [{"_id": i, "text": x} for i, x in queries])
    (folder / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\nq1\tb#2\t2\nq1\tc\t1\nq2\td\t1\nq3\ta/1\t0\n", "utf-8")
    return folder


@pytest.fixture
def settings(settings):
    """Without the vocabulary, whose concepts would be among what the encoder is asked."""
    return replace(settings, search=replace(settings.search, vocabulary=False))


def write(path, rows):
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf-8")


def test_figures_run_file_and_cache(folder, settings, encoder, tmp_path):
    run = tmp_path / "run.txt"
    first = evaluate(folder, settings, run=run, model=encoder)
    assert list(first) == KEYS
    assert (first["documents"], first["queries"]) == (4, 2), "q3 has no relevant document"
    assert first["mrr@10"] == first["recall@100"] == 1.0
    lines = [line.split() for line in run.read_text("utf-8").splitlines()]
    assert [line[2] for line in lines if line[3] == "1"] == ["b#2", "d"], "documents have the corpus's own ids"
    assert len(encoder.asked) == 4
    evaluate(folder, settings, model=encoder)
    assert len(encoder.asked) == 4, "the second run embeds nothing"


def test_a_changed_corpus_redoes_what_changed(folder, settings, encoder):
    evaluate(folder, settings, model=encoder)
    rows = [json.loads(line) for line in (folder / "corpus.jsonl").read_text("utf-8").splitlines()]
    rows[0]["text"] += " Et tillegg."
    write(folder / "corpus.jsonl", rows)
    assert evaluate(folder, settings, model=encoder)["documents"] == 4
    assert len(encoder.asked) == 5


def test_words_only_asks_no_model_for_queries(folder, settings, encoder):
    encoder = mute(encoder)
    assert evaluate(folder, settings, weight=0.0, model=encoder)["mrr@10"] == 1.0


def mute(encoder):
    encoder.passages, encoder.queries = type(encoder)().passages, lambda texts: pytest.fail("the model was asked")
    return encoder


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("corpus.jsonl", "{", "linje 1"),
        ("corpus.jsonl", '{"_id": "a"}\n', "mangler _id eller text"),
        ("queries.jsonl", "[]\n", "mangler"),
        ("qrels.tsv", "query-id\tcorpus-id\tscore\nq1\ta\n", "linje 2"),
        ("qrels.tsv", "query-id\tcorpus-id\tscore\n", "relevant dokument"),
    ],
)
def test_what_is_wrong_with_a_folder_is_named(folder, settings, encoder, name, content, said):
    (folder / name).write_text(content, "utf-8")
    with pytest.raises(FouError, match=said):
        evaluate(folder, settings, model=encoder)


def test_settings_stay_the_callers_own(folder, settings, encoder):
    before = replace(settings)
    evaluate(folder, settings, model=encoder)
    assert settings == before


def test_subgroups_and_questions_without_an_answer(folder, settings, encoder):
    queries = [("q1", "fravær på skolen", "lay"), ("q2", "brannvern", "keyword")]
    write(folder / "queries.jsonl", [{"_id": i, "text": x, "kind": kind} for i, x, kind in queries])
    write(folder / "no_answer.jsonl", [{"_id": "n1", "text": "romfart til Jupiter"}])
    figures = evaluate(folder, settings, model=encoder, by="kind")
    assert list(figures) == [*KEYS, "no_answer_auc", "by"]
    assert figures["no_answer_auc"] == 1.0
    assert {kind: values["queries"] for kind, values in figures["by"].items()} == {"keyword": 1, "lay": 1}
    assert figures["by"]["lay"]["mrr@10"] == 1.0
    with pytest.raises(FouError, match="har feltet «lengde»"):
        evaluate(folder, settings, model=encoder, by="lengde")
