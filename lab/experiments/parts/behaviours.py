"""What experiments on behaviours share: one style's messages, asked in several ways, and what the style says of the replies."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from lab.errors import BadInput, LabError
from lab.experiments.experiment import Report
from lab.experiments.measured import Arm, Shown
from lab.models.adapters import find_adapter
from lab.models.catalogue import choose_model
from lab.settings import get_settings
from lab.tuning.styles import (
    Example,
    RuleResult,
    Style,
    check_reply,
    judge_content,
    messages_for,
    messages_of,
    put_page,
)

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AIMessage

    from lab.models.template import Turn
    from lab.rag.index import Index

_TOGETHER = 32  # replies between two reports


@dataclass(frozen=True)
class Way:
    """One way to ask for a reply: the weights, and what stands in the prompt beside the message.

    adapter: a name or folder, None for the base model. prompted: the rules are spelled out in the system turn. few_shot:
    the style's own examples stand before the message as a chat; `shots` puts others there, chosen for each message. page:
    a text for each message that stands before it.
    """

    arm: Arm
    adapter: str | None = None
    prompted: bool = False
    few_shot: bool = False
    shots: Callable[[Example], Sequence[Example]] | None = None
    page: Callable[[Example], str] | None = None

    def turns(self, style: Style, message: Example) -> list[Turn]:
        """Everything the model reads. With `page` or `shots` this is where looking up takes place."""
        shown = style if self.shots is None else replace(style, few_shot=tuple(self.shots(message)))
        with_shots = self.few_shot or self.shots is not None
        turns = messages_for(shown, message.inputs, prompted=self.prompted, few_shot=with_shots)
        return turns if self.page is None else put_page(turns, self.page(message))


@dataclass(frozen=True)
class Replied:
    """One message's reply with the style's verdicts, and its tokens as the model counted them.

    content: None where only a right answer that nobody wrote down could tell. seconds: from the message to the finished
    reply, looking up included; search_seconds: the part before the model was asked. Both are 0 where many were asked at once.
    """

    message: Example
    text: str
    rules: tuple[RuleResult, ...]
    content: RuleResult | None
    tokens_in: int
    tokens_out: int
    seconds: float = 0.0
    search_seconds: float = 0.0

    @property
    def kept(self) -> bool:
        """Whether every rule is kept."""
        return all(rule.passed for rule in self.rules)

    @property
    def rules_kept(self) -> float:
        """The share of the rules that are kept."""
        return sum(rule.passed for rule in self.rules) / len(self.rules)

    @property
    def right(self) -> bool:
        return self.content is not None and self.content.passed

    @property
    def verdict(self) -> str:
        """In words: which rules are broken, and what the style's judge says of the content."""
        broken = "; ".join(rule.reason for rule in self.rules if not rule.passed)
        form = f"breaks {sum(not rule.passed for rule in self.rules)}: {broken}" if broken else "keeps every rule"
        return form if self.content is None else f"{form}. Content: {self.content.reason}"


def draw_messages(style: Style, n: int, seed: int, split: str) -> tuple[Example, ...]:
    """`n` messages of the style's dev or test file, chosen by the seed, in the order of the file; all if there are fewer."""
    if n < 1:
        raise BadInput(f"{n} messages cannot be asked; choose at least 1.")
    if split not in ("dev", "test"):
        raise BadInput(f"Messages come from dev or test, not from “{split}”.")
    return draw(messages_of(style, split), n, seed)


def draw(examples: Sequence[Example], n: int, seed: int) -> tuple[Example, ...]:
    """`n` of them, chosen by the seed, in their order; all if there are fewer."""
    if n >= len(examples):
        return tuple(examples)
    chosen = sorted(random.Random(seed).sample(range(len(examples)), n))
    return tuple(examples[place] for place in chosen)


def ask_all(
    style: Style, messages: Sequence[Example], ways: Sequence[Way], report: Report, share: tuple[float, float] = (0, 1)
) -> dict[str, tuple[Replied, ...]]:
    """Every message asked in every way, many at once: arm id → replies in the order of the messages.

    share: the part of the experiment's progress that this is.
    """
    begin, end = share
    work = [(way, at) for way in ways for at in range(0, len(messages), _TOGETHER)]
    replies: dict[str, tuple[Replied, ...]] = {way.arm.id: () for way in ways}
    for place, (way, at) in enumerate(work):
        part = messages[at : at + _TOGETHER]
        report(f"{way.arm.label}: messages {at + 1} to {at + len(part)}", begin + (end - begin) * place / len(work))
        conversations = [way.turns(style, message) for message in part]
        answers = _model(style, way).batch([_to_messages(turns) for turns in conversations])
        replies[way.arm.id] += tuple(
            _judge(style, message, answer) for message, answer in zip(part, answers, strict=True)
        )
    return replies


