"""A fetch from start to end: what the source has, each entry laid in its folder, and what is gone marked so."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import AbstractContextManager
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

import audit
import moments
import whole
from errors import FouError
from ingest import sources
from ingest.fetching import lock, names, sidecar
from ingest.fetching.cache import Cache
from ingest.fetching.faults import Cut, Fault
from ingest.fetching.laying import Laid, Task, keep, lay, today
from ingest.fetching.sidecar import Sidecar
from ingest.fetching.web import Web
from ingest.sources import Source
from ingest.sources.entry import Entry, Listing
from settings import Settings

Progress = Callable[[int, str], AbstractContextManager[Callable[[int], None]]]
Known = Sequence[tuple[Path, Sidecar]]
FEW = 10
"""More entries than this, and more than half of all, don't vanish from a source in one day."""


def fetch(name: str, ask: Mapping[str, str], settings: Settings, progress: Progress, limit: int | None = None) -> dict[str, Any]:
    """Fetches what is new from a source into corpus/NAME/; gives what `fetch --json` prints.

    `ask` has the values of the source's options, `limit` is the most entries. FouError where nothing can be asked for at
    all: then everything is as it was.
    """
    with audit.change(settings.folders.store, "fetch", source=name) as told:
        answer = _fetch(name, ask, settings, progress, limit)
        told |= answer["files"]
    return answer


def _fetch(name: str, ask: Mapping[str, str], settings: Settings, progress: Progress, limit: int | None) -> dict[str, Any]:
    began = time.monotonic()
    source, root = sources.source(name), settings.folders.corpus / name
    with Web(settings, Cache(settings.folders.store / "fetch" / name)) as web:
        listing, entries, all_of_it = _listed(name, source, web, ask, limit)
        with lock.alone(root) as killed:
            whole.sweep(root)
            known = list(sidecar.found(root)) if root.is_dir() else []
            tasks = _tasks(source, root, entries, known, killed)
            try:
                laid = _all_laid(tasks, name, source, web, progress)
                lost, doubt = _lost(listing, entries, known) if all_of_it else ([], "")
            finally:
                whole.sweep(root)
        answer = _answer(name, root.parent, laid, lost, doubt, web, began)
        whole.write(_last(name, settings), json.dumps({"at": moments.now(), **answer}, ensure_ascii=False, indent=2))
    return answer


def last(name: str, settings: Settings) -> dict[str, Any] | None:
    """What the last fetch from a source came to, as `fetch --json` printed it, and `at`, when it ended. None before the first."""
    try:
        return json.loads(_last(name, settings).read_text("utf-8"))
    except (OSError, ValueError):
        return None


def _last(name: str, settings: Settings) -> Path:
    return settings.folders.store / "fetch" / f"{name}.json"


def _listed(name: str, source: Source, web: Web, ask: Mapping[str, str], limit: int | None) -> tuple[Listing, list[Entry], bool]:
    """What the source lists, each entry once, and whether that is all of it."""
    try:
        listing = source.listing(web, ask)
        entries = list(islice(listing.entries, limit))
    except Fault as fault:
        raise FouError(f"Kan ikke hente fra {name}: {fault}; alt står som det var, så sjekk nettet og prøv igjen.") from fault
    return listing, list({entry.id: entry for entry in entries}.values()), limit is None or len(entries) < limit


def _tasks(source: Source, root: Path, entries: Sequence[Entry], known: Known, verify: bool) -> list[Task]:
    """A folder for each entry: the one it has, or a new one that no other has."""
    had: dict[str, tuple[Path, Sidecar]] = {}
    for folder, was in known:
        had.setdefault(was.id, (folder, was))
    taken = {folder for folder, _ in known}
    tasks = []
    for entry in entries:
        folder, was = had.get(entry.id) or (root / names.folder(source.place(entry)), None)
        if was is None and folder in taken:
            folder = folder.with_name(f"{folder.name}-{names.short(entry.id)}")
        taken.add(folder)
        tasks.append(Task(entry, folder, was, verify))
    return tasks


def _all_laid(tasks: Sequence[Task], name: str, source: Source, web: Web, progress: Progress) -> list[Laid]:
    """All entries, a few at a time. What has come is kept, whatever ends the run."""

    late: list[Laid] = []  # before any server has answered, a dead link can't be told from a net that is cut

    def one(task: Task) -> Laid:
        laid = lay(task, name, source, web)
        if web.reached:
            keep(laid)
        else:
            late.append(laid)
        return laid

    laid: dict[int, Laid] = {}
    with ThreadPoolExecutor(web.settings.at_once) as crew, progress(len(tasks), f"Henter fra {name}") as step:
        numbers = {crew.submit(one, task): number for number, task in enumerate(tasks)}
        try:
            for future in as_completed(numbers):
                laid[numbers[future]] = future.result()
                step(1)
        except BaseException:
            web.stop()
            crew.shutdown(wait=False, cancel_futures=True)
            raise
    if late and not web.reached and any(one.failed for one in late):
        raise Cut("Får ikke kontakt med noen av tjenerne; alt står som det var, så sjekk at maskinen er på nett, og prøv igjen.")
    for one_laid in late:
        keep(one_laid)
    return [laid[number] for number in sorted(laid)]


def _lost(listing: Listing, entries: Sequence[Entry], known: Known) -> tuple[list[Path], str]:
    """The folders of entries that the source has no longer, now marked so; or why none is believed to be gone."""
    listed = {entry.id for entry in entries}
    lost = [(folder, was) for folder, was in known if not was.gone and was.id not in listed and not listing.still(was)]
    if len(lost) > max(FEW, len(known) / 2):
        return [], f"kilden mangler {len(lost)} av {len(known)} som var der før, så ingen av dem er merket som borte"
    for folder, was in lost:
        sidecar.write(folder, replace(was, gone=today(), fetched=moments.now()))
    return [folder for folder, _ in lost], ""


def _answer(
    name: str, corpus: Path, laid: Sequence[Laid], lost: Sequence[Path], doubt: str, web: Web, began: float
) -> dict[str, Any]:
    def shown(folder: Path) -> str:
        return folder.relative_to(corpus).as_posix()

    failed = [{"entry": shown(one.task.folder), "url": url, "reason": why} for one in laid for url, why in one.failed]
    gone = [one.task.folder for one in laid if one.sidecar.gone and not (one.task.was and one.task.was.gone)]
    return {
        "source": name,
        "entries": len(laid),
        "files": {
            "fetched": sum(one.fetched for one in laid),
            "unchanged": sum(one.unchanged for one in laid),
            "failed": len(failed),
        },
        "bytes": web.received,
        "failed": failed + ([{"entry": name, "url": "", "reason": doubt}] if doubt else []),
        "gone": [shown(folder) for folder in (*gone, *lost)],
        "seconds": round(time.monotonic() - began, 1),
    }
