"""Moments as the store keeps them: UTC, to the second, all written alike, so that as texts they stand in the order of time."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from errors import UsageError


def now() -> str:
    """This moment: 2026-01-31T12:00:00+00:00."""
    return written(datetime.now(UTC))


def written(time: datetime) -> str:
    """A time (with its zone, else local) as a moment."""
    return time.astimezone(UTC).isoformat(timespec="seconds")


def after(moment: str) -> str:
    """The next one."""
    return written(datetime.fromisoformat(moment) + timedelta(seconds=1))


def day(moment: str) -> str:
    """The local day of a moment, as 2026-01-31; "" for one that is not known."""
    return datetime.fromisoformat(moment).astimezone().date().isoformat() if moment else ""


def since(text: str) -> str:
    """The moment that a user means: the start of a day, written 2026-01-31, or so many days ago: 7d, 7 dager. Else UsageError."""
    text = text.strip().casefold()
    try:
        if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            return written(datetime.fromisoformat(text))
        if match := re.fullmatch(r"(\d{1,6})\s*(?:d|dag|dager|dagar|days?)", text):
            return written(datetime.now(UTC) - timedelta(days=int(match[1])))
    except (ValueError, OverflowError, OSError):  # a day that no calendar has, or none of this era
        pass
    raise UsageError(f"«{text}» er ingen dag; skriv en dato som 2026-01-31, eller et antall dager som 7d.")
