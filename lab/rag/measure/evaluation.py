"""A whole question file asked and marked: figures with intervals, and for every question where it went wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from lab.rag.answer import Answer, AskOptions
from lab.rag.asked import divide_question
from lab.rag.measure.marking import is_right, same_document
from lab.rag.measure.metrics import (
    Interval,
    bootstrap,
    bootstrap_ratio,
    first_relevant,
    mean_reciprocal,
    ndcg,
    precision,
    ratio,
    recall,
)
from lab.rag.measure.questions import Question
from lab.rag.retrieve import retrieve
from lab.rag.retrieve.options import POOL
from lab.rag.stream import ask, interleave
from lab.rag.words import occurs, tokens
from lab.statistics import wilson

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from lab.rag.index import Hit, Index
    from lab.rag.split import Chunk

THREADS = 16  # questions in flight, so that the engine shares decode steps between them
DEPTH = 10  # documents kept in a row's ranking; the gold document further down counts as not found
PASSAGE_DEPTH = 100  # passages looked through, deep enough for DEPTH documents even where one takes the first places

Failure = Literal["retrieval", "generation", "refused", "answered-unanswerable"]
FAILURES: dict[Failure, str] = {
    "retrieval": "the passage with the answer was not in the prompt",
    "generation": "the passage was in the prompt and the answer is wrong",
    "refused": "the passage was there and it was refused all the same",
    "answered-unanswerable": "the documents do not hold the answer, and it was answered all the same",
}
SHARES = (  # figures that are a mean over the answerable questions, in the order they are told
    "recall_at_1", "recall_at_3", "mrr", "document_ndcg_at_10", "passage_recall_at_1", "passage_recall_at_3",
    "passage_recall_at_5", "passage_mrr", "ndcg_at_10", "passage_precision_at_k",
)  # fmt: skip


# ── Relevance ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def passage_key(chunk: Chunk) -> str:
    """What names the passage that the model reads: the chunk's parent where it has one, else the chunk."""
    return f"{chunk.document}#{chunk.parent.start}-{chunk.parent.end}" if chunk.parent else chunk.id


def rank_passages(hits: Sequence[Hit]) -> tuple[str, ...]:
    """Hits in order → their distinct passages as read; two chunks of one parent are one passage, at the better place."""
    return tuple(dict.fromkeys(passage_key(hit.chunk) for hit in hits))


def rank_documents(hits: Sequence[Hit], depth: int = DEPTH) -> tuple[str, ...]:
    """Passages in order → their distinct documents in order of each one's best passage, at most `depth`."""
    return tuple(dict.fromkeys(hit.chunk.document for hit in hits))[:depth]


class Relevance:
    """Which passages of an index hold the answer of a question, judged by what the model would read.

    A passage is relevant to a part when it is of the part's gold document and holds one of its gold strings. Where a chunk
    has a parent, the parent's text is judged: finding the chunk brings the parent before the model.
    """

    def __init__(self, index: Index) -> None:
        self._passages: dict[str, dict[str, str]] = {}  # by document: key → text
        for chunk in index.chunks:
            text = chunk.parent.text if chunk.parent else chunk.text
            self._passages.setdefault(chunk.document, {})[passage_key(chunk)] = text
        self._tokens: dict[str, list[str]] = {}

    def of(self, question: Question) -> tuple[frozenset[str], ...]:
        """For each part of the question, the keys of its relevant passages."""
        return tuple(
            frozenset(
                key
                for document, passages in self._passages.items()
                if same_document(document, part.document)
                for key, text in passages.items()
                if self._holds(key, text, part.answers)
            )
            for part in question.parts
        )

    def _holds(self, key: str, text: str, answers: Sequence[str]) -> bool:
        if key not in self._tokens:
            self._tokens[key] = tokens(text)
        return any(occurs(tokens(gold), self._tokens[key]) for gold in answers)


def _score(
    question: Question, parts: Sequence[frozenset[str]], passages: Sequence[str], documents: Sequence[str], k: int
) -> dict[str, float]:
    """One answerable question's figures, by the names in `SHARES`."""
    relevant = frozenset().union(*parts)
    golds = question.documents
    named = [next((gold for gold in golds if same_document(name, gold)), name) for name in documents]

    def parts_found(depth: int) -> float:
        return sum(not part.isdisjoint(passages[:depth]) for part in parts) / len(parts)

    return {
        "recall_at_1": recall(named, golds, 1),
        "recall_at_3": recall(named, golds, 3),
        "mrr": mean_reciprocal(named, golds),
        "document_ndcg_at_10": ndcg(named, golds, 10),
        "passage_recall_at_1": parts_found(1),
        "passage_recall_at_3": parts_found(3),
        "passage_recall_at_5": parts_found(5),
        "passage_mrr": mean_reciprocal(passages, relevant),
        "ndcg_at_10": ndcg(passages, relevant, 10),
        "passage_precision_at_k": precision(passages, relevant, k),
    }


