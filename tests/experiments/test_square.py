"""The square: six points from the same questions and prompts, each answer kept, and an honest account of the cost."""

from __future__ import annotations

import json
from typing import Any

import pytest
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from pydantic import Field

from lab.errors import BadInput
from lab.experiments import square
from lab.experiments.four_answers import voice_template
from lab.experiments.parts.questions import ALL
from lab.experiments.square import Inputs, draw_questions
from lab.models.adapters import find_adapter
from lab.rag.collections import list_collections
from lab.rag.prompt import build_messages
from lab.tuning.styles import load_style, messages_for


class FakeModel(BaseChatModel):
    """`page`: repeats the page, if it is shown one. `voice`: keeps every rule. It writes down what it is asked."""

    page: bool
    voice: bool
    max_tokens: int = 0
    seen: list[list[tuple[str, str]]] = Field(default_factory=list)

    @property
    def _llm_type(self) -> str:
        return "fake"

    def _generate(
        self, messages: list[BaseMessage], stop: list[str] | None = None, run_manager: Any = None, **kwargs: Any
    ) -> ChatResult:
        self.seen.append([(message.type, str(message.text)) for message in messages])
        asked = next(str(message.text) for message in messages if message.type == "human")
        fact = ""
        if self.page and asked.startswith("Text: "):
            fact = asked.removeprefix("Text: ").partition("\n\n")[0]
            fact = " ".join(fact.split()[:40])
        name = asked.rpartition("Customer: ")[2].partition("\n")[0]
        text = f"Hi {name}, thanks for asking, here is what we know today. {fact} Does that help you with your plans?"
        return ChatResult(generations=[ChatGeneration(message=AIMessage(text if self.voice else f"It is {fact}"))])


@pytest.fixture
def fakes(monkeypatch: pytest.MonkeyPatch) -> dict[str, FakeModel]:
    """base repeats the page without a voice, the naive voice forgets it, the voice with pages repeats it."""
    models = {
        "base": FakeModel(page=True, voice=False),
        "naive": FakeModel(page=False, voice=True),
        "with-page": FakeModel(page=True, voice=True),
    }
    names = {None: "base", "brand-voice": "naive", "other": "with-page"}

    def choose(settings: object, *, adapter: str | None) -> FakeModel:
        return models[names[adapter]]

    monkeypatch.setattr(square, "choose_model", choose)
    monkeypatch.setattr(square, "find_adapter", lambda name: find_adapter("brand-voice"))
    return models


def quiet(what: str, done: float) -> None:
    assert what
    assert 0 <= done <= 1


def test_only_questions_that_ask_for_one_thing_and_have_an_answer_are_drawn() -> None:
    questions = draw_questions(Inputs(n=1000))
    assert len(questions) > 40
    assert all(len(question.parts) == 1 for _, question in questions)
    assert {name for name, _ in draw_questions(Inputs(collection=ALL, n=1000))} == set(list_collections())


def test_the_seed_decides_which_questions_are_asked() -> None:
    def ids(seed: int) -> list[str]:
        return [question.id for _, question in draw_questions(Inputs(n=10, seed=seed))]

    assert len(ids(0)) == 10
    assert ids(0) == ids(0)
    assert ids(0) != ids(1)


