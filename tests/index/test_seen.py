"""When a report was first seen: once and for all, whatever becomes of its file."""

import sqlite3
from dataclasses import replace

import pytest
from indexed import ELDRE, NATUR, SKOLE, a_report

import moments
from errors import UsageError
from index import catalog
from index.layout import Layout
from ingest.report import MAIN


@pytest.fixture
def clock(monkeypatch):
    """The time of day as the store reads it; a test sets it."""

    class Clock:
        at = "2026-01-01T08:00:00+00:00"

    monkeypatch.setattr(moments, "now", lambda: Clock.at)
    return Clock


def seen(index) -> dict[str, str]:
    return {card.title: card.seen[:10] for card in index.cards()}


def test_the_first_day_stays(writing, opening, clock):
    with writing() as store:
        store.put(a_report("eldre", ELDRE), "eldre.pdf", "1")
        store.build()
    clock.at = "2026-02-01T08:00:00+00:00"
    with writing() as store:
        store.put(replace(a_report("eldre", ELDRE, "Ny utgave."), sha256="another"), "eldre.pdf", "2")
        store.put(a_report("skole", SKOLE), "skole.pdf", "1")
        store.build()
    assert seen(opening()) == {"Eldre": "2026-01-01", "Skole": "2026-02-01"}
    for day, change in (("03", lambda s: s.retire("skole.pdf")), ("04", lambda s: s.put(a_report("natur", NATUR), "n.pdf", "1"))):
        clock.at = f"2026-{day}-01T08:00:00+00:00"
        with writing() as store:
            change(store)
            store.build()
    clock.at = "2026-05-01T08:00:00+00:00"
    with writing() as store:
        store.put(replace(a_report("skole", SKOLE), sha256="third"), "skole.pdf", "3")
        store.build()
    assert seen(opening()) == {"Eldre": "2026-01-01", "Skole": "2026-02-01", "Natur": "2026-04-01"}


def test_a_report_known_before_its_text_keeps_the_day_of_its_entry(writing, opening, clock, settings):
    entry = settings.folders.store.parent / "ks" / "2020" / "1"
    known = replace(a_report("eldre", "Et utdrag om eldreomsorg."), entry=entry, role=MAIN, fulltext=False, sha256="entry")
    with writing() as store:
        store.put(known, entry / "entry.json", "1")
        store.build()
    clock.at = "2026-02-01T08:00:00+00:00"
    with writing() as store:
        store.put(replace(a_report("eldre", ELDRE), entry=entry, role=MAIN), entry / "rapport.pdf", "1")
        store.retire(entry / "entry.json")
        store.build()
    (card,) = opening().cards()
    assert card.fulltext and card.seen.startswith("2026-01-01")


def test_what_was_there_under_another_name_or_title_is_not_new(writing, opening, clock):
    def plan(title):
        return a_report("plan", "Planen har en del.", projects=[(title, "Klima", "Delen handler om vann.")])

    with writing() as store:
        store.put(plan("Vann"), "plan.pdf", "1")
        store.put(a_report("eldre", ELDRE), "eldre.pdf", "1")
        store.build()
    clock.at = "2026-02-01T08:00:00+00:00"
    with writing() as store:
        store.retire("eldre.pdf")
        store.put(a_report("eldre", ELDRE), "flyttet/eldre.pdf", "1")
        store.put(plan("Vann i byen"), "plan.pdf", "2")  # the same file, read otherwise
        store.build()
    assert seen(opening()) == {"Plan": "2026-01-01", "Vann i byen": "2026-01-01", "Eldre": "2026-01-01"}
    clock.at = "2026-03-01T08:00:00+00:00"
    with writing() as store:
        store.put(replace(plan("Luft"), sha256="changed"), "plan.pdf", "3")
        store.build()
    assert seen(opening()) == {"Plan": "2026-01-01", "Luft": "2026-03-01", "Eldre": "2026-01-01"}


def test_what_comes_later_is_later_whatever_the_clock_says(writing, opening, clock):
    with writing() as store:
        store.put(a_report("eldre", ELDRE), "eldre.pdf", "1")
        store.build()
    before = max(card.seen for card in opening().cards())
    for number, at in enumerate(("2026-01-01T08:00:00+00:00", "2025-12-31T08:00:00+00:00")):
        clock.at = at
        with writing() as store:
            store.put(a_report(f"skole{number}", f"{SKOLE} {number}"), f"skole{number}.pdf", "1")
            store.build()
        last = max(card.seen for card in opening().cards())
        assert last > before
        before = last


def test_a_report_of_a_run_that_was_killed_keeps_the_moment_it_was_put(writing, opening, clock):
    with writing() as store:
        store.put(a_report("eldre", ELDRE), "eldre.pdf", "1")  # and killed before the build
    clock.at = "2026-02-01T08:00:00+00:00"
    with writing() as store:
        store.put(a_report("skole", SKOLE), "skole.pdf", "1")
        store.build()
    assert seen(opening()) == {"Eldre": "2026-01-01", "Skole": "2026-02-01"}


def test_a_report_that_no_reader_ever_saw_is_new_when_it_comes_back(writing, opening, clock):
    with writing() as store:
        store.put(a_report("eldre", ELDRE), "eldre.pdf", "1")
        store.build()
    clock.at = "2026-02-01T08:00:00+00:00"
    with writing() as store:
        store.put(a_report("skole", SKOLE), "skole.pdf", "1")  # and killed before the build
    clock.at = "2026-03-01T08:00:00+00:00"
    with writing() as store:
        store.retire("skole.pdf")
        store.retire("eldre.pdf")
        store.put(a_report("natur", NATUR), "natur.pdf", "1")
        store.build()
    clock.at = "2026-04-01T08:00:00+00:00"
    with writing() as store:
        store.put(replace(a_report("eldre", ELDRE), sha256="b"), "eldre.pdf", "2")
        store.put(a_report("skole", SKOLE), "skole.pdf", "1")
        store.build()
    assert seen(opening()) == {"Eldre": "2026-01-01", "Natur": "2026-03-01", "Skole": "2026-04-01"}


def test_reports_from_before_the_dates_are_not_new(writing, opening, settings, clock):
    with writing() as store:
        store.put(a_report("eldre", ELDRE), "eldre.pdf", "1")
        store.build()
    with sqlite3.connect(Layout.of(settings).catalog) as db:  # as the version before had it
        db.execute("DROP TABLE first_seen")
        db.execute("DROP INDEX documents_sha256")
        db.execute("PRAGMA user_version = 2")
    with writing() as store:
        assert store.db.execute("PRAGMA user_version").fetchone()[0] == catalog.SCHEMA_VERSION
        store.put(a_report("eldre", ELDRE, "Ny."), "eldre.pdf", "2")
        store.put(a_report("skole", SKOLE), "skole.pdf", "1")
        store.build()
    assert seen(opening()) == {"Eldre": "", "Skole": "2026-01-01"}


def test_moments_as_users_write_them():
    assert moments.day(moments.since("2026-03-29")) == "2026-03-29"
    assert moments.since("7d") == moments.since(" 7 dager ") < moments.since("1 dag") < moments.now()
    assert moments.after("2026-02-28T23:59:59+00:00") == "2026-03-01T00:00:00+00:00"
    for wrong in ("", "i går", "2026-02-30", "7", "-7d", "999999d", "0000-01-01"):
        with pytest.raises(UsageError, match="2026-01-31"):
            moments.since(wrong)
