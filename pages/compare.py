"""Compare: one message, other weights, another prompt, a grammar or a page, side by side, and judged by rules."""

from __future__ import annotations

import streamlit as st

from pages._ui.compare import choose_setup
from pages._ui.compare_batch import draw_batch
from pages._ui.compare_panes import draw_one_prompt
from pages._ui.compare_square import draw_square
from pages._ui.compare_vote import draw_vote
from pages._ui.show import main_button, told
from pages._ui.text import inert

VIEWS = ("One prompt", "Batch", "Blind vote", "The square")

st.title("Compare: learned behaviour", anchor=False)
st.markdown(
    "The same message in two to four panes. Each says what it has other than its neighbour: **weights**, **prompt**, or both."
)
view = st.segmented_control(
    "What to compare", VIEWS, default=VIEWS[0], required=True, key="view", bind="query-params",
    label_visibility="collapsed", wrap=True,
)  # fmt: skip

if view == "The square":
    draw_square()
    st.stop()

with told(stop=True):
    setup = choose_setup(own_message=view == VIEWS[0])

if view == "Batch":
    draw_batch(setup)
elif view == "Blind vote":
    draw_vote(setup)
else:
    with st.container(horizontal=True, vertical_alignment="center"):
        pressed = st.button("Answer in all panes", type=main_button(), icon=":material/play_arrow:")
        st.caption(":material/link: The address of this page holds all of it.")
    draw_one_prompt(setup, pressed)

with st.expander(f"The rules of {inert(setup.style.title)}", icon=":material/rule:"):
    for rule in setup.style.rules:
        st.markdown(f"- **{inert(rule.title)}**: {inert(rule.why)}")
    st.markdown(
        f"- Beside the rules, the content. **{inert(setup.style.content.title)}**: {inert(setup.style.content.why)}"
    )
