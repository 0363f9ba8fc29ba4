"""Reports as wholes: what is embedded of each, and that a report about the matter lifts its passages."""

import numpy as np
from indexed import a_report

from index import abstracts

BOTH = "Kommunene svarte at de hadde for lite tid til arbeidet, og at det kostet mer enn de hadde ventet."


def test_a_report_is_told_by_title_themes_and_summary_or_else_by_its_beginning(writing, settings):
    with writing() as store:
        store.put(a_report("en", BOTH, themes=("Helse", "Velferd"), summary="Om  leger\ni distriktene."), "en.pdf", "1")
        store.put(a_report("to", BOTH, projects=[("Naturregnskap", "Klima", "Prosjektet teller trær.")]), "to.pdf", "1")
        store.build()
        found = abstracts.texts(store.db, store.layout.current())
        names = {row["id"]: row["title"] for row in store.db.execute("SELECT id, title FROM reports")}
    assert {names[i]: text for i, text in found.items()} == {
        "En": "En Helse, Velferd Om leger i distriktene.",
        "To": f"To {BOTH}",
        "Naturregnskap": "Naturregnskap Klima Prosjektet teller trær.",
    }


def test_scores_by_hand(tmp_path):
    abstracts.build([3, 7], np.array([[1, 0], [0.6, 0.8]], np.float32), tmp_path)
    found = abstracts.Abstracts(tmp_path).score(np.array([0, 1], np.float32), np.array([7, 3, 7]))
    assert np.allclose(found, [0.8, 0, 0.8])


def test_of_two_like_passages_the_one_of_the_report_about_the_matter_comes_first(writing, opening):
    with writing() as store:
        for name, summary in (("en", "Om avfall og kloakk i byene."), ("to", "Om leger i distriktene.")):
            store.put(a_report(name, BOTH, title="Rapport", summary=summary), f"{name}.pdf", "1")
        store.build()
    index = opening()
    assert [r.report.path for r in index.search("leger som mangler tid", weight=1.0).results] == ["to.pdf", "en.pdf"]
    assert [r.report.path for r in index.search("avfall som koster tid", weight=1.0).results] == ["en.pdf", "to.pdf"]
