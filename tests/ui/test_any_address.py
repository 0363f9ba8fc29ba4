"""Anyone can write an address: whatever it says, a page answers, and never fails."""

from __future__ import annotations

import random

import pytest
from reading import words_of

from ui import address

PAGES = ("", "dublettsjekk", "oversikt", "litteraturliste", "samlingen", "rapport")
NAMES = (
    *(
        "q",
        "rapport",
        "side",
        "passasje",
        "antall",
        "lang",
        "liste",
        "sp",
        "sorter",
        "treff",
        "vis",
        "siden",
        "kart",
        "finn",
        "egne",
    ),
    *("prosjekter", "storrelse", "inne", "utkast", "ledd", "ordrett", "embed", "__class__", *address.KEPT),
)
VALUES = (
    *(
        "",
        "0",
        "-1",
        "1",
        "99999999999999999999",
        "1e9",
        "²",
        "NaN",
        "None",
        "true",
        "[]",
        "{q}",
        "%s",
        "'; DROP TABLE reports; --",
    ),
    *("../../../etc/passwd", "..%2f..%2fetc%2fpasswd", "/etc/passwd", "file:///etc/passwd", "C:\\windows", "a\x00b", "\u202e"),
    *(
        "<script>top.ran = 1</script>",
        "javascript:alert(1)",
        '"><img src=x onerror=alert(1)>',
        '"" -"',
        '"',
        "-",
        "*",
        "a" * 20_000,
    ),
    *("takrenner", "folkevalgte", "kilder", "nytt", "egne", "-aar", "30d", "9999999d", "0001-01-01", "2026-02-31", "nb", "en"),
)


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("path", PAGES)
def test_no_address_makes_a_page_fail(app, keys, path, seed):
    chance = random.Random(f"{path}{seed}")
    names = chance.sample(NAMES, k=chance.randint(3, 12))
    params = {name: [chance.choice((*VALUES, *keys.values())) for _ in range(chance.choice((1, 1, 3)))] for name in names}
    if seed == 0:
        params = {
            "q": ["kommune"] * 2000,
            "tema": [str(n) for n in range(2000)],
            "sp": ["x" * 50_000] * 50,
            "rapport": ["../x\x00"],
        }
    if path == "rapport" and seed % 2:
        params["rapport"] = [keys["takrenner" if seed % 4 == 1 else "folkevalgte"]]
    params.pop("embed", None)  # which is Streamlit's own, and can't be set so
    at = app(path, **params)
    told = words_of(at)
    assert not at.exception and "Noe gikk galt" not in told and "went wrong" not in told, params
    assert "root:" not in told and "Traceback" not in told


def test_what_an_address_can_mean_is_kept_and_no_more():
    params = address.clean({"q": ["a\x00b\ud800c", "å" * 5000], "tema": [str(n) for n in range(500)]})
    assert params["q"] == ["a b c", "å" * address.LONGEST] and len(params["tema"]) == address.MOST
    assert address.link("", params).startswith("./?q=a+b+c&")
