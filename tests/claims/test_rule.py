"""Conditions and verdicts on hand-made results whose effects and intervals can be worked out on paper."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pytest

from lab.claims.rule import Checked, Condition, Kind, Outcome, Scale, Verdict, check, decide
from lab.errors import LabError
from lab.experiments.measured import Arm, Figure, Measured, Series

HOLDS, LEANS, FAILS = Outcome.HOLDS, Outcome.LEANS, Outcome.FAILS


@dataclass(frozen=True)
class NoInputs:
    """Nothing was set."""


def share(ones: int, n: int) -> list[float]:
    return [1.0] * ones + [0.0] * (n - ones)


def result(values: Mapping[tuple[str, str], Sequence[float]], *, paired: bool = True) -> Measured:
    series = tuple(Series(arm, figure, tuple(found), paired) for (arm, figure), found in values.items())
    arms = tuple(Arm(name, name, "neither") for name in dict.fromkeys(arm for arm, _ in values))
    figures = tuple(Figure(name, name) for name in dict.fromkeys(figure for _, figure in values))
    return Measured("made-up", NoInputs(), arms, figures, series)


def says(
    kind: Kind, margin: float, *, arm: str = "high", scale: Scale = "difference", figure: str = "right"
) -> Condition:
    """The condition on `arm` against the other of high and low; without one where the kind takes none."""
    other = "" if kind in ("at-least", "at-most") else "low" if arm == "high" else "high"
    return Condition(kind, arm, figure, margin, "in plain words", than=other, scale=scale)


# R. G. Newcombe, Statistics in Medicine 17 (1998), pp. 873-890, table II, contrast (a), method 10:
# 56/70 against 48/80 differ by 0.2000, 95 % interval 0.0524 to 0.3339.
SHARES = result({("high", "right"): share(56, 70), ("low", "right"): share(48, 80)})
# 9/20 against 8/20: 0.05 apart, far too few to tell; 10/20 twice: nothing between them.
UNSURE = result({("high", "right"): share(9, 20), ("low", "right"): share(8, 20)})
EQUAL = result({("high", "right"): share(10, 20), ("low", "right"): share(10, 20)})
# item by item 2 more, or exactly twice as much, so that every resample says the same
TWO_MORE = {("high", "right"): [3.0, 5.0, 9.0], ("low", "right"): [1.0, 3.0, 7.0]}
TWICE = {("high", "right"): [2.0, 4.0, 6.0], ("low", "right"): [1.0, 2.0, 3.0]}


def test_two_shares_are_compared_as_newcombe_published_it() -> None:
    checked = check(says("more", 0.1), SHARES)
    assert checked.effect == pytest.approx(0.2)
    assert checked.interval == pytest.approx((0.0524, 0.3339), abs=1e-4)
    assert checked.n == 70, "the smaller of the two"
    other_way = check(says("less", 0.1, arm="low"), SHARES)
    assert other_way.effect == pytest.approx(-0.2)
    assert other_way.interval == pytest.approx((-0.3339, -0.0524), abs=1e-4)
    assert other_way.n == 70


@pytest.mark.parametrize(
    ("kind", "arm", "margin", "on", "outcome"),
    [
        ("more", "high", 0.15, SHARES, HOLDS),
        ("more", "high", 0.25, SHARES, LEANS),  # surely more, but not that much
        ("more", "high", 0.04, UNSURE, LEANS),  # that much, but not surely
        ("more", "high", 0.0, UNSURE, LEANS),
        ("more", "high", 0.0, EQUAL, FAILS),
        ("more", "low", 0.15, SHARES, FAILS),
        ("less", "low", 0.15, SHARES, HOLDS),
        ("less", "low", 0.25, SHARES, LEANS),
        ("less", "low", 0.04, UNSURE, LEANS),
        ("less", "low", 0.0, EQUAL, FAILS),
        ("less", "high", 0.15, SHARES, FAILS),
        ("differs", "high", 0.15, SHARES, HOLDS),
        ("differs", "low", 0.15, SHARES, HOLDS),  # either way
        ("differs", "high", 0.04, UNSURE, LEANS),
        ("differs", "high", 0.25, SHARES, FAILS),
        ("differs", "high", 0.01, EQUAL, FAILS),
        ("no-more", "low", 0.1, SHARES, HOLDS),
        ("no-more", "high", 0.34, SHARES, HOLDS),  # the upper end is 0.3339
        ("no-more", "high", 0.33, SHARES, LEANS),
        ("no-more", "high", 0.15, SHARES, FAILS),
        ("no-more", "high", 0.1, EQUAL, LEANS),  # equal, but twenty items cannot rule out a gain
    ],
)
def test_each_kind_on_two_shares(kind: Kind, arm: str, margin: float, on: Measured, outcome: Outcome) -> None:
    assert check(says(kind, margin, arm=arm), on).outcome is outcome


@pytest.mark.parametrize(
    ("kind", "margin", "outcome"),
    [
        ("at-least", 0.3, HOLDS),
        ("at-least", 0.36, LEANS),
        ("at-least", 0.37, FAILS),
        ("at-most", 0.31, HOLDS),
        ("at-most", 0.26, LEANS),
        ("at-most", 0.25, FAILS),
    ],
)
def test_one_share_against_a_bound(kind: Kind, margin: float, outcome: Outcome) -> None:
    """81 of 263 is 0.3080 with Wilson's interval 0.2553 to 0.3662 (Newcombe 1998, pp. 857-872, table I, method 3)."""
    checked = check(says(kind, margin), result({("high", "right"): share(81, 263)}))
    assert checked.outcome is outcome
    assert checked.effect == pytest.approx(0.3080, abs=1e-4)
    assert checked.interval == pytest.approx((0.2553, 0.3662), abs=1e-4)
    assert checked.n == 263


