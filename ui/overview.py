"""The collection in pictures: bars by year, theme and body, each a link that filters, and a map in which near reports lie near."""

from __future__ import annotations

from collections.abc import Callable, Collection

import streamlit as st

from index.landscape import FEWEST, Landscape, landscape
from index.records import Filters, ReportCard
from index.search import Index
from ui import address
from ui.markup import element, escape
from ui.session import Room

SHOWN = 8  # values of a chart
HUES = 7  # colours of the map, in turn


def charts(room: Room, index: Index, chosen: Filters) -> str:
    """Reports by year, theme and body under the filters that are set."""
    counts = index.facets(chosen)
    years = counts["years"]
    spans = {year: years.get(year, 0) for year in range(min(years), max(years) + 1)} if years else {}
    parts = _years(room, spans, chosen)
    for field in ("themes", "bodies"):
        parts += _bars(room, field, counts[field], getattr(chosen, field))
    label = escape(room.texts("collection.overview"))
    return f'<section class="fou-charts" aria-label="{label}">{parts}</section>' if parts else ""


def _years(room: Room, counts: dict[int, int], chosen: Filters) -> str:
    if not counts:
        return ""
    most = max(counts.values())

    def bar(year: int, count: int) -> str:
        here = chosen.years == (year, year)
        href = address.link("samlingen", room.params, **dict.fromkeys(address.YEARS, None if here else year), antall=None)
        shape = f'<span style="height:{round(100 * count / most)}%"></span>'
        return f"<li>{_link(room, href, year, count, here, shape)}</li>" if count else "<li></li>"

    bars = "".join(bar(year, count) for year, count in counts.items())
    ends = f"<p>{''.join(element('span', year) for year in dict.fromkeys((min(counts), max(counts))))}</p>"
    return f'<div class="fou-chart fou-annual">{element("h2", room.texts("collection.by_year"))}<ul>{bars}</ul>{ends}</div>'


def _bars(room: Room, field: str, counts: dict[str, int], chosen: Collection[str]) -> str:
    texts, name = room.texts, address.FILTERS[field]
    most = max(counts.values(), default=1)

    def bar(value: str, count: int) -> str:
        here = value in chosen
        wanted = [v for v in chosen if v != value] if here else [*chosen, value]
        href = address.link("samlingen", room.params, **{name: wanted, "antall": None})
        shape = f'<span class="fou-name">{escape(value)}</span><span class="fou-bar" style="width:{round(42 * count / most)}%"></span>'
        return f"<li>{_link(room, href, value, count, here, f'{shape}<b>{count}</b>')}</li>"

    bars = "".join(bar(value, counts[value]) for value in list(counts)[:SHOWN])
    more = len(counts) - SHOWN
    rest = element("p", texts("collection.more_values", count=more), "fou-small") if more > 0 else ""
    return f'<div class="fou-chart">{element("h2", texts(f"collection.by_{field}"))}<ul>{bars}</ul>{rest}</div>' if bars else ""


def _link(room: Room, href: str, name: object, count: int, here: bool, shape: str) -> str:
    label = escape(room.texts("collection.bar", name=name, count=count))
    mark = ' aria-current="true"' if here else ""
    return f'<a href="{escape(href)}" title="{label}" aria-label="{label}"{mark}>{shape}</a>'


def plan(room: Room, index: Index, cards: list[ReportCard]) -> None:
    """The map of these reports. All of them stand in the table below too, so the points need not be reached by the keyboard."""
    texts = room.texts
    if len(cards) < FEWEST:
        st.html(element("p", texts("collection.map_small", count=FEWEST), "fou-small"))
        return
    with st.spinner(texts("search.working"), show_time=False):
        found = _landscape(str(room.settings.folders.store), index.generation, tuple(sorted(c.id for c in cards)), lambda: index)
    if found:
        st.html(map_html(room, found, {card.id: card for card in cards}))


def map_html(room: Room, found: Landscape, cards: dict[str, ReportCard]) -> str:
    points = "".join(
        f'<a tabindex="-1" class="fou-hue{point.group % HUES}" style="left:{2 + 96 * point.x:.1f}%;top:{3 + 94 * point.y:.1f}%" '
        f'href="{escape(address.of_report(address.lasting(room.params), point.report))}" {_named(cards[point.report])}></a>'
        for point in found.points
    )
    names = "".join(
        f'<span style="left:{2 + 96 * group.x:.1f}%;top:{3 + 94 * group.y:.1f}%">{escape(" · ".join(group.words))}</span>'
        for group in found.groups
    )
    hint = element("p", room.texts("collection.map_hint"), "fou-small")
    label = escape(room.texts("collection.map"))
    return f'<section class="fou-plan" aria-label="{label}">{hint}<div class="fou-map">{points}{names}</div></section>'


def _named(card: ReportCard) -> str:
    label = escape(f"{card.title}{f' ({card.year})' if card.year else ''}")
    return f'title="{label}" aria-label="{label}"'


@st.cache_data(max_entries=16, show_spinner=False)
def _landscape(store: str, generation: int, keys: tuple[str, ...], _index: Callable[[], Index]) -> Landscape | None:
    return landscape(_index().snapshot, keys)
