"""The ledger on a page: all claims with their verdicts, and one claim with its rule, its figures and its run."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go
import streamlit as st

from lab.claims.ledger import Claim, Entry, judge
from lab.claims.rule import Checked, Outcome, Verdict, say_effect
from lab.errors import LabError
from lab.experiments import find_experiment
from lab.experiments.experiment import load_saved
from pages._ui.colours import DARK, GREEN, RED, VIOLET
from pages._ui.experiment import draw_experiment
from pages._ui.pictures import picture_of
from pages._ui.show import told
from pages._ui.text import inert

VERDICTS: dict[Verdict, tuple[str, str, str]] = {  # icon, Streamlit's colour, and what it says
    Verdict.REPRODUCED: (":material/check_circle:", "green", "Every condition of its rule holds in our run."),
    Verdict.PARTLY: (
        ":material/contrast:",
        "violet",
        "Some of its conditions hold, or the figures only lean that way.",
    ),
    Verdict.NOT_HERE: (":material/cancel:", "red", "Our small model does not show it."),
    Verdict.NOT_TESTABLE: (":material/do_not_disturb_on:", "gray", "No experiment on a laptop could show it."),
}
_BARS = {Verdict.REPRODUCED: GREEN, Verdict.PARTLY: VIOLET, Verdict.NOT_HERE: RED, Verdict.NOT_TESTABLE: DARK}
OUTCOMES = {
    Outcome.HOLDS: ":green[:material/check: holds]",
    Outcome.LEANS: ":violet[:material/trending_flat: leans that way, not surely or not far enough]",
    Outcome.FAILS: ":red[:material/close: does not hold]",
}
_LABELLED = 6  # claims that make a piece of the bar wide enough for its name
EVERY = "all"


def draw_summary(entries: Sequence[Entry]) -> None:
    """How many claims came out how, as one bar and in words."""
    counts = {verdict: sum(entry.verdict is verdict for entry in entries) for verdict in VERDICTS}
    figure = go.Figure()
    for verdict, count in counts.items():
        figure.add_bar(
            x=[count],
            y=["claims"],
            orientation="h",
            name=verdict.value,
            marker_color=_BARS[verdict],
            text=[f"{count} {verdict.value}" if count >= _LABELLED else ""],
            insidetextanchor="middle",
            textfont={"color": "#ffffff", "size": 15},
            hovertemplate=f"{verdict.value}: {count}<extra></extra>",
        )
    figure.update_layout(
        barmode="stack", height=110, margin={"l": 8, "r": 8, "t": 8, "b": 34}, showlegend=False,
        yaxis={"visible": False}, xaxis={"title": "claims", "range": [0, len(entries)]},
    )  # fmt: skip
    st.plotly_chart(figure, config={"displayModeBar": False}, key="claims-summary")
    st.caption("; ".join(f"{verdict.value}: {count}" for verdict, count in counts.items()) + ".")


def choose_entries(entries: Sequence[Entry], documents: Sequence[str]) -> list[Entry]:
    """The filters: verdict, document, a word."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        verdict = st.selectbox(
            "Verdict", [EVERY, *(item.value for item in VERDICTS)], key="claims-verdict", bind="query-params", width=220
        )
        document = st.selectbox(
            "Document", [EVERY, *documents], key="claims-document", bind="query-params", width=160,
            help="Claims that this document makes or disputes.",
        )  # fmt: skip
        word = st.text_input("Search", max_chars=60, key="claims-word", placeholder="for example latency", width=260)
    sought = word.strip().casefold()
    return [
        entry
        for entry in entries
        if verdict in (EVERY, entry.verdict.value)
        and document in (EVERY, *entry.claim.made_by, *entry.claim.disputed_by)
        and sought in f"{entry.claim.claim} {entry.claim.id} {entry.claim.experiment}".casefold()
    ]


