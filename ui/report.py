"""A report's own page: the original page with what was found marked, its text beside it, and all that is known of the report."""

from __future__ import annotations

from typing import NamedTuple

import streamlit as st

from errors import FouError, UsageError
from index.query import parse
from index.records import PassageHit, ReportView
from index.search import Index
from ui import address, facts, keep, session, viewer
from ui.drafts import drafts
from ui.frame import notice, titled
from ui.markup import Mark, chips, element, escape, excerpt, joined, marked
from ui.search import pages_text, place, private, verbatim
from ui.session import Room

HITS = 5  # places shown of a search within the report


def show(room: Room) -> None:
    index, texts = room.index(), room.texts
    asked = address.one(room.params, "rapport")
    if not asked:
        notice(texts("report.none_title"), texts("report.missing"), kind="warning")
        return
    try:
        view = index.report(asked)
    except FouError:
        notice(texts("report.none_title"), texts("report.gone_key"), kind="warning")
        return
    titled(room, view.card.title)
    key = view.card.id
    query = _question(room)
    literally = verbatim(room)
    hits: Hits | None = None
    named = address.number(room.params, "passasje")
    hit = index.passage(key, named, query, literally) if named else None  # shown before the model is ready
    if hit is None:  # none was named, or the base has been built anew since the address was made
        hits = within(room, index, key, query)
        hit = _unnamed(room, index, key, hits)
    number = address.number(room.params, "side") or (hit.page if hit else view.first_page)
    number = min(max(number, view.first_page), view.last_page)
    st.html(_head(room, view, query))
    if shelf := keep.shelf(room, index, asked_of(room)):
        with st.container(horizontal=True, gap="small", key="acts"):
            shelf.buttons(view.card, hit if named else None)
            shelf.choose()
    if not view.card.fulltext:
        _known(room, view)
        facts.draw(room, index, view, number)
        return
    left, right = st.columns([3, 2], gap="large")
    with left:
        pictured = viewer.draw(room, index, view, number, hit)
    inside = right.container()
    with right if pictured else left:
        viewer.text(room, index, view, number, hit, pictured)
    facts.draw(room, index, view, number)
    with inside:
        _field(room, query)
        if query:
            _places(room, view, within(room, index, key, query) if hits is None else hits, hit)


def _known(room: Room, view: ReportView) -> None:
    """Of a report whose text could not be had: that it is so, what its source says, and the way there."""
    texts = room.texts
    link = ""
    if view.url.startswith(("https://", "http://")):
        link = element("a", texts("report.at_source"), href=view.url, rel="noopener noreferrer", target="_blank")
    st.html(
        f'<section class="fou-notice fou-warning" role="status">{element("h2", texts("search.no_fulltext"))}'
        f'{element("p", texts("report.known_hint"))}{f"<p>{link}</p>" if link else ""}</section>'
    )


def asked_of(room: Room) -> keep.Asked:
    """The search by which the report was come to."""
    return keep.Asked(" ".join(address.one(room.params, "q").split()), address.filters(room.params))


def _question(room: Room) -> str:
    """What is asked of the report, in the field or by a draft; "" where it only says what not to find."""
    asked = drafts().ask(address.one(room.params, "utkast"), address.number(room.params, "ledd") or 0)
    text = " ".join((address.one(room.params, "inne") or address.one(room.params, "q") or asked).split())
    try:
        return parse(text).text and text
    except UsageError:
        return ""


class Hits(NamedTuple):
    """The places that come nearest to the question, and whether they are `poor`: no good answer."""

    places: tuple[PassageHit, ...] = ()
    poor: bool = False


def within(room: Room, index: Index, key: str, query: str) -> Hits:
    """What the report, and its projects, have on the question."""
    if not query:
        return Hits()
    room.wait_for_model()
    answer = index.search(query, HITS, address.Filters(reports=(key,)), verbatim=verbatim(room))
    hits = sorted((hit for result in answer.results for hit in result.passages), key=lambda hit: -hit.score)
    return Hits(tuple(hits[:HITS]), answer.no_answer)


