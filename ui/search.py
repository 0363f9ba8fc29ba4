"""The search page: one field, and answers that can be judged at a glance."""

from __future__ import annotations

import streamlit as st

from errors import UsageError
from index.layout import Layout
from index.lists.log import Log
from index.records import Answer, Filters, PassageHit, ReportCard, Result, Why
from index.references import Reference
from index.search import Index
from ui import address, filters, keep, session
from ui.frame import notice, titled
from ui.markup import chips, cut_hit, element, escape, joined, of_hit, plain
from ui.session import Room

STEP, MOST = 10, 200  # reports shown at first and with each "more", and at most
FAINT = 0.6  # share of the first result's score below which a result is marked less strongly
FEW = 3  # shown at first under "no report answers this well"
WORDS = 6  # shared words named as the reason for a hit
EXAMPLES = ("search.example_1", "search.example_2", "search.example_3", "search.example_4")


def show(room: Room) -> None:
    query = " ".join(address.one(room.params, "q").split())
    index = room.index()
    chosen = filters.side(room, index) if query or address.filters(room.params) else Filters()
    _field(room, query)
    if not query:
        filters.active(room, index, chosen)
        _welcome(room, index)
        return
    titled(room, query)
    count = min(address.number(room.params, "antall", STEP), MOST)
    answer = _ask(room, index, query, count, chosen)
    if answer:
        _answer(room, index, answer, count, chosen)


def _field(room: Room, query: str) -> None:
    texts = room.texts
    st.session_state["question"] = query

    def ask() -> None:
        session.go(room, q=st.session_state["question"].strip(), antall=None, ordrett=None)

    if not query:
        st.html(f'<div class="fou-hero"><h1>{escape(texts("search.label"))}</h1><p>{escape(texts("app.tagline"))}</p></div>')
    around = st.container(key="ask" if query else "ask_first")
    with around, st.form("ask", border=False), st.container(horizontal=True, gap="small"):
        hint = texts("search.placeholder")
        st.text_input(texts("search.label"), key="question", placeholder=hint, label_visibility="collapsed", max_chars=1000)
        st.form_submit_button(texts("search.button"), type="primary", on_click=ask, icon=":material/search:")


def _welcome(room: Room, index: Index) -> None:
    texts = room.texts
    with st.container(key="examples", gap="small"):
        st.html(f"<h2>{escape(texts('search.examples'))}</h2>")
        for key in EXAMPLES:
            ask = {"q": texts(key)}
            st.button(plain(texts(key)), key=key, on_click=session.go, args=(room,), kwargs=ask, icon=":material/arrow_forward:")
        projects = sum(card.kind == "project" for card in index.cards())
        inside = texts("search.inside", documents=len(index) - projects, projects=projects)
        link = f'<a href="{escape(address.link("samlingen", address.lasting(room.params)))}">{escape(texts("search.inside_link"))}</a>'
        st.html(f'<p class="fou-inside">{escape(inside)} · {link}</p>')


def _ask(room: Room, index: Index, query: str, count: int, chosen: Filters) -> Answer | None:
    """The answer; None, and a word of advice, where the question only says what not to find.

    The first question may have to wait for the model, and is told so.
    """
    room.wait_for_model()
    try:
        with st.spinner(room.texts("search.working"), show_time=False):
            return index.search(query, count, chosen, verbatim=verbatim(room))
    except UsageError:
        notice(room.texts("search.only_without"), room.texts("search.only_without_hint"))
        return None


def verbatim(room: Room) -> bool:
    """Whether the question is to be asked as it is written, typing errors and all."""
    return bool(address.one(room.params, "ordrett"))


def _respelt(room: Room, answer: Answer) -> None:
    """How the question was put right, with the way back; or how it could be."""
    texts = room.texts
    if answer.corrected:
        told, label, ask = texts("search.corrected", query=answer.suggestion), answer.query, {"ordrett": 1, "antall": None}
    else:
        told, label = texts("search.meant"), answer.suggestion
        ask = {"q": answer.suggestion, "ordrett": None, "antall": None}
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="meant"):
        st.html(f"<p>{escape(told)}</p>", width="content")
        st.button(plain(label), key="suggestion", type="tertiary", on_click=session.go, args=(room,), kwargs=ask)


def _answer(room: Room, index: Index, answer: Answer, count: int, chosen: Filters) -> None:
    texts = room.texts
    if answer.suggestion:
        _respelt(room, answer)
    filters.active(room, index, chosen)
    hints = tuple(texts(f"none.hint_{n}") for n in range(1, 5))
    if not answer.results and chosen:
        notice(texts("none.filtered"), texts("none.filtered_hint"))
        return
    if answer.no_answer:
        notice(texts("none.title"), texts("none.nearest") if answer.results else "", hints, kind="warning")
    if not answer.results:
        return
    # What is probably no answer should not fill the screen, unless it was asked for
    shown = answer.results[:FEW] if answer.no_answer and "antall" not in room.params else answer.results
    head = "search.found_all" if len(shown) == len(answer.results) < count else "search.found_many"
    head = texts("search.found_one") if len(shown) == 1 else texts(head, count=len(shown))
    took = texts("search.took", seconds=f"{answer.took_ms / 1000:.2f}".replace(".", "," if texts.language != "en" else "."))
    asked = keep.Asked(answer.query, chosen)
    shelf = keep.shelf(room, index, asked)
    with st.container(horizontal=True, vertical_alignment="center", key="above"):
        st.html(f'<p class="fou-count" role="status">{joined(head, took)}</p>', width="content")
        if shelf:
            shelf.choose()
            _log(room, index, asked, len(shown), shelf)
        keep.question(room, index, asked)
    parents = {card.id: card for card in index.cards()}
    for place, result in enumerate(shown):
        dim = " fou-dim" if answer.no_answer or result.score < FAINT * answer.results[0].score else ""
        with st.container(key=f"result_{place}", gap=None):
            st.html(f'<article class="fou-result{dim}">{result_html(room, result, parents.get(result.report.parent or result.report.main))}</article>')
            _acts(room, result, shelf, chosen)
    if len(shown) < len(answer.results) or (len(answer.results) == count and count < MOST):
        more = count + STEP if len(shown) == len(answer.results) else count
        st.button(texts("search.more"), key="more", on_click=session.go, args=(room,), kwargs={"antall": more})


