"""A training as it goes: progress, loss, what the model says meanwhile; and how it ended."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import plotly.graph_objects as go
import streamlit as st

from lab.settings import get_settings
from lab.tuning.styles import check_reply
from pages._ui.session import keep, kept
from pages._ui.text import inert, plural
from pages._ui.training import Wanted

if TYPE_CHECKING:
    from lab.tuning.desk import Training
    from lab.tuning.run import LossPoint
    from lab.tuning.samples import Sample
    from lab.tuning.styles import Style

_LINK = "training"
_SAYS = {"steps": "all its steps", "time": "the end of its time", "stop": "your stop"}


def current_training() -> Training | None:
    """The training of this visit, or the one that the address names: a closed tab finds it again."""
    training: Training | None = kept(_LINK)
    named = st.query_params.get(_LINK)
    if named and (training is None or training.id != named):
        from lab.tuning.desk import get_desk

        training = keep(_LINK, get_desk(get_settings()).find(named) or training)
    return training


def start_training(wanted: Wanted) -> None:
    """Hand it in, unless this visit's last one still waits or runs: then say so. Raises LabError in words."""
    from lab.tuning.desk import get_desk

    earlier = current_training()
    if earlier is not None and not earlier.ended:
        where = "runs already" if earlier.state == "running" else "is in the queue already"
        st.info(f"Your training {where}. Stop it below before you start another.", icon=":material/hourglass_top:")
        return
    training = get_desk(get_settings()).submit(wanted.options, watched=not wanted.keep_on)
    keep(_LINK, training)
    if wanted.keep_on:
        st.query_params[_LINK] = training.id
    else:
        st.query_params.pop(_LINK, None)


def draw_training(training: Training) -> None:
    """While it goes, drawn anew each second; afterwards how it ended."""
    options = training.options
    examples = "all examples" if options.examples is None else plural(options.examples, "example")
    st.markdown(
        f"**{inert(training.name)}** · {examples}, at most {options.seconds:g} s, rank {options.rank}, learning rate "
        f"{options.learning_rate:g}, seed {options.seed}"
    )
    if training.ended:
        _draw_end(training)
    else:
        _draw_live(training)


def draw_course(training: Training) -> None:
    """How a training that has ended went: its loss, and what the model said before and says now."""
    if not training.ended:
        return
    _draw_curve(training)
    if training.sampling:
        _draw_last_samples(training)
    else:
        _draw_samples(training)


@st.fragment(run_every=1.5)
def _draw_last_samples(training: Training) -> None:
    if not training.sampling:
        st.rerun()
    _draw_samples(training)


@st.fragment(run_every=1.0)
def _draw_live(training: Training) -> None:
    training.seen()
    if training.ended:
        st.rerun()
    with st.container(horizontal=True, vertical_alignment="center"):
        label = "Stop and keep it" if training.state == "running" else "Leave the queue"
        if st.button(label, icon=":material/stop:", disabled=training.stopping):
            training.stop()
        st.progress(min(max(training.share, 0.0), 1.0), text=_progress_text(training))
    _draw_curve(training)
    _draw_samples(training)


def _progress_text(training: Training) -> str:
    if training.stopping:
        return "Stopping …"
    if training.state == "queued":
        place = training.place
        ahead = (
            f"{plural(place, 'training')} {'comes' if place == 1 else 'come'} before yours" if place else training.stage
        )
        return f"In the queue: {inert(ahead)} …"
    parts = [f"{inert(training.stage)} …" if training.stage else "starting …"]
    if training.tokens_per_second:
        parts.append(f"{training.tokens_per_second:.0f} tokens a second")
    if training.seconds_left is not None and training.share < 1:
        parts.append(f"about {training.seconds_left:.0f} s left")
    return " · ".join(parts)


def _draw_end(training: Training) -> None:
    result = training.result
    if result is None:
        show = st.error if training.state == "failed" else st.info
        show(inert(training.error), icon=":material/error:" if training.state == "failed" else ":material/info:")
        return
    kept_words = " What it had learned by then is kept." if training.state == "stopped" else ""
    st.success(
        f"**Learned.** {plural(result.steps, 'step')} in {result.seconds:.0f} s, "
        f"{result.tokens_per_second:.0f} tokens a second, {plural(result.examples, 'example')}; ended by "
        f"{_SAYS.get(result.ended_by, result.ended_by)}.{kept_words}",
        icon=":material/school:",
    )
    if result.ended_by != "steps":
        st.caption(
            "The clock ended it, so a repetition may differ a little. One that makes all its steps repeats to the byte."
        )


