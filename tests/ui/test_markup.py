"""The pure parts of the pages: marks, excerpts, addresses, texts, pictures."""

from __future__ import annotations

import io
import re
import string

import pytest

from index.records import Filters, PageView
from ingest.report import Edit, RawSpan, Traced
from ui import address, pagetext
from ui.language import LANGUAGES, texts
from ui.markup import Mark, escape, excerpt, marked, plain, styled
from ui.picture import page_image


def test_a_text_in_css_ends_neither_its_string_nor_its_element():
    assert styled("Vel fil …") == "'Vel fil …'"
    assert styled("Don't</style>\\") == r"'Don\27 t\3c \2f style\3e \5c '"


def test_the_three_languages_have_the_same_texts_with_the_same_places():
    def places(language: str) -> dict[str, set[str | None]]:
        read = string.Formatter().parse
        return {key: {name for _, name, _, _ in read(text) if name} for key, text in texts(language).table.items()}

    assert places("nb") == places("nn") == places("en")
    assert all(text.strip() for language in LANGUAGES for text in texts(language).table.values())


def test_every_text_that_the_pages_name_is_there():
    from pathlib import Path

    code = "".join(path.read_text("utf-8") for path in Path(address.__file__).parent.glob("*.py"))
    parts = {key.split(".")[0] for key in texts("nb").table}
    named = {key for key in re.findall(r'"([a-z]+\.[a-z_0-9]+)"', code) if key.split(".")[0] in parts}
    known = set(texts("nb").table) | {re.sub("_(one|many)$", "", key) for key in texts("nb").table}
    assert named and named <= known


@pytest.mark.parametrize(
    ("marks", "expected"),
    [
        ([Mark(0, 3, "mark")], "<mark>a&lt;b</mark>&amp;c d"),
        ([Mark(0, 5, "mark"), Mark(2, 7, "b")], "<mark>a&lt;<b>b&amp;c</b></mark><b> d</b>"),
        ([Mark(2, 7, "b"), Mark(0, 5, "mark")], "<mark>a&lt;</mark><b><mark>b&amp;c</mark> d</b>"),
        ([Mark(1, 2, "ins", "x", 'lest "&"')], 'a<ins class="x" title="lest &quot;&amp;&quot;">&lt;</ins>b&amp;c d'),
        ([Mark(3, 3, "b"), Mark(90, 99, "b")], "a&lt;b&amp;c d"),
    ],
)
def test_marks_nest_and_all_else_is_escaped(marks, expected):
    assert marked("a<b&c d", marks) == expected


def test_a_part_of_a_marked_text():
    assert marked("en to tre", [Mark(0, 5, "b")], 3, 9) == "<b>to</b> tre"


def test_markdown_is_plain_in_labels():
    assert plain("**a** [b](c) :red[d]\n# e") == r"\*\*a\*\* \[b\](c) \:red\[d\] \# e"
    assert plain("www.x.no, a@b.no $x$ `y` <u> - en") == "www\u200b.x.no, a\\@\u200bb.no " + r"\$x\$ \`y\` \<u\> - en"
    assert plain("(https://x.no) HTTP://y") == "(https\\://\u200bx.no) HTTP\\://\u200by"
    assert plain("- punkt") == r"\- punkt" and plain("+ en") == r"\+ en" and plain("1. en") == "1\u200b. en"


def test_a_label_without_markdown_is_said_as_it_is():
    for label in ("Heltid - deltid (1)", "Dyrere plasser, færre barn", "Trygg hjemme? Velferdsteknologi – år 2", "Kap. 3.2 (ny)!"):
        assert plain(label) == label, "some labels go unread into a name that a screen reader says"


