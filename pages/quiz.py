"""Quiz: ten cases; every option is explained, and the misconception behind a wrong one is named."""

from __future__ import annotations

import streamlit as st

from lab.quiz.bank import load_bank
from lab.quiz.marking import draw, mark, score
from pages._ui.questions import choose, draw_verdict
from pages._ui.quiz import draw_result
from pages._ui.session import keep, kept
from pages._ui.show import main_button, told
from pages._ui.text import inert

LENGTH = 10

st.title("Quiz: what would you do?", anchor=False)

with told():
    seed = st.query_params.get("seed", "1")
    items = draw(load_bank(), LENGTH, int(seed) if seed.isdecimal() and len(seed) < 10 else 1)
    quiz = kept(f"quiz-{seed}") or keep(f"quiz-{seed}", {"marks": [], "shown": False})
    marks, place = quiz["marks"], len(quiz["marks"]) - (1 if quiz["shown"] else 0)

    if place >= len(items):
        draw_result(score(marks), marks, items, seed)
        st.stop()

    st.progress(place / len(items), text=f"Case {place + 1} of {len(items)}")
    item = items[place]
    with st.container(border=True):
        st.markdown(inert(item.item.scenario))
        chosen = choose(
            inert(item.item.question),
            [option.text for option in item.options],
            f"quiz-{seed}-{item.id}",
            disabled=quiz["shown"],
        )
        if quiz["shown"]:
            draw_verdict(marks[-1], item.options)
            if st.button(
                "Next case" if place + 1 < len(items) else "See the result",
                type=main_button(),
                icon=":material/arrow_forward:",
            ):
                quiz["shown"] = False
                st.rerun()
        elif st.button(
            "Check",
            type=main_button(),
            disabled=chosen is None,
            help=None if chosen is not None else "Choose an option first.",
        ):
            marks.append(mark(item, chosen or 0))
            quiz["shown"] = True
            st.rerun()