def ask_in_turn(
    style: Style,
    messages: Sequence[Example],
    ways: Sequence[Way],
    report: Report,
    share: tuple[float, float] = (0, 1),
    *,
    max_tokens: int | None = None,
) -> dict[str, tuple[Replied, ...]]:
    """As `ask_all`, one reply at a time and timed. Every way meets a message before the next message comes, and another one
    begins each time, so that a busy machine hits all alike. Whatever has to load is loaded before.

    max_tokens: cut every reply there instead of at the style's own length.
    """
    begin, end = share
    models = {way.arm.id: _model(style, way, max_tokens) for way in ways}
    report("loading what has to be loaded", begin)
    for way in ways:
        _model(style, way, 1).invoke(_to_messages(way.turns(style, messages[0])))
    replies: dict[str, list[Replied]] = {way.arm.id: [] for way in ways}
    for place, message in enumerate(messages):
        report(f"one at a time: message {place + 1} of {len(messages)}", begin + (end - begin) * place / len(messages))
        first = place % len(ways)
        for way in (*ways[first:], *ways[:first]):
            started = time.perf_counter()
            turns = way.turns(style, message)
            searched = time.perf_counter() - started
            answer = models[way.arm.id].invoke(_to_messages(turns))
            seconds = time.perf_counter() - started
            replied = _judge(style, message, answer)
            replies[way.arm.id].append(replace(replied, seconds=seconds, search_seconds=searched))
    return {arm: tuple(found) for arm, found in replies.items()}


def gather(
    replies: Mapping[str, Sequence[Replied]], figures: Mapping[str, Callable[[Replied], float]]
) -> dict[tuple[str, str], list[float]]:
    """Figures by id, each a number for one reply → values by (arm, figure)."""
    return {
        (arm, figure): [float(value(reply)) for reply in found]
        for arm, found in replies.items()
        for figure, value in figures.items()
    }


def pick_shown(
    replies: Mapping[str, Sequence[Replied]],
    messages: int = 3,
    say: Callable[[Replied], str] = lambda reply: reply.verdict,
) -> tuple[Shown, ...]:
    """What every arm made of the first few messages, message by message."""
    fewest = min(messages, *(len(found) for found in replies.values()))
    return tuple(
        Shown("\n".join(found[place].message.inputs.values()), arm, found[place].text, say(found[place]))
        for place in range(fewest)
        for arm, found in replies.items()
    )


def fingerprints(ways: Sequence[Way], index: Index | None = None) -> dict[str, str]:
    """What the figures rest on: the model, each adapter by its arm, and the index. SHA-256, in hexadecimal digits."""
    from lab.models.convert import serving_fingerprint

    notes = {"model": serving_fingerprint()}
    for way in ways:
        if way.adapter is not None:
            notes[f"adapter of {way.arm.id}"] = find_adapter(way.adapter).sha256
    return notes if index is None else {**notes, "index": index.fingerprint}


def check_adapters(ways: Sequence[Way]) -> None:
    """Raise BadInput, before anything slow begins, for an adapter that does not exist, or that is its own control."""
    controls = {way.adapter for way in ways if way.arm.control}
    for way in ways:
        if way.adapter is not None:
            find_adapter(way.adapter)
            if way.adapter in controls and not way.arm.control:
                raise BadInput(f"{way.adapter} practised this very behaviour, so it is no control. Choose another one.")


def _model(style: Style, way: Way, max_tokens: int | None = None) -> BaseChatModel:
    return choose_model(get_settings(), adapter=way.adapter, max_tokens=max_tokens or style.max_tokens)


def _to_messages(turns: Sequence[Turn]) -> list[Any]:
    from lab.tuning.adherence import to_messages

    return list(to_messages(turns))


def _judge(style: Style, message: Example, answer: AIMessage) -> Replied:
    text = str(answer.text).strip()
    usage = answer.usage_metadata
    if usage is None:
        raise LabError("The model does not say how many tokens it read, so its prompts cannot be compared.")
    return Replied(
        message,
        text,
        check_reply(style, message.inputs, text),
        judge_content(style, message.inputs, text, message.gold),
        usage["input_tokens"],
        usage["output_tokens"],
    )
