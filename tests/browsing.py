"""The app served by a process of its own, and a browser to see it with: by the mouse or by the keyboard alone."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

SERVE = Path(__file__).parent / "ui" / "serve.py"
CHROMIUM, DRIVER = "/usr/bin/chromium", "/usr/bin/chromedriver"
FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=1440,1000",
)
TAKEN_HOME = "taken_home"
WAIT = 60  # seconds
STEPS = 150  # presses of a key, to come from one place of a page to another


def possible() -> bool:
    """Whether a browser is here; where the tests must be whole it is taken to be, and its absence is an error."""
    return bool(os.environ.get("CI")) or all(Path(path).exists() for path in (CHROMIUM, DRIVER))


@contextmanager
def serving(config: Path, folder: Path, port: int = 0, real: bool = False) -> Iterator[str]:
    """The address of the app, at a port of its own where none is given; a `real` one has the model of the settings, and not a
    quick stand-in."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", port))
        port = free.getsockname()[1]
    with (folder / "log").open("w+") as log:
        as_users_do = ["-m", "streamlit", "run", "app.py", f"--server.port={port}", "--", "--config", str(config)]
        command = [sys.executable, *(as_users_do if real else [str(SERVE), str(port), str(config)])]
        process = subprocess.Popen(command, cwd=SERVE.parents[2], stdout=log, stderr=subprocess.STDOUT)
        try:
            until = time.monotonic() + WAIT
            while not _answers(f"http://127.0.0.1:{port}/_stcore/health"):
                assert process.poll() is None and time.monotonic() < until, (folder / "log").read_text()
                time.sleep(0.2)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _answers(address: str) -> bool:
    try:
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(address, timeout=2) as answer:
            return answer.status == 200
    except OSError:
        return False


@contextmanager
def browsing(folder: Path) -> Iterator[Any]:  # selenium's driver
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for flag in (*FLAGS, f"--user-data-dir={folder / 'profile'}"):
        options.add_argument(flag)
    options.add_experimental_option("prefs", {"download.default_directory": str(folder / TAKEN_HOME)})
    driver = webdriver.Chrome(options=options, service=Service(DRIVER))
    try:
        yield driver
    finally:
        driver.quit()  # ends the driver that it started, and that ends its browser
        shutil.rmtree(folder / "profile", ignore_errors=True)


def until(driver: Any, told: Callable[[], Any], what: str) -> Any:
    """What `told` gives, once that is something."""
    from selenium.webdriver.support.ui import WebDriverWait

    return WebDriverWait(driver, WAIT, ignored_exceptions=[Exception]).until(lambda _: told(), f"never saw {what}")


def see(driver: Any, css: str, text: str = "") -> Any:
    """The first element that fits and holds the text, once it is there."""
    return until(driver, lambda: next((e for e in driver.find_elements("css selector", css) if text in e.text), None), f"{css} {text}")


_AT = """const e = document.activeElement;
if (!["A", "BUTTON", "INPUT", "SUMMARY", "TEXTAREA"].includes(e.tagName)) return "";
return (e.getAttribute("aria-label") || e.labels?.[0]?.textContent || e.textContent || "").trim();"""


def go_to(driver: Any, name: str) -> None:
    """Moves the focus to what is called so, by the tab key alone."""
    from selenium.webdriver.common.action_chains import ActionChains
    from selenium.webdriver.common.keys import Keys

    seen = []
    for _ in range(STEPS):
        ActionChains(driver).send_keys(Keys.TAB).perform()
        seen.append(driver.execute_script(_AT))
        if name in seen[-1]:
            return
    raise AssertionError(f"{STEPS} presses of the tab key never came to «{name}», but to {seen}")


def press(driver: Any, *keys: str) -> None:
    from selenium.webdriver.common.action_chains import ActionChains

    ActionChains(driver).send_keys(*keys).perform()


def taken_home(driver: Any, folder: Path, ending: str) -> bytes:
    """What was downloaded last, of that kind, once it is whole."""
    place = folder / TAKEN_HOME

    def found() -> Path | None:
        if not place.is_dir() or list(place.glob("*.crdownload")):
            return None
        return max(place.glob(f"*{ending}"), key=lambda path: path.stat().st_mtime, default=None)

    return until(driver, found, f"a file *{ending}").read_bytes()
