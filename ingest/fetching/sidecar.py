"""entry.json: what is known of a report, where it comes from, and what became of each of its files."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

import whole
from shown import HALVES, one_line

NAME = "entry.json"
LARGEST = 16 * 2**20  # bytes; the largest known have some thousands
YEARS = range(1, 10_000)


@dataclass(frozen=True, slots=True)
class File:
    """A file of a report. It lies under `name` in the folder where `sha256` is there, also when a later try `failed`.

    `bytes` and `sha256` are of what lies there, `etag` and `modified` what the server said of it, `fetched` when it was
    transferred, `failed` why the last try gave nothing: a sentence for the user.
    """

    url: str
    name: str = ""
    role: str = "other"  # roles.ROLES
    bytes: int | None = None
    sha256: str = ""
    etag: str = ""
    modified: str = ""
    fetched: str = ""
    failed: str = ""


@dataclass(frozen=True, slots=True)
class Sidecar:
    """A report as it lies in its folder. Unknown texts are empty, unknown numbers None; times are UTC.

    `fetched` is when anything of this last changed, `gone` the day on which the source no longer had it, `asked` the
    questions that brought it, where a source is asked for a part of what it has.
    """

    source: str
    id: str
    number: str = ""
    title: str = ""
    date: str = ""
    year: int | None = None
    body: str = ""
    themes: tuple[str, ...] = ()
    summary: str = ""
    page: str = ""
    files: tuple[File, ...] = ()
    fetched: str = ""
    gone: str = ""
    asked: tuple[str, ...] = ()


def read(folder: Path) -> Sidecar | None:
    """The sidecar of a folder; None where there is none, or one that can't be understood, which is then made anew."""
    path = folder / NAME
    try:
        if not path.is_file() or path.stat().st_size > LARGEST:
            return None
        data = json.loads(path.read_text("utf-8"))
        if HALVES.search(json.dumps(data, ensure_ascii=False)):
            return None
        found = _made(Sidecar, data)
        return replace(
            found,
            themes=tuple(map(str, found.themes)),
            asked=tuple(map(str, found.asked)),
            files=tuple(_safe(_made(File, file)) for file in data["files"]),
        )
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None


def write(folder: Path, sidecar: Sidecar) -> None:
    """Lays the sidecar in the folder, whole or not at all. Its files should lie there before it says that they do."""
    whole.write(folder / NAME, json.dumps(asdict(sidecar), ensure_ascii=False, indent=2) + "\n")


def found(folder: Path) -> Iterator[tuple[Path, Sidecar]]:
    """All folders with a sidecar in and under a folder, in a steady order."""
    for path in sorted(folder.rglob(NAME)):
        if (sidecar := read(path.parent)) is not None:
            yield path.parent, sidecar


def unchanged(one: Sidecar, other: Sidecar) -> bool:
    """Are they the same but for the time?"""
    return replace(one, fetched="") == replace(other, fetched="")


def _made(kind: Any, data: Mapping[str, Any]) -> Any:
    """The object with the values of its kind; a key of a later version is left out."""
    values = {field.name: data[field.name] for field in fields(kind) if field.name in data}
    for field in fields(kind):
        value = values.get(field.name)
        if field.type == "str" and not isinstance(value or "", str):
            raise TypeError(field.name)
        if field.type == "int | None" and not (value is None or type(value) is int):
            raise TypeError(field.name)
    if values.get("year") is not None and values["year"] not in YEARS:
        raise ValueError("year")
    return kind(**values)


def _safe(file: File) -> File:
    """A name that leads out of the folder is no name; the file is then fetched anew."""
    inside = file.name and file.name == Path(file.name).name and not file.name.startswith(".") and file.name != NAME
    inside = inside and file.name == one_line(file.name)  # nor is one with controls, of which the worst is no path either
    return file if inside or not file.name else replace(file, name="", sha256="", bytes=None, etag="", modified="")
