"""The pictures of the tuning experiments: each with intervals, a text beside it and the table behind it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import plotly.graph_objects as go
import streamlit as st

from lab.experiments import data_quality, examples_needed, knowledge_dump, side_effects
from lab.experiments.experiment import load_saved
from lab.experiments.parts.figures import Share
from pages._ui.colours import BLUE, GREY, INTERVAL, ORANGE
from pages._ui.text import inert

_FORGOTTEN_SHOWN = 12


def _bars(groups: Sequence[tuple[str, Sequence[Share], str]], labels: Sequence[str], axis: str) -> go.Figure:
    """Grouped bars with intervals: groups of (name, shares, colour), one share for each label."""
    figure = go.Figure()
    for name, shares, colour in groups:
        rates = [share.rate or 0.0 for share in shares]
        figure.add_bar(
            x=list(labels),
            y=rates,
            name=name,
            marker_color=colour,
            error_y={
                "type": "data",
                "symmetric": False,
                "color": INTERVAL,
                "array": [share.interval[1] - rate for share, rate in zip(shares, rates, strict=True)],
                "arrayminus": [rate - share.interval[0] for share, rate in zip(shares, rates, strict=True)],
            },
        )
    return _finish(figure, axis)


def _finish(figure: go.Figure, axis: str) -> go.Figure:
    figure.update_layout(
        yaxis={"title": axis, "range": [0, 1.05], "tickformat": ".0%"},
        legend={"orientation": "h", "yanchor": "bottom", "y": 1.02, "x": 0},
        margin={"l": 10, "r": 10, "t": 40, "b": 10},
        height=420,
    )
    return figure


def _table(rows: Sequence[dict[str, str]]) -> None:
    with st.expander("The figures behind the picture", icon=":material/table:"):
        st.table({key: [inert(row[key]) for row in rows] for key in rows[0]}, hide_index=True)


def _size_name(size: int) -> str:
    return str(size) if size else "none (base)"


def _add_curve(
    figure: go.Figure,
    result: examples_needed.Result,
    name: str,
    of: Callable[[int], Share],
    colour: str,
    mode: str,
    dash: str,
) -> None:
    shares = [of(size) for size in result.sizes]
    rates = [share.rate or 0.0 for share in shares]
    figure.add_scatter(
        x=[_size_name(size) for size in result.sizes],
        y=rates,
        name=name,
        mode=mode,
        line={"color": colour, "dash": dash},
        marker={"size": 10, "color": colour},
        error_y={
            "type": "data",
            "symmetric": False,
            "color": INTERVAL,
            "array": [share.interval[1] - rate for share, rate in zip(shares, rates, strict=True)],
            "arrayminus": [rate - share.interval[0] for share, rate in zip(shares, rates, strict=True)],
        },
    )


def draw_examples_needed(result: examples_needed.Result) -> None:
    """Adherence against the number of examples; live points stand on top of the saved curve of the same behaviour."""
    saved: examples_needed.Result | None = load_saved(examples_needed.EXPERIMENT)
    if saved is not None and (saved == result or saved.inputs.style != result.inputs.style):
        saved = None
    figure = go.Figure()
    if saved is not None:
        _add_curve(figure, saved, "every rule kept, saved", saved.of, GREY, "lines+markers", "dot")
    style = "markers" if saved is not None else "lines+markers"
    _add_curve(figure, result, "every rule kept", result.of, ORANGE, style, "solid")
    _add_curve(figure, result, "fits its message", result.right_of, "#5c626c", style, "dash")
    sizes = result.sizes
    order = sorted({*sizes, *(saved.sizes if saved is not None else ())})
    figure.update_xaxes(
        title="examples learned from",
        type="category",
        categoryorder="array",
        categoryarray=[_size_name(size) for size in order],
    )
    st.plotly_chart(_finish(figure, "share of replies"), key="examples-plot")
    best, base = result.of(sizes[-1]), result.of(sizes[0])
    st.markdown(
        f"On {result.points[0].kept.n} messages of {inert(result.inputs.style)}: {base} without training, {best} "
        f"with {sizes[-1]} examples. Bars are 95 % intervals; several seeds are counted together."
    )
    _table(
        [
            {
                "examples": str(point.examples),
                "seed": str(point.seed),
                "every rule kept": str(point.kept),
                "fits its message": str(point.right),
                "steps": str(point.steps),
                "seconds": f"{point.seconds:.0f}",
            }
            for point in result.points
        ]
    )


def draw_data_quality(result: data_quality.Result) -> None:
    """The same number of examples, clean and spoilt."""
    arms = result.arms
    groups = [
        ("every rule kept", [arm.kept for arm in arms], ORANGE),
        ("fits its message", [arm.right for arm in arms], GREY),
    ]
    st.plotly_chart(_bars(groups, [arm.kind for arm in arms], "share of replies"), key="quality-plot")
    for arm in arms:
        st.markdown(f"- **{arm.kind}** ({data_quality.KINDS[arm.kind]}): rules kept {arm.kept}; fits {arm.right}")
    _table(
        [
            {
                "data": arm.kind,
                "every rule kept": str(arm.kept),
                "fits its message": str(arm.right),
                "reply": arm.example,
            }
            for arm in arms
        ]
    )


def draw_side_effects(result: side_effects.Result) -> None:
    """What was forgotten, what drifted, and what a name changes."""
    kinds = list(dict.fromkeys(item.kind for item in result.answers))

    def of(kind: str, *, after: bool) -> Share:
        group = [item for item in result.answers if item.kind == kind]
        return Share.of([item.right_after if after else item.right_before for item in group])

    groups = [
        ("before", [of(kind, after=False) for kind in kinds], GREY),
        ("after tuning", [of(kind, after=True) for kind in kinds], ORANGE),
    ]
    st.plotly_chart(_bars(groups, kinds, "general questions right"), key="side-effects-plot")
    left, middle, right = st.columns(3)
    before, after = result.right_before, result.right_after
    left.metric("General questions right", f"{after.count} of {after.n}", f"{after.count - before.count} after tuning")
    middle.metric(
        "Words an answer", f"{result.words(after=True):.0f}", f"{result.words(after=False):.0f} before", "off"
    )
    asks = result.ends_with_question(after=True)
    was = result.ends_with_question(after=False)
    right.metric("End with a question", f"{asks.count} of {asks.n}", f"{was.count} before", "off")
    st.markdown(
        f"Right before: {before}. Right after: {after}. Of the right ones, forgotten: {result.forgotten}. "
        f"Said in other words: {result.drifted}."
    )
    forgotten = [item for item in result.answers if item.forgotten]
    st.subheader("Forgotten", anchor=False)
    if not forgotten:
        st.markdown("Nothing that was right before is wrong now.")
    for item in forgotten[:_FORGOTTEN_SHOWN]:
        st.markdown(f"- {inert(item.question)} :gray[{inert(item.before)}] → {inert(item.after)}")
    st.subheader("The same request under six names", anchor=False)
    st.markdown(
        f"How alike the answers are when only the name changes (1 is equal): {result.likeness_by_name(after=False):.2f} "
        f"before, {result.likeness_by_name(after=True):.2f} after. A low figure means that the name alone changes what "
        "is said. Eight requests and six names are enough to see a habit, not to clear a model of bias."
    )
    words, were = result.words_by_name(after=True), result.words_by_name(after=False)
    _table([{"name": name, "words before": f"{were[name]:.0f}", "words after": f"{words[name]:.0f}"} for name in words])
    with st.expander("All answers", icon=":material/list:"):
        st.dataframe(
            {
                "question": [item.question for item in result.answers],
                "before": [item.before for item in result.answers],
                "after": [item.after for item in result.answers],
                "forgotten": [item.forgotten for item in result.answers],
            },
            hide_index=True,
        )


_ARM_COLOURS = {"base": GREY, "style": "#e0a060", "dump-questions": ORANGE, "dump-text": "#7a3b00", "rag": BLUE}
_GOOD = ("trained", "paraphrased", "left_out", "general", "reasoning", "changed_new")
_BAD = ("invented", "changed_stale", "leaked")
_SHORT = {
    "trained": "trained wording", "paraphrased": "in other words", "left_out": "left-out facts",
    "general": "general knowledge", "reasoning": "small puzzles", "changed_new": "changed fact, new", "invented": "invents",
    "changed_stale": "stale",
    "leaked": "tells deleted record",
}  # fmt: skip


def _of(share: Share) -> str:
    return f"{share.count} of {share.n}"


def draw_knowledge_dump(result: knowledge_dump.Result) -> None:
    """What each arm knows, and what it should not have said; every answer can be read."""
    arms = {arm.id: arm.shares for arm in result.arms}
    if "dump-questions" in arms and "rag" in arms:
        crammed, found = arms["dump-questions"], arms["rag"]
        st.markdown(
            f"**What came out.** Crammed questions come back word for word: {_of(crammed['trained'])} (looked up: "
            f"{_of(found['trained'])}). Asked in other words: {_of(crammed['paraphrased'])} against "
            f"{_of(found['paraphrased'])}. After ten facts had changed, the weights told the old one "
            f"{_of(crammed['changed_stale'])} times and looking up the new one {_of(found['changed_new'])} times."
        )
    for title, measures, axis in (
        ("What is right", _GOOD, "answered right (more is better)"),
        ("What should not happen", _BAD, "share of questions (less is better)"),
    ):
        st.subheader(title, anchor=False)
        shown = [measure for measure in measures if measure in result.measures]
        groups = [(arm.id, [arm.shares[measure] for measure in shown], _ARM_COLOURS[arm.id]) for arm in result.arms]
        st.plotly_chart(_bars(groups, [_SHORT[measure] for measure in shown], axis), key=f"dump-{measures[0]}")
    for arm in result.arms:
        cost = (
            f", {arm.trained_seconds:.0f} s of training on {arm.trained_examples} examples"
            if arm.trained_seconds
            else ""
        )
        st.markdown(f"- **{arm.id}**: {knowledge_dump.ARMS[arm.id]}{cost}")
    _table(
        [
            {"asked": knowledge_dump.MEASURES[measure], **{arm.id: str(arm.shares[measure]) for arm in result.arms}}
            for measure in result.measures
        ]
    )
    with st.expander("Every question and every answer", icon=":material/list:"):
        which = st.selectbox("Of", [arm.id for arm in result.arms], key="dump-arm")
        rows = next(arm.asked for arm in result.arms if arm.id == which)
        st.dataframe(
            {
                "asked": [_SHORT[row.measure] for row in rows],
                "question": [row.question for row in rows],
                "expected": [row.expected for row in rows],
                "answer": [row.answer for row in rows],
                "yes": [row.verdict for row in rows],
            },
            hide_index=True,
        )
