"""The situations in which somebody has to choose, with what the five texts advise there."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from lab.errors import BadInput
from lab.settings import SAMPLE_DATA
from lab.tuning.schema import Fields

FILE = SAMPLE_DATA / "scenarios.yaml"
Advice = Literal["rag", "fine-tuning", "both"]
_SPLITS = ("dev", "test")


@dataclass(frozen=True)
class Scenario:
    """One situation. expected: what the texts in `sources` advise; dispute: they do not all advise that."""

    id: str
    split: str
    text: str
    expected: Advice
    sources: tuple[str, ...]
    dispute: bool = False


def load_scenarios(file: Path = FILE) -> tuple[Scenario, ...]:
    """Every situation in the order of the file; raises BadInput naming the entry and the field that cannot be read."""
    import yaml

    try:
        data: Any = yaml.safe_load(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadInput(f"{file.name} cannot be read ({error.strerror or error}).") from None
    except (UnicodeDecodeError, yaml.YAMLError):
        raise BadInput(f"{file.name} is not YAML in UTF-8.") from None
    if not isinstance(data, list) or not data:
        raise BadInput(f"{file.name} must be a list of scenarios with at least one in it.")
    found = tuple(_read(Fields(entry, f"{file.name}, number {place}")) for place, entry in enumerate(data, start=1))
    ids = [scenario.id for scenario in found]
    if repeated := next((name for name in ids if ids.count(name) > 1), None):
        raise BadInput(f"{file.name}: id “{repeated}” is used twice.")
    return found


def _read(fields: Fields) -> Scenario:
    expected: Any = fields.text("expected")
    if expected not in get_args(Advice):
        raise fields.wrong("expected", f"must be one of {', '.join(get_args(Advice))}, not “{expected}”")
    split = fields.text("split")
    if split not in _SPLITS:
        raise fields.wrong("split", f"must be one of {', '.join(_SPLITS)}, not “{split}”")
    dispute = fields.any("dispute", optional=True)
    if dispute not in (None, True):
        raise fields.wrong("dispute", "is either left out or true")
    scenario = Scenario(fields.text("id"), split, fields.text("text"), expected, fields.texts("sources"), bool(dispute))
    fields.done()
    return scenario
