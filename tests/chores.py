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
