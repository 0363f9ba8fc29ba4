"""How fast a server is asked: a pause between requests, and the waits that it asks for itself."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from ingest.fetching.faults import Stopped


class Pace:
    """Lets requests to one origin through with a pause between them, whichever thread they come from."""

    def __init__(self, pause: float) -> None:
        self._pause: dict[str, float] = defaultdict(lambda: pause)
        self._next: dict[str, float] = defaultdict(float)
        self._lock = threading.Lock()
        self._stopped = threading.Event()

    def wait(self, origin: str) -> None:
        """Returns when the origin may be asked. Raises Stopped where the run is being ended."""
        with self._lock:
            begins = max(time.monotonic(), self._next[origin])
            self._next[origin] = begins + self._pause[origin]
        if self._stopped.wait(max(0.0, begins - time.monotonic())):
            raise Stopped

    def hold(self, origin: str, seconds: float) -> None:
        """Asks the origin for nothing before so many seconds have gone."""
        with self._lock:
            self._next[origin] = max(self._next[origin], time.monotonic() + seconds)

    def slow(self, origin: str, pause: float) -> None:
        """A longer pause, as the origin's robots.txt may ask for."""
        with self._lock:
            self._pause[origin] = max(self._pause[origin], pause)

    def stop(self) -> None:
        self._stopped.set()


def retry_after(value: str, now: datetime | None = None) -> float:
    """The seconds that a Retry-After header asks for, in either of its forms; 0 where it says nothing."""
    if value.strip().isdecimal():
        return float(value.strip())
    try:
        when = parsedate_to_datetime(value)
    except (TypeError, ValueError, OverflowError):
        return 0.0
    when = when if when.tzinfo else when.replace(tzinfo=UTC)
    return max(0.0, (when - (now or datetime.now(UTC))).total_seconds())