def _acts(room: Room, result: Result, shelf: keep.Shelf | None, chosen: Filters) -> None:
    """What can be done with a result: keep it, or leave its report or its body out."""
    texts, card = room.texts, result.report
    with st.container(horizontal=True, gap="small", key=f"acts_{card.id}"):
        if shelf:
            shelf.buttons(card, result.passages[0])
        with st.popover(texts("search.leave_out"), type="tertiary", icon=":material/visibility_off:"):
            out = {address.FILTERS["exclude"]: [*chosen.exclude, card.id], "antall": None}
            st.button(texts("search.leave_out_report"), key=f"out:{card.id}", on_click=session.go, args=(room,), kwargs=out)
            if card.body:
                out = {address.FILTERS["exclude_bodies"]: [*chosen.exclude_bodies, card.body], "antall": None}
                label = plain(texts("search.leave_out_body", body=card.body))
                st.button(label, key=f"out_body:{card.id}", on_click=session.go, args=(room,), kwargs=out)


def _log(room: Room, index: Index, asked: keep.Asked, hits: int, shelf: keep.Shelf) -> None:
    """The search into the log of searches, where its asker wants that: it is never written unasked."""
    logged = shelf.search is not None

    def write() -> None:
        kept = st.session_state.get(keep.KEPT, {}).pop(asked, ())
        Log.of(Layout.of(room.settings)).write(asked.question, asked.filters, hits, len(index), kept)

    label = room.texts("search.logged" if logged else "search.log")
    icon = ":material/history_edu:"
    st.button(label, key="log", type="tertiary", icon=icon, disabled=logged, on_click=session.attempt, args=(write,))


def result_html(room: Room, result: Result, parent: ReportCard | None) -> str:
    """One report: title, facts, the passage that answers best, and the others folded away."""
    texts, card = room.texts, result.report
    first, *others = result.passages
    where = belongs(room, card, parent)
    more = "".join(f"<li>{_passage(room, card, hit)}</li>" for hit in others)
    summary = element("summary", texts.count("search.other", len(others)))
    folded = f"<details>{summary}<ol>{more}</ol></details>" if others else ""
    facts = f"{private(room, card)}{joined(card.body, card.year, where)}"
    return (
        f'<h2 lang="{escape(card.language)}"><a href="{escape(place(room, card, first))}">{escape(card.title)}</a></h2>'
        f'<div class="fou-under"><p class="fou-facts">{facts}</p>{chips(card.themes)}</div>'
        f"{_passage(room, card, first, folded)}{_why(room, result.why)}"
    )


def private(room: Room, card: ReportCard | Reference) -> str:
    """The mark of a document of one's own, which is not public; "" for all others."""
    return "" if card.public else f"{element('span', room.texts('upkeep.private'), 'fou-private')} "


def belongs(room: Room, card: ReportCard, parent: ReportCard | None) -> str:
    """Which document a project stands in, or which report a file belongs to; "" for one that stands alone."""
    return room.texts(f"search.{f'role_{card.role}' if card.role else 'project_in'}", title=parent.title) if parent else ""


def _why(room: Room, why: Why) -> str:
    """Why this hit, in a line: the words that it shares with the question, and the official term that bridges them."""
    words = room.texts("search.why_words", words=", ".join(why.words[:WORDS])) if why.words else ""
    term = room.texts("search.why_term", term=why.term) if why.term else ""
    return f'<p class="fou-why">{joined(words, term)}</p>' if words or term else ""


def place(room: Room, card: ReportCard, hit: PassageHit, **more: object) -> str:
    """The address of the page that holds the hit."""
    return address.of_report(room.params, card.id, side=hit.page, passasje=hit.id, **more)


def pages_text(room: Room, hit: PassageHit) -> str:
    if not hit.page:
        return room.texts("search.no_fulltext")
    if hit.page == hit.last_page:
        return room.texts("search.page", page=hit.page)
    return room.texts("search.pages", first=hit.page, last=hit.last_page)


def _passage(room: Room, card: ReportCard, hit: PassageHit, folded: str = "") -> str:
    texts = room.texts
    shown, full = cut_hit(hit), of_hit(hit)
    summary = element("summary", texts("search.whole"))
    whole = f'<details class="fou-whole">{summary}<p>{full}</p></details>' if shown != full else ""
    link = element("a", texts("search.open_page" if card.fulltext else "search.open_known"), "fou-open", href=place(room, card, hit))
    return (
        f'<div class="fou-passage" lang="{escape(card.language)}"><p>{shown}</p>'
        f'<p class="fou-where">{link}<span>{joined(pages_text(room, hit), hit.section)}</span></p>'
        f'<div class="fou-folded">{whole}{folded}</div></div>'
    )
