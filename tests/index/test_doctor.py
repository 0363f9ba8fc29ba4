"""The doctor finds each kind of damage, says what to do, and mends what can be mended; what is whole stays as it is."""

import os
import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace

import numpy as np
import pytest
from indexed import ELDRE, NATUR, SKOLE, a_report

from errors import FouError
from index import catalog, doctor
from index import encoder as encoders
from index.layout import Layout
from index.lists import Lists
from index.store import Store
from whole import PART, sha256

TEXTS = {"eldre": ELDRE, "skole": SKOLE, "natur": NATUR}


@pytest.fixture
def sick(settings, encoder, monkeypatch, tmp_path):
    """A store of three documents whose files are there, with the doctor's own hands: `examine`, `repair`, `layout`."""
    corpus = tmp_path / "corpus"
    settings = replace(settings, root=tmp_path, folders=replace(settings.folders, corpus=corpus))
    monkeypatch.setattr(encoders, "load", lambda *_: encoder)
    corpus.mkdir()

    def take_in(paths=()):
        with Store.open_for_writing(settings, model=encoder) as store:
            state = store.state()
            for name, text in TEXTS.items():
                path = corpus / f"{name}.pdf"
                if path.is_file() and state.get(store.name(path)) != "1":
                    store.put(replace(a_report(name, text), sha256=sha256(path)), path, "1")
            store.build()

    for name in TEXTS:
        (corpus / f"{name}.pdf").write_text(name)
    take_in()

    class Sick:
        layout = Layout.of(settings)
        folder = corpus

        def db(self):
            return closing(sqlite3.connect(self.layout.catalog, isolation_level=None))

        def generation(self):
            return self.layout.generation(self.layout.current())

        examine = staticmethod(lambda: doctor.examine(settings))
        repair = staticmethod(lambda: doctor.repair(settings, take_in))
        ingest = staticmethod(take_in)

    return Sick()


def test_a_sound_store_is_sound_and_is_left_as_it_is(sick):
    def files():
        kept = (path for path in sick.layout.root.rglob("*") if path.is_file() and not path.name.endswith(("-shm", "-wal")))
        return {path: sha256(path) for path in kept}

    before = files()
    found = sick.examine()
    assert found.sound and not found.faults
    assert found.checked == {"documents": 3, "passages": 3, "vectors": 3, "files": 3}
    assert files() == before


def test_no_store_is_said_so(settings):
    with pytest.raises(FouError, match="ingen base"):
        doctor.examine(settings)


STATEMENTS = {
    "lose_vectors": "DELETE FROM vectors",
    "shorten_a_vector": "UPDATE vectors SET vector = substr(vector, 1, 100) WHERE hash = (SELECT min(hash) FROM vectors)",
    "lose_a_page": "DELETE FROM pages WHERE document = (SELECT min(id) FROM documents)",
    "lose_a_report": "DELETE FROM reports WHERE id = (SELECT max(id) FROM reports)",
    "stray_passages": "DELETE FROM documents WHERE id = (SELECT min(id) FROM documents)",
    "garble_the_pieces": "UPDATE passages SET pieces = x'00ff' WHERE id = (SELECT min(id) FROM passages)",
    "lose_a_passage": "DELETE FROM passages WHERE id = (SELECT max(id) FROM passages)",
    "another_catalog": "UPDATE state SET value = 'another' WHERE key = 'store'",
}
"""Damage to the rows of a catalog that is itself whole."""


def by(name):
    def damage(sick):
        with sick.db() as db:
            db.execute(STATEMENTS[name])

    damage.__name__ = name
    return damage


def damage_catalog(sick):
    path = sick.layout.catalog
    with sick.db() as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        (size,) = db.execute("PRAGMA page_size").fetchone()
        root = db.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'passages'").fetchone()[0]
    with path.open("r+b") as file:
        file.seek((root - 1) * size)
        file.write(os.urandom(size))


def lose_catalog(sick):
    for path in sick.layout.root.glob("catalog.sqlite*"):
        path.unlink()


