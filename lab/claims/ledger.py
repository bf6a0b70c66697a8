"""The ledger read from its file, and every verdict worked out again from the saved results."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, cast, get_args

from lab.claims.rule import Checked, Condition, Kind, Scale, Verdict, check, decide
from lab.errors import BadInput, LabError
from lab.experiments import EXPERIMENTS, find_experiment
from lab.experiments.experiment import RESULTS, load_saved
from lab.experiments.measured import Measured
from lab.quiz.bank import load_sources
from lab.quiz.schema import Fields, read_content, read_list
from lab.settings import SAMPLE_DATA

LEDGER = SAMPLE_DATA / "claims.yaml"
Testable = Literal["yes", "partly", "no"]


@dataclass(frozen=True)
class Literature:
    """What others measured: one sentence, where it stands (table or section), and the arXiv id."""

    says: str
    where: str
    arxiv: str


@dataclass(frozen=True)
class Claim:
    """One claim of the documents, and how it is judged here.

    made_by, disputed_by: documents. disagreement: both sides in a sentence, where some dispute it. why_not: why a laptop
    cannot test it, where it has no experiment. rule: all its conditions hold, some do, none does. differ: why our figures
    and the literature's may differ.
    """

    id: str
    claim: str
    made_by: tuple[str, ...]
    disputed_by: tuple[str, ...]
    disagreement: str
    testable: Testable
    experiment: str | None
    why_not: str
    rule: tuple[Condition, ...]
    literature: tuple[Literature, ...]
    differ: str


@dataclass(frozen=True)
class Entry:
    """A claim with what the saved result, or a fresh one, says of it. problem: why there is no verdict, in a sentence."""

    claim: Claim
    verdict: Verdict
    checked: tuple[Checked, ...]
    result: Measured | None
    problem: str = ""

    @property
    def saved(self) -> str | None:
        """The day the result was made."""
        return self.result.made if self.result is not None else None

    def to_json(self) -> dict[str, Any]:
        """n, effect and interval are those of the rule's first condition."""
        first = self.checked[0] if self.checked else None
        return {
            "id": self.claim.id,
            "verdict": self.verdict.value,
            "n": first.n if first else None,
            "interval": _plain(first.interval) if first else None,
            "experiment": self.claim.experiment,
            "saved": self.saved,
            "effect": _finite(first.effect) if first else None,
            "seed": self.result.seed if self.result else None,
            "machine": self.result.machine if self.result else None,
            "problem": self.problem or None,
            "conditions": [
                {
                    "because": item.condition.because,
                    "outcome": item.outcome.value,
                    "effect": _finite(item.effect),
                    "interval": _plain(item.interval),
                    "n": item.n,
                    "control_refused": item.control_passed,
                }
                for item in self.checked
            ],
        }


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None  # JSON knows no infinity


def _plain(interval: tuple[float, float]) -> list[float | None]:
    return [_finite(value) for value in interval]


def load_ledger(path: Path = LEDGER) -> tuple[Claim, ...]:
    """Every claim in the order of the file; raises BrokenContent with its line for the first fault."""
    sources = load_sources()
    known = [experiment.id for experiment in EXPERIMENTS]
    claims: dict[str, Claim] = {}
    for node in read_list(read_content(path), path.name):
        fields = Fields(node, path.name)
        claim_id = fields.kebab("id")
        fields.inside = claim_id
        if claim_id in claims:
            raise fields.wrong("id", f"“{claim_id}” is taken already")
        claims[claim_id] = _read_claim(claim_id, fields, list(sources), known)
        fields.done()
    return tuple(claims.values())


def find_claim(claim_id: str, claims: tuple[Claim, ...]) -> Claim:
    """Raises BadInput when there is no claim of that id."""
    for claim in claims:
        if claim.id == claim_id:
            return claim
    raise BadInput(f"There is no claim called “{claim_id}”. Look at the list on the page of claims.")


def judge(claim: Claim, result: Measured | None) -> Entry:
    """The verdict of one claim on one result; without a result it is not testable here."""
    if claim.experiment is None or result is None:
        return Entry(claim, Verdict.NOT_TESTABLE, (), None)
    checked = tuple(check(condition, result) for condition in claim.rule)
    return Entry(claim, decide(checked), checked, result)


