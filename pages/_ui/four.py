"""The one gesture: a question, two switches, four answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import streamlit as st

from lab.experiments.four_answers import SIDES, Cell, Inputs, cell_model, close_cell, open_cell
from pages._ui.answers import side_badges
from pages._ui.show import draw_provenance
from pages._ui.streams import close_all, stream_together
from pages._ui.text import inert

Side = tuple[bool, bool]  # looked up, learned
_WAITING = {
    (False, False): "The model alone, from what it read years ago.",
    (True, False): "The same model, with the right page in its prompt.",
    (False, True): "The same prompt, with weights that practised the shop's voice.",
    (True, True): "The page in the prompt and the voice in the weights.",
}


def draw_four(
    inputs: Inputs, known: Mapping[Side, Cell], run: Iterable[Side], active: Side | None = None, note: str = ""
) -> dict[Side, Cell]:
    """Draw the square; answers in `known` are shown, those in `run` are asked live. Returns all finished cells."""
    cells = dict(known)
    wanted = [side for side in run if side not in cells]
    places = {}
    bodies = {}
    for looked_up in (False, True):
        columns = st.columns(2, gap="medium")
        for learned, column in zip((False, True), columns, strict=True):
            side = (looked_up, learned)
            with column.container(border=True, key=f"four-{int(looked_up)}{int(learned)}"):
                here = " :material/arrow_back: **your switches**" if side == active else ""
                st.markdown(side_badges(looked_up=looked_up, learned=learned) + here)
                places[side] = st.empty()
                bodies[side] = st.container()
    for side in SIDES:
        if side in cells:
            _draw_cell(cells[side], places[side], bodies[side], note)
        elif side not in wanted:
            places[side].caption(_WAITING[side])
    if wanted:
        cells |= _ask(inputs, wanted, places)
        for side in wanted:
            _draw_cell(cells[side], places[side], bodies[side], "")
    if _voice_cost_the_fact(cells):
        st.info(
            "The voice is there and the fact is gone, although the page was in the prompt. This voice practised on letters "
            "without any page, so it learned not to read one. Facts and behaviour are two axes: look at them apart.",
            icon=":material/lightbulb:",
        )
    return cells


def _voice_cost_the_fact(cells: Mapping[Side, Cell]) -> bool:
    looked_up, both = cells.get((True, False)), cells.get((True, True))
    return looked_up is not None and both is not None and looked_up.right is True and both.right is False


def _ask(
    inputs: Inputs, sides: list[Side], places: Mapping[Side, st.delta_generator.DeltaGenerator]
) -> dict[Side, Cell]:
    streams = {}
    try:
        for looked_up, learned in sides:
            model = cell_model(inputs, learned=learned)
            streams[looked_up, learned] = open_cell(inputs, model, looked_up=looked_up)
    except BaseException:
        close_all(list(streams.values()))
        raise
    stream_together(streams, places)
    return {
        (looked_up, learned): close_cell(inputs, stream.answer, looked_up=looked_up, learned=learned)
        for (looked_up, learned), stream in streams.items()
    }


def _draw_cell(
    cell: Cell, place: st.delta_generator.DeltaGenerator, body: st.delta_generator.DeltaGenerator, note: str
) -> None:
    place.markdown(inert(cell.text))
    with body:
        with st.container(horizontal=True, gap="small"):
            if cell.right is not None:
                if cell.right:
                    st.badge("fact right", icon=":material/check:", color="green")
                else:
                    st.badge("fact wrong or missing", icon=":material/close:", color="red")
            kept = f"{cell.rules_kept} of {len(cell.rules)} voice rules"
            all_kept = cell.rules_kept == len(cell.rules)
            broken = "; ".join(rule.reason for rule in cell.rules if not rule.passed)
            st.badge(
                kept,
                icon=":material/record_voice_over:",
                color="green" if all_kept else "gray",
                help=inert(broken) or None,
            )
        if cell.passage:
            st.caption(f"Passage in the prompt, from {inert(cell.document)}: “{inert(cell.passage)}”")
        if note:
            st.caption(note)
        draw_provenance(cell.provenance, "Prompt and provenance")
