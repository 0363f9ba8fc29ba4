"""The command line as its users meet it: help, exit codes, one clear sentence for each mistake."""

import argparse
import json
import subprocess
import sys
import time
from pathlib import Path

import pytest
import rispy
from openpyxl import load_workbook

from cli import years
from errors import FouError, UsageError
from index import __main__ as command
from index.lists import Lists
from index.records import ReportCard
from index.references import FORMATS, Quote, references

ROOT = Path(__file__).resolve().parents[2]


def run(*args: str) -> subprocess.CompletedProcess:
    return subprocess.run([sys.executable, "-m", "index", *args], cwd=ROOT, capture_output=True, text=True, timeout=120)


@pytest.mark.parametrize("args", [["--help"], *([name, "--help"] for name in ("search", "related", "matrix", "export", "eval"))])
def test_help_is_quick(args):
    started = time.perf_counter()
    done = run(*args)
    assert done.returncode == 0 and "python -m index" in done.stdout
    assert time.perf_counter() - started < 5  # a second on a machine that does nothing else


@pytest.mark.parametrize(
    ("args", "said"),
    [
        ([], "KOMMANDO"),
        (["search"], "QUERY"),
        (["search", " "], "tomt"),
        (["search", "x", "--finnes-ikke"], "kjenner ikke --finnes-ikke"),
        (["search", "x", "--words-only", "--vectors-only"], "kan ikke brukes sammen med"),
        (["search", "x", "-k", "0"], "antall"),
        (["search", "x", "--year", "nittifem"], "2015-2024"),
        (["search", "x", "--year", "2024-2015"], "slutter før"),
        (["search", "x", "--weight", "2"], "0 til 1"),
        (["eval", "no/such/folder"], "corpus.jsonl"),
        (["matrix", "no/such/file"], "ett spørsmål på hver linje"),
        (["export", "--format", "ris"], "--list"),
        (["export", "x", "--format", "xlsx"], "--out"),
        (["export", "x", "--format", "word"], "bibtex"),
    ],
)
def test_wrong_use_exits_2(args, said, tmp_path):
    done = run(*args, *(["--store", str(tmp_path)] if args else []))
    assert done.returncode == 2 and said in done.stderr and not done.stdout
    assert done.stderr.count("\n") == 1 and done.stderr.startswith("python -m index"), "one line, in Norwegian, with what to do"


@pytest.mark.parametrize("args", [["search", "noe"], ["related", "noe"], ["export", "noe", "--format", "ris"]])
def test_a_failed_task_exits_1_with_the_remedy(args, tmp_path):
    done = run(*args, "--store", str(tmp_path))
    assert done.returncode == 1
    assert "python -m ingest run" in done.stderr and len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("text", "span"), [("2015-2024", (2015, 2024)), ("2015-", (2015, None)), ("-2024", (None, 2024)), ("2015", (2015, 2015))]
)
def test_years(text, span):
    assert years(text) == span


@pytest.mark.parametrize("text", ["", "-", "15-24", "20152024", "2015-2016-2017"])
def test_years_that_are_none(text):
    with pytest.raises(argparse.ArgumentTypeError):
        years(text)


def test_search_and_related_as_json(index, monkeypatch, capsys):
    monkeypatch.setattr("index.search.open_index", lambda settings: index)
    assert main("search", "fravær på skolen", "-k", "2", "--year", "2020-", "--json") == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["results"][0]["report"]["title"] == "Skole" and len(answer["results"]) == 2
    assert main("related", "eldre", "--json") == 0
    related = json.loads(capsys.readouterr().out)
    assert set(related) == {"report", "related"} and set(related["related"][0]) == {"report", "score", "reason", "passage"}
    assert set(related["related"][0]["report"]) <= set(ReportCard.__dataclass_fields__)


def test_search_and_related_to_be_read(index, monkeypatch, capsys):
    monkeypatch.setattr("index.search.open_index", lambda settings: index)
    assert main("search", "sykepleeire om natten", "--lang", "nb") == 0
    shown = capsys.readouterr().out
    assert shown.startswith("Viser treff for: sykepleiere om natten") and "s. 3: Prosjektet ser på sykepleiere" in shown
    assert main("search", "sykepleeire om natten", "--verbatim") == 0
    assert capsys.readouterr().out.startswith("Mente du: sykepleiere om natten")
    assert main("related", "eldre") == 0
    assert "Begge har temaet «Helse»" in capsys.readouterr().out


