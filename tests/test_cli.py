"""What both command lines share: exit codes, messages, JSON, the progress bar."""

import json
import os
import re
import subprocess
import sys

import pytest

import cli
from errors import FouError, UsageError
from settings import ROOT


def with_search():
    parser = cli.parser("fou", "Søker.")
    sub = parser.add_subparsers(required=True).add_parser("search")
    cli.add_common(sub, json=True)
    return parser


def raising(error):
    def run(args):
        raise error

    return run


def test_common_options_come_after_the_subcommand(tmp_path):
    seen = []
    argv = ["search", "--store", str(tmp_path), "--json", "--config", "a.toml"]
    assert cli.main(lambda args: seen.append(args) or 0, with_search(), argv) == 0
    assert (str(seen[0].store), str(seen[0].config), seen[0].json) == (str(tmp_path), "a.toml", True)


@pytest.mark.parametrize(("error", "code"), [(FouError("Det gikk\nikke."), 1), (UsageError("Feil bruk."), 2)])
def test_an_error_is_one_line_and_an_exit_code(capsys, error, code):
    assert cli.main(raising(error), with_search(), ["search"]) == code
    out, err = capsys.readouterr()
    assert out == ""
    assert err == f"fou: {' '.join(str(error).split())}\n"


def test_a_stop_by_the_user(capsys):
    assert cli.main(raising(KeyboardInterrupt()), with_search(), ["search"]) == 130
    assert "Traceback" not in capsys.readouterr().err


def buggy(args):
    question = "hvem varslet om Kari Nordmann?"
    try:
        open("/finnes/ikke/Kari Nordmann.pdf")
    except OSError as error:
        raise ZeroDivisionError(f"fant ikke svar på «{question}»") from error


def test_a_bug_is_one_sentence_with_an_id_that_the_log_explains(capsys, tmp_path):
    assert cli.main(buggy, with_search(), ["search", "--store", str(tmp_path)]) == 1
    err = capsys.readouterr().err
    number = re.fullmatch(r"fou: Uventet feil \(id ([0-9a-f]{6})\); se log/fou-sok.log i store-mappa, eller .*--debug\n", err)[1]
    log = (tmp_path / "log" / "fou-sok.log").read_text()
    assert number in log and "ZeroDivisionError" in log and "FileNotFoundError (errno 2, " in log
    assert "tests/test_cli.py" in log and "raise ZeroDivisionError(" in log and str(ROOT) not in log
    assert "varslet om" not in log and "Kari Nordmann?" not in log, "code, and never a value"


def test_debug_tells_where_as_well(capsys, tmp_path):
    for wrong in (buggy, raising(FouError("Det gikk ikke.")), raising(OSError(28, "full"))):
        assert cli.main(wrong, with_search(), ["search", "--store", str(tmp_path), "--debug"]) == 1
        err = capsys.readouterr().err
        assert "Traceback" in err and err.splitlines()[-1].startswith("fou: ")


def test_a_log_that_cannot_be_written_hides_nothing(capsys, tmp_path):
    (tmp_path / "log").write_text("in the way")
    assert cli.main(buggy, with_search(), ["search", "--store", str(tmp_path)]) == 1
    assert re.fullmatch(r"fou: Uventet feil \(id [0-9a-f]{6}\); kjør igjen med --debug\n", capsys.readouterr().err)


@pytest.mark.parametrize("argv", [[], ["finn"], ["search", "--nope"], ["search", "--conf", "a.toml"]])
def test_wrong_arguments_end_in_2(argv, capsys):
    with pytest.raises(SystemExit) as stop:
        cli.main(lambda args: 0, with_search(), argv)
    assert stop.value.code == 2
    assert "fou" in capsys.readouterr().err


def test_json_keeps_norwegian_letters(capsys):
    cli.print_json({"spørsmål": ["å eldes"]})
    out = capsys.readouterr().out
    assert "spørsmål" in out and "å eldes" in out
    assert json.loads(out) == {"spørsmål": ["å eldes"]}


def test_letters_reach_a_terminal_of_another_code_page():
    code = "import cli; p = cli.parser('fou', ''); cli.main(lambda a: print('blåbærøl') or 0, p, [])"
    env = dict(os.environ, PYTHONIOENCODING="latin-1", PYTHONPATH=str(ROOT))
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, check=True)
    assert done.stdout.decode("utf-8").strip() == "blåbærøl"


def test_a_reader_that_has_had_enough():
    code = "import cli; p = cli.parser('fou', ''); raise SystemExit(cli.main(lambda a: print('linje\\n' * 100000) or 0, p, []))"
    env = dict(os.environ, PYTHONPATH=str(ROOT))
    with subprocess.Popen([sys.executable, "-c", code], env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdout.readline()
        process.stdout.close()
        errors = process.stderr.read()
    assert errors == b""


def test_the_bar_shows_only_where_someone_looks(capsys):
    with cli.progress(2, "Leser") as step:
        step(1)
    assert capsys.readouterr().err == ""
    with cli.progress(2, "Leser", force=True) as step:
        step(1)
        step()
    assert "Leser" in capsys.readouterr().err


def test_progress_as_lines_for_other_programs(capsys, monkeypatch):
    monkeypatch.setattr(cli, "OFTEN", 0)

    def run(args):
        with cli.progress(3, "Leser «æ»") as step:
            step(1)
            step(2)
        return 0

    assert cli.main(run, with_search(), ["search", "--progress", "json"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert lines == [{"progress": "Leser «æ»", "done": n, "total": 3} for n in (0, 1, 3)]
    assert cli.main(run, with_search(), ["search"]) == 0
    assert capsys.readouterr().err == "", "the next run tells nothing unasked"


def test_lines_of_progress_are_not_many(capsys):
    def run(args):
        with cli.progress(1000, "Leser") as step:
            for _ in range(1000):
                step(1)
        return 0

    cli.main(run, with_search(), ["search", "--progress", "json"])
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) < 10 and json.loads(lines[-1])["done"] == 1000