# ── One question ──────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Row:
    """One question's outcome. `right` is None for a question that has no answer; `answer` is None without a model.

    found: whether a relevant passage of every part was among the k that go into the prompt; None where that is not asked
    (no answer to find, or closed book). scores: the question's own figures by the names in `SHARES`, empty for an
    unanswerable one. failure: None when nothing went wrong, else a key of `FAILURES`; a wrong answer is put down to
    retrieval as soon as one part's passage is missing, since nothing could then have been made of the prompt.
    """

    question: Question
    retrieved: tuple[str, ...]
    passage_rank: int | None  # of the first relevant passage
    answer: Answer | None
    right: bool | None
    found: bool | None = None
    scores: Mapping[str, float] = field(default_factory=dict)
    failure: Failure | None = None

    @property
    def refused(self) -> bool:
        """Whether a model was asked for an answer and none was given."""
        return self.answer is not None and self.answer.abstained

    def to_json(self) -> dict[str, Any]:
        """A plain dictionary, as a row of `python -m lab evaluate --json`."""
        answer = self.answer
        return {
            "id": self.question.id,
            "question": self.question.question,
            "kind": self.question.kind,
            "answers": list(self.question.answers),
            "document": self.question.document,
            "parts": [{"document": part.document, "answers": list(part.answers)} for part in self.question.parts],
            "stale": list(self.question.stale),
            "answer": answer.text if answer else "",
            "raw_answer": answer.raw_text if answer else "",
            "abstained": answer.abstained if answer else False,
            "unsure": answer.unsure if answer else False,
            "unsupported": answer.unsupported if answer else False,
            "right": self.right,
            "failure": self.failure,
            "found": self.found,
            "retrieved": list(self.retrieved),
            "passage_rank": self.passage_rank,
            "scores": dict(self.scores),
            "citations": [asdict(citation) for citation in answer.citations] if answer else [],
            "seconds": answer.seconds.get("total") if answer else None,
            "tokens_in": _count(answer, "tokens_in"),
            "tokens_out": _count(answer, "tokens_out"),
        }


def _count(answer: Answer | None, name: str) -> int | None:
    """A count of the model's own report; None when the model was not asked or did not tell."""
    value = answer.provenance.get(name) if answer else None
    return value if isinstance(value, int) else None


def retrieval_options(options: AskOptions) -> dict[str, Any]:
    """Of the options of asking, those that `retrieve` takes by name."""
    return {"retriever": options.retriever, "threshold": options.threshold, "rerank": options.rerank}


def look_up(index: Index, question: str, options: AskOptions) -> tuple[Hit, ...]:
    """The passages in the order in which an answer would take them, then those further down.

    Some retrievers and every re-ranker choose from a pool that grows with what is asked for, so asking for a hundred at
    once could put another one first than the person gets.
    """
    parts = divide_question(question) if options.divide else (question,)
    near = interleave([retrieve(index, part, max(POOL, options.k), **retrieval_options(options)) for part in parts])
    deep = retrieve(index, question, PASSAGE_DEPTH, retriever=options.retriever, threshold=options.threshold)
    seen = {hit.chunk.id for hit in near}
    return (*near, *(hit for hit in deep if hit.chunk.id not in seen))


def _evaluate_one(
    index: Index, relevance: Relevance, question: Question, model: BaseChatModel | None, options: AskOptions
) -> Row:
    hits = look_up(index, question.question, options)
    parts = relevance.of(question)
    passages = rank_passages(hits)
    answer = None
    if model is not None:
        answer = ask(question.question, index if options.rag else None, model, options)
    found = None
    if options.rag and question.is_answerable:
        in_prompt = rank_passages(answer.hits if answer and not answer.abstained else hits[: options.k])
        found = all(not part.isdisjoint(in_prompt) for part in parts)
    right = None
    if question.is_answerable:
        right = answer is not None and not answer.abstained and is_right(answer.text, question)
    documents = rank_documents(hits)
    return Row(
        question=question,
        retrieved=documents,
        passage_rank=first_relevant(passages, frozenset().union(*parts)),
        answer=answer,
        right=right,
        found=found,
        scores=_score(question, parts, passages, documents, options.k) if question.is_answerable else {},
        failure=find_failure(question, answer, right, found),
    )


