"""Pages read anew from their picture: what they say, where it stands, which reading is kept, what is told."""

import math
from pathlib import Path

import chores
import pymupdf
import pytest
from making import pdf, ruined, running, scan

from ingest import ocr, pipeline, workers
from ingest.__main__ import main
from ingest.extract import extract
from ingest.report import Page
from settings import Settings, load_settings

needs_tesseract = pytest.mark.skipif(
    ocr.tessdata("") is None, reason="needs Norwegian Tesseract data (Debian: tesseract-ocr-nor)"
)
NORWEGIAN = [
    "Kommunen ønsker å følge opp lærlingene gjennom hele året.",
    "Både ledere og ansatte håper at støtten blir værende lenge.",
    "Også små bygder får råd til å prøve den nye ordningen.",
    "Når våren kommer, møtes gruppene på rådhuset for å øve.",
]
ENGLISH = [
    "The municipalities wanted to know whether the new service",
    "would be worth what it costs, and which of the people who",
    "live far away from the town hall have been helped by it.",
]
RUINED = [ruined(line) for line in NORWEGIAN]
TEXT = running(72, 120, NORWEGIAN, 12, 20)
SOUND = ["Dette laget sier noe annet enn bildet, men hvert ord er helt", "og skal derfor stå slik det er skrevet i filen."]


@pytest.fixture(scope="module")
def quick(tmp_path_factory) -> Settings:
    """At a resolution that is enough for clean pictures."""
    return configured(tmp_path_factory.mktemp("config"), "dpi = 150")


def configured(folder: Path, text: str) -> Settings:
    (folder / "c.toml").write_text(f"[ocr]\n{text}\n", encoding="utf-8")
    return load_settings(folder / "c.toml", store=folder / "store")


def without_data(folder: Path) -> str:
    (folder / "tom").mkdir(exist_ok=True)
    return 'tessdata = "tom"'


def read(path: Path, settings: Settings) -> tuple[list[Page], list[str]]:
    notices: list[str] = []
    return list(pipeline.extracted(path, settings, notices.append).pages), notices


def box_of(page: Page, text: str) -> tuple[float, float, float, float]:
    return next(word.box for word in page.words if page.raw[word.start : word.end] == text)


def stands_at(page: Page, text: str, x: float, y: float) -> bool:
    """Does the box of a word hold a point, and is it no larger than a word is?"""
    x0, y0, x1, y1 = box_of(page, text)
    return x0 <= x <= x1 and y0 <= y <= y1 and min(x1 - x0, y1 - y0) < 20


def middle(text: str) -> tuple[float, float]:
    """Where the middle of a word of TEXT was drawn, on the upright page."""
    for x, y, line, size in TEXT:
        if text in line.split():
            left = x + pymupdf.get_text_length(line[: line.index(text)], fontsize=size, fontname="hebo")
            return left + pymupdf.get_text_length(text, fontsize=size, fontname="hebo") / 2, y - 0.3 * size
    raise KeyError(text)


@needs_tesseract
def test_a_scan_without_text_is_read_with_its_places(tmp_path, quick):
    (page,), notices = read(scan(tmp_path / "a.pdf", [TEXT]), quick)
    assert page.method == "ocr" and page.text.split("\n") == NORWEGIAN and not notices
    assert all(stands_at(page, word, *middle(word)) for word in ("Kommunen", "lærlingene", "værende", "rådhuset"))


@needs_tesseract
@pytest.mark.parametrize("slope", [-4.0, 2.5])
def test_a_skewed_scan_is_read_and_its_words_stand_where_they_slope(tmp_path, quick, slope):
    (page,), _ = read(scan(tmp_path / "a.pdf", [TEXT], slope=slope), quick)
    assert page.text.split("\n") == NORWEGIAN
    cos, sin = math.cos(math.radians(slope)), math.sin(math.radians(slope))
    for word in ("Kommunen", "lærlingene", "støtten", "rådhuset"):
        x, y = (a - half for a, half in zip(middle(word), (595 / 2, 842 / 2), strict=True))
        assert stands_at(page, word, 595 / 2 + cos * x + sin * y, 842 / 2 - sin * x + cos * y)


@needs_tesseract
@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_picture_that_stands_sideways_or_on_its_head_is_read(tmp_path, quick, turn):
    (page,), _ = read(scan(tmp_path / "a.pdf", [TEXT], turn=turn), quick)
    assert page.text.split("\n") == NORWEGIAN
    assert (page.width, page.height) == pytest.approx((595, 842) if turn == 180 else (842, 595), abs=1)
    for word in ("Kommunen", "lærlingene", "støtten", "rådhuset"):
        x, y = middle(word)
        shown = {90: (y, 595 - x), 180: (595 - x, 842 - y), 270: (842 - y, x)}[turn]
        assert stands_at(page, word, *shown)
    assert all(line.box[3] / page.height < 0.3 for line in page.lines)  # for layout it is the head of the page


