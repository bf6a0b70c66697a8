"""The growing collection: the passages that answer stay in it, the rest is beside the point, and what is counted is found."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest

from lab.errors import BadInput
from lab.experiments import growing_collection
from lab.experiments.growing_collection import (
    EXPERIMENT,
    Inputs,
    is_found,
    look_up,
    order_passages,
    run,
    time_additions,
    time_search,
)
from lab.experiments.measured import Measured
from lab.experiments.parts import filler
from lab.experiments.parts.filler import make_passages
from lab.experiments.parts.questions import draw, gold_hits
from lab.rag.collections import index_collection
from lab.rag.index import Hit, Index
from lab.rag.measure import is_right
from tests.experiments.fake_lab import no_models, quiet

NAME = "tarnmoor-help"
SMALL = Inputs(small=100, medium=140, large=900, n=12)


@pytest.fixture(scope="module")
def result() -> Measured:
    with pytest.MonkeyPatch.context() as patch:
        no_models(patch)
        return run(SMALL, quiet)


def test_filler_is_different_passages_that_lie_one_after_the_other_in_their_documents() -> None:
    chunks = make_passages(3000, 0)
    assert len(chunks) == len({chunk.id for chunk in chunks}) == len({(c.title, c.text) for c in chunks}) == 3000
    assert all(chunk.end - chunk.start == len(chunk.text) for chunk in chunks)
    for document in {chunk.document for chunk in chunks}:
        places = [(chunk.start, chunk.end) for chunk in chunks if chunk.document == document]
        assert all(end < start for (_, end), (start, _) in pairwise(places))
    assert not any("{" in chunk.text for chunk in chunks)
    assert chunks[:50] == make_passages(50, 0) != make_passages(50, 1)


def test_as_many_passages_as_there_are_not_cannot_be_made_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filler, "_TRIES", 0)
    with pytest.raises(BadInput, match="30000 different passages cannot be made up"):
        make_passages(30_000, 0)


def test_gold_passages_come_first_then_the_collections_own_then_filler(monkeypatch: pytest.MonkeyPatch) -> None:
    no_models(monkeypatch)
    own = index_collection(NAME).chunks
    gold = own[5:8]
    passages = order_passages(own, gold, len(own) + 50, 0)
    assert passages[:3] == gold
    assert set(passages[: len(own)]) == set(own)
    assert passages[len(own) :] == make_passages(50, 0)
    assert order_passages(own, gold, 40, 0) == passages[:40]
    assert order_passages(own, gold, 40, 1) != passages[:40]


def test_found_is_among_the_first_three(monkeypatch: pytest.MonkeyPatch) -> None:
    no_models(monkeypatch)
    index = index_collection(NAME)
    item = draw(NAME, 1, 0, "dev")[0]
    gold = gold_hits(index, item.question)[:1]
    others = [hit for hit in look_up(index, "waterproof") if not is_right(hit.chunk.text, item.question)]
    assert is_found(index, item, [*others[:2], *gold])
    assert not is_found(index, item, [*others[:3], *gold])


def test_questions_are_found_at_every_size_and_not_by_other_words(result: Measured) -> None:
    small, medium, large = (result.of(arm, "found") for arm in ("small", "medium", "large"))
    assert small.n == medium.n == large.n >= 10
    assert small.mean >= medium.mean - 0.1
    assert large.mean >= 0.4
    assert result.of("shuffled", "found").mean <= 0.3 < small.mean
    assert [arm.label for arm in result.arms] == [
        "100 passages", "140 passages", "900 passages", "100 passages, another question's words",
    ]  # fmt: skip


def test_seconds_are_counted_for_every_size(result: Measured) -> None:
    for arm in ("small", "medium", "large"):
        assert result.of(arm, "search-seconds").n == min(12, result.of("small", "found").n)
        assert result.of(arm, "add-seconds").n == 3
        assert min(result.of(arm, "add-seconds").values) > 0
    assert not result.has("shuffled", "search-seconds")


def test_a_search_is_timed_with_the_question_in_other_letters_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    no_models(monkeypatch)
    index = index_collection(NAME)
    asked = draw(NAME, 3, 0, "dev")
    heard: list[str] = []

    def hear(index: Index, question: str) -> tuple[Hit, ...]:
        heard.append(question)
        return look_up(index, question)

    monkeypatch.setattr(growing_collection, "look_up", hear)
    assert all(len(time_search(index, asked, times)) == 3 for times in (0, 1, 2))
    assert len(set(heard)) == 9
    found = {question: [hit.chunk.id for hit in look_up(index, question)] for question in heard}
    assert all(found[question] == [hit.chunk.id for hit in look_up(index, question.strip())] for question in heard)


def test_what_was_added_is_looked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    no_models(monkeypatch)
    index = index_collection(NAME)
    fresh = make_passages(250, 0)
    found: list[str] = []

    def note(index: Index, question: str) -> tuple[Hit, ...]:
        hits = look_up(index, question)
        found.append(hits[0].chunk.text)
        return hits

    monkeypatch.setattr(growing_collection, "look_up", note)
    assert len(time_additions(index, fresh)) == 3
    assert found == [fresh[0].text, fresh[100].text, fresh[200].text]


def test_a_result_can_be_read_again(result: Measured) -> None:
    assert EXPERIMENT.read(json.loads(json.dumps(result.to_json()))) == result
    assert len(result.shown) == 20
    assert [arm.id for arm in result.arms if arm.control] == ["shuffled"]


@pytest.mark.parametrize(
    ("inputs", "says"),
    [
        (Inputs(small=600), "each must be larger than the one before"),
        (Inputs(small=50), "the first at least 100"),
        (Inputs(n=1), "1 of the questions can be asked"),
        (Inputs(collection="all"), "no collection called “all”"),
    ],
)
def test_inputs_that_cannot_work_are_refused(monkeypatch: pytest.MonkeyPatch, inputs: Inputs, says: str) -> None:
    no_models(monkeypatch)
    with pytest.raises(BadInput, match=says):
        run(inputs, quiet)


def test_a_small_index_must_have_room_for_every_gold_passage(monkeypatch: pytest.MonkeyPatch) -> None:
    no_models(monkeypatch)
    monkeypatch.setattr(growing_collection, "ADDED", 10)
    with pytest.raises(BadInput, match="Small is 10, and the questions need"):
        run(Inputs(small=10), quiet)