def test_export_of_reports_and_of_a_list(index, monkeypatch, capsys, tmp_path):
    monkeypatch.setattr("index.search.open_index", lambda settings: index)
    assert main("export", "eldre", "skole.pdf", "--format", "ris") == 0
    assert [one["title"] for one in rispy.loads(capsys.readouterr().out)] == ["Eldre", "Skole"]
    out = tmp_path / "liste.xlsx"
    assert main("export", "eldre", "--format", "xlsx", "--out", str(out)) == 0
    assert load_workbook(out).active["A2"].value == "Eldre"
    lists = Lists.of(index.snapshot.layout)
    (eldre,) = references(index.snapshot, [index.resolve("eldre")])
    lists.add("Kapittel 2", eldre, Quote("Et sitat", 1, 1))
    assert main("export", "skole", "--list", "kapittel 2", "--format", "csl") == 0
    first, second = json.loads(capsys.readouterr().out)
    assert (first["title"], second["title"], second["note"]) == ("Skole", "Eldre", "s. 1: Et sitat")
    assert main("export", "eldre", "--format", "apa") == 0
    assert capsys.readouterr().out == "Fafo. (2019). Eldre (R-12).\n"
    assert tuple(FORMATS) == command.FORMATS
    for args, said in ((["finnesikke"], "Fant ingen rapport «finnesikke»"), (["--list", "Kapitel"], "«Kapittel 2»")):
        with pytest.raises(FouError, match=said):
            main("export", *args, "--format", "apa")


def test_matrix_as_json_to_be_read_and_as_a_file(index, monkeypatch, capsys, tmp_path):
    monkeypatch.setattr("index.search.open_index", lambda settings: index)
    questions = tmp_path / "spm.txt"
    questions.write_text("fravær på skolen\nsykepleiere om natten\n", encoding="utf-8")
    out = tmp_path / "m.xlsx"
    assert main("matrix", str(questions), "--year", "2020-", "--json", "--xlsx", str(out)) == 0
    told = json.loads(capsys.readouterr().out)
    assert set(told) >= {"questions", "reports", "counts"} and {r["report"]["year"] for r in told["reports"]} == {2022, 2024}
    assert load_workbook(out)["Matrise"].max_row == 2 + len(told["reports"])
    assert main("matrix", str(questions), "--words-only") == 0
    assert capsys.readouterr().out.splitlines()[0].split() == ["1", "av", "5", "fravær", "på", "skolen"]
    with pytest.raises(UsageError, match="Finnesikke"):
        main("matrix", str(questions), "--theme", "Finnesikke")


def main(*args: str) -> int:
    return command.run(command.make_parser().parse_args(args))


@pytest.mark.parametrize(("option", "value"), [("--theme", "Finnesikke"), ("--body", "X"), ("--lang", "xx")])
def test_a_filter_that_no_report_has_is_told(index, monkeypatch, option, value):
    monkeypatch.setattr("index.search.open_index", lambda settings: index)
    with pytest.raises(UsageError, match=value):
        command.run(command.make_parser().parse_args(["search", "hei", option, value]))


def test_a_store_that_is_a_file_is_one_sentence(tmp_path):
    (tmp_path / "fil").write_text("x")
    done = run("search", "hei", "--words-only", "--store", str(tmp_path / "fil"))
    assert done.returncode == 1 and "Traceback" not in done.stderr and len(done.stderr.splitlines()) == 1


def test_a_draft_that_cant_be_read_is_named_with_the_remedy(tmp_path):
    draft = tmp_path / "utkast.docx"
    draft.write_bytes(b"PK\x03\x04 not a document")
    done = run("overlap", str(draft), "--store", str(tmp_path))
    assert done.returncode == 1 and done.stderr.startswith("python -m index: «utkast.docx» kan ikke leses (")
    assert "lagre utkastet som tekst" in done.stderr and "Traceback" not in done.stderr
