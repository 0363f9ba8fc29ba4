"""The collection: all reports with their facts, to sort and to narrow down."""

from __future__ import annotations

import streamlit as st

from errors import FouError
from index.records import ReportCard
from ui import address, filters, keep, overview, session, upkeep
from ui.frame import notice
from ui.markup import element, escape
from ui.search import belongs, private
from ui.session import Room

STEP = 100  # rows shown at first and with each "more"
COLUMNS = {
    "title": ("tittel", lambda c: c.title.casefold()),
    "year": ("aar", lambda c: c.year or 0),
    "body": ("utforer", lambda c: c.body.casefold()),
    "themes": ("tema", lambda c: " ".join(c.themes).casefold()),
    "language": ("sprak", lambda c: c.language),
}
"""Each column: its name in the address, and what it is sorted by."""


def show(room: Room) -> None:
    texts = room.texts
    st.html(f'<div class="fou-title">{element("h1", texts("collection.title"))}{element("p", texts("collection.intro"))}</div>')
    try:
        index = room.index()
    except FouError:
        if not room.problem:
            upkeep.show(room, None)  # the way to fill it
        raise
    upkeep.show(room, index)
    chosen = filters.side(room, index)
    every = index.cards()
    st.html(_figures(room, every))
    if charts := overview.charts(room, index, chosen):
        st.html(charts)
    find, projects, mapped = _choices(room)
    cards = [c for c in index.cards(chosen) if (projects or c.kind == "document") and find.casefold() in c.title.casefold()]
    filters.active(room, index, chosen)
    if not cards:
        notice(texts("collection.empty"), texts("collection.empty_hint"))
        return
    if mapped:
        overview.plan(room, index, cards)
    column, falling = order(room.params)
    cards.sort(key=lambda c: c.title.casefold())
    cards.sort(key=COLUMNS[column][1], reverse=falling)
    cards.sort(key=lambda c: getattr(c, column) in ("", None, ()))  # what has no value comes last either way
    count = address.number(room.params, "antall", STEP)
    total = len(every) if projects else sum(c.kind == "document" for c in every)
    shown = texts("collection.shown", count=min(count, len(cards)), all=total)
    with st.container(horizontal=True, vertical_alignment="center", key="above"):
        st.html(element("p", shown, "fou-count", role="status"), width="content")
        if shelf := keep.shelf(room, index):
            shelf.together([card.id for card in cards], texts.count("collection.keep", len(cards)))
    st.html(table(room, cards[:count], {c.id: c for c in every}, column, falling))
    if len(cards) > count:
        st.button(texts("collection.more"), key="more", on_click=session.go, args=(room,), kwargs={"antall": count + STEP})


def order(params: address.Params) -> tuple[str, bool]:
    """The column to sort by, and whether from high to low; the newest first where the address says nothing."""
    asked = address.one(params, "sorter", "-aar")
    names = {name: column for column, (name, _) in COLUMNS.items()}
    return names.get(asked.removeprefix("-"), "year"), asked.startswith("-") or asked.lstrip("-") not in names


def _figures(room: Room, cards: list[ReportCard]) -> str:
    texts = room.texts
    projects = sum(c.kind == "project" for c in cards)
    years = [c.year for c in cards if c.year]
    bodies = {c.body for c in cards} - {""}
    figures = {"documents": len(cards) - projects, "projects": projects, "bodies": len(bodies)}
    if years:
        figures["span"] = filters.years_text(room, min(years), max(years))
    items = "".join(f"<li>{element('b', n)} {escape(texts(f'collection.{name}'))}</li>" for name, n in figures.items() if n)
    return f'<ul class="fou-figures">{items}</ul>'


def _choices(room: Room) -> tuple[str, bool, bool]:
    """What a title must have, whether projects are shown for themselves, and whether the map is."""
    texts = room.texts
    find, projects = address.one(room.params, "finn"), address.one(room.params, "prosjekter") != "0"
    mapped = address.one(room.params, "kart") == "1"
    st.session_state["find"], st.session_state["projects"], st.session_state["map"] = find, projects, mapped

    def set_find() -> None:
        session.go(room, finn=st.session_state["find"].strip(), antall=None)

    def set_projects() -> None:
        session.go(room, prosjekter=None if st.session_state["projects"] else 0, antall=None)

    def set_map() -> None:
        session.go(room, kart=1 if st.session_state["map"] else None)

    with st.container(horizontal=True, vertical_alignment="bottom", key="choices"):
        hint = texts("collection.find_placeholder")
        st.text_input(texts("collection.find"), key="find", on_change=set_find, max_chars=200, placeholder=hint)
        st.toggle(texts("collection.with_projects"), key="projects", on_change=set_projects)
        st.toggle(texts("collection.map"), key="map", on_change=set_map)
    return find, projects, mapped


def table(room: Room, cards: list[ReportCard], parents: dict[str, ReportCard], column: str, falling: bool) -> str:
    """The reports as a table; its headings are links that sort, the other way at the second click."""
    texts = room.texts
    heads = ""
    for name, (short, _) in COLUMNS.items():
        here = name == column
        # The natural first way: newest first, but texts from a to å
        turned = (not falling) if here else name == "year"
        href = address.link("samlingen", room.params, sorter=f"-{short}" if turned else short, antall=None)
        title = texts(f"collection.column_{name}")
        arrow = f'<span aria-hidden="true">{"↓" if falling else "↑"}</span>' if here else ""
        state = f' aria-sort="{"descending" if falling else "ascending"}"' if here else ""
        label = escape(texts("collection.sort", column=title))
        link = f'<a href="{escape(href)}" title="{label}">{escape(title)} {arrow}</a>'
        heads += f'<th scope="col" class="fou-{name}"{state}>{link}</th>'
    rows = "".join(f"<tr>{_row(room, card, parents.get(card.parent or card.main))}</tr>" for card in cards)
    return f'<table class="fou-table"><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>'


def _row(room: Room, card: ReportCard, parent: ReportCard | None) -> str:
    texts = room.texts
    lang = address.lasting(room.params)
    missing = "" if card.fulltext else texts("search.no_fulltext")
    href = address.of_report(lang, card.id)
    title = f'<a href="{escape(href)}">{escape(card.title)}</a>{private(room, card)}'
    under = "".join(f"<small>{escape(text)}</small>" for text in (belongs(room, card, parent), missing) if text)
    return (
        f'<td class="fou-title" lang="{escape(card.language)}">{title}{under}</td>'
        f'<td class="fou-year">{escape(str(card.year or ""))}</td><td class="fou-body">{escape(card.body)}</td>'
        f'<td class="fou-themes">{escape(", ".join(card.themes))}</td>'
        f'<td class="fou-language">{escape(texts.name_of(card.language))}</td>'
    )
