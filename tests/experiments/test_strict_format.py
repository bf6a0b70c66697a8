"""A strict format: what parses and what keeps the rules are two things, and five formats are pooled reply by reply."""

from __future__ import annotations

import json

import pytest

from lab.errors import BadInput
from lab.experiments.parts.behaviours import draw_messages
from lab.experiments.strict_format import EXPERIMENT, FIVE, Inputs, parses, run, samples_page
from lab.tuning.styles import load_examples, load_style
from tests.experiments.fake_behaviours import Prompt, let_reply
from tests.experiments.fake_lab import no_models, quiet

STRICT = load_style("strict-json")
GOOD = '{"name": "Ann", "vehicle": "bike", "day": "Friday", "urgent": true}'


@pytest.mark.parametrize(
    ("reply", "whole"),
    [
        (GOOD, True),
        ('{"name": "Ann"}', True),
        (f"Here you are: {GOOD}", False),
        (f"```json\n{GOOD}\n```", False),
        (GOOD[:-1], False),
        ('{"urgent": NaN}', False),
        ("[" * 100_000, False),
        ("", False),
    ],
)
def test_json_parses_as_a_strict_program_reads_it(reply: str, whole: bool) -> None:
    assert parses(reply) is whole


def test_samples_are_put_as_the_style_puts_messages() -> None:
    (example,) = load_examples(STRICT.folder / "train.jsonl", STRICT)[:1]
    assert samples_page(STRICT, [example]) == f"Message: {example.inputs['text']}\nJSON: {example.reply}"


def test_each_arm_is_told_from_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """Base writes a whole object of the wrong kind, samples help, other weights chat; the tuned ones know every answer."""
    no_models(monkeypatch)
    styles = [load_style(name) for name in FIVE]
    known = {
        item.inputs["text"].strip(): item.reply for style in styles for item in draw_messages(style, 100, 0, "dev")
    }

    def reply(adapter: str | None, prompt: Prompt) -> str:
        last = prompt[-1][1]
        if adapter == "three-bullets" and "JSON:" in last:
            return "- So it is"
        if adapter == "text-to-sql":
            return "No idea"
        if adapter is not None:
            return next(answer for text, answer in known.items() if text in last)
        return GOOD if last.startswith("Text: Message:") else '{"name": "Ann"}'

    seen = let_reply(monkeypatch, reply)
    result = run(Inputs(n=5, each=2), quiet)
    assert {arm.id: result.of(arm.id, "valid").mean for arm in result.arms} == {
        "base": 0, "looked-up-samples": 1, "few-shot": 0, "tuned": 1, "other-adapter": 0, "tuned-five": 0.8,
    }  # fmt: skip
    assert {arm.id: result.of(arm.id, "parses").mean for arm in result.arms_of("parses")} == {
        "base": 1, "looked-up-samples": 1, "few-shot": 1, "tuned": 1, "other-adapter": 0,
    }  # fmt: skip
    assert result.of("tuned-five", "valid").n == 10
    assert not result.of("tuned-five", "valid").paired
    assert result.of("tuned", "valid").paired
    systems = {system for adapter, _, [(_, system), *_] in seen if adapter is None}
    assert systems == {STRICT.system, STRICT.prompted_system}
    samples = [prompt[-1][1] for _, _, prompt in seen if prompt[-1][1].startswith("Text: Message:")]
    assert len(samples) == 5
    assert all(text.count("\nJSON:") == 4 for text in samples)  # three samples and the message itself
    assert {f"adapter of tuned-five: {name}" for name in FIVE} <= set(result.notes)
    assert EXPERIMENT.read(json.loads(json.dumps(result.to_json()))) == result


@pytest.mark.parametrize(
    ("inputs", "says"),
    [
        (Inputs(each=0), "0 messages cannot be asked"),
        (Inputs(split="all"), "not from “all”"),
        (Inputs(other="nobody"), "no adapter called “nobody”"),
    ],
)
def test_inputs_that_cannot_work_are_refused_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, inputs: Inputs, says: str
) -> None:
    no_models(monkeypatch)
    with pytest.raises(BadInput, match=says):
        run(inputs, quiet)
