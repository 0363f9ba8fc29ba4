"""The drafts that are being checked: in memory for some hours under a word that nobody can guess, and nowhere stored.

So the page finds its draft again after another language was chosen or a passage was opened, though each is a new visit.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections import OrderedDict

import streamlit as st

from index.asks import asks

MOST = 200
KEPT = 4 * 3600  # seconds


class Drafts:
    """Texts by their words. It can be shared between threads."""

    def __init__(self) -> None:
        self._texts: OrderedDict[str, tuple[float, str]] = OrderedDict()
        self._lock = threading.Lock()

    def put(self, text: str) -> str:
        """The word by which the text is found again."""
        word = secrets.token_urlsafe(12)
        with self._lock:
            self._texts[word] = time.monotonic(), text
            while len(self._texts) > MOST:
                self._texts.popitem(last=False)
        return word

    def get(self, word: str) -> str:
        """The text; "" where there is none, or none any more."""
        with self._lock:
            put, text = self._texts.get(word, (0.0, ""))
            if text and time.monotonic() - put > KEPT:
                del self._texts[word]
                return ""
            return text

    def ask(self, word: str, number: int) -> str:
        """What the draft asks for in place `number`, counted from 1; "" where there is none.

        So that an address, which browsers remember, need not say it.
        """
        found = asks(self.get(word)) if word and number else ()
        return found[number - 1].text if 0 < number <= len(found) else ""


@st.cache_resource(show_spinner=False)
def drafts() -> Drafts:
    return Drafts()
