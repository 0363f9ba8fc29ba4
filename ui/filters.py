"""The filters at the side, each value with how many reports it would let through, and the line that names those set."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from index.records import Filters
from index.search import Index
from ui import address, session
from ui.markup import escape, plain, styled
from ui.session import Room
from ui.sources import name_of

SHOWN = 6  # values of a filter before "show all"


def side(room: Room, index: Index) -> Filters:
    """Draws the filters in the sidebar; gives those of the address."""
    chosen = address.filters(room.params)
    counts = index.facets(chosen)
    texts = room.texts
    names: dict[str, Callable[[str], str]] = {"languages": texts.name_of, "sources": partial(name_of, room)}
    # A narrow screen folds the sidebar behind a bare arrow, which is given its name
    st.html(f"<style>[data-testid='stExpandSidebarButton']::after {{ content: {styled(texts('filters.open'))}; }}</style>")
    with st.sidebar:
        st.html(f'<h2 class="fou-side">{escape(texts("filters.title"))}</h2>')
        if chosen:
            st.button(texts("filters.clear"), on_click=_clear, args=(room,), key="clear", icon=":material/close:")
        _years(room, index, counts["years"], chosen)
        for field in ("themes", "bodies", "languages", "sources"):
            if len(counts[field]) > 1 or getattr(chosen, field):
                _values(room, field, counts[field], getattr(chosen, field), names.get(field, str))
    return chosen


def active(room: Room, index: Index, chosen: Filters) -> None:
    """The filters that are set, in the page itself, where a narrow screen shows them too."""
    if not chosen:
        return
    titles = {card.id: card.title for card in index.cards()}
    texts = room.texts
    parts = [years_text(room, *chosen.years)] if chosen.years else []
    parts += [*chosen.themes, *chosen.bodies, *map(texts.name_of, chosen.languages)]
    parts += [name_of(room, source) for source in chosen.sources]
    gone = [*(titles.get(key, key) for key in chosen.exclude), *chosen.exclude_bodies]
    parts += [texts("filters.without", name=name) for name in gone]
    items = "".join(f"<li>{escape(part)}</li>" for part in parts)
    with st.container(horizontal=True, vertical_alignment="center", key="active"):
        st.html(f'<p class="fou-active">{escape(texts("filters.active"))}</p><ul class="fou-chips">{items}</ul>', width="content")
        st.button(texts("filters.clear"), on_click=_clear, args=(room,), key="clear_here", type="tertiary")


def years_text(room: Room, first: int | None, last: int | None) -> str:
    return str(first) if first == last else room.texts("filters.from_to", first=first or "", last=last or "")


def _years(room: Room, index: Index, counts: dict[int, int], chosen: Filters) -> None:
    every = index.facets()["years"]
    if len(every) < 2:
        return
    low, high = min(every), max(every)
    first, last = chosen.years or (None, None)
    left = min(max(first or low, low), high)
    right = max(min(last or high, high), left)
    texts = room.texts
    most = max(counts.values(), default=1)
    bars = "".join(
        f'<span class="{"in" if left <= year <= right else "out"}" style="height:{round(100 * counts.get(year, 0) / most)}%" '
        f'title="{escape(texts("filters.year_count", year=year, count=counts.get(year, 0)))}"></span>'
        for year in range(low, high + 1)
    )
    st.html(f'<div class="fou-bars" role="img" aria-label="{escape(texts("filters.histogram"))}">{bars}</div>')
    st.session_state["years"] = (left, right)

    def set_years() -> None:
        first, last = st.session_state["years"]
        session.go(room, fra=first if first > low else None, til=last if last < high else None, antall=None)

    st.slider(texts("filters.years"), low, high, key="years", on_change=set_years)


def _values(room: Room, field: str, counts: dict[str, int], chosen: tuple[str, ...], name: Callable[[str], str]) -> None:
    """One box to tick for each value: those chosen first, then the most frequent; the rest one click away."""
    texts = room.texts
    values = [*chosen, *(value for value in counts if value not in chosen)]

    def box(value: str) -> None:
        key = f"{field}:{value}"
        st.session_state[key] = value in chosen

        def toggle() -> None:
            rest = [v for v in chosen if v != value]
            session.go(room, **{address.FILTERS[field]: [*rest, value] if st.session_state[key] else rest}, antall=None)

        st.checkbox(f"{plain(name(value))} ({counts.get(value, 0)})", key=key, on_change=toggle)

    with st.container(gap=None, key=f"filter_{field}"):
        st.html(f'<h3 class="fou-side">{escape(texts(f"filters.{field}"))}</h3>')
        head = max(SHOWN, len(chosen))
        for value in values[:head]:
            box(value)
        if len(values) > head:
            with st.expander(texts("filters.all", count=len(values))):
                for value in values[head:]:
                    box(value)


def _clear(room: Room) -> None:
    session.go(room, **dict.fromkeys((*address.YEARS, *address.FILTERS.values())), antall=None)