def test_a_bound_that_is_met_exactly_holds() -> None:
    always = result({("high", "right"): share(7, 7), ("low", "right"): share(0, 7)})
    assert check(says("at-least", 1), always).outcome is HOLDS
    assert check(says("at-most", 0, arm="low"), always).outcome is HOLDS
    six_of_seven = result({("high", "right"): share(6, 7)})
    assert check(says("at-least", 1), six_of_seven).outcome is FAILS, "one miss is not every time"


@pytest.mark.parametrize(
    ("kind", "arm", "margin", "outcome"),
    [
        ("more", "high", 2, HOLDS),
        ("more", "high", 2.5, LEANS),
        ("less", "low", 2, HOLDS),
        ("less", "low", 2.5, LEANS),
        ("differs", "low", 2, HOLDS),
        ("no-more", "high", 2.5, HOLDS),
        ("no-more", "high", 2, FAILS),  # “below” the margin
        ("no-more", "low", 0.1, HOLDS),
    ],
)
def test_means_of_the_same_items_are_compared_item_by_item(
    kind: Kind, arm: str, margin: float, outcome: Outcome
) -> None:
    checked = check(says(kind, margin, arm=arm), result(TWO_MORE))
    assert checked.outcome is outcome
    assert checked.interval == pytest.approx((checked.effect, checked.effect))


def test_the_same_values_of_different_items_tell_less() -> None:
    checked = check(says("more", 2), result(TWO_MORE, paired=False))
    assert checked.effect == pytest.approx(2)
    assert checked.interval[0] < 0 < checked.interval[1]
    assert checked.outcome is LEANS


@pytest.mark.parametrize(
    ("kind", "arm", "margin", "outcome"),
    [
        ("more", "high", 1.5, HOLDS),
        ("more", "high", 3, LEANS),
        ("more", "low", 1.5, FAILS),
        ("less", "low", 2, HOLDS),  # at most 1/2
        ("less", "low", 3, LEANS),  # not at most 1/3
        ("less", "high", 3, FAILS),
        ("differs", "high", 0.9, HOLDS),
        ("differs", "high", 1.1, FAILS),
        ("no-more", "high", 2.1, HOLDS),
        ("no-more", "high", 1.25, FAILS),
        ("no-more", "low", 1.25, HOLDS),
    ],
)
def test_ratios_have_one_as_nothing(kind: Kind, arm: str, margin: float, outcome: Outcome) -> None:
    checked = check(says(kind, margin, arm=arm, scale="ratio"), result(TWICE))
    assert checked.effect == pytest.approx(2 if arm == "high" else 0.5)
    assert checked.interval == pytest.approx((checked.effect, checked.effect))
    assert checked.outcome is outcome


