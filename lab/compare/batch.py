"""The same panes over many messages: how often each keeps the rules and gets the content right, worst replies first."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from lab.compare.panes import ModelFactory, Pane, find_passage, model_for, turns_for
from lab.errors import BadInput, Cancelled
from lab.models.template import Turn
from lab.models.weights import Report, no_report
from lab.tuning.adherence import Adherence, AdherenceRow, measure_adherence, to_messages
from lab.tuning.styles import Example, Style, messages_for

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from lab.rag.index import Hit, Index

SEED = 0  # greedy decoding: recorded, without an effect


@dataclass(frozen=True)
class BatchRow:
    """One message in one pane."""

    pane: str
    message: Example
    verdict: AdherenceRow
    prompt: str
    tokens_in: int | None
    tokens_out: int | None

    @property
    def faults(self) -> int:
        """Broken rules, and the content beside them; more is worse."""
        content = self.verdict.content
        return len(self.verdict.failed) + int(content is not None and not content.passed)


@dataclass(frozen=True)
class PaneBatch:
    """One pane's figures over all messages."""

    pane: Pane
    adherence: Adherence
    rows: tuple[BatchRow, ...]
    model: str
    adapter: str | None
    adapter_sha256: str | None
    strength: float | None


@dataclass(frozen=True)
class BatchResult:
    """`made` is the day (UTC). stopped: some of the panes asked for are missing; every pane here saw all n messages."""

    style: Style
    panes: tuple[PaneBatch, ...]
    made: str
    n: int
    seed: int = SEED
    stopped: bool = False

    @cached_property
    def worst_first(self) -> tuple[BatchRow, ...]:
        """Every row, those with most faults first; within as many, in the order of the messages."""
        return tuple(sorted((row for batch in self.panes for row in batch.rows), key=lambda row: -row.faults))

    def to_csv(self) -> str:
        """One line a pane and message under a header row; safe to open in a spreadsheet program."""
        from lab.rag.measure.comparison import safe_cell

        target = io.StringIO()
        writer = csv.writer(target, lineterminator="\n")
        rules = [rule.id for rule in self.style.rules]
        header = ["pane", "id", *self.style.inputs, "reply", "all rules kept", *rules, "content", "reasons"]
        writer.writerow([safe_cell(name) for name in [*header, "tokens in", "tokens out"]])
        for row in self.worst_first:
            content = row.verdict.content
            faults = [*row.verdict.failed, *([content] if content is not None and not content.passed else [])]
            cells: list[object] = [row.pane, row.message.id, *(row.message.inputs[name] for name in self.style.inputs)]
            cells += [row.verdict.reply, row.verdict.passed, *(result.passed for result in row.verdict.results)]
            cells += [None if content is None else content.passed, "; ".join(fault.reason for fault in faults)]
            writer.writerow([safe_cell(cell) for cell in [*cells, row.tokens_in, row.tokens_out]])
        return target.getvalue()

    def to_json(self) -> dict[str, Any]:
        """A plain dictionary: what was compared, and each pane's figures with its rows."""
        return {
            "style": self.style.name,
            "made": self.made,
            "n": self.n,
            "seed": self.seed,
            "stopped": self.stopped,
            "panes": [
                {
                    "pane": batch.pane.id,
                    "model": batch.model,
                    "adapter": batch.adapter,
                    "adapter_sha256": batch.adapter_sha256,
                    "strength": batch.strength,
                    **batch.adherence.to_json(),
                }
                for batch in self.panes
            ],
        }


def run_batch(
    style: Style,
    messages: Sequence[Example],
    panes: Sequence[Pane],
    model_factory: ModelFactory,
    report: Report = no_report,
    should_stop: Callable[[], bool] = lambda: False,
    *,
    strength: float = 1.0,
    adapter: str | None = None,
    index: Index | None = None,
) -> BatchResult:
    """Answer every message in every pane; the messages of a pane share decode steps.

    Stopped half-way, it keeps the panes that had finished, and raises Cancelled when there is none. A pane that fails
    ends it with that pane's error: half a table would be read as a whole one.
    """
    if not messages or not panes:
        raise BadInput("A batch needs at least one message and one pane.")
    finished: list[PaneBatch] = []
    stopped = False
    hits = _look_up(style, messages, panes, index)
    for place, pane in enumerate(panes):

        def part(stage: str, share: float, place: int = place, title: str = pane.title) -> None:
            report(f"{title}: {stage}", (place + share) / len(panes))

        try:
            finished.append(_run_pane(pane, style, messages, model_factory, part, should_stop, hits, strength, adapter))
        except Cancelled:
            if not finished:
                raise
            stopped = True
            break
    report("done", 1.0)
    return BatchResult(style, tuple(finished), datetime.now(UTC).strftime("%Y-%m-%d"), len(messages), stopped=stopped)


def _look_up(
    style: Style, messages: Sequence[Example], panes: Sequence[Pane], index: Index | None
) -> dict[str, Hit | None]:
    """The passage of every message, by the text of its last turn; empty when no pane looks anything up."""
    if not any(pane.looked_up for pane in panes):
        return {}
    if index is None:
        raise BadInput("A pane that looks it up needs documents. Choose some, or leave that pane out.")
    return {
        messages_for(style, message.inputs)[-1][1]: find_passage(style, message.inputs, index) for message in messages
    }


def _run_pane(
    pane: Pane,
    style: Style,
    messages: Sequence[Example],
    model_factory: ModelFactory,
    report: Report,
    should_stop: Callable[[], bool],
    hits: dict[str, Hit | None],
    strength: float,
    adapter: str | None,
) -> PaneBatch:
    model = model_for(pane, style, model_factory, adapter=adapter, strength=strength)
    provenances: list[dict[str, Any]] = []

    def ask(conversations: Sequence[Sequence[Turn]]) -> list[str]:
        asked = messages[len(provenances) : len(provenances) + len(conversations)]
        turns = [
            turns_for(pane, style, message.inputs, hits.get(plain[-1][1]))
            for message, plain in zip(asked, conversations, strict=True)
        ]
        return _ask_together(model, turns, provenances)

    adherence = measure_adherence(
        style,
        messages,
        ask,
        prompted=pane.prompted,
        few_shot=pane.few_shot,
        constrained=pane.constrained,
        report=report,
        should_stop=should_stop,
    )
    first = provenances[0]
    rows = tuple(
        BatchRow(
            pane.id,
            message,
            verdict,
            str(provenance.get("prompt", "")),
            provenance.get("tokens_in"),
            provenance.get("tokens_out"),
        )
        for message, verdict, provenance in zip(messages, adherence.rows, provenances, strict=True)
    )
    return PaneBatch(
        pane,
        adherence,
        rows,
        str(first.get("model", type(model).__name__)),
        first.get("adapter"),
        first.get("adapter_sha256"),
        first.get("strength"),
    )


def _ask_together(
    model: BaseChatModel, turns: Sequence[Sequence[Turn]], provenances: list[dict[str, Any]]
) -> list[str]:
    answers = model.batch([to_messages(item) for item in turns])
    provenances.extend(dict(answer.response_metadata.get("provenance", {})) for answer in answers)
    return [str(answer.text) for answer in answers]
