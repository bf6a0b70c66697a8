"""Sorting tickets: each arm sees what it should, and the control can say no."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator

import pytest

from lab.errors import BadInput
from lab.experiments import classification
from lab.experiments.classification import EXPERIMENT, Inputs, commonest_label, run, shuffle_labels
from lab.experiments.parts.behaviours import draw_messages
from lab.tuning.styles import Example, load_examples, load_style
from tests.experiments.fake_behaviours import Prompt, let_reply
from tests.experiments.fake_lab import no_models, quiet

LABELS = load_style("ticket-labels")
DEV = draw_messages(LABELS, 1000, 0, "dev")


@pytest.fixture(autouse=True)
def _fresh_index() -> Iterator[None]:
    classification.help_index.cache_clear()
    yield
    classification.help_index.cache_clear()


def test_the_commonest_label_is_the_first_in_the_alphabet_among_equals() -> None:
    examples = [Example(str(place), {}, reply) for place, reply in enumerate("money hire repair hire money".split())]
    assert commonest_label(examples) == "hire"
    assert commonest_label(examples[:1]) == "money"


def test_shuffling_keeps_every_label_and_moves_most() -> None:
    shuffled = shuffle_labels(DEV, 0)
    assert Counter(item.gold for item in shuffled) == Counter(item.gold for item in DEV)
    assert [item.inputs for item in shuffled] == [item.inputs for item in DEV]
    assert sum(left.gold == right.gold for left, right in zip(shuffled, DEV, strict=True)) < len(DEV) / 3
    assert shuffled == shuffle_labels(DEV, 0)
    assert shuffled != shuffle_labels(DEV, 1)


def test_each_arm_is_told_from_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """Base says what the page or the last shot says, the tuned weights are always right."""
    no_models(monkeypatch)
    gold = {item.inputs["text"].strip(): str(item.gold) for item in DEV}

    def reply(adapter: str | None, prompt: Prompt) -> str:
        ticket = prompt[-1][1].rpartition("Ticket: ")[2]
        if adapter is not None:
            return gold[ticket]
        if prompt[-1][1].startswith("Text: "):
            return "delivery, I think"
        return prompt[-2][1] if len(prompt) > 2 else "question"

    seen = let_reply(monkeypatch, reply)
    result = run(Inputs(n=60), quiet)
    right = {arm.id: result.of(arm.id, "right") for arm in result.arms_of("right")}
    train = {item.reply for item in load_examples(LABELS.folder / "train.jsonl", LABELS)}
    counts = Counter(item.gold for item in DEV)
    assert right["tuned"].mean == 1
    assert right["base"].mean == counts["question"] / 60
    assert right["documents"].mean == 0
    assert right["majority"].mean in {counts[label] / 60 for label in train}
    shuffled = [left.gold == right_.gold for left, right_ in zip(shuffle_labels(DEV, 0), DEV, strict=True)]
    assert right["shuffled"].values == tuple(map(float, shuffled))
    kept = {arm.id: result.of(arm.id, "kept").mean for arm in result.arms_of("kept")}
    assert kept == {"majority": 1, "base": 1, "documents": 0, "neighbours": 1, "tuned": 1}
    neighbours = [prompt for _, _, prompt in seen if len(prompt) == 2 + 2 * 4]
    assert len(neighbours) == 60
    assert all(prompt[0][1] == LABELS.prompted_system for prompt in neighbours)
    assert {shot for prompt in neighbours for kind, shot in prompt if kind == "ai"} <= train
    assert EXPERIMENT.read(json.loads(json.dumps(result.to_json()))) == result


def test_a_ticket_alone_cannot_be_marked_against_another(monkeypatch: pytest.MonkeyPatch) -> None:
    no_models(monkeypatch)
    with pytest.raises(BadInput, match="choose at least 2"):
        run(Inputs(n=1), quiet)
    with pytest.raises(BadInput, match="not from “train”"):
        run(Inputs(split="train"), quiet)


def test_the_help_pages_say_nothing_of_labels() -> None:
    for page in classification.PAGES.glob("*.md"):
        assert "label" not in page.read_text(encoding="utf-8").casefold(), page.name
