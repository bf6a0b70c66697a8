"""The break-it labs: choosing one, its story, the three pieces of evidence, and what a mend changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from pages._ui.answers import draw_hits, side_badges
from pages._ui.session import keep, kept, session_model
from pages._ui.show import draw_provenance
from pages._ui.streams import stream_together
from pages._ui.text import inert, plural

if TYPE_CHECKING:
    from lab.rag.break_it import Lab, LabRun, Setup

CAUSES = {
    "retrieval": ("Retrieval failed", "The passage it needed was not in the prompt.", ":material/search_off:"),
    "generation": ("Generation failed", "The passage was in the prompt. The answer is wrong all the same.",
                   ":material/edit_off:"),
    "answered-unanswerable": ("It should have refused", "No document holds the answer.", ":material/block:"),
}  # fmt: skip
_OTHER_CAUSES = {"refused": "The passage was found, and it was refused all the same."}


@dataclass
class Visit:
    """How far this visitor got with one lab; `turn` counts how often it was begun."""

    turn: int = 1
    predicted: int | None = None
    broken: LabRun | None = None
    blamed: str = ""
    mended: LabRun | None = None


def visit_of(lab: Lab) -> Visit:
    """This visitor's way through a lab, begun where it was not yet."""
    visit: Visit = kept(f"break-it-{lab.id}") or keep(f"break-it-{lab.id}", Visit())
    return visit


def start_over(lab: Lab) -> None:
    """Forget this visitor's runs of a lab, but not that it was solved."""
    keep(f"break-it-{lab.id}", Visit(turn=visit_of(lab).turn + 1))


def solved() -> set[str]:
    """The ids of the labs whose cause this visitor named rightly."""
    names: set[str] = kept("break-it-solved") or keep("break-it-solved", set())
    return names


def choose_lab() -> Lab:
    """The lab in the address, or another one; the address follows."""
    from lab.rag.break_it import load_labs

    labs = {lab.id: lab for lab in load_labs()}
    ids, done = list(labs), solved()
    wanted = st.query_params.get("lab") or kept("break-it-lab") or ids[0]
    if wanted not in labs:
        st.warning(f"There is no lab called “{inert(wanted)}”. Here is the first one.", icon=":material/edit_note:")
        wanted = ids[0]
    numbered = {name: f"{number}. {lab.title}" for number, (name, lab) in enumerate(labs.items(), start=1)}
    start = ids.index(wanted)
    chosen: str = st.selectbox(
        "Choose a lab", ids, start, format_func=lambda name: numbered[name], key="break-it-choice"
    )
    st.query_params["lab"] = keep("break-it-lab", chosen)
    st.progress(len(done) / len(ids), text=f"{len(done)} of {plural(len(ids), 'lab')} solved")
    if done:
        st.caption("Solved: " + " · ".join(f"✓ {inert(numbered[name])}" for name in ids if name in done))
    return labs[chosen]


def draw_story(lab: Lab) -> None:
    """What happened, what is asked, and the documents, folded."""
    st.markdown(inert(lab.story))
    st.markdown(f":blue[:material/help:] **Asked:** {inert(lab.question)}")
    documents = lab.documents
    with st.expander(f"Read the {plural(len(documents), 'document')}", icon=":material/description:"):
        for document in documents:
            out = " · not in the index of this run" if document.name in lab.broken.without else ""
            st.markdown(f"**{inert(document.name)}**{out}")
            st.code(document.text.strip(), language=None, wrap_lines=True)


def run_side(lab: Lab, *, mended: bool) -> LabRun:
    """Run one side, its answer growing on the page; raises LabError in words."""
    from lab.rag.break_it import close_run, open_run

    setup = lab.setup(mended=mended)
    model = session_model(adapter=setup.adapter or None)
    with st.container(border=True):
        st.markdown(_badge(setup))
        pieces = open_run(lab, model, mended=mended)
        stream_together({"run": pieces}, {"run": st.empty()})
    return close_run(lab, pieces.answer, mended=mended)


