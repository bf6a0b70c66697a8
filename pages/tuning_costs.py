"""What tuning takes and what it costs: examples, their quality, side effects, and the knowledge dump."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from lab.experiments import data_quality, examples_needed, knowledge_dump, side_effects
from lab.experiments.experiment import Experiment
from pages._ui.experiment import draw_experiment
from pages._ui.experiment_results import (
    draw_data_quality,
    draw_examples_needed,
    draw_knowledge_dump,
    draw_side_effects,
)

VIEWS: dict[str, tuple[Experiment, Callable[[Any], None], str]] = {
    "dump": (knowledge_dump.EXPERIMENT, draw_knowledge_dump, "About three minutes: one training, 800 answers."),
    "examples": (examples_needed.EXPERIMENT, draw_examples_needed, "About a minute for each number of examples."),
    "quality": (data_quality.EXPERIMENT, draw_data_quality, "About two minutes: three short trainings."),
    "side-effects": (side_effects.EXPERIMENT, draw_side_effects, "About half a minute: 216 answers, no training."),
}

st.title("Tuning: what it takes, what it costs", anchor=False)
asked = st.query_params.get("cost", "")  # not bound: the address would carry the label instead of the name
view = st.segmented_control(
    "Look at",
    list(VIEWS),
    default=asked if asked in VIEWS else "dump",
    required=True,
    format_func=lambda name: VIEWS[name][0].title,
    key="cost-view",
)
st.query_params["cost"] = view
experiment, draw, seconds = VIEWS[view]
st.header(experiment.title, anchor=False)
draw_experiment(experiment, draw, seconds)
