"""Projects of one document that say what another is called, in other words."""

from index.siblings import told

PROJECTS = {
    1: (9, "Hva er innholdet i det lokale folkestyret i lys av nyere lover"),
    2: (9, "Bruk av regler mot kommunene"),
    3: (9, "Klart språk for alle"),
    4: (8, "Noe helt annet"),
    5: (9, "Lærlinger i kommunen"),
    6: (9, "Areal og natur"),
    7: (9, "Vann og avløp"),
}
SAYS = "Det skal utredes hva som er innholdet i de nyere lovene om det lokale folkestyret, og hvordan de følges opp."
PASSAGES = [
    (0, 1, "Formålet er mer kunnskap om hvordan staten styrer."),
    (1, 2, f"Prosjektet er nytt. {SAYS} Noe om land i EØS til slutt."),
    (2, 3, "Maler for saksfremlegg i kommunene, og om lokale lover."),
    (4, 5, "Hva en lærling er verd for arbeidsplassen."),
    (5, 6, "Et verktøy for regnskap med natur."),
    (6, 7, "Rør som lekker, og hva det koster."),
    (3, 4, SAYS),
]


def test_the_sentence_that_says_the_title_ties_the_two():
    (found,) = told(PASSAGES, PROJECTS)
    assert (found.row, found.report) == (1, 1)
    assert PASSAGES[1][2][found.start : found.end] == SAYS


def test_only_projects_of_one_document_tell_of_each_other():
    assert list(told([p for p in PASSAGES if p[1] != 2], PROJECTS)) == []
