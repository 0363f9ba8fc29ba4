"""Bad documents, made from a seed: python tests/hostile.py FOLDER [--from FOLDER] [--seed N] [--count N] [--large]

Two kinds: those that are made by hand, one for each way to do harm that is known, and `count` mutations of sound documents
(of corpus/sample, or of what --from names), the same for the same seed. --large adds the ones that take hundreds of megabytes.
"""

# ruff: noqa: E501 – what a document is made of reads best on one line

from __future__ import annotations

import argparse
import io
import os
import random
import re
import socket
import stat
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = ROOT / "corpus" / "sample"
ADDRESS = "http://127.0.0.1:9/hostile"  # nobody answers there; tests put their own in its place
SECRET = "/etc/hostname"

Made = Iterator[tuple[str, bytes]]


# PDF


def pdf(*objects: bytes, root: int = 1, trailer: bytes = b"", version: bytes = b"1.7") -> bytes:
    """A PDF of these objects, numbered from 1, with a right xref."""
    out, places = b"%PDF-" + version + b"\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + b"trailer\n<< /Size %d /Root %d 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, root, trailer, start)


def stream(data: bytes, entries: bytes = b"", length: int | None = None) -> bytes:
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(data) if length is None else length, entries, data)


CATALOG = b"<< /Type /Catalog /Pages 2 0 R >>"
FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
TEXT = b"BT /F1 12 Tf 72 700 Td (Kommunen har ansvar for tjenesten.) Tj ET"


def page(
    content: bytes = b"4 0 R", box: bytes = b"0 0 595 842", more: bytes = b"", resources: bytes = b"/Font << /F1 5 0 R >>"
) -> bytes:
    return b"<< /Type /Page /Parent 2 0 R /MediaBox [%s] /Contents %s /Resources << %s >> %s >>" % (box, content, resources, more)


def one_page(
    content: bytes = TEXT,
    first: bytes | None = None,
    *others: bytes,
    pages: bytes = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    **rest,
) -> bytes:
    return pdf(CATALOG, pages, first or page(), stream(content), FONT, *others, **rest)


def bomb(megabytes: int, times: int = 1, letter: bytes = b" ") -> bytes:
    """So much, deflated; again and again where `times` is more."""
    packer = zlib.compressobj(9)
    data = b"".join(packer.compress(letter * 2**20) for _ in range(megabytes)) + packer.flush()
    for _ in range(times - 1):
        data = zlib.compress(data, 9)
    return data


