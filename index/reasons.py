"""Why two reports are related, as one Norwegian sentence: which names the other and where, or what they share."""

from __future__ import annotations

import sqlite3

from index.records import ReportCard

SAME = "Ser ut til å være samme prosjekt"


def naming(theirs: bool, tie: str, passage: sqlite3.Row) -> str:
    """One Norwegian sentence: which of the two names the other, and where. `theirs`: the other one does."""
    who, whom = ("Den andre", "denne") if theirs else ("Denne", "den andre")
    says = {
        "builds": f"sier at den bygger på {whom}",
        "named": f"nevner {whom} ved tittelen",
        "told": f"omtaler det samme som tittelen {'her' if theirs else 'på den andre'}",
    }[tie]
    return f"{who} {says}, {'på' if passage['first_page'] else 'i'} {_place(passage)}{_section(passage['section'])}."


def reason(
    card: ReportCard, other: ReportCard, mine: sqlite3.Row | None, theirs: sqlite3.Row | None, about: str = ""
) -> str:
    """One Norwegian sentence: what the two share (`about`: the concept), and where they come nearest to each other."""
    siblings = bool(card.parent) and card.parent == other.parent
    common = [theme for theme in card.themes if theme.casefold() in {t.casefold() for t in other.themes}]
    shared = [f"felles emne er «{about}»"] if about else []
    if common:
        shared.append(f"begge har temaet {' og '.join(f'«{t}»' for t in common[:2])}")
    if card.body and card.body.casefold() == other.body.casefold() and not siblings:
        shared.append(f"begge er utført av {card.body}")
    if mine and theirs and (mine["first_page"] or theirs["first_page"]):
        shared.append(f"{_place(mine)} her ligner mest på {_place(theirs)} der{_section(theirs['section'])}")
    sentence = "; ".join(shared) or "det som står om dem, ligner"
    return sentence[0].upper() + sentence[1:] + "."


def _place(passage: sqlite3.Row) -> str:
    return f"side {passage['first_page']}" if passage["first_page"] else "omtalen"  # a report known before its text


def _section(section: str) -> str:
    return f", i «{section.split(' › ')[-1]}»" if section else ""
