"""Oversikt: a few questions by all reports, complete; each cell opens its page."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from textwrap import shorten

import streamlit as st

from errors import UsageError
from index.matrix import Matrix, Row, checked, matrix
from index.matrix_sheets import Address, in_files, xlsx
from index.records import PassageHit, ReportCard
from index.references import FORMATS
from index.search import Index
from ui import address, filters, keep, session, visitor
from ui.frame import notice
from ui.markup import element, escape, joined
from ui.search import pages_text
from ui.session import Room

STEP = 50  # rows shown at first and with each "more"
MOST = 12  # questions
LETTERS = 150  # of a passage in a cell
LONGEST = 3000  # characters of all questions together
LINES = 150  # points high, the field for the questions


def show(room: Room) -> None:
    texts, index = room.texts, room.index()
    chosen = filters.side(room, index)
    st.html(f'<div class="fou-title">{element("h1", texts("matrix.title"))}{element("p", texts("matrix.intro"))}</div>')
    questions = room.params.get("sp", [])
    _field(room, questions)
    filters.active(room, index, chosen)
    if not questions:
        return
    room.wait_for_model()
    key = (tuple(questions), chosen, index.generation)
    try:
        found = session.once("matrix_of", key, lambda: matrix(index, questions[:MOST], chosen, progress=_progress(room)))
    except UsageError as error:
        notice(texts("matrix.unfit"), str(error), kind="warning")
        return
    _draw(room, index, found)


def _field(room: Room, questions: list[str]) -> None:
    texts = room.texts
    st.session_state["questions"] = "\n".join(questions)

    def ask() -> None:
        try:
            asked = checked(st.session_state["questions"].splitlines())
        except UsageError:
            asked = []
        st.session_state["too_many"] = len(asked) > MOST
        session.go(room, sp=asked[:MOST], antall=None, sorter=None)

    with st.form("matrix", border=False):
        st.text_area(texts("matrix.label", most=MOST), key="questions", height=LINES, max_chars=LONGEST, placeholder=texts("matrix.placeholder"))
        st.form_submit_button(texts("matrix.button"), type="primary", icon=":material/grid_on:", on_click=ask)
    if st.session_state.pop("too_many", False):
        notice(texts("matrix.too_many", most=MOST), kind="warning")


def _progress(room: Room) -> Callable:
    """A bar on the page, in its language, as `index.build.Progress` wants it."""
    label = room.texts("search.working")

    @contextmanager
    def progress(total: int, _: str) -> Iterator[Callable[[int], None]]:
        bar, done = st.progress(0.0, label), 0

        def step(count: int) -> None:
            nonlocal done
            done += count
            bar.progress(min(1.0, done / max(total, 1)), label)

        yield step
        bar.empty()

    return progress


def _draw(room: Room, index: Index, found: Matrix) -> None:
    texts = room.texts
    if not found.rows:
        notice(texts("none.filtered"), texts("none.filtered_hint"))
        return
    st.html(_summary(room, found))
    with_hits = address.one(room.params, "treff") == "1"
    st.session_state["with_hits"] = with_hits

    def only() -> None:
        session.go(room, treff=1 if st.session_state["with_hits"] else None, antall=None)

    with st.container(horizontal=True, vertical_alignment="center", key="matrix_above"):
        st.toggle(texts("matrix.with_hits"), key="with_hits", on_change=only)
        form, place = FORMATS["xlsx"], _address(room, index)  # told here: a download knows no visitor
        st.download_button(
            texts("matrix.xlsx"), session.made(room, lambda: xlsx(found, index, place)), texts("matrix.file"), form.media,
            icon=":material/download:", on_click="ignore", key="matrix_xlsx",
        )  # fmt: skip
        shelf = keep.shelf(room, index)
        hits = [row.report.id for row in found.rows if row.strength]
        if shelf and hits:
            shelf.together(hits, texts.count("matrix.keep", len(hits)))
    rows = [row for row in found.rows if row.strength or not with_hits]
    rows = ordered(rows, address.one(room.params, "sorter"))
    count = address.number(room.params, "antall", STEP)
    shown = texts("collection.shown", count=min(count, len(rows)), all=len(found.rows))
    st.html(element("p", shown, "fou-count", role="status"))
    st.html(table(room, found, rows[:count]))
    if len(rows) > count:
        st.button(texts("collection.more"), key="more", on_click=session.go, args=(room,), kwargs={"antall": count + STEP})
    st.html(f'<div class="fou-counts">{_counts(room, found, "year")}{_counts(room, found, "theme")}</div>')


def ordered(rows: list[Row], by: str) -> list[Row]:
    """By a question (its number from 1), "aar" or "tittel"; else as they come, the report that answers most first."""
    if by == "aar":
        return sorted(rows, key=lambda row: -(row.report.year or 0))
    if by == "tittel":
        return sorted(rows, key=lambda row: row.report.title.casefold())
    if by.isdecimal() and len(by) < 4 and rows and 0 < int(by) <= len(rows[0].cells):
        return sorted(rows, key=lambda row: -(cell.score if (cell := row.cells[int(by) - 1]) else 0))
    return rows


def _summary(room: Room, found: Matrix) -> str:
    """For each question, how many of the reports have something on it."""
    texts, every = room.texts, len(found.rows)
    items = ""
    for number, (question, understood, count, sure) in enumerate(
        zip(found.questions, found.understood, found.answered(), found.probabilities, strict=True), 1
    ):
        meant = texts("matrix.understood", query=understood) if understood != question else ""
        poor = texts("matrix.poor") if sure < room.settings.search.no_answer_below else ""
        facts = joined(texts("matrix.count", count=count, all=every), meant, poor)
        share = f'<span class="fou-meter" aria-hidden="true"><span style="width:{round(100 * count / every)}%"></span></span>'
        items += f"<li><b>{number}. {escape(question)}</b>{share}<span>{facts}</span></li>"
    return f'<ol class="fou-summary">{items}</ol>'


def table(room: Room, found: Matrix, rows: list[Row]) -> str:
    """The matrix; each heading is a link that sorts by it."""
    texts, by = room.texts, address.one(room.params, "sorter")
    heads = ""
    columns = [("tittel", texts("matrix.report")), ("aar", texts("fact.year"))]
    columns += [(str(n), f"{n}. {question}") for n, question in enumerate(found.questions, 1)]
    for short, title in columns:
        href = address.link("oversikt", room.params, sorter=None if by == short else short, antall=None)
        state = f' aria-sort="{"ascending" if short == "tittel" else "descending"}"' if by == short else ""
        hint = escape(texts("collection.sort", column=title))
        heads += f'<th scope="col"{state}><a href="{escape(href)}" title="{hint}">{escape(title)}</a></th>'
    body = ""
    for row in rows:
        asked = enumerate(zip(found.questions, row.cells, strict=True), 1)
        body += f"<tr>{_head(room, row.report)}{''.join(_cell(room, row.report, n, q, cell) for n, (q, cell) in asked)}</tr>"
    label = escape(texts("matrix.table"))
    return (
        f'<div class="fou-wide" tabindex="0" role="region" aria-label="{label}"><table class="fou-table fou-matrix">'
        f"<thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _head(room: Room, card: ReportCard) -> str:
    href = address.of_report(address.lasting(room.params), card.id)
    link = f'<a href="{escape(href)}" lang="{escape(card.language)}">{escape(card.title)}</a>'
    return f'<th scope="row" class="fou-title">{link}<small>{escape(card.body)}</small></th><td class="fou-year">{escape(str(card.year or ""))}</td>'


def _cell(room: Room, card: ReportCard, number: int, question: str, cell: PassageHit | None) -> str:
    if cell is None:
        nothing = escape(room.texts("matrix.nothing"))
        return f'<td class="fou-none" data-number="{number}"><span role="img" aria-label="{nothing}">–</span></td>'
    href = address.of_report(address.lasting(room.params), card.id, side=cell.page, passasje=cell.id, inne=question)
    text = shorten(cell.sentence or cell.text, LETTERS, placeholder=" …")
    link = element("a", pages_text(room, cell), "fou-open", href=href)
    share = f"{cell.score:.0%}"
    meter = f'<span class="fou-meter" aria-hidden="true"><span style="width:{share}"></span></span>'
    told = element("span", room.texts("overlap.strength", share=room.texts.percent(cell.score)), "fou-small")
    return f'<td data-number="{number}"><p class="fou-strong">{link}{meter}{told}</p><p lang="{escape(card.language)}">{escape(text)}</p></td>'


def _counts(room: Room, found: Matrix, name: str) -> str:
    """How many reports of each year or theme have something on each question, darker where it is a larger share of them."""
    texts = room.texts
    answered, counts = found.answered_by(name), found.counts()[name]
    heads = "".join(f'<th scope="col"><abbr title="{escape(q)}">{n}</abbr></th>' for n, q in enumerate(found.questions, 1))
    rows = ""
    for value in sorted(counts, reverse=True) if name == "year" else sorted(counts, key=lambda v: (not v, -counts[v])):
        cells = "".join(
            f'<td style="--share:{round(100 * n / counts[value])}%">{n or ""}</td>' for n in answered[value]
        )
        shown = value or texts(f"matrix.no_{name}")
        rows += f"<tr>{element('th', shown, scope='row')}<td>{counts[value]}</td>{cells}</tr>"
    title = texts(f"matrix.by_{name}")
    total = element("th", texts("matrix.reports"), scope="col")
    return (
        f'<section class="fou-block">{element("h2", title)}<table class="fou-table fou-heat"><thead><tr>'
        f"{element('th', texts('fact.year' if name == 'year' else 'collection.column_themes'), scope='col')}{total}{heads}</tr></thead>"
        f"<tbody>{rows}</tbody></table></section>"
    )


def _address(room: Room, index: Index) -> Address:
    """Where the cells of the Excel file open: the documents themselves, or for a visitor from another machine this app."""
    url = st.context.url or ""
    if not url or visitor.at_this_machine():
        return in_files(index)
    base = url.split("?")[0].rsplit("/", 1)[0]
    return lambda card, page: f"{base}/{address.of_report({}, card.id, side=page).removeprefix('./')}"
