"""Sets the sample reports: corpus/sample/sources/*.md as PDFs. `python corpus/sample/make.py [--out FOLDER] [NAME …]`."""

from __future__ import annotations

import argparse
import random
import sys
import tomllib
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from press import wear  # noqa: E402
from press.lines import divider, font  # noqa: E402
from press.source import Source, read  # noqa: E402
from press.typeset import HEIGHT, WIDTH, Sheet, sheets  # noqa: E402


def printed(pages: list[Sheet]):
    """A document with the sheets printed on it, its text in the sheets' order."""
    import pymupdf

    doc = pymupdf.open()
    for sheet in pages:
        page = doc.new_page(width=WIDTH, height=HEIGHT)
        for name in sorted({text.font for text in sheet.texts}):
            page.insert_font(fontname=f"F{name}", fontbuffer=font(name).buffer)
        drawing = []
        for x0, y0, x1, y1, colour in sheet.rules:
            drawing.append(f"{_rgb(colour)} rg {x0:.2f} {HEIGHT - y1:.2f} {x1 - x0:.2f} {y1 - y0:.2f} re f")
        drawing.append("BT")
        for text in sheet.texts:
            glyphs = "".join(f"{font(text.font).has_glyph(ord(c)):04x}" for c in text.text)
            drawing.append(
                f"{_rgb(text.colour)} rg /F{text.font} {text.size:g} Tf "
                f"1 0 0 1 {text.x:.2f} {HEIGHT - text.y:.2f} Tm <{glyphs}> Tj"
            )
        _draw(doc, page, [*drawing, "ET"])
    return doc


def _rgb(colour: tuple[float, float, float]) -> str:
    return " ".join(f"{part:.3g}" for part in colour)


def _draw(doc, page, operators: list[str]) -> None:
    content = doc.get_new_xref()
    doc.update_object(content, "<<>>")
    doc.update_stream(content, "\n".join(operators).encode("cp1252"), compress=True)
    doc.xref_set_key(page.xref, "Contents", f"{content} 0 R")


def scanned(source: Source, pages: list[Sheet], how: dict, confusions: dict | None):
    """A document of page pictures; with `confusions`, under an invisible text layer as English OCR leaves it."""
    import pymupdf

    inked = [Sheet([text._replace(colour=(0, 0, 0)) for text in sheet.texts], sheet.rules) for sheet in pages]
    plain, doc = printed(inked), pymupdf.open()  # grey print would all but vanish in black and white
    rng = random.Random(source.name)
    for number, sheet in enumerate(pages):
        angle = round(rng.uniform(-how["askew"], how["askew"]), 2)
        shot = wear.picture(plain[number], how["dpi"], angle, how["specks"], seed=number)
        page = doc.new_page(width=WIDTH, height=HEIGHT)
        image = doc.get_new_xref()
        doc.update_object(
            image,
            f"<</Type/XObject/Subtype/Image/Width {shot.width}/Height {shot.height}/ColorSpace/DeviceGray/BitsPerComponent 1>>",
        )
        doc.update_stream(image, shot.data, new=False, compress=False)
        doc.xref_set_key(image, "Filter", "/CCITTFaxDecode")  # after the stream: update_stream clears both
        doc.xref_set_key(image, "DecodeParms", f"<</K -1/BlackIs1 true/Columns {shot.width}/Rows {shot.height}>>")
        doc.xref_set_key(page.xref, "Resources", f"<</XObject<</Page {image} 0 R>>>>")
        drawing = [f"q {WIDTH} 0 0 {HEIGHT} 0 0 cm /Page Do Q"]
        if confusions:
            page.insert_font(fontname="helv")
            drawing += ["BT 3 Tr", *_layer(sheet, angle, confusions, rng), "ET"]
        _draw(doc, page, drawing)
    return doc


def _layer(sheet: Sheet, angle: float, confusions: dict, rng: random.Random) -> list[str]:
    """PDF operators for the ruined words, each as wide as the word it stands over."""
    out = []
    for text in sheet.texts:
        x = text.x
        for part in text.text.split(" "):
            if part:
                word = wear.ruined(part, confusions, rng)
                asked = font(text.font).text_length(part, text.size)
                given = font("helv").text_length(word, text.size)
                at = wear.turned(x, text.y, angle, WIDTH, HEIGHT)
                shown = "".join("\\" + c if c in "()\\" else c for c in word)
                out.append(
                    f"/helv {text.size:g} Tf {100 * asked / given:.1f} Tz "
                    f"1 0 0 1 {at[0]:.2f} {HEIGHT - at[1]:.2f} Tm ({shown} ) Tj"
                )
            x += font(text.font).text_length(part + " ", text.size)
    return out


def made(source: Source, press: dict):
    """The PyMuPDF document of one source. `press` is layouts.toml."""
    look = press["layout"][source.fact("layout")]
    pages = sheets(source, look, divider(**press["hyphens"]))
    worn = source.fact("wear")
    if worn:
        how = press["wear"][worn]
        doc = scanned(source, pages, how, press["ruin"].get(how.get("ruin", "")))
    else:
        doc = printed(pages)
        doc.subset_fonts()
    doc.set_metadata({"title": source.fact("title"), "author": source.fact("body")} if look["properties"] else {})
    return doc


def main() -> int:
    parser = argparse.ArgumentParser(description="Sets the sample reports as PDFs.")
    parser.add_argument("names", nargs="*", metavar="NAME", help="sources by name (default: all)")
    parser.add_argument("--out", type=Path, default=HERE, help="folder for the PDFs (default: beside this script)")
    args = parser.parse_args()
    press = tomllib.loads((HERE / "layouts.toml").read_text(encoding="utf-8"))
    for path in sorted((HERE / "sources").glob("*.md")):
        if args.names and path.stem not in args.names:
            continue
        doc = made(read(path), press)
        target = args.out / f"{path.stem}.pdf"
        doc.save(target, garbage=4, deflate=True, use_objstms=1, no_new_id=True)
        sys.stdout.write(f"{target.name}: {len(doc)} pages, {target.stat().st_size / 1024:.0f} kB\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
