"""The project of a plan and the report that came of it: by title and content together, never by a kindred title alone."""

import numpy as np
import pytest
from fake_encoder import Bags

from index.outcomes import Described, outcomes

REPORTS = {
    1: ("Evaluering av mentorprogram for helsepersonell", 2025, "På oppdrag for KS er mentorprogram for nytilsatte evaluert."),
    2: ("Variasjoner i finansieringen av fastlegeordningen", 2018, "Om hvordan kommunene betaler for fastlegene."),
    3: ("Innovasjonsbarometeret 2020", 2020, "Måling av innovasjon i kommunene."),
    4: ("Kvinner i ledelse", 2024, "Om likestilling blant ledere i kommunene."),
    5: ("Vedlikehold av skolebygg", 2024, "Kostnader ved etterslep på bygg og eiendom."),
}
PROJECTS = {
    11: ("Evalueringsforskning på mentorprogram for helsepersonell", 2024, "Effekten av mentorprogram for nytilsatte i helse."),
    12: ("Variasjoner i kommunal finansiering av fastlegeordningen", 2024, "Om hvordan kommunene betaler for fastlegene."),
    13: ("Innovasjonsbarometeret 2024", 2024, "Måling av innovasjon i kommunene."),
    14: ("Samarbeid om beredskap", 2024, "Kommunene og beredskapen."),
}


@pytest.fixture(scope="module")
def found() -> set[tuple[int, int]]:
    rows = {number: (row, False) for number, row in REPORTS.items()} | {number: (row, True) for number, row in PROJECTS.items()}
    described = {n: Described(row[0], row[1], 100 if project else n, project) for n, (row, project) in rows.items()}
    vectors = Bags().passages([f"{row[0]} {row[2]}" for row, _ in rows.values()])
    return set(outcomes(described, np.asarray(vectors)))


def test_the_report_that_came_of_a_project_is_found(found):
    assert (11, 1) in found


def test_a_report_of_years_before_did_not_come_of_it(found):
    assert not any(project == 12 for project, _ in found)


def test_another_year_in_the_title_is_another_project(found):
    assert (13, 3) not in found


def test_the_others_are_mere_kin(found):
    assert found == {(11, 1)}
