"""Bad context: only the passage with the answer makes answers right, and owning up is not making up."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path

import pytest
from langchain_core.messages import BaseMessage

from lab.errors import BadInput
from lab.experiments import bad_context
from lab.experiments.bad_context import ARMS, EXPERIMENT, Inputs, PageReader, find_reader, run
from lab.experiments.measured import Measured
from lab.experiments.parts.questions import draw
from lab.tuning.styles import load_style
from tests.experiments.fake_lab import no_models, quiet
from tests.rag.conftest import ScriptedModel

INPUTS = Inputs(n=8)
READER = PageReader("brand-voice-with-page", load_style("brand-voice-with-page"), "0" * 64, 358.0)
CHECKS = "Hi Mira, thanks for asking. I'm checking that with the team for you. Is there a date you have in mind?"


class Asked(ScriptedModel):
    """A scripted model which may be told how long to answer."""

    max_tokens: int = 0


def measure(
    monkeypatch: pytest.MonkeyPatch, reads: str = CHECKS, inputs: Inputs = INPUTS
) -> tuple[Measured, list[str]]:
    seen: list[str] = []

    def reply(messages: list[BaseMessage]) -> str:
        human = next(str(message.text) for message in messages if message.type == "human")
        seen.append("\n".join(str(message.text) for message in messages))
        return reads if "Customer: Mira" in human else human.partition("Text:")[2].partition("\n\nQuestion:")[0]

    no_models(monkeypatch)
    monkeypatch.setattr(bad_context, "find_reader", lambda name: READER)
    monkeypatch.setattr(bad_context, "choose_model", lambda settings, adapter=None: Asked(reply=reply))
    return run(inputs, quiet), seen


def test_only_the_right_passage_makes_answers_right(monkeypatch: pytest.MonkeyPatch) -> None:
    result, _ = measure(monkeypatch)
    assert result.of("gold-plain", "right").values == (1.0,) * 8
    for arm in ARMS[1:]:
        assert result.of(arm.id, "right").mean == 0
    for arm in ("wrong-plain", "wrong-strong-prompt", "wrong-more"):
        assert result.of(arm, "made-up").mean == 1
    assert result.of("gold-plain", "made-up").mean == 0


def test_owning_up_in_the_readers_own_words_is_not_made_up(monkeypatch: pytest.MonkeyPatch) -> None:
    assert measure(monkeypatch)[0].of("wrong-better-reader", "made-up").mean == 0
    bold = "Hi Mira, thanks for asking. It costs £4,711. Does that help you?"
    assert measure(monkeypatch, bold)[0].of("wrong-better-reader", "made-up").mean == 1


def test_every_wrong_prompt_lacks_the_answer_and_is_what_it_says_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    result, seen = measure(monkeypatch, inputs=Inputs(n=4))
    assert result.n == 4
    gold, plain, strong, more, reader = (seen[start : start + 4] for start in range(0, 20, 4))
    answers = {item.gold for item in draw("tarnmoor-help", 4, 0, "dev")}
    assert len(answers) == 4
    assert all(any(answer in prompt for answer in answers) for prompt in gold)
    assert all("[5] " in prompt and "[2] " in prompt for prompt in more)
    assert not any("[2] " in prompt for prompt in (*gold, *plain))
    assert min(map(len, strong)) > max(len(prompt.split("Text: ")[0]) for prompt in plain) + 100
    assert all("cannot find it" in prompt for prompt in strong)
    assert all(prompt.startswith(READER.style.system) and "Message: " in prompt for prompt in reader)


def test_a_reader_must_have_practised_with_a_page(tmp_path: Path) -> None:
    found = find_reader("brand-voice-with-page")
    saved = json.loads((Path(bad_context.find_adapter(found.adapter).folder) / "training.json").read_text())
    assert (found.style.name, found.seconds) == ("brand-voice-with-page", saved["seconds"])
    with pytest.raises(BadInput, match="trained on first_name, message, not on a page"):
        find_reader("brand-voice")
    with pytest.raises(BadInput, match="no adapter called “nobody”"):
        find_reader("nobody")


def test_a_result_can_be_read_again_and_shows_each_question_five_ways(monkeypatch: pytest.MonkeyPatch) -> None:
    result, _ = measure(monkeypatch, inputs=Inputs(n=4))
    assert EXPERIMENT.read(json.loads(json.dumps(result.to_json()))) == result
    assert [row.arm for row in result.shown[:5]] == [arm.id for arm in ARMS]
    assert result.notes["adapter brand-voice-with-page"] == "0" * 64
    assert {arm.id: arm.side for arm in result.arms}["wrong-better-reader"] == "both"


def test_every_input_says_what_it_is() -> None:
    for item in fields(Inputs):
        assert item.metadata["label"]
        assert item.metadata["help"]


@pytest.mark.parametrize(
    ("inputs", "says"),
    [
        (Inputs(collection="nowhere"), "no collection called"),
        (Inputs(n=0), "0 questions"),
        (Inputs(split="x"), "“x”"),
        (Inputs(reader="nobody"), "no adapter called “nobody”"),
    ],
)
def test_inputs_that_cannot_work_are_refused(inputs: Inputs, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        run(inputs, quiet)
