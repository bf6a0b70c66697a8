"""Adherence: who is asked what, which replies count, and what the card says of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from pydantic import Field

from lab.errors import BadInput, Cancelled
from lab.models.template import Turn
from lab.statistics import wilson
from lab.tuning.adherence import Adherence, measure_adherence
from lab.tuning.card import write_card
from lab.tuning.options import TrainOptions
from lab.tuning.run import LossPoint, TrainingRun
from lab.tuning.styles import Example, Style, messages_for

MESSAGES = [
    Example(f"m-{at}", {"first_name": "Ann", "message": f"Where is tent {at}?"}, topic="tents") for at in range(40)
]


class EchoModel(BaseChatModel):
    """Answers with the customer's name, and remembers how many messages it read and how long it may answer."""

    max_tokens: int = 7
    seen: list[tuple[int, int]] = Field(default_factory=list)

    @property
    def _llm_type(self) -> str:
        return "echo"

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        self.seen.append((len(messages), self.max_tokens))
        name = messages[-1].text.split("\n")[0].removeprefix("Customer: ")
        return ChatResult(generations=[ChatGeneration(message=AIMessage(f"Hi {name}, which tent?"))])


def test_every_rule_of_every_reply_is_counted(small: Style) -> None:
    replies = ["Hi Ann, which tent?", "Hi Ann, a tent.", "Hi Ann, as per?", "no"]

    def answer(conversations: Sequence[Sequence[Turn]]) -> list[str]:
        assert [list(turns) for turns in conversations] == [messages_for(small, item.inputs) for item in MESSAGES[:4]]
        return replies

    result = measure_adherence(small, MESSAGES[:4], answer)
    assert (result.n, result.rate, result.interval) == (4, 0.25, wilson(1, 4))
    assert result.rules == {"greets": 0.75, "length": 0.75, "asks": 0.5, "plain": 0.75}
    assert result.fits == 0.5
    assert [row.passed for row in result.rows] == [True, False, False, False]
    assert [failed.rule for failed in result.rows[3].failed] == ["greets", "length", "asks"]
    data = result.to_json()
    assert {"n", "rate", "interval", "rules", "rows"} <= data.keys()
    assert data["rows"][2] == {
        "id": "m-2",
        "reply": "Hi Ann, as per?",
        "passed": False,
        "failed": [{"rule": "plain", "reason": "Says “as per”"}],
        "fits": False,
        "content": "Has no content word in common with the message",
    }


def test_a_chat_model_is_asked_in_batches_with_the_styles_length(small: Style) -> None:
    model = EchoModel()
    stages: list[float] = []
    result = measure_adherence(small, MESSAGES, model, few_shot=True, report=lambda _, share: stages.append(share))
    assert result.rate == 1.0
    assert set(model.seen) == {(4, small.max_tokens)}
    assert stages == [0.0, 32 / 40]
    assert (result.few_shot, result.prompted) == (True, False)


def test_no_messages_is_an_error_and_stop_stops(small: Style) -> None:
    with pytest.raises(BadInput, match="no messages to answer"):
        measure_adherence(small, [], EchoModel())
    asked: list[int] = []

    def answer(conversations: Sequence[Sequence[Turn]]) -> list[str]:
        asked.append(len(conversations))
        return ["no"] * len(conversations)

    with pytest.raises(Cancelled, match="Stopped after 32 of 40 messages"):
        measure_adherence(small, MESSAGES, answer, should_stop=lambda: bool(asked))


def _adherence(style: Style, reply: str) -> Adherence:
    return measure_adherence(style, MESSAGES[:4], lambda conversations: [reply] * len(conversations))


def test_the_card_gives_data_settings_curve_and_adherence_beside_the_base(
    small: Style, tmp_path: Path, write_style: Callable[..., Path]
) -> None:
    run = TrainingRun(
        options=TrainOptions("small", threads=2),
        examples=404,
        held_out=16,
        steps=2,
        seconds=3.2,
        tokens=900,
        tokens_per_second=300.0,
        curve=(LossPoint(1, 1.5, 3.4), LossPoint(2, 3.2, 3.1, 3.25)),
        held_out_before=3.5,
        ended_by="steps",
        data_sha256="d" * 64,
        weights_sha256="w" * 64,
        precision="bfloat16",
        machine="A processor, 2 cores",
        versions={"torch": "2.13.0"},
        adapter_sha256="a" * 64,
        adapter_bytes=2_000_000,
    )
    measured = {"base": _adherence(small, "no"), "tuned": _adherence(small, "Hi Ann, which tent?")}
    file = write_card(tmp_path, small, run, measured, command="python -m lab train")
    text = file.read_text(encoding="utf-8")
    assert file.name == "README.md"
    assert text.startswith("---\nbase_model: SmolLM2-135M-Instruct\nlibrary_name: peft\n")
    assert "| base | **0.00** | 0.00 to 0.49 | 0.00 | 0.00 | 0.00 | 1.00 | 0.00 |" in text
    assert "| tuned | **1.00** | 0.51 to 1.00 | 1.00 | 1.00 | 1.00 | 1.00 | 1.00 |" in text
    assert "Measured on 4 unseen test messages." in text
    assert "404 of the examples" in text
    assert f"SHA-256 `{'a' * 64}`" in text
    assert "seed 0" in text
    assert "| before | 0 | | 3.50 |" in text
    assert "| 2 | 3 | 3.10 | 3.25 |" in text
    assert "python -m lab train" in text
