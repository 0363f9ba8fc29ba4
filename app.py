"""The Streamlit entry: settings, texts, navigation; nothing else.   streamlit run app.py -- [--config FILE] [--store DIR]"""

import sys

import streamlit as st

from ui import collection, frame, overlap, report, search, session

st.set_page_config(page_title="FoU-søk", page_icon=":material/search:", layout="wide", initial_sidebar_state="auto")
room = session.enter(sys.argv[1:])
pages = {
    path: st.Page(frame.page(show, path, room), title=room.texts(title), url_path=path, default=not path)
    for path, title, show in (
        ("", "app.search", search.show),
        ("dublettsjekk", "app.overlap", overlap.show),
        ("samlingen", "app.collection", collection.show),
        ("rapport", "app.report", report.show),
    )
}
chosen = st.navigation(list(pages.values()), position="hidden")
if chosen == pages[""] and "rapport" in room.params:  # a report's address holds without its path too
    st.switch_page(pages["rapport"], query_params=room.params)
chosen.run()
