"""Any bytes at all: each reader gives a report or says why not, in time, and raises nothing else."""

# ruff: noqa: E501 – what a document is made of reads best on one line

import tempfile
from pathlib import Path

import hostile
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from errors import FouError
from ingest import entry, pipeline
from ingest.report import Report
from settings import load_settings

SEEDS = {
    ".pdf": [hostile.one_page(), hostile.one_page(b"/X1 Do q " + hostile.TEXT), (hostile.SAMPLE / "fou-plan.pdf").read_bytes()[:20_000]],
    ".docx": [hostile.word(), hostile.word("<w:tbl><w:tr><w:tc>" + hostile.P + "</w:tc></w:tr></w:tbl>" + hostile.P)],
    ".html": [b"<!doctype html><meta charset=utf-8><h1>Skole</h1><ul><li>Fravar</ul><table><tr><td>1<td>2</table>", hostile.lol().encode()],
    ".txt": ["Fravær i skolen\n\nFunn\n\nFraværet øker. Side 1\n\f1.1 Mål\n• a\n".encode(), b"\xff\xfea\0"],
    ".json": [b'{"title": "Skole", "year": 2020, "themes": ["a"], "isbn": "", "language": "nb"}'],
    "entry.json": [b'{"source": "ks", "id": "7", "title": "S", "year": 2020, "themes": ["a"], "files": [{"url": "u", "name": "a.pdf", "sha256": "x"}]}'],
}  # fmt: skip
QUICK = settings(max_examples=60, deadline=20_000, derandomize=True, database=None, suppress_health_check=list(HealthCheck))


@st.composite
def spoilt(draw, seeds: list[bytes]) -> bytes:
    """Bytes of no kind, or a sound document with some of its bytes exchanged, taken out or said again."""
    if draw(st.integers(0, 4)) == 0:
        return draw(st.binary(max_size=300))
    data = bytearray(draw(st.sampled_from(seeds)))
    for _ in range(draw(st.integers(0, 8))):
        start = draw(st.integers(0, len(data)))
        end = min(len(data), start + draw(st.integers(0, 40)))
        data[start:end] = draw(st.one_of(st.binary(max_size=40), st.just(bytes(data[start:end]) * 3), st.sampled_from(EDGES)))
    return bytes(data)


EDGES = [
    b"-1",
    b"99999999999",
    b"1e999",
    b"\0",
    b"\xed\xa0\x80",
    "\u202e".encode(),
    b"<![CDATA[",
    b"&#0;",
    b"[[[[",
    b"<<<<",
    b"null",
    b"{}",
    b'"\\ud800"',
]


@pytest.fixture(scope="module")
def ours():
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder) / "c.toml"
        config.write_text("[ocr]\nenabled = false\n")
        yield load_settings(config)


def read(name: str, data: bytes, ours, beside: bytes | None = None) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        path.write_bytes(data)
        if beside is not None:
            path.with_suffix(".json").write_bytes(beside)
        try:
            pipeline.fingerprint(path, ours)
            entry.document(path)
            report = pipeline.read(path, ours)
            assert isinstance(report, Report)
            for text in (report.metadata.title, *(page.text + page.raw for page in report.pages)):
                text.encode()  # or it can't be stored
        except FouError as error:
            assert str(error).strip()


@pytest.mark.slow
@pytest.mark.parametrize("suffix", [".pdf", ".docx", ".html", ".txt"])
def test_a_document_of_any_bytes(ours, suffix):
    @QUICK
    @given(spoilt(SEEDS[suffix]))
    def property(data):
        read(f"a{suffix}", data, ours)

    property()


@pytest.mark.slow
def test_a_sidecar_of_any_bytes(ours):
    @QUICK
    @given(spoilt(SEEDS[".json"]))
    def property(data):
        read("a.txt", b"Kommunen har ansvar.", ours, beside=data)

    property()


@pytest.mark.slow
def test_an_entry_of_any_bytes(ours):
    @QUICK
    @given(spoilt(SEEDS["entry.json"]))
    def property(data):
        read("entry.json", data, ours)

    property()


@QUICK
@given(st.text(st.characters(), max_size=80))
def test_a_name_is_shown_on_one_line(name):
    from shown import HIDDEN, one_line

    shown = one_line(name)
    assert not HIDDEN.search(shown) and len(shown.splitlines()) <= 1
    shown.encode()