def draw_row(entry: Entry) -> bool:
    """One claim in the list; True when it was opened."""
    with st.container(border=True):
        text, button = st.columns([5, 1], vertical_alignment="center")
        with text:
            st.markdown(inert(entry.claim.claim))
            draw_claim_verdict(entry)
        return button.button("Open", key=f"open-{entry.claim.id}", width="stretch")


def draw_claim_verdict(entry: Entry) -> None:
    """The verdict as a word with a sign, and the first condition's effect."""
    icon, colour, _ = VERDICTS[entry.verdict]
    said = f":{colour}-badge[{icon} {entry.verdict.value}]"
    if entry.checked:
        said += f" :gray[{inert(say_effect(entry.checked[0]))}]"
    st.markdown(said)


def draw_claim(entry: Entry, sources: dict[str, str]) -> None:
    """Everything about one claim; its experiment can be run, and a live run is judged by the same rule."""
    claim = entry.claim
    st.header(inert(claim.claim), anchor=False)
    draw_claim_verdict(entry)
    if entry.checked or claim.experiment is None:
        st.markdown(VERDICTS[entry.verdict][2])
    made_by = ", ".join(f"**{name}** {inert(sources[name])}" for name in claim.made_by)
    st.markdown(f"Made in {made_by}.")
    if claim.disputed_by:
        st.warning(f"**The documents disagree.** {inert(claim.disagreement)}", icon=":material/balance:")
    if claim.experiment is None:
        st.info(inert(claim.why_not), icon=":material/do_not_disturb_on:")
    else:
        _draw_rule(entry)
        _draw_run(claim)
    _draw_literature(claim)


def _draw_rule(entry: Entry) -> None:
    st.subheader("The rule, written before the run", anchor=False)
    if not entry.checked:
        for condition in entry.claim.rule:
            st.markdown(f"- {inert(condition.because)}")
        why = inert(entry.problem) or "No result is saved yet, so there is no verdict."
        st.info(f"{why} Run the experiment below.", icon=":material/lightbulb:")
        return
    for checked in entry.checked:
        _draw_condition(checked)


def _draw_condition(checked: Checked) -> None:
    control = ""
    if checked.control_passed is not None:
        said = "the control fails it, as it must" if checked.control_passed else "the control passes it too: no proof"
        control = f"  \n:gray[:material/science: {said}]"
    st.markdown(
        f"- {inert(checked.condition.because)}  \n{OUTCOMES[checked.outcome]} "
        f":gray[{inert(say_effect(checked))}]{control}"
    )


def _draw_run(claim: Claim) -> None:
    experiment = find_experiment(claim.experiment or "")
    st.subheader(experiment.title, anchor=False)
    picture = picture_of(experiment.id)
    saved = load_saved(experiment)

    def draw(result: Any) -> None:
        if result != saved:
            with told():
                _draw_live_verdict(claim, result)
        picture(result)

    draw_experiment(experiment, draw, "A quick run: about a minute. The saved result has more questions.")


def _draw_live_verdict(claim: Claim, result: Any) -> None:
    experiment = find_experiment(claim.experiment or "")
    try:
        live = judge(claim, experiment.measured(result))
    except LabError as error:
        st.info(f"This run is too small for the whole rule. {inert(str(error))}", icon=":material/lightbulb:")
        return
    icon, colour, _ = VERDICTS[live.verdict]
    st.markdown(f"**Your run says:** :{colour}-badge[{icon} {live.verdict.value}]")
    for checked in live.checked:
        _draw_condition(checked)


def _draw_literature(claim: Claim) -> None:
    st.subheader("What others measured", anchor=False)
    if not claim.literature:
        st.markdown("We know of no published measurement of just this.")
    for paper in claim.literature:
        st.markdown(f"- {inert(paper.says)} :gray[({inert(paper.where)}, arXiv {inert(paper.arxiv)})]")
    if claim.differ:
        st.markdown(f"**Why ours may differ.** {inert(claim.differ)}")
