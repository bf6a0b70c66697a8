"""Two evaluations side by side, what went wrong where, and whether the unanswerable questions are a fair test."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from lab.errors import BadInput
from lab.rag.answer import Answer, AskOptions
from lab.rag.documents import Document
from lab.rag.index import Index
from lab.rag.measure import (
    FAILURES,
    Part,
    Question,
    Row,
    compare,
    evaluate,
    find_failure,
    gold_removed,
    is_right,
    measure_gold_removed,
    question_only_gate,
    safe_cell,
    summarise,
)
from lab.rag.measure.evaluation import look_up
from lab.rag.measure.unanswerable import auroc_interval
from lab.rag.retrieve import RETRIEVERS
from lab.rag.split import Chunk, Passage

QUESTIONS = (
    Question("q1", "Within how many days can boots be returned?", ("60 days",), "returns.md", "single-fact"),
    Question("q2", "How much does express delivery cost?", ("£8.50",), "delivery.md", "single-fact"),
    Question(
        "q3", "What is taken off a refund, and who is the manager at Harrowby Quay?", kind="several-documents",
        parts=(Part("returns.md", ("£3.95",)), Part("people.txt", ("Delphine Marsh",))),
    ),
    Question("q4", "What colour are the moon's mountains?", (), None, "unanswerable"),
)  # fmt: skip


def make_answer(text: str, *, abstained: bool = False, **told: Any) -> Answer:
    return Answer(
        question="?", text=text, raw_text=text, abstained=abstained, unsure=False, unsupported=False, stopped=False,
        reason="", citations=(), sentences=(), hits=(), left_out=(), parts=(), prompt="", provenance=told, seconds={"total": 0.5},
    )  # fmt: skip


def make_row(number: int, right: bool | None, *, refused: bool = False, **fields: Any) -> Row:
    """A made-up outcome: right or not where there is an answer (None: there is none), refused or not."""
    answers = () if right is None else ("yes",)
    question = Question(f"q{number}", f"Question {number}?", answers, "a.md" if answers else None, "made-up")
    answer = make_answer("yes" if right else "no", abstained=refused, tokens_in=10 + number, tokens_out=3)
    scores = dict.fromkeys(
        ("recall_at_1", "recall_at_3", "mrr", "document_ndcg_at_10", "passage_recall_at_1", "passage_recall_at_3",
         "passage_recall_at_5", "passage_mrr", "ndcg_at_10", "passage_precision_at_k"), float(bool(right)),
    )  # fmt: skip
    found = None if right is None else right
    failure = find_failure(question, answer, right, found)
    row = Row(question, ("a.md",), 1, answer, right, found, scores if answers else {}, failure)
    return dataclasses.replace(row, **fields)


def test_a_part_that_was_not_found_is_the_fault_of_retrieval(index: Index, quoting_model: Any) -> None:
    one = evaluate(index, QUESTIONS, quoting_model, AskOptions(k=1, abstain=False, retriever="dense", divide=False))
    row = one.rows[2]
    assert row.found is False
    assert row.failure == "retrieval"
    assert row.scores["passage_recall_at_1"] == 0.5
    assert row.scores["recall_at_1"] == 0.5
    assert one.counts["passage_recall_at_1"] == (3, 4)
    assert one.passage_recall_at_1 == pytest.approx((1 + 1 + 0.5) / 3)
    both = evaluate(index, QUESTIONS, quoting_model, AskOptions(k=4, abstain=False, retriever="dense"))
    assert both.rows[2].found is True
    assert both.rows[2].scores["passage_precision_at_k"] == 0.5
    assert both.rows[3].failure == "answered-unanswerable"
    assert both.failures["answered-unanswerable"] == 1


def test_every_question_that_went_wrong_is_put_down_to_one_stage(index: Index, make_model: Callable[..., Any]) -> None:
    wrong = evaluate(index, QUESTIONS[:2], make_model("It is 12."), AskOptions(abstain=False))
    assert [row.failure for row in wrong.rows] == ["generation", "generation"]
    refusing = make_model("Zebras dance on violet xylophones.")  # no passage supports it, so it is taken back
    refused = evaluate(index, QUESTIONS[:2], refusing, AskOptions(abstain=False, abstain_unsupported=True))
    assert [row.failure for row in refused.rows] == ["refused", "refused"]
    closed = evaluate(index, QUESTIONS[:2], make_model("It is 12."), AskOptions(rag=False))
    assert [row.failure for row in closed.rows] == ["generation", "generation"]
    assert closed.provenance["rag"] is False
    alone = evaluate(index, QUESTIONS, None, AskOptions(k=1, retriever="dense"))
    assert [row.failure for row in alone.rows] == [None, None, "retrieval", None]
    assert set(alone.failures) == set(FAILURES)


def test_a_threshold_that_nothing_reaches_is_a_failed_retrieval_and_no_crash(
    index: Index, make_model: Callable[..., Any]
) -> None:
    model = make_model("It is 12.")
    result = evaluate(index, QUESTIONS, model, AskOptions(abstain=False, threshold=0.999))
    assert [row.failure for row in result.rows] == ["retrieval", "retrieval", "retrieval", None]
    assert all(row.refused for row in result.rows)
    assert model.calls == []
    assert (result.mrr, result.ndcg_at_10, result.passage_recall_at_5) == (0, 0, 0)
    assert evaluate(index, QUESTIONS, None, AskOptions(threshold=0.999)).failures["retrieval"] == 3
    assert measure_gold_removed(index, QUESTIONS, None, AskOptions(abstain=False, threshold=0.999)).rate == 1.0


def test_what_is_measured_first_is_what_an_answer_reads_first(index: Index, quoting_model: Any) -> None:
    for retriever in RETRIEVERS:
        options = AskOptions(k=2, retriever=retriever, abstain=False, divide=False)
        for row in evaluate(index, QUESTIONS, quoting_model, options).rows:
            if row.answer and row.answer.hits and row.question.is_answerable:
                found = look_up(index, row.question.question, options)
                assert [hit.chunk.id for hit in found[:2]] == [hit.chunk.id for hit in row.answer.hits]
                assert len({hit.chunk.id for hit in found}) == len(found)


def test_small_to_big_is_judged_by_what_the_model_reads(embedder: Any) -> None:
    text = "Boots are sold here. They cost £60. Maps are free."
    parent = Passage(0, 35, text[:35])
    spans = ((0, 20, parent), (21, 35, parent), (36, 50, None))
    chunks = [Chunk(f"a#{a}", "a.md", "Shop", (), a, b, text[a:b], parent=around) for a, b, around in spans]
    index = Index.build(chunks, embedder)
    question = Question("q", "Which boots are sold here?", ("£60",), "a.md")
    (row,) = evaluate(index, [question], None, AskOptions(k=1, retriever="dense")).rows
    assert row.passage_rank == 1  # the sentence found does not hold it, the paragraph that is read does
    assert row.scores["ndcg_at_10"] == 1.0  # two chunks of one paragraph are one passage
    assert [len(reduced) for _, reduced in gold_removed(index, [question])] == [1]


def test_new_figures_have_values_and_intervals(index: Index, quoting_model: Any) -> None:
    quoting_model.metadata = {"provenance": {"model": "scripted", "tokens_in": 40, "tokens_out": 8}}
    result = evaluate(index, QUESTIONS, quoting_model, AskOptions(divide=False))
    plain = json.loads(json.dumps(result.to_json()))
    for name in ("ndcg_at_10", "passage_mrr", "passage_recall_at_5", "abstention_f1", "document_ndcg_at_10"):
        low, high = plain["intervals"][name]
        assert 0 <= low <= plain[name] <= high <= 1
    assert (plain["mean_tokens_in"], plain["mean_tokens_out"]) == (40, 8)
    assert plain["mean_seconds"] > 0
    assert plain["rows"][2]["parts"][1] == {"document": "people.txt", "answers": ["Delphine Marsh"]}
    assert {"failure", "scores", "tokens_in", "seconds"} <= set(plain["rows"][0])
    assert plain["provenance"]["retriever"] == AskOptions().retriever
    assert plain["provenance"]["index"] == index.fingerprint


def test_abstention_f1_is_the_harmonic_mean_of_precision_and_recall() -> None:
    rows = [make_row(1, True), make_row(2, False, refused=True), make_row(3, None, refused=True),
            make_row(4, None, refused=True), make_row(5, None)]  # fmt: skip
    result = summarise(rows)
    assert result.abstention_precision == pytest.approx(2 / 3)
    assert result.abstention_recall == pytest.approx(2 / 3)
    assert result.abstention_f1 == pytest.approx(2 / 3)
    assert summarise(rows[:2]).abstention_f1 is None


def two_sides(first_right: Sequence[bool], second_right: Sequence[bool]) -> Any:
    first, second = (
        summarise([make_row(number, right) for number, right in enumerate(side)])
        for side in (first_right, second_right)
    )
    return compare(first, second, names=("small chunks", "large chunks"))


def test_a_clear_lead_is_told_with_its_count_and_interval() -> None:
    found = two_sides([True] * 20 + [False] * 24, [True] * 30 + [False] * 14)
    accuracy = found.difference("answer_accuracy")
    assert accuracy.winner == "large chunks"
    assert accuracy.difference == pytest.approx(10 / 44)
    assert 0 < accuracy.low < accuracy.difference < accuracy.high
    assert (accuracy.first_ahead, accuracy.second_ahead) == (0, 10)
    assert accuracy.sign_p == pytest.approx(2 / 2**10)
    assert accuracy.verdict.startswith("large chunks answers 10 more of 44 questions right; the interval ")
    assert accuracy.verdict.endswith("points leaves out 0.")
    assert found.only_second == tuple(f"q{number}" for number in range(20, 30))
    assert found.only_first == ()
    assert found.moves == {("retrieval", ""): found.only_second}
    assert [side["retrieval"] for side in found.failures] == [24, 14]


def test_the_same_lead_the_other_way_round_is_the_mirror_image() -> None:
    one, two = [True] * 20 + [False] * 24, [True] * 30 + [False] * 14
    there, back = (found.difference("answer_accuracy") for found in (two_sides(one, two), two_sides(two, one)))
    assert back.difference == -there.difference
    assert back.winner == "small chunks"
    assert back.verdict == there.verdict.replace("large", "small")


def test_a_small_lead_cannot_be_told_apart() -> None:
    found = two_sides([True, False] * 20, [True, False] * 18 + [False, True, True, True])
    assert found.difference("answer_accuracy").winner is None
    assert "cannot be told apart" in found.summary
    assert "holds 0" in found.summary
    level = two_sides([True, False] * 20, [False, True] * 20)
    assert "come out level and cannot be told apart" in level.summary
    same = two_sides([True, False], [True, False])
    assert same.summary == "small chunks and large chunks are the same here, on all 2 questions."


def test_a_lead_on_a_handful_of_questions_is_told_with_a_warning() -> None:
    found = two_sides([True] * 40 + [False] * 4, [True] * 44)
    assert found.difference("answer_accuracy").winner == "large chunks"
    assert "only 4 questions differ, which is too few to rely on" in found.summary


def test_fewer_seconds_and_tokens_are_better() -> None:
    first = [make_row(number, True) for number in range(12)]
    quick = [
        dataclasses.replace(row, answer=dataclasses.replace(row.answer, seconds={"total": 0.1 + place / 100}))
        for place, row in enumerate(first)
        if row.answer
    ]
    seconds = compare(summarise(first), summarise(quick)).difference("mean_seconds")
    assert seconds is not None
    assert seconds.winner == "B"
    assert seconds.difference < 0
    assert seconds.verdict.startswith("B is quicker by 0.34 s over 12 questions; the interval 0.3")
    back = compare(summarise(quick), summarise(first)).difference("mean_seconds")
    assert back is not None
    assert back.winner == "A"


def test_a_comparison_is_deterministic_and_says_how_it_was_made(index: Index, quoting_model: Any) -> None:
    one = evaluate(index, QUESTIONS, quoting_model, AskOptions(k=1))
    two = evaluate(index, QUESTIONS, quoting_model, AskOptions(k=3, abstain=False))
    first, second = (compare(one, two, resamples=500, seed=3).to_json() for _ in range(2))
    assert first == second
    assert json.loads(json.dumps(first))["bootstrap"] == {
        "resamples": 500, "seed": 3, "interval": 0.95, "unit": "question",
    }  # fmt: skip
    assert [side["k"] for side in first["settings"]] == [1, 3]
    assert {item["metric"] for item in first["differences"]} >= {"answer_accuracy", "ndcg_at_10", "abstention_recall"}
    assert len(first["rows"]) == 4


def test_retrieval_alone_is_compared_by_the_passages_found(index: Index) -> None:
    one, two = (evaluate(index, QUESTIONS, None, AskOptions(k=k, retriever="dense")) for k in (1, 4))
    found = compare(one, two)
    assert found.basis == "passage"
    assert found.only_second == ("q3",)
    assert found.difference("answer_accuracy") is None
    assert found.difference("passage_recall_at_1") is not None


def test_different_questions_are_not_compared() -> None:
    one, two = summarise([make_row(1, True)]), summarise([make_row(1, True), make_row(2, True)])
    with pytest.raises(BadInput, match=r"“A” has 1 questions and “B” has 2.*“q2” is on one side only"):
        compare(one, two)
    other = make_row(1, True)
    changed = dataclasses.replace(other, question=dataclasses.replace(other.question, question="Something else?"))
    with pytest.raises(BadInput, match="“q1” does not read the same on both sides"):
        compare(one, summarise([changed]))
    with pytest.raises(BadInput, match="nothing to compare"):
        compare(summarise([]), summarise([]))


def test_the_csv_has_one_line_a_question_and_no_cell_that_a_spreadsheet_would_run() -> None:
    row = make_row(1, True)
    assert row.answer is not None
    bad = dataclasses.replace(
        row,
        question=Question("=1", "@SUM(A1), or\r\nnot?", ("-2+3",), "+a.md", "\t=kind"),
        answer=dataclasses.replace(row.answer, text='=HYPERLINK("x")\nand “more”, too'),
    )
    other = make_row(2, False)
    text = compare(summarise([bad, other]), summarise([bad, other]), names=("=A", "B")).to_csv()
    lines = list(csv.reader(io.StringIO(text)))
    assert len(text.splitlines()) == len(lines) == 3
    assert lines[0][:6] == ["id", "kind", "question", "documents", "answers", "'=A: won"]
    assert lines[1][:5] == ["'=1", "'=kind", "'@SUM(A1), or not?", "'+a.md", "'-2+3"]
    assert lines[1][10] == '\'=HYPERLINK("x") and “more”, too'
    assert lines[2][5:10] == ["no", "no", "retrieval", "no", "1"]
    for line in lines:
        assert len(line) == len(lines[0])
        assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in line)
    assert safe_cell(None) == ""


# ── Unanswerable questions ────────────────────────────────────────────────────────────────────────────────────────────


def many(pattern: str, words: Sequence[str], *, answerable: bool) -> list[Question]:
    answers = ("5",) if answerable else ()
    return [Question(f"{pattern}-{word}", pattern.format(word), answers, "a.md" if answers else None) for word in words]


THINGS = "boots tents stoves maps ropes lamps socks gloves hats packs poles mats".split()


def test_unanswerable_questions_of_another_kind_are_found_out_by_their_wording() -> None:
    odd = many("Which planet is famous for its {}?", THINGS[:6], answerable=False)
    plain = many("How much do the {} cost in your shop?", THINGS, answerable=True)
    gate = question_only_gate([*plain, *odd], [*plain[:2], *odd[:2]])
    assert gate.auroc > 0.95
    assert gate.test_auroc == 1.0
    assert not gate.passed
    assert "Write unanswerable questions that ask like the answerable ones" in gate.sentence
    assert gate == question_only_gate([*plain, *odd], [*plain[:2], *odd[:2]])
    json.dumps(gate.to_json())


def test_unanswerable_questions_asked_like_the_others_pass_the_gate() -> None:
    mixed = [*many("How much do {} cost?", THINGS[::2], answerable=True)]
    mixed += many("How much do {} cost?", THINGS[1::2], answerable=False)
    gate = question_only_gate(mixed)
    assert gate.auroc <= 0.6
    assert gate.passed
    assert gate.test_auroc is None
    low, high = gate.interval
    assert low < gate.auroc < high


def test_the_gate_needs_both_sorts() -> None:
    with pytest.raises(BadInput, match="6 answerable and 0 unanswerable"):
        question_only_gate(many("{}?", THINGS[:6], answerable=True))
    both = [*many("{}?", THINGS[:6], answerable=True), *many("no {}?", THINGS[:6], answerable=False)]
    with pytest.raises(BadInput, match="all of one sort"):
        question_only_gate(both, both[:2])


def test_the_auroc_interval_equals_the_published_formula() -> None:
    # Hanley & McNeil (1982): area .893 with 51 abnormal and 58 normal cases has a standard error of .0326 or so.
    low, high = auroc_interval(0.893, 51, 58)
    assert (high - low) / (2 * 1.96) == pytest.approx(0.032, abs=0.001)
    assert auroc_interval(1.0, 5, 5) == (1.0, 1.0)


def test_the_gold_passage_is_gone_and_everything_else_is_there(index: Index, embedder: Any) -> None:
    embedded = len(embedder.batches)
    reduced = {question.id: smaller for question, smaller in gold_removed(index, QUESTIONS)}
    assert list(reduced) == ["q1", "q2", "q3"]
    for question in QUESTIONS[:3]:
        chunks = reduced[question.id].chunks
        golds = [gold for part in question.parts for gold in part.answers]
        assert not any(is_right(chunk.text, golds) for chunk in chunks)
        gone = [chunk for chunk in index.chunks if chunk not in chunks]
        assert gone
        assert all(is_right(chunk.text, golds) for chunk in gone)
    assert len(embedder.batches) == embedded
    hits = reduced["q1"].search(QUESTIONS[0].question, 10)
    assert len(hits) == len(reduced["q1"])


def test_refusals_without_the_gold_passage_are_counted_with_their_interval(
    index: Index, make_model: Callable[..., Any]
) -> None:
    seen: list[tuple[int, int]] = []
    strict = measure_gold_removed(index, QUESTIONS, report=lambda done, total: seen.append((done, total)))
    assert strict.n == 3
    assert strict.interval is not None
    assert strict.interval[0] <= (strict.rate or 0) <= strict.interval[1]
    assert seen == [(1, 3), (2, 3), (3, 3)]
    never = measure_gold_removed(index, QUESTIONS, make_model("It is 12."), AskOptions(abstain=False))
    assert (never.refused, never.rate, never.answered) == (0, 0.0, ("q1", "q2", "q3"))
    assert measure_gold_removed(index, QUESTIONS, None, AskOptions(abstain=False)).refused == 0
    with_model = measure_gold_removed(index, QUESTIONS, make_model("It is 12."))
    assert with_model == strict
    assert measure_gold_removed(index, QUESTIONS[3:]).rate is None


def test_a_document_of_two_gold_strings_counts_once(documents: tuple[Document, ...], index: Index) -> None:
    question = Question(
        "q", "How long may boots be returned, and what is taken off?",
        parts=(Part("returns.md", ("60 days",)), Part("returns.md", ("£3.95",))),
    )  # fmt: skip
    assert question.documents == ("returns.md",)
    (row,) = evaluate(index, [question], None, AskOptions(k=4)).rows
    assert row.scores["recall_at_3"] == 1.0
    assert row.scores["passage_recall_at_5"] == 1.0
