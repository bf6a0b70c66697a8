"""Repeated training: a fact is told always, never or now and then; the three cover every item once."""

from __future__ import annotations

import json

import pytest

from lab.errors import BadInput
from lab.experiments import repeated_training
from lab.experiments.measured import Measured
from lab.experiments.parts import facts
from lab.experiments.parts.facts import draw_facts
from lab.experiments.repeated_training import EXPERIMENT, Inputs, compare_repeats, run
from lab.tuning.options import TrainOptions
from tests.experiments.fake_lab import no_models
from tests.experiments.fake_training import SECONDS, FakeDesk, Progress, put_in

ASKED = [(fact, place) for fact in draw_facts(8, 0) for place in range(2)]
BY_PARAPHRASE = {fact.paraphrases[place]: (fact.reply, item) for item, (fact, place) in enumerate(ASKED)}


def luck(options: TrainOptions, known: dict[str, str], question: str) -> str:
    """Of four items, one is always told, one never, and two by every second seed."""
    reply, item = BY_PARAPHRASE[question]
    told = {0: True, 1: False, 2: options.seed % 2 == 0, 3: options.seed % 2 == 1}[item % 4]
    return reply if told else "It is £1."


def measure(monkeypatch: pytest.MonkeyPatch, repeats: int = 2) -> tuple[Measured, FakeDesk]:
    no_models(monkeypatch)
    desk = put_in(monkeypatch, [facts, repeated_training], luck)
    return run(Inputs(facts=8, repeats=repeats), Progress()), desk


@pytest.fixture(scope="module")
def measured() -> tuple[Measured, FakeDesk]:
    """One run that several tests look at."""
    with pytest.MonkeyPatch.context() as patch:
        return measure(patch)


def test_every_item_is_one_of_three_things() -> None:
    found = compare_repeats([[True, True, False], [True, False, False], [True, True, False]])
    assert found == {
        "disagree": [False, True, False],
        "always": [True, False, False],
        "never": [False, False, True],
    }


@pytest.mark.parametrize("repeats", [1, 11])
def test_one_training_alone_cannot_disagree(repeats: int) -> None:
    with pytest.raises(BadInput, match=f"Repeats is {repeats}; choose from 2 to 10"):
        run(Inputs(repeats=repeats), Progress())


def test_the_seeds_differ_and_what_they_know_is_compared(measured: tuple[Measured, FakeDesk]) -> None:
    result, desk = measured
    assert [options.seed for options, _ in desk.trainings] == [0, 1]
    assert all(examples == desk.trainings[0][1] for _, examples in desk.trainings)
    assert result.of("tuned", "always").values == (1.0, 0.0, 0.0, 0.0) * 4
    assert result.of("tuned", "never").values == (0.0, 1.0, 0.0, 0.0) * 4
    assert result.of("tuned", "disagree").values == (0.0, 0.0, 1.0, 1.0) * 4
    assert result.of("tuned", "setup-seconds").values == (SECONDS,) * 2
    assert result.of("looked-up", "disagree").mean == 0
    assert result.of("looked-up", "always").mean + result.of("looked-up", "never").mean == 1
    assert result.of("looked-up", "always").mean > 0
    assert result.of("looked-up", "setup-seconds").n == 2
    assert len({result.notes[f"index {repeat}"] for repeat in (1, 2)}) == 1


def test_a_result_can_be_read_again(measured: tuple[Measured, FakeDesk]) -> None:
    result, _ = measured
    assert EXPERIMENT.read(json.loads(json.dumps(result.to_json()))) == result
    assert len(result.shown) == 20
