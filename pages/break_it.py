"""Break it: predict, run a broken system, say whether retrieval or generation failed, then mend it."""

from __future__ import annotations

import streamlit as st

from pages._ui.break_it import (
    CAUSES,
    choose_lab,
    draw_answer,
    draw_clues,
    draw_mend,
    draw_prediction,
    draw_story,
    draw_verdict,
    run_side,
    solved,
    start_over,
    visit_of,
)
from pages._ui.questions import choose
from pages._ui.show import main_button, told, wait_for_models
from pages._ui.text import inert

st.title("Break it: what went wrong?", anchor=False)
st.markdown(
    "A wrong answer has a cause. Predict, run, and say which part failed: **looking up** or **answering**. Then mend it."
)

with told(stop=True):
    lab = choose_lab()
visit = visit_of(lab)
draw_story(lab)

options = [inert(option.text) for option in lab.prediction.options]
predicted = choose(
    inert(lab.prediction.question),
    options,
    f"break-it-{lab.id}-{visit.turn}",
    disabled=visit.broken is not None,
)

if visit.broken is None:
    if st.button(
        "Run it, broken",
        type=main_button(),
        icon=":material/play_arrow:",
        disabled=predicted is None,
        help="Predict first." if predicted is None else None,
    ):
        wait_for_models()
        with told(stop=True):
            visit.broken, visit.predicted = run_side(lab, mended=False), predicted
        st.rerun()
    st.stop()

draw_answer(visit.broken, "Broken")
draw_clues(visit.broken)

if not visit.blamed and visit.broken.diagnosis.failed:
    st.markdown("**The answer is not right. Look at the passages and the prompt above. Which part failed?**")
    with st.container(horizontal=True):
        for cause, (title, words, icon) in CAUSES.items():
            if st.button(title, key=f"blame-{cause}", icon=icon, help=words):
                visit.blamed = cause
                if cause == visit.broken.diagnosis.failed:
                    solved().add(lab.id)
                st.rerun()
    st.caption(" ".join(f"**{title}:** {words}" for title, words, _ in CAUSES.values()))
    st.stop()

draw_verdict(visit)
draw_prediction(lab, visit)
with st.container(horizontal=True):
    mend = visit.mended is None and st.button("Mend it", type=main_button(), icon=":material/build:")
    if st.button("Start this lab again", icon=":material/restart_alt:"):
        start_over(lab)
        st.rerun()
if mend:
    with told():
        visit.mended = run_side(lab, mended=True)
        st.rerun()
draw_mend(lab, visit)