def draw_answer(run: LabRun, title: str) -> None:
    """One run: its answer, and why it was refused where it was."""
    with st.container(border=True):
        st.markdown(f"**{title}** {_badge(run.setup)}")
        st.markdown(inert(run.answer.text) if run.answer.text.strip() else ":gray[(an empty answer)]")
        if run.answer.abstained and run.answer.reason:
            st.caption(inert(run.answer.reason))


def draw_prediction(lab: Lab, visit: Visit) -> None:
    """What was predicted against what happened, with the reason."""
    if visit.broken is None or visit.predicted is None:
        return
    if visit.broken.diagnosis.failed != lab.expect:  # another model than the one the lab was made with
        st.markdown(":material/help: With this model it went another way than the lab foresees.")
        return
    option = lab.prediction.options[visit.predicted]
    sign = ":material/check: **As you predicted.**" if option.right else ":material/close: **Not as you predicted.**"
    st.markdown(f"{sign} {inert(option.why)}")


def draw_verdict(visit: Visit) -> None:
    """Whether the cause was named rightly; the evidence of the run decides, nothing else."""
    run = visit.broken
    if run is None:
        return
    failed = run.diagnosis.failed
    if failed is None:
        st.info(
            "This time nothing failed: the answer is right. A larger model may well be behind it. The evidence is below.",
            icon=":material/sentiment_satisfied:",
        )
    elif visit.blamed == failed:
        st.success(f"Right. **{CAUSES[failed][0]}.** {CAUSES[failed][1]}", icon=":material/check_circle:")
    else:
        title, why = CAUSES[failed][:2] if failed in CAUSES else ("Refused", _OTHER_CAUSES[failed])
        st.error(f"Not this one. **{title}.** {why} Here is how one can tell.", icon=":material/cancel:")
    draw_evidence(run)


def draw_clues(run: LabRun) -> None:
    """What one can look at before saying what failed: the passages found and the exact prompt, folded."""
    with st.expander(f"Passages found ({len(run.candidates)})", icon=":material/format_list_numbered:"):
        draw_hits(run.candidates, len(run.answer.hits) if run.answer.prompt else 0)
    with st.expander("The exact prompt", icon=":material/terminal:"):
        st.code(run.answer.prompt or "There was none: the model was not asked.", language=None, wrap_lines=True)


def draw_evidence(run: LabRun) -> None:
    """Found, in the prompt, used: three rows with a sign, a word and a sentence."""
    words = {True: "✓\u00a0yes", False: "✗\u00a0no", None: "–"}
    rows = run.diagnosis.evidence
    st.table(
        {
            "question": [item.question for item in rows],
            "": [words[item.holds] for item in rows],
            "what the run shows": [inert(item.sentence) for item in rows],
        },
        hide_index=True,
    )


def draw_mend(lab: Lab, visit: Visit) -> None:
    """Both runs side by side, every setting that differs, what that did, and the term for it."""
    if visit.broken is None or visit.mended is None:
        return
    left, right = st.columns(2, gap="medium")
    with left:
        draw_answer(visit.broken, "Broken")
    with right:
        draw_answer(visit.mended, "Mended")
    changed = lab.broken.differences(lab.mended)
    st.table(
        {
            "what changed": [name for name, _, _ in changed],
            "broken": [inert(before) for _, before, _ in changed],
            "mended": [inert(after) for _, _, after in changed],
        },
        hide_index=True,
    )
    if visit.mended.diagnosis.right:
        st.success(f"Mended. {inert(lab.change)}", icon=":material/build:")
    else:
        excuse = inert(lab.unmendable) or "The answer is still not right with this model."
        st.warning(f"Not mended. {excuse} {inert(lab.change)}", icon=":material/build:")
    st.markdown(f":material/label: **In the field's words:** {inert(lab.term)}.")
    draw_evidence(visit.mended)
    draw_provenance(visit.mended.answer.provenance, "Where the mended answer comes from")
    if lab.sources:
        st.caption(f"In the five texts: {inert('; '.join(lab.sources))}.")


def _badge(setup: Setup) -> str:
    return side_badges(looked_up=setup.ask.rag, learned=bool(setup.adapter))
