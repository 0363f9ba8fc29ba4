"""Dublettsjekk: a draft commission held against all that has been done."""

from __future__ import annotations

import tempfile
from pathlib import Path

import streamlit as st

from errors import FouError, UsageError
from index.english import in_english
from index.note import READ_FIRST, of_check
from index.overlap import LABELS, Asked, Evidence, Overlap
from intake import text_of
from ui import address, keep, session
from ui.drafts import drafts
from ui.frame import notice
from ui.markup import cut_hit, element, escape, joined
from ui.search import pages_text
from ui.session import Room

TYPES = ["pdf", "docx", "txt", "html"]
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
LARGEST = 50  # MB, a draft
LINES = 260  # points high, the field for the text


def show(room: Room) -> None:
    texts, index = room.texts, room.index()
    st.html(f'<div class="fou-title">{element("h1", texts("overlap.title"))}{element("p", texts("overlap.intro"))}</div>')
    draft = _draft(room)
    if not draft:
        return
    room.wait_for_model()
    try:
        with st.spinner(texts("overlap.working"), show_time=False):
            found: Overlap = session.once("overlap_of", (draft, index.generation), lambda: index.overlap(draft))
    except UsageError as error:
        notice(texts("overlap.unfit"), str(error), kind="warning")
        return
    st.html(verdict(room, found))
    if in_english(draft):
        st.html(element("p", texts("overlap.english"), "fou-note fou-warning"))
    st.download_button(texts("overlap.note"), session.made(room, lambda: of_check(index, found, draft)), texts("overlap.note_file"), WORD, icon=":material/download:", on_click="ignore")
    if found.reports:
        st.html(_reports(room, found))
    if found.reports and (shelf := keep.shelf(room, index)):
        keys = [card.id for card, _ in found.reports[:READ_FIRST]]
        with st.container(horizontal=True, gap="small", key="acts"):
            shelf.together(keys, texts.count("collection.keep", len(keys)))
    st.html(_questions(room, found))


def _draft(room: Room) -> str:
    """The draft that was last sent in, by the word that the address has for it; kept in memory alone (ui/drafts.py)."""
    texts = room.texts
    known = drafts().get(address.one(room.params, "utkast"))
    if known and "draft" not in st.session_state:  # come back to, by another visit
        st.session_state["draft"] = known
    with st.form("overlap", border=False):
        st.text_area(texts("overlap.label"), key="draft", height=LINES, placeholder=texts("overlap.placeholder"))
        file = st.file_uploader(texts("overlap.file"), type=TYPES, key="draft_file", max_upload_size=LARGEST)
        sent = st.form_submit_button(texts("overlap.button"), type="primary", icon=":material/rule:")
    st.html(element("p", texts("overlap.private"), "fou-small"))
    if sent:
        text = st.session_state["draft"]
        if file is not None:
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder) / f"utkast{Path(file.name).suffix.lower()}"
                path.write_bytes(file.getvalue())
                with st.spinner(texts("overlap.reading")):
                    try:
                        text = f"{text}\n{text_of(path, room.settings)}"
                    except FouError as error:
                        notice(texts("overlap.unread"), str(error), kind="warning")
        if not text.strip():
            notice(texts("overlap.empty"), texts("overlap.empty_hint"))
            return ""
        session.go(room, utkast=drafts().put(text.strip()))
        st.rerun()  # so that the links of the page have it too
    return known


def verdict(room: Room, found: Overlap) -> str:
    """What the check says over all, and how sure it is."""
    texts = room.texts
    parts = "".join(
        f'<span class="fou-{label}" style="flex-grow:{found.probability[label]:.3f}"></span>' for label in LABELS
    )
    told = " · ".join(f"{texts(f'overlap.{label}_short')} {texts.percent(found.probability[label])}" for label in LABELS)
    covered = sum(asked.covered for asked in found.questions)
    count = texts("overlap.covered", count=covered, all=len(found.questions))
    return (
        f'<section class="fou-notice fou-verdict" role="status">{element("h2", texts(f"overlap.{found.label}"))}'
        f'<div class="fou-share" aria-hidden="true">{parts}</div>{element("p", told, "fou-small")}'
        f"{element('p', count)}{element('p', texts('overlap.advice'), 'fou-small')}</section>"
    )


def _reports(room: Room, found: Overlap) -> str:
    texts = room.texts
    items = "".join(
        f'<li><a href="{escape(address.of_report(address.lasting(room.params), card.id))}" lang="{escape(card.language)}">{escape(card.title)}</a>'
        f'<span class="fou-reason">{joined(card.body, card.year)}</span></li>'
        for card, _ in found.reports[:READ_FIRST]
    )
    return f'<section class="fou-block">{element("h2", texts("overlap.nearest" if found.label == "new" else "overlap.read_first"))}<ol class="fou-list">{items}</ol></section>'


def _questions(room: Room, found: Overlap) -> str:
    head = element("h2", room.texts("overlap.questions"))
    items = "".join(_question(room, number, asked) for number, asked in enumerate(found.questions, 1))
    left = element("p", room.texts("overlap.left_out", count=found.left_out), "fou-note fou-warning") if found.left_out else ""
    return f'<section class="fou-block">{head}<ol class="fou-asks">{items}</ol>{left}</section>'


def _question(room: Room, number: int, asked: Asked) -> str:
    texts = room.texts
    state = asked.state
    first, *others = [_evidence(room, number, item) for item in asked.evidence] or [""]
    more = f"<details>{element('summary', texts.count('overlap.more', len(others)))}{''.join(others)}</details>" if others else ""
    mark = element("span", texts(f"overlap.state_{state}"), f"fou-state fou-{state}")
    return f"<li><h3>{escape(asked.text)}</h3><p>{mark}</p>{first}{more}</li>"


def _evidence(room: Room, number: int, item: Evidence) -> str:
    card, hit = item.report, item.passage
    href = address.of_report(address.lasting(room.params), card.id, side=hit.page or None, passasje=hit.id, utkast=address.one(room.params, "utkast"), ledd=number)
    strength = room.texts("overlap.strength", share=room.texts.percent(item.score))
    link = element("a", card.title, "fou-open", href=href, lang=card.language)
    where = joined(card.body, card.year, pages_text(room, hit), strength)
    return f'<div class="fou-passage" lang="{escape(card.language)}"><p>{cut_hit(hit)}</p><p class="fou-where">{link}<span>{where}</span></p></div>'

