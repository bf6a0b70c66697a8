"""Keeping current: the facts that change are the ones that are asked, and only what was brought up to date tells them."""

from __future__ import annotations

import json

import pytest

from lab.errors import BadInput
from lab.experiments import keeping_current
from lab.experiments.keeping_current import (
    EXPERIMENT,
    Inputs,
    answer_first,
    edit_documents,
    edit_fact,
    run,
)
from lab.experiments.measured import Measured
from lab.experiments.parts import facts
from lab.experiments.parts.facts import COLLECTION, SetUp, load_facts, read_documents
from lab.rag.collections import load_collection
from lab.rag.editing import Edit, load_edits
from lab.rag.measure import is_right
from lab.tuning.options import TrainOptions
from tests.experiments.fake_lab import no_models, quoting
from tests.experiments.fake_training import SECONDS, FakeDesk, Progress, put_in

EDITS = load_edits(load_collection(COLLECTION).folder / "edits.jsonl")
DOCUMENTS = read_documents()
FACTS = {fact.id: fact for fact in load_facts()}


def by_heart(options: TrainOptions, known: dict[str, str], question: str) -> str:
    """What was learned, word for word; nothing in other words."""
    return known.get(question, "It is £1.")


def measure(monkeypatch: pytest.MonkeyPatch, inputs: Inputs) -> tuple[Measured, FakeDesk]:
    no_models(monkeypatch)
    desk = put_in(monkeypatch, [facts, keeping_current], by_heart)
    return run(inputs, Progress()), desk


@pytest.fixture(scope="module")
def measured() -> tuple[Measured, FakeDesk]:
    """One run that several tests look at."""
    with pytest.MonkeyPatch.context() as patch:
        return measure(patch, Inputs(changed=5, repeats=2))


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: edit.id)
def test_a_changed_fact_tells_the_new_value_alone(edit: Edit) -> None:
    before, after = FACTS[edit.id], edit_fact(FACTS[edit.id], edit)
    assert after.question == before.question
    assert is_right(after.reply, [edit.after])
    assert not is_right(after.reply, before.answers)
    (document,) = (item for item in edit_documents(DOCUMENTS, [edit]) if item.name.endswith(edit.document))
    assert is_right(document.text, after.answers)


def test_an_edit_of_another_fact_is_refused() -> None:
    with pytest.raises(BadInput, match="does not hold “30 days”, so edit-01 cannot change it"):
        edit_fact(FACTS["edit-02"], EDITS[0])


@pytest.mark.parametrize(("changed", "repeats"), [(11, 1), (2, 3), (0, 0)])
def test_more_changes_than_there_are_or_more_repeats_than_changes_are_refused(changed: int, repeats: int) -> None:
    with pytest.raises(BadInput, match=f"{changed} facts cannot change in {repeats} repeats"):
        run(Inputs(changed=changed, repeats=repeats), Progress())


def test_the_first_answer_is_the_first_right_one(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def ask_index(index: object, model: object, questions: list[str]) -> list[facts.Said]:
        asked.extend(questions)
        return [facts.Said("You have 30 days to return a tent.", refused=False)]

    monkeypatch.setattr(keeping_current, "ask_index", ask_index)
    wanted = [FACTS["edit-02"], FACTS["edit-01"], FACTS["edit-03"]]
    seconds = answer_first(SetUp((), None, 7.0), quoting(), wanted)  # type: ignore[arg-type]
    assert asked == [wanted[0].question, wanted[1].question]
    assert 7.0 < seconds < 8.0


def test_each_repeat_changes_other_facts_and_trains_twice(measured: tuple[Measured, FakeDesk]) -> None:
    result, desk = measured
    replies = [{example.id: example.reply for example in examples} for _, examples in desk.trainings]
    assert len(replies) == 4
    assert [options.seed for options, _ in desk.trainings] == [0, 0, 1, 1]
    assert replies[0] == replies[2]
    for after, changed in ((replies[1], {"edit-01", "edit-03", "edit-05"}), (replies[3], {"edit-02", "edit-04"})):
        assert {key for key, reply in after.items() if reply != replies[0][key]} == changed
    assert result.of("tuned", "current").values == (1.0, 0.0, 0.0) * 5  # trained wording, then two others
    assert result.of("untouched", "current").values == (0.0,) * 15
    looked_up = result.of("looked-up", "current")
    assert looked_up.n == 15
    assert looked_up.values[0] == 1.0
    assert looked_up.mean > 0.3
    for figure in ("setup-seconds", "round-seconds"):
        assert result.of("tuned", figure).values == (SECONDS, SECONDS)
        assert result.of("looked-up", figure).n == 2
    assert result.of("looked-up", "first-answer-seconds").mean > result.of("looked-up", "setup-seconds").mean
    assert not result.has("untouched", "setup-seconds")


def test_a_result_can_be_read_again(measured: tuple[Measured, FakeDesk]) -> None:
    result, _ = measured
    assert EXPERIMENT.read(json.loads(json.dumps(result.to_json()))) == result
    assert {row.arm for row in result.shown} == {"looked-up", "tuned", "untouched"}
    before, after = result.notes["index 1"].split(", then ")
    assert before != after
