"""Missing knowledge: right where the right documents were read, made up elsewhere, and nothing else counted as either."""

from __future__ import annotations

import json
from dataclasses import fields

import pytest

from lab.errors import BadInput
from lab.experiments import missing_knowledge
from lab.experiments.measured import Measured
from lab.experiments.missing_knowledge import EXPERIMENT, Inputs, other_collection, run
from lab.experiments.parts.questions import draw
from lab.rag.collections import index_collection, list_collections
from lab.rag.decide import CANDIDATES
from lab.rag.measure import is_right
from lab.rag.retrieve import retrieve
from tests.experiments.fake_lab import no_models, quiet, quoting

INPUTS = Inputs(n=12)


def measure(monkeypatch: pytest.MonkeyPatch, closed_book: str = "It is probably twelve.") -> Measured:
    no_models(monkeypatch)
    monkeypatch.setattr(missing_knowledge, "choose_model", lambda settings: quoting(closed_book))
    return run(INPUTS, quiet)


def test_the_wrong_documents_are_always_other_ones() -> None:
    names = list_collections()
    assert sorted(map(other_collection, names)) == sorted(names)
    assert all(other_collection(name) != name for name in names)


def test_only_the_right_documents_make_answers_right(monkeypatch: pytest.MonkeyPatch) -> None:
    result = measure(monkeypatch)
    index = index_collection("tarnmoor-help")
    asked = draw("tarnmoor-help", 12, 0, "dev")
    holds = tuple(
        float(is_right(retrieve(index, item.question.question, CANDIDATES)[0].chunk.text, item.question))
        for item in asked
    )
    assert 3 <= sum(holds) < 12
    assert result.of("looked-up", "right").values == holds
    assert result.of("looked-up", "made-up").values == tuple(1 - value for value in holds)
    assert result.of("wrong-documents", "right").mean == 0
    assert result.of("closed-book", "right").mean == 0
    assert result.of("closed-book", "made-up").mean == 1


def test_a_refusal_is_not_made_up(monkeypatch: pytest.MonkeyPatch) -> None:
    result = measure(monkeypatch, "I do not know that.")
    assert result.of("closed-book", "right").mean == result.of("closed-book", "made-up").mean == 0


def test_a_result_can_be_read_again_and_shows_each_question_three_ways(monkeypatch: pytest.MonkeyPatch) -> None:
    result = measure(monkeypatch)
    assert EXPERIMENT.read(json.loads(json.dumps(result.to_json()))) == result
    assert [row.arm for row in result.shown[:3]] == ["closed-book", "looked-up", "wrong-documents"]
    assert len({row.item for row in result.shown[:3]}) == 1
    assert set(result.notes) == {"index tarnmoor-help", "index fernwick-clinic"}
    assert len(EXPERIMENT.describe(result)) == 8
    assert [arm.id for arm in result.arms if arm.control] == ["wrong-documents"]


def test_every_input_says_what_it_is() -> None:
    for item in fields(Inputs):
        assert item.metadata["label"]
        assert item.metadata["help"]
        assert "range" in item.metadata or "options" in item.metadata


@pytest.mark.parametrize(
    ("inputs", "says"),
    [(Inputs(collection="nowhere"), "no collection called"), (Inputs(n=0), "0 questions"), (Inputs(split="x"), "“x”")],
)
def test_inputs_that_cannot_work_are_refused(inputs: Inputs, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        run(inputs, quiet)