def truncate_catalog(sick):
    with sick.db() as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    os.truncate(sick.layout.catalog, sick.layout.catalog.stat().st_size // 2)


def no_catalog_at_all(sick):
    lose_catalog(sick)
    sick.layout.catalog.write_bytes(b"something else entirely, and longer than a header of SQLite would be" * 20)


def spoil_a_vector(sick):
    with sick.db() as db:
        (h, vector) = db.execute("SELECT hash, vector FROM vectors LIMIT 1").fetchone()
        spoilt = np.frombuffer(vector, np.float32) * 3
        db.execute("UPDATE vectors SET vector = ? WHERE hash = ?", (spoilt.tobytes(), h))


def lose_the_generations(sick):
    shutil.rmtree(sick.layout.generations)


def lose_the_pointer(sick):
    sick.layout.pointer.unlink()


def garble_the_pointer(sick):
    sick.layout.pointer.write_bytes(b"\0\0")


def flip_a_bit(name):
    def damage(sick):
        path = sick.generation() / name
        data = bytearray(path.read_bytes())
        data[-5] ^= 4
        path.write_bytes(data)

    damage.__name__ = f"flip_a_bit_in_{name}"
    return damage


def lose_words(sick):
    shutil.rmtree(sick.generation() / "words")


DAMAGE = [
    *map(by, STATEMENTS), damage_catalog, lose_catalog, truncate_catalog, no_catalog_at_all, spoil_a_vector,
    lose_the_generations, lose_the_pointer, garble_the_pointer,
    flip_a_bit("vectors.faiss"), flip_a_bit("passages.npy"), flip_a_bit("sentences.npy"), lose_words,
]  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGE, ids=lambda f: f.__name__)
def test_each_damage_is_found_and_mended(sick, opening, damage):
    damage(sick)
    found = sick.examine()
    assert not found.sound
    assert all(fault.what and fault.remedy for fault in found.faults)
    before, after = sick.repair()
    assert not before.sound
    assert not after.faults, [fault.what for fault in after.faults]
    assert {card.title for card in opening().cards()} == {"Eldre", "Skole", "Natur"}
    assert opening().search("fravær på skolen").results[0].report.title == "Skole"


def test_vectors_outlast_a_damaged_catalog(sick, encoder):
    asked = len(encoder.asked)
    damage_catalog(sick)
    sick.repair()
    assert len(encoder.asked) == asked, "what took long to compute was saved"
    assert list(sick.layout.root.glob("catalog.sqlite.skadet-*")), "and nothing was thrown away"


def test_remains_take_room_and_are_removed(sick):
    (sick.layout.generations / ".making-x").mkdir()
    (sick.layout.generations / "99").mkdir()
    (sick.layout.root / f"{PART}x").write_text("half a file")
    found = sick.examine()
    assert found.sound and [fault.part for fault in found.faults] == ["rester"]
    _, after = sick.repair()
    assert not after.faults
    assert sorted(p.name for p in sick.layout.generations.iterdir()) == ["1"]
    assert not list(sick.layout.root.glob(f"{PART}*"))


def test_files_that_are_gone_or_changed_are_named(sick):
    (sick.folder / "eldre.pdf").unlink()
    (sick.folder / "skole.pdf").write_text("another")
    found = sick.examine()
    assert found.sound, "the store itself is whole"
    assert {(fault.path, "borte" in fault.what) for fault in found.faults} == {
        ("corpus/eldre.pdf", True),
        ("corpus/skole.pdf", False),
    }
    _, after = sick.repair()
    assert [fault.path for fault in after.faults] == ["corpus/eldre.pdf"], "only its owner can bring it back"


def test_what_was_read_and_not_built_waits(sick, settings, encoder):
    with Store.open_for_writing(replace(settings, root=sick.folder.parent), model=encoder) as store:
        store.put(replace(a_report("ny", "Noe nytt om fjorder."), sha256="x"), sick.folder / "ny.pdf", "1")
    waiting = [fault for fault in sick.examine().faults if fault.part == "indeks"]
    assert [fault.serious for fault in waiting] == [False]
    assert "ikke søkbare ennå" in waiting[0].what


def test_a_damaged_file_of_lists_is_set_aside(sick):
    Lists.of(sick.layout).create("Mine")
    sick.layout.lists.write_bytes(b"no database at all" * 100)
    assert [fault.part for fault in sick.examine().faults] == ["lister"]
    _, after = sick.repair()
    assert not after.faults
    assert Lists.of(sick.layout).names() == []
    assert len(list(sick.layout.root.glob("lists.sqlite.skadet-*"))) == 1


def test_repair_waits_for_no_writer(sick, settings, encoder):
    with Store.open_for_writing(settings, model=encoder), pytest.raises(FouError, match="En annen kjøring"):
        sick.repair()


@pytest.mark.parametrize("damage", [lose_words, lose_the_generations, lose_the_pointer, by("another_catalog")], ids=lambda f: f.__name__)
def test_the_next_run_heals_what_is_half_done_without_being_asked(sick, opening, damage):
    damage(sick)
    sick.ingest()
    assert sick.examine().sound
    assert opening().search("fravær på skolen").results[0].report.title == "Skole"


def test_an_older_catalog_is_brought_up_and_not_set_aside(sick):
    with sick.db() as db:
        db.execute(f"PRAGMA user_version = {catalog.SCHEMA_VERSION - 1}")
    assert "eldre utgave" in sick.examine().faults[0].what
    _, after = sick.repair()
    assert not after.faults
    assert not list(sick.layout.root.glob("*.skadet-*"))