@pytest.mark.parametrize(
    ("inputs", "says"),
    [
        (Inputs(split="train"), "Questions come from dev or test, not from “train”."),
        (Inputs(n=0), "0 questions cannot be asked; choose at least 1."),
        (Inputs(collection="nowhere"), "There is no collection called “nowhere”"),
    ],
)
def test_inputs_that_cannot_work_are_refused_in_a_sentence(inputs: Inputs, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        draw_questions(inputs)


def test_an_adapter_that_does_not_exist_is_named_before_anything_is_asked() -> None:
    with pytest.raises(BadInput, match="no adapter called “nobody”"):
        square.run(Inputs(n=2, with_page="nobody"), quiet)


def test_the_page_is_put_to_the_model_just_as_it_was_in_training(fakes: dict[str, FakeModel]) -> None:
    square.run(Inputs(n=2, with_page="other"), quiet)
    roles = {"system": "system", "human": "user"}
    voice, with_page = load_style("brand-voice"), load_style("brand-voice-with-page")
    for prompt in fakes["with-page"].seen:
        [(_, system), (_, user)] = prompt
        page, _, rest = user.rpartition("\n\n")
        name, _, message = rest.removeprefix("Customer: ").partition("\nMessage: ")
        inputs = {"first_name": name, "message": message}
        style = with_page if page else voice
        trained = messages_for(style, {**inputs, "text": page.removeprefix("Text: ")} if page else inputs)
        assert [(roles[kind], text) for kind, text in prompt] == trained
        assert system == style.system
    assert len(fakes["with-page"].seen) == 4


def test_six_points_tell_the_page_from_the_voice(fakes: dict[str, FakeModel]) -> None:
    result = square.run(Inputs(n=12, with_page="other"), quiet)
    holds = sum(item.holds for item in result.asked)
    assert 6 <= holds <= 12
    facts = {side: result.point(side[0], looked_up=side[1]).facts.count for side in square.SIDES}
    voice = {side: result.point(side[0], looked_up=side[1]).voice.count for side in square.SIDES}
    assert facts[("base", True)] == facts[("with-page", True)] >= holds - 1
    assert facts[("naive", True)] == facts[("naive", False)] == facts[("base", False)] == 0
    assert voice[("base", True)] == voice[("base", False)] == 0
    assert voice[("naive", True)] == voice[("naive", False)] == 12
    assert result.held(result.point("base", looked_up=True)).n == holds
    assert result.facts_gained("with-page").difference == 0
    assert result.facts_gained("naive").difference == -facts[("base", True)] / 12
    assert not result.is_free("naive")
    assert result.is_free("with-page") is (voice[("with-page", True)] / 12 >= 0.95)


def test_every_answer_can_be_read_again_after_saving(fakes: dict[str, FakeModel]) -> None:
    result = square.run(Inputs(n=3, with_page="other"), quiet)
    saved = json.loads(json.dumps(result.to_json()))
    assert saved["experiment"] == "square"
    assert saved["n"] == 3
    again = square.read(saved)
    assert again == result
    assert [len(point.replies) for point in again.points] == [3] * 6
    assert all(item.passage and item.question and item.answers for item in again.asked)
    base = again.point("base", looked_up=False).replies[0]
    assert {rule.rule for rule in base.failed} >= {"greets-by-name", "closes-with-a-question"}
    assert all(rule.reason for rule in base.failed)


def test_the_terminal_is_told_all_six_points_and_what_each_voice_costs(fakes: dict[str, FakeModel]) -> None:
    lines = square.describe(square.run(Inputs(n=6, with_page="other"), quiet))
    assert len(lines) == 9
    assert any(
        line.startswith("voice trained without pages, looked up:") and "costs too much" in line for line in lines
    )
    assert any(line.startswith("voice trained with pages, looked up: +0 points") for line in lines)


def test_the_prompts_of_a_row_differ_in_the_page_alone() -> None:
    style = load_style("brand-voice")
    [system, user] = build_messages(voice_template(style, "Bo", with_text=False), "Is {it} open?")
    assert str(system.text) == style.system
    assert str(user.text) == "Customer: Bo\nMessage: Is {it} open?"


def test_one_adapter_under_two_names_gives_the_same_answers_and_the_voice_is_heard() -> None:
    result = square.run(Inputs(n=5, naive="brand-voice", with_page=str(find_adapter("brand-voice").folder)), quiet)
    for looked_up in (False, True):
        naive, other = (result.point(model, looked_up=looked_up) for model in ("naive", "with-page"))
        assert naive.replies == other.replies
        assert naive.voice.count >= 4
        assert result.point("base", looked_up=looked_up).voice.count == 0
    assert result.best.facts.count >= 1
