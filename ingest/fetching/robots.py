"""What a site's robots.txt lets us ask for (RFC 9309)."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from ingest.fetching.addresses import origin
from ingest.fetching.faults import Fault, Passing, Unreachable

if TYPE_CHECKING:
    from protego import Protego

READ = 512 * 1024
"""Bytes of a robots.txt that count; RFC 9309 asks for at least 500 KiB."""


class Robots:
    """Each site's robots.txt, read once in a run. `read(url)` gives its bytes, or raises Fault."""

    def __init__(self, user_agent: str, read: Callable[[str], bytes], slow: Callable[[str, float], None]) -> None:
        self._name = user_agent.partition("/")[0]
        self._read, self._slow = read, slow
        self._rules: dict[str, Protego | str] = {}
        self._lock = threading.Lock()
        self._locks: dict[str, threading.Lock] = {}

    def check(self, url: str) -> None:
        """Raises Fault where the site asks that the address be left alone, or where it can't say what it asks."""
        site = origin(url)
        with self._lock:
            lock = self._locks.setdefault(site, threading.Lock())
        with lock:  # the other threads wait for the one that reads it
            rules = self._rules.get(site)
            if rules is None:
                rules = self._rules[site] = self._of(site)
        if isinstance(rules, str):
            raise Fault(rules)
        if not rules.can_fetch(url, self._name):
            raise Fault(f"robots.txt på {_host(site)} ber om at adressen ikke hentes")

    def _of(self, site: str) -> Protego | str:
        """The rules, or why nothing is asked for: a site whose server fails is left alone, one without the file is open."""
        from protego import Protego

        try:
            text = self._read(f"{site}/robots.txt")[:READ].decode("utf-8", "replace")
        except Unreachable as fault:
            return str(fault)
        except Passing as fault:
            return f"robots.txt på {_host(site)} kan ikke leses ({fault}), så ingenting hentes derfra nå"
        except Fault as fault:
            if not 300 <= fault.status < 500:  # not the site's word: its address can't be asked at all
                return str(fault)
            text = ""
        rules = Protego.parse(text)
        self._slow(site, float(rules.crawl_delay(self._name) or 0))
        return rules


def _host(site: str) -> str:
    return site.partition("://")[2]
