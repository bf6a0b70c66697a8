"""How well looking up works: marking answers, recall and MRR, intervals, and a whole evaluation over a question file."""

from __future__ import annotations

import json
import math
import random
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lab.errors import BadInput
from lab.rag.answer import Answer, AskOptions, ask, check_question
from lab.rag.retrieve import retrieve
from lab.rag.words import occurs, tokens
from lab.statistics import wilson

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from lab.rag.index import Hit, Index

THREADS = 16  # questions in flight, so that the engine shares decode steps between them
DEPTH = 10  # documents kept in a row's ranking; the gold document further down counts as not found

Interval = tuple[float, float]


# ── Marking ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def normalise(text: str) -> str:
    """The canonical form that answers are compared in: `words.tokens` with one space between."""
    return " ".join(tokens(text))


def is_right(answer: str, gold_strings: Iterable[str]) -> bool:
    """Whether a gold string occurs in the answer as whole tokens, both normalised: “5 days” is not in “15 days”.

    Citation marks such as [1] are no part of the answer. False when there is no gold string.
    """
    given = tokens(re.sub(r"\[\d{1,2}\]", " ", answer))
    return any(occurs(tokens(gold), given) for gold in gold_strings)


# ── Figures ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def bootstrap(values: Sequence[float], *, resamples: int = 2000, seed: int = 0) -> Interval:
    """The 95 % percentile-bootstrap interval of the mean (Efron & Tibshirani 1993); deterministic for a seed."""
    if not values:
        return 0.0, 1.0
    rng = random.Random(seed)
    n = len(values)
    means = sorted(sum(rng.choices(values, k=n)) / n for _ in range(resamples))
    return means[int(0.025 * (resamples - 1))], means[math.ceil(0.975 * (resamples - 1))]


@dataclass(frozen=True)
class PairedDifference:
    """first − second on the same n questions: the mean, its 95 % interval, and how often either was ahead."""

    n: int
    difference: float
    low: float
    high: float
    first_better: int
    second_better: int


def paired_bootstrap(
    first: Sequence[float], second: Sequence[float], *, resamples: int = 10_000, seed: int = 0
) -> PairedDifference:
    """Two systems' scores on the same questions, in the same order → the difference of their means with its interval.

    Questions are resampled, not answers, so that hard questions count against both alike (Koehn 2004). Raises BadInput
    when the two are not of one length or empty.
    """
    if len(first) != len(second) or not first:
        raise BadInput(
            f"A paired comparison needs the same questions on both sides: got {len(first)} and {len(second)}."
        )
    gaps = [float(a) - float(b) for a, b in zip(first, second, strict=True)]
    low, high = bootstrap(gaps, resamples=resamples, seed=seed)
    return PairedDifference(
        len(gaps), sum(gaps) / len(gaps), low, high, sum(gap > 0 for gap in gaps), sum(gap < 0 for gap in gaps)
    )


def same_document(name: str, gold: str | None) -> bool:
    """Whether a document's name is the gold one; a folder before it makes no difference (documents/delivery.md)."""
    return gold is not None and (name == gold or name.endswith(f"/{gold}"))


def recall_at_k(retrieved: Sequence[str], gold: str, k: int) -> float:
    """1.0 when the gold document is among the first k of a ranking of distinct documents, else 0.0."""
    return float(any(same_document(name, gold) for name in retrieved[:k]))


def reciprocal_rank(retrieved: Sequence[str], gold: str) -> float:
    """1 over the gold document's rank in a ranking of distinct documents, 0.0 when it is not there."""
    return next((1 / rank for rank, name in enumerate(retrieved, start=1) if same_document(name, gold)), 0.0)


def rank_documents(hits: Sequence[Hit], depth: int = DEPTH) -> tuple[str, ...]:
    """Passages in order → their distinct documents in order of each one's best passage, at most `depth`."""
    return tuple(dict.fromkeys(hit.chunk.document for hit in hits))[:depth]


