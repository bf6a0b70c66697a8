"""A whole comparison in one call: for the terminal, and for the saved run that stands on the page before a live one."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lab.compare.batch import run_batch
from lab.compare.differences import difference
from lab.compare.panes import ModelFactory, Pane, adapters_for, check_panes, gold_for, judge_pane, panes_for
from lab.compare.replies import Reply, open_panes
from lab.errors import BadInput, LabError
from lab.models.adapters import find_adapter
from lab.models.catalogue import choose_model
from lab.models.weights import Report, no_report
from lab.settings import SAMPLE_DATA, Settings
from lab.tuning.styles import Style, load_examples, load_style, messages_of

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from lab.models.remote import Endpoint
    from lab.rag.index import Index

RESULTS = SAMPLE_DATA / "results"
DEFAULT_PANES = ("base", "prompted", "tuned")
SEED = 0  # greedy decoding: recorded, without an effect


@dataclass(frozen=True)
class SavedRun:
    """One message through every pane a style has; `made` is the day (UTC)."""

    style: str
    made: str
    inputs: Mapping[str, str]
    strength: float
    adapter: str | None
    adapter_sha256: str | None
    collection: str
    replies: tuple[Reply, ...]
    seed: int = SEED

    def to_json(self) -> dict[str, Any]:
        names = ("style", "made", "inputs", "strength", "adapter", "adapter_sha256", "collection", "seed")
        return {**{name: getattr(self, name) for name in names}, "replies": [item.to_json() for item in self.replies]}


def saved_file(style: str) -> Path:
    """Where the committed run of a style lies."""
    return RESULTS / f"compare-{style}.json"


def load_run(style: Style) -> SavedRun | None:
    """The committed run of a style, or None where there is none. Raises LabError when the file is damaged."""
    file = saved_file(style.name)
    if not file.is_file():
        return None
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
        return SavedRun(**{**data, "replies": tuple(Reply(**reply) for reply in data["replies"])})
    except (ValueError, KeyError, TypeError) as error:
        raise LabError(f"The saved run {file.name} cannot be read ({error}). Run the comparison again.") from None


def is_stale(run: SavedRun) -> bool:
    """Whether the adapter of a saved run is another one by now, or gone."""
    if run.adapter is None:
        return False
    try:
        return find_adapter(run.adapter).sha256 != run.adapter_sha256
    except BadInput:
        return True


def default_factory(settings: Settings, endpoint: Endpoint | None = None) -> ModelFactory:
    """Models of this computer, or of a server."""

    def make(adapter: str | None, strength: float) -> BaseChatModel:
        return choose_model(settings, adapter=adapter, strength=strength, endpoint=endpoint)

    return make


def _index(panes: Sequence[Pane], collection: str) -> Index | None:
    if not any(pane.looked_up for pane in panes):
        return None
    from lab.rag.collections import index_collection

    return index_collection(collection)


def _adapter(style: Style, adapter: str | None) -> str | None:
    return adapter or next(iter(adapters_for(style)), None)


def run_compare(
    style_name: str,
    inputs: Mapping[str, str],
    pane_ids: Sequence[str],
    settings: Settings,
    *,
    messages: Path | None = None,
    strength: float = 1.0,
    adapter: str | None = None,
    collection: str = "tarnmoor-help",
    endpoint: Endpoint | None = None,
    model_factory: ModelFactory | None = None,
    report: Report = no_report,
) -> dict[str, Any]:
    """One message (`inputs`), or with `messages` a file of them, through the panes of these ids (DEFAULT_PANES when there
    are none that were named and the style has them).

    Returns plain data: for one message each pane's reply, judged, with what differs from the pane to its left; for a file
    the figures of BatchResult.to_json. Raises BadInput; a pane that fails is reported in its own `error`.
    """
    style = load_style(style_name)
    chosen = _adapter(style, adapter)
    tuned = bool(endpoint.tuned_model) if endpoint is not None else chosen is not None
    possible = [pane.id for pane in panes_for(style, tuned=tuned, server=endpoint is not None)]
    wanted = list(pane_ids) or [pane_id for pane_id in DEFAULT_PANES if pane_id in possible]
    panes = check_panes(wanted, style, tuned=tuned, server=endpoint is not None)
    adapter_name = chosen or (style.name if tuned else None)  # a server's tuned side goes by its second model name
    factory = model_factory or default_factory(settings, endpoint)
    index = _index(panes, collection)
    if messages is not None:
        examples = load_examples(messages, style)
        return run_batch(
            style, examples, panes, factory, report, strength=strength, adapter=adapter_name, index=index
        ).to_json()
    report(f"{len(panes)} panes at once", 0.0)
    streams = open_panes(panes, style, inputs, factory, strength=strength, adapter=adapter_name, index=index)
    replies = [stream.finish() for stream in streams.values()]
    gold = gold_for(style, inputs)
    return {
        "style": style.name,
        "made": _today(),
        "seed": SEED,
        "inputs": dict(inputs),
        "strength": strength,
        "adapter": adapter_name if any(pane.tuned for pane in panes) else None,
        "panes": [
            _record(style, inputs, reply, gold, replies[place - 1] if place else None)
            for place, reply in enumerate(replies)
        ],
    }


def _record(style: Style, inputs: Mapping[str, str], reply: Reply, gold: Any, left: Reply | None) -> dict[str, Any]:
    judged = judge_pane(style, inputs, reply.text, gold)
    seconds = reply.provenance.get("seconds") or {}
    return {
        "pane": reply.pane,
        "text": reply.text,
        "error": reply.error,
        "rules": [{"rule": rule.rule, "passed": rule.passed, "reason": rule.reason} for rule in judged.rules],
        "rules_kept": judged.kept,
        "content": None
        if judged.content is None
        else {"passed": judged.content.passed, "reason": judged.content.reason},
        "tokens_in": reply.provenance.get("tokens_in"),
        "tokens_out": reply.provenance.get("tokens_out"),
        "first_token_seconds": seconds.get("first_token"),
        "seconds": seconds.get("generate"),
        "differs": None if left is None else difference(left.provenance, reply.provenance),
        "passage": reply.passage,
        "provenance": dict(reply.provenance),
    }


def save_run(
    style_name: str, settings: Settings, *, collection: str = "tarnmoor-help", report: Report = no_report
) -> Path:
    """Put the style's first development message through every pane it has, one after the other (so that the seconds are
    each pane's own), and commit the answers to sample_data/results. Returns the file; raises LabError."""
    style = load_style(style_name)
    adapter = _adapter(style, None)
    panes = panes_for(style, tuned=adapter is not None)
    inputs = dict(messages_of(style)[0].inputs)
    index = _index(panes, collection)
    factory = default_factory(settings)
    warm = open_panes(panes, replace(style, max_tokens=1), inputs, factory, adapter=adapter, index=index)
    for stream in warm.values():  # what loads with the first request must not count as a pane's own seconds
        stream.finish()
    replies = []
    for place, pane in enumerate(panes):
        report(f"{style.name}: {pane.title}", place / len(panes))
        opened = open_panes([pane], style, inputs, factory, strength=1.0, adapter=adapter, index=index)
        reply = opened[pane.id].finish()
        if reply.error:
            raise BadInput(f"The pane “{pane.title}” gave no answer: {reply.error}")
        replies.append(reply)
    shas = [reply.provenance.get("adapter_sha256") for reply in replies]
    run = SavedRun(
        style.name, _today(), inputs, 1.0, adapter, next(filter(None, shas), None), collection, tuple(replies)
    )
    file = saved_file(style.name)
    file.write_text(json.dumps(run.to_json(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return file


def _today() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%d")
