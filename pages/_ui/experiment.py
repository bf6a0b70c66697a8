"""Any experiment on a page: its inputs as widgets, the saved result at once, a live run that replaces it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import Field, fields, replace
from typing import Any

import streamlit as st

from lab.errors import Cancelled
from lab.experiments.experiment import Experiment, load_saved
from pages._ui.jobs import Job, Progress, draw_job, start_job
from pages._ui.session import keep, kept
from pages._ui.show import main_button, told, wait_for_models
from pages._ui.text import inert


def draw_experiment(experiment: Experiment, draw: Callable[[Any], None], seconds: str) -> None:
    """The claim, the inputs, Run, and the result that is there: the live one, else the saved one.

    draw: draws a result. seconds: how long a run takes, in words.
    """
    st.markdown(f"**The claim:** {experiment.claim}")
    st.caption(f"Made in {', '.join(experiment.sources)} of the documents that this course teaches.")
    with told(stop=True):
        with st.expander("What to run", icon=":material/tune:"):
            inputs = choose_inputs(experiment)
        with st.container(horizontal=True, vertical_alignment="center"):
            pressed = st.button(
                "Run it here", type=main_button(), icon=":material/play_arrow:", key=f"run-{experiment.id}"
            )
            st.caption(seconds)
    name = f"experiment-{experiment.id}"
    if pressed:
        wait_for_models()
        start_job(name, lambda report, should_stop: _run(experiment, inputs, report, should_stop))
        st.rerun()
    if kept(f"job-{name}") is not None:
        job: Job[Any] | None = draw_job(name, "steps", idle="")
        if job is not None and job.result is not None:
            st.success("Measured just now, on this machine.", icon=":material/bolt:")
            if st.button("Show the saved result again", icon=":material/history:"):
                keep(f"job-{name}", None)
                st.rerun()
            draw(job.result)
            return
    _draw_saved(experiment, draw)


def _draw_saved(experiment: Experiment, draw: Callable[[Any], None]) -> None:
    with told():
        saved = load_saved(experiment)
        if saved is None:
            st.info("No result is saved yet. Press **Run it here**.", icon=":material/lightbulb:")
            return
        st.caption(f":material/history: A saved result, made on {saved.made}. {_what_was_run(saved.inputs)}")
        draw(saved)


def _what_was_run(inputs: Any) -> str:
    said = [f"{item.metadata.get('label', item.name)}: {getattr(inputs, item.name)}" for item in fields(inputs)]
    return inert("; ".join(said) + ".")


def _run(experiment: Experiment, inputs: Any, report: Progress, should_stop: Callable[[], bool]) -> Any:
    def say(stage: str, share: float) -> None:
        if should_stop():
            raise Cancelled("Stopped. Nothing of a half-finished experiment is kept: its figures would mislead.")
        report(round(100 * share), 100, stage)

    return experiment.run(inputs, say)


def choose_inputs(experiment: Experiment) -> Any:
    """One widget for each input, by its metadata; the address of the page holds what was chosen."""
    inputs = experiment.inputs()
    chosen = {item.name: _choose(experiment.id, item, getattr(inputs, item.name)) for item in fields(inputs)}
    return replace(inputs, **chosen)


def _choose(prefix: str, item: Field[Any], usual: Any) -> Any:
    label, help_text = item.metadata.get("label", item.name), item.metadata.get("help")
    key = f"{prefix}-{item.name}"
    options = _options(item)
    if options:
        return st.selectbox(label, options, options.index(usual), help=help_text, key=key, bind="query-params")
    if "range" in item.metadata:
        low, high, step = item.metadata["range"]
        return st.slider(label, low, high, usual, step, help=help_text, key=key, bind="query-params")
    if isinstance(usual, int | float):
        lowest = 0 if isinstance(usual, int) else 5.0
        return st.number_input(label, min_value=lowest, value=usual, help=help_text, key=key, bind="query-params")
    return st.text_input(label, usual, max_chars=200, help=help_text, key=key, bind="query-params")


def _options(item: Field[Any]) -> tuple[str, ...]:
    if item.name == "style":
        from lab.tuning.styles import list_styles

        return list_styles()
    if item.name == "adapter":
        from lab.models.adapters import list_adapters

        return list_adapters()
    return tuple(item.metadata.get("options", ()))