# ── Questions ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Question:
    """One line of a question file; `answers` is empty and `document` None when the documents do not hold the answer."""

    id: str
    question: str
    answers: tuple[str, ...]
    document: str | None
    kind: str

    @property
    def is_answerable(self) -> bool:
        """Whether the documents hold an answer."""
        return bool(self.answers)


def load_questions(path: Path) -> tuple[Question, ...]:
    """Read JSONL {"id", "question", "answers": […], "document", "kind"}; blank lines are passed over.

    Raises BadInput that names the line when one is malformed, and when the file is missing, not UTF-8 or empty.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise BadInput(f"The question file {path} cannot be read: {error.strerror or error}.") from None
    except UnicodeDecodeError as error:
        raise BadInput(f"The question file {path} is not UTF-8 text (first bad byte at {error.start}).") from None
    questions: list[Question] = []
    lines_by_id: dict[str, int] = {}
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        question = _read_question(line, f"Line {number} of {path.name}")
        if question.id in lines_by_id:
            raise BadInput(
                f"Line {number} of {path.name} has the id “{question.id}” of line {lines_by_id[question.id]}."
            )
        lines_by_id[question.id] = number
        questions.append(question)
    if not questions:
        raise BadInput(f"The question file {path} holds no questions.")
    return tuple(questions)


def _read_question(line: str, where: str) -> Question:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        detail = error.msg if isinstance(error, json.JSONDecodeError) else "nested too deeply"
        raise BadInput(f"{where} is not JSON: {detail}.") from None
    if not isinstance(record, dict):
        raise BadInput(f"{where} is not an object with id, question, answers, document and kind.")
    for key in ("id", "question", "answers"):
        if key not in record:
            raise BadInput(f"{where} has no “{key}”.")
    answers, document, kind = record["answers"], record.get("document"), record.get("kind", "")
    if not isinstance(record["id"], str | int) or isinstance(record["id"], bool) or record["id"] == "":
        raise BadInput(f"{where}: “id” must be a text that is not empty.")
    if not isinstance(record["question"], str):
        raise BadInput(f"{where}: “question” must be a text.")
    if not isinstance(answers, list) or not all(isinstance(gold, str) and tokens(gold) for gold in answers):
        raise BadInput(f"{where}: “answers” must be a list of texts, none of them empty ([] when there is no answer).")
    if document is not None and not isinstance(document, str):
        raise BadInput(f"{where}: “document” must be a file's name, or null.")
    if answers and not document:
        raise BadInput(f"{where} has answers but no “document” that holds them.")
    if not isinstance(kind, str):
        raise BadInput(f"{where}: “kind” must be a text.")
    try:
        question = check_question(record["question"])
    except BadInput as error:
        raise BadInput(f"{where}: {error}") from None
    return Question(str(record["id"]), question, tuple(answers), document or None, kind)


# ── Evaluation ────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Row:
    """One question's outcome. `right` is None for a question that has no answer; `answer` is "" without a model."""

    question: Question
    retrieved: tuple[str, ...]
    passage_rank: int | None  # of the first passage of the gold document that holds a gold string
    answer: Answer | None
    right: bool | None

    def to_json(self) -> dict[str, Any]:
        """A plain dictionary, as a row of `python -m lab evaluate --json`."""
        answer = self.answer
        return {
            "id": self.question.id,
            "question": self.question.question,
            "kind": self.question.kind,
            "answers": list(self.question.answers),
            "document": self.question.document,
            "answer": answer.text if answer else "",
            "raw_answer": answer.raw_text if answer else "",
            "abstained": answer.abstained if answer else False,
            "unsure": answer.unsure if answer else False,
            "unsupported": answer.unsupported if answer else False,
            "right": self.right,
            "retrieved": list(self.retrieved),
            "passage_rank": self.passage_rank,
            "citations": [asdict(citation) for citation in answer.citations] if answer else [],
        }


