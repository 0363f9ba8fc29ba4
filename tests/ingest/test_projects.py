"""Documents that describe several projects."""

import pytest
from making import sound

from ingest import layout
from ingest.extract.text import _page
from ingest.projects import projects

AIMS = ("Prosjektet skal kartlegge fraværet i alle landets skoler.", "Målet med prosjektet er å finne ut hva som virker.")


def found(text: str):
    return projects(layout.layout(sound((_page(1, text),))))


def test_each_described_project_is_an_entry_with_its_theme():
    text = (
        f"Plan for 2025\n\nOppvekst\n\nSkolefravær i nord\n\n{AIMS[0]}\n\nFlere lærere\n\nMange slutter. {AIMS[1]}\n\n"
        f"Klima\n\nRene elver\n\nHensikten med prosjektet er å telle fisk i elvene."
    )
    rest, entries = found(text)
    assert [(p.theme, p.title) for p in entries] == [
        ("Oppvekst", "Skolefravær i nord"),
        ("Oppvekst", "Flere lærere"),
        ("Klima", "Rene elver"),
    ]
    assert all("Skolefravær" not in " ".join(section.path) for section in rest)
    assert entries[1].paragraphs[0].text.text.startswith("Mange slutter.")


def test_a_report_on_one_project_has_no_entries():
    text = "\n\n".join(
        [
            "Skolefravær",
            "Bakgrunn",
            AIMS[0],
            "Metode",
            "Vi har intervjuet 40 lærere om fravær i skolen.",
            "Funn",
            "Fraværet øker mest i nord.",
        ]
    )
    rest, entries = found(text)
    assert not entries and len(rest) == 3


def test_titles_listed_after_a_line_that_announces_projects_are_entries_and_stay_in_the_text():
    text = (
        "Kvartalsrapport\n\nFoU\n\nDet er planlagt tre små prosjekter dette året:\n\n- ”Gruppestørrelse i skolen”\n"
        "- Internkontroll – en veileder\n- Bruk av assistenter uten utdanning"
        "\n\nEU\n\nKS deltar også i flere nordiske prosjekter:\n\n- Nordisk kultursamarbeid"
    )
    rest, entries = found(text)
    assert [p.title for p in entries] == [
        "Gruppestørrelse i skolen",
        "Internkontroll – en veileder",
        "Bruk av assistenter uten utdanning",
    ]
    assert {p.theme for p in entries} == {"FoU"}
    assert any("Internkontroll" in p.text.text for section in rest for p in section.paragraphs)


@pytest.mark.parametrize(("name", "count"), [("000", 26), ("001", 0), ("002", 0), ("003", 0)])
def test_the_seeds(shared, name, count):
    from ingest.extract.text import read

    (path,) = (shared / "seeds").glob(f"{name}_*.txt")
    _, entries = projects(layout.layout(sound(read(path).pages)))
    assert len(entries) == count
    if count:
        assert {"Klima og miljøvennlig utvikling", "Attraktive arbeidsgivere"} <= {p.theme for p in entries}
        assert "Naturkunnskap i arealplanlegging" in {p.title for p in entries}
