"""Drawing questions, the passages that hold the answer, the lab's own prompt, and what counts as a refusal."""

from __future__ import annotations

from typing import Any

import pytest
from langchain_core.messages import BaseMessage
from pydantic import Field

from lab.errors import BadInput
from lab.experiments.parts.questions import (
    ALL,
    answer_from,
    collections_of,
    draw,
    gold_hits,
    in_turns,
    is_refusal,
    judge,
    swapped,
)
from lab.rag.answer import AskOptions
from lab.rag.collections import index_collection, list_collections
from lab.rag.measure import Question, is_right
from lab.rag.stream import ask
from tests.experiments.fake_lab import no_models, page_of, quoting
from tests.rag.conftest import ScriptedModel

QUESTION = Question("q", "How long?", ("60 days",), "returns.md")


def test_all_are_the_three_collections_and_a_name_is_itself() -> None:
    assert collections_of(ALL) == list_collections()
    assert collections_of("quillhaven-handbook") == ("quillhaven-handbook",)
    with pytest.raises(BadInput, match="no collection called “nowhere”"):
        collections_of("nowhere")


def test_the_seed_draws_so_many_and_keeps_their_order() -> None:
    everything = draw(ALL, 10_000, 0, "dev")
    drawn = draw(ALL, 20, 3, "dev")
    assert len(drawn) == 20
    assert drawn == tuple(item for item in everything if item in drawn)
    assert drawn == draw(ALL, 20, 3, "dev") != draw(ALL, 20, 4, "dev")
    assert all(len(item.question.parts) == 1 and item.gold == item.question.answers[0] for item in everything)
    assert {item.collection for item in everything} == set(list_collections())


def test_unanswerable_questions_have_no_gold() -> None:
    drawn = draw("tarnmoor-help", 10_000, 0, "dev", answerable=False)
    assert len(drawn) >= 10
    assert all(item.gold == "" and not item.question.is_answerable for item in drawn)


@pytest.mark.parametrize(
    ("n", "split", "says"),
    [(0, "dev", "0 questions cannot be asked"), (5, "train", "dev or test, not from “train”")],
)
def test_what_cannot_be_drawn_is_said(n: int, split: str, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        draw(ALL, n, 0, split)


def test_no_place_keeps_its_own() -> None:
    for count in (2, 3, 17):
        places = swapped(count, 0)
        assert sorted(places) == list(range(count))
        assert all(place != other for place, other in enumerate(places))
    assert swapped(17, 0) != swapped(17, 1)
    with pytest.raises(BadInput, match="choose at least 2"):
        swapped(1, 0)


@pytest.mark.parametrize(
    "text",
    [
        "I cannot find that in the documents.",
        "I'm not sure about that.",
        "I am unable to say.",
        "I don’t have any information on boots.",
        "The text does not mention a price.",
        "There is no information about it.",
        "The price is not stated.",
        "We do not know.",
    ],
)
def test_a_refusal_says_that_it_is_not_known(text: str) -> None:
    assert is_refusal(text)


@pytest.mark.parametrize(
    "text",
    [
        "Worn boots cannot be returned.",
        "We do not accept cash.",
        "You don't need a receipt.",
        "It does not include batteries.",
        "The shop is not open on Sundays.",
        "The text says this about it: 60 days.",
    ],
)
def test_a_rule_with_a_not_in_it_is_no_refusal(text: str) -> None:
    assert not is_refusal(text)


def test_an_answer_is_right_or_a_refusal_or_made_up() -> None:
    assert judge("It is 60 days.", QUESTION).right
    assert judge("I don't know, perhaps 60 days.", QUESTION).right
    assert judge("I don't know.", QUESTION).refused
    assert judge("It is 60 days.", QUESTION, abstained=True).refused
    verdict = judge("It is 90 days.", QUESTION)
    assert verdict.made_up
    assert not verdict.right
    assert not verdict.refused


class Noting(ScriptedModel):
    """Repeats its passages and notes what it is asked, however it is asked."""

    noted: list[tuple[list[tuple[str, str]], list[str] | None]] = Field(default_factory=list)

    def _note(self, messages: list[BaseMessage], stop: list[str] | None) -> None:
        self.noted.append(([(message.type, str(message.text)) for message in messages], stop))

    def _generate(self, messages: list[BaseMessage], stop: list[str] | None = None, *args: Any, **kwargs: Any) -> Any:
        self._note(messages, stop)
        return super()._generate(messages, stop, *args, **kwargs)

    def _stream(self, messages: list[BaseMessage], stop: list[str] | None = None, *args: Any, **kwargs: Any) -> Any:
        self._note(messages, stop)
        return super()._stream(messages, stop, *args, **kwargs)


@pytest.mark.parametrize("template", ["short", "instructed"])
def test_the_prompt_is_the_one_that_the_app_writes(monkeypatch: pytest.MonkeyPatch, template: str) -> None:
    no_models(monkeypatch)
    question = "How much does express delivery cost?"
    index, model = index_collection("tarnmoor-help"), Noting(reply=page_of)
    for k in (1, 3):
        answer = ask(question, index, model, AskOptions(k=k, template=template, abstain=False))
        assert answer_from(model, question, answer.hits, template) == answer.raw_text
        theirs, ours = model.noted[-2:]
        assert ours == theirs
        assert len(answer.hits) == k
    ask(question, None, model, AskOptions(rag=False))
    answer_from(model, question, ())
    assert model.noted[-2] == model.noted[-1] != theirs


def test_given_passages_stand_in_the_prompt_in_their_order_and_without_any_it_is_closed_book() -> None:
    model = quoting("Closed book.")
    assert (
        answer_from(model, "Which?", ["The first one.", "The second one."]) == "[1] The first one.\n[2] The second one."
    )
    assert answer_from(model, "Which?", ()) == "Closed book."
    with pytest.raises(BadInput, match="no prompt template “odd”"):
        answer_from(model, "Which?", ["One."], "odd")


def test_the_gold_passages_hold_the_answer_and_stand_in_its_document(monkeypatch: pytest.MonkeyPatch) -> None:
    no_models(monkeypatch)
    found = 0
    for item in draw("tarnmoor-help", 20, 0, "dev"):
        hits = gold_hits(index_collection("tarnmoor-help"), item.question)
        found += bool(hits)
        assert [hit.rank for hit in hits] == list(range(1, len(hits) + 1))
        assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
        for hit in hits:
            assert is_right(hit.chunk.text, item.question.answers)
            assert hit.chunk.document.endswith(item.question.document or "?")
    assert found >= 15


def test_work_is_done_in_order_and_reported_between() -> None:
    told: list[tuple[str, float]] = []
    done = in_turns(
        lambda number: number * 2, range(40), lambda what, share: told.append((what, share)), "twos", (0.5, 1)
    )
    assert done == [2 * number for number in range(40)]
    assert [what for what, _ in told] == ["twos: 1 and on of 40", "twos: 17 and on of 40", "twos: 33 and on of 40"]
    assert [share for _, share in told] == [0.5, 0.7, 0.9]
