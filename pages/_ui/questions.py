"""Multiple choice as lessons and the quiz show it: choose, check, then a reason for every option."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from lab.quiz.bank import Option, load_misconceptions
from lab.quiz.marking import Marked
from pages._ui.text import inert


def choose(question: str, options: Sequence[str], key: str, *, disabled: bool = False) -> int | None:
    """Radio buttons with nothing chosen yet; the place of the chosen option."""
    st.markdown(f"**{question}**")
    chosen: int | None = st.radio(
        question,
        range(len(options)),
        index=None,
        format_func=lambda place: options[place],
        key=key,
        label_visibility="collapsed",
        disabled=disabled,
    )
    return chosen


def draw_verdict(marked: Marked, options: Sequence[Option]) -> None:
    """Right or not, the reason for every option, and the belief behind a wrong choice with its mend."""
    if marked.right:
        st.success(f"Right. {marked.why}", icon=":material/check_circle:")
    else:
        st.error(f"Not this one. {marked.why}", icon=":material/cancel:")
        if marked.misconception:
            belief = load_misconceptions()[marked.misconception]
            st.info(f"**{belief.title}.** {belief.mend}", icon=":material/psychology_alt:")
    with st.expander("Why, option by option", expanded=not marked.right, icon=":material/checklist:"):
        for option in options:
            sign = ":green[:material/check:] **right:**" if option.right else ":gray[:material/close:] not:"
            st.markdown(f"{sign} {inert(option.text)}  \n{inert(option.why)}")
