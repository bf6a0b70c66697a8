"""How well looking up works: marking answers, figures of rankings with intervals, whole evaluations, comparisons."""

from lab.rag.measure.comparison import Comparison, Difference, compare, safe_cell
from lab.rag.measure.evaluation import (
    DEPTH,
    FAILURES,
    THREADS,
    Evaluation,
    Relevance,
    Row,
    evaluate,
    find_failure,
    rank_documents,
    rank_passages,
    summarise,
)
from lab.rag.measure.marking import is_right, normalise, same_document
from lab.rag.measure.metrics import (
    Interval,
    PairedDifference,
    bootstrap,
    bootstrap_ratio,
    mean_reciprocal,
    ndcg,
    paired_bootstrap,
    paired_ratios,
    precision,
    ratio,
    recall,
    recall_at_k,
    reciprocal_rank,
    sign_test,
)
from lab.rag.measure.questions import MAX_QUESTIONS, Part, Question, load_questions, read_questions
from lab.rag.measure.unanswerable import (
    GATE,
    GoldRemoved,
    QuestionOnlyGate,
    gold_removed,
    measure_gold_removed,
    question_only_gate,
)

__all__ = [
    "DEPTH", "FAILURES", "GATE", "MAX_QUESTIONS", "THREADS",
    "Comparison", "Difference", "Evaluation", "GoldRemoved", "Interval", "PairedDifference", "Part", "Question",
    "QuestionOnlyGate", "Relevance", "Row",
    "bootstrap", "bootstrap_ratio", "compare", "evaluate", "find_failure", "gold_removed", "is_right", "load_questions",
    "mean_reciprocal", "measure_gold_removed", "ndcg", "normalise", "paired_bootstrap", "paired_ratios", "precision",
    "question_only_gate", "rank_documents", "rank_passages", "ratio", "read_questions", "recall", "recall_at_k",
    "reciprocal_rank", "safe_cell", "same_document", "sign_test", "summarise",
]  # fmt: skip
