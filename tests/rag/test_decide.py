"""Deciding whether to answer: by the grader or by the rule, and never without passages."""

from __future__ import annotations

import math

import pytest

from lab.errors import BadInput
from lab.rag.answer import AskOptions
from lab.rag.collections import index_collection
from lab.rag.decide import CHECKS, REFUSE, SURE, decide
from lab.rag.grader import grader as grading
from lab.rag.grader.grader import Grader
from lab.rag.index import Index
from lab.rag.retrieve import retrieve
from lab.rag.stream import ask
from lab.rag.support import AnswerabilityRule

ANSWERED = "How many days do I have to return a pair of boots?"
ELSEWHERE = "Which planet has the most moons?"


@pytest.fixture(scope="module")
def shop() -> Index:
    return index_collection("tarnmoor-help")


@pytest.mark.parametrize("check", CHECKS)
def test_a_plain_question_is_answered_and_a_foreign_one_refused_by_every_check(shop: Index, check: str) -> None:
    told = [decide(asked, retrieve(shop, asked, 10), shop, 1, check) for asked in (ANSWERED, ELSEWHERE)]
    assert [item.decision for item in told] == [True, False]
    assert told[0].sure
    assert told[1].reason
    assert told[0].score > told[1].score


def test_the_graders_bounds_are_the_ones_that_are_stated(shop: Index) -> None:
    told = decide(ANSWERED, retrieve(shop, ANSWERED, 10), shop, 1)
    assert REFUSE < SURE <= told.score


def test_without_passages_nothing_is_answered_whatever_the_check(shop: Index) -> None:
    for check in CHECKS:
        told = decide(ANSWERED, (), shop, 1, check)
        assert (told.decision, told.sure, told.score) == (False, False, -math.inf)
    with pytest.raises(BadInput, match="grader, rule"):
        decide(ANSWERED, (), shop, 1, "magic")


def test_in_doubt_means_refused_only_when_that_is_wanted(shop: Index, quoting_model: object) -> None:
    doubtful = AskOptions(check="rule", rule=AnswerabilityRule(threshold=0.0, sure=1000.0))
    answered = ask(ANSWERED, shop, quoting_model, doubtful)  # type: ignore[arg-type]
    assert answered.unsure
    assert not answered.abstained
    strict = AskOptions(check="rule", rule=doubtful.rule, abstain_unsure=True)
    assert ask(ANSWERED, shop, quoting_model, strict).abstained  # type: ignore[arg-type]


def test_a_pair_is_read_once_and_the_memory_has_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    grader = Grader()
    passages = [f"Opening hours: Gate {number} opens at {number} am." for number in range(1, 4)]
    first = grader.grade("When does gate 2 open?", passages, [0.5, 0.5, 0.5])
    monkeypatch.setattr(grader, "_cross", lambda *_: pytest.fail("it was read before"))
    assert grader.grade("When does gate 2 open?", passages, [0.5, 0.5, 0.5]) == first
    assert grader.grade("When does gate 2 open?", passages[:1], [0.9])[0] > first[0]  # the cosine still counts
    monkeypatch.undo()
    monkeypatch.setattr(grading, "KEPT_PAIRS", 2)
    grader.grade("When does gate 3 open?", passages, [0.5, 0.5, 0.5])
    assert len(grader._known) == 2