def test_a_ratio_to_nothing_is_never_sure() -> None:
    checked = check(
        says("more", 2, scale="ratio"), result({("high", "right"): [2.0, 3.0], ("low", "right"): [0.0, 0.0]})
    )
    assert checked.effect == math.inf
    assert checked.interval == (0.0, math.inf)
    assert checked.outcome is LEANS


def test_the_other_figure_of_the_same_arm_can_be_the_measure() -> None:
    found = result({("one", "jargon"): share(48, 80), ("one", "plain"): share(56, 70)})
    condition = Condition("less", "one", "jargon", 0.1, "in plain words", than="one", than_figure="plain")
    checked = check(condition, found)
    assert checked.outcome is HOLDS
    assert checked.effect == pytest.approx(-0.2)


@pytest.mark.parametrize(
    ("control", "its_outcome", "refused"),
    [("bad", FAILS, True), ("middling", LEANS, True), ("good", HOLDS, False)],
)
def test_a_control_must_not_pass_in_place_of_the_arm(control: str, its_outcome: Outcome, refused: bool) -> None:
    found = result(
        {
            ("arm", "right"): share(56, 70),
            ("than", "right"): share(48, 80),
            ("good", "right"): share(69, 70),
            ("middling", "right"): share(44, 70),  # 0.629: more than 0.6, and no further
            ("bad", "right"): share(10, 70),
        }
    )
    condition = Condition("more", "arm", "right", 0.1, "in plain words", than="than", control=control)
    checked = check(condition, found)
    assert checked.outcome is (HOLDS if refused else LEANS), "a control that passes leaves nothing proven"
    assert (checked.control_outcome, checked.control_passed) == (its_outcome, refused)
    assert checked.effect == pytest.approx(0.2)
    without = check(replace(condition, control=""), found)
    assert (without.control_outcome, without.control_passed) == (None, None)


def test_a_control_stands_in_for_the_arm_against_a_bound_too() -> None:
    found = result({("arm", "right"): share(9, 10), ("blind", "right"): share(9, 10), ("dumb", "right"): share(0, 10)})
    bound = Condition("at-least", "arm", "right", 0.5, "in plain words", control="blind")
    assert check(bound, found).control_passed is False
    assert check(replace(bound, control="dumb"), found).control_passed is True


def test_what_was_not_measured_is_named() -> None:
    with pytest.raises(LabError, match="no “right” for nobody"):
        check(Condition("at-least", "nobody", "right", 0.5, "x"), SHARES)
    with pytest.raises(LabError, match="no “speed” for low"):
        check(Condition("more", "high", "right", 0.5, "x", than="low", than_figure="speed"), SHARES)
    with pytest.raises(LabError, match="no “right” for ghost"):
        check(Condition("at-least", "high", "right", 0.5, "x", control="ghost"), SHARES)


@pytest.mark.parametrize(
    ("outcomes", "verdict"),
    [
        ((), Verdict.NOT_TESTABLE),
        ((HOLDS,), Verdict.REPRODUCED),
        ((HOLDS, HOLDS), Verdict.REPRODUCED),
        ((HOLDS, LEANS), Verdict.PARTLY),
        ((HOLDS, FAILS), Verdict.PARTLY),
        ((LEANS,), Verdict.PARTLY),
        ((LEANS, FAILS), Verdict.PARTLY),
        ((FAILS,), Verdict.NOT_HERE),
        ((FAILS, FAILS), Verdict.NOT_HERE),
    ],
)
def test_the_verdict_follows_from_the_outcomes(outcomes: tuple[Outcome, ...], verdict: Verdict) -> None:
    condition = says("at-least", 0.5)
    assert decide(tuple(Checked(condition, outcome, 0.0, (0.0, 0.0), 1) for outcome in outcomes)) is verdict
