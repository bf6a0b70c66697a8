"""The threshold: what reaches the model is what the app's own threshold lets through, and a higher one lets through less."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from itertools import pairwise

import pytest

from lab.errors import BadInput
from lab.experiments.measured import Measured
from lab.experiments.parts.questions import draw
from lab.experiments.threshold import EXPERIMENT, THRESHOLDS, Inputs, passages_at, run
from lab.rag import rerank
from lab.rag.collections import index_collection
from lab.rag.retrieve import DEFAULT_RERANK, retrieve
from tests.experiments.fake_lab import no_models, quiet

INPUTS = Inputs(n=15, k=2)


def measure(monkeypatch: pytest.MonkeyPatch, inputs: Inputs = INPUTS) -> Measured:
    no_models(monkeypatch)
    return run(inputs, quiet)


@pytest.mark.parametrize("k", [1, 3])
def test_the_passages_are_those_of_the_apps_own_threshold(monkeypatch: pytest.MonkeyPatch, k: int) -> None:
    no_models(monkeypatch)
    shortest = replace(rerank.RERANKERS["none"], score=lambda question, hits: [-len(hit.context) for hit in hits])
    monkeypatch.setitem(rerank.RERANKERS, "combined", shortest)
    index = index_collection("tarnmoor-help")
    for item in draw("tarnmoor-help", 8, 0, "dev"):
        reached = passages_at(index, item.question.question, k)
        assert tuple(reached) == THRESHOLDS
        for bound, hits in reached.items():
            expected = retrieve(index, item.question.question, k, threshold=bound / 100, rerank=DEFAULT_RERANK)
            assert [hit.chunk.id for hit in hits] == [hit.chunk.id for hit in expected]


def test_a_higher_threshold_misses_more_and_lets_through_less(monkeypatch: pytest.MonkeyPatch) -> None:
    result = measure(monkeypatch)
    missed = [result.of(f"t-{bound}", "missed") for bound in THRESHOLDS]
    irrelevant = [result.of(f"t-{bound}", "irrelevant") for bound in THRESHOLDS]
    assert all(a.mean <= b.mean for a, b in pairwise(missed))
    assert all(a.mean >= b.mean for a, b in pairwise(irrelevant))
    assert missed[0].mean < 0.7 < missed[-1].mean
    assert (irrelevant[0].mean, irrelevant[-1].mean) == (1, 0)
    assert {series.n for series in (*missed, *irrelevant)} == {15}


def test_a_result_can_be_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    result = measure(monkeypatch, Inputs(n=5))
    assert EXPERIMENT.read(json.loads(json.dumps(result.to_json()))) == result
    assert len(result.shown) == 10
    assert {row.arm for row in result.shown} <= {arm.id for arm in result.arms}
    assert result.shown[-1].verdict.endswith("the documents hold no answer")


def test_every_input_says_what_it_is() -> None:
    for item in fields(Inputs):
        assert item.metadata["label"]
        assert item.metadata["help"]
        assert "range" in item.metadata or "options" in item.metadata


@pytest.mark.parametrize(
    ("inputs", "says"),
    [
        (Inputs(collection="nowhere"), "no collection called"),
        (Inputs(n=0), "0 questions"),
        (Inputs(split="x"), "“x”"),
        (Inputs(n=5, k=0), "k is 0"),
    ],
)
def test_inputs_that_cannot_work_are_refused(inputs: Inputs, says: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BadInput, match=says):
        measure(monkeypatch, inputs)
