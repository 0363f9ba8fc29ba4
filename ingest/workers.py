"""Work in processes of their own: one that hangs, crashes or swells costs its item alone.

What comes back is data and nothing else: a process that reads what others have written is not believed further than that.
A worker is this interpreter started afresh, and not multiprocessing's: that runs the parent's main module anew in each
child, and under Streamlit the main module is the app.
"""

from __future__ import annotations

import io
import os
import pickle
import queue
import signal
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

LATE, CRASHED, FAILED, MEMORY, OUTPUT = "late", "crashed", "failed", "memory", "output"
GRACE = 10  # seconds after its limit at which a worker whose parent is gone ends itself
LOOK = 0.05  # seconds between two looks at what a process takes
HEADROOM_MB = 1024  # of addresses beyond the memory that a process may use: libraries, and what is reserved and never touched
ITEMS = 200  # after so many a process is replaced, and where it holds half of what it may: what libraries leak is let go
FILES = 64  # that a process may have open
HEAD = struct.Struct(">cQ")  # before what a process writes: what it is, and its length
ANSWER, QUESTION, TOO_MUCH = b"A", b"Q", b"M"


@dataclass(frozen=True, slots=True)
class Failure:
    """Why an item has no result: LATE, CRASHED (its process ended), FAILED (it raised), MEMORY or OUTPUT (too much of it)."""

    why: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Room:
    """What a process may take, in megabytes: of memory, with all it has loaded, and for one answer. 0 is without limit.

    A process with a limit can't write to files either.
    """

    memory_mb: int = 0
    output_mb: int = 0


NO_LIMIT = Room()
ONE_CORE = {"OMP_THREAD_LIMIT": "1", "OPENBLAS_NUM_THREADS": "1"}  # the cores are shared out already
NO_FILES = {"TMPDIR": os.devnull}  # or MuPDF makes one there, of which nothing would be left but its name

Service = Callable[[Any, Any, threading.Event], Any]
"""service(item, question, stop): what `ask` gives in the process that works on the item. It ends soon after `stop` is set."""


class Stopped(Exception):
    """The work was called off."""


