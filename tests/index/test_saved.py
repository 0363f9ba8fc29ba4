"""Saved questions: what is new since they were last checked, and answers."""

import json
import sqlite3
from dataclasses import replace

import pytest
from indexed import NATUR, SKOLE, a_report

from errors import FouError, UsageError
from index import __main__ as command
from index.layout import Layout
from index.lists import Lists, file
from index.lists.log import Log
from index.lists.saved import Saved
from index.records import Filters
from index.references import Reference

ABSENCE = "tiltak mot fravær på ungdomstrinnet"
MORE = "Fravær på ungdomstrinnet: tiltak mot fravær, fra sju kommuner. Skolene følger opp fravær hver dag."


@pytest.fixture
def settings(settings):
    """With the rule for "no good answer" that asks for the very words: what is learnt is learnt of the real model."""
    return replace(settings, model=replace(settings.model, adapter=False))


@pytest.fixture
def saved(settings) -> Saved:
    return Saved.of(Layout.of(settings))


@pytest.fixture
def adding(writing, opening):
    """`adding("skole", SKOLE)`: a document more in the base; gives the index then."""

    def add(name: str, text: str, **facts):
        with writing() as store:
            store.put(a_report(name, text, **facts), f"{name}.pdf", "1")
            store.build()
        return opening()

    return add


def titles(checked) -> list[list[str]]:
    return [[found.report.title for found in one.found] for one in checked]


def test_only_what_is_new_and_answers_is_told_and_once(saved, adding):
    index = adding("skole", SKOLE)
    number = saved.add(index, ABSENCE)
    assert saved.add(index, f" {ABSENCE} ") == number, "what is saved already stays as it is"
    assert titles(saved.check(index)) == [[]], "what was there is known"
    adding("natur", NATUR)
    index = adding("fravaer", MORE, year=2024)
    (one,) = found = saved.check(index)
    assert titles(found) == [["Fravaer"]]
    (new,) = one.found
    assert new.passage.page == 1 and new.passage.sentence.startswith("Fravær") and 0.28 <= new.probability <= 1
    assert titles(saved.check(index)) == [["Fravaer"]], "it is told until it is marked"
    saved.mark(found)
    assert titles(saved.check(index)) == [[]] and saved.questions()[0].checked
    again = adding("fravaer", f"{MORE} Ny utgave.")
    assert titles(saved.check(again)) == [[]], "read anew is not new"


def test_what_is_put_while_a_question_is_checked_is_told_the_next_time(saved, adding, writing, opening):
    index = adding("skole", SKOLE)
    saved.add(index, ABSENCE)
    with writing() as store:
        store.put(a_report("fravaer", MORE), "fravaer.pdf", "1")  # in the catalog, but in use by no one yet
    saved.mark(saved.check(index))
    with writing() as store:
        store.build()
    assert titles(saved.check(opening())) == [["Fravaer"]]


def test_filters_hold_and_better_old_answers_do_not_hide_a_new_one(saved, adding):
    index = adding("skole", SKOLE, year=2010)
    for number in range(12):
        index = adding(f"alt{number}", f"{MORE} Kommune {number}.", year=2010)
    saved.add(index, ABSENCE)
    saved.add(index, ABSENCE, Filters(years=(2020, None)))
    saved.add(index, ABSENCE, Filters(reports=("alt3",)))
    index = adding("ny", SKOLE, year=2015)
    assert titles(saved.check(index)) == [["Ny"], [], []]
    numbers = [question.id for question in saved.questions()]
    assert titles(saved.check(index, numbers[1:])) == [[], []]


def test_questions_are_taken_away_and_mistakes_told(saved, adding):
    index = adding("skole", SKOLE)
    number = saved.add(index, ABSENCE)
    for wrong in (lambda: saved.remove(number + 1), lambda: saved.check(index, [number + 1])):
        with pytest.raises(FouError, match="saved list"):
            wrong()
    with pytest.raises(UsageError, match="tomt"):
        saved.add(index, " ?")
    saved.remove(number)
    assert saved.questions() == [] and saved.check(index) == []


def test_an_older_file_is_brought_up_and_keeps_what_it_holds(settings, saved, adding):
    layout = Layout.of(settings)
    layout.root.mkdir(parents=True)
    with sqlite3.connect(layout.lists) as db:  # as the version before had it
        for statement in file.SCHEMA[: file.SCHEMA.index(file.SAVED)]:
            db.execute(statement)
        db.execute("PRAGMA user_version = 1")
        reference = json.dumps({"key": "a-1", "title": "Ål"})
        db.execute("INSERT INTO lists VALUES (1, 'Min', 'min', '', '2026-01-01 08:00:00')")
        db.execute("INSERT INTO items VALUES (1, 1, 0, 'a-1', ?, '', 'Viktig', '2026-01-01 08:00:00', NULL)", (reference,))
    assert Lists.of(layout).get("Min").items[0].comment == "Viktig"
    saved.add(adding("skole", SKOLE), ABSENCE)
    assert Lists.of(layout).names() == [("Min", 1)] and len(saved.questions()) == 1
    with sqlite3.connect(layout.lists) as db:
        assert db.execute("PRAGMA user_version").fetchone()[0] == file.VERSION
        db.execute("PRAGMA user_version = 99")
    with pytest.raises(FouError, match="annen utgave"):
        saved.questions()


def test_readers_do_not_wait_for_one_another_nor_for_a_writer_at_work(settings, saved):
    layout = Layout.of(settings)
    lists = Lists.of(layout)
    lists.add("Min", Reference("a-1", "Ål"))
    with file.opened(layout.lists), file.reading(layout.lists):
        assert lists.names() == [("Min", 1)] and saved.questions() == [] and Log.of(layout).searches() == []


def test_the_command_line(saved, adding, settings, monkeypatch, capsys):
    index = adding("skole", SKOLE, body="NIFU", year=2020)
    monkeypatch.setattr("index.search.open_index", lambda settings: index)

    def said(*args: str, code: int = 0) -> str:
        argv = ["saved", *args, "--store", str(settings.folders.store)]
        assert command.cli.main(command.run, command.make_parser(), argv) == code
        out, err = capsys.readouterr()
        return out or err

    assert "saved add" in said("list") and "saved add" in said("check")
    assert said("add", ABSENCE, "--year", "2015-") == "Lagret som nummer 1.\n"
    assert json.loads(said("add", "naturregnskap", "--json")) == {"id": 2}
    assert "har «Månen» som utfører" in said("add", "x", "--body", "Månen", code=2)
    listed = said("list").splitlines()
    assert listed[0].startswith(f"1. {ABSENCE} (år fra 2015)   lagret 20") and listed[1].endswith("ikke sjekket ennå")
    adding("fravaer", MORE, body="Fafo", year=2024)
    kept, out = said("check", "--keep"), said("check")
    assert kept == out and out.splitlines()[:1] == [f"1. {ABSENCE} (år fra 2015)"]
    assert "Fravaer (Fafo, 2024)" in out and "% sannsynlig" in out and "s. 1: Fravær" in out and "naturregnskap" not in out
    assert said("check").startswith("Ingen nye rapporter svarer")
    answer = json.loads(said("check", "--all", "--json"))
    assert answer["checked"] == 2 and [row["found"] for row in answer["saved"]] == [[], []]
    assert answer["saved"][0]["filters"] == {"years": [2015, None]}
    assert "Nummer 2" in said("remove", "2") and "saved list" in said("remove", "2", code=1)
