"""A backup has all that answers, is taken while others read and write, and comes back whole or not at all."""

import json
import zipfile

import pytest
from indexed import ELDRE, a_report

import audit
from errors import FouError, UsageError
from index import backup as copies
from index import catalog
from index.backup import backup, restore
from index.layout import Layout
from index.lists import Lists


@pytest.fixture
def layout(index, settings) -> Layout:
    layout = Layout.of(settings)
    Lists.of(layout).create("Mine", "de beste")
    (layout.root / "fetch").mkdir()
    (layout.root / "fetch" / "ks.json").write_text('{"at": "2024"}')
    return layout


def titles(index) -> set[str]:
    return {card.title for card in index.cards()}


def test_what_was_there_comes_back(layout, writing, opening, tmp_path):
    before = titles(opening())
    told = backup(layout, tmp_path / "kopi.zip")
    assert (told["reports"], told["bytes"]) == (5, (tmp_path / "kopi.zip").stat().st_size)
    with writing() as store:
        store.put(a_report("ny", "Noe nytt om fjorder."), "corpus/ks/ny.pdf", "1")
        store.retire("corpus/ks/eldre.pdf")
        store.build()
    Lists.of(layout).delete("Mine")
    reader = opening()
    assert "Ny" in titles(reader)
    restore(layout, tmp_path / "kopi.zip")
    assert reader.refresh(), "an app that is running sees it"
    assert titles(reader) == before
    assert reader.search("eldreomsorg").results[0].report.title == "Eldre"
    assert Lists.of(layout).names() == [("Mine", 0)]
    assert (layout.root / "fetch" / "ks.json").read_text() == '{"at": "2024"}'
    with writing() as store:
        assert set(store.state()) == {"corpus/ks/eldre.pdf", "corpus/ks/skole.pdf", "corpus/kudos/plan.pdf"}
        assert not store.build().built, "nothing has to be made again"


def test_the_trail_of_changes_goes_on_through_a_restore_and_its_key_is_in_no_copy(layout, tmp_path):
    with audit.change(layout.root, "before"):
        pass
    audit.code(layout.root, "kari@kommune.no")  # which makes the key
    backup(layout, tmp_path / "kopi.zip")
    with audit.change(layout.root, "after"):
        pass
    trail = audit.path(layout.root).read_bytes()
    restore(layout, tmp_path / "kopi.zip")
    assert audit.path(layout.root).read_bytes() == trail
    assert not [name for name in zipfile.ZipFile(tmp_path / "kopi.zip").namelist() if name.startswith("rest/log")]


def test_a_new_machine_gets_all_of_it(layout, settings, opening, tmp_path):
    backup(layout, tmp_path / "kopi.zip")
    there = Layout(tmp_path / "annet", layout.models)
    there.root.mkdir()
    restore(there, tmp_path / "kopi.zip")
    from index.search import open_index

    assert titles(open_index(settings, there, opening()._model)) == titles(opening())


def test_a_reader_of_the_old_store_is_never_given_rows_of_the_new(layout, writing, opening, tmp_path):
    with writing() as store:
        store.put(a_report("ny", "Noe nytt om fjorder og øyer."), "corpus/ks/ny.pdf", "1")
        store.build()
    backup(layout, tmp_path / "kopi.zip")
    old = opening()
    restore(layout, tmp_path / "kopi.zip")
    with pytest.raises(FouError, match="prøv igjen"):
        old.search("fjorder")
    assert old.refresh() and old.search("fjorder").results[0].report.title == "Ny"


def test_what_was_waiting_for_its_build_still_waits(layout, writing, opening, tmp_path):
    with writing() as store:
        store.put(a_report("ny", "Noe nytt om fjorder."), "corpus/ks/ny.pdf", "1")
        store.retire("corpus/ks/eldre.pdf")
        backup(layout, tmp_path / "kopi.zip")  # while another writes
    restore(layout, tmp_path / "kopi.zip")
    assert "Ny" not in titles(opening()) and "Eldre" in titles(opening())
    with writing() as store:
        assert store.build().built
    assert "Ny" in titles(opening()) and "Eldre" not in titles(opening())


