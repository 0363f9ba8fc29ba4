"""Who may see the collection, and who may change it, where people sign in; by [access] in the settings and Streamlit's [auth].

Where nobody is named there, and no sign-in is set up, nobody signs in. Where only one of the two is done, nobody gets in: half a
lock must not look like a whole one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st
from streamlit.errors import StreamlitAuthError
from streamlit.runtime.scriptrunner import get_script_run_ctx

from errors import UsageError
from settings import Access, Settings

READER, EDITOR = "reader", "editor"
SIGNED_IN = "is_logged_in"  # in what Streamlit knows of a visitor; not there at all where no sign-in is set up


def needed(settings: Settings) -> bool:
    return bool(settings.access.readers or settings.access.editors) or SIGNED_IN in _user()


def role() -> str | None:
    """EDITOR, READER or None for the visitor of now, by the settings of now: who is taken out of them is out at the next step."""
    from ui import session  # which asks here in its turn

    return role_of(_user(), session.current().settings.access)


def may_read(settings: Settings) -> bool:
    return not needed(settings) or role() is not None


def person() -> str:
    """The visitor who has signed in: the e-mail address, else what the provider calls them; "" for others."""
    user = _user()
    return str(user.get("email") or f"{user.get('iss', '')}|{user.get('sub', '')}") if user.get(SIGNED_IN) is True else ""


def role_of(user: Mapping[str, Any], access: Access) -> str | None:
    if user.get(SIGNED_IN) is not True:
        return None
    for name, people in ((EDITOR, access.editors), (READER, access.readers)):
        if any(_is(user, one) for one in people):
            return name
    return None


def sign_in() -> None:
    """Leads to the provider: for the callback of a button. UsageError where that is not set up."""
    try:
        st.login()
    except StreamlitAuthError as error:
        raise UsageError(
            "Innloggingen er ikke satt opp på tjeneren; fyll ut [auth] i .streamlit/secrets.toml, og installer "
            "requirements-signin.txt med pip."
        ) from error


def _is(user: Mapping[str, Any], wanted: str) -> bool:
    """Is it a person that is meant by kari@kommune.no, @kommune.no or claim=value?"""
    claim, equals, value = wanted.partition("=")
    if equals and "@" not in claim:
        given = user.get(claim)
        return value in given if isinstance(given, list | tuple) else isinstance(given, str) and given == value
    email = user.get("email")
    if not isinstance(email, str) or user.get("email_verified", True) not in (True, "true"):
        return False
    email, wanted = email.strip().casefold(), wanted.casefold()
    name, at, domain = email.rpartition("@")
    return bool(name and at) and "@" not in name and (email == wanted or f"@{domain}" == wanted)


def _user() -> Mapping[str, Any]:
    return st.user.to_dict() if get_script_run_ctx() else {}
