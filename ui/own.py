"""One's own documents: added from the page, listed, and taken out again."""

from __future__ import annotations

import streamlit as st

from errors import FouError, UsageError
from index.records import ReportCard
from index.search import Index
from shown import one_line
from ui import address, session
from ui.markup import element, escape, joined, plain
from ui.search import private
from ui.session import Room
from ui.visitor import edit, may_edit, why_not
from upkeep import jobs, own
from upkeep.own import Stated

TYPES = ["pdf", "docx", "html", "htm", "txt"]
STEP = 20  # documents shown at first and with each "more"


def panel(room: Room, index: Index | None) -> None:
    texts = room.texts
    st.html(element("p", texts("upkeep.own_intro"), "fou-small"))
    job = jobs.current(room.settings)
    busy, allowed = bool(job and job.running), may_edit(room)
    if not allowed:
        st.html(element("p", why_not(room), "fou-note"))
    elif busy:
        st.html(element("p", texts("upkeep.own_busy"), "fou-note"))
    else:
        _adding(room)
    _list(room, index, allowed and not busy)


def _adding(room: Room) -> None:
    texts, most = room.texts, room.settings.limits.file_mb
    turn = st.session_state.get("own_turn", 0)
    key = f"own_files_{turn}"
    files = st.file_uploader(
        texts("upkeep.own_file", size=most), TYPES, accept_multiple_files=True, key=key, max_upload_size=most
    )
    if len(files) == 1:  # of several it could not be told which is meant
        with st.expander(texts("upkeep.own_stated")):
            st.html(element("p", texts("upkeep.own_stated_hint"), "fou-small"))
            st.text_input(texts("fact.title"), key=f"own_title_{turn}", max_chars=own.LONGEST)
            year, body = st.columns([1, 2])
            year.text_input(texts("upkeep.own_year"), key=f"own_year_{turn}", max_chars=4)
            body.text_input(texts("fact.body"), key=f"own_body_{turn}", max_chars=own.LONGEST)

    def add() -> None:
        given = st.session_state[key]
        stated = _stated(room, turn) if len(given) == 1 else Stated()
        wrong, added = [], 0
        for file in given:
            try:
                own.add(file.name, file.getvalue(), stated, room.settings)
                added += 1
            except FouError as error:
                wrong.append(str(error))
        st.session_state["own_turn"] = turn + 1  # an empty field again
        if added:
            st.toast(texts.count("upkeep.own_added", added), icon=":material/note_add:")
            _read(room)
        if wrong:
            raise UsageError(" ".join(wrong))

    label, icon = texts("upkeep.own_add"), ":material/note_add:"
    st.button(label, key="own_add", type="primary", icon=icon, disabled=not files, on_click=edit, args=(room, add))


def _stated(room: Room, turn: int) -> Stated:
    said = {name: st.session_state.get(f"own_{name}_{turn}", "").strip() for name in ("title", "year", "body")}
    year = said["year"]
    if year and not (year.isascii() and year.isdecimal()):
        raise UsageError(room.texts("upkeep.own_year_wrong", year=year))
    return Stated(said["title"], int(year) if year else None, said["body"])


def _read(room: Room) -> None:
    try:
        jobs.start(room.settings, room.options, jobs.READING)
    except FouError as error:
        raise FouError(f"{error} {room.texts('upkeep.own_waiting')}") from error


def _list(room: Room, index: Index | None, may_delete: bool) -> None:
    texts, root = room.texts, room.settings.root
    documents = own.documents(room.settings)
    cards = {(root / card.path).resolve(): card for card in index.cards() if card.kind == "document"} if index else {}
    st.html(element("h3", texts("upkeep.own_list")) + ("" if documents else element("p", texts("upkeep.own_none"), "fou-small")))
    count = address.number(room.params, "egne", STEP)
    for path in documents[:count]:
        name = one_line(path.name)  # of a file that was laid there by hand
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key=f"own_{name}"):
            st.html(_item(room, name, cards.get(path.resolve())))
            if may_delete and name == path.name:
                _delete(room, name)
    if len(documents) > count:
        more = {"egne": count + STEP}
        st.button(texts("upkeep.own_more"), key="own_more", on_click=session.go, args=(room,), kwargs=more)


def _item(room: Room, name: str, card: ReportCard | None) -> str:
    if card is None:
        return f"<p>{element('b', name)}{element('small', room.texts('upkeep.own_unread'))}</p>"
    link = element("a", card.title, href=address.of_report(address.lasting(room.params), card.id), lang=card.language)
    return f"<p>{link}<small>{private(room, card)}{joined(card.body, card.year, name)}</small></p>"


def _delete(room: Room, name: str) -> None:
    texts = room.texts

    def delete() -> None:
        own.remove(name, room.settings)
        _read(room)

    with st.popover(texts("upkeep.own_delete"), type="tertiary", icon=":material/delete:", key=f"own_out:{name}"):
        st.html(f'<p class="fou-small">{escape(texts("upkeep.own_delete_hint", name=name))}</p>')
        label = plain(texts("upkeep.own_delete_sure"))
        st.button(label, key=f"own_delete:{name}", on_click=edit, args=(room, delete))
