"""A style guide in the index: what is asked differs as the arms say, and what is counted would differ if it did not."""

from __future__ import annotations

import json

import pytest

from lab.errors import BadInput
from lab.experiments import style_guide
from lab.experiments.parts.lookups import guide_page
from lab.experiments.style_guide import EXPERIMENT, Inputs, guide_document, index_of, run, shop_pages
from lab.rag.split import reading_text
from lab.tuning.styles import Example, load_style
from tests.experiments.fake_behaviours import Prompt, let_reply
from tests.experiments.fake_lab import no_models, quiet

VOICE = load_style("brand-voice")
RULE = "End with one friendly question"


def keeps_the_voice(prompt: Prompt) -> str:
    name = prompt[-1][1].rpartition("Customer: ")[2].partition("\n")[0]
    return f"Hi {name}, thanks for writing about this, it is good to hear from you on such a day. Shall we look?"


def test_the_shops_pages_hold_no_guide_and_the_guide_is_one_passage(monkeypatch: pytest.MonkeyPatch) -> None:
    no_models(monkeypatch)
    pages = shop_pages()
    assert len(pages) > 20
    assert not any("style guide" in page.text for page in pages)
    guide = guide_document(VOICE)
    assert guide.name not in {page.name for page in pages}
    read = {reading_text(chunk) for chunk in index_of([guide]).chunks}
    assert len(read) == 1
    assert RULE in read.pop()


def test_a_model_that_does_what_its_prompt_or_its_weights_say(monkeypatch: pytest.MonkeyPatch) -> None:
    """It keeps the voice when the rules are its system turn, or when its weights practised; never from a page."""
    no_models(monkeypatch)

    def reply(adapter: str | None, prompt: Prompt) -> str:
        return keeps_the_voice(prompt) if adapter == "brand-voice" or RULE in prompt[0][1] else "Well."

    seen = let_reply(monkeypatch, reply)
    result = run(Inputs(n=6, timed=2), quiet)
    kept = {arm.id: result.of(arm.id, "kept").mean for arm in result.arms_of("kept")}
    assert kept == {
        "base": 0, "facts-looked-up": 0, "guide-looked-up": 0, "guide-given": 0, "guide-in-prompt": 1, "few-shot": 0,
        "tuned": 1, "other-adapter": 0,
    }  # fmt: skip
    assert result.of("base", "rules").mean == pytest.approx(2 / 5)  # no stiff word, no promise
    assert result.of("tuned", "rules").mean == 1
    assert {adapter for adapter, _, _ in seen} == {None, "brand-voice", "three-bullets"}
    assert [arm.id for arm in result.arms if arm.control] == ["other-adapter"]
    tokens = {arm.id: result.of(arm.id, "prompt-tokens").mean for arm in result.arms_of("prompt-tokens")}
    assert tokens["base"] == tokens["tuned"] == tokens["other-adapter"]
    given = tokens["guide-given"] - tokens["base"]
    assert given == len(guide_page(VOICE).split()) + 1  # and “Text:”
    assert tokens["facts-looked-up"] > tokens["base"] + 10
    assert tokens["few-shot"] > tokens["base"] + 100
    assert [arm.id for arm in result.arms_of("seconds")] == ["base", "guide-looked-up", "few-shot", "tuned"]
    assert result.of("tuned", "seconds").n == 2
    assert {"model", "index", "adapter of tuned"} <= set(result.notes)
    assert EXPERIMENT.read(json.loads(json.dumps(result.to_json()))) == result


def test_the_guide_is_counted_as_found_just_where_it_stands_in_the_prompt(monkeypatch: pytest.MonkeyPatch) -> None:
    no_models(monkeypatch)
    usual = "The zip of my tent is stuck. Do you mend zips?"
    like_the_guide = (
        "Which customer's first name and comma begin a short warm paragraph, and which question mark ends it?"
    )
    messages = tuple(Example(text, {"first_name": "Bo", "message": text}) for text in (usual, like_the_guide))
    monkeypatch.setattr(style_guide, "draw_messages", lambda *drawn: messages)
    seen = let_reply(monkeypatch, lambda adapter, prompt: "Hi.")
    result = run(Inputs(timed=1), quiet)
    with_page = [prompt[-1][1] for _, _, prompt in seen if prompt[-1][1].startswith("Text: ")]
    assert [RULE in text for text in with_page[:4]] == [False, False, False, True]  # two without the guide, two with it
    assert all(RULE in text for text in with_page[4:6])  # and two that are given it
    assert result.of("guide-looked-up", "guide-found").values == (0, 1)
    assert not result.has("facts-looked-up", "guide-found")


@pytest.mark.parametrize(
    ("inputs", "says"),
    [
        (Inputs(style="strict-json"), "no page that describes"),
        (Inputs(n=0), "0 messages cannot be asked"),
        (Inputs(split="train"), "not from “train”"),
        (Inputs(other="nobody"), "no adapter called “nobody”"),
        (Inputs(other="brand-voice"), "brand-voice practised this very behaviour"),
    ],
)
def test_inputs_that_cannot_work_are_refused_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, inputs: Inputs, says: str
) -> None:
    no_models(monkeypatch)
    with pytest.raises(BadInput, match=says):
        run(inputs, quiet)


def test_the_saved_run_asks_more_than_the_quick_one() -> None:
    assert EXPERIMENT.full.split == "test"
    assert EXPERIMENT.full.n > Inputs().n
    assert style_guide.EXPERIMENT.id == "style-guide"