def load_result(experiment_id: str) -> Measured | None:
    """The saved result of an experiment as series of values, or None when none is saved."""
    experiment = find_experiment(experiment_id)
    saved = load_saved(experiment)
    return None if saved is None else experiment.measured(saved)


def judge_all() -> tuple[Entry, ...]:
    """Every claim of the ledger with its verdict, from the saved results as they lie there now."""
    files = [LEDGER, *sorted(RESULTS.glob("*.json"))]
    return _judge_files(tuple((file, file.stat().st_mtime_ns) for file in files))


@lru_cache(maxsize=1)
def _judge_files(files: tuple[tuple[Path, int], ...]) -> tuple[Entry, ...]:
    return judge_each(load_ledger())


def judge_each(claims: Iterable[Claim]) -> tuple[Entry, ...]:
    """These claims with their verdicts. A result that cannot be read costs its own claims only."""
    claims = tuple(claims)
    wanted = {claim.experiment for claim in claims if claim.experiment}
    results: dict[str, Measured | LabError | None] = {}
    for experiment_id in sorted(wanted):
        try:
            results[experiment_id] = load_result(experiment_id)
        except LabError as error:
            results[experiment_id] = error
    return tuple(_judge_saved(claim, results.get(claim.experiment or "")) for claim in claims)


def _judge_saved(claim: Claim, result: Measured | LabError | None) -> Entry:
    """A result that cannot be read, or is older than the rule, leaves its claims without a verdict, and says so."""
    try:
        if isinstance(result, LabError):
            raise result
        return judge(claim, result)
    except LabError as error:
        return Entry(claim, Verdict.NOT_TESTABLE, (), None, str(error))


def _read_claim(claim_id: str, fields: Fields, sources: list[str], known: list[str]) -> Claim:
    experiment = fields.text("experiment") if fields.has("experiment") else None
    if experiment is not None and experiment not in known:
        raise fields.wrong("experiment", f"is “{experiment}”; known are {', '.join(known)}")
    rule = tuple(_read_condition(entry) for entry in fields.entries("rule", "condition")) if experiment else ()
    disputed_by = fields.texts("disputed_by") if fields.has("disputed_by") else ()
    made_by = fields.texts("made_by")
    for name, texts in (("made_by", made_by), ("disputed_by", disputed_by)):
        if unknown := [text for text in texts if text not in sources]:
            raise fields.wrong(name, f"names “{unknown[0]}”, which is not in sources.yaml")
    return Claim(
        id=claim_id,
        claim=fields.text("claim"),
        made_by=made_by,
        disputed_by=disputed_by,
        disagreement=fields.text("disagreement") if disputed_by else "",
        testable=cast(Testable, fields.one_of("testable", get_args(Testable))),
        experiment=experiment,
        why_not="" if experiment else fields.text("why_not"),
        rule=rule,
        literature=_read_literature(fields),
        differ=fields.text("differ") if fields.has("differ") else "",
    )


def _read_condition(entry: Fields) -> Condition:
    kind = cast(Kind, entry.one_of("kind", get_args(Kind)))
    compares = kind not in ("at-least", "at-most")
    condition = Condition(
        kind=kind,
        arm=entry.kebab("arm"),
        figure=entry.kebab("figure"),
        margin=entry.number("margin"),
        because=entry.text("because"),
        than=entry.kebab("than") if compares else "",
        than_figure=entry.kebab("than_figure") if entry.has("than_figure") else "",
        scale=cast(Scale, entry.one_of("scale", get_args(Scale))) if entry.has("scale") else "difference",
        control=entry.kebab("control") if entry.has("control") else "",
    )
    entry.done()
    return condition


def _read_literature(fields: Fields) -> tuple[Literature, ...]:
    if not fields.has("literature"):
        return ()
    found = []
    for entry in fields.entries("literature", "paper"):
        found.append(Literature(entry.text("says"), entry.text("where"), entry.text("arxiv")))
        entry.done()
    return tuple(found)
