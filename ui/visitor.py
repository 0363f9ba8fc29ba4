"""Who is asking: someone who has signed in, at the machine itself, or from elsewhere; and what they may change."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Mapping, Sequence
from urllib.parse import urlsplit

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

import audit
from errors import FouError, UsageError
from settings import Settings
from ui import access, session
from ui.session import Room
from upkeep import jobs

LOCALHOST = "localhost"
PASSED_ON = ("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip")
"""Headers of what stands between the visitor and the app. Who comes through that is not known to be here."""


def may_edit(room: Room) -> bool:
    """Whether the visitor may fetch, add and take away documents: an editor, where people sign in; else at the machine itself."""
    if room and access.needed(room.settings):
        return access.role() == access.EDITOR
    return at_this_machine()


def why_not(room: Room) -> str:
    """Why one who may not edit may not."""
    return room.texts("access.not_editor" if access.needed(room.settings) else "upkeep.not_here")


def who() -> str | None:
    """Who stands in the audit; None where nobody visits."""
    if get_script_run_ctx() is None:
        return None
    if person := access.person():
        return f"{access.role()}:{audit.code(session.current().settings.folders.store, person)}"
    return "local" if at_this_machine() else "visitor"


def edit(room: Room, do: Callable[[], object]) -> None:
    """Does it in a callback, where the visitor may; what goes wrong is told by the page that is drawn next.

    It is asked here again, for a hidden button keeps nobody from sending what it would send.
    """

    def allowed() -> None:
        if not may_edit(room):
            raise UsageError(why_not(room))
        try:
            do()
        except OSError as error:
            raise FouError(room.texts("upkeep.disk", why=error.strerror or error)) from error

    session.attempt(allowed)


def begin(room: Room, steps: Callable[[Settings], Sequence[tuple[str, ...]]]) -> None:
    """Starts a job of the collection's upkeep, where the visitor may: for the callbacks of buttons."""
    edit(room, lambda: jobs.start(room.settings, room.options, *steps(room.settings)))


def at_this_machine() -> bool:
    return is_local(st.context.ip_address, st.context.headers, st.context.url or "")


def is_local(ip: str | None, headers: Mapping[str, str], url: str) -> bool:
    """Whether a visitor is at this machine: by the address that the connection came from (None for this machine's own), by the
    host that was asked for, lest another site's name lead here, and by nothing having passed it on."""
    given = {name.lower(): value for name, value in headers.items()}
    hosts = [ip, f"//{given.get('host', '')}", url]
    return not any(name in given for name in PASSED_ON) and all(_loopback(host) for host in hosts if host not in (None, "", "//"))


def _loopback(host: str) -> bool:
    try:
        name = urlsplit(host).hostname if "/" in host else host
        if name == LOCALHOST:
            return True
        address = ipaddress.ip_address(name or "")
    except ValueError:
        return False
    return (getattr(address, "ipv4_mapped", None) or address).is_loopback
