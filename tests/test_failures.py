"""The log of what went wrong: it rotates, several processes may write it, and no value ever comes into it."""

import subprocess
import sys

import pytest

import failures
from settings import ROOT


def wrong(message: str = "") -> Exception:
    try:
        raise ValueError(message)
    except ValueError as error:
        return error


def test_it_begins_anew_when_it_is_full_and_keeps_so_many(tmp_path, monkeypatch):
    monkeypatch.setattr(failures, "LARGEST", 2000)
    ids = [failures.keep(wrong(), tmp_path, "app")[0] for _ in range(100)]
    files = sorted(path.name for path in (tmp_path / "log").glob("fou-sok.log*"))
    assert files == ["fou-sok.log", *(f"fou-sok.log.{n}" for n in range(1, failures.KEPT + 1))]
    assert all((tmp_path / "log" / name).stat().st_size <= 2000 for name in files)
    assert ids[-1] in failures.path(tmp_path).read_text() and ids[0] not in failures.path(tmp_path).read_text()


def test_many_processes_lose_nothing(tmp_path):
    code = (
        "import sys, pathlib, failures\nfailures.LARGEST, failures.KEPT = 3000, 1000\n"
        "try: 1 / 0\nexcept ZeroDivisionError as e: [print(failures.keep(e, pathlib.Path(sys.argv[1]), 'x')[0]) for _ in range(60)]"
    )
    run = [sys.executable, "-c", code, str(tmp_path)]
    at_work = [subprocess.Popen(run, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    ids = [number for process in at_work for number in process.communicate()[0].split()]
    log = "".join(path.read_text() for path in (tmp_path / "log").glob("fou-sok.log*"))
    assert len(ids) == 180 and all(f" {number} x [" in log for number in ids)


@pytest.mark.parametrize("message", ["Kari Nordmann", "100 % av %s", "linje\nto"])
def test_no_message_comes_into_it(tmp_path, message):
    error = wrong(message)
    error.__cause__ = OSError(2, message, f"/hjem/{message}.pdf")
    number, kept = failures.keep(error, tmp_path, "app")
    told = failures.path(tmp_path).read_text()
    assert (
        kept
        and number in told
        and message not in told
        and "errno 2, No such file" in told
        and "raise ValueError(message)" in told
    )


def test_errors_that_go_round_in_a_ring_end(tmp_path):
    one, other = wrong(), wrong()
    one.__cause__, other.__cause__ = other, one
    assert failures.explained(one).count("ValueError\n") == 2
