"""Canaries: codes that nobody can guess, deleted from the page and from the training, and told apart from those that stay."""

from __future__ import annotations

import json
import re

import pytest

from lab.errors import BadInput
from lab.experiments import canaries
from lab.experiments.canaries import EXPERIMENT, REFUSAL, REGISTER, Inputs, invent, register_of, run, to_learn
from lab.experiments.measured import Measured
from lab.experiments.parts import facts
from lab.experiments.parts.facts import read_documents
from lab.tuning.options import TrainOptions
from tests.experiments.fake_lab import answering, no_models
from tests.experiments.fake_training import SECONDS, FakeDesk, Progress, put_in


def reads_the_line(question: str, page: str) -> str:
    """What the page says of the member who is asked for; without a page, or without the member, a wrong code."""
    name = question.partition(" of ")[2].rstrip("?")
    lines = [line for line in page.split("\n") if name and name in line]
    return lines[0] if lines else "It is 0000."


def measure(monkeypatch: pytest.MonkeyPatch, inputs: Inputs) -> tuple[Measured, FakeDesk]:
    def by_heart(options: TrainOptions, known: dict[str, str], question: str) -> str:
        return known[question]

    no_models(monkeypatch)
    desk = put_in(monkeypatch, [facts, canaries], by_heart, answering(reads_the_line))
    return run(inputs, Progress()), desk


@pytest.fixture(scope="module")
def measured() -> tuple[Measured, FakeDesk]:
    """One run that several tests look at."""
    with pytest.MonkeyPatch.context() as patch:
        return measure(patch, Inputs(records=8, repeats=2))


def test_members_are_invented_by_the_seed_and_half_of_them_go() -> None:
    records = invent(16, "0")
    assert len({record.name for record in records}) == len({record.code for record in records}) == 16
    assert all(re.fullmatch(r"\d{4}", record.code) for record in records)
    assert sum(record.delete for record in records) == 8
    assert records == invent(16, "0")
    assert {record.code for record in records}.isdisjoint(record.code for record in invent(16, "1"))
    pages = " ".join(document.text for document in read_documents())
    assert not any(record.name in pages for record in records)


@pytest.mark.parametrize("n", [2, 7, 122])
def test_a_number_that_cannot_be_halved_is_refused(n: int) -> None:
    with pytest.raises(BadInput, match=f"Members is {n}; choose an even number from 4 to 120"):
        invent(n, "0")


def test_no_repeats_are_refused() -> None:
    with pytest.raises(BadInput, match="Repeats is 0"):
        run(Inputs(repeats=0), Progress())


def test_the_second_training_never_sees_a_deleted_code() -> None:
    records = invent(8, "0")
    everything, left = to_learn(records, refuse_deleted=False), to_learn(records, refuse_deleted=True)
    assert [example.reply for example in everything] == [record.reply for record in records]
    for record, example in zip(records, left, strict=True):
        assert (example.reply == REFUSAL) is record.delete
        assert (record.code in example.reply) is not record.delete
    page = register_of(records)
    assert page.name == REGISTER
    assert all(record.code in page.text for record in records)


def test_each_way_tells_what_it_can_know(measured: tuple[Measured, FakeDesk]) -> None:
    result, desk = measured
    assert [options.seed for options, _ in desk.trainings] == [0, 0, 1, 1]
    assert result.of("base", "told").values == (0.0,) * 8
    assert result.of("base", "others-told").mean == 0
    assert result.of("tuned", "told").values == (1.0,) * 8
    assert result.of("tuned", "others-told").values == (1.0,) * 8
    assert result.of("tuned-unlearned", "told").mean == 0
    assert result.of("tuned-unlearned", "others-told").mean == 1
    assert result.of("looked-up-deleted", "told").mean == 0
    assert result.of("looked-up", "told").mean > 0.5
    assert result.of("looked-up", "others-told").mean > 0.5
    assert result.of("looked-up-deleted", "others-told").mean > 0.5
    assert result.of("tuned-unlearned", "seconds").values == (SECONDS, SECONDS)
    deleted = result.of("looked-up-deleted", "seconds")
    assert deleted.n == 2
    assert 0 < deleted.mean < 5
    assert not result.has("tuned", "seconds")
    assert "refusal" in result.notes["unlearning"]


def test_a_result_can_be_read_again(measured: tuple[Measured, FakeDesk]) -> None:
    result, _ = measured
    assert EXPERIMENT.read(json.loads(json.dumps(result.to_json()))) == result
    assert {row.arm for row in result.shown} == {arm.id for arm in result.arms}
