"""The Streamlit entry: settings, who is asking, texts, navigation; nothing else.   streamlit run app.py -- [--config FILE] [--store DIR]"""

import sys

import streamlit as st

import audit
from ui import collection, frame, lists, matrix, overlap, report, search, session, visitor

st.set_page_config(page_title="FoU-søk", page_icon=frame.ICON, layout="wide", initial_sidebar_state="auto")
audit.told_by(visitor.who)
room = session.enter(sys.argv[1:])
pages = {
    path: st.Page(frame.page(show, path, room), title=room.texts(frame.NAMES[path]), url_path=path, default=not path)
    for path, show in (
        ("", search.show),
        ("dublettsjekk", overlap.show),
        ("oversikt", matrix.show),
        ("litteraturliste", lists.show),
        ("samlingen", collection.show),
        ("rapport", report.show),
    )
}
chosen = st.navigation(list(pages.values()), position="hidden")
if chosen == pages[""] and "rapport" in room.params:  # a report's address holds without its path too
    st.switch_page(pages["rapport"], query_params=room.params)
chosen.run()
