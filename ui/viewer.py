"""The page that is being looked at: its picture from the original file with the marks, and its text."""

from __future__ import annotations

import base64
from pathlib import Path

import streamlit as st

from index.records import PageView, PassageHit, ReportView
from index.search import Index
from ingest.report import Box
from ui import address, pagetext, picture, session
from ui.markup import escape
from ui.session import Room
from whole import sha256

SIZES = {100: 120, 150: 170, 200: 220}  # per cent of the column -> dots per inch


def draw(room: Room, index: Index, view: ReportView, number: int, hit: PassageHit | None) -> bool:
    """The buttons that turn pages, and the page as a picture where its file has pages; says whether there is one."""
    texts = room.texts
    size = address.number(room.params, "storrelse", 100)
    size = size if size in SIZES else 100
    origin = index.origin(view.card.id)
    path = origin.file(room.settings.root)
    pictured = path is not None and path.suffix.lower() == ".pdf"
    _turn(room, view, number, size if pictured else None)
    if hit and not hit.page <= number <= hit.last_page:
        with st.container(horizontal=True, vertical_alignment="center", key="elsewhere"):
            st.html(f'<p class="fou-small">{escape(texts("report.elsewhere"))}</p>', width="content")
            label = texts("report.to_hit", page=hit.page)
            st.button(label, key="to_hit", type="tertiary", on_click=session.go, args=(room,), kwargs={"side": hit.page})
    if not pictured:
        if path is None:
            _note(texts("report.gone", path=origin.path), "warning")
        return False
    same = _digest(str(path), path.stat().st_mtime_ns, path.stat().st_size) == origin.sha256
    soft, strong = _boxes(index, hit, number) if same else ((), ())
    try:
        image = _image(str(path), path.stat().st_mtime_ns, number, soft, strong, SIZES[size])
    except (RuntimeError, ValueError, OSError):
        _note(texts("report.unreadable"), "warning")
        return False
    kind = "png" if image.startswith(b"\x89PNG") else "jpeg"
    alt = escape(texts("report.picture_alt", page=number, title=view.card.title))
    source = f"data:image/{kind};base64,{base64.b64encode(image).decode('ascii')}"
    marks = ' data-marked="true"' if soft else ""
    st.html(f'<div class="fou-picture" tabindex="0" role="region" aria-label="{alt}"><img src="{source}" alt="{alt}" style="width:{size}%"{marks}></div>')
    if not same:
        _note(texts("report.changed"), "warning")
    elif hit and hit.page <= number <= hit.last_page:
        _note(texts("report.picture_marked" if strong else "report.picture_soft" if soft else "report.not_located"))
    return True


def text(room: Room, index: Index, view: ReportView, number: int, hit: PassageHit | None, beside: bool) -> None:
    """The page's text, beside its picture or in its place: repaired or as read, the passage marked; and how well it was read."""
    if view.pages == 0:
        return
    texts = room.texts
    page = index.page(view.card.id, number)
    st.html(f'<h2 class="fou-textual">{escape(texts("report.text_title"))}</h2>')
    read = f"report.method_{page.method}" if page.method in ("text", "ocr", "none") else "report.method_text"
    facts = [texts(read)]
    if page.raw.strip():
        facts.append(texts("report.quality", percent=round(100 * page.quality)))
        facts.append(_count(room, page))
    st.html(f'<p class="fou-small">{escape(" · ".join(facts))}</p>')
    as_read = bool(page.edits) and st.toggle(texts("report.as_read"), key="as_read")
    if page.edits:
        st.html(f'<p class="fou-small fou-legend">{pagetext.legend(page.edits, texts, as_read)}</p>')
    if not page.raw.strip():
        _note(texts("report.no_text"))
        return
    name = "fou-text" if beside else "fou-sheet"
    body = _text(room, index, page, hit, as_read)
    label = escape(texts("report.text_title"))
    st.html(f'<div class="{name}" tabindex="0" role="region" aria-label="{label}"><div lang="{escape(view.card.language)}">{body}</div></div>')


def _count(room: Room, page: PageView) -> str:
    """How many edits the page has, and how many of them are doubtful."""
    texts = room.texts
    if not page.edits:
        return texts("report.edits_none")
    edits = texts.count("report.edits", len(page.edits))
    doubtful = sum(edit.doubtful for edit in page.edits)
    return f"{edits} ({texts.count('report.doubtful', doubtful)})" if doubtful else edits


def _turn(room: Room, view: ReportView, number: int, size: int | None) -> None:
    texts = room.texts
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="turn"):
        for label, icon, to, key in (
            ("report.previous", ":material/chevron_left:", number - 1, "previous"),
            ("report.next", ":material/chevron_right:", number + 1, "next"),
        ):
            st.button(
                texts(label), key=key, icon=icon, disabled=not view.first_page <= to <= view.last_page,
                on_click=session.go, args=(room,), kwargs={"side": to},
            )  # fmt: skip
        position = texts("report.position", page=number, pages=view.last_page)
        st.html(f'<p class="fou-position" role="status">{escape(position)}</p>', width="content")
        if size is None:
            return
        st.session_state["size"] = size

        def set_size() -> None:
            session.go(room, storrelse=None if st.session_state["size"] in (None, 100) else st.session_state["size"])

        st.segmented_control(
            texts("report.zoom"), list(SIZES), key="size", on_change=set_size, required=True, label_visibility="collapsed",
            format_func=lambda percent: texts("report.zoom_value", percent=percent),
        )  # fmt: skip


def _boxes(index: Index, hit: PassageHit | None, number: int) -> tuple[tuple[Box, ...], tuple[Box, ...]]:
    """Where the passage and its best sentence stand on the page; nothing where the passage can't be located."""
    if hit is None:
        return (), ()
    soft = dict(index.locate(hit.id)).get(number, [])
    strong = dict(index.locate(hit.id, *hit.best)).get(number, []) if soft and hit.best[1] > hit.best[0] else []
    return tuple(soft), tuple(strong)


def _text(room: Room, index: Index, page: PageView, hit: PassageHit | None, as_read: bool) -> str:
    if hit is None:
        return pagetext.page_html(page, room.texts, as_read=as_read)
    best = index.raw_spans(hit.id, *hit.best) if hit.best[1] > hit.best[0] else ()
    words = [span for match in hit.matches for span in index.raw_spans(hit.id, *match)]
    return pagetext.page_html(page, room.texts, index.raw_spans(hit.id), best, words, as_read)


def _note(text: str, kind: str = "quiet") -> None:
    st.html(f'<p class="fou-note fou-{kind}">{escape(text)}</p>')


@st.cache_data(max_entries=64, show_spinner=False)
def _image(path: str, changed: int, number: int, soft: tuple[Box, ...], strong: tuple[Box, ...], dpi: int) -> bytes:
    return picture.page_image(Path(path), number, soft, strong, dpi)


@st.cache_data(max_entries=512, show_spinner=False)
def _digest(path: str, changed: int, size: int) -> str:
    return sha256(Path(path))
