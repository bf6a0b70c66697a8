"""The blocks of a lesson: prose, pictures, a guess, an experiment to run on the spot, a question with reasons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import partial, singledispatch
from typing import Any

import streamlit as st

from lab.claims.ledger import judge_all
from lab.experiments import find_experiment, four_answers
from lab.experiments.experiment import load_saved
from lab.lessons import Check, ExperimentBlock, Figure, Lesson, Predict, Preset, Prose, Table, Try, Verdicts
from lab.lessons.glossary import without_links
from lab.lessons.notebook import Notebook
from lab.quiz.marking import mark
from pages._ui.claims import draw_claim_verdict
from pages._ui.experiment import draw_experiment, set_inputs
from pages._ui.four import draw_four
from pages._ui.lesson_parts import draw_figure, note_answer, with_terms
from pages._ui.pictures import picture_of
from pages._ui.questions import choose, draw_verdict
from pages._ui.session import begin_with, keep, kept
from pages._ui.show import main_button, told, wait_for_models
from pages._ui.text import inert

PARTS = {  # the kinds of block that a link for a class can leave out
    Predict: "predictions",
    ExperimentBlock: "experiments",
    Check: "checks",
    Try: "tries",
}


@dataclass(frozen=True)
class Reading:
    """A lesson as one learner reads it. hidden: the parts that the link left out."""

    lesson: Lesson
    words: Mapping[str, str]
    notebook: Notebook
    hidden: frozenset[str] = frozenset()

    def rich(self, text: str) -> str:
        """The text as Markdown, its terms linked unless the words are left out."""
        return with_terms(text, explained="words" not in self.hidden)

    def key(self, name: str) -> str:
        """The key of a widget; erase_notebook knows how it begins."""
        return f"lesson-{self.lesson.slug}-{name}"

    def choose(self, block: Predict | Check, options: list[str]) -> int | None:
        """A question with what was answered before, in this visit or an earlier one."""
        key = self.key(block.id)
        begin_with(key, self.notebook.answer(self.lesson.slug, block.id, len(options)))
        return choose(
            self.rich(block.question),
            [without_links(option) for option in options],
            key,
            label=without_links(block.question),
            on_change=partial(note_answer, self.lesson, block.id, key),
        )

    def guessed(self, block: ExperimentBlock) -> bool:
        """Whether what was to be guessed before this experiment has been, or need not be."""
        before = self.lesson.blocks[: self.lesson.blocks.index(block)]
        guesses = [other for other in before if isinstance(other, Predict)]
        if not guesses or "predictions" in self.hidden:
            return True
        return st.session_state.get(self.key(guesses[-1].id)) is not None


def draw_block(reading: Reading, block: object) -> None:
    """Draw one block, unless the link leaves its kind out."""
    if PARTS.get(type(block)) not in reading.hidden:
        _draw(block, reading)


@singledispatch
def _draw(block: object, reading: Reading) -> None:
    raise TypeError(f"no picture for {type(block).__name__}")


@_draw.register
def _(block: Prose, reading: Reading) -> None:
    st.markdown(reading.rich(block.markdown))


@_draw.register
def _(block: Figure, reading: Reading) -> None:
    draw_figure(block)
    st.caption(reading.rich(block.caption))


@_draw.register
def _(block: Table, reading: Reading) -> None:
    columns = {
        head: [f"**{reading.rich(row[at])}**" if at == 0 and row[0] else reading.rich(row[at]) for row in block.rows]
        for at, head in enumerate(map(reading.rich, block.head))
    }
    st.table(columns, hide_index=True, border="horizontal", alt=without_links(block.caption))
    st.caption(reading.rich(block.caption))


@_draw.register
def _(block: Try, reading: Reading) -> None:
    with st.container(border=True):
        st.markdown(f":material/explore: **{reading.words['try-it']}** {reading.rich(block.text)}")
        st.page_link(
            f"{block.page}.py",
            label=f"**{block.label}**",
            icon=":material/arrow_forward:",
            query_params=dict(block.parameters),
        )


@_draw.register
def _(block: Verdicts, reading: Reading) -> None:
    entries = {entry.claim.id: entry for entry in judge_all()}
    with st.container(border=True):
        st.markdown(f":material/fact_check: **{reading.words['our-runs-say']}.** {reading.rich(block.text)}")
        for claim_id in block.claims:
            said, way = st.columns([5, 1], vertical_alignment="center")
            with said:
                st.markdown(inert(entries[claim_id].claim.claim))
                draw_claim_verdict(entries[claim_id])
            way.page_link(
                "claims.py",
                label=reading.words["open-claim"],
                icon=":material/arrow_forward:",
                query_params={"claim": claim_id},
            )


@_draw.register
def _(block: Predict, reading: Reading) -> None:
    with st.container(border=True):
        st.markdown(f":material/psychology: **{reading.words['guess-first']}**")
        if reading.choose(block, list(block.options)) is not None:
            st.caption(f"{reading.words['noted']} {reading.rich(block.reveal)}")


@_draw.register
def _(block: Check, reading: Reading) -> None:
    with st.container(border=True):
        st.markdown(f":material/help: **{reading.words['check-yourself']}**")
        chosen = reading.choose(block, [option.text for option in block.options])
        if chosen is not None:
            draw_verdict(mark(block, chosen), block.options, rich=reading.rich, words=reading.words)


@_draw.register
def _(block: ExperimentBlock, reading: Reading) -> None:
    with st.container(border=True):
        st.markdown(f":material/science: **{reading.words['run-it']}** {reading.rich(block.caption)}")
        if not reading.guessed(block):
            st.caption(reading.words["guess-above"])
            st.button(
                reading.words["run-all"] if block.id == four_answers.EXPERIMENT.id else reading.words["run-here"],
                type=main_button(),
                icon=":material/play_arrow:",
                disabled=True,
                key=reading.key(f"wait-{block.id}"),
                help=reading.words["guess-help"],
            )
            return
        chosen = _choose_preset(block, reading)
        if block.id == four_answers.EXPERIMENT.id:
            _draw_four_answers(block, chosen, reading)
        else:
            experiment = find_experiment(block.id)
            with told():
                draw_experiment(
                    experiment,
                    picture_of(block.id),
                    reading.words["seconds"],
                    preset=block.inputs,
                    prefix=reading.key(""),
                )


def _choose_preset(block: ExperimentBlock, reading: Reading) -> Preset | None:
    """The buttons that set the inputs; what to watch after the last one pressed."""
    if not block.presets:
        return None
    name = reading.key(f"{block.id}-preset")
    st.caption(reading.words["presets"])
    with st.container(horizontal=True, gap="small"):
        for place, preset in enumerate(block.presets):
            st.button(
                preset.label,
                icon=":material/tune:",
                key=f"{name}-{place}",
                on_click=_use_preset,
                args=(block, preset, place, name, reading.key("")),
            )
    at: int | None = kept(name)
    if at is None or at >= len(block.presets):
        return None
    chosen = block.presets[at]
    st.info(f"**{inert(chosen.label)}.** {reading.rich(chosen.watch)}", icon=":material/visibility:")
    return chosen


def _use_preset(block: ExperimentBlock, preset: Preset, at: int, name: str, prefix: str) -> None:
    keep(name, at)
    if block.id != four_answers.EXPERIMENT.id:
        set_inputs(find_experiment(block.id), {**block.inputs, **preset.inputs}, prefix)


def _draw_four_answers(block: ExperimentBlock, preset: Preset | None, reading: Reading) -> None:
    values: dict[str, Any] = {**block.inputs, **(preset.inputs if preset else {})}
    inputs = four_answers.Inputs(**values)
    st.markdown(f"> {inert(inputs.question)}")
    pressed = st.button(
        reading.words["run-all"],
        type=main_button(),
        icon=":material/play_arrow:",
        key=reading.key(f"run-{block.id}"),
    )
    key = reading.key(f"{block.id}-{asdict(inputs)}")
    if pressed:
        wait_for_models()
        keep(key, draw_four(inputs, {}, four_answers.SIDES))
    elif kept(key):
        draw_four(inputs, kept(key), ())
    elif (saved := load_saved(four_answers.EXPERIMENT)) is not None:
        known = {(cell.looked_up, cell.learned): cell for cell in saved.cells}
        made = f"{saved.made}, seed {saved.seed}, adapter {saved.adapter_sha256[:12]}"
        note = reading.words["saved-answer"].format(made=made)
        draw_four(inputs, known if saved.inputs == inputs else {}, (), note=note)
