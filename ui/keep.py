"""Keeping reports and passages in a named list, from wherever they are shown, and questions that are to be asked again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import streamlit as st

from errors import FouError, UsageError
from index.layout import Layout
from index.lists import LONGEST, Lists, checked
from index.lists.log import Log
from index.lists.records import Item
from index.lists.saved import Saved
from index.records import Filters, PassageHit, ReportCard
from index.references import Quote, references
from index.search import Index
from ui import address, session
from ui.markup import plain
from ui.session import Room

KEPT = "kept"  # in the session: the items kept of a search before it was logged


class Asked(NamedTuple):
    """A search as the log tells it from others."""

    question: str
    filters: Filters


@dataclass(frozen=True)
class Shelf:
    """The list that is being filled, and what it holds, by report key and text of a passage ("" for the whole report)."""

    room: Room
    index: Index
    lists: Lists
    name: str
    names: tuple[str, ...]
    held: Mapping[tuple[str, str], Item]
    asked: Asked | None = None  # what is kept now was found by it
    search: int | None = None  # and that search of the log, where it is there

    def choose(self) -> None:
        """Which list is filled: a small panel that tells it, and lets another be chosen or a new one be named."""
        texts = self.room.texts
        with st.popover(plain(texts("lists.filling", name=self.name)), icon=":material/bookmark:", type="tertiary"):
            if self.names:
                st.session_state["shelf"] = self.name

                def take() -> None:
                    session.go(self.room, liste=st.session_state["shelf"])

                st.selectbox(texts("lists.choose"), self.names, key="shelf", on_change=take)
            new_list(self.room, self.lists, "shelf_new")

    def together(self, keys: list[str], label: str) -> None:
        """One button for many reports, and which list they go into."""
        st.button(label, key="keep_all", type="tertiary", icon=":material/bookmark_add:", on_click=self.put, args=(keys,))
        self.choose()

    def buttons(self, report: ReportCard, hit: PassageHit | None = None, place: str = "") -> None:
        """Two buttons: the report into the list, and the passage that is shown; pressed again, each takes it out."""
        self._button("report", report, None, place)
        if hit is not None:
            self._button("passage", report, hit, place)

    def _button(self, what: str, report: ReportCard, hit: PassageHit | None, place: str) -> None:
        held = self.held.get((report.id, hit.text if hit else ""))
        label = self.room.texts(f"lists.{'held' if held else 'keep'}_{what}")
        icon = ":material/bookmark_added:" if held else ":material/bookmark_add:"
        key = f"keep:{place}:{report.id}:{hit.id if hit else ''}"
        do, args = (self.drop, (held,)) if held else (self.put, ([report.id], hit))
        st.button(label, key=key, icon=icon, type="tertiary", on_click=do, args=args)

    def drop(self, item: Item) -> None:
        """Takes an item out of the list; not one with a comment, which a slip of the hand should not cost."""

        def do() -> None:
            if item.comment:
                raise UsageError(self.room.texts("lists.commented", name=self.name))
            self.lists.remove(self.name, item.id)
            st.toast(plain(self.room.texts("lists.dropped", name=self.name)), icon=":material/bookmark_remove:")

        session.attempt(do)

    def put(self, keys: list[str], hit: PassageHit | None = None) -> None:
        """Puts reports, or a passage of one, into the list, which is filled from now on whatever others do with theirs."""

        def do() -> None:
            found = references(self.index.snapshot, keys)
            if hit:
                items = [self.lists.add(self.name, found[0], Quote(hit.text, hit.page, hit.last_page), self.search)]
            else:
                items = self.lists.add_all(self.name, found, self.search)
            st.session_state.setdefault(KEPT, {}).setdefault(self.asked, []).extend(items)
            session.go(self.room, liste=self.name)
            st.toast(plain(self.room.texts("lists.kept", name=self.name)), icon=":material/bookmark_added:")

        session.attempt(do)


def current(room: Room, names: Sequence[str]) -> str:
    """The list of these that the address names, else the first, which was changed last; "" where there are none."""
    wanted = address.one(room.params, "liste").casefold()
    return next((name for name in names if name.casefold() == wanted), names[0] if names else "")


def shelf(room: Room, index: Index, asked: Asked | None = None) -> Shelf | None:
    """The list that the address names, else the one changed last; None where lists can't be read or written here."""
    lists = Lists.of(Layout.of(room.settings))
    try:
        names = tuple(name for name, _ in lists.names())
        name = current(room, names) or room.texts("lists.first")
        items = lists.get(name).items if names else ()
        search = Log.of(Layout.of(room.settings)).latest(*asked) if asked and asked.question else None
    except FouError:
        return None
    held = {(item.reference.key, item.quote.text if item.quote else ""): item for item in items}
    return Shelf(room, index, lists, name, names, held, asked, search)


def question(room: Room, index: Index, asked: Asked) -> None:
    """A button that saves the question, to be asked again of what is new; or tells that it is saved."""
    saved = Saved.of(Layout.of(room.settings))
    try:
        there = any(Asked(one.question, one.filters) == asked for one in saved.questions())
    except FouError:
        return
    label = room.texts("news.saved_already" if there else "news.save")
    icon = ":material/notifications_active:" if there else ":material/notification_add:"
    do = (lambda: saved.add(index, *asked),)
    st.button(label, key="save", type="tertiary", icon=icon, disabled=there, on_click=session.attempt, args=do)


def new_list(room: Room, lists: Lists, key: str) -> None:
    """A field that makes a new list and fills it from now on."""
    texts = room.texts

    def make() -> None:
        try:
            name = checked(st.session_state[key])
            lists.create(name)
        except FouError as error:
            st.session_state[f"{key}_error"] = str(error)
            return
        st.session_state[key] = ""
        session.go(room, liste=name)

    with st.form(f"{key}_form", border=False), st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.text_input(texts("lists.new"), key=key, max_chars=LONGEST, placeholder=texts("lists.new_placeholder"))
        st.form_submit_button(texts("lists.make"), on_click=session.attempt, args=(make,))
    if error := st.session_state.pop(f"{key}_error", ""):
        st.error(plain(error))
