"""What a page of the app stands in: settings, texts, the address, and the index with its model warming up."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import streamlit as st

import failures
from errors import FouError, UsageError
from index.search import Index, open_index
from settings import Settings, load_settings
from ui import access, address
from ui.language import LANGUAGES, Texts, texts

FAILED = "failed"  # in the session: what went wrong in a callback, until a page tells it


@dataclass(frozen=True)
class Room:
    """`problem` is what was wrong with the settings; the pages then say so. `options` are those of the command lines that lead to
    the same settings."""

    settings: Settings
    texts: Texts
    params: address.Params
    problem: FouError | None = None
    options: tuple[str, ...] = ()

    def index(self) -> Index:
        """The index in its newest generation. FouError with the remedy where there is none."""
        if self.problem:
            raise self.problem
        index = _opened(str(self.settings.folders.store), self.settings)[0]
        return index.now()

    def wait_for_model(self) -> None:
        """Returns when the model is loaded, and says meanwhile what is being waited for. Raises what kept it from loading."""
        ready = _opened(str(self.settings.folders.store), self.settings)[1]
        if not ready.done():
            with st.spinner(self.texts("search.loading")):
                wait([ready])
        if error := ready.exception():
            _opened.clear()  # so that it is tried anew once the cause is put right
            raise error


def enter(argv: Sequence[str]) -> Room:
    """Reads the settings, and the language of the app: that of the address, else that of the settings."""
    params = address.clean({name: st.query_params.get_all(name) for name in st.query_params})
    problem, given = None, ()
    try:
        options = _options(argv)
        settings = load_settings(options.config, options.store)
        given = tuple(f"--{name}={path.resolve()}" for name, path in vars(options).items() if path is not None)
    except FouError as error:
        settings, problem = Settings(), error
    language = address.one(params, "lang")
    return Room(settings, texts(language if language in LANGUAGES else settings.languages.ui), params, problem, given)


def current() -> Room:
    """As `enter` gives it, for callbacks, which may outlive what the page was drawn by."""
    return enter(sys.argv[1:])


def go(room: Room, **changes: object) -> None:
    """Moves to another state of the same page: for the callbacks of buttons and fields."""
    new = address.changed(room.params, **changes)
    if new != {name: st.query_params.get_all(name) for name in st.query_params}:
        st.query_params.from_dict(new)  # at once, so that it is one step back in the browser


def once(name: str, key: object, make: Callable[[], Any]) -> Any:
    """What `make` gives, made anew only when `key` is another than last time; kept for this visitor under `name`."""
    if st.session_state.get(name, (None,))[0] != key:
        st.session_state[name] = key, make()
    return st.session_state[name][1]


def attempt(do: Callable[[], object]) -> None:
    """Does it in a callback, where the visitor may see the collection at all. A callback has no page to tell on, so what goes
    wrong is kept for the page that is drawn next."""
    room = current()
    try:
        if room.problem:
            raise room.problem
        if not access.may_read(room.settings):
            raise UsageError(room.texts("access.closed"))
        do()
    except Exception as error:
        if not_ours(error):
            raise
        st.session_state[FAILED] = told(room, error, "callback")


def told(room: Room, error: Exception, where: str) -> str:
    """What the visitor is told of an error, with the id by which the log explains it."""
    number, kept = failures.keep(error, None if room.problem else room.settings.folders.store, f"app {where}")
    said = str(error) if isinstance(error, FouError) else room.texts("error.unexpected_said")
    return f"{said} {room.texts('error.id' if kept else 'error.id_unkept', id=number)}"


def made(room: Room, make: Callable[[], Any]) -> Callable[[], Any]:
    """What a download is made by, when it is asked for. What goes wrong in it is in the log, and its message nowhere."""

    def made_now() -> Any:
        try:
            return make()
        except Exception as error:
            told(room, error, "download")
            raise FouError("download") from None

    return made_now


def not_ours(error: Exception) -> bool:
    """Streamlit moves between pages by exceptions of its own, which must pass."""
    return type(error).__module__.startswith("streamlit.runtime")


def _options(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="streamlit run app.py --", allow_abbrev=False, add_help=False, exit_on_error=False)
    parser.add_argument("--config", type=Path)
    parser.add_argument("--store", type=Path)
    try:
        options, unknown = parser.parse_known_args(argv)
    except argparse.ArgumentError as error:
        raise UsageError(f"Appen ble startet med feil valg ({error}); den tar --config FILE og --store DIR.") from error
    if unknown:
        raise UsageError(f"Appen ble startet med et ukjent valg, {' '.join(unknown)}; den tar --config FILE og --store DIR.")
    return options


@st.cache_resource(show_spinner=False)
def _opened(store: str, _settings: Settings) -> tuple[Index, Future]:
    """One index for all visitors. The model is loaded in the background, while the first of them types."""
    index = open_index(_settings)
    worker = ThreadPoolExecutor(1, thread_name_prefix="model")
    ready = worker.submit(index.warm)
    worker.shutdown(wait=False)
    return index, ready
