"""Multiple choice as lessons and the quiz show it: choose, check, then a reason for every option."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from lab.lessons.words import load_words
from lab.quiz.bank import Option, load_misconceptions
from lab.quiz.marking import Marked
from pages._ui.text import inert


def choose(
    question: str,
    options: Sequence[str],
    key: str,
    *,
    disabled: bool = False,
    label: str | None = None,
    on_change: Callable[[], None] | None = None,
) -> int | None:
    """Radio buttons with nothing chosen yet; the place of the chosen option.

    label: the question without links, for those who hear the page, where `question` holds some.
    """
    st.markdown(f"**{question}**")
    chosen: int | None = st.radio(
        label or question,
        range(len(options)),
        index=None,
        format_func=lambda place: options[place],
        key=key,
        label_visibility="collapsed",
        disabled=disabled,
        on_change=on_change,
    )
    return chosen


def draw_verdict(
    marked: Marked,
    options: Sequence[Option],
    *,
    rich: Callable[[str], str] | None = None,
    words: Mapping[str, str] | None = None,
) -> None:
    """Right or not, the reason for every option, and the belief behind a wrong choice with its mend.

    rich: how a reason becomes Markdown, where it holds links. words: of another language (lessons/words.yaml).
    """
    words = words or load_words()
    why = rich(marked.why) if rich else marked.why
    if marked.right:
        st.success(f"{words['right']} {why}", icon=":material/check_circle:")
    else:
        st.error(f"{words['not-this']} {why}", icon=":material/cancel:")
        if marked.misconception:
            belief = load_misconceptions()[marked.misconception]
            st.info(f"**{belief.title}.** {belief.mend}", icon=":material/psychology_alt:")
    with st.expander(words["why-each"], expanded=not marked.right, icon=":material/checklist:"):
        for option in options:
            right = f":green[:material/check:] **{words['option-right']}:**"
            sign = right if option.right else f":gray[:material/close:] {words['option-not']}:"
            st.markdown(f"{sign} {inert(option.text)}  \n{(rich or inert)(option.why)}")
