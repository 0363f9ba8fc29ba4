"""Documents of one's own: what is taken, under which name, and what is refused."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from fou_server import BOMB, pdf, zipped

import whole
from errors import UsageError
from ingest import pipeline
from ingest.sources import folder
from settings import Folders, Limits, load_settings
from upkeep import own
from upkeep.own import Stated

NOTHING = Stated()
TEXT = "Et notat om skolehelsetjenesten i små kommuner.\n".encode()


@pytest.fixture
def here(tmp_path: Path):
    return replace(load_settings(), folders=Folders(tmp_path / "corpus", tmp_path / "store"))


def names(here) -> list[str]:
    return sorted(path.name for path in own.folder(here).iterdir()) if own.folder(here).is_dir() else []


def test_a_document_is_laid_whole_with_what_is_said_of_it(here):
    path = own.add("Årsrapport 2023.PDF", pdf(1), Stated("  Vår\nårsrapport ", 2023), here)
    assert path.read_bytes() == pdf(1) and names(here) == ["arsrapport-2023.json", "arsrapport-2023.pdf"]
    assert json.loads(path.with_suffix(".json").read_text("utf-8")) == {"title": "Vår årsrapport", "year": 2023}
    assert folder.documents([here.folders.corpus]) == [path] == own.documents(here)
    assert pipeline.read(path, here).metadata.title == "Vår årsrapport"


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("../../etc/passwd.txt", "passwd"),
        ("C:\\Users\\kari\\notat.txt", "notat"),
        ("CON.txt", "con-fil"),
        ("entry.txt", "entry-fil"),
        (".skjult.txt", "skjult"),
        ("~$utkast.txt", "utkast"),
        ("a\0b\u202etxt.exe\u0007.txt", "a-b-txt-exe"),
        ("???.txt", "fil"),
        ("x" * 500 + ".txt", "x" * 80),
    ],
)
def test_a_name_from_outside_is_made_safe(here, name, stem):
    path = own.add(name, TEXT, NOTHING, here)
    assert path == own.folder(here) / f"{stem}.txt" and names(here) == [path.name]


def test_two_of_a_name_get_a_number_and_the_same_bytes_are_told_of(here):
    paths = [own.add(name, pdf(n), NOTHING, here) for n, name in enumerate(("a.pdf", "A.pdf", "å.pdf"))]
    paths.append(own.add("a.txt", TEXT, NOTHING, here))  # of which NAME.json would be the same
    assert [path.name for path in paths] == ["a.pdf", "a-2.pdf", "a-3.pdf", "a-4.txt"]
    with pytest.raises(UsageError, match=r"lagt til før, som «a-2\.pdf»"):
        own.add("annet-navn.pdf", pdf(1), NOTHING, here)
    assert len(names(here)) == 4


def test_many_at_once_take_no_name_from_each_other(here):
    with ThreadPoolExecutor(8) as crew:
        paths = list(crew.map(lambda n: own.add("a.pdf", pdf(n), Stated(str(n)), here), range(24)))
    assert len(set(paths)) == 24
    assert all(path.read_bytes() == pdf(n) for n, path in enumerate(paths))
    assert all(json.loads(path.with_suffix(".json").read_text())["title"] == str(n) for n, path in enumerate(paths))


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("a.pdf", b"<!DOCTYPE html><p>Logg inn", "ikke en PDF, som navnet sier, men en nettside"),
        ("a.txt", b"\x7fELF\0\0\0\0" * 9, "noe annet"),
        ("a.docx", zipped({"a.txt": b"hei"}), "men en zip-fil"),
        ("a.docx", BOMB, "pakker ut til mer enn 1 MB"),
        ("a.pdf", b"", "filen er tom"),
        ("a.exe", TEXT, "ikke av en type som kan leses"),
        ("a.pptx", zipped({"ppt/a": b"x"}), "ikke av en type som kan leses"),
        ("a", TEXT, "ikke av en type som kan leses"),
        ("a.pdf", pdf(1) + b" " * 2**20, "over grensen på 1 MB"),
    ],
)
def test_what_cannot_be_read_is_refused_and_leaves_nothing(here, name, data, why):
    here = replace(here, limits=Limits(file_mb=1), fetch=replace(here.fetch, unpacked_mb=1))
    with pytest.raises(UsageError, match=why):
        own.add(name, data, NOTHING, here)
    assert names(here) == []


@pytest.mark.parametrize("stated", [Stated(year=1200), Stated(year=9999), Stated("\ud800")])
def test_what_is_stated_must_be_possible(here, stated):
    with pytest.raises(UsageError):
        own.add("a.txt", TEXT, stated, here)
    assert names(here) == []


def test_a_write_that_fails_leaves_no_part_of_it(here, monkeypatch):
    move = whole.move

    def full(path, to):
        if to.suffix == ".txt":
            raise OSError(28, "No space left on device")
        move(path, to)

    monkeypatch.setattr(whole, "move", full)
    with pytest.raises(OSError, match="No space"):
        own.add("a.txt", TEXT, Stated("Tittel"), here)
    assert names(here) == []


def test_a_document_is_moved_out_with_its_sidecar(here):
    own.add("a.txt", TEXT, Stated("Tittel"), here)
    own.add("b.pdf", pdf(1), NOTHING, here)
    away = own.remove("a.txt", here)
    assert names(here) == ["b.pdf"] and (away / "a.txt").read_bytes() == TEXT and (away / "a.json").is_file()
    assert here.folders.corpus not in away.parents
    for name in ("a.txt", "../corpus/egne/b.pdf", "", ".."):
        with pytest.raises(UsageError, match="ikke blant dine egne"):
            own.remove(name, here)
    assert names(here) == ["b.pdf"]
