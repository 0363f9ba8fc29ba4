"""Generations: what readers see while a writer works, what a crash leaves, and that nothing is embedded twice."""

import sqlite3

import pytest
from indexed import ELDRE, NATUR, SKOLE, TinyEncoder, a_report

from errors import FouError
from index import bridge, build, catalog
from index.layout import Layout


def keys(index) -> set[str]:
    return {card.title for card in index.cards()}


def test_a_reader_keeps_its_generation_while_the_next_is_made(writing, opening):
    with writing() as store:
        store.put(a_report("eldre", ELDRE), "eldre.pdf", "1")
        store.put(a_report("skole", SKOLE), "skole.pdf", "1")
        assert store.build().generation == 1
    reader = opening()
    with writing() as store:
        store.put(a_report("natur", NATUR), "natur.pdf", "1")
        store.retire("skole.pdf")
        store.put(a_report("eldre", "Ny utgave om eldreomsorg.", title="Eldre 2"), "eldre.pdf", "2")
        assert keys(opening()) == {"Eldre", "Skole"}, "nothing is seen before the switch"
        assert store.build().generation == 2
    assert keys(reader) == {"Eldre", "Skole"}
    assert reader.search("fravær på skolen").results[0].report.title == "Skole", "what it opened can still be read"
    assert reader.refresh() and not reader.refresh()
    assert keys(reader) == {"Eldre 2", "Natur"}
    assert "Skole" not in {r.report.title for r in reader.search("fravær på skolen").results}


def test_rows_go_when_no_reader_can_have_them(writing, settings):
    for number in range(1, 5):
        with writing() as store:
            store.put(a_report("eldre", f"{ELDRE} Utgave {number}."), "eldre.pdf", str(number))
            store.build()
    with catalog.reading(Layout.of(settings).catalog) as db:
        assert [tuple(r) for r in db.execute("SELECT added, retired FROM documents")] == [(3, 4), (4, None)]
        assert db.execute("SELECT count(*) FROM passages").fetchone()[0] == 2
    assert sorted(p.name for p in Layout.of(settings).generations.iterdir()) == ["3", "4"]


def test_state_names_what_is_stored_and_survives_without_a_build(writing):
    with writing() as store:
        store.put(a_report("eldre", ELDRE), store.settings.root / "under" / "eldre.pdf", "abc")
        store.put(a_report("skole", SKOLE), "/elsewhere/skole.pdf", "def")
    with writing() as store:
        assert store.state() == {"under/eldre.pdf": "abc", "/elsewhere/skole.pdf": "def"}
        assert store.build().reports == 2


def test_a_build_with_nothing_to_do_is_no_build(writing):
    with writing() as store:
        store.put(a_report("eldre", ELDRE), "eldre.pdf", "1")
        assert store.build().built
        summary = store.build()
        assert not summary.built and (summary.generation, summary.reports, summary.passages) == (1, 1, 1)


def test_nothing_is_embedded_twice(writing, encoder):
    with writing() as store:
        store.put(a_report("eldre", ELDRE), "eldre.pdf", "1")
        store.put(a_report("skole", SKOLE), "skole.pdf", "1")
        store.build()
        store.put(a_report("eldre", ELDRE, "Et nytt kapittel om natten."), "eldre.pdf", "2")
        store.put(a_report("skole", SKOLE, year=2020), "moved.pdf", "1")
        store.retire("skole.pdf")
        store.build()
    assert len(encoder.asked) == len(set(encoder.asked)) == 3 + 3, "three passages, and three reports as wholes"


def test_vectors_of_two_models_never_meet(writing, opening, encoder):
    with writing() as store:
        store.put(a_report("eldre", ELDRE), "eldre.pdf", "1")
        store.build()
    other = TinyEncoder("other")
    with pytest.raises(FouError, match="ingest run"):
        opening(other)
    with writing(other) as store:
        assert store.build().built
    assert len(other.asked) == 2
    assert opening(other).search("eldreomsorg").results
    with writing() as store:
        assert store.build().built
    assert len(encoder.asked) == 2, "the first model's vectors were kept"


STEPS = ["index.build.embed", "index.sentences.build", "index.vectors.build", "index.words.build", "os.replace"]


