"""One entry laid in its folder: its page read, its files fetched, and the sidecar that says what became of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path, PurePosixPath

import moments
import whole
from errors import FouError
from ingest.fetching import kinds, names, sidecar
from ingest.fetching.faults import Fault, Missing, Stopped, Wrong
from ingest.fetching.sidecar import File, Sidecar
from ingest.fetching.web import Download, Web
from ingest.sources import Source, roles
from ingest.sources.entry import Details, Entry, Link

OFF_THE_PAGE = "filen er ikke lenger blant rapportens filer der den ble hentet"


@dataclass(frozen=True, slots=True)
class Task:
    """An entry, the folder it has, and what lies there. `verify`: are the files there to be read through first?"""

    entry: Entry
    folder: Path
    was: Sidecar | None = None
    verify: bool = False


@dataclass(frozen=True, slots=True)
class Laid:
    """What a task came to. `sidecar` is not written yet; `failed` are addresses with the reason."""

    task: Task
    sidecar: Sidecar
    fetched: int
    unchanged: int
    failed: tuple[tuple[str, str], ...]


def lay(task: Task, name: str, source: Source, web: Web) -> Laid:
    """Fetches what is new of an entry into its folder. What had been fetched stays where a new try gives nothing."""
    entry, was = task.entry, task.was or Sidecar(source=name, id=task.entry.id)
    had = {file.url: file for file in was.files}
    page_failed = ""
    try:
        details = source.details(web, entry)
    except Fault as fault:
        details, page_failed = Details(), str(fault)
    except (FouError, Stopped, OSError):
        raise
    except Exception as error:  # one page, whatever is wrong with it, does not end the run
        details, page_failed = Details(), f"uventet feil i lesingen ({type(error).__name__}: {error}); meld gjerne fra"
    links = roles.told(list({link.url: link for link in (*details.links, *entry.links)}.values()))
    linked = {link.url for link in links}
    off = [file for file in had.values() if file.url not in linked and file.sha256]
    called = {link.url: link.file for link in links} | {file.url: PurePosixPath(file.name) for file in off}
    stems = names.stems(called, {file.url: Path(file.name).stem for file in had.values() if file.name})
    files: list[File] = []
    fetched = 0
    missing = False
    most = web.settings.files_per_entry
    for number, link in enumerate(links[: most + 1]):
        old = had.get(link.url) or File(link.url)
        fetch = _Fetch(task, web, replace(old, role=link.role), link, stems[link.url], files)
        file = fetch.done(number < most)
        fetched += fetch.transferred
        missing = missing or (fetch.missing and link.url == entry.page)
        files.append(file)
    for link in links[most + 1 :]:  # a page that has grown takes away nothing that was fetched
        if (old := had.get(link.url)) and old.sha256:
            files.append(replace(old, role=link.role, failed=files[-1].failed))
    failed = [(file.url, file.failed) for file in files if file.failed]
    unchanged = sum(bool(file.sha256 and not file.failed) for file in files) - fetched
    files += (file if page_failed else replace(file, failed=OFF_THE_PAGE) for file in off)
    if page_failed:
        failed.append((entry.page, page_failed))
        files.append(File(entry.page, failed=page_failed))
    first: dict[str, str] = {}  # a file that two addresses have come to share is kept under the first one's name
    files = [replace(file, name=first.setdefault(file.sha256, file.name)) if file.sha256 else file for file in files]
    new = Sidecar(
        source=name,
        id=entry.id,
        number=entry.number,
        title=entry.title,
        date=entry.date,
        year=entry.year,
        body=entry.body,
        themes=entry.themes,
        summary=details.summary or (was.summary if page_failed else "") or entry.summary,
        page=entry.page,
        files=tuple(files),
        fetched=was.fetched,
        gone=(was.gone or today()) if missing and any(file.sha256 for file in files) else "",
        asked=tuple(sorted({*was.asked, entry.asked} - {""})),
    )
    return Laid(task, new, fetched, unchanged, tuple(failed))


def keep(laid: Laid) -> None:
    """Writes the sidecar where it has anything new, and removes the files of the old one that the new one has no use for."""
    task = laid.task
    if task.was is not None and sidecar.unchanged(task.was, laid.sidecar):
        return
    in_use = {file.name for file in laid.sidecar.files}
    old = {file.name for file in task.was.files if file.name} - in_use if task.was else set()
    put_away = [whole.put_away(task.folder / name) for name in sorted(old)]  # so that a kill here leaves no stray document
    sidecar.write(task.folder, replace(laid.sidecar, fetched=moments.now()))
    for path in put_away:
        path.unlink(missing_ok=True)


def today() -> str:
    return datetime.now().astimezone().date().isoformat()


class _Fetch:
    """One file of an entry, from what is known of it to what is known of it now."""

    def __init__(self, task: Task, web: Web, file: File, link: Link, stem: str, others: Sequence[File]) -> None:
        self._folder, self._web, self._link, self._stem, self._others = task.folder, web, link, stem, others
        self._suffix = kinds.suffix(link.file)
        self._file = file
        was = task.was.files if task.was else ()
        self._kept = [other for other in was if other.url != link.url and other.sha256 and (task.folder / other.name).is_file()]
        self._taken = {other.name for other in (*self._kept, *others) if other.sha256}
        if file.sha256 and not self._lies(task.verify):
            self._file = replace(file, name="", bytes=None, sha256="", etag="", modified="")
        self.transferred = False
        self.missing = False

    def done(self, within_limit: bool) -> File:
        left: Mapping[str, str] = kinds.data()["left"]
        if self._suffix in left:
            return self._without(left[self._suffix])
        if not within_limit:
            most = self._web.settings.files_per_entry
            return self._without(f"denne og resten er over grensen på {most} filer (fetch.files_per_entry i config.toml)")
        file = self._file
        try:
            got = self._web.download(self._link.url, self._folder, self._check, file.etag, file.modified)
            if got is not None:
                return self._placed(got)
        except Wrong as wrong:
            return self._without(str(wrong), wrong.etag, wrong.modified)
        except Fault as fault:
            self.missing = isinstance(fault, Missing)
            return self._without(str(fault))
        return replace(file, failed="") if file.sha256 else file  # what was refused is still what it was

    def _check(self, head: bytes, _: str) -> None:
        kinds.check(head, self._suffix)

    def _placed(self, got: Download) -> File:
        """The file that came, under its name; or the one that lies here already, where it is the same."""
        try:
            suffix = kinds.settle(got.path, self._suffix, got.type, self._web.settings.unpacked_mb)
            new = replace(self._file, bytes=got.bytes, sha256=got.sha256, etag=got.etag, modified=got.modified, failed="")
            if got.sha256 == self._file.sha256:
                return new
            self.transferred = True
            twin = next((file for file in (*self._others, *self._kept) if file.sha256 == got.sha256), None)
            name = twin.name if twin else self._free(suffix)
            if twin is None:
                whole.move(got.path, self._folder / name)
            return replace(new, name=name, fetched=moments.now())
        except Wrong as wrong:
            wrong.etag, wrong.modified = got.etag, got.modified
            raise
        finally:
            with suppress(FileNotFoundError):
                got.path.unlink()

    def _free(self, suffix: str) -> str:
        """A name that no other address's file has: it may be the only copy of what that one had."""
        name, number = f"{self._stem}{suffix}", 1
        while name in self._taken:
            number += 1
            name = f"{self._stem}-{number}{suffix}"
        return name

    def _without(self, reason: str, etag: str = "", modified: str = "") -> File:
        """Nothing new came. Validators of what is refused are kept, so that it isn't sent again as long as it is the same."""
        if self._file.sha256:
            return replace(self._file, failed=reason)
        return replace(self._file, failed=reason, etag=etag, modified=modified)

    def _lies(self, verify: bool) -> bool:
        """Is the file that the sidecar tells of in the folder?"""
        file, path = self._file, self._folder / self._file.name
        if any(other.name == file.name and other.sha256 != file.sha256 for other in self._others):
            return False  # another address brought a new one under that name
        if not path.is_file() or path.stat().st_size != file.bytes:
            return False
        if not verify:
            return True
        return whole.sha256(path) == file.sha256
