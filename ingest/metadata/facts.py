"""Year, report number, ISBN, commissioner and performing body: what a report's first and last pages say."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from ingest.metadata.bodies import bodies_in, one_form
from ingest.metadata.front import Front, Row
from ingest.report import Page

EARLIEST = 1950
SPEAKS = 10  # times that a document says what its publisher wants, at least
_WANTS = re.compile(r"\s+(?:vil|går\s+inn\s+for|mener|meiner|ønsker|ønskjer|ynskjer)\b")
FOREWORD_PAGES, FOREWORD = 6, 3000  # pages, and characters of each, in which a report speaks of itself and not of others

_MONTH = (
    r"(?:jan(?:uar)?|feb(?:ruar)?|mars|april|mai|juni|juli|aug(?:ust)?|sept(?:ember)?|okt(?:ober)?|nov(?:ember)?|des(?:ember)?|"
    r"january|february|march|may|june|july|october|december|vår(?:en)?|haust(?:en)?|høst(?:en)?|sommer(?:en)?|vinter(?:en)?)\.?"
)
_YEAR = r"(?<![\d/.,–-])((?:19|20)\d\d)(?![\d/]|\s*[-–]\s*\d)"
_ANY_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?!\d|\s*[-–]\s*(?:19|20)?\d\d)")
_COPYRIGHT = re.compile(r"(?:©|\(c\)|\bcopyright\b|\bopphavsrett\b)", re.IGNORECASE)
_DATE = re.compile(
    rf"(?:\b\d{{1,2}}[. ]\s?)?\b{_MONTH}\s+((?:19|20)\d\d)(?!\d|\s*[-–])|\b\d{{1,2}}\.\s?\d{{1,2}}\.\s?((?:19|20)\d\d)\b",
    re.IGNORECASE,
)
_PLACE_AND_DATE = re.compile(
    rf"^[A-ZÆØÅ][\w ()–-]{{1,40}},\s*(?:den\s+)?(?:\d{{1,2}}[. ]\s*)?(?:{_MONTH}\s*)?(?:\d{{1,2}}\.\d{{1,2}}\.)?{_YEAR}\.?$",
    re.IGNORECASE,
)
_LONE_YEAR = re.compile(rf"^(?:.{{0,40}}[\s,]){_YEAR}\.?$|^{_YEAR}$")
_CITED = re.compile(
    r"\b(?:\w*lov(?:en|a|er|ene)?|\w*forskrift(?:en|a)?|\w*reform(?:en|a)?|meld|prop|innst|nou|jf|vedtatt|budsjett|perioden?|versjon av)\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(
    r"\b((?:[A-ZÆØÅ]{2,}[\w-]*[ -])?(?:[Rr]apport|RAPPORT|[Nn]otat|NOTAT|[Aa]rbeidsnotat|[Rr]eport|REPORT"
    r"|\w+-(?:rapport|notat)))"
    r"\s*(?:[Nn]r\.?|NR\.?|[Nn]o\.?|[Nn]ummer)?\s*:?\s*"
    r"((?:19|20)\d\d\s?[:/–-]\s?\d{1,4}|\d{1,4}\s?[:/–-]\s?(?:(?:19|20)?\d\d)|[A-Z]{0,3}-?\d{1,5})(?![\d.,]*\d)"
)
_ISBN = re.compile(r"\bISBN(?:-1[03])?(?:\s*\([^)]*\))?[\s:]*((?:97[89][\s-]?)?\d[\d\s-]{7,14}[\dXx])", re.IGNORECASE)
_ORDERED = re.compile(
    r"\b[Pp]å oppdrag (?:fra|frå|for|av|til)\s+(.+?)(?=\s+(?:har|er|ble|vart|blei|skal|vil|i perioden|gjennomført|gjennomførte|"
    r"utført|utarbeidet|"
    r"utarbeidd|for å|som|og (?:gjennomført|utført|skal|er)|av|ved|med|i (?:19|20)\d\d)\b|[.,;:()|]|$)"
)
_DONE_BY = re.compile(
    r"\b(?:[Rr]apporten|[Dd]enne|[Uu]ndersøkelsen|[Uu]ndersøkinga|[Ee]valueringen|[Ee]valueringa|"
    r"[Uu]tredningen|[Uu]tgreiinga|[Ss]tudien|[Nn]otatet)\b[^.]{0,60}?\b"
    r"(?:utført|gjennomført|utarbeidet|utarbeidd|skrevet|laget|laga|levert|evaluert) av\s+(.{3,120})",
    re.IGNORECASE,
)


def years_in(text: str) -> list[int]:
    """Years that a document can be of, not those of a period such as 2016-2019."""
    return [int(y) for y in _ANY_YEAR.findall(text) if EARLIEST <= int(y) <= date.today().year + 1]


def year(front: Front, stated: Iterable[Sequence[str]], number: str, properties: Mapping[str, str]) -> int | None:
    """The year of publication: labelled, by the ©, on the cover, in the number, under the foreword, by the file, in turn."""
    cover = [row.text for row in front.cover if len(row.text) <= 80]
    texts = [row.text for row in front.first]
    for found in (
        [y for rows in stated for y in years_in(" ".join(rows[:1]))],
        [y for text in [*texts, *(row.text for row in front.last)] if _COPYRIGHT.search(text) for y in years_in(text)[-1:]],
        [y for text in cover if not _CITED.search(text) for y in _dated(text)],
        years_in(re.sub(r"[:/–-]", " ", number)),
        [y for text in texts if len(text) <= 60 for m in [_PLACE_AND_DATE.match(text)] if m for y in years_in(m[0])],
        years_in(properties.get("published", "") or properties.get("date", "")),
        [int(y) for y in re.findall(r"^((?:19|20)\d\d)", properties.get("created", ""))],
    ):
        if found:
            return found[0]
    return None


def _dated(text: str) -> list[int]:
    """Years of a cover's row that is a date, a place with a year, or ends in one."""
    matches = [*_DATE.finditer(text), *(m for m in [_PLACE_AND_DATE.match(text), _LONE_YEAR.match(text)] if m)]
    return [y for m in matches for y in years_in(m[0])]


