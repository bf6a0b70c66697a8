"""Chunking: found as the table of docs/retrieval.md counts it, right by what was read, and nothing for other words."""

from __future__ import annotations

import json
from dataclasses import fields

import pytest

from lab.errors import BadInput
from lab.experiments import chunking
from lab.experiments.chunking import EXPERIMENT, Inputs, cut_as, run
from lab.experiments.measured import Measured
from lab.experiments.parts.passages import GoldPassages
from lab.experiments.parts.questions import draw
from lab.models import embedder
from lab.rag.answer import AskOptions
from lab.rag.build import IndexOptions
from lab.rag.collections import index_collection
from lab.rag.measure import Part, Question, evaluate, is_right
from lab.rag.retrieve import retrieve
from tests.experiments.fake_lab import no_models, quiet, quoting
from tests.rag.conftest import HashingEmbedder

INPUTS = Inputs(n=12)


def measure(monkeypatch: pytest.MonkeyPatch, inputs: Inputs = INPUTS) -> Measured:
    no_models(monkeypatch)
    monkeypatch.setattr(embedder, "get_embedder", HashingEmbedder)  # the splitter “semantic” asks it
    monkeypatch.setattr(chunking, "choose_model", lambda settings: quoting())
    return run(inputs, quiet)


def test_every_way_of_cutting_is_one_of_the_apps() -> None:
    assert cut_as("broken", 24) == IndexOptions("fixed", 24)
    assert cut_as("recursive", 24) == IndexOptions("recursive", 120)
    assert cut_as("shuffled", 24) == cut_as("sentences", 24) == IndexOptions()


def test_found_and_right_are_those_of_the_app_for_every_way_of_cutting(monkeypatch: pytest.MonkeyPatch) -> None:
    result = measure(monkeypatch)
    asked = [item.question for item in draw("tarnmoor-help", 12, 0, "dev")]
    for arm in ("broken", "recursive", "semantic", "sentences"):
        index = index_collection("tarnmoor-help", cut_as(arm, 16))
        rows = evaluate(index, asked, None, AskOptions()).rows
        assert result.of(arm, "found").values == tuple(row.scores["passage_recall_at_1"] for row in rows)
        read = [retrieve(index, question.question, 10)[0].chunk.text for question in asked]
        assert result.of(arm, "right").values == tuple(
            float(is_right(text, question)) for text, question in zip(read, asked, strict=True)
        )
    assert result.of("sentences", "right").mean > result.of("broken", "right").mean
    assert result.of("sentences", "found").mean > result.of("shuffled", "found").mean == 0


def test_every_part_of_a_question_needs_its_passage_among_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    no_models(monkeypatch)
    index = index_collection("tarnmoor-help")
    gold = GoldPassages(index)
    price, points = Part("delivery.md", ("£8.50",)), Part("cairn-club.md", ("three points",))
    chosen = [
        next(place for place, chunk in enumerate(index.chunks) if chunk.document.endswith(part.document)
             and is_right(chunk.text, part.answers))
        for part in (price, points)
    ]  # fmt: skip
    hits = [index.hit(place, rank, 0.0, {}) for rank, place in enumerate(chosen, start=1)]
    one, both = Question("a", "?", parts=(price,)), Question("b", "?", parts=(price, points))
    assert gold.among(one, hits, 1)
    assert not gold.among(one, hits[1:])
    assert not gold.among(both, hits, 1)
    assert gold.among(both, hits, 2)
    assert not gold.among(Question("c", "Who?"), hits)


def test_a_result_can_be_read_again_and_shows_each_question_every_way(monkeypatch: pytest.MonkeyPatch) -> None:
    result = measure(monkeypatch, Inputs(n=4))
    assert EXPERIMENT.read(json.loads(json.dumps(result.to_json()))) == result
    assert [row.arm for row in result.shown[:5]] == [arm.id for arm in chunking.ARMS]
    assert len({row.item for row in result.shown[:5]}) == 1
    assert len(set(result.notes.values())) == 4
    assert [arm.id for arm in result.arms if arm.control] == ["shuffled"]


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
        (Inputs(n=4, window=4), "Chunks of 4 tokens"),
    ],
)
def test_inputs_that_cannot_work_are_refused(inputs: Inputs, says: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BadInput, match=says):
        measure(monkeypatch, inputs)
