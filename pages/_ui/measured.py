"""The picture of a result that is series of values: a bar chart for each figure, the same in words, and the table."""

from __future__ import annotations

import textwrap

import plotly.graph_objects as go
import streamlit as st

from lab.experiments.measured import SHARE, Arm, Figure, Measured, Side, say_value
from pages._ui.colours import BLUE, GREY, INTERVAL, ORANGE
from pages._ui.text import inert

_COLOURS: dict[Side, str] = {"looked-up": BLUE, "learned": ORANGE, "both": BLUE, "neither": GREY}
_WORDS: dict[Side, str] = {"looked-up": "looked up", "learned": "learned", "both": "both", "neither": "neither"}
_BETTER = {"more": "more is better", "less": "less is better", "": ""}
_LABEL_LETTERS = 26  # of a label on the axis, before it goes on in the next line
_SHOWN = 12  # rows to read that are drawn at once


def draw_measured(result: Measured, prefix: str = "") -> None:
    """All figures of a result. prefix keeps the keys of two pictures on one page apart."""
    figures = [figure for figure in result.figures if result.arms_of(figure.id)]
    for start in range(0, len(figures), 2):
        pair = figures[start : start + 2]
        columns = st.columns(len(pair), gap="medium")
        for column, figure in zip(columns, pair, strict=True):
            with column:
                _draw_figure(result, figure, prefix)
    st.caption(_legend(result))
    _draw_table(result)
    _draw_shown(result)


def _draw_figure(result: Measured, figure: Figure, prefix: str) -> None:
    arms = result.arms_of(figure.id)
    better = f" :gray[({_BETTER[figure.better]})]" if figure.better else ""
    st.markdown(f"**{inert(_capital(figure.label))}**{better}")
    st.plotly_chart(
        _bars(result, figure, arms),
        key=f"{prefix}measured-{result.experiment}-{figure.id}",
        config={"displayModeBar": False},
    )


def _bars(result: Measured, figure: Figure, arms: tuple[Arm, ...]) -> go.Figure:
    """Lying bars, the first arm on top; a control is hatched, and both together has an orange rim around the blue."""
    series = [result.of(arm.id, figure.id) for arm in arms]
    means = [item.mean for item in series]
    plot = go.Figure(
        go.Bar(
            x=means,
            y=[_label(arm) for arm in arms],
            orientation="h",
            marker={
                "color": [_COLOURS[arm.side] for arm in arms],
                "line": {
                    "color": [ORANGE if arm.side == "both" else _COLOURS[arm.side] for arm in arms],
                    "width": [4 if arm.side == "both" else 0 for arm in arms],
                },
                "pattern": {"shape": ["/" if arm.control else "" for arm in arms], "fgcolor": "#ffffff"},
            },
            error_x={
                "type": "data",
                "symmetric": False,
                "color": INTERVAL,
                "thickness": 2,
                "array": [max(0.0, item.interval[1] - mean) for item, mean in zip(series, means, strict=True)],
                "arrayminus": [max(0.0, mean - item.interval[0]) for item, mean in zip(series, means, strict=True)],
            },
            customdata=[say_value(item) for item in series],
            hovertemplate="%{y}<br>%{customdata}<extra></extra>",
        )
    )
    lines = sum(_label(arm).count("<br>") + 1 for arm in arms)
    plot.update_layout(
        height=90 + 22 * lines + 20 * len(arms), margin={"l": 8, "r": 16, "t": 8, "b": 8}, showlegend=False, bargap=0.35
    )
    plot.update_yaxes(autorange="reversed", automargin=True)
    if figure.unit == SHARE:
        plot.update_xaxes(title="share", range=[0, 1.03], tickformat=".0%")
    else:
        plot.update_xaxes(title=figure.unit, rangemode="tozero")
    return plot


def _label(arm: Arm) -> str:
    text = f"{arm.label} (control)" if arm.control else arm.label
    return "<br>".join(textwrap.wrap(text.replace("<", "‹"), _LABEL_LETTERS))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _legend(result: Measured) -> str:
    sides = list(dict.fromkeys(arm.side for arm in result.arms))
    colours = {"looked-up": "blue", "learned": "orange", "both": "blue with an orange rim", "neither": "grey"}
    said = ", ".join(f"{colours[side]}: {_WORDS[side]}" for side in sides)
    hatched = " Hatched: a control, which must fail if the measurement can say no." if _has_control(result) else ""
    machine = f" On {inert(result.machine)}." if result.machine else ""
    return f"{_capital(said)}.{hatched} Thin bars: 95 % intervals. Seed {result.seed}.{machine}"


def _has_control(result: Measured) -> bool:
    return any(arm.control for arm in result.arms)


def _draw_table(result: Measured) -> None:
    with st.expander("The picture in words, and its figures", icon=":material/table:"):
        for figure in result.figures:
            arms = result.arms_of(figure.id)
            if arms:
                said = "; ".join(f"{inert(arm.label)} {inert(say_value(result.of(arm.id, figure.id)))}" for arm in arms)
                st.markdown(f"**{inert(_capital(figure.label))}** ({inert(figure.unit)}): {said}.")
        arms = tuple(arm for arm in result.arms if any(result.has(arm.id, figure.id) for figure in result.figures))
        columns = {
            inert(figure.label): [
                inert(say_value(result.of(arm.id, figure.id))) if result.has(arm.id, figure.id) else "" for arm in arms
            ]
            for figure in result.figures
        }
        names = [inert(arm.label) + (" (control)" if arm.control else "") for arm in arms]
        st.table({"": names, **columns}, hide_index=True)
        for name, text in result.notes.items():
            st.caption(f"{inert(name)}: {inert(text)}")


def _draw_shown(result: Measured) -> None:
    if not result.shown:
        return
    labels = {arm.id: arm.label for arm in result.arms}
    with st.expander("Read some of the answers", icon=":material/list:"):
        for row in result.shown[:_SHOWN]:
            verdict = f" :gray[({inert(row.verdict)})]" if row.verdict else ""
            st.markdown(
                f"**{inert(row.item)}**  \n:gray[{inert(labels.get(row.arm, row.arm))}:] {inert(row.text)}{verdict}"
            )