def _unnamed(room: Room, index: Index, key: str, hits: Hits) -> PassageHit | None:
    """What to show where the address names no passage, nor a page: the best place for the question.

    With no question either, it is where a project stands in its document; a document begins at its first page.
    """
    if address.number(room.params, "side"):
        return None
    if hits.places:
        return hits.places[0]
    first = index.first_passage(key)
    return index.passage(key, first, "") if first else None


def _head(room: Room, view: ReportView, query: str) -> str:
    texts, card = room.texts, view.card
    back = ""
    if address.one(room.params, "q"):
        href = address.link("", address.kept(room.params))
        arrow = '<span aria-hidden="true">← </span>'
        back = f'<p class="fou-back"><a href="{escape(href)}">{arrow}{escape(texts("report.back"))}</a></p>'
    parent = ""
    above = view.parent or next((file for file in view.files if file.id == card.main), None)
    if above:
        href = address.of_report(room.params, above.id)
        told = texts("report.parent" if view.parent else "report.main")
        parent = f'<p class="fou-parent">{escape(told)}: {element("a", above.title, href=href)}</p>'
    name = texts.name_of(card.language) if card.language else ""
    facts = f"{private(room, card)}{joined(card.body, card.year, view.number, name)}"
    return (
        f'<div class="fou-title">{back}<h1 lang="{escape(card.language)}">{escape(card.title)}</h1>'
        f'<p class="fou-facts">{facts}</p>{chips(card.themes)}{parent}</div>'
    )


def _field(room: Room, query: str) -> None:
    """The field that searches this report alone."""
    texts = room.texts
    st.session_state["inside"] = query

    def ask() -> None:
        session.go(room, inne=st.session_state["inside"].strip(), passasje=None, side=None)

    with st.form("inside_form", border=False), st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.text_input(texts("report.inside"), key="inside", placeholder=texts("report.inside_placeholder"), max_chars=1000)
        st.form_submit_button(texts("search.button"), on_click=ask)


def _places(room: Room, view: ReportView, hits: Hits, chosen: PassageHit | None) -> None:
    texts = room.texts
    if not hits.places:
        st.html(f'<p class="fou-small">{escape(texts("report.inside_empty"))}</p>')
        return
    items = "".join(f"<li>{_place(room, view, hit, bool(chosen and hit.id == chosen.id))}</li>" for hit in hits.places)
    head = texts("report.inside_none" if hits.poor else "report.inside_hits")
    st.html(f'<section class="fou-hits"><h2>{escape(head)}</h2><ol>{items}</ol></section>')
    if len(hits.places) > 1:
        here = next((n for n, hit in enumerate(hits.places) if chosen and hit.id == chosen.id), -1)
        to = hits.places[(here + 1) % len(hits.places)]
        st.button(
            texts("report.next_hit"), key="next_hit", icon=":material/arrow_downward:",
            on_click=session.go, args=(room,), kwargs={"side": to.page, "passasje": to.id},
        )  # fmt: skip


def _place(room: Room, view: ReportView, hit: PassageHit, here: bool) -> str:
    start, end = hit.best if hit.best[1] - hit.best[0] <= 180 else excerpt(hit.text, (hit.best[0], hit.best[0]), 160)
    shown = marked(hit.text, [Mark(*span, "b") for span in hit.matches], start, end)
    mark = ' aria-current="true"' if here else ""
    href = place(room, view.card, hit, inne=address.one(room.params, "inne"))
    return (
        f'<a href="{escape(href)}"{mark}><span class="fou-page">{escape(pages_text(room, hit))}</span> '
        f'<span lang="{escape(view.card.language)}">{shown}{"" if end == hit.best[1] else " …"}</span></a>'
    )
