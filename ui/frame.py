"""What stands around every page: the style, the header with its menu and languages, and friendly errors."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import streamlit as st

from errors import FouError
from ui import access, address, session
from ui.language import LANGUAGES, Texts
from ui.markup import element, escape, styled
from ui.session import Room

MENU = {
    "": "app.search",
    "dublettsjekk": "app.overlap",
    "oversikt": "app.matrix",
    "litteraturliste": "app.lists",
    "samlingen": "app.collection",
}
"""The pages of the menu, by path, with their names."""
NAMES = MENU | {"rapport": "app.report"}
ICON = (Path(__file__).parent / "icon.svg").read_text("utf-8")  # of our own: Streamlit's are fetched from the web
STYLE, SCRIPT = Path(__file__).parent / "style.css", Path(__file__).parent / "page.js"


def page(show: Callable[[Room], None], path: str, room: Room) -> Callable[[], None]:
    """A page of the app: the frame with `show` in it. What goes wrong in it is told as a sentence, never as a trace."""

    def run() -> None:
        st.html(STYLE)
        st.html(header(path, room))
        st.html(f"<script>{SCRIPT.read_text('utf-8')}</script>", unsafe_allow_javascript=True)
        st.html(_relabelled(room.texts))
        titled(room, room.texts(NAMES[path]))
        if failed := st.session_state.pop(session.FAILED, ""):
            notice(room.texts("error.failed"), failed, kind="warning")
        with guarded(room, path or "sok"):
            if access.may_read(room.settings):
                _signed_in(room)
                show(room)
            else:
                _door(room)

    return run


@contextmanager
def guarded(room: Room, where: str) -> Iterator[None]:
    """Around all that is drawn. What goes wrong in it is told as a sentence with an id, and the log explains it."""
    try:
        yield
    except Exception as error:
        if session.not_ours(error):
            raise
        said = session.told(room, error, where)
        if isinstance(error, FouError):
            _missing(room.texts, said)
        else:
            notice(room.texts("error.unexpected"), said, kind="error")


def _door(room: Room) -> None:
    """All that is shown to who has not signed in, or has no leave to read."""
    texts, who = room.texts, access.person()
    if who:
        notice(texts("access.closed"), texts("access.closed_hint", who=who), kind="warning")
        st.button(texts("access.sign_out"), key="sign_out", icon=":material/logout:", on_click=st.logout)
        return
    notice(texts("access.title"), texts("access.hint"))
    st.button(texts("access.sign_in"), key="sign_in", type="primary", icon=":material/login:", on_click=_sign_in, args=(room,))


def _sign_in(room: Room) -> None:
    try:
        access.sign_in()
    except FouError as error:  # not by `attempt`, which is for those who are in
        st.session_state[session.FAILED] = session.told(room, error, "sign-in")


def _signed_in(room: Room) -> None:
    if not (who := access.person()):
        return
    with st.container(horizontal=True, horizontal_alignment="right", vertical_alignment="center", gap="small", key="signed_in"):
        st.html(element("p", who, "fou-small"), width="content")
        st.button(room.texts("access.sign_out"), key="sign_out", type="tertiary", icon=":material/logout:", on_click=st.logout)


def header(path: str, room: Room) -> str:
    """The name of the app, its menu, and the languages it speaks; a change of language keeps the place."""
    texts = room.texts
    lasting = address.lasting(room.params)

    def entry(to: str, title: str, href: str, here: bool) -> str:
        mark = ' aria-current="page"' if here else ""
        return f'<li><a href="{escape(href)}"{to}{mark}>{escape(title)}</a></li>'

    menu = "".join(
        entry("", texts(title), address.link(to, lasting), to == path)
        for to, title in MENU.items()
    )
    languages = "".join(
        entry(f' lang="{code}" hreflang="{code}"', name, address.link(path, room.params, lang=code), code == texts.language)
        for code, name in LANGUAGES.items()
    )
    home = address.link("", lasting)
    return (
        f'<header class="fou-head" lang="{texts.language}">{element("a", texts("app.name"), "fou-brand", href=home)}'
        f'<nav aria-label="{escape(texts("app.menu"))}"><ul>{menu}</ul></nav>'
        f'<nav class="fou-languages" aria-label="{escape(texts("app.languages"))}"><ul>{languages}</ul></nav></header>'
    )


def _relabelled(texts: Texts) -> str:
    """Streamlit's own words in the language of the page; it has no setting for them."""
    return f"<style>[data-testid='stFileUploaderDropzone'] button p::after {{ content: {styled(texts('app.upload'))}; }}</style>"


def titled(room: Room, text: str) -> None:
    """What the browser's tab, history and bookmarks call the page."""
    st.set_page_config(page_title=f"{text} – {room.texts('app.name')}")


def notice(title: str, text: str = "", hints: tuple[str, ...] = (), kind: str = "quiet") -> None:
    """A panel that says how things are: "quiet", "warning" or "error". All of it is shown as text."""
    body = f"<p>{escape(text)}</p>" if text else ""
    items = "".join(f"<li>{escape(hint)}</li>" for hint in hints)
    body += f"<ul>{items}</ul>" if items else ""
    st.html(f'<section class="fou-notice fou-{kind}" role="status"><h2>{escape(title)}</h2>{body}</section>')


def _missing(texts: Texts, said: str) -> None:
    st.html(
        f'<section class="fou-notice fou-warning" role="alert"><h2>{escape(texts("error.title"))}</h2>'
        f"<p>{escape(said)}</p><p>{escape(texts('error.remedy'))}</p>"
        "<ul><li><code>make run</code></li><li><code>python -m ingest run</code></li></ul></section>"
    )
    st.button(texts("error.again"))
