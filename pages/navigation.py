"""The list of pages, and what stands around every page."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from pages._ui.panel import draw_model_panel

HERE = Path(__file__).resolve().parent
# One list, not sections: Streamlit draws sections on a phone as lists that a screen reader cannot follow.
PAGES = [
    st.Page(HERE / "home.py", title="Home", icon=":material/home:", default=True),
    st.Page(HERE / "lessons.py", title="Lessons", icon=":material/menu_book:"),
    st.Page(HERE / "rag_lab.py", title="RAG lab", icon=":material/search:"),
    st.Page(HERE / "edit.py", title="Edit", icon=":material/edit_document:"),
    st.Page(HERE / "break_it.py", title="Break it", icon=":material/build:"),
    st.Page(HERE / "evaluate.py", title="Evaluate", icon=":material/scale:"),
    st.Page(HERE / "tuning_lab.py", title="Tuning lab", icon=":material/model_training:"),
    st.Page(HERE / "compare.py", title="Compare", icon=":material/compare:"),
    st.Page(HERE / "tuning_costs.py", title="Costs of tuning", icon=":material/price_change:"),
    st.Page(HERE / "claims.py", title="Claims", icon=":material/fact_check:"),
    st.Page(HERE / "quiz.py", title="Quiz", icon=":material/quiz:"),
]

st.set_page_config(
    page_title="Look It Up or Learn It",
    page_icon=str(HERE / "_ui" / "icon.svg"),
    layout="wide",
)
page = st.navigation(PAGES, position="top")
body = st.container()
draw_model_panel()  # below the body, and drawn before it, so that it is also there when a page stops early
with body:
    page.run()
