"""Are the unanswerable questions a fair test of refusing? Two checks that need no new questions.

Questions invented to be unanswerable tend to be of another kind than the rest: stranger, more general, on other topics.
A classifier that sees no document at all can then tell which is which, and a high score at refusing shows nothing but that
the questions were told apart by their wording. `question_only_gate` measures how far that goes; S. Gururangan et al.,
“Annotation artifacts in natural language inference data” (NAACL 2018), named the fault, and A. Poliak et al., “Hypothesis
only baselines” (*SEM 2018), the test. `gold_removed` gets round it: the answerable questions themselves become
unanswerable once the passages that hold their answers are taken out of the index, with not a word of them changed.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from lab.errors import BadInput
from lab.rag.answer import AskOptions
from lab.rag.asked import divide_question
from lab.rag.decide import CANDIDATES, decide
from lab.rag.measure.evaluation import retrieval_options
from lab.rag.measure.metrics import Interval
from lab.rag.measure.questions import Question
from lab.rag.retrieve import retrieve
from lab.rag.stream import ask
from lab.rag.words import occurs, tokens
from lab.statistics import wilson

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from lab.rag.index import Index

GATE = 0.6  # above it, the wording of a question gives away too much
FOLDS, REPEATS = 5, 10


def auroc_interval(auroc: float, positive: int, negative: int, z: float = 1.96) -> Interval:
    """The 95 % interval of an area under the ROC curve from its class sizes, within 0..1.

    Source: J. A. Hanley and B. J. McNeil, “The meaning and use of the area under a receiver operating characteristic
    (ROC) curve”, Radiology 143 (1982), pp. 29-36.
    """
    one, two = auroc / (2 - auroc), 2 * auroc * auroc / (1 + auroc)
    spread = auroc * (1 - auroc) + (positive - 1) * (one - auroc**2) + (negative - 1) * (two - auroc**2)
    half = z * math.sqrt(max(spread, 0.0) / (positive * negative))
    return max(0.0, auroc - half), min(1.0, auroc + half)


@dataclass(frozen=True)
class QuestionOnlyGate:
    """How well the wording of questions alone tells whether they are answerable: 0.5 is not at all, 1.0 always.

    auroc: on the development questions, cross-validated; test_auroc: learned on all of those, tried on the test questions.
    passed: neither is above `GATE`. sentence: the same in words.
    """

    n: int
    n_unanswerable: int
    auroc: float
    interval: Interval
    test_n: int
    test_auroc: float | None
    test_interval: Interval | None
    passed: bool
    sentence: str

    def to_json(self) -> dict[str, Any]:
        """A plain dictionary."""
        return asdict(self)


def question_only_gate(dev: Sequence[Question], test: Sequence[Question] = (), *, seed: int = 0) -> QuestionOnlyGate:
    """Train a classifier on questions without documents, and say how well it tells answerable from unanswerable ones.

    TF-IDF of words and pairs of words, logistic regression, both from scikit-learn; the mean AUROC over the folds of a
    stratified 5-fold cross-validation repeated 10 times with a fixed seed (fewer folds when a sort has fewer than 5).
    Raises BadInput when `dev` has fewer than 2 questions of either sort, or `test` has questions of one sort only.
    """
    from sklearn.feature_extraction.text import TfidfVectorizer  # type: ignore[import-untyped,unused-ignore]
    from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped,unused-ignore]
    from sklearn.metrics import roc_auc_score  # type: ignore[import-untyped,unused-ignore]
    from sklearn.model_selection import (  # type: ignore[import-untyped,unused-ignore]
        RepeatedStratifiedKFold,
        cross_val_score,
    )
    from sklearn.pipeline import make_pipeline  # type: ignore[import-untyped,unused-ignore]

    labels = np.array([question.is_answerable for question in dev])
    positive, negative = int(labels.sum()), int((~labels).sum())
    if min(positive, negative) < 2:
        raise BadInput(
            f"The development questions hold {positive} answerable and {negative} unanswerable ones. At least 2 of either "
            "sort are needed to learn from, and 20 or more to rely on."
        )
    texts = [question.question for question in dev]
    classifier = make_pipeline(
        # Not “\w\w+”: one-letter words and figures are wording too.
        TfidfVectorizer(ngram_range=(1, 2), token_pattern=r"(?u)\w+"),
        LogisticRegression(class_weight="balanced", max_iter=1000),
    )
    folds = RepeatedStratifiedKFold(n_splits=min(FOLDS, positive, negative), n_repeats=REPEATS, random_state=seed)
    auroc = float(np.mean(cross_val_score(classifier, texts, labels, cv=folds, scoring="roc_auc")))
    test_auroc: float | None = None
    test_interval: Interval | None = None
    if test:
        truth = np.array([question.is_answerable for question in test])
        if truth.all() or not truth.any():
            raise BadInput("The test questions are all of one sort. Both answerable and unanswerable ones are needed.")
        classifier.fit(texts, labels)
        scores = classifier.decision_function([question.question for question in test])
        test_auroc = float(roc_auc_score(truth, scores))
        test_interval = auroc_interval(test_auroc, int(truth.sum()), int((~truth).sum()))
    interval = auroc_interval(auroc, positive, negative)
    told = [(auroc, interval)]
    if test_auroc is not None and test_interval is not None:
        told.append((test_auroc, test_interval))
    highest, (low, high) = max(told)
    passed = highest <= GATE
    figure = f"AUROC {highest:.2f}, interval {low:.2f} … {high:.2f}, 0.50 is chance"
    if passed:
        sentence = f"The wording alone hardly tells which questions have no answer ({figure})."
    elif low <= 0.5:
        sentence = (
            f"The wording alone may tell which questions have no answer ({figure}): there are too few questions to be "
            "sure. Write more unanswerable questions that ask like the answerable ones."
        )
    else:
        sentence = (
            f"The wording alone tells which questions have no answer ({figure}): a good score at refusing may show no "
            "more than that. Write unanswerable questions that ask like the answerable ones."
        )
    return QuestionOnlyGate(
        n=len(dev),
        n_unanswerable=negative,
        auroc=auroc,
        interval=interval,
        test_n=len(test),
        test_auroc=test_auroc,
        test_interval=test_interval,
        passed=passed,
        sentence=sentence,
    )


def gold_removed(index: Index, questions: Sequence[Question]) -> Iterator[tuple[Question, Index]]:
    """For each answerable question, the index without any chunk that holds one of its gold strings.

    A chunk goes when its own text or its parent's holds the string, in whatever document: the same fact may be told twice.
    Headings and titles are no part of a chunk's text. A question after which no chunk would be left is passed over. The
    vectors are reused, nothing is embedded.
    """
    held = [[tokens(text) for text in {chunk.text, *((chunk.parent.text,) if chunk.parent else ())}]
            for chunk in index.chunks]  # fmt: skip
    for question in questions:
        golds = [tokens(gold) for part in question.parts for gold in part.answers]
        kept = [
            place for place, texts in enumerate(held) if not any(occurs(gold, text) for gold in golds for text in texts)
        ]
        if golds and kept:
            chunks = [index.chunks[place] for place in kept]
            yield question, index.updated(chunks)[0]


@dataclass(frozen=True)
class GoldRemoved:
    """How often answerable questions are refused once their gold passages are gone: `refused` of `n`, Wilson's interval.

    answered: the ids of those that were answered all the same.
    """

    n: int
    refused: int
    rate: float | None
    interval: Interval | None
    answered: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """A plain dictionary."""
        return asdict(self)


def measure_gold_removed(
    index: Index,
    questions: Sequence[Question],
    model: BaseChatModel | None = None,
    options: AskOptions | None = None,
    report: Callable[[int, int], None] | None = None,
) -> GoldRemoved:
    """Ask every answerable question of the index that `gold_removed` gives for it, and count the refusals.

    Without a model only the decision before the model is looked at, which is what refuses unless
    `options.abstain_unsupported`. `report(done, total)` is called after each question.
    """
    options = replace(options or AskOptions(), rag=True)
    total = sum(question.is_answerable for question in questions)
    answered: list[str] = []
    n = 0
    for question, reduced in gold_removed(index, questions):
        n += 1
        if not _refuses(question.question, reduced, model, options):
            answered.append(question.id)
        if report:
            report(n, total)
    refused = n - len(answered)
    return GoldRemoved(n, refused, refused / n if n else None, wilson(refused, n) if n else None, tuple(answered))


def _refuses(question: str, index: Index, model: BaseChatModel | None, options: AskOptions) -> bool:
    if model is not None:
        return ask(question, index, model, options).abstained
    refused = []
    for part in divide_question(question) if options.divide else (question,):
        hits = retrieve(index, part, max(options.k, CANDIDATES), **retrieval_options(options))
        told = decide(part, hits, index, options.k, options.check, options.rule)
        go_on = not options.abstain or (told.sure if options.abstain_unsure else told.decision)
        refused.append(not hits or not go_on)
    return all(refused)
