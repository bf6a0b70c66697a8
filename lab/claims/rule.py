"""Rules: conditions on a result's figures, written down before the run, and the verdict that follows from them."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Literal

from lab.experiments.measured import Measured, Series
from lab.statistics import difference_of_means, difference_of_shares, ratio_of_means


class Verdict(StrEnum):
    """What a run says of a claim."""

    REPRODUCED = "reproduced"
    PARTLY = "partly"
    NOT_HERE = "not here"
    NOT_TESTABLE = "not testable here"


class Outcome(StrEnum):
    """What a run says of one condition."""

    HOLDS = "holds"
    LEANS = "leans"  # the estimate goes that way, but not far or not surely enough
    FAILS = "fails"


_STRENGTH = (Outcome.FAILS, Outcome.LEANS, Outcome.HOLDS)


Kind = Literal["more", "less", "differs", "no-more", "at-least", "at-most"]
Scale = Literal["difference", "ratio"]


@dataclass(frozen=True)
class Condition:
    """One comparison. With e the effect (arm against `than`; difference of means, or their ratio):

    more      holds when e ≥ margin and the interval lies above nothing (0, or a ratio of 1); leans when e is above nothing.
    less      the same, downwards (margin is a size: 0.1 less, or for a ratio at most 1/margin).
    differs   either way: holds when |e| ≥ margin and the interval leaves out nothing; leans when |e| ≥ margin.
    no-more   holds when the interval's upper end is below margin: any gain is too small to matter; leans when e is.
    at-least  no `than`: holds when the arm's mean is ≥ margin; leans when its interval reaches margin.
    at-most   the same, downwards.

    figure of `than` is the same unless than_figure says otherwise. because: the condition in plain words, for the page.
    control: an arm that must not pass this condition in place of `arm`; when it does, the measurement could not have said
    no, so that the condition leans at best.
    """

    kind: Kind
    arm: str
    figure: str
    margin: float
    because: str
    than: str = ""
    than_figure: str = ""
    scale: Scale = "difference"
    control: str = ""


@dataclass(frozen=True)
class Checked:
    """A condition and what a run says of it: the effect with its 95 % interval, and how many items it rests on."""

    condition: Condition
    outcome: Outcome
    effect: float
    interval: tuple[float, float]
    n: int
    control_outcome: Outcome | None = None

    @property
    def control_passed(self) -> bool | None:
        """Whether the control was refused, as it must be; None without a control."""
        return None if self.control_outcome is None else self.control_outcome is not Outcome.HOLDS


def check(condition: Condition, result: Measured) -> Checked:
    """Raises LabError when the result holds no such figure."""
    checked = _check(condition, result)
    if not condition.control:
        return checked
    other = _check(replace(condition, arm=condition.control), result).outcome
    proven = checked.outcome if other is not Outcome.HOLDS else min(checked.outcome, Outcome.LEANS, key=_STRENGTH.index)
    return replace(checked, outcome=proven, control_outcome=other)


def decide(checked: tuple[Checked, ...]) -> Verdict:
    """All conditions hold: reproduced. None holds and none leans: not here. Anything between: partly."""
    if not checked:
        return Verdict.NOT_TESTABLE
    outcomes = {item.outcome for item in checked}
    if outcomes == {Outcome.HOLDS}:
        return Verdict.REPRODUCED
    if outcomes == {Outcome.FAILS}:
        return Verdict.NOT_HERE
    return Verdict.PARTLY


def say_effect(checked: Checked) -> str:
    """The effect with its interval and n, for example “+0.62 [0.45, 0.74], n = 124”."""
    low, high = checked.interval
    n = f"n = {checked.n}"
    if checked.condition.kind in ("at-least", "at-most"):
        return f"{_number(checked.effect)} [{_number(low)}, {_number(high)}], {n}"
    if checked.condition.scale == "ratio":
        return f"×{_number(checked.effect)} [{_number(low)}, {_number(high)}], {n}"
    return f"{checked.effect:+.2f} [{low:+.2f}, {high:+.2f}], {n}"


def _number(value: float) -> str:
    return "∞" if math.isinf(value) else f"{value:.2f}"


_ROUNDING = 1e-9  # 0.7 − 0.4 falls just short of 0.3; a margin that is met exactly is met


def _check(condition: Condition, result: Measured) -> Checked:
    first = result.of(condition.arm, condition.figure)
    if condition.kind in ("at-least", "at-most"):
        low, high = first.interval
        value, margin = first.mean, condition.margin
        if condition.kind == "at-least":
            outcome = _grade(value >= margin, high >= margin)
        else:
            outcome = _grade(value <= margin, low <= margin)
        return Checked(condition, outcome, value, (low, high), first.n)
    second = result.of(condition.than, condition.than_figure or condition.figure)
    effect, (low, high) = compare(first, second, condition.scale)
    nothing = 1.0 if condition.scale == "ratio" else 0.0
    if condition.kind == "more":
        outcome = _grade(effect >= condition.margin - _ROUNDING and low > nothing, effect > nothing)
    elif condition.kind == "less":
        far = 1 / condition.margin if condition.scale == "ratio" else -condition.margin
        outcome = _grade(effect <= far + _ROUNDING and high < nothing, effect < nothing)
    elif condition.kind == "differs":
        far_apart = abs(effect - nothing) >= condition.margin - _ROUNDING
        outcome = _grade(far_apart and not low <= nothing <= high, far_apart)
    else:
        outcome = _grade(high < condition.margin, effect < condition.margin)
    return Checked(condition, outcome, effect, (low, high), min(first.n, second.n))


def _grade(holds: bool, leans: bool) -> Outcome:
    return Outcome.HOLDS if holds else Outcome.LEANS if leans else Outcome.FAILS


def compare(first: Series, second: Series, scale: Scale) -> tuple[float, tuple[float, float]]:
    """The effect of first against second, with its interval: Newcombe's for two shares, else by the bootstrap."""
    paired = first.paired and second.paired
    if scale == "ratio":
        effect = first.mean / second.mean if second.mean else math.inf
        return effect, ratio_of_means(first.values, second.values, paired=paired)
    effect = first.mean - second.mean
    if first.is_share and second.is_share:
        shares = (round(sum(first.values)), first.n), (round(sum(second.values)), second.n)
        return effect, difference_of_shares(*shares)
    return effect, difference_of_means(first.values, second.values, paired=paired)
