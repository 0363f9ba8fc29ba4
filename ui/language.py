"""The texts of the app, from ui/texts/*.toml, in the language that the address or the settings ask for."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "texts"
LANGUAGES = {"nb": "Bokmål", "nn": "Nynorsk", "en": "English"}
"""The languages of the app, each by its own name."""


@dataclass(frozen=True)
class Texts:
    """`texts("search.button")` gives a text; {words} in it are filled in from the keyword arguments."""

    language: str
    table: Mapping[str, str]

    def __call__(self, key: str, **values: object) -> str:
        return self.table[key].format(**values) if values else self.table[key]

    def count(self, key: str, number: int) -> str:
        """The text KEY_one or KEY_many, with {count}."""
        return self(f"{key}_{'one' if number == 1 else 'many'}", count=number)

    def percent(self, share: float) -> str:
        """A share of 0..1 as the language writes it: «98 %» in Norwegian, 98% in English."""
        return f"{100 * share:.0f}{'' if self.language == 'en' else chr(0xA0)}%"

    def moment(self, at: str) -> str:
        """A moment (ISO) on the clock of this machine; the text itself where it is none."""
        try:
            then = datetime.fromisoformat(at).astimezone()
        except ValueError:
            return at
        clock = self("upkeep.time", hour=then.hour, minute=then.minute)
        if then.date() == datetime.now().astimezone().date():
            return self("upkeep.today", time=clock)
        return self("upkeep.moment", day=then.day, month=self._month(then), year=then.year, time=clock)

    def day(self, at: str) -> str:
        """The day of a moment (ISO), where this machine is; the text itself where it is none."""
        try:
            then = datetime.fromisoformat(at).astimezone()
        except ValueError:
            return at
        return self("upkeep.day", day=then.day, month=self._month(then), year=then.year)

    def _month(self, then: datetime) -> str:
        return self("upkeep.months").split()[then.month - 1]

    def name_of(self, language: str) -> str:
        """What a report's language is called; the code itself where the app has no name for it."""
        return self.table.get(f"language.{language}", language)


@cache
def texts(language: str) -> Texts:
    """The texts in one of LANGUAGES. KeyError for another."""
    if language not in LANGUAGES:
        raise KeyError(language)
    tables = tomllib.loads((FOLDER / f"{language}.toml").read_text("utf-8"))
    return Texts(language, {f"{part}.{name}": text for part, table in tables.items() for name, text in table.items()})
