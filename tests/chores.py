"""What a worker can be given that goes wrong; found by name in its process, as the tests' own modules are not."""

import os
import time


def hang(*_):
    time.sleep(60)


def crash(*_):
    os._exit(9)


def fail_on_eldre(settings, job):
    """As ingest.reader reads a document, but for one name."""
    from ingest import reader

    if job[0].name == "eldre.html":
        raise ZeroDivisionError("noe ingen tenkte på")
    return reader._guarded(reader._report, settings, job)


def fail(*_):
    raise RuntimeError("noe gikk galt")


def asking(item):
    from ingest.workers import ask

    return ask([item, "?"])


def asking_if_two(item):
    return asking(item) if item == 2 else item


def swell(*_):
    taken = []
    while True:
        taken.append(b"x" * 50_000_000)


def babble(*_):
    return True, "x" * (300 * 2**20)


def crash_on_a(settings, job):
    """As ingest.reader reads a document, but for one name."""
    from ingest import reader

    return crash() if job[0].name == "a.txt" else reader._guarded(reader._report, settings, job)
