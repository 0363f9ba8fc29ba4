"""The app in a real browser: a question is typed, the report opened, and the marked page seen."""

from __future__ import annotations

import pytest
from browsing import WAIT, see

pytestmark = pytest.mark.browser


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

    browser.get(served)
    see(browser, 'input[aria-label="Hva vil du vite?"]').send_keys("politikere som blir truet og hetset", Keys.ENTER)
    result = see(browser, "article.fou-result", "Prisen for å stille til valg")
    assert result.find_element(By.TAG_NAME, "mark").text
    assert "?q=politikere" in browser.current_url
    result.find_element(By.LINK_TEXT, "Vis siden").click()

    picture = see(browser, "img[data-marked]")
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
    assert see(browser, "h1", "Prisen for å stille til valg") and see(browser, ".fou-text mark")
    assert browser.title == "Prisen for å stille til valg – FoU-søk"
    assert "rapport=folkevalgte-" in browser.current_url and "side=" in browser.current_url

    browser.back()
    see(browser, "article.fou-result", "Prisen for å stille til valg")

    # A title that is markup stands there as it is written, and nothing of it is run
    browser.get(f"{served}/samlingen")
    see(browser, "td.fou-title", "<img src=x onerror=alert(1)> **fet** [lenke](http://x)").find_element(By.TAG_NAME, "a").click()
    see(browser, "h1", "<img src=x onerror=alert(1)> **fet** [lenke](http://x)")
    assert not browser.find_elements(By.CSS_SELECTOR, 'img[src="x"], a[href="http://x"]')
