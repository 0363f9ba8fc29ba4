"""Names of people on a cover or in a foreword: by their shape, and by given names in data/given_names.txt."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from ingest.metadata.bodies import bodies_in

DATA = Path(__file__).parent / "data" / "given_names.txt"

_UPPER = "A-ZÆØÅÄÖÜÉÁČŠŽĐ"
_PART = rf"(?:[{_UPPER}][^\W\d_]*(?:[-’'][{_UPPER}]?[^\W\d_]+)*|[{_UPPER}]\.)"
_NAME = re.compile(rf"{_PART}(?:\s+(?:von|van|de|der|den|af|al|el|da|Mc)?\s?{_PART}){{1,4}}")
_BETWEEN = re.compile(r"\s*(?:,|;|/|&|\bog\b|\band\b|\n)\s*", re.IGNORECASE)
_TITLES = re.compile(r"^(?:dr\.|prof\.|professor|forsker|seniorforsker|stipendiat|førsteamanuensis)\s+", re.IGNORECASE)
_ROLE = re.compile(r"\s*(?:\([^)]*\)|,?\s*(?:\d|[*†])+|\b(?:\(?red\.\)?|mfl\.?|m\.fl\.?|et al\.?))\s*$")


def people(rows: Sequence[str]) -> tuple[str, ...]:
    """The people that a list of names states («Kari Ek, Ola Li og Per By», or one on each row); empty where a part is
    no name, or where no given name in it is known."""
    parts = [part for row in rows for part in _BETWEEN.split(row) if part.strip()]
    names = [_name(part) for part in parts]
    if not names or not all(names) or not any(known(name) for name in names):
        return ()
    return tuple(dict.fromkeys(names))


def people_at_start(text: str) -> tuple[str, ...]:
    """The people named at the start of a running text, up to the first words that are neither name nor their home
    («Kari Ek fra Oslo, Ola Li og Per By. Vi takker …» -> the three)."""
    sentence = re.split(r"(?<=[a-zæøå])[.](?:\s|$)", text, maxsplit=1)[0]
    found = []
    for part in re.split(r",|;|\bog\b|\band\b", sentence):
        part = part.strip()
        match = _NAME.match(part)
        if not match or not known(match[0]):
            break
        found.append(match[0])
        if len(part.split()) > len(match[0].split()) + 6:  # more than where they come from: the list is over
            break
    return tuple(dict.fromkeys(found))


def known(name: str) -> bool:
    """Whether the name begins with a given name that is on the list."""
    return re.split(r"[\s-]", name)[0].casefold() in _given()


def _name(part: str) -> str:
    part = _ROLE.sub("", _TITLES.sub("", part.strip(" .:–")))
    if part.isupper():
        part = re.sub(r"[^\W\d_]+", lambda m: m[0].capitalize(), part)
    if not _NAME.fullmatch(part) or bodies_in(part):
        return ""
    return " ".join(part.split())


@lru_cache(maxsize=1)
def _given() -> frozenset[str]:
    return frozenset(DATA.read_text("utf-8").casefold().split())