def cores() -> int:
    """How many processor cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def each(
    function: Callable[[Item], Result],
    items: Iterable[Item],
    seconds: float,
    workers: int = 0,
    room: Room = NO_LIMIT,
    stop: threading.Event | None = None,
    gate: threading.Semaphore | None = None,
) -> Iterator[tuple[Item, Result | Failure]]:
    """Each item with what `function` makes of it, as they get done; at most `seconds` for one, then its process is killed.

    `function` must be importable by its name (or a partial of such a one); items must pickle, and results be plain values or
    what ingest.report defines. An item on which a process fails that has done others is tried once more in a fresh one: it may
    not be the item's fault. `workers` 0: one for each core. Raises Stopped soon after `stop` is set. Where several
    share a `gate`, no more work at a time than it lets through. No process outlives the iterator, however it ends.
    """
    items = list(items)
    with _crew(function, seconds, min(workers or cores(), len(items)), room, gate=gate) as (todo, done):
        for job in enumerate(items):
            todo.put(job)
        for _ in items:
            number, answer = _next(done, stop)
            yield items[number], _opened(answer)


def in_order(
    function: Callable[[Item], Result],
    items: Sequence[Item],
    seconds: float,
    workers: int = 0,
    room: Room = NO_LIMIT,
    service: Service | None = None,
) -> Iterator[tuple[Item, Result | Failure]]:
    """As `each`, but in the order of the items, so that nothing depends on which was done first. Few are read ahead.

    `seconds` are of an item's own work: what `service` takes, to answer what `function` asks by `ask`, is not counted.
    """
    count = min(workers or cores(), len(items))
    with _crew(function, seconds, count, room, service) as (todo, done):
        waiting: dict[int, Any] = {}
        sent = 0
        for turn, item in enumerate(items):
            while sent < min(len(items), turn + 2 * count):
                todo.put((sent, items[sent]))
                sent += 1
            while turn not in waiting:
                number, answer = done.get()
                waiting[number] = answer
            yield item, _opened(waiting.pop(turn))


def ask(question: Any) -> Any:
    """Within a worker of `in_order`: what the parent's service answers. The time that it takes is not the item's."""
    if _wire is None:
        raise RuntimeError("only a worker can ask")
    return _wire.ask(question)


@contextmanager
def _crew(
    function: Callable[[Any], Any],
    seconds: float,
    count: int,
    room: Room,
    service: Service | None = None,
    gate: threading.Semaphore | None = None,
) -> Iterator[tuple[queue.SimpleQueue, queue.SimpleQueue]]:
    """Workers that take (number, item) from the first queue and put (number, answer) into the second. None are left after."""
    todo: queue.SimpleQueue[Any] = queue.SimpleQueue()
    done: queue.SimpleQueue[tuple[int, Any]] = queue.SimpleQueue()
    crew = [_Worker(function, seconds, todo, done, room, service, gate or threading.Semaphore(count)) for _ in range(count)]
    try:
        for worker in crew:
            worker.thread.start()
        yield todo, done
    finally:
        for worker in crew:
            worker.stop()
        for _ in crew:
            todo.put(None)
        for worker in crew:
            if worker.thread.ident:
                worker.thread.join()


def _next(done: queue.SimpleQueue, stop: threading.Event | None) -> Any:
    while stop is not None:
        with suppress(queue.Empty):
            return done.get(timeout=LOOK)
        if stop.is_set():
            raise Stopped
    return done.get()


def _opened(answer: bytes | Failure) -> Any:
    if isinstance(answer, Failure):
        return answer
    try:
        why, value = _Plain(io.BytesIO(answer)).load()
    except Exception as error:  # whatever a process of which something has got hold may write
        return Failure(CRASHED, f"{type(error).__name__}: {error}")
    return Failure(str(why), str(value)) if why else value


class _Plain(pickle.Unpickler):
    """Makes plain values and what ingest.report defines, and calls nothing else."""

    def find_class(self, module: str, name: str) -> Any:
        found = _allowed().get((module, name))
        if found is None:
            raise pickle.UnpicklingError(f"{module}.{name}")
        return found


@cache
def _allowed() -> dict[tuple[str, str], type]:
    from ingest import report

    kinds = [kind for kind in vars(report).values() if isinstance(kind, type) and kind.__module__ == report.__name__]
    return {(kind.__module__, kind.__qualname__): kind for kind in [*kinds, type(Path())]}


class _Worker:
    """Takes items from `todo` to a process, one at a time, and puts what comes back into `done`."""

    def __init__(
        self,
        function: Callable[[Any], Any],
        seconds: float,
        todo: queue.SimpleQueue,
        done: queue.SimpleQueue,
        room: Room,
        service: Service | None,
        gate: threading.Semaphore,
    ):
        self.thread = threading.Thread(target=self._run, daemon=True)
        self._hello = function, seconds, room, os.getpid()
        self._seconds, self._todo, self._done, self._room, self._service = seconds, todo, done, room, service
        self._process: subprocess.Popen[bytes] | None = None
        self._count = 0
        self._gate = gate
        self._lock = threading.Lock()
        self._stopped = threading.Event()

    def _run(self) -> None:
        try:
            while not self._stopped.is_set() and (job := self._todo.get()) is not None:
                number, item = job
                while not self._gate.acquire(timeout=LOOK):
                    if self._stopped.is_set():
                        return
                try:
                    answer = self._answered(item)
                finally:
                    self._gate.release()
                self._done.put((number, answer))
        finally:
            self._end()

    def _answered(self, item: Any) -> Any:
        before = self._count
        answer = self._ask(item)
        if before and isinstance(answer, Failure) and answer.why in (CRASHED, MEMORY) and not self._stopped.is_set():
            return self._ask(item)  # what it did before may have spoilt the process, or filled it
        return answer

    def stop(self) -> None:
        with self._lock:
            self._stopped.set()
            if self._process:
                self._process.kill()

    def _ask(self, item: Any) -> Any:
        """The answer, still packed, or a Failure."""
        watch = None
        try:
            process = self._started()
            watch = _Watch(process, self._seconds, self._room.memory_mb)
            try:
                pickle.dump(item, process.stdin)
                process.stdin.flush()
                answer = self._answer(process, item, watch)
            finally:
                watch.end()  # or it might yet kill the process under its next item
        except (EOFError, OSError, Stopped):  # half an answer, or none
            self._end()
            return Failure(watch.why if watch and watch.why else CRASHED)
        except Exception as error:  # an item that can't be pickled, a service that failed
            self._end()
            return Failure(FAILED, f"{type(error).__name__}: {error}")
        self._count += 1
        much = self._room.memory_mb and memory_mb(process.pid) * 2 > self._room.memory_mb
        if isinstance(answer, Failure) or watch.why or much or self._count >= ITEMS:  # it may be killed as it answers
            self._end()
        return answer

    def _answer(self, process: subprocess.Popen[bytes], item: Any, watch: _Watch) -> bytes | Failure:
        """What the process writes, in bytes; its questions are answered on the way."""
        while True:
            kind, length = HEAD.unpack(_exactly(process.stdout, HEAD.size))
            if self._room.output_mb and length > self._room.output_mb * 2**20:
                return Failure(OUTPUT)
            packed = _exactly(process.stdout, length)
            if kind == ANSWER:
                return packed
            if kind == TOO_MUCH:
                return Failure(MEMORY)
            if kind != QUESTION or self._service is None:
                raise EOFError
            question = _Plain(io.BytesIO(packed)).load()
            with watch.paused():
                told = self._service(item, question, self._stopped)
                pickle.dump(told, process.stdin)
                process.stdin.flush()

    def _started(self) -> subprocess.Popen[bytes]:
        with self._lock:
            if self._stopped.is_set():
                raise Stopped
            if self._process is None:
                serve = f"import sys; sys.path[:] = {sys.path!r}; from {__name__} import _serve; _serve()"
                self._process = subprocess.Popen(
                    [sys.executable, "-c", serve],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                    env=os.environ | ONE_CORE | ({} if self._room == NO_LIMIT else NO_FILES),
                )
                pickle.dump(self._hello, self._process.stdin)
            return self._process

    def _end(self) -> None:
        self._count = 0
        with self._lock:
            process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                with suppress(OSError):  # what was written to it may have no reader any more
                    pipe.close()


class _Watch:
    """Kills a process that works longer or takes more memory than it may; `why` is then LATE or MEMORY."""

    def __init__(self, process: subprocess.Popen[bytes], seconds: float, memory_mb: int) -> None:
        self.why = ""
        self._process, self._left, self._memory_mb = process, seconds, memory_mb
        self._since: float | None = time.monotonic()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while not self._over.wait(LOOK):
            since = self._since
            if since is not None and time.monotonic() - since > self._left:
                self.why = LATE
            elif self._memory_mb and memory_mb(self._process.pid) > self._memory_mb:
                self.why = MEMORY
            if self.why:
                self._process.kill()
                return

    @contextmanager
    def paused(self) -> Iterator[None]:
        """The time of the block is not counted."""
        left = self._left - (time.monotonic() - (self._since or 0))
        self._since = None
        try:
            yield
        finally:
            self._left, self._since = left, time.monotonic()

    def end(self) -> None:
        self._over.set()
        self._thread.join()


def memory_mb(pid: int) -> float:
    """The memory that a process has in use; 0 where that can't be told, and its own limit must do."""
    try:
        resident = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except (OSError, ValueError, IndexError):
        return 0
    return resident * os.sysconf("SC_PAGE_SIZE") / 2**20


