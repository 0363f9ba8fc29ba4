"""The sources of the collection: what each has given, when it was last fetched, and what failed and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from urllib.parse import unquote

import streamlit as st

from index.search import Index
from shown import one_line
from ui.markup import element, escape, joined
from ui.session import Room
from ui.visitor import begin, may_edit
from upkeep import jobs
from upkeep import sources as known
from upkeep.sources import Failure

FIRST = 20  # failures shown of each kind before the rest is asked for


def panel(room: Room, index: Index | None) -> None:
    texts, settings = room.texts, room.settings
    st.html(table(room, index))
    lists = {texts("upkeep.failures", source=name_of(room, name)): known.failures(name, settings) for name in known.WEB}
    lists[texts("upkeep.unread")] = known.unread(settings)
    told = "".join(failures(room, title, found) for title, found in lists.items() if found)
    if told:
        st.html(f'<section class="fou-failures">{told}</section>')
    elif any(known.last(name, settings) for name in known.WEB) or jobs.current(settings):
        st.html(element("p", texts("upkeep.all_well"), "fou-small"))
    if may_edit(room):
        _again(room)


def name_of(room: Room, source: str) -> str:
    """What a source is called; the name of its folder where the app has no better."""
    return room.texts.table.get(f"upkeep.source_{source}", source)


def table(room: Room, index: Index | None) -> str:
    """A row for each source: its reports, those with and without their text, and what its last fetch came to."""
    texts = room.texts
    cards = [card for card in index.cards() if card.kind == "document" and not card.main] if index else []
    reports, whole = (Counter(c.source for c in cards if c.fulltext or not only) for only in (False, True))
    there = known.names(room.settings)
    heads = {name: texts(f"upkeep.column_{name}") for name in ("source", "reports", "fulltext", "without", "last")}
    rows = ""
    for name in [*there, *(source for source in sorted(reports) if source not in there)]:
        count, full = reports[name], whole[name]
        cells = {"source": name_of(room, name), "reports": count, "fulltext": full, "without": count - full}
        first = element("th", cells.pop("source"), scope="row")
        numbers = "".join(element("td", value, **{"data-label": heads[key]}) for key, value in cells.items())
        rows += f'<tr>{first}{numbers}<td data-label="{escape(heads["last"])}">{_last(room, name)}</td></tr>'
    head = "".join(element("th", title, scope="col") for title in heads.values())
    return f'<table class="fou-table fou-sources"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'


def _last(room: Room, name: str) -> str:
    texts = room.texts
    last = known.last(name, room.settings)
    if last is None:
        return element("span", texts("upkeep.not_fetched" if name in known.WEB else "upkeep.by_hand"), "fou-quiet")
    files = texts("upkeep.files", fetched=last.fetched, unchanged=last.unchanged, failed=last.failed)
    gone = element("small", texts.count("upkeep.gone", last.gone)) if last.gone else ""
    return f"{escape(texts.moment(last.at))}{element('small', files)}{gone}"


def failures(room: Room, title: str, found: Sequence[Failure]) -> str:
    """All of them, folded: the first ones, and the rest behind one more click."""
    texts = room.texts
    rest = found[FIRST:]
    more = element("summary", texts.count("upkeep.rest", len(rest)))
    folded = f"<details>{more}<ul>{''.join(map(_failure, rest))}</ul></details>" if rest else ""
    items = "".join(map(_failure, found[:FIRST]))
    return f"<details><summary><h3>{escape(title)} ({len(found)})</h3></summary><ul>{items}</ul>{folded}</details>"


def _failure(one: Failure) -> str:
    web = one.url.startswith(("https://", "http://"))  # an address from outside may be of any kind
    name = element("a", one.name, href=one.url, rel="noopener noreferrer", target="_blank") if web else element("b", one.name)
    file = one_line(unquote(one.url.partition("?")[0].rpartition("/")[2])) if web else ""
    return f"<li>{name}<small>{joined(one.reason, file)}</small></li>"


def _again(room: Room) -> None:
    texts, job = room.texts, jobs.current(room.settings)
    busy = bool(job and job.running)
    st.button(
        texts("upkeep.again"), key="again", icon=":material/menu_book:", help=texts("upkeep.again_hint"), disabled=busy,
        on_click=begin, args=(room, lambda _: [jobs.READING]),
    )  # fmt: skip
    if not busy and (said := jobs.log(room.settings)):
        with st.expander(texts("upkeep.log")):
            st.code(said, language=None, wrap_lines=True)
