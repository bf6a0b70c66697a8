"""What most experiments give back: for each way of doing it (an arm) and each figure, one value for every item.

Values are kept, not only their means, so that every interval and every verdict can be worked out again from the file.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

from lab.errors import LabError
from lab.experiments.parts.figures import Share
from lab.statistics import mean_interval, wilson

Side = Literal["looked-up", "learned", "both", "neither"]
SHARE = "share"  # the unit of a figure whose values are 0 or 1


@dataclass(frozen=True)
class Arm:
    """One way of doing it. side decides the colour. control: a way that must not work, if the measurement can say no."""

    id: str
    label: str
    side: Side
    control: bool = False


@dataclass(frozen=True)
class Figure:
    """One thing that is measured. unit: "share" (values are 0 or 1), "seconds", "tokens", …; better: "more", "less" or ""."""

    id: str
    label: str
    unit: str = SHARE
    better: Literal["more", "less", ""] = "more"


@dataclass(frozen=True)
class Series:
    """The values of one figure under one arm, in the order of the items; `paired` when other arms met the same items."""

    arm: str
    figure: str
    values: tuple[float, ...]
    paired: bool = True

    @property
    def n(self) -> int:
        return len(self.values)

    @property
    def mean(self) -> float:
        """Raises LabError when nothing was measured."""
        if not self.values:
            raise LabError(f"Nothing was measured for {self.arm}, {self.figure}.")
        return sum(self.values) / len(self.values)

    @property
    def is_share(self) -> bool:
        return all(value in (0, 1) for value in self.values)

    @property
    def interval(self) -> tuple[float, float]:
        """At 95 %: Wilson's for a share, else of the mean by the bootstrap (2,000 resamples, seed 0)."""
        if self.is_share:
            return wilson(round(sum(self.values)), self.n)
        return mean_interval(self.values)


@dataclass(frozen=True)
class Shown:
    """One row to look at: what was asked, what came of it, and what was said of it."""

    item: str
    arm: str
    text: str
    verdict: str = ""


@dataclass(frozen=True)
class Measured:
    """A finished run. `made` is the day (UTC). notes: fingerprints and plain remarks by name ("index", "adapter", …)."""

    experiment: str
    inputs: Any
    arms: tuple[Arm, ...]
    figures: tuple[Figure, ...]
    series: tuple[Series, ...]
    shown: tuple[Shown, ...] = ()
    notes: Mapping[str, str] = field(default_factory=dict)
    made: str = ""
    machine: str = ""

    @property
    def seed(self) -> int:
        return int(getattr(self.inputs, "seed", 0))

    @property
    def n(self) -> int:
        """The most items that any figure rests on."""
        return max((series.n for series in self.series), default=0)

    def of(self, arm: str, figure: str) -> Series:
        """Raises LabError naming what was measured when there is no such series."""
        for series in self.series:
            if (series.arm, series.figure) == (arm, figure):
                return series
        known = ", ".join(dict.fromkeys(series.figure for series in self.series))
        raise LabError(f"{self.experiment} measured no “{figure}” for {arm}. Its figures are {known}.")

    def has(self, arm: str, figure: str) -> bool:
        return any((series.arm, series.figure) == (arm, figure) for series in self.series)

    def arms_of(self, figure: str) -> tuple[Arm, ...]:
        """The arms under which this figure was measured, in their order."""
        return tuple(arm for arm in self.arms if self.has(arm.id, figure))

    def to_json(self) -> dict[str, Any]:
        return {"n": self.n, "seed": self.seed, **asdict(self)}


def finish(
    experiment: str,
    inputs: Any,
    arms: Sequence[Arm],
    figures: Sequence[Figure],
    values: Mapping[tuple[str, str], Sequence[float]],
    *,
    shown: Sequence[Shown] = (),
    notes: Mapping[str, str] | None = None,
) -> Measured:
    """Values by (arm, figure) → a result with today's date and this machine's name.

    Raises ValueError for a value whose arm or figure is not named: a slip in the experiment.
    """
    from lab.tuning.run import describe_machine

    known_arms, known_figures = {arm.id for arm in arms}, {figure.id for figure in figures}
    for arm, figure in values:
        if arm not in known_arms or figure not in known_figures:
            raise ValueError(f"{experiment}: ({arm}, {figure}) is not among its arms and figures")
    series = tuple(
        Series(arm, figure, tuple(float(value) for value in found)) for (arm, figure), found in values.items()
    )
    made = datetime.now(UTC).strftime("%Y-%m-%d")
    return Measured(
        experiment,
        inputs,
        tuple(arms),
        tuple(figures),
        series,
        tuple(shown),
        dict(notes or {}),
        made,
        describe_machine(),
    )


def from_shares(
    experiment: str,
    inputs: Any,
    arms: Sequence[Arm],
    figures: Sequence[Figure],
    shares: Mapping[tuple[str, str], Share],
    *,
    made: str,
    machine: str = "",
) -> Measured:
    """A result that kept only counts: as many ones and zeros, which no longer pair with those of another arm."""
    series = tuple(
        Series(arm, figure, (1.0,) * share.count + (0.0,) * (share.n - share.count), paired=False)
        for (arm, figure), share in shares.items()
        if share.n
    )
    return Measured(experiment, inputs, tuple(arms), tuple(figures), series, made=made, machine=machine)


def reader(inputs: type[Any]) -> Callable[[Mapping[str, Any]], Measured]:
    """How a saved result of an experiment with these inputs is read back."""

    def read(data: Mapping[str, Any]) -> Measured:
        return Measured(
            experiment=data["experiment"],
            inputs=inputs(**data["inputs"]),
            arms=tuple(Arm(**arm) for arm in data["arms"]),
            figures=tuple(Figure(**figure) for figure in data["figures"]),
            series=tuple(Series(**{**series, "values": tuple(series["values"])}) for series in data["series"]),
            shown=tuple(Shown(**row) for row in data["shown"]),
            notes=dict(data["notes"]),
            made=data["made"],
            machine=data["machine"],
        )

    return read


def describe(result: Measured) -> list[str]:
    """One block for each figure, one line for each arm."""
    lines = []
    for figure in result.figures:
        lines.append(f"── {figure.label} ({figure.unit})")
        for arm in result.arms_of(figure.id):
            series = result.of(arm.id, figure.id)
            mark = " (control)" if arm.control else ""
            lines.append(f"  {arm.label + mark:44} {say_value(series)}")
    return lines


def say_value(series: Series) -> str:
    """The mean with its interval and n, for example “0.73 [0.61, 0.82], n = 60”."""
    if not series.values:
        return "–"
    low, high = series.interval
    digits = 2 if series.is_share or abs(series.mean) < 100 else 0
    return f"{series.mean:.{digits}f} [{low:.{digits}f}, {high:.{digits}f}], n = {series.n}"
