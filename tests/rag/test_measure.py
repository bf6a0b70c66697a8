"""Measuring: marking by whole tokens, figures against other people's code, question files, a whole evaluation."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import ir_measures
import pytest
from ir_measures import RR, Qrel, ScoredDoc, Success
from langchain_core.messages import BaseMessage

from lab.errors import BadInput, LabError
from lab.rag.answer import AskOptions
from lab.rag.index import Index
from lab.rag.measure import (
    Question,
    bootstrap,
    evaluate,
    is_right,
    load_questions,
    paired_bootstrap,
    recall_at_k,
    reciprocal_rank,
    same_document,
)


@pytest.mark.parametrize(
    ("answer", "gold", "right"),
    [
        ("You have 5 days.", "5 days", True),
        ("You have 15 days.", "5 days", False),
        ("You have five days.", "5 days", True),
        ("It takes 5 working days.", "5 days", False),
        ("It is £ 8.50 [1]", "£8.50", True),
        ("It is £18.50.", "£8.50", False),
        ("It is £8.505", "£8.50", False),
        ("8.50 pounds", "£8.50", True),
        ("It closes at 17:00.", "5 pm", True),
        ("It closes at 5:00 p.m.", "17:00", True),
        ("It closes at 5 am.", "5 pm", False),
        ("Twelve per cent off", "12%", True),
        ("12 percent", "12 per cent", True),
        ("112%", "12%", False),
        ("the FELL\n lantern   project", "Fell Lantern Project", True),
        ("Hester Vane’s drawing", "Hester Vane", True),
        ("Esther Vane", "Hester Vane", False),
        ("Batch EK71", "EK7", False),
        ("3260 items", "3,260 items", True),
        ("twenty-one days", "21 days", True),
        ("thirty-one days", "1 days", False),
        ("A passage [5] says so.", "5", False),
        ("", "5", False),
        ("anything", "", False),
        ("anything", "…", False),
    ],
)
def test_an_answer_is_right_when_a_gold_string_is_in_it_as_whole_tokens(answer: str, gold: str, right: bool) -> None:
    assert is_right(answer, [gold]) is right


def test_any_gold_string_will_do_and_none_is_never_right() -> None:
    assert is_right("It lasts 60 days", ["two months", "60 days"])
    assert not is_right("It lasts 60 days", [])


def test_recall_and_mrr_equal_ir_measures() -> None:
    rng = random.Random(7)
    names = [f"d{number}.md" for number in range(12)]
    rankings = [rng.sample(names, 8) for _ in range(60)]
    golds = [rng.choice(names) for _ in range(60)]
    qrels = [Qrel(str(place), gold, 1) for place, gold in enumerate(golds)]
    run = [
        ScoredDoc(str(place), name, 100.0 - rank)
        for place, ranking in enumerate(rankings)
        for rank, name in enumerate(ranking)
    ]
    theirs = ir_measures.calc_aggregate([Success @ 1, Success @ 3, ir_measures.R @ 3, RR], qrels, run)
    pairs = list(zip(rankings, golds, strict=True))
    assert sum(recall_at_k(ranking, gold, 1) for ranking, gold in pairs) / 60 == pytest.approx(
        theirs[Success @ 1], abs=1e-9
    )
    ours = sum(recall_at_k(ranking, gold, 3) for ranking, gold in pairs) / 60
    assert ours == pytest.approx(theirs[Success @ 3], abs=1e-9)
    assert ours == pytest.approx(theirs[ir_measures.R @ 3], abs=1e-9)
    assert sum(reciprocal_rank(ranking, gold) for ranking, gold in pairs) / 60 == pytest.approx(theirs[RR], abs=1e-9)


def test_a_folder_before_the_name_makes_no_difference() -> None:
    assert same_document("documents/delivery.md", "delivery.md")
    assert not same_document("express-delivery.md", "delivery.md")
    assert not same_document("delivery.md", None)


def test_the_bootstrap_repeats_itself_and_holds_the_mean() -> None:
    values = [1.0, 0.0, 1.0, 1.0, 0.5]
    assert bootstrap(values, seed=3) == bootstrap(values, seed=3)
    low, high = bootstrap(values)
    assert low <= 0.7 <= high
    assert bootstrap([]) == (0.0, 1.0)


def test_two_systems_are_compared_question_by_question() -> None:
    better = paired_bootstrap([1.0] * 30 + [0.0] * 10, [0.0] * 30 + [0.0] * 10)
    assert better.difference == pytest.approx(0.75)
    assert 0.55 < better.low < 0.75 < better.high < 0.95
    assert (better.first_better, better.second_better) == (30, 0)
    same = paired_bootstrap([1, 0, 1], [1, 0, 1])
    assert (same.low, same.high) == (0, 0)
    with pytest.raises(BadInput, match="same questions on both sides: got 1 and 2"):
        paired_bootstrap([1], [1, 2])


GOOD = {"id": "a", "question": "Who?", "answers": ["Ann"], "document": "a.md", "kind": "single-fact"}


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "Line 2 of q.jsonl is not JSON"),
        ("[" * 100_000, "Line 2 of q.jsonl is not JSON"),
        ("[]", "Line 2 of q.jsonl is not an object"),
        (json.dumps({"id": "b", "question": "x"}), "Line 2 of q.jsonl has no “answers”"),
        (json.dumps({**GOOD, "id": "a"}), "Line 2 of q.jsonl has the id “a” of line 1"),
        (json.dumps({**GOOD, "id": ""}), "“id” must be a text"),
        (json.dumps({**GOOD, "id": "b", "question": 5}), "“question” must be a text"),
        (json.dumps({**GOOD, "id": "b", "question": " "}), "Line 2 of q.jsonl: The question is empty"),
        (json.dumps({**GOOD, "id": "b", "answers": "Ann"}), "“answers” must be a list of texts"),
        (json.dumps({**GOOD, "id": "b", "answers": [""]}), "“answers” must be a list of texts"),
        (json.dumps({**GOOD, "id": "b", "document": None}), "has answers but no “document”"),
        (json.dumps({**GOOD, "id": "b", "document": 5}), "“document” must be a file's name, or null"),
        (json.dumps({**GOOD, "id": "b", "kind": 5}), "“kind” must be a text"),
    ],
)
def test_a_malformed_question_names_its_line(tmp_path: Path, line: str, message: str) -> None:
    path = tmp_path / "q.jsonl"
    path.write_text(json.dumps(GOOD) + "\n" + line + "\n")
    with pytest.raises(BadInput) as error:
        load_questions(path)
    assert message in str(error.value)


def test_a_question_file_is_read_and_a_missing_or_empty_one_says_so(tmp_path: Path) -> None:
    path = tmp_path / "q.jsonl"
    unanswerable = {"id": 7, "question": "Why?", "answers": [], "document": None, "kind": "unanswerable"}
    path.write_text(f"\ufeff{json.dumps(GOOD)}\r\n\r\n{json.dumps(unanswerable)}\n", encoding="utf-8")
    first, second = load_questions(path)
    assert first == Question("a", "Who?", ("Ann",), "a.md", "single-fact")
    assert (second.id, second.is_answerable) == ("7", False)
    path.write_text("\n")
    with pytest.raises(BadInput, match="holds no questions"):
        load_questions(path)
    path.write_bytes(b"\xff")
    with pytest.raises(BadInput, match="is not UTF-8"):
        load_questions(path)
    with pytest.raises(BadInput, match="cannot be read: No such file"):
        load_questions(tmp_path / "gone.jsonl")


QUESTIONS = (
    Question("q1", "Within how many days can boots be returned?", ("60 days",), "returns.md", "single-fact"),
    Question("q2", "How much does express delivery cost?", ("£8.50",), "delivery.md", "single-fact"),
    Question("q3", "Who is the manager at Harrowby Quay?", ("Delphine Marsh",), "people.txt", "single-fact"),
    Question("q4", "What does standard delivery cost?", ("£4",), "delivery.md", "paraphrase"),
    Question("q5", "Zebra xylophone quantum?", (), None, "unanswerable"),
    Question("q6", "How much does express delivery to islands cost?", (), None, "unanswerable"),
)


def test_an_evaluation_reports_answerable_and_unanswerable_apart(index: Index, quoting_model: Any) -> None:
    seen: list[tuple[int, int]] = []
    result = evaluate(
        index, QUESTIONS, quoting_model, AskOptions(), report=lambda done, total: seen.append((done, total))
    )
    assert (result.n, result.n_answerable, result.n_unanswerable) == (6, 4, 2)
    assert result.recall_at_1 == 1.0
    assert result.mrr == 1.0
    assert result.counts["answer_accuracy"] == (3, 4)
    assert [row.question.id for row in result.rows] == ["q1", "q2", "q3", "q4", "q5", "q6"]
    assert [row.right for row in result.rows] == [True, True, True, False, None, None]
    assert result.rows[4].answer is not None
    assert result.rows[4].answer.abstained
    assert result.abstention_recall in (0.5, 1.0)
    assert result.citation_precision == 1.0
    assert seen[-1] == (6, 6)
    assert result.by_kind["single-fact"] == {"n": 3, "right": 3, "abstained": 0}
    plain = json.loads(json.dumps(result.to_json()))
    assert plain["intervals"]["answer_accuracy"] == pytest.approx([0.3006, 0.9544], abs=1e-3)
    assert {"id", "question", "answer", "abstained", "retrieved", "citations"} <= set(plain["rows"][0])
    assert plain["rows"][0]["retrieved"][0] == "returns.md"
    assert len(set(plain["rows"][0]["retrieved"])) == len(plain["rows"][0]["retrieved"])


def test_an_evaluation_twice_gives_the_same_figures(index: Index, quoting_model: Any) -> None:
    def figures() -> dict[str, Any]:
        plain = evaluate(index, QUESTIONS, quoting_model).to_json()
        assert plain.pop("mean_seconds") > 0  # a clock's word, and no two are alike
        assert all(row.pop("seconds") > 0 for row in plain["rows"])
        return plain

    assert figures() == figures()


def test_figures_that_are_not_defined_are_null(index: Index, make_model: Callable[..., Any]) -> None:
    only_unanswerable = evaluate(index, QUESTIONS[4:], make_model("No idea."), AskOptions(abstain=False))
    assert only_unanswerable.recall_at_1 is None
    assert only_unanswerable.mrr is None
    assert only_unanswerable.answer_accuracy is None
    assert only_unanswerable.abstention_precision is None  # nothing was refused
    assert only_unanswerable.abstention_recall == 0.0
    assert only_unanswerable.citation_precision is None
    assert only_unanswerable.intervals["recall_at_1"] is None
    retrieval_only = evaluate(index, QUESTIONS, None)
    assert retrieval_only.answer_accuracy is None
    assert retrieval_only.abstention_recall is None
    assert retrieval_only.recall_at_3 == 1.0


def test_an_evaluation_can_be_stopped_and_keeps_what_was_done(index: Index, quoting_model: Any) -> None:
    result = evaluate(index, QUESTIONS, quoting_model, should_stop=lambda: True)
    assert result.stopped
    assert result.n == 0


def test_a_models_error_comes_out_as_it_is(index: Index, make_model: Callable[..., Any]) -> None:
    model = make_model("x")

    def fail(_: list[BaseMessage]) -> str:
        raise LabError("The model is not there.")

    model.reply = fail
    with pytest.raises(LabError, match="The model is not there"):
        evaluate(index, QUESTIONS, model, AskOptions(abstain=False))
