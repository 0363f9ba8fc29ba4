"""Litteraturliste: the named lists, with what was said of each report and passage, as references to take home; and the search log."""

from __future__ import annotations

import re

import streamlit as st

from errors import FouError
from index.filtering import described
from index.layout import Layout
from index.lists import LONGEST, Lists, log, sharing
from index.lists.again import Again, as_references, found_again
from index.lists.records import ORDERS, Item, Kept
from index.references import FORMATS, apa, exported
from index.references.record import Reference
from index.search import Index
from ui import address, keep, session
from ui.frame import notice
from ui.markup import element, escape, joined, plain
from ui.search import private
from ui.session import Room

STEP = 50  # items shown at first and with each "more"
LARGEST = 5_000_000  # bytes of a list's file
MOVES = (("up", -1, ":material/arrow_upward:"), ("down", 1, ":material/arrow_downward:"))


def show(room: Room) -> None:
    texts, index = room.texts, room.index()
    st.html(f'<div class="fou-title">{element("h1", texts("lists.title"))}{element("p", texts("lists.intro"))}</div>')
    try:
        _lists(room, index)
        _log(room, index)
    except FouError as error:  # the search may be whole though the lists can't be read or written
        notice(texts("error.failed"), str(error), kind="warning")


def _lists(room: Room, index: Index) -> None:
    texts, lists = room.texts, Lists.of(Layout.of(room.settings))
    names = [name for name, _ in lists.names()]
    if names:
        kept = lists.get(keep.current(room, names))
        if (asked := address.one(room.params, "liste")) and asked.casefold() != kept.name.casefold():
            notice(texts("lists.not_there", name=asked), texts("lists.not_there_hint", name=kept.name), kind="warning")
        _bar(room, lists, names, kept)
        if kept.items:
            found = as_references(index.snapshot, kept.items)
            _exports(room, kept, found)
            _items(room, lists, index, kept)
            _apa(room, found)
        else:
            notice(texts("lists.empty"), texts("lists.empty_hint"))
    else:
        notice(texts("lists.none"), texts("lists.none_hint"))
        with st.container(horizontal=True, key="list_bar"):
            _new(room, lists)


def _bar(room: Room, lists: Lists, names: list[str], kept: Kept) -> None:
    """Which list is shown, and what can be done with it as a whole."""
    texts = room.texts
    st.session_state["list"] = kept.name

    def take() -> None:
        session.go(room, liste=st.session_state["list"], antall=None)

    with st.container(horizontal=True, vertical_alignment="bottom", key="list_bar"):
        st.selectbox(texts("lists.choose"), names, key="list", on_change=take)
        with st.popover(texts("lists.change"), icon=":material/edit:", key=f"change:{kept.name}"):  # closed for another list
            _change(room, lists, kept)
        with st.popover(texts("lists.share"), icon=":material/ios_share:"):
            st.html(element("p", texts("lists.share_hint"), "fou-small"))
            data = sharing.written(kept)
            st.download_button(
                texts("lists.share_file"), data, f"{file_name(kept.name)}.fou.json", "application/json",
                icon=":material/download:", on_click="ignore", key="share",
            )  # fmt: skip
        _new(room, lists)
    if kept.comment:
        st.html(element("p", kept.comment, "fou-said"))


