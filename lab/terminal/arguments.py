"""The commands and their options. Building this loads no model."""

from __future__ import annotations

import argparse
from pathlib import Path

from lab.terminal import commands, experiments, lessons, show, tuning


def build_parser() -> argparse.ArgumentParser:
    """The whole command line; every command sets `run` and `show`."""
    parser = argparse.ArgumentParser(prog="python -m lab", description="Look It Up or Learn It, from a terminal.")
    subparsers = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, help: str, run: object, shown: object) -> argparse.ArgumentParser:
        sub = subparsers.add_parser(name, help=help, description=help)
        sub.add_argument("--json", action="store_true", help="print one JSON document and nothing else")
        sub.set_defaults(run=run, show=shown)
        return sub

    command("models", "which models are here, and which server stands in for them", commands.models, show.models)
    command("fetch", "fetch and convert the language model, once", commands.fetch, show.fetched)
    sub = command("serve", "start the app and print its address", commands.serve, show.plain)
    sub.add_argument("--port", type=int, default=8501)

    sub = command("index", "read and split documents, and embed them", commands.index, show.index)
    sub.add_argument("paths", nargs="+", type=Path, metavar="PATH")
    sub.add_argument("--find", metavar="QUESTION", help="also look this up, and show the passages found")
    _add_cutting(sub)
    _add_answering(sub)

    sub = command("ask", "answer one question from documents, with citations", commands.ask, show.answer)
    sub.add_argument("question")
    sub.add_argument(
        "--docs", nargs="+", type=Path, default=[], metavar="PATH", help="files or folders to look it up in"
    )
    sub.add_argument("--no-rag", action="store_true", help="closed book: the question alone")
    _add_weights(sub)
    _add_cutting(sub)
    _add_answering(sub)

    sub = command(
        "evaluate", "ask a file of questions and report figures with intervals", commands.evaluate, show.evaluation
    )
    sub.add_argument("--docs", nargs="+", type=Path, required=True, metavar="PATH")
    sub.add_argument("--questions", type=Path, required=True, metavar="FILE", help="JSONL or CSV: question, answers, …")
    sub.add_argument("--passages-only", action="store_true", help="measure looking up alone; the model is not asked")
    sub.add_argument(
        "--against",
        action="append",
        default=[],
        metavar="OPTION=VALUE",
        help="compare with a second configuration that differs in this: --against retriever=bm25 --against k=3",
    )
    sub.add_argument("--no-rag", action="store_true", help="closed book: the questions alone")
    _add_weights(sub)
    _add_cutting(sub)
    _add_answering(sub)

    sub = command("edit", "change a fact or delete a document, and ask before and after", commands.edit, show.edit)
    sub.add_argument("question")
    sub.add_argument("--docs", nargs="+", type=Path, required=True, metavar="PATH")
    sub.add_argument("--document", required=True, metavar="NAME", help="the document to change, as `index` names it")
    sub.add_argument("--find", metavar="TEXT", help="what stands there once")
    sub.add_argument("--replace", metavar="TEXT", help="what shall stand there instead")
    sub.add_argument("--delete", action="store_true", help="delete the whole document instead")
    _add_weights(sub)
    _add_cutting(sub)
    _add_answering(sub)

    sub = command("break-it", "a lab that goes wrong on purpose, or list them", commands.break_it, show.break_it)
    sub.add_argument("id", nargs="?", help="leave out to list them")
    sub.add_argument("--mended", action="store_true", help="run it mended")

    sub = command("take-home", "a set-up as a LangChain script of its own", commands.take_home, show.take_home)
    sub.add_argument("--out", type=Path, required=True, metavar="DIR", help="a new or empty folder for the script")
    _add_cutting(sub)
    _add_answering(sub)

    sub = command("train", "train an adapter for a style, or for pairs of your own", tuning.train, show.training)
    source = sub.add_mutually_exclusive_group(required=True)
    source.add_argument("--style", metavar="NAME|FILE")
    source.add_argument("--pairs", type=Path, metavar="FILE", help="CSV or JSONL of input → output, ten or more")
    sub.add_argument("--examples", type=int, metavar="N", help="use only the first N after shuffling by the seed")
    sub.add_argument("--seed", type=int, default=0)
    sub.add_argument("--seconds", type=float, metavar="MAX", help="stop training after this many seconds")
    sub.add_argument("--steps", type=int, metavar="N", help="stop training after this many steps")
    sub.add_argument("--batch", type=int, metavar="N", help="examples a step")
    sub.add_argument("--learning-rate", type=float, metavar="R")
    sub.add_argument("--rank", type=int, metavar="R", help="rank of the adapter; alpha is the same")
    sub.add_argument("--modules", metavar="NAME,…", help="the linear layers that get an adapter: q_proj,…,down_proj")
    sub.add_argument("--out", type=Path, required=True, metavar="DIR", help="where the PEFT folder goes")

    sub = command("adherence", "how often replies keep the rules of a style", tuning.adherence, show.adherence)
    sub.add_argument("--style", required=True, metavar="NAME|FILE")
    sub.add_argument("--messages", type=Path, required=True, metavar="FILE", help="JSONL: id and the style's inputs")
    sub.add_argument("--prompted", action="store_true", help="put the rules into the prompt")
    sub.add_argument("--few-shot", action="store_true", help="show the style's examples as turns of a chat")
    sub.add_argument("--constrained", action="store_true", help="let the style's grammar hold every letter")
    _add_weights(sub)

    sub = command("compare", "one message (or many) in several panes", tuning.compare, show.compare)
    sub.add_argument("--style", required=True, metavar="NAME|FILE")
    sub.add_argument("--pane", action="append", default=[], metavar="PANE", help="base, prompted, few-shot, tuned, …")
    sub.add_argument("--text", metavar="TEXT", help="the message (the last of the style's inputs)")
    sub.add_argument("--first-name", metavar="NAME", default="Mira", help="for the voices, which greet by it")
    sub.add_argument("--input", action="append", default=[], metavar="NAME=TEXT", help="any other input of the style")
    sub.add_argument("--messages", type=Path, metavar="FILE", help="many messages instead, as adherence reads them")
    sub.add_argument("--collection", default="tarnmoor-help", metavar="NAME", help="what the RAG panes look up")
    sub.add_argument("--save", action="store_true", help="keep a run of every pane as the saved one of this checkout")
    _add_weights(sub)

    sub = command("experiment", "run an experiment, or list them", experiments.experiment, show.experiment)
    sub.add_argument("id", nargs="?", help="leave out to list them")
    sub.add_argument("--set", action="append", default=[], metavar="INPUT=VALUE", help="set one of its inputs")
    sub.add_argument("--full", action="store_true", help="the large run behind the saved result, not the quick one")
    sub.add_argument("--save", action="store_true", help="keep the result as the saved one of this checkout")

    sub = command(
        "claims", "every claim of the documents, with the verdict of our runs", experiments.claims, show.claims
    )
    sub.add_argument("--verdict", metavar="WORD", help="only these: reproduced, partly, not here, not testable here")

    command("lessons", "list the lessons", lessons.lessons, lessons.show)
    sub = command("lesson", "print a lesson, or write it as a file for paper", lessons.lesson, lessons.show)
    sub.add_argument("slug", nargs="?", help="leave out to list them")
    sub.add_argument("--html", type=Path, metavar="FILE", help="write one self-contained HTML file instead")
    sub.add_argument("--language", default="en", help="en, or de where there is a translation")

    sub = command("quiz", "print ten cases, or mark answers to them", commands.quiz, show.quiz)
    sub.add_argument("--seed", type=int, default=1)
    sub.add_argument("--answers", metavar="1,3,…", help="your choices, counted from 1, in the order of the cases")
    return parser


