"""What a file is by its bytes, held against what its name says."""

from __future__ import annotations

import re
import tomllib
import zipfile
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any

from ingest.fetching.faults import Fault, Wrong

MEMBERS = 20_000
"""Parts that a zip may have; a large Word document has hundreds."""
HTML = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|title|meta|div|p|h1)\b",
    re.IGNORECASE | re.DOTALL,
)


@cache
def data() -> dict[str, Any]:
    """data/kinds.toml."""
    return tomllib.loads((Path(__file__).parent / "data" / "kinds.toml").read_text("utf-8"))


def suffix(file: PurePosixPath) -> str:
    """The suffix of a file by its name, in lower case; empty where it has none that is known."""
    found = file.suffix.lower()
    return found if found in data()["suffixes"] or found in data()["left"] else ""


def kind(head: bytes) -> str:
    """What the first bytes of a file tell: a kind of kinds.toml, where a zip may be any of the kinds in one."""
    if HTML.match(head):
        return "html"
    for name, signature in data()["signatures"].items():
        # a PDF may have a little before its mark, and often does
        if signature.encode("latin-1") in (head[:1024] if name == "pdf" else head[: len(signature)]):
            return name
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):  # UTF-16
        return "text"
    return "text" if head and b"\0" not in head and not _binary(head) else "unknown"


def check(head: bytes, expected: str) -> None:
    """Raises Wrong where a file that begins so is not what its suffix says. Without a suffix all known kinds do."""
    if not head:
        raise Wrong("filen er tom")
    found = kind(head)
    if expected:
        allowed = data()["suffixes"][expected]
        fits = found in allowed or (found == "zip" and allowed[0] in data()["parts"])
    else:
        fits = found in {"zip"}.union(*data()["suffixes"].values())
    if not fits:
        raise Wrong(_differs(found, expected))


def settle(path: Path, expected: str, type_: str, unpacked_mb: int) -> str:
    """The suffix that a whole file should have. Raises Wrong where it isn't what its name says, Fault where it is a bomb."""
    with path.open("rb") as file:
        found = kind(file.read(4096))
    if found == "zip":
        found = _inside(path, unpacked_mb)
    suffixes = data()["suffixes"]
    if expected:
        if found not in suffixes[expected]:
            raise Wrong(_differs(found, expected))
        return expected
    if found == "zip":
        raise Wrong(data()["left"][".zip"])
    known_by_type = data()["types"].get(type_) if found == "ole" else None
    return known_by_type or next(suffix for suffix, kinds in suffixes.items() if found in kinds)


def _inside(path: Path, unpacked_mb: int) -> str:
    """Which kind a zip is by what it has in it, without unpacking any of it.

    The stated sizes are counted: the readers of these files unpack no more than is stated.
    """
    try:
        with zipfile.ZipFile(path) as packed:
            members = packed.infolist()
    except Exception as error:  # zipfile meets a broken file with errors of many kinds
        raise Wrong("filen er skadet: den kan ikke pakkes ut") from error
    if len(members) > MEMBERS or sum(member.file_size for member in members) > unpacked_mb * 2**20:
        raise Fault(f"filen pakker ut til mer enn {unpacked_mb} MB (fetch.unpacked_mb i config.toml)")
    if any(member.flag_bits & 1 for member in members):
        raise Wrong("filen er låst med passord")
    names = [member.filename for member in members]
    return next((kind for kind, part in data()["parts"].items() if any(name.startswith(part) for name in names)), "zip")


def _binary(head: bytes) -> bool:
    return sum(byte < 9 or 13 < byte < 32 for byte in head) > len(head) / 50


def _differs(found: str, expected: str) -> str:
    names = data()["names"]
    if not expected:
        return f"filen er {names[found]}, og slike leses ikke"
    return f"filen er ikke {names[data()['suffixes'][expected][0]]}, som navnet sier, men {names[found]}"
