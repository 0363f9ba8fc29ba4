"""References as BibTeX: @techreport, and @incollection for a project within a document; æ, ø and å as themselves."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from index.references.names import Name
from index.references.record import Reference, span

LANGUAGES = {"nb": "norsk", "nn": "nynorsk", "en": "english", "da": "danish", "sv": "swedish"}  # as babel calls them
_SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{sign: f"\\{sign}" for sign in "%&#$_"},
}
_LIGATURES = re.compile(r"(?<=-)(?=-)|(?<=`)(?=`)|(?<=')(?=')|(?<=[!?])(?=`)")  # -- would become a dash, '' a quote
_CAPITALS = re.compile(r"[^\W\d_]*[A-ZÆØÅÄÖÜÉ][^\W\d_]*")


def written(found: Sequence[Reference]) -> str:
    """The references, one entry each, with the report's own key: it stays the same whatever else is exported."""
    return "\n".join(f"@{kind}{{{key},\n{_body(one)}}}\n" for (kind, key), one in zip(_keys(found), found, strict=True))


def escaped(text: str) -> str:
    """A text that LaTeX sets as it is."""
    return _LIGATURES.sub("{}", "".join(_SPECIAL.get(sign, sign) for sign in text))


def _keys(found: Sequence[Reference]) -> Iterator[tuple[str, str]]:
    taken: set[str] = set()
    for one in found:
        key = plain = re.sub(r"[^A-Za-z0-9.:-]+", "-", one.key).strip("-.") or "x"
        number = 1
        while key.casefold() in taken:
            number += 1
            key = f"{plain}-{number}"
        taken.add(key.casefold())
        yield ("incollection" if one.container else "techreport"), key


def _body(one: Reference) -> str:
    part = bool(one.container)
    fields = {
        "title": _title(one.title),
        "booktitle": _title(one.container),
        "author": " and ".join(_name(creator) for creator in one.creators),
        "year": str(one.year) if one.year is not None else "",
        "publisher" if part else "institution": escaped(one.publisher),
        "type": "" if part else "Rapport",
        "number": escaped(one.number),
        "pages": span(*one.pages, dash="--") if one.pages else "",
        "isbn": escaped(one.isbn),
        "url": one.url,  # as it is: styles set it with \url
        "langid": escaped(LANGUAGES.get(one.language, one.language)),
        "keywords": escaped((", " if not any("," in theme for theme in one.themes) else "; ").join(one.themes)),
        "commissioner": escaped(one.commissioner),  # no style prints it
        "annote": escaped("\n\n".join(one.notes)),
    }
    return "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items() if value)


def _title(text: str) -> str:
    """Words with capitals in braces, for styles put the rest of a title in lower case."""
    first = True
    out, at = [], 0
    for match in _CAPITALS.finditer(text):
        out.append(escaped(text[at : match.start()]))
        plain = first and match.start() == 0 and not re.search(r"[A-ZÆØÅÄÖÜÉ]", match[0][1:])
        out.append(match[0] if plain else f"{{{match[0]}}}")
        first, at = False, match.end()
    return "".join((*out, escaped(text[at:])))


def _name(creator: Name) -> str:
    """A person as «Surname, Jr., Given»; a body in braces, so that it is never parted at «and» or a comma."""
    if not creator.given:
        return f"{{{escaped(creator.family)}}}"
    return ", ".join(escaped(part) for part in (creator.family, creator.suffix, creator.given) if part)
