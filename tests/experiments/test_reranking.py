"""Re-ranking: three orders of the same passages, each read from its first one."""

from __future__ import annotations

import json
from dataclasses import fields, replace

import pytest

from lab.errors import BadInput
from lab.experiments import reranking
from lab.experiments.measured import Measured
from lab.experiments.parts.questions import draw
from lab.experiments.reranking import EXPERIMENT, TEN, Inputs, run
from lab.rag import rerank
from lab.rag.collections import index_collection
from lab.rag.measure import is_right
from lab.rag.retrieve import retrieve
from tests.experiments.fake_lab import no_models, quiet, quoting

INPUTS = Inputs(n=15)


def measure(monkeypatch: pytest.MonkeyPatch, inputs: Inputs = INPUTS) -> Measured:
    """The re-ranker of these tests turns the order round."""
    no_models(monkeypatch)
    turned = replace(rerank.RERANKERS["none"], name="combined", score=lambda question, hits: [hit.rank for hit in hits])
    monkeypatch.setitem(rerank.RERANKERS, "combined", turned)
    monkeypatch.setattr(reranking, "choose_model", lambda settings: quoting())
    return run(inputs, quiet)


def test_each_order_is_read_from_its_first_passage(monkeypatch: pytest.MonkeyPatch) -> None:
    result = measure(monkeypatch)
    index = index_collection("tarnmoor-help")
    asked = [item.question for item in draw("tarnmoor-help", 15, 0, "dev")]
    for arm, order in (("none", "none"), ("reranked", "combined")):
        read = [retrieve(index, item.question, TEN, rerank=order)[0].chunk.text for item in asked]
        assert result.of(arm, "right").values == tuple(
            float(is_right(text, item)) for text, item in zip(read, asked, strict=True)
        )
    assert result.of("none", "first").mean > 0.3
    assert result.of("reranked", "first").mean < 0.2  # the last of the pool comes first
    assert result.of("random", "first").mean < result.of("none", "first").mean


def test_the_random_order_is_the_seeds_and_holds_what_was_found(monkeypatch: pytest.MonkeyPatch) -> None:
    result = measure(monkeypatch)
    index = index_collection("tarnmoor-help")
    drawn = [row for row in result.shown if row.arm == "random"]
    for row in drawn:
        found = [hit.chunk.text for hit in retrieve(index, row.item, TEN)]
        assert any(f"(read: “{text}”)" in row.text for text in found)
    assert measure(monkeypatch).shown == result.shown


def test_a_result_can_be_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    result = measure(monkeypatch, Inputs(n=5))
    assert EXPERIMENT.read(json.loads(json.dumps(result.to_json()))) == result
    assert [row.arm for row in result.shown[:3]] == ["none", "reranked", "random"]
    assert result.notes["re-ranker"] == "combined"
    assert [arm.id for arm in result.arms if arm.control] == ["random"]


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
