"""The app in a real browser: a question is typed, the report opened, and the marked page seen."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
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
WAIT = 60  # seconds

pytestmark = pytest.mark.browser


@pytest.fixture
def served(config: Path, tmp_path: Path) -> Iterator[str]:
    """The address of the app, served by a process of its own that ends with the test."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with (tmp_path / "log").open("w+") as log:
        command = [sys.executable, str(HERE / "serve.py"), str(port), str(config)]
        process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT)
        try:
            until = time.monotonic() + WAIT
            while not _answers(f"http://127.0.0.1:{port}/_stcore/health"):
                assert process.poll() is None and time.monotonic() < until, (tmp_path / "log").read_text()
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


@pytest.fixture
def browser(tmp_path: Path) -> Iterator:
    if not (Path(CHROMIUM).exists() and Path(DRIVER).exists()) and not os.environ.get("CI"):
        pytest.skip(f"needs {CHROMIUM} and {DRIVER} (Debian: apt install chromium chromium-driver)")
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for flag in (*FLAGS, f"--user-data-dir={tmp_path / 'profile'}"):
        options.add_argument(flag)
    driver = webdriver.Chrome(options=options, service=Service(DRIVER))
    try:
        yield driver
    finally:
        driver.quit()  # ends the driver that it started, and that ends its browser
        shutil.rmtree(tmp_path / "profile", ignore_errors=True)


def test_edits_are_underlined_and_the_page_can_be_seen_as_it_was(served: str, browser, keys: dict[str, str]):
    from selenium.webdriver.common.by import By
    from selenium.webdriver.support.ui import WebDriverWait

    def edits(css: str) -> list[tuple[str, str]]:
        """Text and title of each edit shown, once they are there; doubtful ones are dotted, and only they."""
        script = """return [...document.querySelectorAll(arguments[0])].map(
          e => [e.textContent, e.title, getComputedStyle(e).textDecorationStyle, e.classList.contains('fou-doubtful')])"""
        found = WebDriverWait(browser, WAIT).until(lambda _: browser.execute_script(script, css), f"never saw {css}")
        assert all((style == "dotted") == doubtful for _, _, style, doubtful in found)
        return [(text, title) for text, title, _, _ in found]

    browser.get(f"{served}/rapport?rapport={keys['eiendom']}&side=2")
    repaired = edits(".fou-text ins.fou-edit")
    assert ("strømmen", "Lest som «strommen»") in [(text, title.partition(" (")[0]) for text, title in repaired]

    def switched(_) -> bool:  # Streamlit may draw the toggle anew under the pointer
        browser.find_element(By.CSS_SELECTOR, ".st-key-as_read label").click()
        return True

    WebDriverWait(browser, WAIT, ignored_exceptions=[Exception]).until(switched, "never saw the toggle")
    as_it_was = edits(".fou-text span.fou-edit")
    assert ("strommen", "Rettet til «strømmen»") in [(text, title.partition(" (")[0]) for text, title in as_it_was]
    assert len(as_it_was) == len(repaired)


def test_from_a_question_to_the_marked_page(served: str, browser):
    from selenium.webdriver.common.by import By
    from selenium.webdriver.common.keys import Keys
    from selenium.webdriver.support.ui import WebDriverWait

    def see(css: str, text: str = ""):
        """The first element that fits and holds the text, once it is there."""

        def found(_):
            return next((e for e in browser.find_elements(By.CSS_SELECTOR, css) if text in e.text), None)

        return WebDriverWait(browser, WAIT, ignored_exceptions=[Exception]).until(found, f"never saw {css} {text}")

    browser.get(served)
    see('input[aria-label="Hva vil du vite?"]').send_keys("politikere som blir truet og hetset", Keys.ENTER)
    result = see("article.fou-result", "Prisen for å stille til valg")
    assert result.find_element(By.TAG_NAME, "mark").text
    assert "?q=politikere" in browser.current_url
    result.find_element(By.LINK_TEXT, "Vis siden").click()

    picture = see("img[data-marked]")
    WebDriverWait(browser, WAIT).until(lambda _: picture.get_property("naturalWidth") > 600)
    colours = browser.execute_script(
        """const i = arguments[0], c = document.createElement('canvas');
        c.width = i.naturalWidth; c.height = i.naturalHeight;
        const g = c.getContext('2d'); g.drawImage(i, 0, 0);
        const d = g.getImageData(0, 0, c.width, c.height).data; let soft = 0, strong = 0;
        for (let p = 0; p < d.length; p += 4) {
          soft += d[p] == 255 && d[p + 1] == 244 && d[p + 2] == 186; strong += d[p] == 255 && d[p + 1] < 220 && d[p + 2] < 80;
        } return [soft, strong];""",
        picture,
    )
    assert colours[0] > 100 and colours[1] > 1000, f"pixels of the passage and of its best sentence: {colours}"
    assert see("h1", "Prisen for å stille til valg") and see(".fou-text mark")
    assert browser.title == "Prisen for å stille til valg – FoU-søk"
    assert "rapport=folkevalgte-" in browser.current_url and "side=" in browser.current_url

    browser.back()
    see("article.fou-result", "Prisen for å stille til valg")

    # A title that is markup stands there as it is written, and nothing of it is run
    browser.get(f"{served}/samlingen")
    see("td.fou-title", "<img src=x onerror=alert(1)> **fet** [lenke](http://x)").find_element(By.TAG_NAME, "a").click()
    see("h1", "<img src=x onerror=alert(1)> **fet** [lenke](http://x)")
    assert not browser.find_elements(By.CSS_SELECTOR, 'img[src="x"], a[href="http://x"]')
