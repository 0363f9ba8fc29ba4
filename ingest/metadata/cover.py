"""Title and authors as a reader finds them on the cover: by size, place and neighbours."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from ingest.metadata.bodies import bodies_in
from ingest.metadata.front import Front, Row, label_of, labels
from ingest.metadata.names import known, people, people_at_start

LONGEST = 250  # characters of a title
ALIKE = 0.08  # share by which two lines of one title may differ in size: in a scan the size is measured, not stated

_JUNK = re.compile(
    r"^(?:microsoft (?:word|powerpoint|excel)\b.*|.*\.(?:docx?|pdf|indd|pptx?|xlsx?|odt|rtf|qxd)|"
    r"untitled.*|uten (?:navn|tittel).*|"
    r"(?:powerpoint[- ]presentasjon|dokument|document|presentasjon|lysbilde|slide|mal|rapportmal)\s*\d*|"
    r"[^\s]*[_\d][^\s]*|[\W\d]*)$",
    re.IGNORECASE,
)
_NOT_A_TITLE = re.compile(
    r"^(?:\d{1,4}|\W+|.*(?:https?://|www\.|@).*|(?:isbn|issn)\b.*|(?:vol|nr|no|side)\.?\s*\d.*|"
    r"(?:rapport|notat|report|[\w-]+-rapport|[\w-]+-notat)\s*(?:nr\.?|no\.?)?\s*[\d:/–-]+|"
    r"(?:(?:\d{1,2}\.\s*)?[a-zæøå]+\s+)?(?:19|20)\d\d|\d{1,2}\.\d{1,2}\.(?:19|20)?\d\d)$",
    re.IGNORECASE,
)
_PERIOD = re.compile(r"(?:19|20)\d\d\s*[-–]\s*(?:19|20)?\d\d$")
_VERB = re.compile(r"\b(?:vil|er|har|får|skal|må|kan|ble|blir|gir|vert|vart|gjer|viser|øker|sier|seier)\b")
_WRITTEN_BY = re.compile(
    r"\b(?:[Ss]krevet av|[Ss]krive av|[Ff]orfattet av|[Uu]tarbeidet av|[Uu]tarbeidd av|[Ff]orfattere?(?: er|ne er))\s+"
)


def title(front: Front, stated: Sequence[str], properties: Mapping[str, str]) -> str:
    """The title: as the report form states it, else the largest print of the cover, checked against the file's own.

    `stated` are the rows under the label «Tittel». Empty where nothing looks like a title.
    """
    own = " ".join(properties.get("title", "").split())
    own = "" if _JUNK.match(own) or _kind(own) else own
    form = tidy(" ".join(stated))
    if len(form.split()) >= 2:
        return form
    heading = next((row.text for row in front.first if row.level == 1), "")
    if heading:
        return tidy(heading)
    sizes = [row.size for row in front.cover if row.size]
    sized = bool(sizes) and max(sizes) > 1.1 * min(min(sizes), front.body_size or max(sizes))
    seen = tidy(_largest(front) if sized else _first_heading(front.cover))
    if not own:
        return seen
    cover = plain(" ".join(row.text for row in front.cover))
    if plain(own) == plain(seen) or (plain(seen) in plain(own) and plain(own) in cover):
        return tidy(own)  # the same, with the marks between its parts, or with more of it
    if sized and seen and max(row.size for row in front.cover) > 1.2 * front.body_size:
        return seen
    return tidy(own)


def tidy(text: str) -> str:
    """On one line, without quotes around it, a chapter number before it or marks after it."""
    text = " ".join(text.split())
    text = re.sub(r"^\d{1,2}\s+(?=[A-ZÆØÅ])", "", text)
    if re.fullmatch(r"[«»\"“”„'][^«»\"“”„]+[«»\"“”„']", text):
        text = text[1:-1]
    return text.strip(" *•|·–-:;,")[:LONGEST].strip()


def plain(text: str) -> str:
    """Letters and digits alone, for comparing."""
    return re.sub(r"[\W_]+", " ", text.casefold()).strip()


def _kind(text: str) -> bool:
    return plain(text) in {plain(kind) for kind in labels()["kinds"]}


def _groups(cover: Sequence[Row]) -> list[list[Row]]:
    """Neighbouring rows of one look, such as the lines of a title."""
    kept = [row for row in cover if not _NOT_A_TITLE.match(row.text) and not label_of(row.text)[0]]
    groups: list[list[Row]] = []
    for row in kept:
        last = groups[-1][-1] if groups else None
        if last and last.level == row.level and abs(last.size - row.size) <= max(0.6, ALIKE * last.size):
            groups[-1].append(row)
        else:
            groups.append([row])
    return groups


def _largest(front: Front) -> str:
    groups = [g for g in _groups(front.cover) if re.search(r"[^\W\d_]{4}", _text(g))]
    groups = [g for g in groups if not _body_alone(_text(g))] or groups
    if not groups:
        return ""
    first = max(groups, key=lambda g: (round(g[0].size), -g[0].top))
    if len(_text(first)) > LONGEST:
        return ""
    if not _kind(_text(first)):
        return _text(first)
    # «Arbeidsprogram» alone names no paper: its period goes with it, or else what is set next largest
    rows = list(front.cover)
    after = rows[rows.index(first[-1]) + 1 :][:1]
    if after and _PERIOD.match(after[0].text):
        return f"{_text(first)} {after[0].text}"
    usual = sorted(row.size for row in rows)[len(rows) // 2]
    rest = [g for g in groups if g is not first and g[0].size > max(usual, front.body_size) * 1.1 and len(_text(g)) <= LONGEST]
    rest = [g for g in rest if not _kind(_text(g)) and not people([row.text for row in g])]
    return _text(max(rest, key=lambda g: g[0].size)) if rest else _text(first)


def _text(group: Sequence[Row]) -> str:
    return " ".join(row.text for row in group)


def _body_alone(text: str) -> bool:
    found = bodies_in(text)
    return len(found) == 1 and found[0].end - found[0].start >= len(text) - 4


def _first_heading(cover: Sequence[Row]) -> str:
    """Where no row tells its size: the first short row that is no sentence, and what it visibly goes on with."""
    heads = [i for i, row in enumerate(cover[:12]) if _heading(row.text)]
    if not heads:
        return ""
    at = heads[0]
    head = cover[at].text
    following = cover[at + 1] if at + 1 < len(cover) else None
    if following is not None and _heading(following.text):
        if re.search(r"[–:-]$", head) or following.block == cover[at].block != 0:
            return f"{head} {following.text}"
        if len(head.split()) <= 4 and _VERB.search(following.text):
            return following.text  # a headline under its kicker
    return head


def _heading(text: str) -> bool:
    words = text.split()
    return (
        len(words) <= 20
        and bool(re.match(r"[«\"“]?(?:\d+(?:\.\d+)*\.?\s+)?[A-ZÆØÅ]", text))
        and not re.search(r"[.;,:]$", text)
        and not _NOT_A_TITLE.match(text)
        and not label_of(text)[0]
        and not _kind(text)
        and not _body_alone(text)
        and len(re.findall(r"[^\W\d_]", text)) >= 5
    )


def authors(front: Front, stated: Sequence[Sequence[str]], title: str) -> tuple[str, ...]:
    """The authors: as labelled, as a run of names on the cover, or as the foreword says the text is written by."""
    for rows in stated:
        for end in range(len(rows), 0, -1):
            found = people(rows[:end])
            if found:
                return found
    return _on_cover(front.cover, title) or _in_text(front.first)


def _on_cover(cover: Sequence[Row], title: str) -> tuple[str, ...]:
    led_by_another = False
    run: list[Row] = []
    for row in [*cover, Row("", 0)]:
        kinds, value = label_of(row.text)
        names = () if plain(row.text) in plain(title) and title else people([re.sub(r"^[Aa]v:?\s+", "", row.text)])
        shaped = bool(names) or (bool(run) and bool(_SHAPE.match(row.text)) and not bodies_in(row.text))
        if shaped and not led_by_another and (not run or abs(run[-1].size - row.size) < 0.6):
            run.append(row)
            continue
        if run:
            found = people([re.sub(r"^[Aa]v:?\s+", "", r.text) for r in run])
            if found and any(known(name) for name in found):
                return found
            run = []
        led_by_another = (bool(kinds) and not value) or (led_by_another and shaped)
    return ()


_SHAPE = re.compile(r"[A-ZÆØÅ][\w’'.-]+(?:\s+[A-ZÆØÅ][\w’'.-]*){1,4}$")


def _in_text(rows: Sequence[Row]) -> tuple[str, ...]:
    for i, row in enumerate(rows):
        match = _WRITTEN_BY.search(row.text)
        if match:
            text = row.text[match.end() :] + " " + " ".join(r.text for r in rows[i + 1 : i + 5] if r.page == row.page)
            found = people_at_start(text)
            if found:
                return found
    return ()
