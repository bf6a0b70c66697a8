"""The end of a quiz: score with its interval, topics, and what to put right."""

from __future__ import annotations

from collections.abc import Sequence

import plotly.graph_objects as go
import streamlit as st

from lab.quiz.bank import load_misconceptions
from lab.quiz.marking import Marked, PlacedItem, Score
from pages._ui.colours import BLUE, ORANGE
from pages._ui.show import main_button
from pages._ui.text import inert

_COLOURS = {"knowledge": BLUE, "behaviour": ORANGE}


def draw_result(result: Score, marks: Sequence[Marked], items: Sequence[PlacedItem], seed: str) -> None:
    """Score, topics, misconceptions with their mends, and every case again."""
    low, high = result.interval
    st.subheader(f"{result.right} of {result.of} right", anchor=False)
    st.caption(
        f"With {result.of} cases, your share on many like these lies between {low:.0%} and {high:.0%} "
        "(95 % Wilson interval)."
    )
    figure = go.Figure(
        go.Bar(
            x=[topic.right / topic.of for topic in result.by_topic],
            y=[topic.topic for topic in result.by_topic],
            orientation="h",
            marker_color=[_COLOURS.get(topic.topic, "#6b6f76") for topic in result.by_topic],
            text=[f"{topic.right} of {topic.of}" for topic in result.by_topic],
        )
    )
    figure.update_layout(
        height=80 + 40 * len(result.by_topic), margin={"l": 8, "r": 8, "t": 8, "b": 8},
        xaxis={"title": "share right, by what the case was about", "range": [0, 1], "tickformat": ".0%"},
    )  # fmt: skip
    st.plotly_chart(figure, config={"displayModeBar": False})
    beliefs = load_misconceptions()
    for held in result.misconceptions:
        belief = beliefs[held.misconception]
        st.info(f"**{belief.title}** ({held.times} ×). {belief.mend}", icon=":material/psychology_alt:")
    if not result.misconceptions:
        st.success("No misconception showed. Try another ten.", icon=":material/check_circle:")
    with st.expander("Every case again", icon=":material/list:"):
        for item, marked in zip(items, marks, strict=True):
            sign = ":green[:material/check: right]" if marked.right else ":red[:material/close: not right]"
            st.markdown(f"{sign} · {inert(item.item.scenario)}")
            st.caption(
                f"You: {inert(marked.option.text)}  \nRight: {inert(marked.answer.text)}  \n{inert(marked.answer.why)}"
            )
    with st.container(horizontal=True):
        if st.button("Ten other cases", icon=":material/refresh:", type=main_button()):
            st.query_params["seed"] = str(int(seed) + 1 if seed.isdecimal() else 1)
            st.rerun()
        st.page_link("rag_lab.py", label="To the RAG lab", icon=":material/search:")
        st.page_link("compare.py", label="To the side-by-side page", icon=":material/compare:")
