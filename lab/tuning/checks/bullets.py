"""A reply in bullets: how many and how long, whether the text bears them out, and whether they cover it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from lab.errors import BadInput
from lab.tuning.checks.base import Check, Inputs, Judge, Verdict, normalise
from lab.tuning.schema import Fields

_BULLET = "- "
_MOST_COMPARED = 50  # bullets; every pair of them is looked at
_SHOWN = 40  # characters of a reply that a reason repeats
_SHARED_WORDS = 2  # content words in which a bullet and the sentence it comes from meet
_LINE_END = re.compile(r"\r\n|\r|\n")
_LIST_MARK = re.compile(r"(?:[-*•–—◦‣]|\d{1,3}[.)](?=\s))")
_SENTENCE_END = re.compile(r"[.!?;](?=[\s\"'”’)]|$)|[\r\n]+|\s[-–—*|/•]+\s")
_CLAUSE_END = re.compile(r"[,:](?=\s)")
_LONG_SENTENCE = 24  # words; one that runs on longer is taken clause by clause
_ENDING = re.compile(r"(?<=\w{3})(?:ing|ed|es|s|e)$")
_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
_OPENS_A_SENTENCE = re.compile(r"(?:^|[.!?:…])[\s\"'“”‘’(\[*_]*$")
_NUMBER_NAMES = {
    name: str(number)
    for number, name in enumerate(
        "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
        "eighteen nineteen twenty".split(),
        start=2,
    )
} | {"thirty": "30", "forty": "40", "fifty": "50", "sixty": "60", "seventy": "70", "eighty": "80", "ninety": "90"}
_COMMON_WORDS = """
about after again all also and another any anything are been before being both but came can come could did does doing
done during each else even ever every few find for from gave get give given going gone good got had has have having
her here him his how into its just keep know let like look looking made make making many may mine more most much must
need nor not now off one only onto other our ours out over own per please put really said same say see shall she
should show since some something soon still such sure take taken tell than thank thanks that the their them then there
these they thing think this those though through time told too until upon very via want wants was way were what when
where which while who why will wish with within without would yet you your yours
"""  # three letters or more, and about nothing in particular
_COMMON = frozenset(_COMMON_WORDS.split())


@dataclass(frozen=True)
class BulletCount:
    """The reply is exactly `count` lines that begin with a hyphen and a space; empty lines do not count."""

    count: int
    needs = ()

    def __call__(self, inputs: Inputs, reply: str) -> Verdict:
        lines = [line for line in _LINE_END.split(reply.strip()) if line.strip()]
        if not lines:
            return False, "The reply is empty"
        bullets = sum(line.startswith(_BULLET) and bool(line[len(_BULLET) :].strip()) for line in lines)
        if bullets < len(lines):
            other = next(line for line in lines if not (line.startswith(_BULLET) and line[len(_BULLET) :].strip()))
            return False, f"{_bullets(bullets)} and the line “{_shorten(other)}”, which does not begin with “- ”"
        if bullets != self.count:
            return False, f"{_bullets(bullets)}; exactly {self.count} are asked for"
        return True, _bullets(bullets)


@dataclass(frozen=True)
class BulletLength:
    """Each line has `minimum` to `maximum` words: pieces between white space with a letter or digit in them."""

    minimum: int
    maximum: int
    needs = ()

    def __call__(self, inputs: Inputs, reply: str) -> Verdict:
        points = _points(reply)
        if not points:
            return False, "The reply is empty"
        lengths = [sum(re.search(r"\w", piece) is not None for piece in point.split()) for point in points]
        for number, length in enumerate(lengths, start=1):
            if not self.minimum <= length <= self.maximum:
                allowed = f"{self.minimum} to {self.maximum}"
                return False, f"Bullet {number} has {length:,} word{'s' * (length != 1)}; {allowed} are asked for"
        return True, f"Bullets of {min(lengths)} to {max(lengths)} words"


@dataclass(frozen=True)
class Grounded:
    """The text bears the reply out: its numbers, its names, and at least `content_share` percent of its content words.

    A name is a word with a capital that does not begin a sentence. Numbers may be written in digits in one place and
    in letters in the other; content words are compared by their first five letters without an ending, so that "leaked"
    meets "leak".
    """

    content_share: int
    needs = ("text",)

    def __call__(self, inputs: Inputs, reply: str) -> Verdict:
        points = _points(reply)
        if not points:
            return False, "The reply is empty"
        text = normalise(inputs["text"])
        numbers, words = set(_numbers(text)), {_bare(word) for word in _WORD.findall(text)}
        stems = _stems(text)
        content, missing = 0, []
        for point in points:
            if strange := next((number for number in _numbers(point) if number not in numbers), None):
                return False, f"The number “{_shorten(strange)}” is not in the text"
            for match in _WORD.finditer(point):
                word, bare = match[0], _bare(match[0])
                opens = _OPENS_A_SENTENCE.search(point[max(0, match.start() - 12) : match.start()])
                if word[0].isupper() and bare not in words and not opens and bare.split("'")[0] != "i":
                    return False, f"The name “{_shorten(word)}” is not in the text"
                if stem := _stem(word):
                    content += 1
                    missing += [word] if stem not in stems else []
        if not content:
            return False, "There is no content word that the text could bear out"
        if len(missing) * 100 > content * (100 - self.content_share):
            return (
                False,
                f"{len(missing):,} of {content:,} content words are not in the text, e.g. “{_shorten(missing[0])}”",
            )
        return (
            True,
            f"{content - len(missing):,} of {content:,} content words are in the text, and every number and name",
        )


@dataclass(frozen=True)
class DistinctBullets:
    """Of no two bullets does one share more than `most_shared` percent of its content words with the other."""

    most_shared: int
    needs = ()

    def __call__(self, inputs: Inputs, reply: str) -> Verdict:
        points = _points(reply)
        if len(points) < 2:
            return False, "There are no two bullets to compare" if points else "The reply is empty"
        if len(points) > _MOST_COMPARED:
            return False, f"{_bullets(len(points))}; more than {_MOST_COMPARED} are not compared"
        said = [(point.casefold().rstrip(".!? "), _stems(point) | set(_numbers(point))) for point in points]
        for (first, (one, some)), (second, (other, others)) in combinations(enumerate(said, start=1), 2):
            fewer = min(len(some), len(others))
            if one == other or (fewer > 1 and len(some & others) * 100 > fewer * self.most_shared):
                return False, f"Bullets {first} and {second} say the same"
        return True, "No two bullets say the same"


@dataclass(frozen=True)
class CoversText:
    """The bullets come from different sentences of the text, and name most of the key facts where those are known.

    Every bullet has to have two content words or numbers in common with a sentence of its own (any assignment of
    bullets to sentences will do), and `key_facts` of the phrases in `gold` have to turn up: a phrase is there when two
    thirds of its content words and numbers stand in one bullet.
    """

    key_facts: int
    needs_gold = False

    def __call__(self, inputs: Inputs, reply: str, gold: Any) -> Verdict:
        """Raise BadInput where `gold` is given and is not a list of texts."""
        phrases = _read_gold(gold)
        points = _points(reply)
        if not points:
            return False, "The reply is empty"
        if len(points) > _MOST_COMPARED:
            return False, f"{_bullets(len(points))}; more than {_MOST_COMPARED} are not looked at"
        sentences = [_content(sentence) for sentence in _sentences(inputs["text"])]
        bullets = [_content(point) for point in points]
        near = [
            [place for place, words in enumerate(sentences) if len(words & bullet) >= _SHARED_WORDS]
            for bullet in bullets
        ]
        for number, places in enumerate(near, start=1):
            if not places:
                return False, f"Bullet {number} takes up no sentence of the text"
        if not _each_its_own(near):
            return False, "Two bullets come from the same sentence of the text"
        if phrases:
            lost = [phrase for phrase in phrases if not any(_names(bullet, phrase) for bullet in bullets)]
            wanted, found = min(self.key_facts, len(phrases)), len(phrases) - len(lost)
            if found < wanted:
                return False, f"Names {found} of {len(phrases)} key facts; left out “{_shorten(lost[0])}”"
            return True, f"Takes up {len(points)} different sentences and names {found} of {len(phrases)} key facts"
        return True, f"Takes up {len(points)} different sentences of the text"


def _read_gold(gold: Any) -> tuple[str, ...]:
    if gold is None:
        return ()
    if not isinstance(gold, list | tuple) or not gold or not all(isinstance(one, str) and one.strip() for one in gold):
        raise BadInput("gold must be a list of key phrases of the text, each a text that is not empty.")
    return tuple(gold)


def _names(bullet: set[str], phrase: str) -> bool:
    wanted = _content(phrase) or set(normalise(phrase).casefold().split())
    return len(wanted & bullet) * 3 >= len(wanted) * 2


def _each_its_own(near: Sequence[Sequence[int]]) -> bool:
    """Whether every bullet can have a sentence to itself (augmenting paths in a bipartite graph)."""
    taken: dict[int, int] = {}  # sentence → bullet

    def place(bullet: int, tried: set[int]) -> bool:
        for sentence in near[bullet]:
            if sentence not in tried:
                tried.add(sentence)
                if sentence not in taken or place(taken[sentence], tried):
                    taken[sentence] = bullet
                    return True
        return False

    return all(place(bullet, set()) for bullet in range(len(near)))


def _sentences(text: str) -> list[str]:
    sentences: list[str] = []
    for sentence in _SENTENCE_END.split(text):
        sentences += [sentence] if len(sentence.split()) <= _LONG_SENTENCE else _CLAUSE_END.split(sentence)
    return sentences


def _points(reply: str) -> list[str]:
    """The lines that say something, without the mark of a list, so that a wrong mark is only counted once."""
    lines = [normalise(line) for line in _LINE_END.split(reply)]
    said = [line[mark.end() :].strip() if (mark := _LIST_MARK.match(line)) else line for line in lines]
    return [line for line in said if line]


def _numbers(text: str) -> list[str]:
    """The numbers of a normalised text in digits, in the order found: “9:30” as 9.30, “1,200” as 1200, “six” as 6."""
    found = [number.replace(":", ".") for number in _NUMBER.findall(text)]
    digits = [re.sub(r",(?=\d{3}(?!\d))", "", number) for number in found]
    return digits + [_NUMBER_NAMES[word] for word in map(str.casefold, _WORD.findall(text)) if word in _NUMBER_NAMES]


def _bare(word: str) -> str:
    return word.casefold().removesuffix("'s")


def _stem(word: str) -> str:
    """What a content word is compared by; nothing for a short, a common or a number's word."""
    bare = _bare(word)
    if len(bare) < 3 or bare in _COMMON or bare in _NUMBER_NAMES:
        return ""
    return _ENDING.sub("", bare)[:5]


