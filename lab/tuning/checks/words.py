"""Rules about words, and whether a reply is about its message: frozen classes whose fields are their parameters."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from lab.tuning.checks.base import Check, Inputs, Judge, Verdict, normalise
from lab.tuning.schema import Fields

_CLOSING_MARKS = "\"'”»›)]}*_"  # may stand after the question mark that ends a reply
_WORD = re.compile(r"\S*\w\S*")


@dataclass(frozen=True)
class GreetsByName:
    """The reply begins with one of `greetings`, the customer's exact first name and a comma."""

    greetings: tuple[str, ...]
    needs = ("first_name",)

    def __call__(self, inputs: Inputs, reply: str) -> Verdict:
        text = normalise(reply)
        wanted = [f"{greeting} {normalise(inputs['first_name'])}," for greeting in self.greetings]
        for opening in wanted:
            if text.startswith(opening):
                return True, f"Begins with “{opening}”"
        begins = " ".join(text.split()[:3]) or "nothing at all"
        return False, f"Begins with “{begins}” instead of “{' or '.join(wanted)}”"


@dataclass(frozen=True)
class WordCount:
    """The reply has `minimum` to `maximum` words: pieces between white space with a letter or digit in them."""

    minimum: int
    maximum: int
    needs = ()

    def __call__(self, inputs: Inputs, reply: str) -> Verdict:
        words = len(_WORD.findall(reply))
        if words < self.minimum:
            return False, f"{words} words; at least {self.minimum} are asked for"
        if words > self.maximum:
            return False, f"{words} words; at most {self.maximum} are allowed"
        return True, f"{words} words"


@dataclass(frozen=True)
class EndsWithQuestion:
    """The last mark of the reply is a question mark (closing quotes and brackets may follow it)."""

    needs = ()

    def __call__(self, inputs: Inputs, reply: str) -> Verdict:
        text = normalise(reply)
        if text.rstrip(_CLOSING_MARKS + " ").endswith(("?", "？")):
            return True, "Ends with a question mark"
        ending = " ".join(text.split()[-4:])[-60:]
        return False, f"Ends with “{ending}”, not with a question mark" if text else "The reply is empty"


@dataclass(frozen=True)
class Avoids:
    """None of `phrases` occurs as whole words, whatever the case, the apostrophes and the spacing."""

    phrases: tuple[str, ...]
    needs = ()

    def __call__(self, inputs: Inputs, reply: str) -> Verdict:
        text = normalise(reply).casefold()
        if found := [phrase for phrase in self.phrases if _occurs(phrase, text)]:
            return False, f"Says {', '.join(f'“{phrase}”' for phrase in found)}"
        return True, "Says none of them"


def _occurs(phrase: str, text: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(normalise(phrase).casefold())}(?!\w)", text) is not None


def _read_greets_by_name(fields: Fields) -> Check:
    return GreetsByName(fields.texts("greetings"))


def _read_word_count(fields: Fields) -> Check:
    minimum = fields.whole("minimum", 0, 10_000)
    return WordCount(minimum, fields.whole("maximum", max(1, minimum), 10_000))


def _read_ends_with_question(fields: Fields) -> Check:
    return EndsWithQuestion()


def _read_avoids(fields: Fields) -> Check:
    return Avoids(fields.texts("phrases"))


CHECKS: dict[str, Callable[[Fields], Check]] = {
    "greets_by_name": _read_greets_by_name,
    "word_count": _read_word_count,
    "ends_with_question": _read_ends_with_question,
    "avoids": _read_avoids,
}

_COMMON_WORDS = """
about after again also another anything been before being came come could does doing done each else even ever every
find from gave give going gone good have having hello help here into just keep know like look looking made make many
mine more most much must need only other ours over please really said same shall should show some something soon still
such sure take tell than thank thanks that their them then there these they thing think this those time told very want
wants well were what when where which while will wish with would your yours
"""  # four letters or more, and about nothing in particular
_COMMON = frozenset(_COMMON_WORDS.split())


def shares_content_word(inputs: Inputs, reply: str) -> bool:
    """Whether reply and message have a content word in common: a reply may keep every rule and still be about nothing.

    A content word has four letters or more and is not one of the common ones; words are compared by their first five
    letters without a plural s, so that "tent" meets "tents". The name, which every reply repeats, does not count.
    """
    names = _stems(inputs.get("first_name", ""))
    message = _stems(" ".join(text for key, text in inputs.items() if key != "first_name")) - names
    return bool(message & _stems(reply))


@dataclass(frozen=True)
class SharesContentWord:
    """The reply has a content word in common with the message."""

    needs_gold = False

    def __call__(self, inputs: Inputs, reply: str, gold: Any) -> Verdict:
        if shares_content_word(inputs, reply):
            return True, "Takes up a word of the message"
        return False, "Has no content word in common with the message"


def _read_shares_content_word(fields: Fields) -> Judge:
    return SharesContentWord()


CONTENT: dict[str, Callable[[Fields], Judge]] = {"shares_content_word": _read_shares_content_word}


def _stems(text: str) -> set[str]:
    words = re.findall(r"[^\W_]{4,}", normalise(text).casefold())
    return {word.removesuffix("s")[:5] for word in words if word not in _COMMON}
