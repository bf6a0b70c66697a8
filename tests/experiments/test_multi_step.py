"""A pattern of steps: form, whole content and single steps are counted apart, and each arm is asked as it says."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from lab.errors import BadInput
from lab.experiments import multi_step
from lab.experiments.multi_step import EXPERIMENT, Inputs, labels_of, run
from lab.experiments.parts import behaviours
from lab.tuning.checks.steps import NumberedSteps, StepsRight
from lab.tuning.styles import Content, Example, Rule, Style, load_style
from tests.experiments.fake_behaviours import Prompt, let_reply
from tests.experiments.fake_lab import quiet

STEPS = ("Sign", "Part", "Next")
GOLD = {"Sign": "smoke", "Part": "flue", "Next": "swap it"}
RIGHT = "1. Sign: smoke\n2. Part: flue\n3. Next: swap it"


@pytest.fixture
def style(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Style:
    """Three steps, twelve messages, a page, and an adapter's name that exists."""
    made = replace(
        load_style("strict-json"),
        prompted_system="All steps in full.",
        rules=(Rule("steps", "Steps", "Order.", "numbered_steps", NumberedSteps(STEPS)),),
        content=Content("Right", "Values.", StepsRight(STEPS)),
    )
    messages = tuple(Example(f"dev-{place}", {"text": f"Note {place}"}, gold=GOLD) for place in range(12))
    monkeypatch.setattr(multi_step, "load_style", lambda name: made)
    monkeypatch.setattr(behaviours, "messages_of", lambda style, split: messages)
    monkeypatch.setattr(multi_step, "guide_page", lambda style: "How to do it, on a page.\n")
    return made


def test_form_content_and_single_steps_are_counted_apart(monkeypatch: pytest.MonkeyPatch, style: Style) -> None:
    def reply(adapter: str | None, prompt: Prompt) -> str:
        if adapter == "strict-json":
            return RIGHT
        if adapter is not None:
            return "- So it is"
        if prompt[0][1] == "All steps in full.":
            return "1. Sign: smoke\n2. Part: hose\n3. Next: swap it"  # in order, one step wrong
        if prompt[-1][1].startswith("Text: "):
            return "Part: flue\nSign: smoke\nNext: swap it"  # every step right, out of order
        return "1. Sign: smoke"

    seen = let_reply(monkeypatch, reply)
    result = run(Inputs(n=5, split="dev"), quiet)

    def means(figure: str) -> dict[str, float]:
        return {arm.id: round(result.of(arm.id, figure).mean, 3) for arm in result.arms}

    nothing = {"few-shot": 0, "other-adapter": 0}
    assert means("order") == {"base": 1, "pattern-looked-up": 0, "tuned": 1, **nothing}
    assert means("right") == {"base": 0, "pattern-looked-up": 1, "tuned": 1, **nothing}
    assert means("steps") == {
        "base": 0.667, "pattern-looked-up": 1, "few-shot": 0.333, "tuned": 1, "other-adapter": 0,
    }  # fmt: skip
    pages = [prompt for _, _, prompt in seen if prompt[-1][1].startswith("Text: How to do it, on a page.\n\n")]
    assert len(pages) == 5
    assert {prompt[0][1] for prompt in pages} == {style.system}
    assert EXPERIMENT.read(json.loads(json.dumps(result.to_json()))) == result


def test_a_style_without_steps_is_named() -> None:
    with pytest.raises(BadInput, match=r"\(brand-voice\) has no numbered steps"):
        run(Inputs(style="brand-voice"), quiet)


def test_inputs_that_cannot_work_are_refused_in_a_sentence(style: Style) -> None:
    assert labels_of(style) == STEPS
    with pytest.raises(BadInput, match="0 messages cannot be asked"):
        run(Inputs(n=0), quiet)
    with pytest.raises(BadInput, match="no adapter called “nobody”"):
        run(Inputs(other="nobody"), quiet)
