"""What is new in the collection: answers to saved questions, reports since a day, and the feed that tells of them elsewhere."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

import moments
from errors import FouError
from index import news
from index.filtering import described
from index.layout import Layout
from index.lists.saved import Checked, Saved
from index.newly import Found
from index.records import ReportCard
from index.search import Index
from ui import address, session, visitor
from ui.frame import notice
from ui.markup import cut_hit, element, escape, joined, plain
from ui.search import pages_text, private
from ui.session import Room

SPANS = (7, 30, 90, 365)  # days back
USUAL = 30
FIRST = 20  # reports shown before the rest is asked for
MEDIA = "application/atom+xml"


def panel(room: Room, index: Index | None) -> None:
    if index is None:
        st.html(element("p", room.texts("news.none"), "fou-small"))
        return
    try:
        _saved(room, index)
    except FouError as error:  # the lists may not be readable; what is new can be told all the same
        notice(room.texts("error.failed"), str(error), kind="warning")
    _since(room, index)
    _feed(room)


def _saved(room: Room, index: Index) -> None:
    texts, saved = room.texts, Saved.of(Layout.of(room.settings))
    questions = saved.questions()
    st.html(element("h3", texts("news.saved")))
    if not questions:
        st.html(element("p", texts("news.saved_none"), "fou-small"))
        return
    room.wait_for_model()
    key = (index.generation, tuple((one.id, one.mark) for one in questions))
    with st.spinner(texts("search.working"), show_time=False):
        checked: list[Checked] = session.once("saved_of", key, lambda: saved.check(index))
    for one in checked:
        _question(room, index, saved, one)
    if fresh := [one for one in checked if one.found]:
        label, do = texts("news.seen"), (lambda: saved.mark(fresh),)
        st.button(label, key="seen", icon=":material/done_all:", on_click=session.attempt, args=do)


def _question(room: Room, index: Index, saved: Saved, one: Checked) -> None:
    texts, asked = room.texts, one.question
    filters = described(asked.filters, index.titles(), lambda name, **values: texts(f"said.{name}", **values))
    href = address.link("", address.lasting(room.params), q=asked.question, **address.of_filters(asked.filters))
    count = texts.count("news.answers", len(one.found)) if one.found else texts("news.answers_none")
    mark = element("span", count, f"fou-state fou-{'covered' if one.found else 'open'}")
    found = "".join(f"<li>{_answer(room, asked.question, answer)}</li>" for answer in one.found)
    folded = f"<details><summary>{escape(texts('news.show'))}</summary><ul>{found}</ul></details>" if found else ""
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"saved_{asked.id}"):
        st.html(f"<p>{element('a', asked.question, href=href)} {mark}{element('small', filters) if filters else ''}</p>{folded}")
        name = plain(texts("news.remove_name", question=asked.question))
        st.button(
            texts("news.remove"), key=f"unsave:{asked.id}", type="tertiary", icon=":material/close:", help=name,
            on_click=session.attempt, args=(lambda: saved.remove(asked.id),),
        )  # fmt: skip


def _answer(room: Room, question: str, found: Found) -> str:
    card, hit = found.report, found.passage
    place = {"side": hit.page or None, "passasje": hit.id, "q": question}
    link = element("a", card.title, href=address.of_report(address.lasting(room.params), card.id, **place), lang=card.language)
    facts = f"<small>{private(room, card)}{joined(card.body, card.year, pages_text(room, hit))}</small>"
    return f'{link}{facts}<p class="fou-small" lang="{escape(card.language)}">{cut_hit(hit)}</p>'


def _since(room: Room, index: Index) -> None:
    """The reports first seen since the moment that the address says: so many days ago, or a date."""
    texts = room.texts
    asked = address.one(room.params, "siden") or f"{USUAL}d"
    try:
        moment = moments.since(asked)
    except FouError:  # anyone can write an address
        asked, moment = f"{USUAL}d", moments.since(f"{USUAL}d")
    options = [f"{days}d" for days in SPANS]
    st.session_state["since"] = asked if asked in options else None

    def back() -> None:
        session.go(room, siden=st.session_state["since"])

    found = news.since(index, moment)
    with st.container(horizontal=True, vertical_alignment="center", key="since_bar"):
        st.html(element("h3", texts("news.since", when=texts.day(moment))), width="content")
        st.segmented_control(
            texts("news.span"), options, key="since", on_change=back, label_visibility="collapsed",
            format_func=lambda option: texts(f"news.span_{option[:-1]}"),
        )  # fmt: skip
    st.html(_reports(room, found) if found else element("p", texts("news.none"), "fou-small"))


def _reports(room: Room, found: Sequence[ReportCard]) -> str:
    def items(cards: Sequence[ReportCard]) -> str:
        return "".join(f"<li>{_report(room, card)}</li>" for card in cards)

    rest = found[FIRST:]
    summary = element("summary", room.texts.count("upkeep.rest", len(rest)))
    folded = f"<details>{summary}<ul>{items(rest)}</ul></details>" if rest else ""
    count = element("p", room.texts.count("news.reports", len(found)), "fou-small", role="status")
    return f'{count}<div class="fou-failures"><ul>{items(found[:FIRST])}</ul>{folded}</div>'


def _report(room: Room, card: ReportCard) -> str:
    texts = room.texts
    link = element("a", card.title, href=address.of_report(address.lasting(room.params), card.id), lang=card.language)
    missing = "" if card.fulltext else texts("search.no_fulltext")
    facts = joined(texts("news.came", when=texts.day(card.seen)), card.body, card.year, missing)
    return f"{link}<small>{private(room, card)}{facts}</small>"


def _feed(room: Room) -> None:
    texts, feed = room.texts, Layout.of(room.settings).feed
    if not feed.is_file():
        return
    st.html(f"{element('h3', texts('news.feed'))}{element('p', texts('news.feed_hint'), 'fou-small')}")
    st.download_button(
        texts("news.feed_file"), session.made(room, feed.read_bytes), feed.name, MEDIA, key="feed", icon=":material/rss_feed:", on_click="ignore"
    )
    if visitor.at_this_machine():
        st.html(element("p", texts("news.feed_place"), "fou-small"))
        st.code(feed.as_uri(), language=None, wrap_lines=True)