def _add_weights(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("--adapter", metavar="NAME|PATH", help="a shipped adapter, or a PEFT folder")
    sub.add_argument("--strength", type=float, default=1.0, metavar="S", help="0 is base, 1 the adapter as trained")


def _add_cutting(sub: argparse.ArgumentParser) -> None:
    from lab.rag.build import IndexOptions

    usual = IndexOptions()
    sub.add_argument(
        "--splitter", default=usual.splitter, help="sentences, fixed, recursive, markdown, semantic or small-to-big"
    )
    sub.add_argument("--size", type=int, default=usual.size, help="longest chunk, in tokens of the embedder")
    sub.add_argument("--overlap", type=int, default=usual.overlap, help="tokens shared by neighbours")
    sub.add_argument("--embedder", default=usual.embedder, help="minilm, or static: word averages, as a baseline")


def _add_answering(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("--k", type=int, help="passages in the prompt")
    sub.add_argument("--retriever", help="right-kind, dense, bm25, hybrid or mmr")
    sub.add_argument("--threshold", type=float, metavar="COSINE", help="use no passage of a lower cosine")
    sub.add_argument("--rerank", help="rank the passages found again: none, late-interaction, …")
    sub.add_argument("--no-divide", action="store_true", help="do not take a question for several things apart")
    sub.add_argument("--strict", action="store_true", help="refuse when in doubt, too")
    sub.add_argument("--check", help="who decides whether to refuse: grader or rule")
    sub.add_argument("--max-tokens", type=int, metavar="N")
    sub.add_argument("--template", help="name of the prompt template")
    sub.add_argument(
        "--no-abstain", action="store_true", help="answer even when no passage looks as if it held the answer"
    )
