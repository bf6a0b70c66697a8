"""What tells two panes apart: the cause in one sentence, read off their provenance, and the words that differ."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from typing import Any

Span = tuple[int, int]  # start and end of a range of characters
_EMBEDDED_TURN = re.compile(r"<\|im_start\|>(\w+)\n(.*?)(?:<\|im_end\|>\n|\Z)", re.DOTALL)
_SERVER_TURN = re.compile(r"(?:^|\n\n)\[(system|human|ai)\]\n(.*?)(?=\n\n\[(?:system|human|ai)\]\n|\Z)", re.DOTALL)
_WORD = re.compile(r"\S+")
_SPELLED = {0: "no", 2: "two", 3: "three", 4: "four", 5: "five", 6: "six"}


def difference(left: Mapping[str, Any], right: Mapping[str, Any]) -> str:
    """What the right pane has other than its left neighbour: weights, prompt, grammar, in one sentence or two.

    Both are provenances of finished replies; nothing is assumed about what the panes are called.
    """
    if not left.get("prompt") or not right.get("prompt"):
        return "One of the two gave no answer, so there is nothing to tell apart."
    found = {
        "weights": _weights(left, right),
        "prompt": _prompt(str(left["prompt"]), str(right["prompt"])),
        "grammar": _grammar(left, right),
    }
    differing = {name: words for name, words in found.items() if words}
    if not differing:
        unlearned = any(side.get("strength") == 0 for side in (left, right))
        why = ": strength 0 is the base model" if unlearned else ""
        return f"Nothing differs{why}. The weights and the prompt are the same, letter by letter."
    details = "; ".join(differing.values())
    names = list(differing)
    if len(names) == 1:
        same = {
            "weights": "The prompt is the same, letter by letter.",
            "prompt": "The weights are the same.",
            "grammar": "The weights and the prompt are the same.",
        }[names[0]]
        return f"Only the {names[0]} {_verb(names[0])}: {details}. {same}"
    listed = " and the ".join([", the ".join(names[:-1]), names[-1]])
    head = f"Both differ, the {listed}" if len(names) == 2 and "grammar" not in names else f"The {listed} differ"
    return f"{head}: {details}."


def _verb(name: str) -> str:
    return "differ" if name == "weights" else "differs"


def _key(side: Mapping[str, Any]) -> tuple[Any, ...]:
    """Which weights wrote it. Strength 0 adds nothing, so that is the base model."""
    names = (side.get("backend"), side.get("model"), side.get("weights"))
    if side.get("backend") == "server" or side.get("adapter_sha256") is None or side.get("strength") == 0:
        return (*names, None, None)
    return (*names, side["adapter_sha256"], side.get("strength"))


def _weights(left: Mapping[str, Any], right: Mapping[str, Any]) -> str:
    before, after = _key(left), _key(right)
    if before == after:
        return ""
    if before[:3] != after[:3]:
        return f"{right.get('model')} here, {left.get('model')} to the left"
    if before[3] == after[3]:
        return f"{right.get('adapter')} at strength {right['strength']:g} here, {left['strength']:g} to the left"
    return f"{_learned(right)} here, {_learned(left)} to the left"


def _learned(side: Mapping[str, Any]) -> str:
    if _key(side)[3] is None:
        return "the base model"
    strength = side.get("strength")
    return f"the adapter {side.get('adapter')}" + ("" if strength is None else f" at strength {strength:g}")


def _grammar(left: Mapping[str, Any], right: Mapping[str, Any]) -> str:
    before, after = left.get("constraint"), right.get("constraint")
    if before == after:
        return ""
    kinds = {"json_schema": "a JSON schema", "regex": "a regular expression", "grammar": "a grammar"}
    if after is None:
        return f"here every letter is free; to the left {kinds.get(str(before), before)} held them"
    return f"{kinds.get(str(after), after)} allows only certain letters here"


def _prompt(left: str, right: str) -> str:
    """How the prompt on the right differs, part by part: the instruction, the examples, the message."""
    if left == right:
        return ""
    before, after = _turns(left), _turns(right)
    if not before or not after:
        return "its text is another one"
    words = []
    if before[0] != after[0]:
        change = len(after[0][1].split()) - len(before[0][1].split())
        size = f"{abs(change)} words {'longer' if change > 0 else 'shorter'}" if change else "another one"
        words.append(f"its instruction is {size}")
    if before[1:-1] != after[1:-1]:
        shown = len(after[1:-1]) // 2
        words.append("it shows one example" if shown == 1 else f"it shows {_SPELLED.get(shown, shown)} examples")
    if before[-1] != after[-1]:
        words.append(_message(before[-1][1], after[-1][1]))
    return ", and ".join(words) or "its text is another one"


def _message(left: str, right: str) -> str:
    if right.endswith(left):
        return f"a text of {len(right[: -len(left) or None].split())} words stands before the message"
    if left.endswith(right):
        return "no text stands before the message"
    return "the message or the text before it is another one"


def _turns(prompt: str) -> list[tuple[str, str]]:
    """The turns of a prompt as provenance holds it, up to the last message; the model's opening is left out."""
    found = _EMBEDDED_TURN.findall(prompt) or _SERVER_TURN.findall(prompt)
    turns = [(str(role), str(text)) for role, text in found]
    if turns and turns[-1][0] == "assistant":
        turns.pop()
    return turns


def differing_words(left: str, right: str) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    """The ranges of each text that the other does not have, word by word; neighbouring words make one range."""
    before, after = list(_WORD.finditer(left)), list(_WORD.finditer(right))
    matcher = difflib.SequenceMatcher(None, [word[0] for word in before], [word[0] for word in after], autojunk=False)
    sides: tuple[list[Span], list[Span]] = ([], [])
    for kind, start, end, other_start, other_end in matcher.get_opcodes():
        if kind == "equal":
            continue
        for spans, words, first, last in ((sides[0], before, start, end), (sides[1], after, other_start, other_end)):
            if last > first:
                spans.append((words[first].start(), words[last - 1].end()))
    return tuple(sides[0]), tuple(sides[1])


def likeness(left: str, right: str) -> float:
    """The share of words, of both texts together, that stand in both in the same order: 1 is the same, 0 nothing."""
    return difflib.SequenceMatcher(None, left.split(), right.split(), autojunk=False).ratio()