def _stems(text: str) -> set[str]:
    return {stem for word in _WORD.findall(text) if (stem := _stem(word))}


def _content(text: str) -> set[str]:
    """Content words and numbers, as they are compared."""
    plain = normalise(text)
    return _stems(plain) | set(_numbers(plain))


def _bullets(count: int) -> str:
    return f"{count:,} bullet{'s' * (count != 1)}"


def _shorten(text: str) -> str:
    """One line of a reply, short enough to stand in a reason."""
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else line[: _SHOWN - 1].rstrip() + "…"


def _read_bullet_count(fields: Fields) -> Check:
    return BulletCount(fields.whole("count", 1, 20))


def _read_bullet_length(fields: Fields) -> Check:
    minimum = fields.whole("minimum", 1, 1_000)
    return BulletLength(minimum, fields.whole("maximum", minimum, 1_000))


def _read_grounded(fields: Fields) -> Check:
    return Grounded(fields.whole("content_share", 0, 100))


def _read_distinct_bullets(fields: Fields) -> Check:
    return DistinctBullets(fields.whole("most_shared", 0, 99))


def _read_covers_text(fields: Fields) -> Judge:
    return CoversText(fields.whole("key_facts", 1, 20))


CHECKS: dict[str, Callable[[Fields], Check]] = {
    "bullet_count": _read_bullet_count,
    "bullet_length": _read_bullet_length,
    "grounded": _read_grounded,
    "distinct_bullets": _read_distinct_bullets,
}
CONTENT: dict[str, Callable[[Fields], Judge]] = {"covers_text": _read_covers_text}
