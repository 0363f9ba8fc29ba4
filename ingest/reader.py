"""Documents read in processes of their own, with limits on what each may cost: what is wrong with one costs nothing else."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from errors import FouError, UnreadableDocument
from ingest import workers
from shown import number, one_line

if TYPE_CHECKING:
    from ingest.pipeline import Progress
    from ingest.report import Page, Report
    from settings import Settings

UNUSED = ("sklearn", "scipy")  # nltk loads them where they are there: two seconds and half of the memory, for nothing here
AGAIN = "åpne den i programmet den er laget i, lagre den på nytt, og prøv igjen"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a document was not read, in one sentence. `lasting`: it will be so until the document or a limit changes."""

    reason: str
    lasting: bool = True


def reports(
    paths: Sequence[Path], settings: Settings, progress: Progress | None = None
) -> Iterator[tuple[Path, Report | Refusal]]:
    """Each document in turn, as a Report or with the reason why it is none; as many side by side as there are cores."""
    yield from _each("report", [(path, "") for path in paths], settings, progress)


def report(path: Path, settings: Settings, progress: Progress | None = None) -> Report:
    """One document. Raises UnreadableDocument with the reason."""
    return _one("report", path, "", settings, progress)


def pages(
    path: Path, settings: Settings, progress: Progress | None = None, language: str = ""
) -> tuple[tuple[Page, ...], list[str]]:
    """The pages of one document with their letters put right, and the notices. Raises UnreadableDocument with the reason."""
    return _one("pages", path, language, settings, progress)


def told(error: Exception) -> str:
    """What went wrong with a document, in one sentence."""
    if isinstance(error, FouError):
        return one_line(error)
    if isinstance(error, OSError):
        return f"filen kan ikke åpnes ({error.strerror}); se til at den finnes og kan leses"
    return one_line(f"uventet feil i lesingen ({type(error).__name__}: {error}); meld gjerne fra, med filen")


def _one(what: str, path: Path, language: str, settings: Settings, progress: Progress | None) -> Any:
    ((_, found),) = _each(what, [(path, language)], settings, progress)
    if isinstance(found, Refusal):
        raise UnreadableDocument(found.reason)
    return found


def _each(
    what: str, jobs: Sequence[tuple[Path, str]], settings: Settings, progress: Progress | None
) -> Iterator[tuple[Path, Any]]:
    limits = settings.limits
    room = workers.Room(limits.memory_mb, limits.output_mb)
    service = _pictures(settings, progress)
    chore = partial(READ[what], settings)
    for (path, _), found in workers.in_order(chore, jobs, limits.document_seconds, room=room, service=service):
        if isinstance(found, workers.Failure):
            yield path, Refusal(_failed(found, settings))
        elif found[0]:
            yield path, found[1]
        else:
            yield path, Refusal(*found[1:])


def _failed(failure: workers.Failure, settings: Settings) -> str:
    limits = settings.limits
    if failure.why == workers.LATE:
        return f"ikke ferdig på {number(limits.document_seconds)} sekunder (limits.document_seconds i config.toml); {AGAIN}"
    if failure.why == workers.MEMORY:
        return f"brukte mer enn {number(limits.memory_mb)} MB minne (limits.memory_mb i config.toml); {AGAIN}"
    if failure.why == workers.OUTPUT:
        return f"over grensen på {number(limits.output_mb)} MB tekst (limits.output_mb i config.toml); del den opp"
    if failure.why == workers.CRASHED:
        return f"skadet fil: lesingen stanset brått; {AGAIN}"
    return one_line(f"uventet feil i lesingen ({failure.detail}); meld gjerne fra, med filen")


def _pictures(settings: Settings, progress: Progress | None) -> workers.Service:
    """Reads the pages from their picture that a reader asks for: here, so that no process has children of its own, and for two
    documents at a time, with no more pages at work than there are cores."""
    from ingest import ocr
    from ingest.pipeline import no_progress

    few, gate = threading.Semaphore(2), threading.Semaphore(workers.cores())
    shown = no_progress if progress is None or ocr.lacking(settings) else progress

    def service(job: tuple[Path, str], question: Any, stop: threading.Event) -> Any:
        most = settings.limits.pages
        numbers = list(dict.fromkeys(n for n in question[:most] if type(n) is int and 0 < n <= most))
        while not few.acquire(timeout=workers.LOOK):
            if stop.is_set():
                raise workers.Stopped
        try:
            with shown(len(numbers), "Leser skannede sider") as step:
                return ocr.read_pages(job[0], numbers, settings, step, stop, gate)
        finally:
            few.release()

    return service


def _guarded(read: Callable[[Path, str, Settings], Any], settings: Settings, job: tuple[Path, str]) -> tuple[Any, ...]:
    """In a process of its own: (True, what was read) or (False, the reason, whether it lasts)."""
    for name in UNUSED:
        sys.modules.setdefault(name, None)  # type: ignore[arg-type]
    path, language = job
    try:
        return True, read(path, language, settings)
    except MemoryError:
        raise
    except Exception as error:
        return False, told(error), not isinstance(error, OSError)


def _report(path: Path, _: str, settings: Settings) -> Report:
    from ingest import pipeline

    return pipeline.read(path, settings, read_anew=_asked)


def _pages(path: Path, language: str, settings: Settings) -> tuple[tuple[Page, ...], list[str]]:
    from ingest import pipeline

    notices: list[str] = []
    found = pipeline.extracted(path, settings, notices.append, language=language, read_anew=_asked)
    return found.pages, notices


def _asked(path: Path, numbers: Sequence[int], *_: Any) -> Any:
    return workers.ask(list(numbers))


READ: dict[str, Callable[..., tuple[Any, ...]]] = {"report": partial(_guarded, _report), "pages": partial(_guarded, _pages)}
