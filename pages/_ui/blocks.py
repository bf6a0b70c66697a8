"""The blocks of a lesson: prose, a guess, an experiment to run on the spot, a question with reasons."""

from __future__ import annotations

from functools import singledispatch

import streamlit as st

from lab.experiments import four_answers
from lab.experiments.experiment import load_saved
from lab.lessons import Check, ExperimentBlock, Lesson, Predict, Prose
from lab.quiz.marking import mark
from pages._ui.four import draw_four
from pages._ui.questions import choose, draw_verdict
from pages._ui.session import keep, kept
from pages._ui.show import main_button, wait_for_models
from pages._ui.text import inert


def draw_block(lesson: Lesson, block: object) -> None:
    """Draw one block; what a learner chose is kept for the visit under the lesson's name."""
    _draw(block, lesson)


@singledispatch
def _draw(block: object, lesson: Lesson) -> None:
    raise TypeError(f"no picture for {type(block).__name__}")


@_draw.register
def _(block: Prose, lesson: Lesson) -> None:
    st.markdown(block.markdown)


@_draw.register
def _(block: Predict, lesson: Lesson) -> None:
    with st.container(border=True):
        st.markdown(":material/psychology: **Guess first**")
        if choose(block.question, block.options, _key(lesson, "predict")) is not None:
            st.caption(f"Noted. {block.reveal}")


@_draw.register
def _(block: ExperimentBlock, lesson: Lesson) -> None:
    inputs = four_answers.Inputs(**block.inputs)
    with st.container(border=True):
        st.markdown(f":material/science: **Run it.** {block.caption}")
        st.markdown(f"> {inert(inputs.question)}")
        guessed = st.session_state.get(_key(lesson, "predict")) is not None
        pressed = st.button(
            "Run all four",
            type=main_button(),
            icon=":material/play_arrow:",
            disabled=not guessed,
            help=None if guessed else "Make your guess above first: it is the guess that makes the answer stick.",
        )
        if not guessed:
            st.caption("Make your guess above, then run it.")
        key = _key(lesson, block.id)
        if pressed:
            wait_for_models()
            keep(key, draw_four(inputs, {}, four_answers.SIDES))
        elif kept(key):
            draw_four(inputs, kept(key), ())
        elif guessed and (saved := load_saved(four_answers.EXPERIMENT)) is not None:
            known = {(cell.looked_up, cell.learned): cell for cell in saved.cells}
            made = f"{saved.made}, seed {saved.seed}, adapter {saved.adapter_sha256[:12]}"
            note = f"Saved answer of {made}. Press Run for live ones."
            draw_four(inputs, known if saved.inputs == inputs else {}, (), note=note)


@_draw.register
def _(block: Check, lesson: Lesson) -> None:
    with st.container(border=True):
        st.markdown(":material/help: **Check yourself**")
        key = _key(lesson, block.id)
        chosen = choose(block.question, [option.text for option in block.options], key)
        if chosen is not None:
            draw_verdict(mark(block, chosen), block.options)


def _key(lesson: Lesson, name: str) -> str:
    return f"lesson-{lesson.slug}-{name}"
