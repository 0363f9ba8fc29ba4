"""Jobs: one at a time, followed from outside, stopped, killed, and outlived by what they say of themselves."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from errors import FouError
from index.layout import Layout
from ingest.fetching import lock
from settings import Folders, load_settings
from upkeep import __main__ as process
from upkeep import jobs
from upkeep.__main__ import Pace

STEPS = Path(__file__).parent / "steps.py"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(jobs, "INGEST", (sys.executable, str(STEPS)))
    settings = replace(load_settings(), folders=Folders(tmp_path / "corpus", tmp_path / "store"))
    yield settings
    if (job := jobs.current(settings)) and job.running:
        os.killpg(job.group, signal.SIGKILL)


def until(settings, told, seconds: float = 20) -> jobs.Job:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if (job := jobs.current(settings)) and told(job):
            return job
        time.sleep(0.02)
    raise AssertionError(f"never so: {jobs.current(settings)}")


def ended(settings) -> jobs.Job:
    return until(settings, lambda job: not job.running)


def reading(settings) -> jobs.Job:
    return until(settings, lambda job: job.label and job.group)


def test_a_job_runs_its_steps_and_keeps_what_they_came_to(here):
    assert jobs.current(here) is None and jobs.log(here) == ""
    jobs.start(here, ("--config", "æ b.toml"), ("noisy",), jobs.READING)
    assert jobs.current(here).running
    job = ended(here)
    assert (job.state, job.step, job.label, job.done, job.total, job.error) == (jobs.DONE, 1, "Leser dokumenter", 1, 2, "")
    assert len(job.answers[0]["text"]) == 300_000
    assert job.answers[1]["said"] == "--config æ b.toml" and job.began <= job.ended
    assert job.answers[1]["failed"] == 1, "the list itself is kept elsewhere"
    assert jobs.log(here).endswith("ingest: a.pdf: filen er tom\n") and len(jobs.log(here)) <= jobs.LOG_END
    assert "progress" not in jobs.log(here)


@pytest.mark.parametrize(
    ("step", "why"),
    [("refuse", "En annen kjøring skriver; vent."), ("die", "brutt av maskinen (signal 9)"), ("silent", "svarte ikke")],
)
def test_a_step_that_fails_ends_the_job_with_the_reason(here, step, why):
    jobs.start(here, (), (step,), jobs.READING)
    job = ended(here)
    assert job.state == jobs.FAILED and why in job.error and job.error and job.step == 0 and not job.answers
    jobs.start(here, (), jobs.READING)
    assert ended(here).state == jobs.DONE, "the next one is not hindered"


def test_a_source_that_fails_keeps_the_others_from_nothing(here):
    jobs.start(here, (), ("fetch", "refuse"), ("fetch", "noisy"), jobs.READING)
    job = ended(here)
    assert (job.state, job.step, job.error) == (jobs.FAILED, 2, "En annen kjøring skriver; vent.")
    assert [len(answer) for answer in job.answers] == [1, 3] and job.answers[1]["added"] == 1


def test_one_job_at_a_time_for_all(here):
    jobs.start(here, (), ("slow",))
    with pytest.raises(FouError, match="er i gang"):
        jobs.start(here, (), jobs.READING)
    there = (
        "import sys; from upkeep import jobs; from settings import load_settings as s;"
        "jobs.start(s(store=sys.argv[1]), (), ('run',))"
    )
    other = subprocess.run(
        [sys.executable, "-c", there, str(here.folders.store)], capture_output=True, text=True, cwd=STEPS.parents[2]
    )
    assert "er i gang" in other.stderr
    reading(here)
    jobs.stop(here)
    assert ended(here).steps == (("slow",),)


def test_a_run_on_the_command_line_is_told_of(here):
    layout = Layout(here.folders.store, here.folders.store)
    with layout.lock(), pytest.raises(FouError, match="kommandolinja"):
        jobs.start(here, (), jobs.READING)
    with lock.alone(here.folders.corpus / "ks"):
        with pytest.raises(FouError, match="kommandolinja"):
            jobs.start(here, (), ("fetch", "ks"), jobs.READING)
        jobs.start(here, (), jobs.READING)  # which has nothing to do with that
    assert ended(here).state == jobs.DONE


def test_a_job_is_stopped_and_the_next_step_is_not_begun(here):
    jobs.start(here, (), ("slow",), jobs.READING)
    reading(here)
    jobs.stop(here)
    job = ended(here)
    assert job.state == jobs.STOPPED and job.step == 0 and not job.answers and job.stopping
    jobs.stop(here)  # of which nothing is left


def test_a_job_is_stopped_as_soon_as_it_is_begun(here):
    jobs.start(here, (), ("slow",))
    jobs.stop(here)
    assert ended(here).state == jobs.STOPPED


def test_a_step_that_heeds_nothing_is_killed(here, monkeypatch):
    code = "import sys; from upkeep import __main__ as p; p.PATIENCE = 1; p.main(*sys.argv[1:])"
    popen = subprocess.Popen
    monkeypatch.setattr(jobs.subprocess, "Popen", lambda args, **more: popen([args[0], "-c", code, *args[3:]], **more))
    jobs.start(here, (), ("deaf",))
    reading(here)
    jobs.stop(here)
    assert until(here, lambda job: job.stopping).running
    assert ended(here).state == jobs.STOPPED


def test_a_job_outlives_who_began_it_and_one_that_is_killed_is_told_of(here):
    code = (
        "import sys; from upkeep import jobs; from settings import load_settings as s;"
        "jobs.INGEST = (sys.executable, sys.argv[2]); jobs.start(s(store=sys.argv[1]), (), ('quiet',))"
    )
    subprocess.run([sys.executable, "-c", code, str(here.folders.store), str(STEPS)], check=True, cwd=STEPS.parents[2])
    first = reading(here)
    os.kill(first.group, signal.SIGKILL)  # its own process; the step is still at work, and holds the lock
    time.sleep(0.3)
    assert jobs.current(here).running
    jobs.stop(here)
    assert ended(here).state == jobs.LOST
    jobs.start(here, (), jobs.READING)
    assert ended(here).state == jobs.DONE


def test_a_number_that_another_process_has_got_is_not_taken_for_the_job(here):
    other = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(30)"], start_new_session=True)
    try:
        jobs.folder(here).mkdir(parents=True)
        jobs.write(jobs.folder(here), jobs.Job((("run",),), group=other.pid))
        assert jobs.current(here).state == jobs.LOST
        jobs.stop(here)
        time.sleep(0.2)
        assert other.poll() is None
    finally:
        other.kill()
        other.wait()


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"steps": 1}', '{"state": "running"}'])
def test_a_state_that_cannot_be_understood_is_none(here, text):
    jobs.folder(here).mkdir(parents=True)
    (jobs.folder(here) / "job.json").write_text(text)
    assert jobs.current(here) is None
    jobs.start(here, (), jobs.READING)
    assert ended(here).state == jobs.DONE


def test_what_a_step_leaves_behind_keeps_no_job_alive(here):
    jobs.start(here, (), ("orphan",))
    assert ended(here).state == jobs.DONE
    jobs.start(here, (), jobs.READING)
    assert ended(here).state == jobs.DONE


def test_the_pace_is_that_of_late():
    pace = Pace()
    assert pace.left(0, 0, 1000) is None and pace.left(1, 500, 1000) is None  # known already
    for second in range(2, 120):
        left = pace.left(second, 500 + second, 1000)
    assert left == pytest.approx(1000 - 619, rel=0.02)
    assert Pace().left(0, 5, None) is None
    still = Pace()
    assert [still.left(at, 3, 10) for at in (0, 10, 100)] == [None] * 3


def test_only_lines_of_progress_are_taken_for_it():
    assert process._progress('{"progress": "Leser", "done": 1, "total": 2}\n') == ("Leser", 1, 2)
    assert process._progress('{"progress": "Leser", "done": 1, "total": null}\n') == ("Leser", 1, None)
    for line in ('{"progress": 1', '{"progress": "x"}', "ingest: {}", json.dumps({"a": 1})):
        assert process._progress(line) is None
