"""The trail of changes: a line each, whole, whoever writes; and nobody's name in it."""

import json
import stat
import subprocess
import sys

import pytest

import audit
from index.lists import Lists
from index.lists.saved import Saved
from index.references import Reference
from settings import ROOT


def test_a_line_says_when_who_what_and_how_it_ended(tmp_path):
    with audit.change(tmp_path, "fetch", source="ks") as facts:
        facts["fetched"] = 3
    for error, ended in ((OSError(28, "Kari"), "failed: OSError"), (KeyboardInterrupt(), "stopped")):
        with pytest.raises(type(error)), audit.change(tmp_path, "restore"):
            raise error
        assert [*audit.lines(tmp_path)][-1]["ended"] == ended
    first = next(audit.lines(tmp_path))
    assert first | {"at": ""} == {"at": "", "who": "cli", "what": "fetch", "ended": "ok", "source": "ks", "fetched": 3}
    assert len(first["at"]) == 20 and first["at"].endswith("Z") and "Kari" not in audit.path(tmp_path).read_text()
    assert stat.S_IMODE(audit.path(tmp_path).stat().st_mode) == 0o600


def test_many_processes_write_whole_lines(tmp_path):
    code = (
        "import sys, pathlib, audit\nfor n in range(50):\n  with audit.change(pathlib.Path(sys.argv[1]), 'x' * 2000, n=n): pass"
    )
    at_work = [subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], cwd=ROOT) for _ in range(3)]
    assert [process.wait() for process in at_work] == [0, 0, 0]
    assert len([json.loads(line) for line in audit.path(tmp_path).read_text().splitlines()]) == 150


def test_half_a_line_hides_no_other(tmp_path):
    with audit.change(tmp_path, "a"):
        pass
    with audit.path(tmp_path).open("ab") as file:
        file.write(b'{"at": "2026\xff')
    with audit.change(tmp_path, "b"):
        pass
    assert [line["what"] for line in audit.lines(tmp_path)] == ["a", "b"]


def test_a_trail_that_cannot_be_written_stops_nothing(tmp_path):
    (tmp_path / "log").write_text("in the way")
    with audit.change(tmp_path, "fetch") as facts:
        facts["fetched"] = 1


def test_who_has_signed_in_stands_by_a_code_that_only_this_store_can_tell(tmp_path, monkeypatch):
    here, there = tmp_path / "a", tmp_path / "b"
    monkeypatch.setattr(audit, "_asked", lambda: f"editor:{audit.code(here, 'Kari@kommune.no')}")
    with audit.change(here, "document.add"):
        pass
    monkeypatch.setattr(audit, "_asked", lambda: None)
    monkeypatch.setenv(audit.WHO, "local")
    with audit.change(here, "run"):
        pass
    assert [line["what"] for line in audit.lines(here, by="kari@kommune.no")] == ["document.add"]
    assert [line["what"] for line in audit.lines(here, by="local")] == ["run"]
    assert not [*audit.lines(here, by="ola@kommune.no")] and not [*audit.lines(here, since="2999")]
    assert "kari" not in audit.path(here).read_text().casefold()
    assert audit.code(here, "kari@kommune.no") != audit.code(there, "kari@kommune.no")


def test_lists_leave_a_trail_of_numbers_and_no_names(tmp_path):
    lists = Lists(tmp_path / "lists.sqlite")
    lists.create("Saken mot Kari")
    item = lists.add("Saken mot Kari", Reference("a", "Tittel"))
    lists.comment("Saken mot Kari", item, "hemmelig")
    lists.delete("Saken mot Kari")
    with pytest.raises(Exception, match="ingen liste"):
        lists.delete("Saken mot Kari")
    told = [(line["what"], line.get("list"), line["ended"]) for line in audit.lines(tmp_path)]
    assert told == [
        ("list.create", 1, "ok"), ("list.add", 1, "ok"), ("list.comment", 1, "ok"), ("list.delete", 1, "ok"),
        ("list.delete", None, "failed: FouError"),
    ]  # fmt: skip
    with pytest.raises(Exception, match="nummer 7"):
        Saved(lists.path).remove(7)
    assert [*audit.lines(tmp_path)][-1]["what"] == "question.remove"
    text = audit.path(tmp_path).read_text()
    assert "Kari" not in text and "hemmelig" not in text and "Tittel" not in text
