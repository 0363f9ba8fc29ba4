"""The job at work: a fetch or a reading of documents in processes of their own, one at a time, told of in store/jobs/.

    jobs.start(settings, options, ("fetch", "ks"), jobs.READING)
    jobs.current(settings)                      # how far it has come, or what the last one came to
    jobs.stop(settings)

A job outlives the page and the app that began it. It is alive as long as its lock is held, by its own process or by the one
that this has started, so that nobody can be misled by a number that another process has got.
"""

from __future__ import annotations

import fcntl
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any, BinaryIO

import audit
import moments
from errors import FouError
from ingest.fetching import lock as fetching_lock
from settings import ROOT, Settings

INGEST = (sys.executable, "-m", "ingest")
READING = ("run",)
RUNNING, DONE, FAILED, STOPPED, LOST = "running", "done", "failed", "stopped", "lost"
PATIENCE = 2.0  # seconds, for what another is doing just now
LOG_END = 20_000  # bytes of the log that are shown


@dataclass(frozen=True, slots=True)
class Job:
    """A job, and how far it has come. Times are ISO, in UTC.

    `steps` are arguments of `python -m ingest`, `step` the place of the one at work, `label` what it is doing, `done` of `total`,
    and `left` an estimate of the seconds that this still takes, None where nothing can be told. `answers` are what the steps
    printed, of lists how long they are. `state` is RUNNING, DONE, FAILED (then `error` says why), STOPPED by the user, or LOST:
    it was killed.
    """

    steps: tuple[tuple[str, ...], ...]
    state: str = RUNNING
    step: int = 0
    label: str = ""
    done: int = 0
    total: int | None = None
    left: float | None = None
    stopping: bool = False
    answers: tuple[Mapping[str, Any], ...] = ()
    error: str = ""
    began: str = ""
    ended: str = ""
    group: int = 0  # of its processes

    @property
    def running(self) -> bool:
        return self.state == RUNNING


def folder(settings: Settings) -> Path:
    return settings.folders.store / "jobs"


def current(settings: Settings) -> Job | None:
    """The job at work, or the last one; None before the first."""
    job = _read(folder(settings))
    if job and job.running and _free(folder(settings) / "lock"):
        job = _read(folder(settings)) or job  # it may have ended just now
        return replace(job, state=LOST) if job.running else job
    return job


def start(settings: Settings, options: Sequence[str], *steps: Sequence[str]) -> None:
    """Begins a job. `options` are those that both command lines take. FouError where a job is at work, here or elsewhere."""
    at = folder(settings)
    at.mkdir(parents=True, exist_ok=True)
    with _held(at / "lock") as held:
        _undisturbed(settings, steps)
        (at / "log").write_bytes(b"")
        write(at, Job(tuple(tuple(step) for step in steps), began=moments.now()))
        spec = json.dumps({"folder": str(at), "ingest": INGEST, "options": [*options], "steps": steps})
        process = subprocess.Popen(
            [sys.executable, "-m", "upkeep", spec, str(held.fileno())],
            cwd=ROOT,
            env=os.environ | {audit.WHO: audit.who()},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=(held.fileno(),),
            start_new_session=True,  # so that what ends the app does not end it
        )
    threading.Thread(target=process.wait, daemon=True).start()  # or it would stay in the table of processes


def stop(settings: Settings) -> None:
    """Asks the job at work to end. What it has brought so far is kept, and the next one goes on from there."""
    at, until = folder(settings), time.monotonic() + PATIENCE
    while (job := current(settings)) and job.running and not job.group and time.monotonic() < until:
        time.sleep(0.05)
    if job and job.running and job.group and not _free(at / "lock"):  # held by one of the group, so the number is its own
        with audit.change(settings.folders.store, "job.stop"), suppress(ProcessLookupError):
            os.killpg(job.group, signal.SIGINT)


def log(settings: Settings) -> str:
    """What the last job said, the end of it; "" where it said nothing."""
    try:
        with (folder(settings) / "log").open("rb") as file:
            file.seek(max(0, os.fstat(file.fileno()).st_size - LOG_END))
            return file.read().decode("utf-8", "replace")
    except OSError:
        return ""


def write(at: Path, job: Job) -> None:
    """Keeps how far the job has come; whoever reads it sees the state before, or this one."""
    work = at / ".job.json"
    work.write_text(json.dumps(asdict(job)), encoding="utf-8")
    os.replace(work, at / "job.json")


def _read(at: Path) -> Job | None:
    try:
        data = json.loads((at / "job.json").read_text("utf-8"))
        known = {field.name: data[field.name] for field in fields(Job) if field.name in data}
        return Job(**{**known, "steps": tuple(map(tuple, data["steps"])), "answers": tuple(data.get("answers", ()))})
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None


def _undisturbed(settings: Settings, steps: Sequence[Sequence[str]]) -> None:
    """FouError where one of the steps would meet another that was begun on the command line."""
    paths = [settings.folders.store / "lock"]
    paths += [settings.folders.corpus / step[1] / fetching_lock.NAME for step in steps if step[0] == "fetch"]
    if not all(_free(path) for path in paths):
        raise FouError("En henting eller innlesing som er startet på kommandolinja, er i gang; vent til den er ferdig.")


def _free(path: Path) -> bool:
    """Whether nobody holds that lock."""
    try:
        with path.open("rb") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        return True
    except FileNotFoundError:
        return True
    except BlockingIOError:
        return False


@contextmanager
def _held(path: Path) -> Iterator[BinaryIO]:
    """The lock of the jobs, as a file that can be handed on. FouError where another has it."""
    until = time.monotonic() + PATIENCE / 2
    with path.open("ab") as file:
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError as error:  # or someone who only asks whether it is held
                if time.monotonic() > until:
                    raise FouError("En henting eller innlesing er i gang; vent til den er ferdig, eller avbryt den.") from error
                time.sleep(0.05)
        yield file
