"""Work in processes of their own: what hangs or crashes costs its item, and nothing is left behind."""

import os
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest

from ingest import workers
from ingest.workers import CRASHED, FAILED, LATE, Failure, each

ROOT = Path(__file__).parents[2]


@pytest.fixture
def started(monkeypatch):
    """The processes that workers start."""
    processes: list[subprocess.Popen] = []
    popen = subprocess.Popen

    def recorded(*args, **kwargs):
        processes.append(popen(*args, **kwargs))
        return processes[-1]

    monkeypatch.setattr(workers.subprocess, "Popen", recorded)
    return processes


def over(processes) -> bool:
    return all(process.poll() is not None for process in processes)


@pytest.mark.parametrize("number", [1, 2, 9])
def test_results_are_the_same_for_any_number_of_workers(started, number):
    items = [f"{n} ** 2" for n in range(5)]
    assert dict(each(eval, items, 60, number)) == {item: n * n for n, item in enumerate(items)}
    assert len(started) == min(number, 5) and over(started)


def test_what_hangs_crashes_or_raises_costs_its_item_alone(started):
    items = ["__import__('time').sleep(60)", "__import__('os')._exit(3)", "__import__('os').abort()", "1 / 0", "2 + 2"]
    found = dict(each(eval, items, 4, 2))
    assert [found[item] for item in items] == [
        Failure(LATE), Failure(CRASHED), Failure(CRASHED), Failure(FAILED, "ZeroDivisionError: division by zero"), 4,
    ]  # fmt: skip
    assert over(started)


def test_what_cannot_travel_is_a_failure_and_prints_do_no_harm():
    (_, unpicklable), (_, result) = each(eval, ["lambda: 1", "print('støy') or 5"], 60, 1)
    assert unpicklable.why == FAILED and result == 5
    ((_, item),) = each(repr, [lambda: 1], 60)
    assert item.why == FAILED
    assert list(each(repr, [], 60)) == []


@pytest.mark.parametrize("how", ["stops", "raises"])
def test_no_process_is_left_when_the_consumer_ends_early(started, how):
    results = each(eval, ["1"] + ["__import__('time').sleep(60)"] * 4, 60, 2)
    began = time.monotonic()
    if how == "stops":
        next(results)
        results.close()
    else:
        with pytest.raises(KeyError):
            for _ in results:
                raise KeyError
        del results
    assert started and over(started) and time.monotonic() - began < 20


@pytest.mark.skipif(os.name != "posix", reason="needs POSIX signals")
def test_a_script_without_a_guard_can_be_the_parent_and_ctrl_c_leaves_nothing(tmp_path):
    pids = tmp_path / "pids"
    script = tmp_path / "app.py"
    script.write_text(
        "import sys\n"
        f"sys.path.insert(0, {str(ROOT)!r})\n"
        "from ingest.workers import each\n"
        "print(sorted(result for _, result in each(eval, ['1 + 1', '2 + 2'], 60)), flush=True)\n"
        f"tell = \"print(__import__('os').getpid(), file=open({str(pids)!r}, 'a'), flush=True)\"\n"
        "work = tell + \" or __import__('time').sleep(60)\"\n"
        "list(each(eval, [work, work], 60, 2))\n"
    )
    piped = {"stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL, "text": True}
    heard = partial(signal.signal, signal.SIGINT, signal.default_int_handler)  # a job in the background has it ignored
    parent = subprocess.Popen([sys.executable, str(script)], preexec_fn=heard, **piped)
    try:
        assert parent.stdout.readline() == "[2, 4]\n"
        until = time.monotonic() + 30
        while len(pids.read_text().split() if pids.exists() else []) < 2 and time.monotonic() < until:
            time.sleep(0.05)
        parent.send_signal(signal.SIGINT)
        assert parent.wait(60) != 0
    finally:
        parent.kill()
        parent.stdout.close()
    children = pids.read_text().split()
    assert len(children) == 2
    for pid in children:
        with pytest.raises(ProcessLookupError):
            os.kill(int(pid), 0)
