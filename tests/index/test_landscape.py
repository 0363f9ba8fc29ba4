"""The map: near reports lie near, groups are named by what only they say, and copies of one report are no crash."""

from collections import defaultdict

from indexed import ELDRE, NATUR, a_report

from index.landscape import FEWEST, landscape

CARE = "Sykepleiere i eldreomsorg og hjemmetjeneste om natten"
NATURE = "Naturregnskap for skog, myr og kyst i arealplanen"


def test_near_reports_lie_near_in_groups_named_by_their_words(writing, opening):
    with writing() as store:
        for i in range(6):
            store.put(a_report(f"eldre-{i}", f"{ELDRE} {i}", title=f"{CARE} {i}"), f"eldre-{i}.pdf", "1")
            store.put(a_report(f"natur-{i}", f"{NATUR} {i}", title=f"{NATURE} {i}"), f"natur-{i}.pdf", "1")
        store.build()
    index = opening()
    keys = [card.id for card in index.cards()]
    assert landscape(index.snapshot, keys[: FEWEST - 1]) is None
    found = landscape(index.snapshot, keys)
    assert found == landscape(index.snapshot, reversed(keys)), "the same at each run"
    assert sorted(point.report for point in found.points) == sorted(keys)
    assert all(0 <= at <= 1 for point in found.points for at in (point.x, point.y))
    held = defaultdict(set)
    for point in found.points:
        held[point.group].add(point.report.split("-")[0])
    assert sorted(map(sorted, held.values())) == [["eldre"], ["natur"]]
    words = {next(iter(held[number])): " ".join(group.words) for number, group in enumerate(found.groups)}
    assert words["eldre"] and not set(words["eldre"].split()) & set(words["natur"].split())


def test_copies_of_one_report_can_be_drawn(writing, opening):
    with writing() as store:
        for i in range(FEWEST):
            store.put(a_report("eldre", ELDRE), f"eldre-{i}.pdf", "1")
        store.build()
    index = opening()
    found = landscape(index.snapshot, [card.id for card in index.cards()])
    assert len(found.points) == FEWEST and all(point.x == point.x for point in found.points)