@pytest.mark.parametrize("step", STEPS)
def test_a_crash_leaves_the_last_generation_and_the_next_run_heals(writing, opening, settings, monkeypatch, step):
    with writing() as store:
        store.put(a_report("eldre", ELDRE), "eldre.pdf", "1")
        store.build()

    def crash(*args, **kwargs):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt), writing() as store:
        patch.setattr(step, crash)
        store.put(a_report("skole", SKOLE), "skole.pdf", "1")
        store.build()
    assert keys(opening()) == {"Eldre"}
    assert opening().search("eldreomsorg").results
    with writing() as store:
        assert store.state().keys() == {"eldre.pdf", "skole.pdf"}
        assert store.build().built
    assert keys(opening()) == {"Eldre", "Skole"}
    assert [p.name for p in Layout.of(settings).generations.iterdir() if not p.name.isdigit()] == []


def test_an_interrupted_embedding_loses_at_most_a_batch(writing, encoder, monkeypatch):
    monkeypatch.setattr(build, "BATCH", 2)
    embed, calls = encoder.passages, []

    def third_fails(texts):
        calls.append(texts)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return embed(texts)

    with writing() as store:
        store.put(a_report("eldre", *(f"Side {n} om eldreomsorg." for n in range(7))), "eldre.pdf", "1")
        monkeypatch.setattr(encoder, "passages", third_fails)
        with pytest.raises(KeyboardInterrupt):
            store.build()
        store.build()
    assert len(encoder.asked) == len(set(encoder.asked)) == 7 + 1


def test_a_failed_put_leaves_the_document_as_it_was(writing):
    with writing() as store:
        store.put(a_report("eldre", ELDRE), "eldre.pdf", "1")
        store.build()
        broken = a_report("eldre", "ny")
        object.__setattr__(broken.metadata, "title", None)
        with pytest.raises(sqlite3.IntegrityError):
            store.put(broken, "eldre.pdf", "2")
        assert store.state() == {"eldre.pdf": "1"}


def test_one_writer_at_a_time(writing):
    with writing(), pytest.raises(FouError, match="En annen kjøring"), writing():
        pass


def test_a_catalog_of_another_version_is_refused_with_the_remedy(writing, settings):
    with writing() as store:
        store.db.execute("PRAGMA user_version = 99")
    with pytest.raises(FouError, match="versjon 99"), writing():
        pass


def test_a_store_that_lost_its_generations_is_built_anew(writing, opening, settings):
    with writing() as store:
        store.put(a_report("eldre", ELDRE), "eldre.pdf", "1")
        store.build()
    Layout.of(settings).sweep(keep=set())
    with pytest.raises(FouError, match="ingest run"):
        opening()
    with writing() as store:
        assert store.build().generation == 2
    assert opening().search("eldreomsorg").results


def test_an_empty_store_answers_nothing_and_breaks_nothing(writing, opening):
    with writing() as store:
        store.build()
    answer = opening().search("eldreomsorg")
    assert (answer.results, answer.no_answer) == ((), True)
    assert opening().facets()["years"] == {}


def test_projects_of_one_title_have_keys_of_their_own(writing, opening):
    titles = ["Delprosjekt 2", "Delprosjekt", "Delprosjekt", "Delprosjekt"]
    plan = a_report(
        "plan", "Planen har flere deler.", projects=[(t, "Klima", f"Del {n} handler om vann.") for n, t in enumerate(titles)]
    )
    with writing() as store:
        store.put(plan, "plan.pdf", "1")
        store.build()
    keys = {card.id.partition(".")[2] for card in opening().cards() if card.kind == "project"}
    assert keys == {"delprosjekt-2", "delprosjekt", "delprosjekt-3", "delprosjekt-4"}


def test_an_index_of_another_edition_is_told_and_built_anew(writing, opening, monkeypatch):
    from errors import FouError
    from index import build

    with writing() as store:
        store.put(a_report("eldre", ELDRE), "eldre.pdf", "1")
        store.build()
    monkeypatch.setattr(build, "FORM", "another")
    with pytest.raises(FouError, match=r"annen utgave.*ingest run"):
        opening()
    with writing() as store:
        assert store.build().built
    assert len(opening()) == 1


def test_the_first_question_need_not_wait_for_the_vocabulary(writing, settings):
    with writing() as store:
        store.prepare()
    models = Layout.of(settings).models

    class Silent(TinyEncoder):
        def passages(self, texts):
            raise AssertionError("the vectors were there already")

    assert len(bridge.vectors(models, Silent())) == len(bridge.concepts())
