"""What to train: the behaviour with its examples and rules, and the knobs of one training; all of it in the address."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import streamlit as st

from lab.tuning.options import MODULES, TrainOptions
from lab.tuning.styles import SHIPPED, Example, Style, list_styles, load_examples, load_style
from pages._ui.text import inert, plural
from pages._ui.training_own import choose_own_behaviour

OWN = "own"
_FIRST = "strict-json"
_COUNTS = ("10", "30", "100", "300", "all")
_SHOWN = 3
_KINDS = {"down_proj": ("down_proj",), "mlp": ("gate_proj", "up_proj", "down_proj"), "all": MODULES}
_DEFAULTS = TrainOptions(style="")


@dataclass(frozen=True)
class Wanted:
    """A training as the page's controls describe it. keep_on: it goes on when the page is left."""

    style: Style
    options: TrainOptions
    keep_on: bool


def choose_behaviour() -> Style | None:
    """One of ours, or the learner's own; None while the own one cannot be trained yet."""
    names = [*list_styles(), OWN]
    first = names.index(_FIRST) if _FIRST in names else 0
    chosen = st.selectbox(
        "Behaviour", names, first, key="style", bind="query-params",
        help="“own” is your own: pairs of an input and the output you would like to see.",
    )  # fmt: skip
    if chosen == OWN:
        return choose_own_behaviour()
    style = load_style(chosen or names[first])
    st.markdown(f"**{inert(style.title)}.** {inert(style.what)}")
    return style


def choose_training(style: Style, total: int) -> Wanted:
    """A row of knobs for everybody and a folded one for the curious. `total` is how many examples there are."""
    learnable = total - min(_DEFAULTS.held_out, total // 10)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        counts = [count for count in _COUNTS if count == "all" or int(count) < learnable]
        if st.session_state.get("examples") not in (None, *counts):
            del st.session_state["examples"]  # a number that this behaviour has not
        count = st.selectbox(
            "Examples", counts, len(counts) - 1, key="examples", bind="query-params", width=120,
            help=f"There are {learnable} to learn from; {total - learnable} more are held out to measure the loss.",
        )  # fmt: skip
        number = partial(st.number_input, bind="query-params", width=150)
        seconds = number(
            "Seconds", 5, 600, int(_DEFAULTS.seconds), 5, key="seconds", help="It ends by then, at the latest."
        )
        rank = number("Rank", 1, 128, _DEFAULTS.rank, key="rank", help="How large the adapter is: rank 16 has 3 MB.")
        rate = number(
            "Learning rate", 0.0001, 10.0, _DEFAULTS.learning_rate, 0.001, key="rate", format="%.4f",
            help="How far each step goes. Ten times too high and the training goes wrong: try it.",
        )  # fmt: skip
        seed = number("Seed", 0, 10_000, _DEFAULTS.seed, key="seed", help="The same seed gives the same adapter.")
    with st.expander("More knobs", icon=":material/tune:"), st.container(horizontal=True, vertical_alignment="bottom"):
        steps = number("Steps at most", 1, 1000, _DEFAULTS.max_steps, key="steps")
        batch = number("Examples a step", 1, 16, _DEFAULTS.batch, key="batch")
        kinds = st.selectbox(
            "Layers", list(_KINDS), key="layers", bind="query-params", width=150,
            help="Which linear layers get an adapter: one kind is quick to train and to serve, all learn the most.",
        )  # fmt: skip
        keep_on = st.toggle(
            "Go on when I leave the page", value=True, key="keep-on", bind="query-params",
            help="Off: half a minute after the tab is closed or another page is opened, the training ends.",
        )  # fmt: skip
    options = TrainOptions(
        style=style.name if style.file.is_relative_to(SHIPPED) else str(style.file),
        examples=None if count in (None, "all") else int(count),
        seed=int(seed),
        seconds=float(seconds),
        max_steps=int(steps),
        batch=int(batch),
        rank=int(rank),
        alpha=int(rank),
        learning_rate=float(rate),
        modules=_KINDS[kinds or "down_proj"],
    )
    return Wanted(style, options, keep_on)


def training_examples(style: Style) -> tuple[Example, ...]:
    """What there is to learn from."""
    return load_examples(style.folder / "train.jsonl", style, with_replies=True)


def draw_examples_and_rules(style: Style, examples: Sequence[Example]) -> None:
    """Three examples and the rules, side by side."""
    left, right = st.columns(2, gap="medium")
    with left, st.expander(f"Three of {len(examples)} examples", icon=":material/menu_book:", expanded=False):
        for example in examples[:: max(1, len(examples) // _SHOWN)][:_SHOWN]:
            with st.container(border=True):
                st.markdown(inert("\n".join(example.inputs[name] for name in style.inputs)))
                st.markdown(f":orange-badge[:material/school: what it learns to say]  \n{inert(example.reply)}")
    with (
        right,
        st.expander(f"{plural(len(style.rules), 'rule')} that judge a reply", icon=":material/rule:", expanded=False),
    ):
        for rule in style.rules:
            st.markdown(f"- **{inert(rule.title)}**: {inert(rule.why)}")
        st.markdown(f"- Beside the rules: **{inert(style.content.title)}**: {inert(style.content.why)}")
