"""Work in processes of their own: what hangs or crashes costs its item, and nothing is left behind."""

import os
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import chores
import pytest

from ingest import workers
from ingest.report import Edit
from ingest.workers import CRASHED, FAILED, LATE, MEMORY, OUTPUT, Failure, Room, each, in_order

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


ROOM = Room(memory_mb=700, output_mb=1)


@pytest.mark.parametrize(
    ("item", "why"),
    [
        ("len(bytearray(3 * 2**30))", MEMORY),  # refused where it asks
        ("[bytes([n % 256]) * 10_000_000 for n in range(200)] and 1", MEMORY),  # killed as it grows
        ("'a' * 2**21", OUTPUT),
    ],
)
def test_what_swells_costs_its_item_alone(started, item, why):
    assert dict(each(eval, [item, "2 + 2"], 60, 1, ROOM)) == {item: Failure(why), "2 + 2": 4}
    assert over(started)


def test_what_comes_back_is_data_and_runs_nothing(tmp_path):
    file = tmp_path / "made"
    evil = f"type('E', (), {{'__reduce__': lambda self: (__import__('os').mkdir, ({str(file)!r},))}})()"
    (_, answer), (_, page) = each(eval, [evil, "__import__('ingest.report').report.Edit(1, 2, 'a', 'b', 'ocr')"], 60, 1)
    assert answer.why == CRASHED and "mkdir" in answer.detail and not file.exists()
    assert page == Edit(1, 2, "a", "b", "ocr")


@pytest.mark.skipif(os.name != "posix", reason="needs POSIX limits")
def test_a_process_with_limits_writes_no_files(tmp_path):
    write = f"open({str(tmp_path / 'a')!r}, 'w', 1).write('a' * 9000)"
    assert dict(each(eval, [write], 60))[write] == 9000
    assert dict(each(eval, [write], 60, 1, ROOM))[write].why == FAILED


def test_an_item_is_not_blamed_for_what_others_left_in_its_process():
    spoil = "setattr(__import__('builtins'), 'spoilt', 1) or 1"
    works = "__import__('os').abort() if hasattr(__import__('builtins'), 'spoilt') else 2"
    assert list(in_order(eval, [spoil, works, works], 60, 1)) == [(spoil, 1), (works, 2), (works, 2)]


def test_results_come_in_the_order_of_the_items_and_few_are_read_ahead(tmp_path):
    items = [
        f"open({str(tmp_path / str(n))!r}, 'w').close() or __import__('time').sleep({0.5 * (n == 0)}) or {n}" for n in range(12)
    ]
    results = in_order(eval, items, 60, 2)
    assert next(results) == (items[0], 0)
    assert len(list(tmp_path.iterdir())) <= 5
    assert [n for _, n in results] == list(range(1, 12))


def test_a_question_is_answered_by_the_parent_and_its_time_is_not_the_items(started):
    def service(item, question, stop):
        time.sleep(3)
        return [item, question]

    assert list(in_order(chores.asking, [1, 2], 2, 1, service=service)) == [(1, [1, [1, "?"]]), (2, [2, [2, "?"]])]
    ((_, failed),) = in_order(chores.asking, [1], 60, 1, service=lambda *_: 1 / 0)
    assert failed.why == FAILED and "ZeroDivisionError" in failed.detail and over(started)


def test_no_process_is_left_when_the_consumer_ends_while_a_question_is_answered(started):
    inner = []

    def service(item, question, stop):
        inner.append(item)
        return list(each(eval, ["__import__('time').sleep(60)"] * 2, 60, 2, stop=stop))

    results = in_order(chores.asking_if_two, [1, 2], 60, 1, service=service)
    assert next(results)[0] == 1
    until = time.monotonic() + 30
    while len(started) < 3 and time.monotonic() < until:
        time.sleep(0.05)
    began = time.monotonic()
    results.close()
    assert inner == [2] and over(started) and time.monotonic() - began < 10


@pytest.mark.skipif(sys.platform != "linux", reason="as Linux ends the children of what was killed")
def test_a_parent_that_is_killed_leaves_nothing(tmp_path):
    pids = tmp_path / "pids"
    work = f"print(__import__('os').getpid(), file=open({str(pids)!r}, 'a'), flush=True) or __import__('time').sleep(60)"
    code = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r})\nfrom ingest.workers import each\nlist(each(eval, [{work!r}] * 2, 60, 2))"
    )
    parent = subprocess.Popen([sys.executable, "-c", code])
    until = time.monotonic() + 30
    while len(pids.read_text().split() if pids.exists() else []) < 2 and time.monotonic() < until:
        time.sleep(0.05)
    parent.kill()
    parent.wait()
    time.sleep(0.5)
    for pid in pids.read_text().split():
        stat = Path(f"/proc/{pid}/stat")
        assert not stat.exists() or stat.read_text().rpartition(")")[2].split()[0] == "Z"
