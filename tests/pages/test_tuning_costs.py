"""Costs of tuning: a saved result stands there at once, with its figures; a stopped run keeps nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from unittest.mock import MagicMock

import pytest
from streamlit.testing.v1 import AppTest

from lab.errors import Cancelled
from lab.experiments import EXPERIMENTS, find_experiment
from lab.experiments.experiment import load_saved
from lab.settings import PROJECT_FOLDER
from pages._ui import experiment_results
from pages._ui.experiment import _run, _what_was_run

VIEWS = {
    "dump": "knowledge-dump",
    "examples": "examples-needed",
    "quality": "data-quality",
    "side-effects": "side-effects",
}


@pytest.mark.parametrize(("view", "experiment_id"), VIEWS.items())
def test_each_view_shows_its_saved_result_with_date_inputs_and_figures(view: str, experiment_id: str) -> None:
    at = AppTest.from_file(str(PROJECT_FOLDER / "pages" / "tuning_costs.py"), default_timeout=60)
    at.query_params["cost"] = view
    at.run()
    assert not at.exception
    experiment = find_experiment(experiment_id)
    saved = load_saved(experiment)
    assert saved is not None
    assert [item.value for item in at.header] == [experiment.title]
    (caption,) = (item.value for item in at.caption if "A saved result" in item.value)
    assert saved.made in caption
    assert _what_was_run(saved.inputs) in caption
    assert at.table
    assert at.get("plotly_chart")


def test_a_view_that_does_not_exist_falls_back_to_the_first() -> None:
    at = AppTest.from_file(str(PROJECT_FOLDER / "pages" / "tuning_costs.py"), default_timeout=60)
    at.query_params["cost"] = "<script>"
    at.run()
    assert not at.exception
    assert at.header[0].value == find_experiment("knowledge-dump").title


def test_stopping_a_run_raises_in_words_and_progress_is_told_in_hundredths() -> None:
    told: list[tuple[int, int, str]] = []

    def report(done: int, total: int, stage: str = "") -> None:
        told.append((done, total, stage))

    def work(inputs: object, say: object) -> str:
        assert callable(say)
        say("half way", 0.5)
        return "result"

    experiment = replace(EXPERIMENTS[0], run=work)  # type: ignore[arg-type]
    assert _run(experiment, None, report, lambda: False) == "result"
    assert told == [(50, 100, "half way")]
    with pytest.raises(Cancelled, match="Nothing of a half-finished experiment is kept"):
        _run(experiment, None, report, lambda: True)


def test_live_points_stand_on_top_of_the_saved_curve_of_the_same_behaviour(monkeypatch: pytest.MonkeyPatch) -> None:
    saved = load_saved(find_experiment("examples-needed"))
    assert saved is not None
    drawn: list[Any] = []
    for name in ("plotly_chart", "markdown", "expander", "table"):
        monkeypatch.setattr(experiment_results.st, name, MagicMock())
    monkeypatch.setattr(experiment_results.st, "plotly_chart", lambda figure, **_: drawn.append(figure))
    experiment_results.draw_examples_needed(saved)
    live = replace(saved, points=(saved.points[0], replace(saved.points[1], examples=50)))
    experiment_results.draw_examples_needed(live)
    other = replace(live, inputs=replace(live.inputs, style="strict-json"))
    experiment_results.draw_examples_needed(other)
    names = [[trace.name for trace in figure.data] for figure in drawn]
    assert names[0] == names[2] == ["every rule kept", "fits its message"]
    assert names[1] == ["every rule kept, saved", "every rule kept", "fits its message"]
    assert list(drawn[1].layout.xaxis.categoryarray) == ["none (base)", "10", "30", "50", "100", "300"]
    assert list(drawn[1].data[0].y) == list(drawn[0].data[0].y)
