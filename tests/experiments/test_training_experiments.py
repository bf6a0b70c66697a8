"""How many examples, and how good: the same messages for every training, and data that is spoilt as it says."""

from __future__ import annotations

import json

import pytest

from lab.errors import BadInput, Cancelled
from lab.experiments import data_quality, examples_needed
from lab.experiments.data_quality import spoil
from lab.experiments.examples_needed import numbers
from lab.experiments.experiment import load_saved
from lab.tuning.styles import Example, load_examples, load_style, messages_of

STRICT = load_style("strict-json")
TRAIN = load_examples(STRICT.folder / "train.jsonl", STRICT, with_replies=True)[:90]


@pytest.mark.parametrize("text", ["", "ten", "0", "-3", "1.5", ",".join(map(str, range(1, 20)))])
def test_numbers_that_cannot_be_used_are_refused_in_words(text: str) -> None:
    with pytest.raises(BadInput, match="whole numbers"):
        numbers(text, "Sizes", 1)


def test_numbers_are_sorted_and_counted_once() -> None:
    assert numbers("30, 10,30", "Sizes", 1) == [10, 30]


def test_noisy_data_has_the_same_replies_under_other_messages() -> None:
    noisy = spoil(TRAIN, "noisy", 0)
    assert sorted(item.reply for item in noisy) == sorted(item.reply for item in TRAIN)
    assert [item.inputs for item in noisy] == [item.inputs for item in TRAIN]
    moved = sum(left.reply != right.reply for left, right in zip(noisy, TRAIN, strict=True))
    assert 25 <= moved <= 30
    assert noisy == spoil(TRAIN, "noisy", 0)
    assert noisy != spoil(TRAIN, "noisy", 1)


def test_contradictory_data_breaks_the_form_of_every_second_reply() -> None:
    def keeps(item: Example) -> bool:
        return all(rule.check(item.inputs, item.reply)[0] for rule in STRICT.rules)

    assert all(map(keeps, spoil(TRAIN, "clean", 0)))
    assert sum(map(keeps, spoil(TRAIN, "contradictory", 0))) == 45


def test_too_many_examples_are_refused_before_anything_is_trained() -> None:
    with pytest.raises(BadInput, match="Choose fewer"):
        data_quality.run(data_quality.Inputs(examples=100_000), lambda stage, share: None)


def test_a_split_that_is_not_there_is_refused() -> None:
    with pytest.raises(BadInput, match="no train messages"):
        examples_needed.run(examples_needed.Inputs(split="train"), lambda stage, share: None)


def test_a_real_run_measures_the_base_model_and_each_training(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examples_needed, "messages_of", lambda style, split: messages_of(style, split)[:5])
    inputs = examples_needed.Inputs(sizes="10", steps=2, seconds=60.0)
    result = examples_needed.run(inputs, lambda stage, share: None)
    assert result.sizes == (0, 10)
    assert [point.kept.n for point in result.points] == [5, 5]
    assert result.points[1].steps == 2
    assert examples_needed.read(json.loads(json.dumps(result.to_json()))) == result


def test_stopping_ends_a_training_in_the_middle() -> None:
    def report(stage: str, share: float) -> None:
        if "training: step" in stage:
            raise Cancelled("Stopped.")

    with pytest.raises(Cancelled):
        examples_needed.run(examples_needed.Inputs(sizes="10", steps=50), report)


@pytest.mark.parametrize("experiment", [examples_needed.EXPERIMENT, data_quality.EXPERIMENT], ids=lambda item: item.id)
def test_the_saved_result_was_measured_on_the_test_messages(experiment: examples_needed.Experiment) -> None:
    saved = load_saved(experiment)
    assert saved is not None
    assert saved.inputs.split == "test"
    assert saved.to_json()["n"] == 60
    assert len(experiment.describe(saved)) >= 3