def _new(room: Room, lists: Lists) -> None:
    """A list of one's own, or one that another has shared."""
    with st.popover(room.texts("lists.new_or_file"), icon=":material/add:"):
        keep.new_list(room, lists, "list_new")
        file = st.file_uploader(room.texts("lists.take_in"), type="json", key=f"list_file_{st.session_state.get('taken_in', 0)}",
            max_upload_size=LARGEST // 1_000_000)
        if file is not None:
            try:
                if file.size > LARGEST:
                    raise FouError(room.texts("lists.too_large", size=LARGEST // 1_000_000))
                name = lists.insert(sharing.read(file.getvalue()))
            except FouError as error:
                st.error(plain(str(error)))
                return
            st.session_state["taken_in"] = st.session_state.get("taken_in", 0) + 1  # an empty field again
            session.go(room, liste=name, antall=None)
            st.rerun()


def _change(room: Room, lists: Lists, kept: Kept) -> None:
    texts = room.texts
    with st.form("list_change", border=False):
        st.text_input(texts("lists.name"), kept.name, key=f"name:{kept.name}", max_chars=LONGEST)
        st.text_area(texts("lists.comment"), kept.comment, key=f"comment:{kept.name}", height=100)

        def change() -> None:
            name, said = st.session_state[f"name:{kept.name}"], st.session_state[f"comment:{kept.name}"]

            def do() -> None:
                lists.rename(kept.name, name)
                lists.describe(name, said)
                session.go(room, liste=" ".join(name.split()))

            session.attempt(do)

        st.form_submit_button(texts("lists.save"), on_click=change)

    def delete() -> None:
        session.attempt(lambda: lists.delete(kept.name))
        session.go(room, liste=None, antall=None)

    st.html(element("p", texts.count("lists.delete_hint", len(kept.items)), "fou-small"))
    st.button(texts("lists.delete"), key="list_delete", icon=":material/delete:", on_click=delete)


def _exports(room: Room, kept: Kept, found: list[Reference]) -> None:
    texts = room.texts
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="exports"):
        st.html(element("p", texts("lists.export"), "fou-small"), width="content")
        for kind, form in FORMATS.items():
            st.download_button(
                texts(f"lists.as_{kind}"), session.made(room, lambda kind=kind: exported(found, kind)), f"{file_name(kept.name)}{form.ending}",
                form.media, key=f"export:{kind}", on_click="ignore", icon=":material/download:",
            )  # fmt: skip


def _items(room: Room, lists: Lists, index: Index, kept: Kept) -> None:
    texts = room.texts

    def sort() -> None:
        if by := st.session_state["list_sort"]:
            session.attempt(lambda: lists.sort(kept.name, by))
        st.session_state["list_sort"] = None  # it is done once, and says nothing of how the list stands later

    with st.container(horizontal=True, vertical_alignment="center", key="list_above"):
        st.html(element("p", texts.count("lists.items", len(kept.items)), "fou-count", role="status"), width="content")
        st.segmented_control(
            texts("lists.sort"), list(ORDERS), key="list_sort", on_change=sort, label_visibility="collapsed",
            format_func=lambda by: texts(f"lists.sort_{by}"),
        )  # fmt: skip
    count = address.number(room.params, "antall", STEP)
    for place, again in enumerate(found_again(index.snapshot, kept.items[:count])):
        with st.container(key=f"item_{again.item.id}", gap="small"):
            st.html(item_html(room, again))
            _item(room, lists, kept, again.item, place)
    if len(kept.items) > count:
        st.button(texts("collection.more"), key="more", on_click=session.go, args=(room,), kwargs={"antall": count + STEP})


def item_html(room: Room, again: Again) -> str:
    """A report or a passage in the list: what it is, and the way to it, or that the base no longer has it."""
    texts, item = room.texts, again.item
    reference, quote, card = item.reference, item.quote, again.report
    who = "; ".join(f"{creator.given} {creator.family}".strip() for creator in reference.creators)
    title, where = escape(reference.title), ""
    if card:
        place = {"side": again.page, "passasje": again.passage} if again.passage else {}
        href = escape(address.of_report(address.lasting(room.params), card.id, **place))
        title = f'<a href="{href}">{title}</a>'
        if quote:
            page = again.page or quote.page
            where = f'<p class="fou-where"><a class="fou-open" href="{href}">{escape(texts("search.page", page=page))}</a></p>'
    gone = "" if card else element("p", texts("lists.gone"), "fou-note fou-warning")
    said = f"<blockquote>{escape(quote.text)}</blockquote>" if quote else ""
    facts = f"{private(room, reference)}{joined(who, reference.year)}"
    lang = f' lang="{escape(reference.language)}"' if reference.language else ""
    return (
        f'<article class="fou-item"><h2{lang}>{title}</h2><p class="fou-facts">{facts}</p>'
        f"<div{lang}>{said}</div>{where}{gone}</article>"
    )


def _item(room: Room, lists: Lists, kept: Kept, item: Item, place: int) -> None:
    texts, key = room.texts, f"said:{item.id}"
    what = plain(item.reference.title)

    def say() -> None:
        session.attempt(lambda: lists.comment(kept.name, item.id, st.session_state[key]))

    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.text_input(texts("lists.said", title=what), item.comment, key=key, on_change=say, placeholder=texts("lists.said_hint"), label_visibility="collapsed")
        for name, by, icon in MOVES:
            st.button(
                texts(f"lists.{name}"), key=f"{name}:{item.id}", icon=icon, type="tertiary", disabled=not 0 <= place + by < len(kept.items),
                on_click=session.attempt, args=(lambda to=place + by: lists.move(kept.name, item.id, to),),
            )  # fmt: skip
        st.button(
            texts("lists.remove"), key=f"remove:{item.id}", icon=":material/close:", type="tertiary",
            on_click=session.attempt, args=(lambda: lists.remove(kept.name, item.id),),
        )  # fmt: skip


def _apa(room: Room, found: list[Reference]) -> None:
    texts = room.texts
    title = element("h2", texts("lists.apa"))
    st.html(f'<section class="fou-block fou-apa" lang="nb">{title}{apa.html(found)}</section>')
    with st.expander(texts("lists.apa_plain")):
        st.code(apa.written(found), language=None, wrap_lines=True)


def _log(room: Room, index: Index) -> None:
    """The searches that were put into the log, for a chapter on method."""
    texts, kept = room.texts, log.Log.of(Layout.of(room.settings))
    searches = kept.searches()
    st.html(f'<section class="fou-block">{element("h2", texts("lists.log"))}{element("p", texts("lists.log_hint"), "fou-small")}</section>')
    if not searches:
        return

    def said(name: str, **values: str) -> str:
        return texts(f"said.{name}", **values)

    titles = index.titles()
    heads = "".join(element("th", texts(f"lists.log_{name}"), scope="col") for name in ("at", "question", "filters", "hits", "kept"))
    rows = "".join(
        f"<tr>{element('td', one.at[:16])}{element('td', one.question)}{element('td', described(one.filters, titles, said))}"
        f"{element('td', f'{one.hits} / {one.reports}')}{element('td', len(one.kept))}</tr>"
        for one in reversed(searches)
    )
    st.html(f'<table class="fou-table fou-log"><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table>')
    with st.container(horizontal=True, gap="small"):
        name = texts("lists.log_file")
        form = FORMATS["xlsx"]
        st.download_button(texts("lists.as_xlsx"), session.made(room, lambda: log.xlsx(searches, titles)), f"{name}.xlsx", form.media, key="log_xlsx", on_click="ignore", icon=":material/download:")
        st.download_button(texts("lists.as_csv"), session.made(room, lambda: log.csv(searches, titles)), f"{name}.csv", "text/csv", key="log_csv", on_click="ignore", icon=":material/download:")
        with st.popover(texts("lists.log_forget"), icon=":material/delete:"):
            st.html(element("p", texts("lists.log_forget_hint"), "fou-small"))
            st.button(texts("lists.log_forget_all"), key="log_forget", on_click=session.attempt, args=(kept.forget,))


def file_name(name: str) -> str:
    """A list's name as a file may be called on any system."""
    return re.sub(r"[^\w.-]+", "-", name).strip("-.").lower() or "liste"
