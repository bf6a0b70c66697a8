"""Evaluate: two configurations on the same questions, with intervals, and what failed where."""

from __future__ import annotations

import streamlit as st

from lab.rag.build import IndexOptions
from pages._ui.evaluation import Compared, Sides, choose_questions, draw_comparison, run_both
from pages._ui.jobs import Job, draw_job, start_job
from pages._ui.knobs import Configuration, choose_configuration
from pages._ui.library import choose_library
from pages._ui.session import session_model
from pages._ui.show import main_button, told, wait_for_models

st.title("Evaluate: is B really better than A?", anchor=False)
st.markdown(
    "One good answer proves nothing. Ask the same questions with two configurations and see how far they differ, and "
    "whether that could be chance."
)

with told(stop=True):
    library = choose_library()
    questions = choose_questions(library)
    with_answers = st.toggle(
        "Let the model answer too", value=False, key="answers", bind="query-params",
        help="Retrieval alone takes seconds. With answers, count on about a second for each question and side.",
    )  # fmt: skip
    from lab.rag.answer import AskOptions

    with st.expander("Configuration A: at first, meaning alone", icon=":material/tune:"):
        plain = Configuration(IndexOptions(), AskOptions(retriever="dense", rerank="none"))
        first = choose_configuration("a-", defaults=plain)
    with st.expander("Configuration B: at first, the app's own", icon=":material/tune:"):
        second = choose_configuration("b-")
    pressed = st.button(
        "Compare A and B", type=main_button(), icon=":material/balance:", disabled=not (questions and library.documents)
    )

if pressed:
    wait_for_models()
    with told():
        sides = Sides(library, tuple(questions), first, second, session_model() if with_answers else None)
        start_job("evaluate", lambda report, should_stop: run_both(sides, report, should_stop))
        st.rerun()

job: Job[Compared] | None = draw_job(
    "evaluate",
    "questions",
    idle="Press **Compare A and B**. Begin with retrieval alone: meaning alone (A) against the app's own set-up (B).",
)
if job is not None and job.result is not None:
    draw_comparison(job.result)
