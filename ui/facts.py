"""What is known of a report: its facts, its sections and projects, the reports near to it, and the original to take home."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePath

import streamlit as st

from index.records import Related, ReportCard, ReportView
from index.search import Index
from ui import address, session
from ui.markup import Mark, element, escape, excerpt, joined, marked
from ui.session import Room

RELATED = 5
EXCERPT = 320  # characters of the passage that shows why


def draw(room: Room, index: Index, view: ReportView, number: int) -> None:
    left, middle, right = st.columns(3, gap="large")
    with left:
        _facts(room, index, view)
    with middle:
        _sections(room, view, number)
        _list(room, "report.files", [(card, _about(card)) for card in view.files])
        _list(room, "report.projects", [(card, _about(card)) for card in view.projects])
    with right:
        near = _related(str(room.settings.folders.store), index.generation, view.card.id, lambda: index)
        shown = [(item.report, _reason(room, item)) for item in near]
        _list(room, "report.related", shown, room.texts("report.related_none"))


@st.cache_data(max_entries=512, show_spinner=False)
def _related(store: str, generation: int, key: str, _index: Callable[[], Index]) -> list[Related]:
    """The nearest reports. All passages are held against the report's, too much for each turn of a page."""
    return _index().related(key, RELATED)


def _facts(room: Room, index: Index, view: ReportView) -> None:
    texts, card = room.texts, view.card
    rows = {
        "body": card.body,
        "commissioner": card.commissioner,
        "authors": ", ".join(view.authors),
        "year": card.year,
        "number": view.number,
        "isbn": view.isbn,
        "language": texts.name_of(card.language),
        "themes": ", ".join(card.themes),
        "pages": view.pages if card.fulltext else "",
        "quality": texts("report.quality", percent=round(100 * view.quality)) if card.fulltext else "",
        "edits": view.edits if card.fulltext else "",
        "file": card.path if card.fulltext else "",
        "copies": ", ".join(card.copies),
    }
    given = {name: value for name, value in rows.items() if value not in ("", None)}
    body = "".join(f"<div>{element('dt', texts(f'fact.{name}'))}{element('dd', value)}</div>" for name, value in given.items())
    if view.url.startswith(("https://", "http://")):  # an address from a document may be of any kind
        link = element("a", view.url, href=view.url, rel="noopener noreferrer", target="_blank")
        body += f"<div>{element('dt', texts('fact.url'))}<dd>{link}</dd></div>"
    said = "".join(
        element("li", texts("report.conflict", field=texts(f"fact.{field}").lower(), said=said)) for field, said in view.conflicts
    )
    summary = element("h3", texts("report.summary")) + element("p", view.summary, lang=card.language) if view.summary else ""
    notices = said + "".join(element("li", notice) for notice in view.notices)
    notices = f"{element('h3', texts('report.notices'))}<ul>{notices}</ul>" if notices else ""
    st.html(f'<section class="fou-block">{element("h2", texts("report.facts"))}<dl>{body}</dl>{summary}{notices}</section>')
    path = index.origin(card.id).file(room.settings.root)
    if path and card.fulltext:
        st.download_button(
            texts("report.download"),
            session.made(room, path.read_bytes),  # read when it is asked for
            file_name=PurePath(card.path).name,
            mime="application/octet-stream",  # never a page of this server, which an HTML document would be
            on_click="ignore",
            icon=":material/download:",
        )


def _sections(room: Room, view: ReportView, number: int) -> None:
    """The headings, each a link to its page. A heading that several sections stand under is written once."""
    if not any(section.path for section in view.sections):
        return
    items, before = [], ()
    for section in view.sections:
        if not section.path or section.path == before:
            continue
        same = 0
        while same < min(len(before), len(section.path) - 1) and before[same] == section.path[same]:
            same += 1
        for level in range(same, len(section.path)):
            href = address.of_report(room.params, view.card.id, side=section.first_page)
            here = ' class="fou-here"' if section.first_page == number else ""
            items.append(
                f'<li{here}><a href="{escape(href)}" style="padding-left:{0.4 + min(level, 4) * 0.9:.1f}rem">'
                f"<span>{escape(section.path[level])}</span><span class='fou-page'>{section.first_page}</span></a></li>"
            )
        before = section.path
    title = room.texts("report.sections")
    body = f'{element("h2", title)}<ol lang="{escape(view.card.language)}">{"".join(items)}</ol>'
    st.html(f'<nav class="fou-block fou-contents" aria-label="{escape(title)}">{body}</nav>')


def _about(card: ReportCard) -> str:
    return f'<span class="fou-facts">{joined(card.body, card.year, ", ".join(card.themes))}</span>'


def _reason(room: Room, item: Related) -> str:
    """Why it is related, and the passage that shows it, with the way to its page."""
    told = f'<span class="fou-facts">{joined(item.report.body, item.report.year)}</span>{element("span", item.reason, "fou-reason", lang="nb")}'
    shown = item.passage
    if shown is None:
        return told
    start, end = excerpt(shown.text, shown.span if item.tie else (shown.span[0], shown.span[0]), EXCERPT)
    text = marked(shown.text, [Mark(*shown.span, "mark")] if item.named else [], start, end)
    cut = f"{'… ' if start else ''}{text}{' …' if end < len(shown.text) else ''}"
    page = room.texts("search.page", page=shown.page) if shown.page else room.texts("search.no_fulltext")
    href = address.of_report(address.lasting(room.params), shown.report.id, side=shown.page or None, passasje=shown.id)
    link = element("a", room.texts("search.open_page"), "fou-open", href=href)
    return (
        f'{told}<details>{element("summary", room.texts("report.shows"))}<p lang="{escape(shown.report.language)}">{cut}</p>'
        f'<p class="fou-where">{link if shown.page else ""}<span>{joined(page, shown.section)}</span></p></details>'
    )


def _list(room: Room, title: str, cards: list[tuple[ReportCard, str]], empty: str = "") -> None:
    if not cards and not empty:
        return
    lang = address.lasting(room.params)
    items = "".join(
        f'<li><a href="{escape(address.of_report(lang, card.id))}" lang="{escape(card.language)}">{escape(card.title)}</a>{told}</li>'
        for card, told in cards
    )
    body = f"<ul>{items}</ul>" if items else f'<p class="fou-small">{escape(empty)}</p>'
    st.html(f'<section class="fou-block fou-list"><h2>{escape(room.texts(title))}</h2>{body}</section>')
