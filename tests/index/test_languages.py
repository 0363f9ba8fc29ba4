"""Questions in another language than the reports: the words that happen to meet don't decide."""

from indexed import a_report


def test_an_english_question_isnt_answered_by_a_stray_english_word(writing, opening, encoder):
    # The tiny encoder knows no translation, so it is told one
    told = encoder.queries
    encoder.queries = lambda texts: told([t if t != QUESTION else "kommuner samarbeider forskere" for t in texts])
    with writing() as store:
        answer = "Noen kommuner samarbeider med forskere."
        footnote = "Se «how municipalities worked with researchers», en artikkel om byggesaker, brannvern og vann."
        store.put(a_report("svar", answer), "svar.pdf", "1")
        store.put(a_report("fotnote", footnote), "fotnote.pdf", "1")
        store.put(a_report("english", "Some municipalities have worked with researchers.", language="en"), "english.pdf", "1")
        store.build()
    index = opening()
    order = [r.report.title for r in index.search(QUESTION).results]
    assert order.index("Svar") < order.index("Fotnote")
    assert order.index("English") < order.index("Fotnote"), "a report in the question's language keeps its words"


QUESTION = "how many of the municipalities have worked with researchers"