def draw_shipped(style: Style) -> None:
    """The training of the adapter that comes with the app, so that the page is never blank; nothing for one's own."""
    from lab.models.adapters import find_adapter, list_adapters
    from lab.tuning.run import read_training

    if style.name not in list_adapters():
        return
    adapter = find_adapter(style.name)
    run = read_training(adapter.folder)
    st.subheader("The adapter that comes with the app", anchor=False)
    st.caption(
        f":material/history: Saved: seed {run.seed}, {plural(run.steps, 'step')} of {run.options.batch} examples in "
        f"{run.seconds:.0f} s, rank {run.options.rank}, {run.adapter_bytes / 1e6:.1f} MB, SHA-256 {run.adapter_sha256[:8]}."
    )
    _draw_loss(run.curve, run.held_out_before, run.steps, ended=True)


def _draw_curve(training: Training) -> None:
    before = None if training.result is None else training.result.held_out_before
    planned = round(len(training.curve) / training.share) if training.share else 0
    _draw_loss(training.curve, before, planned, ended=training.ended)


def _draw_loss(curve: Sequence[LossPoint], held_out_before: float | None, planned: int, *, ended: bool) -> None:
    if not curve:
        return
    dark = st.context.theme.type == "dark"
    line, mark = ("#f09a45", "#fbe0c4") if dark else ("#c25e00", "#5c2c00")
    held = [(point.step, point.held_out_loss) for point in curve if point.held_out_loss is not None]
    if held_out_before is not None:
        held.insert(0, (0, held_out_before))
    figure = go.Figure(
        [
            go.Scatter(
                x=[point.step for point in curve], y=[point.train_loss for point in curve], mode="lines+markers",
                name="examples it learns from", line={"color": line, "width": 2}, marker={"size": 4},
            ),
            go.Scatter(
                x=[step for step, _ in held], y=[loss for _, loss in held], mode="markers", name="held-out examples",
                marker={"color": mark, "size": 12, "symbol": "diamond"},
            ),
        ]
    )  # fmt: skip
    planned = max(len(curve), planned)
    figure.update_layout(
        height=300, margin={"l": 8, "r": 8, "t": 8, "b": 8}, showlegend=True,
        legend={"orientation": "h", "yanchor": "bottom", "y": 1.02, "x": 0},
        xaxis={"title": "step", "range": [-0.2, planned + 0.5], "dtick": max(1, -(-planned // 10))},
        yaxis={"title": "loss (nats a token)", "rangemode": "tozero"},
    )  # fmt: skip
    st.plotly_chart(figure, config={"displayModeBar": False}, key="training-loss")
    held_words = f"; on held-out examples {held[0][1]:.2f} at first, {held[-1][1]:.2f} now" if held else ""
    st.caption(
        f"Loss over {plural(len(curve), 'step')}: {curve[0].train_loss:.2f} at first, {curve[-1].train_loss:.2f} now"
        f"{held_words}. Lower is better; only the held-out one says that it is not learning by heart."
    )
    if ended:
        with st.expander("The numbers", icon=":material/table:"):
            st.dataframe(
                {
                    "step": [point.step for point in curve],
                    "seconds": [round(point.seconds, 1) for point in curve],
                    "loss": [round(point.train_loss, 3) for point in curve],
                    "held-out loss": [point.held_out_loss and round(point.held_out_loss, 3) for point in curve],
                },
                hide_index=True,
            )


def _draw_samples(training: Training) -> None:
    """The first replies beside the newest ones, to the same messages."""
    samples = training.samples
    if not samples:
        if training.sampling:
            st.caption("Soon: what the model says to messages it has never seen.")
        return
    style, first, last = training.style, samples[0], samples[-1]
    st.markdown("**What it says to messages it has never seen**")
    for place, (message, _) in enumerate(last.replies):
        with st.container(border=True):
            st.markdown(inert("\n".join(message.inputs[name] for name in style.inputs)))
            left, right = st.columns(2, gap="medium")
            with left:
                _draw_reply(style, first, place)
            with right:
                if last is not first:
                    _draw_reply(style, last, place)
                elif training.sampling:
                    st.caption("Here comes what it says after some steps.")
    if len(samples) > 2:
        with st.expander(f"Between them: {plural(len(samples) - 2, 'snapshot')}", icon=":material/history:"):
            for sample in samples[1:-1]:
                _draw_reply(style, sample, 0)


def _draw_reply(style: Style, sample: Sample, place: int) -> None:
    message, reply = sample.replies[place]
    results = check_reply(style, message.inputs, reply)
    passed = sum(result.passed for result in results)
    badge = (
        f":orange-badge[:material/school: after {plural(sample.step, 'step')}]"
        if sample.step
        else ":gray-badge[:material/radio_button_unchecked: before training]"
    )
    st.markdown(f"{badge} {passed} of {plural(len(results), 'rule')} kept")
    st.markdown(inert(reply) if reply else ":gray[(an empty answer)]")
