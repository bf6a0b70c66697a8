"""The panes: ways to ask for one reply that differ in weights, in prompt or in both; and what each puts to the model."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lab.errors import BadInput
from lab.models.adapters import SHIPPED, list_adapters
from lab.models.template import Turn
from lab.tuning.styles import (
    PAGE,
    RuleResult,
    Style,
    check_reply,
    judge_content,
    list_styles,
    load_style,
    messages_for,
    messages_of,
    put_page,
    splits_of,
)

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from lab.rag.index import Hit, Index

ModelFactory = Callable[
    [str | None, float], "BaseChatModel"
]  # adapter (name or folder; None is base), strength → model
MOST = 4  # panes beside each other


@dataclass(frozen=True)
class Pane:
    """One way to ask. `tuned` is about the weights; prompted, few_shot and looked_up are about the prompt; `constrained`
    is about which letters decoding may write."""

    id: str
    title: str
    what: str
    tuned: bool = False
    prompted: bool = False
    few_shot: bool = False
    constrained: bool = False
    looked_up: bool = False

    @property
    def weights(self) -> str:
        """base or tuned."""
        return "tuned" if self.tuned else "base"


PANES = (
    Pane("base", "base", "The model as it came, with the short prompt."),
    Pane("prompted", "prompted", "The same weights; every rule is spelled out in the prompt.", prompted=True),
    Pane("few-shot", "few-shot", "The same weights; the prompt shows a few good replies as a chat.", few_shot=True),
    Pane(
        "constrained", "constrained", "The same weights; a grammar decides which letters are allowed.", constrained=True
    ),
    Pane("tuned", "tuned", "The short prompt again; the weights practised the behaviour.", tuned=True),
    Pane("base-rag", "base + RAG", "The same weights; a page that was looked up stands in the prompt.", looked_up=True),
    Pane("tuned-rag", "tuned + RAG", "A page in the prompt, and weights that practised.", tuned=True, looked_up=True),
)


def find_pane(pane_id: str) -> Pane:
    """The pane of that id; raises BadInput naming those there are."""
    for pane in PANES:
        if pane.id == pane_id:
            return pane
    raise BadInput(f"There is no pane called “{pane_id}”. There are: {', '.join(pane.id for pane in PANES)}.")


def panes_for(style: Style, *, tuned: bool, server: bool = False) -> tuple[Pane, ...]:
    """The panes that this style can have.

    tuned: whether there is an adapter (or, on a server, a second model name). A server takes no other grammar than a
    JSON schema, so that pane may be missing there. A style whose messages bring their page along is not given another.
    """
    own_page = style.input_template.startswith(PAGE)
    grammar = style.constraint is not None and (not server or style.constraint.kind == "json_schema")
    return tuple(
        pane
        for pane in PANES
        if (tuned or not pane.tuned)
        and (grammar or not pane.constrained)
        and (style.few_shot or not pane.few_shot)
        and not (own_page and pane.looked_up)
    )


def adapters_for(style: Style) -> tuple[str, ...]:
    """The shipped adapters that fit this style, its own first."""
    found = [name for name in list_adapters() if fits(style, SHIPPED / name)]
    return tuple(sorted(found, key=lambda name: (name != style.name, name)))


def fits(style: Style, folder: Path) -> bool:
    """Whether the adapter in this folder practised this style, or one with the same short prompt but for a page before
    the message. An adapter without a record is taken to be named after its style."""
    trained = _trained_style(folder)
    if trained == style.name:
        return True
    if trained not in list_styles():
        return False
    other = load_style(trained)
    return (other.system, other.input_template.removeprefix(PAGE)) == (
        style.system,
        style.input_template.removeprefix(PAGE),
    )


def _trained_style(folder: Path) -> str:
    try:
        record = json.loads((folder / "training.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return folder.name
    style = record.get("style") if isinstance(record, dict) else None
    return style if isinstance(style, str) else folder.name


def gold_for(style: Style, inputs: Mapping[str, str]) -> Any:
    """The right answer, when this is one of the style's own messages to the letter; else None."""
    wanted = {name: inputs[name].strip() for name in style.inputs}
    for split in splits_of(style):
        for example in messages_of(style, split):
            if {name: example.inputs[name].strip() for name in style.inputs} == wanted:
                return example.gold
    return None


def find_passage(style: Style, inputs: Mapping[str, str], index: Index) -> Hit:
    """The passage closest to the message, found as the RAG lab finds it. Raises BadInput when nothing is there."""
    from lab.rag.answer import check_question
    from lab.rag.decide import CANDIDATES
    from lab.rag.retrieve import retrieve

    hits = retrieve(index, check_question(inputs[style.inputs[-1]]), CANDIDATES)
    if not hits:
        raise BadInput("Nothing was found in these documents, so there is no page to put into the prompt.")
    return hits[0]


def turns_for(pane: Pane, style: Style, inputs: Mapping[str, str], hit: Hit | None = None) -> list[Turn]:
    """What this pane puts to the model. With `looked_up` the passage stands before the message, as in four_answers."""
    turns = messages_for(style, inputs, prompted=pane.prompted, few_shot=pane.few_shot)
    if pane.looked_up:
        from lab.rag.prompt import format_context

        if hit is None:
            raise BadInput(f"The pane “{pane.title}” needs documents to look it up in. Choose some.")
        turns = put_page(turns, format_context([hit]))
    return turns


def model_for(
    pane: Pane, style: Style, model_factory: ModelFactory, *, adapter: str | None, strength: float
) -> BaseChatModel:
    """The model of a pane, with the style's length and, where the pane has it, its grammar."""
    if pane.tuned and adapter is None:
        raise BadInput(f"There is no adapter for {style.title} yet. Train one, or leave the pane “{pane.title}” out.")
    if pane.constrained and style.constraint is None:
        raise BadInput(f"{style.title} has no grammar that could hold its replies. Leave the constrained pane out.")
    model = model_factory(adapter, strength) if pane.tuned else model_factory(None, 1.0)
    known = type(model).model_fields
    changes: dict[str, Any] = {"max_tokens": style.max_tokens} if "max_tokens" in known else {}
    if pane.constrained:
        changes["constraint"] = style.constraint
    return model.model_copy(update=changes)


@dataclass(frozen=True)
class Judged:
    """Every rule's verdict on a reply, and whether it fits the message (None where nobody wrote the answer down)."""

    rules: tuple[RuleResult, ...]
    content: RuleResult | None

    @property
    def kept(self) -> int:
        return sum(rule.passed for rule in self.rules)


def judge_pane(style: Style, inputs: Mapping[str, str], text: str, gold: Any = None) -> Judged:
    """Rules and content of a finished reply, judged as adherence judges it: without the spaces around."""
    text = text.strip()
    return Judged(check_reply(style, inputs, text), judge_content(style, inputs, text, gold))


def check_panes(pane_ids: Sequence[str], style: Style, *, tuned: bool, server: bool = False) -> tuple[Pane, ...]:
    """Ids → panes that this style has, each once; raises BadInput for an unknown one or more than MOST."""
    possible = panes_for(style, tuned=tuned, server=server)
    found = tuple(dict.fromkeys(find_pane(pane_id) for pane_id in pane_ids))
    if missing := [pane for pane in found if pane not in possible]:
        names = ", ".join(pane.id for pane in possible)
        raise BadInput(f"{style.title} has no pane “{missing[0].id}” here. It has: {names}.")
    if not 1 <= len(found) <= MOST:
        raise BadInput(f"Choose one to {MOST} panes: {len(found)} were chosen.")
    return found
