"""Names of folders and files made of what strangers wrote: safe on every system, and the same from run to run."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import PurePosixPath

NORWEGIAN = str.maketrans({"æ": "ae", "ø": "o", "å": "a", "ð": "d", "þ": "th", "ß": "ss", "ł": "l", "đ": "d", "œ": "oe"})
# names that Windows keeps for itself, and the sidecar's: NAME.json beside a document is taken for its metadata
RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d|entry)")


def slug(text: str, longest: int = 60) -> str:
    """The text in the letters a-z, figures and hyphens; empty where it has none of them."""
    letters = unicodedata.normalize("NFKD", text.casefold().translate(NORWEGIAN))
    name = re.sub(r"[^a-z0-9]+", "-", "".join(c for c in letters if not unicodedata.combining(c))).strip("-")
    if len(name) > longest:
        name = name[:longest].rpartition("-")[0] or name[:longest]
    return f"{name}-fil" if RESERVED.fullmatch(name) else name.strip("-")


def short(text: str) -> str:
    """Eight letters that tell two texts apart."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]


def folder(place: Iterable[str]) -> PurePosixPath:
    """A source's place for an entry, with each part of it made safe."""
    return PurePosixPath(*(slug(part) or "uten-navn" for part in place))


def stem(file: PurePosixPath) -> str:
    """The name of a file, without its suffix."""
    known = re.fullmatch(r"\.[A-Za-z0-9]{1,5}", file.suffix)
    return slug(file.stem if known else file.name, 80) or "fil"


def stems(files: Mapping[str, PurePosixPath], had: Mapping[str, str]) -> dict[str, str]:
    """A name for each file of an entry (address -> what it is called), no two alike; those that one had before stay.

    Names go by stem, so that the metadata file of one document (NAME.json) is not that of another.
    """
    given: dict[str, str] = {}
    taken: set[str] = set()
    for url in files:
        if had.get(url) and had[url] not in taken:
            given[url] = had[url]
            taken.add(had[url])
    for url, file in files.items():
        if url not in given:
            name, number = stem(file), 2
            while name in taken:
                name, number = f"{stem(file)}-{number}", number + 1
            given[url] = name
            taken.add(name)
    return given
