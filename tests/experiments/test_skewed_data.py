"""Skewed data: as many examples, other shares of labels, and only messages where the favoured label is wrong count against it."""

from __future__ import annotations

import json
from collections import Counter

import pytest

from lab.errors import BadInput
from lab.experiments import skewed_data
from lab.experiments.measured import Measured
from lab.experiments.skewed_data import EXPERIMENT, LABELS, STYLE, Inputs, draw_by_label, draw_messages, run
from lab.tuning.options import TrainOptions
from lab.tuning.styles import load_examples, load_style, messages_of
from tests.experiments.fake_training import FakeDesk, Progress, put_in
from tests.rag.conftest import ScriptedModel

TICKETS = load_style(STYLE)
TRAIN = load_examples(TICKETS.folder / "train.jsonl", TICKETS, with_replies=True)
DEV = messages_of(TICKETS, "dev")
OTHERS = sum(item.gold != "money" for item in DEV)
INPUTS = Inputs(favoured="money", messages=60)


def commonest(options: TrainOptions, known: dict[str, str], question: str) -> str:
    """The commonest label of what was learned."""
    return Counter(sorted(known.values())).most_common(1)[0][0]


def measure(monkeypatch: pytest.MonkeyPatch) -> tuple[Measured, FakeDesk]:
    base = ScriptedModel(reply=lambda messages: "I think it is about money.")
    desk = put_in(monkeypatch, [skewed_data], commonest, base)
    return run(INPUTS, Progress()), desk


@pytest.fixture(scope="module")
def measured() -> tuple[Measured, FakeDesk]:
    """One run that several tests look at."""
    with pytest.MonkeyPatch.context() as patch:
        return measure(patch)


@pytest.mark.parametrize("n", [40, 80, 120])
def test_balanced_and_skewed_are_as_many_and_differ_in_their_labels(n: int) -> None:
    balanced = Counter(item.reply for item in draw_by_label(TRAIN, "money", n, 0, skewed=False))
    skewed = Counter(item.reply for item in draw_by_label(TRAIN, "money", n, 0, skewed=True))
    assert set(balanced) == set(skewed) == set(LABELS)
    assert balanced.total() == skewed.total() == n
    assert set(balanced.values()) == {n // 8}
    assert skewed.pop("money") == n * 4 // 5
    assert max(skewed.values()) - min(skewed.values()) <= 1


def test_the_seed_draws_the_examples_and_none_is_there_twice() -> None:
    first, again, other = (draw_by_label(TRAIN, "money", 80, seed, skewed=True) for seed in (0, 0, 1))
    assert first == again != other
    assert len({item.id for item in first}) == 80


@pytest.mark.parametrize(
    ("favoured", "n", "says"),
    [
        ("sport", 80, "The favoured label is “sport”; choose one of change, delivery"),
        ("money", 400, "takes 320 under “money”; there are 128. Choose fewer."),
    ],
)
def test_what_cannot_be_drawn_is_refused(favoured: str, n: int, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        draw_by_label(TRAIN, favoured, n, 0, skewed=True)


def test_messages_are_drawn_by_the_seed_and_keep_their_order() -> None:
    some = draw_messages(DEV, 20, 0)
    assert len(some) == 20
    assert list(some) == [item for item in DEV if item in some]
    assert some != draw_messages(DEV, 20, 1)
    assert draw_messages(DEV, 100, 0) == DEV
    with pytest.raises(BadInput, match="Messages is 0"):
        draw_messages(DEV, 0, 0)


def test_a_model_that_says_the_commonest_label_shows_the_skew(measured: tuple[Measured, FakeDesk]) -> None:
    result, desk = measured
    assert [Counter(item.reply for item in examples)["money"] for _, examples in desk.trainings] == [10, 64]
    assert all(options.style == STYLE for options, _ in desk.trainings)
    assert result.of("skewed", "says-favoured").values == (1.0,) * OTHERS
    assert result.of("balanced", "says-favoured").mean == 0  # the first of eight equals is “change”
    assert result.of("skewed", "right").n == len(DEV)
    assert result.of("skewed", "right").values == tuple(float(item.gold == "money") for item in DEV)
    assert result.of("balanced", "right").values == tuple(float(item.gold == "change") for item in DEV)
    assert result.of("base", "says-favoured").mean == 0  # a sentence about the label is not the label
    assert result.notes["examples skewed"] == "64 of 80 are “money”."


def test_a_result_can_be_read_again(measured: tuple[Measured, FakeDesk]) -> None:
    result, _ = measured
    assert EXPERIMENT.read(json.loads(json.dumps(result.to_json()))) == result
    assert len(result.shown) == 18
    assert EXPERIMENT.full.split == "test"