@dataclass(frozen=True)
class Evaluation:
    """Figures over a question file, each None where it is not defined (no question of that sort, no model asked).

    n: questions. recall_at_k, mrr: over answerable questions, of the gold document in the ranking of distinct documents
    (each at its best passage). passage_recall_at_k: the first k passages have one of the gold document with a gold string
    in it. answer_accuracy: answerable questions answered right, a refusal counting as wrong. abstention_precision: of the
    refusals, those of unanswerable questions; abstention_recall: of the unanswerable questions, those refused.
    citation_precision: of the citations given to answerable questions, those whose passage is of the gold document or
    holds a gold string. intervals: 95 %, Wilson for shares, bootstrap for mrr; counts: [numerator, denominator].
    """

    n: int
    n_answerable: int
    n_unanswerable: int
    recall_at_1: float | None
    recall_at_3: float | None
    mrr: float | None
    passage_recall_at_1: float | None
    passage_recall_at_3: float | None
    answer_accuracy: float | None
    abstention_precision: float | None
    abstention_recall: float | None
    citation_precision: float | None
    intervals: Mapping[str, Interval | None]
    counts: Mapping[str, tuple[int, int]]
    by_kind: Mapping[str, Mapping[str, int]]
    rows: tuple[Row, ...]
    stopped: bool = False
    provenance: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """A plain dictionary; the names of its keys are those of `python -m lab evaluate --json`."""
        plain = {name: getattr(self, name) for name in self.__dataclass_fields__}
        plain["intervals"] = {name: list(pair) if pair else None for name, pair in self.intervals.items()}
        plain["counts"] = {name: list(pair) for name, pair in self.counts.items()}
        plain["by_kind"] = {kind: dict(figures) for kind, figures in self.by_kind.items()}
        plain["provenance"] = dict(self.provenance)
        plain["rows"] = [row.to_json() for row in self.rows]
        return plain


def _evaluate_one(index: Index, question: Question, model: BaseChatModel | None, options: AskOptions) -> Row:
    # Deep enough for DEPTH distinct documents even where one document takes the first places.
    hits = retrieve(index, question.question, max(100, options.k), retriever=options.retriever)
    passage_rank = next(
        (
            hit.rank
            for hit in hits
            if same_document(hit.chunk.document, question.document) and is_right(hit.chunk.text, question.answers)
        ),
        None,
    )
    answer = ask(question.question, index if options.rag else None, model, options) if model is not None else None
    right = None
    if question.is_answerable:
        right = answer is not None and not answer.abstained and is_right(answer.text, question.answers)
    return Row(question, rank_documents(hits), passage_rank, answer, right)


