"""python -m ingest: run, show and clean, as scripts call them."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from making import scan

ROOT = Path(__file__).parents[2]


def ingest(*args: str, stdin: str = "", check: bool = True) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, "-m", "ingest", *args], cwd=ROOT, input=stdin, capture_output=True, text=True, encoding="utf-8"
    )
    assert not check or done.returncode == 0, done.stderr
    return done


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "inn"
    (folder / "under").mkdir(parents=True)
    (folder / "skole.txt").write_text(
        "Fravær i skolen\n\nFunn\n\nFraværet øker mest på de minste skolene i nord.", encoding="utf-8"
    )
    (folder / "under" / "eldre.html").write_text("<h1>Eldre hjemme</h1><p>De fleste vil bo hjemme lenge.</p>", encoding="utf-8")
    return folder


@pytest.mark.slow
def test_run_adds_keeps_updates_removes_and_lists_what_failed(corpus, tmp_path):
    def run() -> dict:
        return json.loads(ingest("run", str(corpus), "--store", str(tmp_path / "store"), "--json", check=False).stdout)

    def counts(answer: dict) -> tuple[int, ...]:
        return tuple(answer[key] for key in ("added", "updated", "unchanged", "removed"))

    (corpus / "skadet.pdf").write_bytes(b"%PDF-1.4 ikke mer")
    first = run()
    assert counts(first) == (2, 0, 0, 0) and first["reports"] == 2 and first["passages"] >= 2 and first["seconds"] >= 0
    ((failed),) = first["failed"]
    assert failed["path"].endswith("skadet.pdf") and "skadet" in failed["reason"]
    os.remove(corpus / "skadet.pdf")
    assert counts(run()) == (0, 0, 2, 0)
    os.utime(corpus / "skole.txt")
    assert counts(run()) == (0, 1, 1, 0)
    os.remove(corpus / "under" / "eldre.html")
    last = run()
    assert counts(last) == (0, 0, 1, 1) and last["reports"] == 1


@pytest.mark.slow
def test_a_document_that_fails_in_an_unforeseen_way_costs_itself_alone(corpus, tmp_path, monkeypatch):
    import chores
    from ingest import reader
    from ingest.__main__ import ingest as run
    from settings import load_settings

    monkeypatch.setitem(reader.READ, "report", chores.fail_on_eldre)
    answer = run([corpus], load_settings(store=tmp_path / "store"))
    assert answer["added"] == 1 and answer["reports"] == 1
    assert [f["path"].endswith("eldre.html") and "ZeroDivisionError" in f["reason"] for f in answer["failed"]] == [True]


@pytest.mark.slow
def test_what_makes_scans_readable_is_told_once_a_run(corpus, tmp_path):
    for name, pages in (("a", 1), ("b", 2)):
        scan(corpus / f"{name}.pdf", [[(72, 100, "Bare et bilde", 12)]] * pages, dpi=50)
    (tmp_path / "tom").mkdir()
    (tmp_path / "c.toml").write_text('[ocr]\ntessdata = "tom"\n')
    where = ("--config", str(tmp_path / "c.toml"), "--store", str(tmp_path / "store"))
    done = ingest("run", str(corpus), *where, "--json")
    *each, last = json.loads(done.stdout)["notices"]
    assert [Path(notice["path"]).name for notice in each] == ["a.pdf", "b.pdf"]
    assert all("bare bilde" in notice["reason"] and "install" not in notice["reason"] for notice in each)
    assert last["path"] is None and "install" in last["reason"] and "ocr.tessdata" in last["reason"]
    assert done.stderr.count("install") == 1 and done.stderr.count("bare bilde") == 2 and "None" not in done.stderr
    again = ingest("run", str(corpus), *where)
    assert "install" not in again.stderr and "4 uendret" in again.stdout


def test_show_gives_all_parts_of_a_document(corpus):
    shown = json.loads(ingest("show", str(corpus / "skole.txt"), "--json").stdout)
    assert set(shown) == {"metadata", "pages", "sections", "projects", "passages", "edits"}
    assert shown["metadata"]["title"] == "Fravær i skolen"
    assert shown["pages"][0].keys() >= {"number", "raw", "text", "method"}
    assert shown["passages"] == [
        {"text": "Fraværet øker mest på de minste skolene i nord.", "section": "Funn", "first_page": 1, "last_page": 1}
    ]


def test_clean_keeps_lines_and_takes_each_row_by_itself(tmp_path):
    ruined = "For & kunne mgte nye behov ma kommunene finne nye Igsninger pa tvers.\nDe skal ogsa utlgse stgtte og gke farten.\n"
    right = "For å kunne møte nye behov må kommunene finne nye løsninger på tvers.\nDe skal også utløse støtte og øke farten.\n"
    assert ingest("clean", "-", stdin=ruined).stdout == right
    (tmp_path / "a.txt").write_text(ruined, encoding="utf-8")
    assert ingest("clean", str(tmp_path / "a.txt")).stdout == right
    rows = [{"id": "a", "text": ruined}, {"id": "b", "text": "Sound English text stays as it is."}]
    out = ingest("clean", "--jsonl", stdin="\n".join(json.dumps(row) for row in rows)).stdout
    assert [json.loads(line) for line in out.splitlines()] == [{"id": "a", "text": right}, rows[1]]


def test_clean_follows_the_language_that_the_file_beside_states(tmp_path):
    (tmp_path / "a.txt").write_text("Brev fra kommunen pa nytt", encoding="utf-8")
    (tmp_path / "a.html").write_text("<p>Brev fra kommunen pa nytt</p>", encoding="utf-8")
    (tmp_path / "a.json").write_text('{"language": "nn"}', encoding="utf-8")
    for name in ("a.txt", "a.html"):
        assert ingest("clean", str(tmp_path / name)).stdout.strip() == "Brev frå kommunen på nytt"


def test_clean_says_in_one_sentence_what_no_one_foresaw(tmp_path, monkeypatch, capsys):
    import ingest.repair
    from ingest.__main__ import main

    def failing(*_):
        raise ZeroDivisionError("noe ingen tenkte på")

    monkeypatch.setattr(ingest.repair, "repair", failing)
    for name, text in (("a.txt", "Hei"), ("a.jsonl", '{"text": "Hei"}')):
        (tmp_path / name).write_text(text, encoding="utf-8")
        assert main(["clean", str(tmp_path / name), *(["--jsonl"] if name.endswith("l") else [])]) == 1
        assert "kan ikke leses: uventet feil i lesingen (ZeroDivisionError" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("args", "code", "says"),
    [
        (["show", "finnes-ikke.pdf"], 2, "finnes ikke"),
        (["run", "finnes-ikke"], 2, "finnes ikke"),
        (["clean", "finnes-ikke.txt"], 2, "kan ikke åpnes"),
        (["run", "--config", "finnes-ikke.toml"], 2, "finnes-ikke.toml"),
        (["rydd"], 2, "rydd"),
    ],
)
def test_wrong_use_is_one_sentence_and_exit_code_2(args, code, says, tmp_path):
    done = ingest(*args, *(["--store", str(tmp_path)] if args[0] == "run" else []), check=False)
    assert done.returncode == code and says in done.stderr and "Traceback" not in done.stderr


def test_a_row_that_is_no_row_is_named_by_its_line():
    assert ingest("clean", "--jsonl", stdin=json.dumps({"id": 1, "text": "a\u0085b\u2028c"}, ensure_ascii=False)).returncode == 0
    done = ingest("clean", "--jsonl", stdin='{"id": 1, "text": "a"}\nikke json\n', check=False)
    assert done.returncode == 1 and "linje 2" in done.stderr


@pytest.mark.parametrize("args", [["--help"], ["run", "--help"], ["show", "--help"], ["clean", "--help"]])
def test_help_is_there(args):
    assert "usage" in ingest(*args).stdout
