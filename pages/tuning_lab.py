"""Tuning lab: choose a behaviour, train it here, and watch the model learn it."""

from __future__ import annotations

import streamlit as st

from pages._ui.show import main_button, told, wait_for_models
from pages._ui.training import choose_behaviour, choose_training, draw_examples_and_rules, training_examples
from pages._ui.training_live import current_training, draw_course, draw_shipped, draw_training, start_training
from pages._ui.training_result import draw_result, draw_upload, uploaded_adapter

st.title("Tuning lab: watch a behaviour being learned", anchor=False)
st.markdown(
    "Show a small model examples of how to answer, and it learns the habit: not new facts, but a form and a voice. "
    "It trains on this computer, in about a minute."
)

with told(stop=True):
    style = choose_behaviour()
    wanted = None
    if style is not None:
        examples = training_examples(style)
        wanted = choose_training(style, len(examples))
    with st.container(horizontal=True, vertical_alignment="center"):
        pressed = st.button("Train", type=main_button(), icon=":material/school:", disabled=wanted is None)
        st.caption(
            ":material/link: The address of this page holds every choice, with the seed; your own texts stay here."
        )
    if style is not None:
        draw_examples_and_rules(style, examples)

if pressed and wanted is not None:
    wait_for_models()
    with told():
        start_training(wanted)

training = current_training()
if training is None and wanted is not None:
    st.info(
        "Press **Train**: loss and answers change before your eyes. With the defaults it takes a minute.",
        icon=":material/lightbulb:",
    )
    with told():
        draw_shipped(wanted.style)
if training is not None:
    with told():
        draw_training(training)
        if training.result is not None:
            draw_result(training.style, training.folder, training.result, f"mine: {training.name}")
        draw_course(training)

if style is not None:
    draw_upload(style)
    uploaded = uploaded_adapter()
    if uploaded is not None and (training is None or training.ended):
        with told():
            draw_result(style, uploaded, None, f"mine: {uploaded.name}")
