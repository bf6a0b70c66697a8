"""Citations: one that is made up does not exist, one that is exchanged does not hold, and a refusal is not counted."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from lab.errors import BadInput
from lab.experiments import citation_check
from lab.experiments.citation_check import EXPERIMENT, Inputs, exists, holds, run
from lab.experiments.measured import Measured
from lab.experiments.parts.questions import draw, gold_hits
from lab.rag import decide
from lab.rag.citations import Citation
from lab.rag.collections import index_collection
from lab.rag.decide import Check
from lab.rag.support import answerable
from tests.experiments.fake_lab import no_models, quiet, quoting

NAME = "tarnmoor-help"


def citation_of(place: int) -> tuple[Citation, ...]:
    item = draw(NAME, 10, 0, "dev")[place]
    chunk = gold_hits(index_collection(NAME), item.question)[0].chunk
    return (Citation(1, chunk.document, chunk.start, chunk.end, chunk.text, 0.5),)


def measure(monkeypatch: pytest.MonkeyPatch, says: str | None = None) -> Measured:
    no_models(monkeypatch)
    model = quoting()
    if says is not None:
        model.reply = lambda messages: says
    monkeypatch.setattr(citation_check, "choose_model", lambda settings: model)
    return run(Inputs(n=16), quiet)


def test_a_citation_exists_when_its_document_says_it_at_that_place(monkeypatch: pytest.MonkeyPatch) -> None:
    no_models(monkeypatch)
    (cited,) = citation_of(0)
    item = draw(NAME, 10, 0, "dev")[0]
    assert exists([cited], NAME)
    assert holds([cited], NAME, item)
    for wrong in (
        replace(cited, text=cited.text.upper()),
        replace(cited, start=cited.start + 1, end=cited.end + 1),
        replace(cited, document="nowhere.md"),
    ):
        assert not exists([wrong], NAME)
        assert not exists([cited, wrong], NAME)
        assert not holds([wrong], NAME, item)
    assert not exists([cited], "fernwick-clinic")
    assert not holds(citation_of(1), NAME, item)
    assert not holds([], NAME, item)


def test_answers_that_repeat_a_passage_are_cited_and_exchanged_citations_do_not_hold(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    result = measure(monkeypatch)
    answered = result.of("looked-up", "cited").n
    assert 2 <= answered <= 16
    assert result.notes["refused"] == f"{16 - answered} of 16 questions"
    assert result.of("looked-up", "cited").mean == result.of("looked-up", "exists").mean == 1
    assert result.of("shuffled", "exists").mean == 1
    assert result.of("looked-up", "holds").mean >= 0.4
    assert result.of("shuffled", "holds").mean <= 0.2
    right = round(sum(result.of("looked-up", "holds").values))
    assert result.notes["right answers"] == f"{right}, and the passage cited holds the fact for {right} of them"


def test_an_answer_out_of_thin_air_has_no_citation_and_holds_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    result = measure(monkeypatch, "Seventeen purple elephants danced in Vienna.")
    assert result.of("looked-up", "cited").mean == result.of("looked-up", "holds").mean == 0
    assert result.of("looked-up", "exists").values == ()
    assert "no citation" in result.shown[0].text


def test_a_result_can_be_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    result = measure(monkeypatch)
    assert EXPERIMENT.read(json.loads(json.dumps(result.to_json()))) == result
    assert {row.arm for row in result.shown} == {"looked-up", "shuffled"}


def test_a_lab_that_refuses_everything_leaves_nothing_to_check(monkeypatch: pytest.MonkeyPatch) -> None:
    no_models(monkeypatch)
    monkeypatch.setattr(citation_check, "choose_model", lambda settings: quoting())
    monkeypatch.setitem(decide.CHECKS, "grader", Check("grader", "", "", lambda question, *_: answerable(question, ())))
    with pytest.raises(BadInput, match="Of 16 questions 0 were answered"):
        run(Inputs(n=16), quiet)