def number(front: Front, stated: Iterable[Sequence[str]]) -> str:
    """The report's number as it is printed: "12/2019", "TØI rapport 1500/2016" -> "1500/2016"."""
    for rows in stated:
        match = re.match(r"[\w./:–-]*\d[\w./:–-]*", rows[0].strip())
        if match:
            return match[0].strip(".:")
    for row in front.first:
        if row.page > front.first[0].page + 3 or len(row.text) > 80:
            continue
        match = _NUMBER.search(row.text)
        serial = match and re.search(r"[:/–-]|[Nn]r|NR|[Nn]o\b", match[0])
        if match and serial and row.text[: match.start()].count(" ") < 5:
            return re.sub(r"\s", "", match[2])
    return ""


def isbn(front: Front) -> str:
    """The first ISBN whose check digit is right, hyphens as printed; that of the PDF where both are given."""
    found = []
    for row in (*front.first, *front.last):
        for match in _ISBN.finditer(row.text):
            value = re.sub(r"[\s-]+", "-", match[1].strip())
            if sound_isbn(value):
                found.append((not re.search(r"pdf|elektronisk|online|digital", row.text, re.IGNORECASE), value))
        if re.fullmatch(r"97[89][\d -]{10,15}", row.text) and sound_isbn(row.text):
            found.append((True, re.sub(r"[\s-]+", "-", row.text)))
    return min(found, key=lambda pair: pair[0])[1] if found else ""


def sound_isbn(text: str) -> bool:
    """Whether the check digit fits (ISO 2108: weights 10..1 modulo 11, or 1 and 3 in turn modulo 10)."""
    digits = re.sub(r"[^\dXx]", "", text).upper()
    if re.fullmatch(r"\d{9}[\dX]", digits):
        return sum((10 - i) * (10 if c == "X" else int(c)) for i, c in enumerate(digits)) % 11 == 0
    return (
        bool(re.fullmatch(r"97[89]\d{10}", digits)) and sum(int(c) * (3 if i % 2 else 1) for i, c in enumerate(digits)) % 10 == 0
    )