def find_failure(question: Question, answer: Answer | None, right: bool | None, found: bool | None) -> Failure | None:
    """Where a question went wrong; the first stage to blame, None when nothing did. See `Row`."""
    if not question.is_answerable:
        return "answered-unanswerable" if answer is not None and not answer.abstained else None
    if right:
        return None
    if found is False:
        return "retrieval"
    if answer is None:
        return None
    return "refused" if answer.abstained else "generation"


# ── All of them ───────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Evaluation:
    """Figures over a question file, each None where it is not defined (no question of that sort, no model asked).

    n: questions. Over the answerable ones, by the gold documents in the ranking of distinct documents (each at its best
    passage): recall_at_k, mrr, document_ndcg_at_10. By the passages, as in `Relevance`: passage_recall_at_k (the share of
    a question's parts that the first k passages cover), passage_mrr, ndcg_at_10, and passage_precision_at_k with the k of
    the prompt. answer_accuracy: answerable questions answered right, a refusal counting as wrong. abstention_precision: of
    the refusals, those of unanswerable questions; abstention_recall: of the unanswerable questions, those refused;
    abstention_f1: their harmonic mean. citation_precision: of the citations given to answerable questions, those whose
    passage is of a gold document or holds a gold string. mean_seconds: an answer's time from question to last word, while
    others are under way; mean_tokens_in and mean_tokens_out: where the model was asked and told.

    intervals: 95 %, Wilson for shares, bootstrap over questions for the rest. counts: [numerator, denominator]; those of a
    recall count parts. failures: how many questions failed at each stage of `FAILURES`.
    """

    n: int
    n_answerable: int
    n_unanswerable: int
    recall_at_1: float | None
    recall_at_3: float | None
    mrr: float | None
    document_ndcg_at_10: float | None
    passage_recall_at_1: float | None
    passage_recall_at_3: float | None
    passage_recall_at_5: float | None
    passage_mrr: float | None
    ndcg_at_10: float | None
    passage_precision_at_k: float | None
    answer_accuracy: float | None
    abstention_precision: float | None
    abstention_recall: float | None
    abstention_f1: float | None
    citation_precision: float | None
    mean_seconds: float | None
    mean_tokens_in: float | None
    mean_tokens_out: float | None
    intervals: Mapping[str, Interval | None]
    counts: Mapping[str, tuple[int, int]]
    by_kind: Mapping[str, Mapping[str, int]]
    failures: Mapping[str, int]
    rows: tuple[Row, ...]
    stopped: bool = False
    provenance: Mapping[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """A plain dictionary; the names of its keys are those of `python -m lab evaluate --json`."""
        plain = {name: getattr(self, name) for name in self.__dataclass_fields__}
        plain["intervals"] = {name: list(pair) if pair else None for name, pair in self.intervals.items()}
        plain["counts"] = {name: list(pair) for name, pair in self.counts.items()}
        plain["by_kind"] = {kind: dict(figures) for kind, figures in self.by_kind.items()}
        plain["failures"] = dict(self.failures)
        plain["provenance"] = dict(self.provenance)
        plain["rows"] = [row.to_json() for row in self.rows]
        return plain


def evaluate(
    index: Index,
    questions: Sequence[Question],
    model: BaseChatModel | None,
    options: AskOptions | None = None,
    report: Callable[[int, int], None] | None = None,
    should_stop: Callable[[], bool] | None = None,
) -> Evaluation:
    """Ask every question, several at once, and mark the answers; with no model, retrieval alone is measured.

    Rows keep the order of `questions`, and the figures (times aside) do not depend on which finished first.
    `report(done, total)` and `should_stop()` are called in the calling thread; once the latter is true no further question
    is begun, and the figures are over those that were finished (`stopped` is then true). Errors of the model come out as
    they are. A question for which nothing is found (a high threshold) is a retrieval that failed, and the model is not
    asked.
    """
    options = options or AskOptions()
    relevance = Relevance(index)
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
                    running[pool.submit(_evaluate_one, index, relevance, question, model, options)] = place
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
    return summarise(
        ordered,
        stopped=stopped and len(ordered) < len(questions),
        asked=model is not None,
        provenance=_provenance(index, options),
    )


def _provenance(index: Index, options: AskOptions) -> dict[str, Any]:
    told: dict[str, Any] = {"rag": options.rag}
    if options.rag:
        told |= {"k": options.k, **retrieval_options(options)}
        told |= {"index": index.fingerprint, "embedder": index.embedder, "text_style": index.text_style}
    return told


def abstention_pair(row: Row) -> tuple[float, float]:
    """A question's share in F1 of refusing: twice its due refusals over those, plus undue and missing refusals."""
    due = not row.question.is_answerable
    hit = due and row.refused
    return 2.0 * hit, 2.0 * hit + (row.refused != due)


def citation_pair(row: Row) -> tuple[float, float]:
    """Of the citations given to an answerable question: those that point at a gold passage or document, and all."""
    if not row.question.is_answerable or row.answer is None:
        return 0.0, 0.0
    golds = [gold for part in row.question.parts for gold in part.answers]
    good = sum(
        any(same_document(citation.document, name) for name in row.question.documents) or is_right(citation.text, golds)
        for citation in row.answer.citations
    )
    return float(good), float(len(row.answer.citations))


def summarise(
    rows: Sequence[Row], *, stopped: bool = False, asked: bool = True, provenance: Mapping[str, Any] | None = None
) -> Evaluation:
    """The figures of an evaluation from its rows; `asked` says whether a model was."""
    with_answer = [row for row in rows if row.question.is_answerable]
    without = [row for row in rows if not row.question.is_answerable]
    refused = [row for row in rows if row.refused]
    cited = [citation_pair(row) for row in rows]

    values: dict[str, float | None] = {}
    counts: dict[str, tuple[int, int]] = {}
    intervals: dict[str, Interval | None] = {}
    for name in SHARES:
        scores = [row.scores[name] for row in with_answer]
        values[name] = sum(scores) / len(scores) if scores else None
        intervals[name] = bootstrap(scores) if scores else None
        if "recall" in name:
            sizes = [
                len(row.question.parts) if name.startswith("passage") else len(row.question.documents)
                for row in with_answer
            ]
            found = sum(round(score * size) for score, size in zip(scores, sizes, strict=True))
            counts[name] = (found, sum(sizes))
            if scores and max(sizes) == 1:  # a plain share of questions
                intervals[name] = wilson(*counts[name])
    if asked:
        counts |= {
            "answer_accuracy": (sum(bool(row.right) for row in with_answer), len(with_answer)),
            "abstention_precision": (sum(not row.question.is_answerable for row in refused), len(refused)),
            "abstention_recall": (sum(row.refused for row in without), len(without)),
            "citation_precision": (int(sum(good for good, _ in cited)), int(sum(of for _, of in cited))),
        }
    for name in ("answer_accuracy", "abstention_precision", "abstention_recall", "citation_precision"):
        k, n = counts.get(name, (0, 0))
        values[name] = k / n if n else None
        intervals[name] = wilson(k, n) if n else None
    pairs = [abstention_pair(row) for row in rows] if asked and without else []
    values["abstention_f1"] = ratio(pairs)
    intervals["abstention_f1"] = bootstrap_ratio(pairs) if pairs else None

    kinds: dict[str, dict[str, int]] = {}
    for row in rows:
        figures = kinds.setdefault(row.question.kind, {"n": 0, "right": 0, "abstained": 0})
        figures["n"] += 1
        figures["right"] += bool(row.right)
        figures["abstained"] += row.refused
    failed = Counter(row.failure for row in rows)
    first = next((row.answer for row in rows if row.answer and not row.answer.abstained), None)
    not_shared = (
        "prompt", "seconds", "model_seconds", "answerability", "tokens_in", "tokens_out", "finish",
    )  # fmt: skip
    return Evaluation(
        n=len(rows),
        n_answerable=len(with_answer),
        n_unanswerable=len(without),
        mean_seconds=_mean([row.answer.seconds.get("total") for row in rows if row.answer]),
        mean_tokens_in=_mean([_count(row.answer, "tokens_in") for row in rows]),
        mean_tokens_out=_mean([_count(row.answer, "tokens_out") for row in rows]),
        intervals=intervals,
        counts=counts,
        by_kind=kinds,
        failures={name: failed[name] for name in FAILURES},
        rows=tuple(rows),
        stopped=stopped,
        provenance={
            **(provenance or {}),
            **{key: value for key, value in (first.provenance if first else {}).items() if key not in not_shared},
        },
        **values,
    )


def _mean(values: Sequence[float | None]) -> float | None:
    told = [value for value in values if value is not None]
    return sum(told) / len(told) if told else None