@needs_tesseract
@pytest.mark.parametrize("turn", [90, 270])
def test_a_scan_set_upright_by_its_rotate_key_has_its_words_on_the_page_as_shown(tmp_path, quick, turn):
    (page,), _ = read(scan(tmp_path / "a.pdf", [TEXT], turn=turn, rotate=turn), quick)
    assert page.text.split("\n") == NORWEGIAN and (page.width, page.height) == pytest.approx((595, 842), abs=1)
    assert all(stands_at(page, word, *middle(word)) for word in ("Kommunen", "lærlingene", "værende", "rådhuset"))


@needs_tesseract
def test_a_page_in_two_languages_comes_out_right_in_both(tmp_path, quick):
    (page,), _ = read(scan(tmp_path / "a.pdf", [TEXT + running(72, 260, ENGLISH, 12, 20)]), quick)
    assert page.text.split("\n") == NORWEGIAN + ENGLISH


@needs_tesseract
def test_a_ruined_layer_is_read_anew_and_a_sound_or_mendable_one_is_not(tmp_path, quick, monkeypatch):
    asked = []
    each = workers.each
    monkeypatch.setattr(workers, "each", lambda function, items, *rest: each(function, asked.append(items) or items, *rest))
    mendable = [line.translate(str.maketrans("æøå", "aoa")) for line in NORWEGIAN]
    for kind, layer in (("ruined", RUINED), ("sound", SOUND), ("mendable", mendable)):
        (page,), notices = read(scan(tmp_path / f"{kind}.pdf", [TEXT], layer=running(72, 120, layer, 12, 20)), quick)
        assert not notices
        if kind == "ruined":
            assert page.method == "ocr" and page.text.split("\n") == NORWEGIAN
            assert stands_at(page, "lærlingene", *middle("lærlingene"))
        else:
            assert page.method == "text" and page.raw.split("\n") == layer
            assert kind == "sound" or "ønsker å følge opp lærlingene" in page.text
    assert asked == [[1]]


@needs_tesseract
def test_letters_that_the_file_does_not_tell_are_read_from_the_picture(tmp_path):
    document = pymupdf.open(unreadable(tmp_path / "a.pdf"))
    assert "\ue010" < document[0].get_text()[0] < "\uf8ff" and not document[0].get_images()
    (page,), _ = read(tmp_path / "a.pdf", load_settings())  # thin type
    assert page.method == "ocr" and page.text.split("\n") == NORWEGIAN


def unreadable(path: Path) -> Path:
    """TEXT in a font that doesn't tell its letters."""
    document = pymupdf.open()
    page = document.new_page(width=595, height=842)
    page.insert_font(fontname="F0", fontbuffer=pymupdf.Font("helv").buffer)
    for x, y, line, size in TEXT:
        page.insert_text((x, y), line, fontsize=size, fontname="F0")
    xref = page.get_fonts()[0][0]
    told = int(document.xref_get_key(xref, "ToUnicode")[1].split()[0])
    cmap = (
        b"/CIDInit /ProcSet findresource begin begincmap /CMapType 2 def 1 begincodespacerange <0000> <FFFF> endcodespacerange\n"
        b"1 beginbfrange <0000> <0FFF> <E000> endbfrange endcmap"
    )
    document.update_stream(told, cmap)
    document.save(path)
    return path


def test_a_reading_that_is_no_better_or_lacks_most_of_the_text_is_not_taken(tmp_path, monkeypatch, quick):
    path = scan(tmp_path / "a.pdf", [TEXT], layer=running(72, 120, RUINED, 12, 20), dpi=50)
    before, _ = read(path, configured(tmp_path, "enabled = false"))
    for words, kept in ((NORWEGIAN, False), ([ruined(line, 0.9) for line in NORWEGIAN], True), (["hele"], True)):
        (anew,) = extract(pdf(tmp_path / "b.pdf", [running(72, 120, words)]), quick).pages
        monkeypatch.setattr(ocr, "read_pages", lambda *_, anew=anew: {1: anew})
        pages, notices = read(path, quick)
        assert (pages == before) == kept and not notices


@needs_tesseract
def test_the_number_of_workers_changes_nothing_and_progress_is_told(tmp_path, quick, monkeypatch):
    path = scan(tmp_path / "a.pdf", [TEXT, TEXT[:2], TEXT[2:]])
    found = []
    for cores in (1, 3):
        monkeypatch.setattr(workers, "cores", lambda cores=cores: cores)
        steps: list[int] = []
        found.append(ocr.read_pages(path, [1, 3], quick, steps.append))
        assert steps == [1, 1] and list(found[-1]) == [1, 3]
    assert found[0] == found[1]


