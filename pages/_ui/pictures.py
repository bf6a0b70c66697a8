"""Which picture belongs to which experiment's result: its own, where it has one, else the general one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pages._ui.compare_square import draw_square_result
from pages._ui.experiment_results import (
    draw_data_quality,
    draw_examples_needed,
    draw_knowledge_dump,
    draw_side_effects,
)
from pages._ui.measured import draw_measured

_OWN: dict[str, Callable[[Any], None]] = {
    "data-quality": draw_data_quality,
    "examples-needed": draw_examples_needed,
    "knowledge-dump": draw_knowledge_dump,
    "side-effects": draw_side_effects,
    "square": draw_square_result,
}


def picture_of(experiment_id: str) -> Callable[[Any], None]:
    """What draws a result of this experiment."""
    return _OWN.get(experiment_id, draw_measured)
