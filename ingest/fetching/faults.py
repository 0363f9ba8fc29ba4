"""Why an address gave nothing: one reason for the user each, and whether it may pass."""

from __future__ import annotations

from errors import FouError


class Fault(FouError):
    """An address gave nothing. The message is the reason, without the address, as the app shows it."""

    status: int = 0  # of the server's answer, where there was one


class Missing(Fault):
    """The server says that there is no such thing."""


class Wrong(Fault):
    """What came is not what its name says; whether it still isn't can be asked by `etag` and `modified`."""

    etag: str = ""
    modified: str = ""


class Passing(Fault):
    """It may go better in a while; in `wait` seconds, where the server says so."""

    def __init__(self, reason: str, wait: float = 0.0) -> None:
        super().__init__(reason)
        self.wait = wait


class Unreachable(Passing):
    """No server answered."""


class Cut(FouError):
    """The network is gone: the run ends, and what it did not come to stays as it was."""


class Stopped(Exception):
    """The run is being ended from outside."""


def of_status(status: int, wait: float = 0.0) -> Fault:
    """What the status of an answer that holds no document means to the user."""
    if status in (404, 410):
        fault: Fault = Missing(f"adressen finnes ikke ({status})")
    elif status in (401, 403):
        fault = Fault(f"tjeneren gir ikke tilgang ({status})")
    elif status == 429:
        fault = Passing("tjeneren ber om færre forespørsler (429)", wait)
    elif status >= 500:
        fault = Passing(f"tjeneren svarer med feil ({status})", wait)
    else:
        fault = Fault(f"tjeneren svarer ikke med en fil ({status})")
    fault.status = status
    return fault


def told(error: Exception) -> Fault:
    """What an error of urllib3, or of the socket beneath it, means to the user."""
    from urllib3 import exceptions as web

    if isinstance(error, Fault):
        return error
    if isinstance(error, web.SSLError) and "certificate" in str(error).lower():
        return Fault("tjeneren har ikke et gyldig sikkerhetssertifikat")
    if isinstance(error, web.TimeoutError | TimeoutError):
        return Passing("tjeneren svarer ikke")
    if isinstance(error, ValueError):
        return Fault("adressen er ikke gyldig")
    if isinstance(error, web.DecodeError):
        return Passing("overføringen er skadet")
    return Passing("overføringen ble brutt før alt var kommet")
