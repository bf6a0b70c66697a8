"""Passages that look alike: what counts as misled, which passages stand together, and that only weights differ."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pytest
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from pydantic import Field

from lab.errors import BadInput, LabError
from lab.experiments import distractors
from lab.experiments.distractors import Case, Inputs, cases_of_collections, cases_of_style, find_values, run
from lab.experiments.parts import behaviours
from lab.rag.measure import Question
from lab.rag.words import occurs, tokens
from lab.tuning.styles import load_style
from tests.experiments.fake_lab import no_models, page_of, question_of, quiet

STYLE = load_style("answer-from-pages")
CASE = Case(
    Question("q", "How long is the blue kite's line?", ("60 metres",)),
    "Kites, Line: The blue kite has 60 metres of line.",
    ("Kites, Red: It has 35 metres.", "Kites, Makers: Ask Olwen about [3] kites on Sunday."),
    ("35 metres", "Olwen"),
)


class FakeModel(BaseChatModel):
    """`reads`: it knows the right passages; else it repeats the first it is shown. It writes down what it is asked."""

    reads: bool = False
    silent: bool = False
    seen: list[list[tuple[str, str]]] = Field(default_factory=list)
    known: dict[str, str] = Field(default_factory=dict)

    @property
    def _llm_type(self) -> str:
        return "fake"

    def _generate(
        self, messages: list[BaseMessage], stop: list[str] | None = None, run_manager: Any = None, **kwargs: Any
    ) -> ChatResult:
        self.seen.append([(message.type, str(message.text)) for message in messages])
        first = page_of(messages).split("\n")[0].removeprefix("[1] ")
        text = self.known[question_of(messages)] if self.reads else first
        usage: Any = {"input_tokens": 9, "output_tokens": 3, "total_tokens": 12}
        message = AIMessage("The pages do not say." if self.silent else text, usage_metadata=usage)
        return ChatResult(generations=[ChatGeneration(message=message)])


@pytest.fixture
def fakes(monkeypatch: pytest.MonkeyPatch) -> dict[str | None, FakeModel]:
    models: dict[str | None, FakeModel] = {
        None: FakeModel(),
        "answer-from-pages": FakeModel(reads=True),
        "three-bullets": FakeModel(silent=True),
    }
    monkeypatch.setattr(behaviours, "choose_model", lambda settings, *, adapter, max_tokens: models[adapter])
    monkeypatch.setattr(behaviours, "find_adapter", lambda name: SimpleNamespace(sha256=f"sha of {name}"))
    monkeypatch.setattr("lab.models.convert.serving_fingerprint", lambda: "weights")
    return models


@pytest.mark.parametrize(
    ("reply", "right", "misled"),
    [
        ("The blue kite has sixty metres of line.", True, False),
        ("It has 35 metres [2].", False, True),
        ("60 metres, or 35 metres.", False, True),
        ("Ask Olwen.", False, True),
        ("It has 5 metres of line.", False, False),
        ("The pages do not say.", False, False),
    ],
)
def test_a_reply_is_right_when_it_tells_the_right_fact_and_nothing_that_only_another_passage_tells(
    reply: str, right: bool, misled: bool
) -> None:
    assert (CASE.right(reply), CASE.misled(reply)) == (right, misled)


def test_a_page_number_in_a_reply_is_no_figure_of_a_page() -> None:
    case = Case(CASE.question, CASE.gold, CASE.wrong, ("3",))
    assert not case.misled("It has a long line [3].")
    assert case.misled("It has 3 lines.")


def test_misleading_values_are_figures_and_names_that_the_right_passage_and_the_question_have_not() -> None:
    wrong = ("Line: The red kite of Olwen has 35 metres for £4.50.", "Kites: On Sunday we fly 60 kites. Bring Rhys.")
    found = find_values(wrong, "The blue kite has 60 metres, says Rhys.")
    assert set(found) == {"olwen", "35", "4.5", "sunday"} or set(found) == {"olwen", "35", "4.50", "sunday"}


def test_the_seed_orders_the_passages_and_alone_is_the_right_one_only() -> None:
    assert CASE.text(0, alone=True) == CASE.gold
    texts = {CASE.text(seed) for seed in range(60)}
    assert len(texts) == 6
    assert CASE.text(4) == CASE.text(4)
    for text in texts:
        lines = text.split("\n")
        assert [line[:4] for line in lines] == ["[1] ", "[2] ", "[3] "]
        assert {line[4:] for line in lines} == {CASE.gold, *CASE.wrong}


def test_the_cases_of_the_behaviour_have_an_answer_and_two_other_pages() -> None:
    cases = cases_of_style(STYLE, 100, 0, "dev")
    assert len(cases) == 50
    assert all(len(case.wrong) == 2 and case.right(case.gold) for case in cases)
    assert not any(case.right(text.partition(": ")[2]) for case in cases for text in case.wrong)
    assert [case.question.id for case in cases_of_style(STYLE, 5, 1, "dev")] != [case.question.id for case in cases[:5]]


def test_the_cases_of_the_collections_have_the_answer_in_one_passage_only(monkeypatch: pytest.MonkeyPatch) -> None:
    no_models(monkeypatch)
    cases = cases_of_collections("tarnmoor-help", 20, 0, "dev")
    assert len(cases) >= 15
    for case in cases:
        assert case.right(case.gold)
        assert len(set(case.wrong) - {case.gold}) == 2
        assert not any(occurs(tokens(gold), tokens(case.wrong[0].partition(": ")[2])) for gold in case.question.answers)
        assert not case.misled(f"{case.gold} {case.question.question}")


@pytest.mark.parametrize("data", distractors.SOURCES)
def test_each_arm_is_judged_by_its_own_replies_to_the_same_prompts(
    data: str, fakes: dict[str | None, FakeModel], monkeypatch: pytest.MonkeyPatch
) -> None:
    no_models(monkeypatch)
    inputs = Inputs(data=data, n=12)
    of_style, of_collections = cases_of_style(STYLE, 12, 0, "dev"), cases_of_collections("tarnmoor-help", 12, 0, "dev")
    cases = of_style if data == "generated" else of_collections
    fakes["answer-from-pages"].known.update({case.question.question: case.gold for case in cases})
    result = run(inputs, quiet)
    n = len(cases)
    first = [case.text(0).split("\n")[0].removeprefix("[1] ") for case in cases]
    assert result.of("base-clean", "right").values == (1.0,) * n
    assert result.of("tuned-clean", "right").values == (1.0,) * n
    assert result.of("tuned-distracted", "right").values == (1.0,) * n
    assert result.of("tuned-distracted", "misled").mean == 0
    assert result.of("base-distracted", "right").values == tuple(
        float(case.right(text)) for case, text in zip(cases, first, strict=True)
    )
    assert 0 < result.of("base-distracted", "right").mean < 1
    assert result.of("base-distracted", "misled").values == tuple(
        float(text != case.gold and case.misled(text)) for case, text in zip(cases, first, strict=True)
    )
    assert result.of("base-distracted", "misled").mean > 0
    assert result.of("other-adapter-distracted", "right").mean == 0
    prompts = [model.seen[-n:] for model in fakes.values()]
    assert prompts[0] == prompts[2]
    assert {turn[0] for turn in prompts[0]} == {("system", STYLE.system)}
    assert sorted(map(str, prompts[0])) == sorted(map(str, fakes["answer-from-pages"].seen[-n:]))
    assert [arm.id for arm in result.arms if arm.control] == ["other-adapter-distracted"]
    assert result.notes["adapter of tuned-clean"] == "sha of answer-from-pages"
    assert distractors.EXPERIMENT.read(json.loads(json.dumps(result.to_json()))) == result


@pytest.mark.parametrize(
    ("inputs", "says"),
    [
        (Inputs(data="memory"), "collections or generated, not about “memory”"),
        (Inputs(data="generated", split="train"), "dev or test, not from “train”"),
        (Inputs(split="train"), "dev or test, not from “train”"),
        (Inputs(data="generated", n=0), "Questions is 0"),
    ],
)
def test_inputs_that_cannot_work_are_refused(
    inputs: Inputs, says: str, fakes: dict[str | None, FakeModel], monkeypatch: pytest.MonkeyPatch
) -> None:
    no_models(monkeypatch)
    with pytest.raises(BadInput, match=says):
        run(inputs, quiet)


def test_a_missing_adapter_is_named_before_anything_is_asked() -> None:
    with pytest.raises(LabError, match="no adapter called “not-yet-trained”"):
        run(Inputs(data="generated", adapter="not-yet-trained"), quiet)
