"""Failed retrieval: the gold passage is there, gone, or another's, and the verdicts say which."""

from __future__ import annotations

import json

import pytest

from lab.errors import BadInput
from lab.experiments import failed_retrieval
from lab.experiments.failed_retrieval import EXPERIMENT, FIGURES, Inputs, run
from lab.experiments.measured import Measured
from lab.experiments.parts.questions import draw
from lab.rag import decide
from lab.rag.decide import Check
from lab.rag.stream import CANNOT_FIND
from lab.rag.support import answerable
from tests.experiments.fake_lab import no_models, quiet, quoting

INPUTS = Inputs(n=10)


@pytest.fixture(scope="module")
def result() -> Measured:
    """A model that repeats its passage, and a check that refuses everything."""
    refuse = Check("grader", "", "", lambda question, *_: answerable(question, ()))
    with pytest.MonkeyPatch.context() as patch:
        no_models(patch)
        patch.setattr(failed_retrieval, "choose_model", lambda settings: quoting("Twelve, I think."))
        patch.setitem(decide.CHECKS, "grader", refuse)
        return run(INPUTS, quiet)


def mean(result: Measured, arm: str) -> tuple[float, ...]:
    return tuple(result.of(arm, figure.id).mean for figure in FIGURES)


def test_a_model_that_only_repeats_is_right_with_the_gold_passage_alone(result: Measured) -> None:
    assert mean(result, "gold") == (1, 0, 0)
    assert mean(result, "closed-book") == (0, 1, 0)
    assert mean(result, "removed") == (0, 1, 0)
    assert mean(result, "checked") == (0, 0, 1)
    assert mean(result, "swapped") == (0, 1, 0)


def test_the_passage_that_was_removed_is_not_what_is_repeated(result: Measured) -> None:
    said = {
        arm: [row.text for row in result.shown if row.arm == arm] for arm in ("gold", "removed", "swapped", "checked")
    }
    for arm in ("removed", "swapped"):
        assert len(said[arm]) == len(said["gold"]) == 4
        assert all(text != gold for text, gold in zip(said[arm], said["gold"], strict=True))
    assert set(said["checked"]) == {CANNOT_FIND}


def test_every_question_is_asked_or_counted_as_left_out(result: Measured) -> None:
    assert result.n == 10
    assert result.notes["left out"].startswith("0 of 10")
    assert {row.item for row in result.shown} <= {
        item.question.question for item in draw("tarnmoor-help", 10, 0, "dev")
    }


def test_a_result_can_be_read_again(result: Measured) -> None:
    assert EXPERIMENT.read(json.loads(json.dumps(result.to_json()))) == result
    assert [arm.id for arm in result.arms if arm.control] == ["swapped"]


def test_one_question_has_no_other_to_exchange_with(monkeypatch: pytest.MonkeyPatch) -> None:
    no_models(monkeypatch)
    with pytest.raises(BadInput, match="Questions is 1"):
        run(Inputs(n=1), quiet)
    with pytest.raises(BadInput, match="no collection called"):
        run(Inputs(collection="nowhere"), quiet)
