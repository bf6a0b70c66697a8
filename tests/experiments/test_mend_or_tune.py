"""Mend or tune: three wordings of a fact count as one, failures are blamed where they belong, times are real."""

from __future__ import annotations

import json
import random
from dataclasses import fields

import pytest
from langchain_core.messages import BaseMessage

from lab.errors import BadInput
from lab.experiments import bad_context, mend_or_tune
from lab.experiments.measured import Measured
from lab.experiments.mend_or_tune import ARMS, EXPERIMENT, Inputs, all_of_each, run, wordings_of
from lab.experiments.parts.facts import load_facts
from lab.rag.build import IndexOptions, build_index
from lab.rag.collections import shipped_documents
from lab.rag.measure import is_right
from lab.rag.retrieve import retrieve
from tests.experiments.fake_lab import no_models, page_of, quiet
from tests.experiments.test_bad_context import CHECKS, READER, Asked

INPUTS = Inputs(facts=8, builds=2)


def measure(monkeypatch: pytest.MonkeyPatch, inputs: Inputs = INPUTS) -> Measured:
    """The model repeats what it reads; the trained reader never tells."""

    def reply(messages: list[BaseMessage]) -> str:
        page = page_of(messages)
        return CHECKS if "Customer: Mira" in page else page

    no_models(monkeypatch)
    for module in (bad_context, mend_or_tune):
        monkeypatch.setattr(module, "choose_model", lambda settings, adapter=None: Asked(reply=reply))
    monkeypatch.setattr(mend_or_tune, "find_reader", lambda name: READER)
    return run(inputs, quiet)


def test_one_wrong_wording_makes_a_fact_inconsistent() -> None:
    assert all_of_each([True] * 3 + [True, False, True] + [False] * 3) == [True, False, False]


def test_every_fact_is_asked_in_three_different_wordings() -> None:
    for fact in load_facts():
        questions = wordings_of(fact)
        assert len({question.question for question in questions}) == 3
        assert len({question.id for question in questions}) == 3
        assert {question.answers for question in questions} == {fact.answers}


def test_what_was_read_decides_and_what_was_not_read_is_blamed(monkeypatch: pytest.MonkeyPatch) -> None:
    result = measure(monkeypatch, Inputs(facts=12))
    facts = load_facts()
    chosen = sorted(random.Random(0).sample(range(len(facts)), 12))
    questions = [question for place in chosen for question in wordings_of(facts[place])]
    for arm, options, retriever in (
        ("broken", IndexOptions("fixed", 16), "dense"),
        ("mended", IndexOptions(), "hybrid"),
    ):
        index = build_index(shipped_documents("tarnmoor-help"), options)
        read = [retrieve(index, item.question, 10, retriever=retriever)[0].chunk for item in questions]
        right = [is_right(chunk.text, item) for chunk, item in zip(read, questions, strict=True)]
        # A question that asks for two things is looked up twice, so it may read more than the first passage.
        told = [value == 1 for value in result.of(arm, "right").values]
        assert sum(one != other for one, other in zip(told, right, strict=True)) <= 2
        assert result.of(arm, "consistent").values == tuple(map(float, all_of_each(told)))
        failures = result.of(arm, "by-retrieval")
        assert failures.n == told.count(False)
        assert failures.mean == 1  # the model repeats what it reads, so nothing else can go wrong
    assert result.of("mended", "right").mean > result.of("broken", "right").mean
    assert result.of("tuned-on-broken", "right").mean == 0
    assert not result.has("tuned-on-broken", "by-retrieval")


def test_every_mending_is_timed_and_the_training_is_read_from_its_record(monkeypatch: pytest.MonkeyPatch) -> None:
    result = measure(monkeypatch)
    assert result.of("mended", "seconds").n == 2
    assert all(0 < value < 60 for value in result.of("mended", "seconds").values)
    assert result.of("tuned-on-broken", "seconds").values == (358.0,)
    assert not result.has("broken", "seconds")
    assert result.of("broken", "right").n == 24
    assert result.of("broken", "consistent").n == 8


def test_a_result_can_be_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    result = measure(monkeypatch)
    assert EXPERIMENT.read(json.loads(json.dumps(result.to_json()))) == result
    assert [row.arm for row in result.shown[:3]] == [arm.id for arm in ARMS]
    assert len(set(result.notes.values())) == 3


def test_every_input_says_what_it_is() -> None:
    for item in fields(Inputs):
        assert item.metadata["label"]
        assert item.metadata["help"]


@pytest.mark.parametrize(
    ("inputs", "says"),
    [
        (Inputs(facts=0), "Facts is 0; choose from 1 to 40"),
        (Inputs(facts=41), "Facts is 41"),
        (Inputs(builds=0), "mended 0 times"),
        (Inputs(reader="nobody"), "no adapter called “nobody”"),
    ],
)
def test_inputs_that_cannot_work_are_refused(inputs: Inputs, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        run(inputs, quiet)
