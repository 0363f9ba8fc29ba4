"""What a worker can be given that goes wrong; found by name in its process, as the tests' own modules are not."""

import os
import time


def hang(*_):
    time.sleep(60)


def crash(*_):
    os._exit(9)


def fail(*_):
    raise RuntimeError("noe gikk galt")