def commissioner(front: Front, stated: Iterable[Sequence[str]]) -> str:
    """Who asked for the report: as labelled, else «på oppdrag fra …» on the first pages."""
    for rows in stated:
        if 0 < len(rows[0]) <= 100:
            return one_form(_until_end(rows))
    for text in _running(front.first):
        for match in _ORDERED.finditer(text):
            if re.match(r"[A-ZÆØÅ]", match[1]) and len(match[1].split()) <= 10:
                return one_form(match[1])
    return ""


def body(front: Front, stated: Iterable[Sequence[str]], ordered_by: str, title: str, properties: Mapping[str, str]) -> str:
    """Who did the work, or else published it: as labelled, as the text says, by the ©, on the cover, in running heads."""
    for rows in stated:
        found = [hit.name for row in rows[:3] for hit in bodies_in(row)]
        if found:
            return found[0]
        if len(rows) == 1 and re.match(r"[A-ZÆØÅ]", rows[0]) and len(rows[0].split()) <= 8:
            return one_form(rows[0])
    texts = _running(front.first)
    said = [m[1] for text in texts for m in _DONE_BY.finditer(text)]
    said += [text[m.end() : m.end() + 80] for text in texts for m in _ORDERED.finditer(text)]
    owned = [row.text for row in (*front.first, *front.last) if _COPYRIGHT.search(row.text)]
    cover = [row.text for row in front.cover if len(row.text) <= (60 if row.size else 0) or _alone(row.text)]
    heads = [text for text, times in Counter(row.text for row in front.first).items() if times >= 3 and len(text) <= 100]
    # a body that a title begins with owns the paper: «KS' arbeid for …»
    for rows, limit in ((said, 30), (owned, 99), (cover, 99), (heads, 99), ([title], 0), ([properties.get("author", "")], 99)):
        for text in rows:
            for hit in bodies_in(text):
                if hit.name != ordered_by and hit.start <= limit:
                    return hit.name
    return ""


def speaker(pages: Sequence[Page]) -> str:
    """The body that the whole document speaks for («Partiet vil …», on page after page): who publishes a programme that says so only
    in a picture. "" where no one does, or two of them."""
    said: Counter[str] = Counter()
    for page in pages:
        for hit in bodies_in(page.text):
            said[hit.name] += bool(_WANTS.match(page.text, hit.end))
    ranked = said.most_common(2)
    if not ranked or ranked[0][1] < max(SPEAKS, len(pages) / 4):
        return ""
    return ranked[0][0] if len(ranked) == 1 or ranked[0][1] >= 5 * ranked[1][1] else ""


def _alone(text: str) -> bool:
    found = bodies_in(text)
    return bool(found) and sum(hit.end - hit.start for hit in found) >= 0.6 * len(text)


def _until_end(rows: Sequence[str]) -> str:
    """A name over one or two rows."""
    first = rows[0]
    return f"{first} {rows[1]}" if len(rows) > 1 and re.search(r"(?:\bog|\bfor|[,–-])$", first) else first


def _running(rows: Sequence[Row]) -> list[str]:
    """Running text page by page, so that what is said across two rows is found; a bar parts the blocks."""
    pages: dict[int, str] = {}
    last: Row | None = None
    for row in rows:
        if row.page >= rows[0].page + FOREWORD_PAGES:
            break
        same = last is not None and last.page == row.page and last.block == row.block and abs(last.size - row.size) < 0.6
        pages[row.page] = pages.get(row.page, "") + (" " if same else " | ") + row.text
        last = row
    return [re.sub(r"(?<=[a-zæøå])- (?=[a-zæøå])", "", text[:FOREWORD]) for text in pages.values()]
