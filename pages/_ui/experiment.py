"""Any experiment on a page: its inputs as widgets, the saved result at once, a live run that replaces it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import Field, fields, replace
from typing import Any, Literal

import streamlit as st

from lab.errors import BadInput, Cancelled
from lab.experiments.experiment import Experiment, load_saved
from pages._ui.jobs import Job, Progress, draw_job, start_job
from pages._ui.session import begin_with, keep, kept
from pages._ui.show import main_button, told, wait_for_models
from pages._ui.text import inert


def draw_experiment(
    experiment: Experiment,
    draw: Callable[[Any], None],
    seconds: str,
    *,
    preset: Mapping[str, Any] | None = None,
    prefix: str = "",
) -> None:
    """The claim, the inputs, Run, and the result that is there: the live one, else the saved one.

    draw: draws a result. seconds: how long a run takes, in words. preset: inputs to begin with, by name; prefix keeps two
    experiments of one page apart. With a prefix the address of the page does not hold the inputs, and a fault in them
    does not end the page.
    """
    st.markdown(f"**The claim:** {experiment.claim}")
    st.caption(f"Made in {', '.join(experiment.sources)} of the documents that this course teaches.")
    name = f"experiment-{prefix}{experiment.id}"
    inputs = None
    with told(stop=not prefix):
        with st.expander("What to run", icon=":material/tune:"):
            inputs = choose_inputs(experiment, preset, prefix)
        with st.container(horizontal=True, vertical_alignment="center"):
            pressed = st.button("Run it here", type=main_button(), icon=":material/play_arrow:", key=f"run-{name}")
            st.caption(seconds)
    if inputs is None:
        return
    if pressed:
        wait_for_models()
        start_job(name, lambda report, should_stop: _run(experiment, inputs, report, should_stop))
        st.rerun()
    if kept(f"job-{name}") is not None:
        job: Job[Any] | None = draw_job(name, "steps", idle="")
        if job is not None and job.result is not None:
            st.success("Measured just now, on this machine.", icon=":material/bolt:")
            if st.button("Show the saved result again", icon=":material/history:", key=f"saved-{name}"):
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


def choose_inputs(experiment: Experiment, preset: Mapping[str, Any] | None = None, prefix: str = "") -> Any:
    """One widget for each input, by its metadata; without a prefix the address of the page holds what was chosen."""
    inputs = replace(experiment.inputs(), **(preset or {}))
    chosen = {}
    for item in fields(inputs):
        key, usual = f"{prefix}{experiment.id}-{item.name}", getattr(inputs, item.name)
        if prefix:
            begin_with(key, usual)
        chosen[item.name] = _choose(key, item, usual, linked=not prefix)
    return replace(inputs, **chosen)


def set_inputs(experiment: Experiment, values: Mapping[str, Any], prefix: str) -> None:
    """Set the widgets of every input, those that `values` leaves out to what the experiment has itself; a callback."""
    inputs = replace(experiment.inputs(), **values)
    for item in fields(inputs):
        begin_with(f"{prefix}{experiment.id}-{item.name}", getattr(inputs, item.name), again=True)


def _choose(key: str, item: Field[Any], usual: Any, *, linked: bool) -> Any:
    """linked: the address holds the value, and `usual` is the widget's own; else the session holds it already."""
    label, help_text = item.metadata.get("label", item.name), item.metadata.get("help")
    bind: Literal["query-params"] | None = "query-params" if linked else None
    options = _options(item)
    if options:
        if usual not in options:
            raise BadInput(f"{label} is “{usual}”. Choose one of {', '.join(options)}.")
        return st.selectbox(label, options, options.index(usual) if linked else 0, help=help_text, key=key, bind=bind)
    if "range" in item.metadata:
        low, high, step = item.metadata["range"]
        return st.slider(label, low, high, usual if linked else None, step, help=help_text, key=key, bind=bind)
    if isinstance(usual, bool):
        return st.toggle(label, usual if linked else False, help=help_text, key=key, bind=bind)
    if isinstance(usual, int | float):
        lowest = 0 if isinstance(usual, int) else 5.0
        return st.number_input(
            label, min_value=lowest, value=usual if linked else "min", help=help_text, key=key, bind=bind
        )
    return st.text_input(label, usual if linked else "", max_chars=200, help=help_text, key=key, bind=bind)


def _options(item: Field[Any]) -> tuple[str, ...]:
    if item.name == "style":
        from lab.tuning.styles import list_styles

        return list_styles()
    if item.name == "adapter":
        from lab.models.adapters import list_adapters

        return list_adapters()
    return tuple(item.metadata.get("options", ()))
