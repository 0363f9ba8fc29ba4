"""What filters are said by: the words of the files and of the app in bokmål are the same."""

from index.filtering import BOKMAAL
from ui.language import LANGUAGES, texts


def test_the_app_says_filters_as_the_files_do():
    said = {name.removeprefix("said."): text for name, text in texts("nb").table.items() if name.startswith("said.")}
    assert said == BOKMAAL
    assert all({f"said.{name}" for name in BOKMAAL} <= set(texts(language).table) for language in LANGUAGES)