def pdfs(large: bool) -> Made:
    """PDFs made by hand."""
    yield "tom.pdf", b""
    yield "bare-hodet.pdf", b"%PDF-1.7\n"
    yield "nuller.pdf", b"\0" * 5000
    yield "tilfeldig.pdf", random.Random(1).randbytes(20_000)
    yield "uten-trailer.pdf", one_page().split(b"trailer")[0]
    yield "uten-sider.pdf", pdf(CATALOG, b"<< /Type /Pages /Kids [] /Count 0 >>")
    yield "negativt-antall.pdf", one_page(pages=b"<< /Type /Pages /Kids [3 0 R] /Count -7 >>")
    yield "million-sider.pdf", one_page(pages=b"<< /Type /Pages /Kids [3 0 R] /Count 1000000 >>")
    kids = b" ".join([b"3 0 R"] * 1_000_000)
    yield "million-barn.pdf", one_page(pages=b"<< /Type /Pages /Kids [%s] /Count 1000000 >>" % kids)
    yield "sidetre-i-ring.pdf", one_page(pages=b"<< /Type /Pages /Kids [2 0 R 3 0 R] /Count 2 >>")
    yield "side-er-sin-mor.pdf", pdf(CATALOG, b"<< /Type /Pages /Kids [2 0 R] /Count 1 /Parent 2 0 R >>")
    yield "katalog-i-ring.pdf", pdf(b"<< /Type /Catalog /Pages 1 0 R >>")
    yield "kjempeark.pdf", one_page(first=page(box=b"0 0 1000000000 1000000000"))
    yield (
        "stort-ark-med-tekst.pdf",
        one_page(
            b"".join(b"BT /F1 12 Tf %d %d Td (Kommunen har ansvar) Tj ET\n" % (n * 900_000, n * 400_000) for n in range(40)),
            page(box=b"0 0 90000000 90000000"),
        ),
    )
    yield "ark-uten-flate.pdf", one_page(first=page(box=b"0 0 0 0"))
    yield "ark-baklengs.pdf", one_page(first=page(box=b"595 842 -1e38 -1e38"))
    yield "ark-nan.pdf", one_page(first=page(box=b"nan inf -inf 1e999"))
    yield "dyp-liste.pdf", one_page(first=page(more=b"/X " + b"[" * 100_000 + b"]" * 100_000))
    yield "dype-ordlister.pdf", one_page(first=page(more=b"/X " + b"<</A" * 100_000 + b">>" * 100_000))
    yield (
        "lengde-i-ring.pdf",
        pdf(
            CATALOG,
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            page(),
            b"<< /Length 4 0 R >>\nstream\n" + TEXT + b"\nendstream",
            FONT,
        ),
    )
    yield (
        "lengde-for-stor.pdf",
        pdf(CATALOG, b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>", page(), stream(TEXT, length=2**31 - 1), FONT),
    )
    yield "lengde-negativ.pdf", pdf(CATALOG, b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>", page(), stream(TEXT, length=-5), FONT)
    yield "objektnummer.pdf", one_page().replace(b"/Size 6", b"/Size 2147483647")
    yield "forrige-i-ring.pdf", re.sub(rb"/Root", lambda _: b"/Prev 9 /Root", one_page())
    yield "innhold-i-ring.pdf", one_page(b"/X1 Do", page(resources=b"/XObject << /X1 6 0 R >>"),
        stream(b"/X1 Do /X1 Do", b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X1 6 0 R >> >>"),
    )  # fmt: skip
    forms = [
        stream(
            b"/X Do " * 10, b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X %d 0 R >> >>" % (7 + n)
        )
        for n in range(12)
    ]
    yield "milliard-innhold.pdf", one_page(
        b"/X Do", page(resources=b"/XObject << /X 6 0 R >>"), *forms,
        stream(TEXT, b"/Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources << /Font << /F1 5 0 R >> >>"),
    )  # fmt: skip
    yield "dyp-q.pdf", one_page(b"q " * 300_000 + TEXT)
    yield "skrift-i-ring.pdf", pdf(
        CATALOG, b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>", page(), stream(TEXT),
        b"<< /Type /Font /Subtype /Type0 /BaseFont /X /Encoding 6 0 R /DescendantFonts [5 0 R] /ToUnicode 6 0 R >>",
        stream(b"/X usecmap 1 beginbfrange <0000> <FFFF> <0041> endbfrange", b"/Type /CMap /CMapName /X /UseCMap 6 0 R"),
    )  # fmt: skip
    yield "type3-i-ring.pdf", pdf(
        CATALOG, b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>", page(), stream(b"BT /F1 12 Tf 72 700 Td (aaaa) Tj ET"),
        b"<< /Type /Font /Subtype /Type3 /FontBBox [0 0 9 9] /FontMatrix [1 0 0 1 0 0] /FirstChar 97 /LastChar 97 /Widths [9]"
        b" /Encoding << /Differences [97 /a] >> /CharProcs << /a 6 0 R >> /Resources << /Font << /F1 5 0 R >> >> >>",
        stream(b"9 0 0 0 9 9 d1 BT /F1 12 Tf (aaaa) Tj ET"),
    )  # fmt: skip
    yield "tounicode-til-alt.pdf", pdf(
        CATALOG, b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>", page(), stream(TEXT),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 6 0 R >>",
        stream(b"1 begincodespacerange <00> <FF> endcodespacerange 1 beginbfrange <00> <FF> <D800> endbfrange"),
    )  # fmt: skip
    size = 600 if large else 60
    yield (
        "deflatebombe.pdf",
        pdf(CATALOG, b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>", page(), stream(bomb(size), b"/Filter /FlateDecode"), FONT),
    )
    yield "deflatebombe-i-tre.pdf", pdf(
        CATALOG, b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>", page(),
        stream(bomb(size, 3), b"/Filter [/FlateDecode /FlateDecode /FlateDecode]"), FONT,
    )  # fmt: skip
    yield (
        "tusen-filtre.pdf",
        pdf(
            CATALOG,
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            page(),
            stream(TEXT, b"/Filter [" + b"/ASCIIHexDecode " * 5000 + b"]"),
            FONT,
        ),
    )
    yield "bildebombe.pdf", one_page(b"595 0 0 842 0 0 cm /I Do", page(resources=b"/XObject << /I 6 0 R >>"),
        stream(bomb(1), b"/Type /XObject /Subtype /Image /Width 100000 /Height 100000 /BitsPerComponent 8 /ColorSpace /DeviceRGB /Filter /FlateDecode"),
    )  # fmt: skip
    yield (
        "mye-tekst.pdf",
        one_page(b"BT /F1 1 Tf 1 1 Td " + b"(Kommunen har ansvar for tjenesten) Tj " * (200_000 if large else 20_000) + b"ET"),
    )
    yield "lang-linje.pdf", one_page(b"BT /F1 1 Tf 1 1 Td (" + b"abcdefghij" * 100_000 + b") Tj ET")
    yield "xfa.pdf", pdf(
        b"<< /Type /Catalog /Pages 2 0 R /AcroForm << /XFA 6 0 R /Fields [] >> >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        page(), stream(TEXT), FONT, stream(b"<xdp:xdp xmlns:xdp='http://ns.adobe.com/xdp/'>" + lol().encode() + b"</xdp:xdp>"),
    )  # fmt: skip
    yield "skript.pdf", pdf(
        b"<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /JavaScript /JS (while\\(true\\){}) >> >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>", page(more=b"/AA << /O << /S /JavaScript /JS (while\\(true\\){}) >> >>"),
        stream(TEXT), FONT,
    )  # fmt: skip
    yield "ytre-fil.pdf", pdf(
        CATALOG, b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>", page(),
        b"<< /Length 0 /F << /Type /Filespec /F (%s) >> >>\nstream\n\nendstream" % SECRET.encode(), FONT,
    )  # fmt: skip
    yield "ytre-adresse.pdf", one_page(first=page(more=b"/AA << /O << /S /URI /URI (%s) >> >>" % ADDRESS.encode()))
    yield "signatur-uten-innhold.pdf", one_page() + b"\n%%EOF" * 50_000
    yield "sammensatt-lang.pdf", b"%" + b"x" * 5_000_000 + one_page()
    yield "underskrift-xref.pdf", one_page().replace(b"0000000009 00000 n", b"9999999999 99999 n")
    yield from locked()


def locked() -> Made:
    """With a password to be opened, in the ways that there are; and one that is locked against printing only."""
    import pymupdf

    for name in ("RC4_40", "RC4_128", "AES_128", "AES_256"):
        document = pymupdf.open("pdf", one_page())
        yield (
            f"passord-{name.lower()}.pdf",
            document.tobytes(encryption=getattr(pymupdf, f"PDF_ENCRYPT_{name}"), user_pw="hemmelig", owner_pw="eier"),
        )
    document = pymupdf.open("pdf", one_page())
    yield (
        "last-mot-utskrift.pdf",
        document.tobytes(encryption=pymupdf.PDF_ENCRYPT_AES_256, user_pw="", owner_pw="eier", permissions=0),
    )


# DOCX


W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
P = "<w:p><w:r><w:t>Kommunen har ansvar for tjenesten.</w:t></w:r></w:p>"


def lol(deep: int = 10, wide: int = 10) -> str:
    """Entities within entities: wide ** deep times a word."""
    lines = ['<!ENTITY a0 "latter">', *(f'<!ENTITY a{n} "{f"&a{n - 1};" * wide}">' for n in range(1, deep))]
    return f"<!DOCTYPE x [{''.join(lines)}]><x>&a{deep - 1};</x>"


def word(
    body: str = P, changed: dict[str, bytes | None] | None = None, head: str = "", method: int = zipfile.ZIP_DEFLATED
) -> bytes:
    """A Word document with this body; `changed` parts are put in, or left out where None."""
    import docx

    plain = io.BytesIO()
    docx.Document().save(plain)
    parts = {name: zipfile.ZipFile(plain).read(name) for name in zipfile.ZipFile(plain).namelist()}
    parts["word/document.xml"] = f"<?xml version='1.0'?>{head}<w:document {W}><w:body>{body}</w:body></w:document>".encode()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as packed:
        for name, data in {**parts, **(changed or {})}.items():
            if data is not None:
                packed.writestr(name, data)
    return out.getvalue()


def relations(target: str, kind: str = "attachedTemplate") -> bytes:
    schema = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    return (
        f"<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'><Relationship Id='rId1' "
        f"Type='{schema}/{kind}' Target='{target}' TargetMode='External'/></Relationships>"
    ).encode()


def words(large: bool) -> Made:
    """Word documents made by hand."""
    rels = "word/_rels/document.xml.rels"
    yield "tom.docx", b""
    yield "bare-hodet.docx", b"PK\x03\x04"
    yield "halv.docx", word()[:-300]
    yield "uten-dokument.docx", word(changed={"word/document.xml": None})
    yield "uten-innholdstyper.docx", word(changed={"[Content_Types].xml": None})
    yield "uten-relasjoner.docx", word(changed={"_rels/.rels": None})
    yield "odelagt-xml.docx", word(body="<w:p><w:r>")
    yield "tomt-dokument.docx", word(body="")
    yield (
        "enheter.docx",
        word(
            body=P + "<w:p><w:r><w:t>&a9;</w:t></w:r></w:p>",
            head=lol().split("<x>")[0].replace("DOCTYPE x", "DOCTYPE w:document"),
        ),
    )
    for name, target in (("fil", f"file://{SECRET}"), ("adresse", ADDRESS), ("unc", "\\\\127.0.0.1\\del\\fil")):
        head = f'<!DOCTYPE w:document [<!ENTITY ytre SYSTEM "{target}">]>'
        yield f"ytre-enhet-{name}.docx", word(body=P + "<w:p><w:r><w:t>&ytre;</w:t></w:r></w:p>", head=head)
        yield f"ytre-dtd-{name}.docx", word(head=f'<!DOCTYPE w:document SYSTEM "{target}">')
        yield f"ytre-mal-{name}.docx", word(changed={rels: relations(target)})
        yield f"ytre-bilde-{name}.docx", word(changed={rels: relations(target, "image")})
        yield f"ytre-dokument-{name}.docx", word(changed={"_rels/.rels": relations(target, "officeDocument")})
    yield (
        "relasjon-ut.docx",
        word(
            changed={"_rels/.rels": relations("../../../../etc/passwd", "officeDocument").replace(b"TargetMode='External'", b"")}
        ),
    )
    yield "zipbombe.docx", word(changed={"word/media/image1.png": b"\0" * (2**20 * (1500 if large else 1100))})
    yield (
        "zipbombe-i-teksten.docx",
        word(body=P + "<w:p><w:r><w:t>" + "a" * (2**20 * (500 if large else 30)) + "</w:t></w:r></w:p>"),
    )
    yield "zip-i-zip.docx", word(changed={"word/embeddings/x.zip": word(changed={"word/embeddings/x.zip": word()})})
    yield "mange-deler.docx", word(changed={f"word/media/{n}.png": b"" for n in range(25_000)})
    yield "navn-ut.docx", word(changed={"../../ute.txt": b"ute", "/etc/ute": b"ute", "C:\\ute": b"ute"})
    yield "dypt-avsnitt.docx", word(body="<w:sdt><w:sdtContent>" * 20_000 + P + "</w:sdtContent></w:sdt>" * 20_000)
    nested = "<w:tbl><w:tr><w:tc>"
    yield "dyp-tabell.docx", word(body=nested * 200 + P + "</w:tc></w:tr></w:tbl>" * 200)
    yield (
        "bred-tabell.docx",
        word(body="<w:tbl><w:tr>" + "<w:tc><w:tcPr><w:gridSpan w:val='100000'/></w:tcPr>" + P + "</w:tc></w:tr></w:tbl>"),
    )
    yield (
        "tabell-uten-rutenett.docx",
        word(body="<w:tbl><w:tr><w:trPr><w:gridBefore w:val='-5'/></w:trPr><w:tc>" + P + "</w:tc></w:tr></w:tbl>"),
    )
    yield "flettet-oppover.docx", word(body="<w:tbl><w:tr><w:tc><w:tcPr><w:vMerge/></w:tcPr>" + P + "</w:tc></w:tr></w:tbl>")
    yield "stil-uten-navn.docx", word(body="<w:p><w:pPr><w:pStyle w:val='Finnes ikke'/></w:pPr><w:r><w:t>Tekst</w:t></w:r></w:p>")
    yield "odelagte-egenskaper.docx", word(changed={"docProps/core.xml": b"<x>" * 10})
    yield (
        "dato-i-egenskaper.docx",
        word(
            changed={
                "docProps/core.xml": b"<cp:coreProperties xmlns:cp='http://schemas.openxmlformats.org/package/2006/metadata/core-properties'"
                b" xmlns:dcterms='http://purl.org/dc/terms/'><dcterms:created>0000-99-99T99:99:99Z</dcterms:created></cp:coreProperties>"
            }
        ),
    )
    yield "nuller-i-teksten.docx", word(body=P + "<w:p><w:r><w:t>&#0;</w:t></w:r></w:p>")
    data = bytearray(word())
    for at in (m.start() for m in re.finditer(b"PK\x01\x02", bytes(data))):
        data[at + 8] |= 1
    yield "passord-i-zip.docx", bytes(data)
    yield (
        "passord.docx",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 1000 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 1000,
    )
    lying = bytearray(word(changed={"word/media/image1.png": b"\0" * 2**24}))
    for match in re.finditer(b"PK\x01\x02", bytes(lying)):
        lying[match.start() + 24 : match.start() + 28] = b"\1\0\0\0"
    yield "lyver-om-storrelsen.docx", bytes(lying)


# HTML and text


def pages(large: bool) -> Made:
    """Web pages and texts made by hand."""
    text = "<p>Kommunen har ansvar for tjenesten.</p>"
    yield "tom.html", b""
    yield "dyp.html", ("<div>" * 100_000 + text + "</div>" * 100_000).encode()
    yield "dyp-kursiv.html", ("<i><b>" * 100_000 + text).encode()
    yield "dyp-tabell.html", ("<table><tr><td>" * 30_000 + text).encode()
    yield "dyp-liste.html", ("<ul><li>" * 30_000 + text).encode()
    yield "lange-attributter.html", f"<p class='{'nav ' * 2_000_000}' id='{'a' * 5_000_000}'>Tekst</p>{text}".encode()
    yield "mange-attributter.html", f"<p {' '.join(f'a{n}=1' for n in range(100_000))}>Tekst</p>".encode()
    yield "mange-elementer.html", (f"<div>{text}</div>" * 50_000).encode()
    yield "mange-lenker.html", ("<div>" + "<a href='/'>x</a>" * 100_000 + "</div>" + text).encode()
    yield "lenker-i-dybden.html", ("<div><a href='/'>x</a>" * 2000 + text).encode()
    yield "enheter.html", (lol() + text).encode()
    yield "enheter.htm", ("<?xml version='1.0'?>" + lol() + text).encode()
    yield (
        "ytre-enhet.html",
        f'<!DOCTYPE html [<!ENTITY ytre SYSTEM "file://{SECRET}">]><html><body>{text}<p>&ytre;</p></body></html>'.encode(),
    )
    yield (
        "ytre.html",
        (
            f"<html><head><base href='{ADDRESS}/'><script src='{ADDRESS}'></script><link rel='stylesheet' href='{ADDRESS}'>"
            f"<meta http-equiv='refresh' content='0;url={ADDRESS}'></head><body><iframe src='file://{SECRET}'></iframe>"
            f"<object data='file://{SECRET}'></object><embed src='{ADDRESS}'><img src='{ADDRESS}' srcset='file://{SECRET} 2x'>"
            f"<script>while(true){{}}</script>{text}</body></html>"
        ).encode(),
    )
    yield (
        "ytre-xinclude.html",
        f"<html xmlns:xi='http://www.w3.org/2001/XInclude'><xi:include href='file://{SECRET}' parse='text'/>{text}</html>".encode(),
    )
    yield "lyver-om-tegnsett.html", "<meta charset='utf-16'><p>Går på skolen i nord.</p>".encode("latin-1")
    yield "utf7.html", b"<meta charset='utf-7'>+ADw-script+AD4-alert(1)+ADw-/script+AD4-" + text.encode()
    yield "utf16-uten-slutt.html", b"\xff\xfe" + text.encode("utf-16-le")[:-1]
    yield "halve-tegn.html", ("<p>&#xD800; &#xDFFF; &#x110000; &#0; Kommunen</p>" + text).encode()
    yield "uten-slutt.html", b"<html><body><p>Kommunen <!-- " + b"x" * 1_000_000
    yield "apne-merker.html", b"<" * 1_000_000
    yield "cdata.html", b"<![CDATA[" * 50_000 + text.encode()
    yield "ordnavn.html", ("<a:b:c xmlns:a='x'><h7>" * 1000 + text).encode()
    yield "bare-merknad.html", b"<!-- -->"
    yield "lang-tekst.html", ("<p>" + "Kommunen har ansvar. " * (800_000 if large else 20_000) + "</p>").encode()
    yield "tom.txt", b""
    yield "nuller.txt", b"Kommunen\0har\0ansvar" * 100
    yield "bom-alene.txt", b"\xff\xfe"
    yield "utf16-halvt.txt", "Kommunen".encode("utf-16")[:-1]
    yield "utf32.txt", "Kommunen har ansvar".encode("utf-32")
    yield "ugyldig-utf8.txt", b"Kommunen \xc3\x28 \xff\xfe\xfa har ansvar " * 50
    yield "styretegn.txt", bytes(range(1, 32)) * 200 + b"Kommunen"
    yield "hoyre-til-venstre.txt", "Kommunen \u202eravsna rah\u202c har \u2066ansvar".encode()
    yield "sideskift.txt", b"\f" * 100_000
    yield "mange-sider.txt", b"Kommunen\f" * 5000
    yield "en-lang-linje.txt", b"a" * (2**20 * (150 if large else 3))
    yield "lange-mellomrom.txt", b"Kommunen" + b" " * 500_000 + b"har ansvar side 3"
    yield "mange-linjer.txt", b"x\n" * 300_000
    yield "mange-bunntekster.txt", "".join(f"Rapport om skole Side {n}\n" for n in range(1, 20_000)).encode()
    yield "lange-bunntekster.txt", "".join(f"{'ord ' * 40}Side {n}\n" for n in range(1, 3000)).encode()
    yield "kombinerende.txt", ("a" + "\u0301" * 200_000 + " kommunen").encode()
    yield "overskrifter.txt", b"1.1.1.1.1.1.1.1.1.1 " * 20_000
    yield "prikker.txt", b"Innhold " + b"." * 300_000 + b" 3"
    yield "klammer.txt", ("«(" * 100_000 + "Kommunen" + ")»" * 100_000).encode()


def wrong() -> Made:
    """Called something else than they are."""
    jpeg = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01" + b"\0" * 2000
    kinds = {
        "jpeg": jpeg,
        "pdf": one_page(),
        "word": word(),
        "zip": zipped(),
        "html": b"<!doctype html><p>Kommunen</p>",
        "png": b"\x89PNG\r\n\x1a\n" + b"\0" * 99,
    }
    for suffix, not_these in ((".pdf", ("pdf",)), (".docx", ("word", "zip")), (".html", ("html",)), (".txt", ())):
        for kind, data in kinds.items():
            if kind not in not_these:
                yield f"{kind}-kalt{suffix}", data
    yield "zip-kalt.docx", zipped()
    yield "stor-endelse.PDF", one_page()


def zipped() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("a.txt", "Kommunen")
    return out.getvalue()


NAMES = (
    "..pdf.txt", "...txt", "a..b.txt", "..%2f..%2fetc%2fpasswd.txt", "linje\nskift.txt", "vogn\rretur.txt", "\x1b[31mrod\x1b[0m.txt",
    "piip\x07.txt", "\u202efdp.txt", "skjult\u200b.txt", "linje\u2028skille.txt", "-rf.txt", " mellomrom .txt", "'sitat\".txt",
    "$(rm -rf).txt", "`id`.txt", "a;b|c&d.txt", "æøå.txt", "a\u030a.txt", "<script>alert(1)</script>.txt".replace("/", "∕"),
    "%s%n{0}.txt", "NUL.txt", "x" * 200 + ".txt", "\u0001\u0002.txt",
)  # fmt: skip


def names(folder: Path) -> None:
    """Sound texts with bad names, of which one is no UTF-8."""
    for name in NAMES:
        (folder / name).write_text("Kommunen har ansvar for tjenesten.", "utf-8")
    with suppress(OSError):  # not every file system takes it
        Path(os.fsdecode(os.fsencode(folder) + b"/\xff\xfe.txt")).write_text("Kommunen", "utf-8")


def sidecars() -> Made:
    """Texts with bad files beside them."""
    for name, data in {
        "dyp": b"[" * 100_000, "stort-tall": b'{"year": ' + b"9" * 6000 + b"}", "ar": b'{"year": 1e400}', "halvt-tegn": b'{"title": "\\ud800"}',
        "ikke-utf8": b'{"title": "\xff"}', "lang": b'{"title": "' + b"a" * 2_000_000 + b'"}', "tom": b"", "null": b"null", "liste": b"[1]",
        "ukjent": b'{"__class__": "os.system"}', "nan": b'{"year": NaN}', "tekst-i-liste": b'{"themes": [1, null]}', "svaer": b" " * (17 * 2**20),
    }.items():  # fmt: skip
        yield f"ved-siden-{name}.txt", b"Kommunen har ansvar for tjenesten."
        yield f"ved-siden-{name}.json", data


def entries() -> Made:
    """Folders with a bad entry.json."""
    whole = b'{"source": "ks", "id": "7", "title": "Skole", "files": [{"url": "u", "name": "%s", "sha256": "x"}]}'
    for name, data in {
        "dyp": b"[" * 100_000, "tom": b"", "liste": b"[]", "ut": whole % b"../../../etc/passwd", "kontroll": whole % b"a\\u0000b.pdf",
        "stort-tall": b'{"source": "ks", "id": "7", "title": "S", "year": ' + b"9" * 3000 + b', "files": []}',
        "halvt-tegn": b'{"source": "ks", "id": "7", "title": "\\ud800", "files": []}', "uten-filer": b'{"source": "ks", "id": "7"}',
        "tittel-tall": b'{"source": "ks", "id": 7, "title": 7, "files": {}}', "svaer": b" " * (17 * 2**20), "temaer": b'{"source": "ks", "id": "7", "title": "S", "themes": [[[]], {}], "files": []}',
    }.items():  # fmt: skip
        yield f"oppforing-{name}/entry.json", data


def odd(folder: Path) -> None:
    """What is no file: queues, sockets, devices, links out and in rings, folders called so, what can't be opened."""
    outside = folder.parent / f"{folder.name}-utenfor.txt"
    outside.write_text("Hemmelig tekst utenfor mappa.", "utf-8")
    with suppress(OSError, AttributeError, NotImplementedError):
        os.mkfifo(folder / "ko.pdf")
        os.mkfifo(folder / "ko.txt")
        (folder / "ko-ved-siden.txt").write_text("Kommunen har ansvar.", "utf-8")
        os.mkfifo(folder / "ko-ved-siden.json")
        (folder / "ko-oppforing").mkdir()
        os.mkfifo(folder / "ko-oppforing" / "entry.json")
    here = Path.cwd()
    with suppress(OSError, AttributeError), socket.socket(socket.AF_UNIX) as end:
        os.chdir(folder)  # the path of a socket may not be long
        try:
            end.bind("endepunkt.pdf")
        finally:
            os.chdir(here)
    with suppress(OSError, AttributeError):
        os.mknod(folder / "null.pdf", 0o666 | stat.S_IFCHR, os.makedev(1, 3))
        os.mknod(folder / "uendelig.txt", 0o666 | stat.S_IFCHR, os.makedev(1, 5))
    for name, target in {
        "lenke-ut.txt": outside, "lenke-til-system.txt": "/etc/passwd", "lenke-til-enhet.txt": "/dev/zero", "lenke-brutt.pdf": "finnes-ikke.pdf",
        "ring-a.pdf": "ring-b.pdf", "ring-b.pdf": "ring-a.pdf", "ring-selv.pdf": "ring-selv.pdf", "mappe-i-ring": ".", "mappe-ut": "/etc",
        "lenke-inn.txt": "lesbar.txt",
    }.items():  # fmt: skip
        (folder / name).symlink_to(target)
    (folder / "lesbar.txt").write_text("Kommunen har ansvar for tjenesten.", "utf-8")
    (folder / "mappe.pdf").mkdir()
    (folder / "mappe.pdf" / "inni.txt").write_text("Kommunen har ansvar for tjenesten.", "utf-8")
    (folder / "lukket.txt").write_text("Kommunen", "utf-8")
    (folder / "lukket.txt").chmod(0)
    (folder / "lukket-mappe").mkdir(mode=0)


# Mutations

Mutation = Callable[[bytes, random.Random], bytes]


def flip_bits(data: bytes, chance: random.Random) -> bytes:
    out = bytearray(data)
    for _ in range(chance.choice((1, 10, 100, 1000))):
        out[chance.randrange(len(out))] ^= 1 << chance.randrange(8)
    return bytes(out)


def truncate(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(len(data))]


def behead(data: bytes, chance: random.Random) -> bytes:
    return data[chance.randrange(len(data)) :]


def cut_out(data: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(data))
    return data[:start] + data[start + chance.randrange(1, 20_000) :]


def repeat(data: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(data))
    part = data[start : start + chance.randrange(1, 5000)]
    return data[:start] + part * chance.randrange(2, 50) + data[start:]


def noise(data: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(data))
    return data[:start] + chance.randbytes(chance.randrange(1, 3000)) + data[start + chance.randrange(3000) :]


def numbers(data: bytes, chance: random.Random) -> bytes:
    """Some numbers exchanged for those at which programs break: lengths, counts, sizes, references, places in the xref."""
    edges = (b"0", b"-1", b"2147483647", b"4294967296", b"99999999999999999999", b"1e38", b"1000000", b"65536")

    def other(match: re.Match[bytes]) -> bytes:
        return chance.choice(edges) if chance.random() < share else match[0]

    share = chance.choice((0.001, 0.01, 0.1))
    return re.sub(rb"(?<=[ \[/])\d+(?=[ \]/\r\n>])", other, data)


def objects(data: bytes, chance: random.Random) -> bytes:
    """Objects of a PDF exchanged for one another, so that a page is a font and a font a stream."""
    found = list(re.finditer(rb"\d+ 0 obj(.*?)endobj", data, re.DOTALL))
    if len(found) < 2:
        return flip_bits(data, chance)
    out = data
    for _ in range(chance.randrange(1, 6)):
        one, other = chance.sample(found, 2)
        out = out.replace(one[1], other[1], 1)
    return out


def references(data: bytes, chance: random.Random) -> bytes:
    """References that lead elsewhere, often back to where they came from."""
    numbers_of = re.findall(rb"(\d+) 0 obj", data) or [b"1"]
    return re.sub(rb"\d+ 0 R", lambda m: chance.choice(numbers_of) + b" 0 R" if chance.random() < 0.1 else m[0], data)


def streams(data: bytes, chance: random.Random) -> bytes:
    """Streams packed anew with something else in them."""
    found = list(re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", data, re.DOTALL))
    if not found:
        return flip_bits(data, chance)
    match = chance.choice(found)
    other = zlib.compress(chance.choice((chance.randbytes(5000), b"q " * 50_000, b"(" * 50_000, b"[" * 50_000, b"BT " * 20_000)))
    return data[: match.start(1)] + other + data[match.end(1) :]


def inside(data: bytes, chance: random.Random) -> bytes:
    """One part of a zip spoilt, and all packed again so that its sums are right."""
    try:
        packed = zipfile.ZipFile(io.BytesIO(data))
        parts = {name: packed.read(name) for name in packed.namelist()}
    except Exception:
        return flip_bits(data, chance)
    name = chance.choice([name for name, part in parts.items() if part])
    parts[name] = chance.choice((flip_bits, truncate, cut_out, repeat, noise))(parts[name], chance)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as anew:
        for part, content in parts.items():
            anew.writestr(part, content)
    return out.getvalue()


ANY: tuple[Mutation, ...] = (flip_bits, truncate, behead, cut_out, repeat, noise)
MUTATIONS: dict[str, tuple[Mutation, ...]] = {
    ".pdf": (*ANY, numbers, objects, references, streams),
    ".docx": (*ANY, inside, inside, inside, inside),
    ".html": ANY,
    ".txt": ANY,
}


def sources(folder: Path) -> list[tuple[str, bytes]]:
    """The sound documents of a folder, and one of each kind that it may lack."""
    found = [
        (path.name, path.read_bytes())
        for path in sorted(folder.rglob("*"))
        if path.suffix.lower() in MUTATIONS and path.is_file()
    ]
    text = "\n\n".join(path.read_text("utf-8") for path in sorted((SAMPLE / "sources").glob("*.md"))[:3])
    web = "".join(f"<h2>{part[:40]}</h2><p>{part}</p>" for part in text.split("\n\n"))
    paragraphs = "".join(f"<w:p><w:r><w:t>{re.sub('[<>&]', '', part)}</w:t></w:r></w:p>" for part in text.split("\n\n"))
    made = [
        ("kilde.txt", text.encode()),
        ("kilde.html", f"<!doctype html><html><body>{web}</body></html>".encode()),
        ("kilde.docx", word(paragraphs)),
    ]
    return found + made * max(1, len(found) // 6)


def mutations(folder: Path, seed: int, count: int) -> Made:
    """So many spoilt documents, the same for the same seed and folder."""
    chance = random.Random(seed)
    sound = sources(folder)
    for number in range(count):
        name, data = chance.choice(sound)
        suffix = Path(name).suffix.lower()
        how = chance.choice(MUTATIONS[suffix])
        yield f"{number:04}-{how.__name__}-{Path(name).stem}{suffix}", how(data, chance)


def write(folder: Path, origin: Path = SAMPLE, seed: int = 1, count: int = 320, large: bool = False) -> None:
    """All of them in a folder that is made for them."""
    folder.mkdir(parents=True, exist_ok=False)
    for kind, made in {
        "pdf": pdfs(large), "word": words(large), "sider": pages(large), "feil-endelse": wrong(), "ved-siden": sidecars(),
        "oppforinger": entries(), f"spoilt-{seed}": mutations(origin, seed, count),
    }.items():  # fmt: skip
        for name, data in made:
            path = folder / kind / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
    (folder / "navn").mkdir()
    names(folder / "navn")
    (folder / "ikke-filer").mkdir()
    odd(folder / "ikke-filer")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--from", dest="origin", type=Path, default=SAMPLE)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=320)
    parser.add_argument("--large", action="store_true")
    args = parser.parse_args()
    if args.folder.exists():
        sys.exit(f"{args.folder} is there already; name a folder to be made")
    write(args.folder, args.origin, args.seed, args.count, args.large)
    print(sum(len(files) for _, _, files in os.walk(args.folder)), "files in", args.folder)


if __name__ == "__main__":
    main()
