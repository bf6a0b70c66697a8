"""Two questions put to short situations: is knowledge missing, or is it the behaviour that is wrong? A rule answers both.

The rule never saw what the situations' texts advise but for the dev half: it embeds each sentence and looks whether that is
nearer to descriptions of missing knowledge or of wrong behaviour. Its two thresholds are fitted on the dev half in each
run. The same hands wrote situations and descriptions, the descriptions after looking at dev alone.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from lab.errors import BadInput
from lab.experiments.experiment import Experiment, Report
from lab.experiments.measured import Arm, Figure, Measured, Shown, describe, finish, reader
from lab.experiments.parts.inputs import choice_field, number_field, seed_field, split_field
from lab.experiments.parts.scenarios import FILE, Advice, Scenario, load_scenarios

if TYPE_CHECKING:
    from langchain_core.embeddings import Embeddings

KNOWLEDGE = (
    "It has to know the facts in our own documents, which it has never read.",
    "The information changes every day and must be up to date.",
    "Prices, stock, timetables and news are different every week.",
    "Each answer must cite the source or the page where it was found.",
    "The answers are in the company's manuals, handbook, policies and reports.",
    "The records are kept in a database or an archive.",
    "The search finds the wrong passages of the documents.",
    "It makes up facts or remembers them wrongly; the facts must be checked.",
    "Customers ask about products, availability and terms that are true today.",
    "Documents are added, corrected or deleted all the time.",
    "It should learn by heart everything that stands in our documents.",
)
BEHAVIOUR = (
    "The tone of voice and the manner of writing are wrong.",
    "Replies should sound warm, polite and like our brand.",
    "The output must have a fixed format, such as valid JSON or XML with the same fields.",
    "Messages are sorted into categories by people's own labels.",
    "The same steps or pattern must be followed in the same order each time.",
    "The instructions in the prompt are too long and should be shorter.",
    "Texts should be written in one style, with a certain length and form.",
    "It should behave consistently, as in the examples that people have made.",
    "It turns a request into code or a query in our own manner.",
    "It should judge and reason the way our experts do.",
    "How it says things is wrong, not what it says.",
)
NEAREST = 3  # descriptions of each kind that a sentence is compared with
DISPUTED = ("left out", "counted")
ARMS = (
    Arm("two-questions", "the two questions, asked by a rule", "neither"),
    Arm("majority", "always the commonest advice", "neither", control=True),
)
FIGURES = (Figure("right", "the advice of the texts"),)
_FIT = "dev"  # the half that thresholds may be fitted on
_SENTENCE_END = re.compile(r"(?<=[.?!])\s+")
_SHOWN = 12
_MARGIN = 0.05  # how far beyond the highest and the lowest value the outermost thresholds lie


@dataclass(frozen=True)
class Inputs:
    """What a learner may set."""

    n: int = number_field(60, "Scenarios", "Drawn by the seed; all, if there are fewer.", (4, 60, 2))
    disputed: str = choice_field(
        DISPUTED[0], "Scenarios on which the texts disagree", "Counted: by what most of the texts advise.", DISPUTED
    )
    seed: int = seed_field("Decides which scenarios are judged.")
    split: str = split_field()


@dataclass(frozen=True)
class Leaning:
    """How far a text leans to each answer: the most that any of its sentences is nearer to one kind of description than to
    the other, as a difference of cosines."""

    knowledge: float
    behaviour: float


@dataclass(frozen=True)
class Thresholds:
    """From which leaning on each of the two questions is answered with yes."""

    knowledge: float
    behaviour: float

    def advise(self, leaning: Leaning) -> Advice:
        """Two yeses: both. Otherwise the answer that is nearer to its yes decides."""
        knowledge, behaviour = leaning.knowledge - self.knowledge, leaning.behaviour - self.behaviour
        if knowledge >= 0 and behaviour >= 0:
            return "both"
        return "rag" if knowledge > behaviour else "fine-tuning"


def lean(texts: Sequence[str], embedder: Embeddings) -> tuple[Leaning, ...]:
    """The leaning of each text, from the cosines of its sentences with the descriptions."""
    import numpy as np

    knowledge, behaviour = (np.array(embedder.embed_documents(list(part))) for part in (KNOWLEDGE, BEHAVIOUR))
    found = []
    for text in texts:
        sentences = np.array(embedder.embed_documents(_SENTENCE_END.split(text.strip())))
        near, other = (
            np.sort(sentences @ part.T, axis=1)[:, -NEAREST:].mean(axis=1) for part in (knowledge, behaviour)
        )
        found.append(Leaning(float((near - other).max()), float((other - near).max())))
    return tuple(found)


def fit_thresholds(leanings: Sequence[Leaning], advice: Sequence[Advice]) -> Thresholds:
    """The two thresholds that get the most of these right; of equally good ones those with the most room around them.

    Raises BadInput without any text to fit on.
    """
    if not leanings:
        raise BadInput("There are no scenarios to fit the two thresholds on.")
    best: tuple[int, float] = (-1, 0.0)
    chosen = Thresholds(0.0, 0.0)
    for knowledge, room in _between([leaning.knowledge for leaning in leanings]):
        for behaviour, other in _between([leaning.behaviour for leaning in leanings]):
            thresholds = Thresholds(knowledge, behaviour)
            pairs = zip(leanings, advice, strict=True)
            score = (sum(thresholds.advise(leaning) == right for leaning, right in pairs), min(room, other))
            if score > best:
                best, chosen = score, thresholds
    return chosen


def _between(values: Sequence[float]) -> list[tuple[float, float]]:
    """(a threshold between two neighbouring values, the room to either of them), the ends included."""
    ordered = sorted(set(values))
    ends = [ordered[0] - 2 * _MARGIN, *ordered, ordered[-1] + 2 * _MARGIN]
    return [((low + high) / 2, (high - low) / 2) for low, high in pairwise(ends)]


def commonest(advice: Sequence[Advice]) -> Advice:
    """What is advised most often; of equals the first in the order of Advice."""
    counted = Counter(advice)
    return max(get_args(Advice), key=lambda name: counted[name])


def run(inputs: Inputs, report: Report, *, file: Path = FILE) -> Measured:
    """Fit on the dev half, judge the chosen half. A dev scenario is judged by what was fitted on the others alone."""
    from lab.rag.build import get_embeddings

    if inputs.split not in ("dev", "test"):
        raise BadInput(f"Scenarios come from dev or test, not from “{inputs.split}”.")
    if inputs.disputed not in DISPUTED:
        raise BadInput(f"Disputed scenarios are {' or '.join(DISPUTED)}, not “{inputs.disputed}”.")
    if inputs.n < 1:
        raise BadInput(f"{inputs.n} scenarios cannot be judged; choose at least 1.")
    report("reading the scenarios", 0.0)
    everything = load_scenarios(file)
    learned = [item for item in everything if item.split == _FIT and not item.dispute]
    judged = [
        item for item in everything if item.split == inputs.split and (inputs.disputed == "counted" or not item.dispute)
    ]
    if inputs.n < len(judged):
        drawn = set(random.Random(inputs.seed).sample(range(len(judged)), inputs.n))
        judged = [item for place, item in enumerate(judged) if place in drawn]
    report("measuring how near the sentences are to the descriptions", 0.1)
    embedder = get_embeddings("minilm")
    needed = list(dict.fromkeys((*learned, *judged)))
    leanings = dict(zip(needed, lean([item.text for item in needed], embedder), strict=True))
    rows: list[tuple[Scenario, Advice, Advice]] = []
    for place, item in enumerate(judged):
        report(f"scenario {place + 1} of {len(judged)}", 0.5 + 0.5 * place / len(judged))
        others = [one for one in learned if one is not item]
        advice = [one.expected for one in others]
        thresholds = fit_thresholds([leanings[one] for one in others], advice)
        rows.append((item, thresholds.advise(leanings[item]), commonest(advice)))
    values = {
        ("two-questions", "right"): [rule == item.expected for item, rule, _ in rows],
        ("majority", "right"): [guess == item.expected for item, _, guess in rows],
    }
    fitted = fit_thresholds([leanings[item] for item in learned], [item.expected for item in learned])
    notes = {
        "embedder": "minilm",
        "fitted on": f"{len(learned)} scenarios of dev: {fitted.knowledge:.3f} and {fitted.behaviour:.3f}",
        "disputed": f"{sum(item.dispute for item in judged)} of {len(judged)}",
    }
    return finish(EXPERIMENT.id, inputs, ARMS, FIGURES, values, shown=_shown(rows, leanings), notes=notes)


def _shown(rows: Sequence[tuple[Scenario, Advice, Advice]], leanings: dict[Scenario, Leaning]) -> list[Shown]:
    """The wrong ones first: they are worth more reading."""
    ordered = sorted(rows, key=lambda row: row[1] == row[0].expected)[:_SHOWN]
    return [
        Shown(
            item.text,
            "two-questions",
            f"{rule} (knowledge {leanings[item].knowledge:+.2f}, behaviour {leanings[item].behaviour:+.2f})",
            f"{'right' if rule == item.expected else 'wrong'}; the texts advise {item.expected}",
        )
        for item, rule, _ in ordered
    ]


EXPERIMENT = Experiment(
    id="two-questions",
    title="Two questions decide",
    claim="Whether knowledge is missing or behaviour is wrong tells, for most situations, which of the two ways to take.",
    sources=(
        "000 §5",
        "001 Decision Framework",
        "002 The Core Decision Framework",
        "003 Rule of Thumb",
        "004 first question",
    ),
    inputs=Inputs,
    run=run,
    read=reader(Inputs),
    describe=describe,
    full=Inputs(split="test"),
)