def test_a_writer_that_switches_meanwhile_costs_a_try(layout, writing, opening, tmp_path, monkeypatch):
    copied, runs = copies._copy_database, []

    def late(db, to):
        if to.name == "catalog.sqlite" and len(runs) < 2:
            for _ in range(2):  # one turn more than the rows of a generation stay
                runs.append(len(runs))
                with writing() as store:
                    store.put(a_report("eldre", f"{ELDRE} Utgave {len(runs)}."), "corpus/ks/eldre.pdf", f"v{len(runs)}")
                    store.build()
        copied(db, to)

    monkeypatch.setattr(copies, "_copy_database", late)
    backup(layout, tmp_path / "kopi.zip")
    monkeypatch.undo()
    restore(layout, tmp_path / "kopi.zip")
    assert "Utgave 2" in opening().search("eldreomsorg").results[0].passages[0].text


def changed(path, name, change) -> None:
    with zipfile.ZipFile(path) as packed:
        files = {entry: packed.read(entry) for entry in packed.namelist()}
    files[name] = change(files[name])
    with zipfile.ZipFile(path, "w") as packed:
        for entry, data in files.items():
            packed.writestr(entry, data)


def outside(data: bytes) -> bytes:
    told = json.loads(data)
    told["files"]["../../utenfor"] = told["files"].pop("lists.sqlite")
    return json.dumps(told).encode()


@pytest.mark.parametrize(
    "spoil",
    [
        lambda path: path.write_bytes(b"no zip"),
        lambda path: path.write_bytes(path.read_bytes()[:-5000]),
        lambda path: changed(path, "catalog.sqlite", lambda data: data[:-1] + b"x"),
        lambda path: changed(path, "catalog.sqlite", lambda data: data + b"\0" * 10_000_000),
        lambda path: changed(path, copies.CONTENTS, lambda data: b"{}"),
        lambda path: changed(path, copies.CONTENTS, lambda data: b"[" * 100_000),
        lambda path: changed(path, copies.CONTENTS, lambda data: data.replace(b'"format": 1', b'"format": 2')),
        lambda path: changed(path, copies.CONTENTS, outside),
    ],
    ids=["no-zip", "cut", "changed", "blown-up", "empty", "nested", "newer", "outside"],
)
def test_a_backup_that_is_not_whole_changes_nothing(layout, opening, tmp_path, spoil):
    path = tmp_path / "kopi.zip"
    backup(layout, path)
    spoil(path)
    reader = opening()
    with pytest.raises(FouError):
        restore(layout, path)
    assert not reader.refresh() and reader.search("eldreomsorg").results
    assert not list(layout.root.glob(".restoring-*"))
    assert not list(tmp_path.rglob("utenfor"))


def test_wrong_use_is_one_sentence(layout, settings, tmp_path):
    for to in (tmp_path, tmp_path / "no" / "such" / "kopi.zip"):
        with pytest.raises(UsageError):
            backup(layout, to)
    with pytest.raises(UsageError, match="Fant ikke"):
        restore(layout, tmp_path / "no.zip")
    with pytest.raises(FouError, match="ingest run"):
        backup(Layout(tmp_path / "tom", layout.models), tmp_path / "kopi.zip")
    assert list(tmp_path.glob(".*kopi*")) == []


def test_a_full_disk_while_restoring_leaves_all_as_it_was(layout, opening, tmp_path, monkeypatch):
    backup(layout, tmp_path / "kopi.zip")
    monkeypatch.setattr(copies.shutil, "disk_usage", lambda _: type("Usage", (), {"free": 10})())
    with pytest.raises(FouError, match="ikke plass"):
        restore(layout, tmp_path / "kopi.zip")
    assert opening().search("eldreomsorg").results
    with catalog.reading(layout.catalog) as db:
        assert db.execute("SELECT count(*) FROM documents").fetchone()[0] == 3
