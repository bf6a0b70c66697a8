"""The square: facts right on one axis, behaviour kept on the other, and every answer behind a point."""

from __future__ import annotations

import plotly.graph_objects as go
import streamlit as st

from lab.experiments import square
from lab.experiments.square import Point, Result
from pages._ui.colours import BLUE, GREY, ORANGE
from pages._ui.experiment import draw_experiment
from pages._ui.text import inert

_TITLES = {"base": "base", "naive": "voice trained without pages", "with-page": "voice trained with pages"}
_SYMBOLS = {"base": "circle", "naive": "square", "with-page": "diamond"}
_LISTED = 40  # answers behind a point that are drawn at once
_FILTERS = ("all", "fact wrong", "voice broken", "both right")


def draw_square() -> None:
    """The saved result at once; Run replaces it."""
    draw_experiment(square.EXPERIMENT, draw_square_result, "Seven replies to each question: about half a second each.")


def _title(point: Point) -> str:
    return f"{_TITLES.get(point.model, point.model)}, {'looked up' if point.looked_up else 'closed book'}"


def draw_square_result(result: Result) -> None:
    """The six points with their intervals, the same in words and as a table, and every answer behind a point."""
    adapters = ", ".join(f"{_TITLES.get(name, name)} {sha[:8]}" for name, sha in result.adapters.items())
    st.caption(f"n = {len(result.asked)} a point; adapters: {inert(adapters)}. Bars: 95 % Wilson intervals.")
    st.plotly_chart(_figure(result), config={"displayModeBar": False}, key="square-plot")
    for line in square.describe(result)[len(result.points) + 1 :]:
        st.markdown(f"- {inert(line)}")
    with st.expander("The same figures as a table", icon=":material/table:"):
        points = [*result.points]
        st.table(
            {
                "": [_title(point) for point in points],
                "facts right": [str(point.facts) for point in points],
                "of these, where the page holds the answer": [str(result.held(point)) for point in points],
                "every rule of the voice kept": [str(point.voice) for point in points],
            },
            hide_index=True,
        )
        st.caption(
            f"Base model, looked up, with the lab's own prompt instead of the voice's: facts {result.best.facts}."
        )
    _draw_answers(result)


def _figure(result: Result) -> go.Figure:
    figure = go.Figure()
    for point in result.points:
        colour = ORANGE if point.model != "base" else BLUE if point.looked_up else GREY
        rim = BLUE if point.looked_up else colour
        facts, voice = point.facts, point.voice
        if facts.rate is None or voice.rate is None:
            continue
        figure.add_scatter(
            x=[facts.rate], y=[voice.rate], mode="markers", name=_title(point),
            marker={"size": 15, "symbol": _SYMBOLS.get(point.model, "x"), "color": colour,
                    "line": {"color": rim, "width": 4 if point.looked_up else 1}},
            error_x={"type": "data", "symmetric": False, "color": rim, "thickness": 1.5,
                     "array": [facts.interval[1] - facts.rate], "arrayminus": [facts.rate - facts.interval[0]]},
            error_y={"type": "data", "symmetric": False, "color": rim, "thickness": 1.5,
                     "array": [voice.interval[1] - voice.rate], "arrayminus": [voice.rate - voice.interval[0]]},
            hovertemplate=f"facts {facts}<br>voice {voice}<extra>{_title(point)}</extra>",
        )  # fmt: skip
    figure.update_layout(
        height=520, margin={"l": 8, "r": 8, "t": 8, "b": 8},
        xaxis={"title": "facts right (share of replies)", "range": [-0.04, 1.04]},
        yaxis={"title": "voice kept: every rule (share of replies)", "range": [-0.04, 1.04]},
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0},
    )  # fmt: skip
    return figure


def _draw_answers(result: Result) -> None:
    titles = {_title(point): point for point in result.points}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox("Read every answer behind a point", list(titles), key="square-point", width=360)
        only = st.segmented_control("Show", _FILTERS, default="all", required=True, key="square-only", wrap=True)
    point = titles[chosen or next(iter(titles))]
    rows = [
        (asked, reply)
        for asked, reply in zip(result.asked, point.replies, strict=True)
        if only in (None, "all")
        or (only == "fact wrong" and not reply.right)
        or (only == "voice broken" and not reply.voice_kept)
        or (only == "both right" and reply.right and reply.voice_kept)
    ]
    first = 0
    if len(rows) > _LISTED:
        pages = -(-len(rows) // _LISTED)
        first = _LISTED * (int(st.number_input(f"Part (of {pages})", 1, pages, 1, key="square-part", width=140)) - 1)
    st.caption(f"{len(rows)} of {len(result.asked)} answers.")
    for asked, reply in rows[first : first + _LISTED]:
        fact = ":green[:material/check: fact right]" if reply.right else ":red[:material/close: fact wrong or missing]"
        voice = ":green[:material/check: voice kept]" if reply.voice_kept else ":red[:material/close: voice broken]"
        broken = "; ".join(rule.reason for rule in reply.failed)
        page = f"  \n:gray[Page: {inert(asked.passage)}]" if point.looked_up else ""
        st.markdown(
            f"**{inert(asked.first_name)}: {inert(asked.question)}**  \n{inert(reply.text)}  \n{fact} · {voice}"
            f"{f' :gray[({inert(broken)})]' if broken else ''}  \n"
            f":gray[Right: {inert(' / '.join(asked.answers))}]{page}"
        )
