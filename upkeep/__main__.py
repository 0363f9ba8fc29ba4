"""python -m upkeep SPEC LOCK: the process of a job. It runs the steps one by one, and keeps in store/jobs/ how far it is.

It is started by upkeep/jobs.py, which hands over the lock that tells that the job is alive.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from types import FrameType
from typing import IO, Any

import moments
from upkeep import jobs
from upkeep.jobs import Job

ASKED = (signal.SIGINT, signal.SIGTERM)
OFTEN = 0.4  # seconds between two states that are kept
PATIENCE = 15  # seconds until the next, harder signal
NICE = 10  # of 19: those who search come first


class Stopped(Exception):
    """The user has asked for it."""


class Failed(Exception):
    """A step could not do its work; the message is the reason."""


class Pace:
    """How long the rest takes, by how it has gone lately: documents that are known already pass in no time, others do not."""

    WINDOW, FEWEST, FIRST = 30.0, 5, 3.0  # seconds, samples, and seconds before anything is told

    def __init__(self) -> None:
        self._samples: deque[tuple[float, int]] = deque()

    def left(self, now: float, done: int, total: int | None) -> float | None:
        """Seconds; None where it can't be told yet."""
        self._samples.append((now, done))
        while len(self._samples) > self.FEWEST and now - self._samples[1][0] > self.WINDOW:
            self._samples.popleft()
        (began, first), passed = self._samples[0], done - self._samples[0][1]
        if not total or passed <= 0 or now - began < self.FIRST:
            return None
        return max(0.0, (total - done) * (now - began) / (done - first))


class Work:
    """The steps of one job."""

    def __init__(self, at: Path, ingest: Sequence[str], options: Sequence[str], steps: Sequence[Sequence[str]], lock: int):
        self._at, self._ingest, self._options, self._lock = at, ingest, options, lock
        self._job = Job(tuple(map(tuple, steps)), began=moments.now(), group=os.getpgid(0))
        self._process: subprocess.Popen[str] | None = None
        self._stopped = False
        self._harder = [signal.SIGKILL, signal.SIGTERM]  # what is left to try, the last first
        self._kept = 0.0

    def run(self) -> None:
        signal.signal(signal.SIGINT, self._stop)
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGALRM, self._insist)
        self._keep(at_once=True)
        faults: list[str] = []
        try:
            for number, step in enumerate(self._job.steps):
                self._job = replace(self._job, step=number, label="", done=0, total=None, left=None)
                self._keep(at_once=True)
                try:
                    answer = self._one(step)
                except Failed as error:
                    if step[0] != "fetch":
                        raise
                    faults.append(str(error))  # the other sources, and what has come, are not made to wait for it
                    continue
                self._job = replace(self._job, answers=(*self._job.answers, answer))
            ended = {"state": jobs.FAILED, "error": " ".join(faults)} if faults else {"state": jobs.DONE}
        except Stopped:
            ended = {"state": jobs.STOPPED}
        except Exception as error:
            ended = {"state": jobs.FAILED, "error": " ".join((*faults, str(error) or type(error).__name__))}
        self._job = replace(self._job, ended=moments.now(), **ended)
        self._keep(at_once=True)

    def _one(self, step: Sequence[str]) -> Mapping[str, Any]:
        """Runs one step to its end; gives what it printed, of lists how long they are. Failed where it could not do its work."""
        self._unless_stopped()
        said = ""
        with tempfile.TemporaryFile("w+", encoding="utf-8") as answer, (self._at / "log").open("a", encoding="utf-8") as log:
            self._process = subprocess.Popen(
                [*self._ingest, *step, "--json", "--progress", "json", *self._options],
                stdin=subprocess.DEVNULL,
                stdout=answer,
                stderr=subprocess.PIPE,
                encoding="utf-8",
                errors="replace",
                pass_fds=(self._lock,),
            )
            if self._stopped:  # just before it was there to be told
                self._process.send_signal(signal.SIGINT)
            said = self._follow(self._process.stderr, log)
            code = self._process.wait()
            signal.alarm(0)
            answer.seek(0)
            printed = answer.read()
        self._unless_stopped()
        with suppress(ValueError):
            return {name: len(value) if isinstance(value, list) else value for name, value in json.loads(printed).items()}
        if code < 0:
            raise Failed(f"kjøringen ble brutt av maskinen (signal {-code})")
        raise Failed(said.partition(": ")[2] or said or "kjøringen svarte ikke; se loggen.")

    def _follow(self, stderr: IO[str], log: IO[str]) -> str:
        """What the step says until it ends: how far it has come is kept, the rest is logged. Gives the last line of that."""
        paces: dict[str, Pace] = {}
        last = ""
        for line in stderr:
            told = _progress(line)
            if told is None:
                last = line.strip() or last
                log.write(line)
                log.flush()
                continue
            label, done, total = told
            if not done:
                paces[label] = Pace()
            at_once = label != self._job.label or done == total
            left = paces.setdefault(label, Pace()).left(time.monotonic(), done, total)  # one stage may be told within another
            self._job = replace(self._job, label=label, done=done, total=total, left=left)
            self._keep(at_once)
        return last

    def _keep(self, at_once: bool = False) -> None:
        now = time.monotonic()
        if at_once or now - self._kept >= OFTEN:
            self._kept = now
            signal.pthread_sigmask(signal.SIG_BLOCK, ASKED)  # the handler keeps a state too, and not in the midst of this one
            try:
                jobs.write(self._at, replace(self._job, stopping=self._stopped))
            except OSError:
                pass  # a full disk costs the telling, not the work
            finally:
                signal.pthread_sigmask(signal.SIG_UNBLOCK, ASKED)

    def _unless_stopped(self) -> None:
        if self._stopped:
            raise Stopped

    def _stop(self, number: int, frame: FrameType | None) -> None:
        """SIGINT the step has got too, as one of the group. Should it not heed it, harder ones follow."""
        if self._stopped:
            return
        self._stopped = True
        if self._process and number != signal.SIGINT:
            self._process.send_signal(signal.SIGINT)
        self._keep(at_once=True)
        signal.alarm(PATIENCE)

    def _insist(self, number: int, frame: FrameType | None) -> None:
        if self._process and self._process.poll() is None and self._harder:
            self._process.send_signal(self._harder.pop())
            signal.alarm(PATIENCE)


def _progress(line: str) -> tuple[str, int, int | None] | None:
    """What a line of progress tells; None for any other."""
    if not line.startswith('{"progress"'):
        return None
    try:
        told = json.loads(line)
        return str(told["progress"]), int(told["done"]), told["total"] and int(told["total"])
    except (ValueError, KeyError, TypeError):
        return None


def main(spec: str, lock: str) -> None:
    told = json.loads(spec)
    with suppress(OSError):
        os.nice(NICE)
    Work(Path(told["folder"]), told["ingest"], told["options"], told["steps"], int(lock)).run()


if __name__ == "__main__":
    main(*sys.argv[1:])
