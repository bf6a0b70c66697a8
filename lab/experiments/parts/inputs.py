"""Inputs that several experiments have: each declared once, with its words and its range. They stand in an `Inputs` class."""

from __future__ import annotations

from dataclasses import field
from typing import Any

from lab.experiments.parts.questions import ALL
from lab.rag.collections import DEFAULT_COLLECTION, list_collections

SPLITS = ("dev", "test")
BEHAVIOURS = ("brand-voice", "three-bullets", "strict-json", "ticket-labels", "text-to-sql", "earnings-json")


def number_field(default: float, label: str, help_text: str, span: tuple[float, float, float]) -> Any:
    """A number; span: lowest, highest and step, of the default's type."""
    return field(default=default, metadata={"label": label, "help": help_text, "range": span})


def choice_field(default: str, label: str, help_text: str, options: tuple[str, ...]) -> Any:
    """One of the options."""
    return field(default=default, metadata={"label": label, "help": help_text, "options": options})


def collection_field(help_text: str = "Whose facts are asked for.") -> Any:
    """Which documents: one collection, or all."""
    return choice_field(DEFAULT_COLLECTION, "Documents", help_text, (*list_collections(), ALL))


def n_field(default: int) -> Any:
    """How many of the collections' questions are asked."""
    return number_field(default, "Questions", "Drawn by the seed; all, if there are fewer.", (2, 200, 2))


def seed_field(help_text: str = "Decides which questions are asked.") -> Any:
    """The seed, and what it decides."""
    return number_field(0, "Seed", help_text, (0, 99, 1))


def split_field(label: str = "Questions from") -> Any:
    """Development items, or those that only saved results are asked."""
    return choice_field("dev", label, "Try things out on dev; the saved result was asked test, once.", SPLITS)


def seconds_field(default: float) -> Any:
    """When a training ends at the latest."""
    return number_field(default, "Seconds at most of each training", "A training ends after these.", (5.0, 300.0, 1.0))


def window_field() -> Any:
    """How an index is broken: into windows that cut sentences."""
    help_text = "Every window has that many tokens, wherever a sentence ends."
    return number_field(16, "Tokens of a broken window", help_text, (8, 40, 8))


def reader_field() -> Any:
    """An adapter that practised answering with a page in its prompt."""
    help_text = "An adapter that was trained with a page in its prompt."
    return field(default="brand-voice-with-page", metadata={"label": "The trained reader", "help": help_text})


def other_field() -> Any:
    """The control of a learned behaviour: an adapter that learned another one."""
    help_text = "The control: weights that practised something else must not help."
    return choice_field("three-bullets", "Adapter of another behaviour", help_text, BEHAVIOURS)
