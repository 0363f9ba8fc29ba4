"""How up to date the collection is: a line above it, and behind that its sources, one's own documents and what is new."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from index.search import Index
from settings import Settings
from ui import address, news, own, session, sources
from ui.frame import guarded
from ui.markup import element, escape, joined, plain
from ui.session import Room
from ui.visitor import begin, edit, may_edit
from upkeep import jobs
from upkeep import sources as known
from upkeep.jobs import Job

POLL = 1.0  # seconds between two looks at a job
LABELS = {
    "Leser dokumenter": "upkeep.reading",
    "Leser oppføringer": "upkeep.entries",
    "Leser skannede sider": "upkeep.scans",
    "Regner ut vektorer": "upkeep.vectors",
    "Regner ut vektorer for fagordene": "upkeep.vectors",
}
"""What a run calls its stages, and what the page calls them."""
PANELS: dict[str, tuple[str, Callable[[Room, Index | None], None]]] = {
    "kilder": ("upkeep.sources", sources.panel),
    "egne": ("upkeep.own", own.panel),
    "nytt": ("upkeep.news", news.panel),
}
"""What can be opened, by its name in the address."""


def show(room: Room, index: Index | None) -> None:
    """The line, and what is opened of it. `index` is None where there is nothing to search in yet."""
    job = jobs.current(room.settings)
    opened = address.one(room.params, "vis")
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="upkeep"):
        if job and job.running:
            st.fragment(_at_work, run_every=POLL)(room)
        else:
            _resting(room, job)
        st.html(_menu(room, opened), width="content")
    if job and may_edit(room):
        _ended(room, job)
    if opened in PANELS:
        title, panel = PANELS[opened]
        with st.container(key="panel"):
            close = element("a", room.texts("upkeep.close"), href=address.link("samlingen", room.params, vis=None))
            st.html(f'<div class="fou-panel">{element("h2", room.texts(title))}{close}</div>')
            panel(room, index)


def _menu(room: Room, opened: str) -> str:
    texts = room.texts
    items = ""
    for name, (title, _) in PANELS.items():
        here = ' aria-current="true"' if name == opened else ""
        href = escape(address.link("samlingen", room.params, vis=None if here else name))
        items += f'<li><a href="{href}"{here}>{escape(texts(title))}</a></li>'
    return f'<nav class="fou-panels" aria-label="{escape(texts("upkeep.nav"))}"><ul>{items}</ul></nav>'


def _resting(room: Room, job: Job | None) -> None:
    """When anything was last fetched, what the last job came to, and how much failed."""
    texts, settings = room.texts, room.settings
    fetched = {name: last for name in known.WEB if (last := known.last(name, settings))}
    when = max((last.at for last in fetched.values()), default="")
    said = [texts("upkeep.last", when=texts.moment(when)) if when else texts("upkeep.never")]
    if job and job.state == jobs.DONE and job.answers and "added" in job.answers[-1]:
        counts = {name: job.answers[-1][name] for name in ("added", "updated", "removed")}
        what = ", ".join(texts(f"upkeep.{name}", count=count) for name, count in counts.items() if count)
        said.append(texts("upkeep.came_to", what=what or texts("upkeep.unchanged")))
    failed = sum(last.failed for last in fetched.values()) + known.unread_count(settings)
    href = escape(address.link("samlingen", room.params, vis="kilder"))
    link = (
        f'<span class="fou-dot"> · </span><a href="{href}">{escape(texts.count("upkeep.failed", failed))}</a>' if failed else ""
    )
    st.html(f'<p class="fou-line" role="status">{joined(*said)}{link}</p>', width="content")
    if may_edit(room) and settings.watch.sources:
        wanted = dict.fromkeys(text.split()[0] for text in settings.watch.sources)
        hint = texts("upkeep.fetch_hint", source=plain(", ".join(sources.name_of(room, name) for name in wanted)))
        st.button(texts("upkeep.fetch"), key="fetch", icon=":material/sync:", help=hint, on_click=begin, args=(room, _everything))


def _everything(settings: Settings) -> list[tuple[str, ...]]:
    return [*known.fetching(settings), jobs.READING]


def _at_work(room: Room) -> None:
    with guarded(room, "job"):  # it is drawn without the page about it
        _running(room)


def _running(room: Room) -> None:
    """How far the job has come, drawn anew every second until it has ended; then the page is, with what is new."""
    job = jobs.current(room.settings)
    if not (job and job.running) or st.session_state.get(session.FAILED):
        st.rerun()
    texts = room.texts
    with st.container(horizontal=True, vertical_alignment="center", key="at_work"):
        st.html(progress(room, job), width="content")
        if may_edit(room):
            label = texts("upkeep.cancelling" if job.stopping else "upkeep.cancel")
            stop = (room, lambda: jobs.stop(room.settings))
            st.button(label, key="cancel", icon=":material/close:", disabled=job.stopping, on_click=edit, args=stop)


def progress(room: Room, job: Job) -> str:
    """What the job is doing and how far it has come. Every tenth of the way is told to those who can't see the bar."""
    texts = room.texts
    what = doing(room, job)
    share = min(1.0, job.done / job.total) if job.total else None
    step = texts("upkeep.step", step=job.step + 1, steps=len(job.steps)) if len(job.steps) > 1 else ""
    count = texts("upkeep.of", done=job.done, total=job.total) if job.total else ""
    facts = joined(count, left(room, job), step)
    told = what if share is None else texts("upkeep.about", label=what, percent=texts.percent(int(10 * share) / 10))
    value = "" if share is None else f' aria-valuenow="{round(100 * share)}"'
    named = f'role="progressbar" aria-label="{escape(what)}" aria-valuemin="0" aria-valuemax="100"{value}'
    bar = f'<span style="width:{100 * share:.1f}%"></span>' if share is not None else '<span class="fou-unknown"></span>'
    return (
        f'<div class="fou-progress"><p><b>{escape(what)}</b> <span>{facts}</span></p>'
        f'<div class="fou-track" {named}>{bar}</div>'
        f'<p class="fou-hidden" role="status">{escape(told)}</p></div>'
    )


def doing(room: Room, job: Job) -> str:
    """What the job is at, in the language of the page."""
    texts = room.texts
    if job.label in LABELS:
        return texts(LABELS[job.label])
    step = job.steps[job.step]
    if step[0] == "fetch":
        return texts("upkeep.fetching", source=sources.name_of(room, step[1]))
    return job.label or texts("upkeep.starting")


def left(room: Room, job: Job) -> str:
    """About how long the stage takes yet; "" where that can't be told."""
    if job.left is None or job.stopping:
        return ""
    texts, minutes = room.texts, round(job.left / 60)
    if minutes < 1:
        return texts("upkeep.left_short")
    return texts.count("upkeep.left_minutes", minutes) if minutes < 90 else texts.count("upkeep.left_hours", round(minutes / 60))


def _ended(room: Room, job: Job) -> None:
    """Why the last job did not finish, where it did not."""
    texts = room.texts
    told = {
        jobs.FAILED: texts("upkeep.failed_job", why=job.error),
        jobs.STOPPED: texts("upkeep.stopped"),
        jobs.LOST: texts("upkeep.lost"),
    }
    if job.state in told:
        st.html(element("p", told[job.state], "fou-note fou-warning", role="status"))
