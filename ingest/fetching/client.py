"""One address asked, with manners: robots.txt, pauses, redirects that are looked at, and tries at what may pass."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urljoin, urlsplit

from ingest.fetching import addresses, connections
from ingest.fetching.addresses import origin
from ingest.fetching.connections import Clock
from ingest.fetching.faults import Cut, Fault, Passing, Stopped, Unreachable, of_status, told
from ingest.fetching.pace import Pace, retry_after
from ingest.fetching.robots import Robots
from settings import Fetch

if TYPE_CHECKING:
    from urllib3 import BaseHTTPResponse

Answer = TypeVar("Answer")
CONDITIONS = {"If-None-Match", "If-Modified-Since"}
SILENT = 3


class Client:
    """Asks addresses for one run, from any thread. `robots(url)` gives the bytes of a robots.txt, and may keep them."""

    def __init__(self, settings: Fetch, robots: Callable[[str], bytes]) -> None:
        self._settings = settings
        self._pool = connections.pool(settings.allow_private, settings.at_once)
        self._pace = Pace(settings.pause_seconds)
        self._robots = Robots(settings.user_agent, robots, self._slow)
        self._clocks: set[Clock] = set()
        self._lock = threading.Lock()
        self._stopped = False
        self._silent: set[str] = set()
        self._answered = ""  # the origin that answered last

    @property
    def reached(self) -> bool:
        """Has any server answered in this run?"""
        return bool(self._answered)

    def get(
        self,
        url: str,
        use: Callable[[BaseHTTPResponse, str], Answer],
        headers: Mapping[str, str] | None = None,
        robots: bool = True,
    ) -> Answer:
        """What `use(response, url)` makes of the answer, 200 or, where `headers` ask for it, 304.

        `use` reads the body and may be called once for each try. Raises Fault with the reason, or Cut where the network
        is gone.
        """
        clock = Clock(self._settings.file_seconds)
        with self._lock:
            self._clocks.add(clock)
        try:
            tried = 0
            while True:
                tried += 1
                try:
                    return self._follow(url, use, headers or {}, robots, clock)
                except Passing as fault:
                    wait = max(fault.wait, self._settings.backoff_seconds * 2 ** (tried - 1))
                    # where nothing has answered yet, there is most likely no net, and no sense in trying each address for long
                    alone = isinstance(fault, Unreachable) and not self._answered and len(self._silent) >= SILENT
                    if alone or tried >= self._settings.tries or wait > self._settings.wait_seconds:
                        if not fault.status:
                            self._think_of_the_network(url, isinstance(fault, Unreachable))
                        raise
                    with suppress(Fault):  # of an address that was no address to begin with
                        self._pace.hold(origin(addresses.checked(url)), wait)
        finally:
            with self._lock:
                self._clocks.discard(clock)

    def stop(self) -> None:
        """Ends all that is waited for; what is under way raises Stopped."""
        self._stopped = True
        self._pace.stop()
        with self._lock:
            clocks = list(self._clocks)
        for clock in clocks:
            clock.cut()

    def close(self) -> None:
        self._pool.clear()

    def _follow(
        self,
        url: str,
        use: Callable[[BaseHTTPResponse, str], Answer],
        headers: Mapping[str, str],
        robots: bool,
        clock: Clock,
    ) -> Answer:
        """One try, through all that the address sends on to; each of them is held to the same rules as the first."""
        for _ in range(self._settings.redirects + 1):
            url = addresses.checked(url)
            if robots:
                self._robots.check(url)
            self._pace.wait(origin(url))
            to, answer = self._once(url, use, headers, clock)
            if to is None:
                return answer  # type: ignore[return-value]
            url = to
        fault = Fault(f"adressen sender videre mer enn {self._settings.redirects} ganger (fetch.redirects i config.toml)")
        fault.status = 302
        raise fault

    def _once(
        self, url: str, use: Callable[[BaseHTTPResponse, str], Answer], headers: Mapping[str, str], clock: Clock
    ) -> tuple[str | None, Answer | None]:
        """Where the address sends on to, or what `use` made of its answer."""
        import urllib3

        wait = urllib3.Timeout(connect=self._settings.connect_seconds, read=self._settings.read_seconds)
        headers = {"User-Agent": self._settings.user_agent, "Accept": "*/*", **headers}
        response: BaseHTTPResponse | None = None
        try:
            with clock.running():
                response = self._pool.request(
                    "GET", url, headers=headers, redirect=False, retries=False, preload_content=False, timeout=wait
                )
                self._answered = origin(url)
                if response.status in (301, 302, 303, 307, 308) and response.headers.get("Location"):
                    return urljoin(url, response.headers["Location"]), None
                if response.status != 200 and not (response.status == 304 and CONDITIONS & headers.keys()):
                    raise of_status(response.status, retry_after(response.headers.get("Retry-After") or ""))
                answer = use(response, url)
                response.release_conn()
                response = None
        except (urllib3.exceptions.HTTPError, OSError, ValueError) as error:
            if isinstance(error, OSError) and not isinstance(error, ConnectionError | TimeoutError):
                raise  # of the disk, not of the net
            self._in_time(clock)
            raise told(error) from error
        except Fault:
            self._in_time(clock)
            raise
        finally:
            if response is not None:
                response.close()  # with what of it was not read
        self._in_time(clock)  # a stream without a length ends the same way when it is cut as when it is whole
        return None, answer

    def _in_time(self, clock: Clock) -> None:
        if self._stopped:
            raise Stopped
        if clock.out:
            limit = f"{self._settings.file_seconds:g}".replace(".", ",")
            raise Fault(f"overføringen tok mer enn {limit} sekunder (fetch.file_seconds i config.toml)")

    def _slow(self, site: str, pause: float) -> None:
        self._pace.slow(site, min(pause, self._settings.wait_seconds))

    def _think_of_the_network(self, url: str, unreachable: bool) -> None:
        """A server that is gone is a dead link, unless the one that answered last is gone too. Raises Cut for the latter."""
        site = origin(addresses.checked(url))
        if not unreachable and self._answers(site):  # slow, or it broke off by itself
            return
        self._silent.add(site)
        if self._answered and (self._answered == site or not self._answers(self._answered)):
            host = urlsplit(site).netloc
            raise Cut(f"Får ikke kontakt med {host}; det som er hentet, står, så sjekk at maskinen er på nett, og prøv igjen.")

    def _answers(self, site: str) -> bool:
        parts = urlsplit(site)
        port = parts.port or (443 if parts.scheme == "https" else 80)
        try:
            addresses.connect(parts.hostname or "", port, self._settings.connect_seconds, self._settings.allow_private).close()
        except Fault:
            return False
        return True