@pytest.mark.parametrize("best", [(0, 40), (400, 460), (1150, 1190), (100, 900)])
def test_an_excerpt_holds_the_best_sentence_and_whole_words(best):
    text = " ".join(f"ord{n:04}" for n in range(150))
    best = (best[0] // 8 * 8, best[1] // 8 * 8 - 1)
    start, end = excerpt(text, best, 300)
    assert start <= best[0] and best[1] <= end and end - start <= max(310, best[1] - best[0])
    assert start == 0 or text[start - 1] == " "
    assert end == len(text) or text[end] == " "


def test_a_short_text_is_its_own_excerpt():
    assert excerpt("kort tekst", (0, 4)) == (0, 10)


def test_an_address_holds_filters_and_survives_nonsense():
    params = {"q": ["a&b"], "fra": ["2010"], "til": ["nå"], "tema": ["Bolig", "Bolig", ""], "side": ["-1"]}
    assert address.filters(params) == Filters(years=(2010, None), themes=("Bolig",))
    assert address.number(params, "side", 1) == 1 and address.number({"side": ["²"]}, "side") is None
    assert address.link("rapport", params, side=3, til=None, tema=None) == "./rapport?q=a%26b&fra=2010&side=3"
    assert address.of_report(params, "x.y", side=2).endswith("&rapport=x.y&side=2")


def view(raw: str, edits: tuple[Edit, ...]) -> PageView:
    return PageView(1, raw, Traced.of_page(raw, 1, edits).text, "text", 1.0, 0, 0, (), edits)


def test_the_page_text_shows_edits_and_marks_where_they_stand():
    page = view("De f¢lte p3 <kulden>.", (Edit(3, 8, "f¢lte", "følte", "ocr", 0.998), Edit(9, 11, "p3", "på", "ocr", 0.61)))
    shown = pagetext.page_html(page, texts("nb"), passage=[RawSpan(1, 9, 21)], best=[RawSpan(2, 0, 3)])
    assert shown == (
        'De <ins class="fou-edit" title="Lest som «f¢lte» (feil i tekstgjenkjenningen, 99 % sikkert)">følte</ins> '
        '<mark class="fou-soft"><ins class="fou-edit fou-doubtful" '
        'title="Lest som «p3» (feil i tekstgjenkjenningen, 61 % sikkert)">på</ins> &lt;kulden&gt;.</mark>'
    )
    as_read = pagetext.page_html(page, texts("nb"), as_read=True)
    assert "f¢lte" in as_read and "Rettet til «på»" in as_read and re.sub("<[^>]+>", "", as_read) == escape(page.raw)


def test_the_legend_marks_its_own_words_as_the_page_marks_edits():
    sure, doubtful = Edit(3, 8, "f¢lte", "følte", "ocr", 0.998), Edit(9, 11, "p3", "på", "ocr", 0.61)
    both = pagetext.legend([sure, doubtful], texts("nb"))
    assert both == (
        '<span class="fou-edit">rettet</span> · '
        '<span class="fou-edit fou-doubtful">usikkert rettet</span> (begge former kan søkes). '
        "Pek eller trykk på et ord for å se hva det ble lest som."
    )
    assert "fou-doubtful" not in pagetext.legend([sure], texts("nb")) and ">rettet<" not in pagetext.legend(
        [doubtful], texts("nb")
    )
    assert "corrected to" in pagetext.legend([sure], texts("en"), as_read=True)


def test_an_edit_tells_its_kind_in_the_language_of_the_page():
    page = view("et dik\u00adtet", (Edit(6, 7, "\u00ad", "", "encoding"), Edit(7, 10, "tet", "ten", "strange", 0.5)))
    as_read = pagetext.page_html(page, texts("nn"), as_read=True)
    assert "Teke bort (feil i teiknkodinga, 100 % sikkert)" in as_read and "«ten» (strange, 50 % sikkert)" in as_read


def test_what_was_taken_away_or_put_in_marks_the_whole_word():
    hyphen = Edit(5, 6, "\u00ad", "", "encoding"), Edit(8, 9, "\u00ad", "", "encoding")
    page = view("kommu\u00adne\u00adne vil", hyphen)
    title = r"Lest som «kommu\xadne\xadne» (feil i tegnkodingen, 100 % sikkert)"
    assert pagetext.page_html(page, texts("nb")) == f'<ins class="fou-edit" title="{title}">kommunene</ins> vil'
    page = view("det er fo sent", (Edit(9, 9, "", "r", "ocr"),))
    read = pagetext.page_html(page, texts("nb"), as_read=True)
    assert read.startswith('det er <span class="fou-edit" title="Rettet til «for» (') and read.endswith(">fo</span> sent")
    page = view("slutt \x07 ny", (Edit(6, 7, "\x07", "", "encoding"),))
    assert re.sub(' title="[^"]*"', "", pagetext.page_html(page, texts("nb"))) == '<ins class="fou-edit">slutt</ins>  ny'


def test_marks_follow_edits_that_change_the_length():
    raw = "rn rn rn slutt"
    edits = tuple(Edit(i, i + 2, "rn", "m", "ocr") for i in (0, 3, 6))
    traced = Traced.of_page(raw, 1, edits)
    (span,) = pagetext.shown_spans(traced, [RawSpan(1, 9, 14)])
    assert traced.text[slice(*span)] == "slutt"
    assert pagetext.shown_spans(traced, [RawSpan(1, 4, 5)]) == [(2, 3)]


def test_full_lines_run_on_and_others_stay():
    long = "en linje som er så lang som linjene på denne siden er"
    text = f"Overskrift\n{long}\n{long} og slutt.\n{long}\n2. punkt\n{long}\n{long} | a"
    shown = pagetext.flowing(text)
    assert len(shown) == len(text)
    assert shown.split("\n") == ["Overskrift", f"{long} {long} og slutt.", long, "2. punkt", long, f"{long} | a"]


def test_the_picture_marks_the_boxes_and_keeps_the_ink(tmp_path):
    import numpy as np
    import pymupdf
    from PIL import Image

    path = tmp_path / "a.pdf"
    with pymupdf.open() as document:
        page = document.new_page(width=200, height=100)
        page.draw_rect((20, 20, 60, 40), fill=(0, 0, 0))
        document.save(path)

    def drawn(*args) -> np.ndarray:
        return np.asarray(Image.open(io.BytesIO(page_image(path, 1, *args, dpi=72))).convert("RGB")).astype(int)

    bare, picture = drawn(), drawn([(10, 10, 100, 50)], [(110, 10, 190, 50)])
    assert picture.shape == bare.shape == (100, 200, 3)
    assert tuple(bare[15, 15]) == tuple(bare[90, 90]) == tuple(picture[90, 90]) == (255, 255, 255)
    assert picture[15, 15][2] < 200 < picture[15, 15][1] and picture[30, 150][2] < picture[15, 15][2]
    assert picture[30, 40].max() < 20
    with pytest.raises(ValueError):
        page_image(path, 2)


def test_a_page_as_large_as_a_house_is_drawn_small(tmp_path, monkeypatch):
    import pymupdf
    from PIL import Image

    from ui import picture

    monkeypatch.setattr(picture, "LARGEST", 10_000)
    with pymupdf.open() as document:
        document.new_page(width=14_400, height=1_440)
        document.save(tmp_path / "a.pdf")
    image = Image.open(io.BytesIO(page_image(tmp_path / "a.pdf", 1, dpi=220)))
    assert image.width * image.height <= 12_000


def test_a_page_that_is_never_done_leaves_the_others_an_answer(tmp_path, monkeypatch):
    from ui import picture

    monkeypatch.setattr(picture, "PATIENCE", 0.05)
    with picture._alone(), pytest.raises(ValueError, match="another page"):
        page_image(tmp_path / "a.pdf", 1)