@pytest.mark.parametrize(
    ("chore", "seconds", "cause"),
    [
        (chores.hang, 1, "fordi det tok mer enn 1 sekunder (ocr.seconds_per_page i config.toml)"),
        (chores.crash, 60, "fordi lesingen feilet (programmet stanset)"),
        (chores.fail, 60, "fordi lesingen feilet (RuntimeError: noe gikk galt)"),
    ],
)
def test_a_page_that_takes_too_long_or_breaks_keeps_what_it_had(tmp_path, monkeypatch, chore, seconds, cause):
    monkeypatch.setattr(ocr, "lacking", lambda settings: "")
    monkeypatch.setattr(ocr, "_read_page", chore)
    settings = configured(tmp_path, f"seconds_per_page = {seconds}")
    (page,), notices = read(scan(tmp_path / "a.pdf", [TEXT], dpi=50), settings)
    assert page.method == "none" and notices == [f"side 1 er bare bilde og ble ikke lest, {cause}"]
    layer = running(72, 120, RUINED, 12, 20)
    (page,), (notice,) = read(scan(tmp_path / "b.pdf", [TEXT], layer=layer, dpi=50), settings)
    assert page.method == "text" and page.raw.split("\n") == RUINED
    assert "har ødelagt tekst og ble ikke lest på nytt" in notice and notice.endswith(cause)


def test_without_norwegian_data_the_pages_are_named_and_the_rest_goes_on(tmp_path):
    settings = configured(tmp_path, without_data(tmp_path))
    layer = running(72, 120, RUINED, 12, 20)
    (page,), notices = read(scan(tmp_path / "lag.pdf", [TEXT], layer=layer, dpi=50), settings)
    assert page.method == "text" and page.traced
    assert notices == [
        "side 1 har ødelagt tekst og ble ikke lest på nytt fra bildet, bare rettet så langt det gikk, fordi norsk OCR mangler"
    ]
    pages, notices = read(scan(tmp_path / "bilde.pdf", [TEXT] * 3, dpi=50), settings)
    assert {page.method for page in pages} == {"none"}
    assert notices == ["3 sider (første: 1) er bare bilde og ble ikke lest, fordi norsk OCR mangler"]
    remedy = ocr.remedy(settings, notices)
    assert "ocr.tessdata" in remedy and ("apt-get install tesseract-ocr-nor" in remedy or "brew install" in remedy)
    assert ocr.remedy(settings, []) == "" == ocr.remedy(settings, ["en annen merknad"])


def test_where_ocr_is_off_the_remedy_is_to_switch_it_on(tmp_path):
    settings = configured(tmp_path, "enabled = false")
    _, notices = read(scan(tmp_path / "a.pdf", [TEXT], dpi=50), settings)
    assert notices == ["side 1 er bare bilde og ble ikke lest, fordi OCR er slått av"]
    assert "ocr.enabled = true" in ocr.remedy(settings, notices)


@pytest.mark.parametrize("command", ["show", "clean"])
def test_show_and_clean_tell_the_remedy_once(tmp_path, capsys, command):
    configured(tmp_path, without_data(tmp_path))
    path = scan(tmp_path / "a.pdf", [TEXT, TEXT], dpi=50)
    assert main([command, str(path), "--config", str(tmp_path / "c.toml")]) == 0
    told = capsys.readouterr().err
    assert told.count("2 sider (første: 1)") == 1 and told.count("tesseract") == 1


@needs_tesseract
def test_clean_reads_scans_too(tmp_path, capsys):
    configured(tmp_path, "dpi = 150")
    assert main(["clean", str(scan(tmp_path / "a.pdf", [TEXT])), "--config", str(tmp_path / "c.toml")]) == 0
    assert capsys.readouterr().out.split("\n")[:4] == NORWEGIAN


def test_a_blank_picture_is_told_of_and_a_blank_page_is_not(tmp_path, quick):
    if ocr.tessdata("") is None:
        pytest.skip("needs Norwegian Tesseract data (Debian: tesseract-ocr-nor)")
    (page,), notices = read(scan(tmp_path / "a.pdf", [[]]), quick)
    assert page.method == "none" and notices == ["side 1 er bare bilde, og OCR fant ingen tekst"]
    (page,), notices = read(pdf(tmp_path / "b.pdf", [[]]), quick)
    assert page.method == "none" and not notices


@pytest.mark.parametrize(
    ("text", "something"),
    [
        (" ".join(NORWEGIAN), True),
        ("Vedlegg 3", True),
        ("Sámi allaskuvla lea dutkan ja oahpahusásahus", True),
        ("2019 12,4 31 2020 14,8 29", True),
        ("vr rv Lå, 1 SN Vi $a) V 9 9 Vb lag i ap MA AG 9", False),
        ("", False),
    ],
)
def test_what_ocr_sees_in_a_photograph_is_no_text(text, something):
    assert ocr.says_something(text) == something


def test_the_data_are_found_where_config_or_the_environment_says(tmp_path, monkeypatch):
    (tmp_path / "her").mkdir()
    (tmp_path / "her" / "nor.traineddata").touch()
    settings = configured(tmp_path, 'tessdata = "her"')
    assert ocr.tessdata(settings.ocr.tessdata) == tmp_path / "her"  # relative paths count from the file
    monkeypatch.setenv("TESSDATA_PREFIX", str(tmp_path / "her"))
    monkeypatch.setattr(ocr, "USUAL_PLACES", ())
    ocr.tessdata.cache_clear()
    assert ocr.tessdata("") == tmp_path / "her"
    ocr.tessdata.cache_clear()
