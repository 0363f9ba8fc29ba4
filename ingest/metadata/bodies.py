"""Names of institutes, firms and authorities brought to one form; the register is data/bodies.toml."""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

DATA = Path(__file__).parent / "data" / "bodies.toml"


class Found(NamedTuple):
    """A known body in a text: its one name, and the characters [start, end) it was met at."""

    name: str
    start: int
    end: int


def bodies_in(text: str) -> list[Found]:
    """The known bodies in `text`, in its order; of overlapping ones the longest."""
    exact, loose, names = _register()
    hits = [Found(names[m[1]], *m.span(1)) for m in exact.finditer(text)]
    hits += [Found(names[m[1].casefold()], *m.span(1)) for m in loose.finditer(text)]
    hits.sort(key=lambda hit: (hit.start - hit.end, hit.start))
    kept: list[Found] = []
    for hit in hits:
        if all(hit.end <= other.start or hit.start >= other.end for other in kept):
            kept.append(hit)
    return sorted(kept, key=lambda hit: hit.start)


def one_form(name: str, least: float = 0.5) -> str:
    """The register's form of a body's name where the name is little more than that body; else the name as it is.

    `least`: how much of its letters must be the body's. A list that says who did the work means just them, and may name two.
    """
    name = re.sub(r"[\s,;(]*\b(?:19|20)\d\d\)?[\s.]*$", "", name)  # the year that follows it
    name = re.sub(r"\s+", " ", name).strip(" .,;:–-")
    found = bodies_in(name)
    if found:
        covered = sum(hit.end - hit.start for hit in found)
        rest = re.sub(r"\b(?:AS|ASA|SA|og|ved|v/)\b|[\W_]", "", name)
        other = any(name[hit.end : hit.end + 1] == "s" for hit in found)  # «Civitas» is not Civita's
        if len({hit.name for hit in found}) == 1 and covered >= least * len(rest) and not other:
            return found[0].name
    return name


def _exact(form: str) -> bool:
    """Names of one word are told from ordinary words by their capital letters alone."""
    return " " not in form


@lru_cache(maxsize=1)
def _register() -> tuple[re.Pattern[str], re.Pattern[str], dict[str, str]]:
    names: dict[str, str] = {}
    exact: list[str] = []
    loose: list[str] = []
    for name, variants in tomllib.loads(DATA.read_text("utf-8")).items():
        for form in (name, *variants):
            if _exact(form):
                for spelt in {form, form.upper()} if len(form) > 5 else {form}:
                    exact.append(spelt)
                    names[spelt] = name
            else:
                loose.append(form)
                names[form.casefold()] = name
    return _pattern(exact), _pattern(loose, re.IGNORECASE), names


def _pattern(forms: list[str], flags: int = 0) -> re.Pattern[str]:
    longest_first = sorted(forms, key=len, reverse=True)
    return re.compile(r"(?<![\w-])(" + "|".join(re.escape(form) for form in longest_first) + r")(?=s?(?!\w)(?!-[a-zæøå]))", flags)
