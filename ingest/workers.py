"""Work in processes of their own: one that hangs or crashes costs its item alone.

A worker is this interpreter started afresh, and not multiprocessing's: that runs the parent's main module anew in each
child, and under Streamlit the main module is the app.
"""

from __future__ import annotations

import os
import pickle
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

LATE, CRASHED, FAILED = "late", "crashed", "failed"
GRACE = 10  # seconds after its limit at which a worker whose parent is gone ends itself


@dataclass(frozen=True, slots=True)
class Failure:
    """Why an item has no result: `why` is LATE, CRASHED (its process ended) or FAILED (it raised)."""

    why: str
    detail: str = ""


def cores() -> int:
    """How many processor cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def each(
    function: Callable[[Item], Result], items: Iterable[Item], seconds: float, workers: int = 0
) -> Iterator[tuple[Item, Result | Failure]]:
    """Each item with what `function` makes of it, as they get done; at most `seconds` for one, then its process is killed.

    `function` must be importable by its name (or a partial of such a one); items and results must pickle. `workers` 0:
    one for each core. No process outlives the iterator, however it ends.
    """
    todo: queue.SimpleQueue[Item] = queue.SimpleQueue()
    done: queue.SimpleQueue[tuple[Item, Any]] = queue.SimpleQueue()
    items = list(items)
    for item in items:
        todo.put(item)
    crew = [_Worker(function, seconds, todo, done) for _ in range(min(workers or cores(), len(items)))]
    try:
        for worker in crew:
            worker.thread.start()
        for _ in items:
            yield done.get()
    finally:
        for worker in crew:
            worker.stop()
        for worker in crew:
            if worker.thread.ident:
                worker.thread.join()


class _Worker:
    """Takes items from `todo` to a process, one at a time, and puts what comes back into `done`."""

    def __init__(self, function: Callable[[Any], Any], seconds: float, todo: queue.SimpleQueue, done: queue.SimpleQueue):
        self.thread = threading.Thread(target=self._run, daemon=True)
        self._hello = function, seconds
        self._seconds, self._todo, self._done = seconds, todo, done
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()
        self._stopped = False

    def _run(self) -> None:
        try:
            while not self._stopped:
                item = self._todo.get_nowait()
                self._done.put((item, self._ask(item)))
        except queue.Empty:
            pass
        finally:
            self._end()

    def stop(self) -> None:
        with self._lock:
            self._stopped = True
            if self._process:
                self._process.kill()

    def _ask(self, item: Any) -> Any:
        late = threading.Event()
        try:
            process = self._started()
            timer = threading.Timer(self._seconds, lambda: (late.set(), process.kill()))
            timer.daemon = True
            timer.start()
            try:
                pickle.dump(item, process.stdin)
                process.stdin.flush()
                right, answer = pickle.load(process.stdout)
            finally:
                timer.cancel()
                timer.join()  # or it might yet kill the process under its next item
        except (EOFError, OSError, pickle.UnpicklingError):  # half an answer, or none
            self._end()
            return Failure(LATE if late.is_set() else CRASHED)
        except Exception as error:  # an item that can't be pickled
            self._end()
            return Failure(FAILED, f"{type(error).__name__}: {error}")
        if late.is_set():  # the answer came as it was killed
            self._end()
        return answer if right else Failure(FAILED, answer)

    def _started(self) -> subprocess.Popen[bytes]:
        with self._lock:
            if self._stopped:
                raise EOFError
            if self._process is None:
                serve = f"import sys; sys.path[:] = {sys.path!r}; from {__name__} import _serve; _serve()"
                self._process = subprocess.Popen(
                    [sys.executable, "-c", serve],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                    env=os.environ | {"OMP_THREAD_LIMIT": "1"},  # the cores are shared out already
                )
                pickle.dump(self._hello, self._process.stdin)
            return self._process

    def _end(self) -> None:
        with self._lock:
            process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                with suppress(OSError):  # what was written to it may have no reader any more
                    pipe.close()


def _serve() -> None:
    """The life of a worker's process: items in on stdin, answers out on what was stdout, until stdin ends."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not fall among the answers
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    function, seconds = pickle.load(sys.stdin.buffer)
    while True:
        try:
            item = pickle.load(sys.stdin.buffer)
        except EOFError:
            return
        if hasattr(signal, "alarm"):
            signal.alarm(int(seconds) + GRACE)
        try:
            answer = pickle.dumps((True, function(item)))
        except Exception as error:
            answer = pickle.dumps((False, f"{type(error).__name__}: {error}"))
        answers.write(answer)
        answers.flush()