def evaluate(
    index: Index,
    questions: Sequence[Question],
    model: BaseChatModel | None,
    options: AskOptions | None = None,
    report: Callable[[int, int], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> Evaluation:
    """Ask every question, several at once, and mark the answers; with no model, retrieval alone is measured.

    Rows keep the order of `questions`, and the figures do not depend on which finished first. `report(done, total)` and
    `should_stop()` are called in the calling thread; once the latter is true no further question is begun, and the
    figures are over those that were finished (`stopped` is then true). Errors of the model come out as they are.
    """
    options = options or AskOptions()
    rows: dict[int, Row] = {}
    waiting = list(enumerate(questions))
    waiting.reverse()
    running: dict[Future[Row], int] = {}
    stopped = False
    with ThreadPoolExecutor(THREADS, thread_name_prefix="evaluate") as pool:
        try:
            while waiting or running:
                stopped = stopped or bool(should_stop and should_stop())
                if stopped:
                    waiting.clear()
                while waiting and len(running) < THREADS:
                    place, question = waiting.pop()
                    running[pool.submit(_evaluate_one, index, question, model, options)] = place
                finished, _ = wait(running, timeout=0.5, return_when=FIRST_COMPLETED)
                for future in finished:
                    rows[running.pop(future)] = future.result()
                if report and finished:
                    report(len(rows), len(questions))
        except BaseException:
            for future in running:
                future.cancel()
            raise
    ordered = tuple(rows[place] for place in sorted(rows))
    return summarise(ordered, stopped=stopped and len(ordered) < len(questions), asked=model is not None)


def summarise(rows: Sequence[Row], *, stopped: bool = False, asked: bool = True) -> Evaluation:
    """The figures of an evaluation from its rows; `asked` says whether a model was."""
    with_answer = [row for row in rows if row.question.is_answerable]
    without = [row for row in rows if not row.question.is_answerable]
    refused = [row for row in rows if row.answer and row.answer.abstained]
    cited = [(row, citation) for row in with_answer if row.answer for citation in row.answer.citations]
    gold_cited = sum(
        same_document(citation.document, row.question.document) or is_right(citation.text, row.question.answers)
        for row, citation in cited
    )

    def found(k: int) -> int:
        return sum(bool(recall_at_k(row.retrieved, row.question.document or "", k)) for row in with_answer)

    def passage_found(k: int) -> int:
        return sum(row.passage_rank is not None and row.passage_rank <= k for row in with_answer)

    counts: dict[str, tuple[int, int]] = {
        "recall_at_1": (found(1), len(with_answer)),
        "recall_at_3": (found(3), len(with_answer)),
        "passage_recall_at_1": (passage_found(1), len(with_answer)),
        "passage_recall_at_3": (passage_found(3), len(with_answer)),
    }
    if asked:
        counts |= {
            "answer_accuracy": (sum(bool(row.right) for row in with_answer), len(with_answer)),
            "abstention_precision": (sum(not row.question.is_answerable for row in refused), len(refused)),
            "abstention_recall": (sum(bool(row.answer and row.answer.abstained) for row in without), len(without)),
            "citation_precision": (gold_cited, len(cited)),
        }
    ranks = [reciprocal_rank(row.retrieved, row.question.document or "") for row in with_answer]

    def share(name: str) -> float | None:
        k, n = counts.get(name, (0, 0))
        return k / n if n else None

    intervals: dict[str, Interval | None] = {
        name: wilson(*counts[name]) if counts.get(name, (0, 0))[1] else None
        for name in (
            "recall_at_1", "recall_at_3", "passage_recall_at_1", "passage_recall_at_3", "answer_accuracy",
            "abstention_precision", "abstention_recall", "citation_precision",
        )
    }  # fmt: skip
    intervals["mrr"] = bootstrap(ranks) if ranks else None
    kinds: dict[str, dict[str, int]] = {}
    for row in rows:
        figures = kinds.setdefault(row.question.kind, {"n": 0, "right": 0, "abstained": 0})
        figures["n"] += 1
        figures["right"] += bool(row.right)
        figures["abstained"] += bool(row.answer and row.answer.abstained)
    first = next((row.answer for row in rows if row.answer and not row.answer.abstained), None)
    return Evaluation(
        n=len(rows),
        n_answerable=len(with_answer),
        n_unanswerable=len(without),
        recall_at_1=share("recall_at_1"),
        recall_at_3=share("recall_at_3"),
        mrr=sum(ranks) / len(ranks) if ranks else None,
        passage_recall_at_1=share("passage_recall_at_1"),
        passage_recall_at_3=share("passage_recall_at_3"),
        answer_accuracy=share("answer_accuracy"),
        abstention_precision=share("abstention_precision"),
        abstention_recall=share("abstention_recall"),
        citation_precision=share("citation_precision"),
        intervals=intervals,
        counts=counts,
        by_kind=kinds,
        rows=tuple(rows),
        stopped=stopped,
        provenance={
            key: value
            for key, value in (first.provenance if first else {}).items()
            if key not in ("prompt", "seconds", "model_seconds", "answerability", "tokens_in", "tokens_out", "finish")
        },
    )