def _exactly(pipe: Any, length: int) -> bytes:
    found = pipe.read(length)
    if len(found) < length:
        raise EOFError
    return found


class _Wire:
    """A worker's end: answers and questions out, in one piece each; an alarm where its parent is gone."""

    def __init__(self, out: Any, seconds: float) -> None:
        self._out, self._seconds = out, seconds

    def send(self, kind: bytes, packed: bytes) -> None:
        self._out.write(HEAD.pack(kind, len(packed)))
        self._out.write(packed)
        self._out.flush()

    def ask(self, question: Any) -> Any:
        self.alarm(False)
        self.send(QUESTION, pickle.dumps(question))
        answer = pickle.load(sys.stdin.buffer)
        self.alarm(True)
        return answer

    def alarm(self, on: bool) -> None:
        if hasattr(signal, "alarm"):
            signal.alarm(int(self._seconds) + GRACE if on else 0)


_wire: _Wire | None = None


def _serve() -> None:
    """The life of a worker's process: items in on stdin, answers out on what was stdout, until stdin ends."""
    global _wire
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not fall among the answers
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    function, seconds, room, parent = pickle.load(sys.stdin.buffer)
    _end_with(parent)
    _confine(room)
    _wire = _Wire(answers, seconds)
    while True:
        try:
            item = pickle.load(sys.stdin.buffer)
        except EOFError:
            return
        _wire.alarm(True)
        kind = ANSWER
        try:
            answer = pickle.dumps(("", function(item)))
        except MemoryError:
            kind, answer = TOO_MUCH, b""
        except Exception as error:
            answer = pickle.dumps((FAILED, f"{type(error).__name__}: {error}"))
        _wire.alarm(False)
        _wire.send(kind, answer)


def _end_with(parent: int) -> None:
    """This process ends when its parent does, however that ends (Linux; elsewhere when it next reads, or by its alarm)."""
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
        if os.getppid() != parent:  # it ended before it could be told of
            os._exit(1)


def _confine(room: Room) -> None:
    """Bounds what this process may take of the machine."""
    try:
        import resource
    except ImportError:  # Windows
        return
    bounds = {resource.RLIMIT_CORE: 0}
    if room != NO_LIMIT:
        bounds |= {resource.RLIMIT_FSIZE: 0, resource.RLIMIT_NOFILE: FILES}
    if room.memory_mb and sys.platform == "linux":
        bounds[resource.RLIMIT_AS] = (room.memory_mb + HEADROOM_MB) * 2**20
    for kind, most in bounds.items():
        hard = resource.getrlimit(kind)[1]
        resource.setrlimit(kind, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))
