"""Reports named in texts: in quotes and out of them, misspelt, by their first part, and what is no mention."""

import pytest

from index.mentions import Titles

TITLES = {
    1: "Kartlegging av kostnader knyttet til e-helse i  norske kommuner",
    2: "Fylkeskommunen som planfaglig veileder",
    3: "Lønn som fornying – et framtidsrettet lønns- og forhandlingssystem for kommunal sektor",
    4: "Ny agenda for samfunnsdelen",
    5: "Skole",
    6: "Evaluering av ordningen – første rapport fra kommunene",
    7: "Evaluering av ordningen – andre rapport fra kommunene",
    9: "Kostnad ved sykehjem og hjemmetjenester - hvordan bør kommunene satse",
    8: "Innovasjon og nyskaping i kommunesektoren",
}


@pytest.fixture(scope="module")
def titles() -> Titles:
    return Titles(TITLES)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Prosjektet bygger på «Kartlegging av kostnader knyttet til e-helse i norske kommuner» (2022).", [(1, True)]),
        ("Se kartlegging av kostnadar knytt til e-helse i norske kommuner for mer.", [(1, False)]),
        ("En videreføring av «Ny agenda for samfunnsdelen» og «Fylkeskommunen som planfagleg veileder» som", [(4, True), (2, True)]),
        ('sammen med FoU-prosjektet "Lønn som fornying – kommunale topplederers syn på lønn" gi grunnlag', [(3, False)]),
        ("Lønn som fornying er et uttrykk her, og skole er et ord.", []),
        ("«Evaluering av ordningen» kan være begge.", []),
        ("«Evaluering av ordningen – andre rapport fra kommunene»", [(7, False)]),
        ("- Kostnad ved sykehjem/hjemmetjeneste – hvordan bør kommunene satse?", [(9, False)]),
        ("Det er behov for innovasjon og forskning i kommunesektoren.", []),
        ("Det er behov for innovasjon og nyskaping i kommunesektoren.", [(8, False)]),
        ("«Et helt annet prosjekt om noe helt annet»", []),
        ("", []),
    ],
)
def test_mentions(titles, text, named):
    assert [(m.report, m.builds) for m in titles.mentions(text)] == named


def test_the_place_is_that_of_the_title(titles):
    text = "Rapporten følger opp «Ny agenda for samfunnsdelen»."
    (found,) = titles.mentions(text)
    assert text[found.start : found.end] == "Ny agenda for samfunnsdelen"
