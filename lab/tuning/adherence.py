"""How well a model keeps a style: it answers a set of messages, and every rule judges every reply."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lab.errors import BadInput, Cancelled
from lab.models.constraint import Constraint
from lab.models.template import Turn
from lab.models.weights import Report, no_report
from lab.statistics import wilson
from lab.tuning.styles import Example, RuleResult, Style, check_reply, judge_content, messages_for

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import BaseMessage

Reply = Callable[[Sequence[Sequence[Turn]]], Sequence[str]]  # many lists of turns → as many replies
_TOGETHER = 32  # messages that are asked at once; progress is reported in between


@dataclass(frozen=True)
class AdherenceRow:
    """One message's reply and what the rules say of it.

    content: whether it fits the message, beside the rules and not among them; None where only a right answer that
    nobody wrote down could tell. compared: whether it was judged against such a right answer.
    """

    id: str
    reply: str
    results: tuple[RuleResult, ...]
    content: RuleResult | None = None
    compared: bool = False

    @property
    def passed(self) -> bool:
        """Whether every rule is kept."""
        return all(result.passed for result in self.results)

    @property
    def failed(self) -> tuple[RuleResult, ...]:
        return tuple(result for result in self.results if not result.passed)


@dataclass(frozen=True)
class Adherence:
    """A style kept over `n` messages, by one model.

    rate: the share of replies that keep every rule, with its 95 % Wilson interval; rules: the share that keeps each
    rule, by id; fits: of the replies whose content could be judged, the share that fits its message; values_right: of
    the `n_gold` messages with a right answer written down, the share of replies that agree with it, with its interval.
    """

    style: str
    n: int
    rate: float
    interval: tuple[float, float]
    rules: dict[str, float]
    fits: float | None
    values_right: float | None
    values_interval: tuple[float, float] | None
    n_gold: int
    rows: tuple[AdherenceRow, ...]
    prompted: bool
    few_shot: bool
    constrained: bool
    seconds: float

    def to_json(self) -> dict[str, Any]:
        """What `adherence --json` prints."""
        rows = [
            {
                "id": row.id,
                "reply": row.reply,
                "passed": row.passed,
                "failed": [{"rule": result.rule, "reason": result.reason} for result in row.failed],
                "fits": None if row.content is None else row.content.passed,
                "content": None if row.content is None else row.content.reason,
            }
            for row in self.rows
        ]
        names = ("style", "n", "rate", "interval", "rules", "fits", "values_right", "values_interval", "n_gold")
        fields = {name: getattr(self, name) for name in names}
        modes = {name: getattr(self, name) for name in ("prompted", "few_shot", "constrained", "seconds")}
        return {**fields, **modes, "rows": rows}


def measure_adherence(
    style: Style,
    messages: Sequence[Example],
    model: BaseChatModel | Reply,
    *,
    prompted: bool = False,
    few_shot: bool = False,
    constrained: bool = False,
    report: Report = no_report,
    should_stop: Callable[[], bool] = lambda: False,
) -> Adherence:
    """Let `model` (base or tuned, built by the caller) answer every message, and let every rule judge every reply.

    A LangChain chat model is asked through `.batch`, with the style's max_tokens. Raises BadInput without messages,
    Cancelled when stopped.
    """
    if not messages:
        raise BadInput("There are no messages to answer, so adherence cannot be measured.")
    if constrained and style.constraint is None:
        raise BadInput(f"{style.name} has no grammar that could hold its replies. Leave --constrained out.")
    ask = _asker(model, style.max_tokens, style.constraint if constrained else None)
    rows: list[AdherenceRow] = []
    started = time.perf_counter()
    for start in range(0, len(messages), _TOGETHER):
        if should_stop():
            raise Cancelled(f"Stopped after {start} of {len(messages)} messages.")
        report(f"answering messages {start + 1} and on of {len(messages)}", start / len(messages))
        part = messages[start : start + _TOGETHER]
        replies = ask([messages_for(style, item.inputs, prompted=prompted, few_shot=few_shot) for item in part])
        rows += [_judge(style, item, reply.strip()) for item, reply in zip(part, replies, strict=True)]
    n = len(rows)
    kept = sum(row.passed for row in rows)
    judged = [row.content.passed for row in rows if row.content is not None]
    compared = [row.content.passed for row in rows if row.content is not None and row.compared]
    return Adherence(
        style=style.name,
        n=n,
        rate=kept / n,
        interval=wilson(kept, n),
        rules={rule.id: sum(row.results[place].passed for row in rows) / n for place, rule in enumerate(style.rules)},
        fits=sum(judged) / len(judged) if judged else None,
        values_right=sum(compared) / len(compared) if compared else None,
        values_interval=wilson(sum(compared), len(compared)) if compared else None,
        n_gold=len(compared),
        rows=tuple(rows),
        prompted=prompted,
        few_shot=few_shot,
        constrained=constrained,
        seconds=round(time.perf_counter() - started, 2),
    )


def to_messages(turns: Sequence[Turn]) -> list[BaseMessage]:
    """Turns as LangChain messages."""
    from langchain_core.messages import AIMessage, HumanMessage, SystemMessage

    kinds = {"system": SystemMessage, "user": HumanMessage, "assistant": AIMessage}
    return [kinds[role](content) for role, content in turns]


def _asker(model: BaseChatModel | Reply, max_tokens: int, constraint: Constraint | None) -> Reply:
    from langchain_core.language_models import BaseChatModel

    if not isinstance(model, BaseChatModel):
        return model
    if "max_tokens" in type(model).model_fields:
        model = model.model_copy(update={"max_tokens": max_tokens})
    if constraint is not None:
        model = model.model_copy(update={"constraint": constraint})

    def ask(conversations: Sequence[Sequence[Turn]]) -> list[str]:
        return [str(answer.text) for answer in model.batch([to_messages(turns) for turns in conversations])]

    return ask


def _judge(style: Style, message: Example, reply: str) -> AdherenceRow:
    return AdherenceRow(
        message.id,
        reply,
        check_reply(style, message.inputs, reply),
        judge_content(style, message.inputs, reply, message.gold),
        compared=message.gold is not None and style.content.judge.needs_gold,
    )
