"""The questions to evaluate on, both runs, and what came of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

import plotly.graph_objects as go
import streamlit as st

from lab.errors import BadInput
from lab.rag.collections import load_collection
from pages._ui.colours import BLUE, GREY
from pages._ui.text import inert, plural

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from lab.rag.measure import Comparison, Question
    from pages._ui.knobs import Configuration
    from pages._ui.library import Library

_NAMES = {
    "answer_accuracy": "answered right", "passage_recall_at_1": "passage first (recall@1)",
    "passage_recall_at_3": "passage among 3 (recall@3)", "passage_recall_at_5": "passage among 5 (recall@5)",
    "passage_mrr": "MRR", "ndcg_at_10": "nDCG@10", "passage_precision_at_k": "share of the prompt's passages that help",
    "abstention_recall": "refuses when it should", "abstention_f1": "knows when to refuse (F1)",
    "citation_precision": "citations that hold", "mean_seconds": "seconds an answer", "mean_tokens_in": "tokens read",
    "mean_tokens_out": "tokens written",
}  # fmt: skip
_FAILURES = {
    "retrieval": "Retrieval failed: the passage was not in the prompt",
    "generation": "Generation failed: the passage was in the prompt, the answer is wrong",
    "refused": "Refused, though the passage was there",
    "answered-unanswerable": "Answered, though nothing in the documents does",
}


@dataclass(frozen=True)
class Sides:
    """Both configurations over the same documents and questions; without a model, retrieval alone."""

    library: Library
    questions: tuple[Question, ...]
    first: Configuration
    second: Configuration
    model: BaseChatModel | None


def choose_questions(library: Library) -> tuple[Question, ...]:
    """The collection's development questions, or the learner's own file."""
    from lab.rag.measure import load_questions, read_questions

    own = st.file_uploader(
        "Questions of your own (JSONL or CSV)" if library.own else "Or questions of your own (JSONL or CSV)",
        help="CSV columns: question, answers (divided by |), document. Without answers the question counts as one that "
        "cannot be answered.",
    )
    if own is not None:
        questions = read_questions(own.name, own.getvalue())
        st.caption(f"{plural(len(questions), 'question')} from {inert(own.name)}.")
        return questions
    if library.own:
        st.caption("Add a file of questions about your documents to evaluate on them.")
        return ()
    questions = load_questions(load_collection(library.name).questions("dev"))
    st.caption(
        f"{plural(len(questions), 'development question')}, {sum(not question.is_answerable for question in questions)} "
        "of them without an answer in the documents. The test questions stay unseen while anything is tuned."
    )
    return questions


@dataclass(frozen=True)
class Compared:
    """A finished comparison and what it compared."""

    sides: Sides
    comparison: Comparison


def run_both(sides: Sides, report: Callable[[int, int], None], should_stop: Callable[[], bool]) -> Compared:
    """Both evaluations, one after the other, and their comparison over the questions that both finished."""
    from lab.rag.measure import compare, evaluate, summarise

    total = 2 * len(sides.questions)
    report(0, total)
    runs = []
    for number, configuration in enumerate((sides.first, sides.second)):
        runs.append(
            evaluate(
                sides.library.index(configuration.index),
                sides.questions,
                sides.model,
                configuration.ask,
                partial(_report_part, report, number * len(sides.questions), total),
                should_stop,
            )
        )
    if any(run.stopped for run in runs):
        both = {row.question.id for row in runs[0].rows} & {row.question.id for row in runs[1].rows}
        if not both:
            raise BadInput("Stopped before both sides had answered one question. Nothing can be compared yet.")
        asked = sides.model is not None
        runs = [
            summarise([row for row in run.rows if row.question.id in both], stopped=True, asked=asked) for run in runs
        ]
    return Compared(sides, compare(runs[0], runs[1], names=("A", "B")))


def _report_part(report: Callable[[int, int], None], before: int, total: int, done: int, _: int) -> None:
    report(before + done, total)


def draw_comparison(compared: Compared) -> None:
    """The verdict in words, every figure with its interval, and the failures to open."""
    comparison = compared.comparison
    st.markdown(f"### {inert(comparison.summary)}")
    shown = [item for item in comparison.differences if item.metric in _NAMES]
    bounded = [item for item in shown if item.metric not in ("mean_seconds", "mean_tokens_in", "mean_tokens_out")]
    figure = go.Figure(
        go.Scatter(
            x=[item.difference for item in bounded],
            y=[_NAMES[item.metric] for item in bounded],
            mode="markers",
            marker={"size": 11, "color": [BLUE if item.winner else GREY for item in bounded]},
            error_x={
                "type": "data",
                "symmetric": False,
                "array": [item.high - item.difference for item in bounded],
                "arrayminus": [item.difference - item.low for item in bounded],
            },
            hoverinfo="x+y",
        )
    )
    figure.add_vline(x=0, line_color="#6b6f76")
    figure.update_layout(
        height=110 + 34 * len(bounded), margin={"l": 8, "r": 8, "t": 8, "b": 8}, yaxis={"autorange": "reversed"},
        xaxis_title="B minus A: left of 0 A is ahead, right of 0 B",
    )  # fmt: skip
    st.plotly_chart(figure, config={"displayModeBar": False})
    st.caption(
        f"n = {comparison.n} questions, the same on both sides. Bars: 95 % paired bootstrap, {comparison.resamples:,} "
        f"resamples, seed {comparison.seed}. Blue: the bar leaves out 0."
    )
    st.table(
        {
            "": [_NAMES[item.metric] for item in shown],
            "n": [item.n for item in shown],
            "A": [f"{item.first:.2f}" for item in shown],
            "B": [f"{item.second:.2f}" for item in shown],
            "B − A": [f"{item.difference:+.2f}  [{item.low:+.2f}, {item.high:+.2f}]" for item in shown],
        },
        hide_index=True,
    )
    st.download_button(
        "Every question as CSV", comparison.to_csv(), "comparison.csv", "text/csv", icon=":material/download:"
    )
    _draw_failures(compared)


def _draw_failures(compared: Compared) -> None:
    comparison, sides = compared.comparison, compared.sides
    for side, name in enumerate(comparison.names):
        link = as_link((sides.first, sides.second)[side])
        if not sides.library.own:
            link["docs"] = load_collection(sides.library.name).title  # the segmented control keeps its label in links
        st.markdown(f"**What failed with {name}**")
        groups: dict[str, list[Any]] = {}
        for pair in comparison.pairs:
            failure = pair[side].failure
            if failure is not None:
                groups.setdefault(failure, []).append(pair[side])
        if not groups:
            st.caption("Nothing.")
        for kind, title in _FAILURES.items():
            rows = groups.get(kind, [])
            if not rows:
                continue
            with st.expander(f"{title} ({len(rows)})"):
                for row in rows:
                    answer = f"  \nIt said: {inert(row.answer.text)}" if row.answer else ""
                    wanted = " / ".join(row.question.answers) or "no answer"
                    rank = f"rank {row.passage_rank}" if row.passage_rank else "not found"
                    st.markdown(
                        f"**{inert(row.question.question)}**  \nWanted: {inert(wanted)} (passage: {rank}){answer}"
                    )
                    st.page_link(
                        "pages/rag_lab.py", label="Open it in the lab", icon=":material/open_in_new:",
                        query_params={**link, "q": row.question.question},
                    )  # fmt: skip


def as_link(configuration: Configuration) -> dict[str, str]:
    """A configuration as the RAG lab's address holds it."""
    index, ask = configuration.index, configuration.ask
    return {
        "splitter": index.splitter, "size": str(index.size), "overlap": str(index.overlap),
        "embedder": index.embedder, "by": ask.retriever, "k": str(ask.k), "rerank": ask.rerank,
        "prompt": str(ask.template), "refuse": str(ask.abstain).lower(),
        "divide": str(ask.divide).lower(), "check": ask.check,
        "strict": str(ask.abstain_unsure).lower(),
        "threshold": "-1" if ask.threshold is None else f"{ask.threshold:g}",
    }  # fmt: skip
