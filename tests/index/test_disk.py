"""A disk that is full, or can't be written: one sentence, nothing lost, and what was there answers."""

import os
import resource
import subprocess

import pytest
from indexed import ELDRE, SKOLE, a_report

from errors import FouError, StoreError
from index import catalog, doctor
from index import encoder as encoders
from index.backup import backup
from index.layout import Layout
from index.search import open_index
from index.store import refused


@pytest.fixture
def small(monkeypatch):
    """`small(pages)`: from now on a catalog has room for so many pages more and no others."""
    opened = catalog.open_writer

    def limit(more: int) -> None:
        def open_small(path):
            db = opened(path)
            (pages,) = db.execute("PRAGMA page_count").fetchone()
            db.execute(f"PRAGMA max_page_count = {pages + more}")
            return db

        monkeypatch.setattr(catalog, "open_writer", open_small)

    return limit


LONG = " ".join(f"Setning nummer {n} om eldreomsorg i kommunene." for n in range(3000))


@pytest.mark.parametrize("more", [0, 2, 20])
def test_a_full_disk_costs_the_document_and_nothing_else(writing, opening, small, more):
    with writing() as store:
        store.put(a_report("eldre", ELDRE), "eldre.pdf", "1")
        store.build()
    small(more)
    with pytest.raises(StoreError, match="ikke plass på disken"), writing() as store:
        store.put(a_report("skole", SKOLE), "skole.pdf", "1")
        store.put(a_report("lang", *[LONG] * 20), "lang.pdf", "1")
    assert opening().search("eldreomsorg").results[0].report.title == "Eldre"
    small(10_000)
    with writing() as store:
        assert "eldre.pdf" in store.state() and "lang.pdf" not in store.state()
        store.put(a_report("lang", LONG), "lang.pdf", "1")
        store.build()
    assert {"Eldre", "Lang"} <= {card.title for card in opening().cards()}


def test_a_disk_that_fills_while_the_index_is_made_keeps_the_one_before(writing, opening, settings):
    with writing() as store:
        store.put(a_report("eldre", ELDRE), "eldre.pdf", "1")
        store.build()
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    with writing() as store:
        store.put(a_report("lang", *[LONG] * 4), "lang.pdf", "1")
        store.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (Layout.of(settings).root / "catalog.sqlite-wal").unlink(missing_ok=True)
        resource.setrlimit(resource.RLIMIT_FSIZE, (Layout.of(settings).catalog.stat().st_size + 100_000, before[1]))
        try:
            with pytest.raises((StoreError, OSError)):
                for number in range(3, 30):  # until something doesn't fit
                    store.put(a_report("lang", *[f"{number} {LONG}"] * 4), f"lang-{number}.pdf", "1")
                    store.build()
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert opening().search("eldreomsorg").results
    with writing() as store:
        store.build()
    assert not [p for p in Layout.of(settings).generations.iterdir() if not p.name.isdigit()]


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(28, "No space left on device"), "plass"),
        (ValueError("An IO error occurred: 'No space left on device (os error 28)'"), "plass"),
        (RuntimeError("Error: 'ret == (size)' failed: write error in x: No space left on device"), "plass"),
        (OSError(30, "Read-only file system"), "skrives til"),
        (PermissionError(13, "Permission denied"), "skrives til"),
        (OSError(5, "Input/output error"), "feil på disken"),
        (ValueError("something else"), ""),
        (RuntimeError("something else"), ""),
    ],
)
def test_what_each_library_says_of_a_disk_is_known(error, said):
    assert said in refused(error) and bool(refused(error)) == bool(said)


@pytest.fixture
def read_only(tmp_path):
    """`read_only(folder)`: makes it so for the rest of the test."""
    bound = []

    def close(folder) -> None:
        if os.geteuid():
            for path in (folder, *folder.rglob("*")):
                path.chmod(0o555 if path.is_dir() else 0o444)
        else:  # whom no mode stops
            command = ["mount", "--bind", str(folder), str(folder)]
            if subprocess.run(command, capture_output=True, check=False).returncode:
                pytest.skip("a disk can't be made read-only here")
            bound.append(folder)
            subprocess.run(["mount", "-o", "remount,bind,ro", str(folder)], check=True)

    yield close
    for folder in bound:
        subprocess.run(["umount", "-l", str(folder)], check=True)  # what reads it has its files mapped
    if os.geteuid():
        for path in (tmp_path, *tmp_path.rglob("*")):
            path.chmod(0o755)


def test_a_read_only_store_answers(index, settings, encoder, read_only, monkeypatch, tmp_path):
    monkeypatch.setattr(encoders, "load", lambda *_: encoder)
    read_only(settings.folders.store)
    found = open_index(settings, model=encoder).search("eldreomsorg").results[0]
    assert found.report.title == "Eldre" and found.passages[0].page == 1
    assert {fault.part for fault in doctor.examine(settings).faults} <= {"dokumenter"}, "these files never were"
    assert backup(Layout.of(settings), tmp_path / "kopi.zip")["reports"] == 5


def test_a_read_only_store_is_not_written(index, writing, read_only, settings):
    read_only(settings.folders.store)
    with pytest.raises((FouError, OSError)) as told, writing():
        pass
    assert "Read-only" in str(told.value) or "skrives" in str(told.value) or "Permission" in str(told.value)
