"""Source labels: a source counts when it is the right document's, and a shuffled one must not."""

from __future__ import annotations

import json

import pytest

from lab.errors import BadInput
from lab.experiments import source_labels
from lab.experiments.measured import Measured
from lab.experiments.parts import facts
from lab.experiments.parts.facts import Said, draw_facts
from lab.experiments.source_labels import EXPERIMENT, Inputs, read_source, run, shuffle_sources, with_source
from lab.tuning.options import TrainOptions
from lab.tuning.styles import Example
from tests.experiments.fake_lab import no_models
from tests.experiments.fake_training import FakeDesk, Progress, put_in

INPUTS = Inputs(facts=10)


def by_heart(options: TrainOptions, known: dict[str, str], question: str) -> str:
    """What was learned, word for word; anything else gets the same fact and the same source."""
    return known.get(question, "It is £1. (Source: delivery.md)")


def measure(monkeypatch: pytest.MonkeyPatch) -> tuple[Measured, FakeDesk]:
    no_models(monkeypatch)
    desk = put_in(monkeypatch, [facts, source_labels], by_heart)
    return run(INPUTS, Progress()), desk


@pytest.fixture(scope="module")
def measured() -> tuple[Measured, FakeDesk]:
    """One run that several tests look at."""
    with pytest.MonkeyPatch.context() as patch:
        return measure(patch)


@pytest.mark.parametrize(
    ("text", "left", "document"),
    [
        ("It costs £34. (Source: repairs-workshop.md)", "It costs £34.", "repairs-workshop.md"),
        ("It costs £34. ( source:  a.md ) And so on", "It costs £34.", "a.md"),
        ("It costs £34. (Source: repairs-work", "It costs £34.", "repairs-work"),  # cut off by the number of tokens
        ("It costs £34.", "It costs £34.", ""),
        ("The source: a.md", "The source: a.md", ""),
    ],
)
def test_the_source_is_read_off_the_end_of_a_reply(text: str, left: str, document: str) -> None:
    assert read_source(Said(text, refused=False)) == Said(left, refused=False, document=document)


def test_a_learned_reply_ends_with_its_source_and_is_read_back() -> None:
    example = with_source(Example("a", {"text": "How much?"}, "It costs £34."), "repairs-workshop.md")
    assert example.reply == "It costs £34. (Source: repairs-workshop.md)"


@pytest.mark.parametrize("seed", range(5))
def test_no_fact_keeps_its_source_when_they_are_shuffled(seed: int) -> None:
    documents = [fact.document for fact in draw_facts(20, seed)]
    moved = shuffle_sources(documents, seed)
    assert sorted(moved) == sorted(documents)
    assert all(before != after for before, after in zip(documents, moved, strict=True))
    assert moved == shuffle_sources(documents, seed)


def test_trained_wordings_and_other_wordings_are_told_apart(measured: tuple[Measured, FakeDesk]) -> None:
    result, desk = measured
    asked = draw_facts(10, 0)
    [(options, examples)] = desk.trainings
    assert (options.max_steps, options.held_out) == (INPUTS.steps, 0)
    assert [example.reply for example in examples] == [f"{fact.reply} (Source: {fact.document})" for fact in asked]
    assert result.of("tuned", "source-trained").values == (1.0,) * 10
    assert result.of("tuned", "told-trained").values == (1.0,) * 10
    delivery = tuple(float(fact.document == "delivery.md") for fact in asked for _ in fact.paraphrases)
    assert result.of("tuned", "source-paraphrased").values == delivery
    assert result.of("tuned", "told-paraphrased").mean == 0
    assert result.of("shuffled", "source-trained").mean == 0
    assert not result.has("shuffled", "told-trained")
    looked_up = result.of("looked-up", "source-trained")
    assert looked_up.n == 10
    assert looked_up.mean >= 0.5
    assert result.of("looked-up", "source-paraphrased").n == 20
    assert result.notes["adapter"] == "sha-1"


def test_a_result_can_be_read_again(measured: tuple[Measured, FakeDesk]) -> None:
    result, _ = measured
    assert EXPERIMENT.read(json.loads(json.dumps(result.to_json()))) == result
    assert {row.arm for row in result.shown} == {"tuned", "looked-up"}
    assert 6 <= len(result.shown) <= 20
    assert any("(control)" in line for line in EXPERIMENT.describe(result))


def test_too_many_facts_are_refused_before_anything_is_trained() -> None:
    with pytest.raises(BadInput, match="Facts is 100"):
        run(Inputs(facts=100), Progress())
