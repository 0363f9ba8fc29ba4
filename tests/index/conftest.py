"""What the index tests share: a store to write to, and an index of three documents."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import replace

import pytest
from indexed import ELDRE, NATUR, SKOLE, TinyEncoder, a_report

from index.search import Index, open_index
from index.store import Store


@pytest.fixture
def encoder() -> TinyEncoder:
    return TinyEncoder()


@pytest.fixture
def writing(settings, encoder) -> Callable:
    """`with writing() as store`: the store, open for its writer."""
    settings = replace(settings, root=settings.folders.store.parent)

    @contextmanager
    def opened(model: TinyEncoder = encoder):
        with Store.open_for_writing(settings, model=model) as store:
            yield store

    return opened


@pytest.fixture
def opening(settings, encoder) -> Callable[[], Index]:
    return lambda model=encoder: open_index(settings, model=model)


@pytest.fixture
def index(writing, opening) -> Index:
    """Three documents, one of them with two projects."""
    with writing() as store:
        store.put(a_report("eldre", ELDRE, year=2019, body="Fafo", themes=("Helse",), number="R-12"), "corpus/ks/eldre.pdf", "1")
        store.put(a_report("skole", SKOLE, year=2022, body="NIFU", themes=("Skole",), language="nn"), "corpus/ks/skole.pdf", "1")
        plan = a_report(
            "plan",
            "Planen beskriver prosjektene som er satt i gang i år.",
            projects=[
                ("Naturregnskap", "Klima", NATUR),
                ("Natt og dag i hjemmetjenesten", "Helse", "Prosjektet ser på sykepleiere i hjemmetjenesten om natten."),
            ],
            year=2024,
            body="Fafo",
        )
        store.put(plan, "corpus/kudos/plan.pdf", "1")
        store.build()
    return opening()
