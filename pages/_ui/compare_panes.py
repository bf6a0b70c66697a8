"""One prompt: the panes beside each other, streaming, judged, and what differs from one to the next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from lab.compare.differences import difference, differing_words, likeness
from lab.compare.panes import Judged, Pane, gold_for, judge_pane
from lab.compare.replies import Reply, open_panes
from lab.compare.run import SavedRun, is_stale, load_run
from lab.tuning.styles import RuleResult
from pages._ui.answers import side_badges
from pages._ui.compare import Setup, model_of
from pages._ui.session import keep, kept
from pages._ui.show import draw_provenance, told, wait_for_models
from pages._ui.streams import stream_together
from pages._ui.text import highlighted, inert

_KNOWN, _LIVE = "compare-known", "compare-live"
_REMEMBERED = 200  # answers of one visit
_FEW = 0.2  # with a smaller share of words in common all of it would be marked, which shows nothing


@dataclass(frozen=True)
class Shown:
    """Answers to one message, live or saved; a pane without an answer here is missing from `replies`."""

    inputs: Mapping[str, str]
    replies: Mapping[str, Reply]
    note: str


def draw_one_prompt(setup: Setup, pressed: bool) -> None:
    """Ask what has to be asked, and draw. Until a button was pressed, the saved run stands there."""
    known: dict[tuple[object, ...], Reply] = kept(_KNOWN) or keep(_KNOWN, {})
    if pressed:
        keep(_LIVE, setup)
        for pane in setup.panes:
            known.pop(setup.key(pane), None)
    live: Setup | None = kept(_LIVE)
    if live is not None and live.subject == setup.subject:
        missing = [pane for pane in setup.panes if setup.key(pane) not in known]
        if missing:
            wait_for_models()
            with told(stop=True):
                known |= _ask(setup, missing, known)
            keep(_KNOWN, dict(list(known.items())[-_REMEMBERED:]))
            st.rerun()
    shown = _shown(setup, live, known)
    if shown is None:
        st.info("Press **Answer in all panes**.", icon=":material/lightbulb:")
        return
    if shown.note:
        st.caption(shown.note)
    _draw(setup, shown)


def _shown(setup: Setup, live: Setup | None, known: Mapping[tuple[object, ...], Reply]) -> Shown | None:
    if live is not None and live.style.name == setup.style.name:
        then = setup.about(live.inputs)
        replies = {pane.id: known[then.key(pane)] for pane in setup.panes if then.key(pane) in known}
        if replies:
            earlier = ":material/history: These answer the earlier message. Press the button to renew them."
            return Shown(live.inputs, replies, "" if live.subject == setup.subject else earlier)
    with told():
        run = load_run(setup.style)
        if run is not None:
            return Shown(run.inputs, {reply.pane: reply for reply in run.replies}, _saved_note(run))
    return None


def _saved_note(run: SavedRun) -> str:
    adapter = f", adapter {run.adapter} {run.adapter_sha256[:8]}" if run.adapter and run.adapter_sha256 else ""
    stale = " The adapter has changed since." if is_stale(run) else ""
    message = " · ".join(run.inputs.values())
    return (
        f":material/bookmark: **Saved** on {run.made} (seed {run.seed}{inert(adapter)}, strength {run.strength:g}), "
        f"answering: “{inert(message)}”.{stale} Press the button for live answers."
    )


def _ask(
    setup: Setup, missing: list[Pane], known: Mapping[tuple[object, ...], Reply]
) -> dict[tuple[object, ...], Reply]:
    """Stream the missing panes, all at once, between those that are there already."""
    index = setup.index()
    places = {}
    for column, pane in zip(st.columns(len(setup.panes), gap="medium"), setup.panes, strict=True):
        with column.container(border=True):
            _draw_head(pane)
            place = st.empty()
        if pane in missing:
            places[pane.id] = place
        else:
            place.markdown(inert(known[setup.key(pane)].text))
    streams = open_panes(
        missing, setup.style, setup.inputs, model_of, strength=setup.strength, adapter=setup.adapter, index=index
    )
    stream_together(streams, places)
    return {setup.key(stream.pane): stream.reply for stream in streams.values()}


def _draw(setup: Setup, shown: Shown) -> None:
    marked = st.toggle(
        "Mark the words that differ", value=True, key="marks", bind="query-params",
        help="Against the pane to the left; in the first pane, against the one to the right.",
    )  # fmt: skip
    gold = gold_for(setup.style, shown.inputs)
    columns = st.columns(len(setup.panes), gap="medium")
    for place, (column, pane) in enumerate(zip(columns, setup.panes, strict=True)):
        reply = shown.replies.get(pane.id)
        left = shown.replies.get(setup.panes[place - 1].id) if place else None
        beside = left if place else shown.replies.get(setup.panes[1].id)
        with column.container(border=True, key=f"pane-{pane.id}"):
            _draw_head(pane)
            if reply is None:
                st.caption(f"{pane.what} Not asked yet: press the button.")
                continue
            if reply.error:
                st.error(inert(reply.error), icon=":material/error:")
                continue
            st.markdown(_text(pane, reply, beside if marked else None))
            if left is not None:
                st.markdown(f":material/difference: {inert(difference(left.provenance, reply.provenance))}")
                alike = likeness(left.text, reply.text)
                few = "; too few to mark the rest" if marked and alike < _FEW else ""
                st.caption(f"{alike:.0%} of the words stand in both, in the same order{few}.")
            _draw_verdict(judge_pane(setup.style, shown.inputs, reply.text, gold))
            _draw_figures(reply)
            if reply.passage:
                st.caption(f"Looked up in {inert(reply.document)}: “{inert(reply.passage)}”")
            draw_provenance(reply.provenance, "Prompt and provenance")


def _draw_head(pane: Pane) -> None:
    st.markdown(
        f"**{pane.title}** {side_badges(looked_up=pane.looked_up, learned=pane.tuned)}", help=pane.what, width="content"
    )


def _text(pane: Pane, reply: Reply, beside: Reply | None) -> str:
    if not reply.text.strip():
        return ":gray[(an empty answer)]"
    if beside is None or likeness(reply.text, beside.text) < _FEW:
        return inert(reply.text)
    spans, _ = differing_words(reply.text, beside.text)
    return highlighted(reply.text, spans, "orange" if pane.tuned else "blue" if pane.looked_up else "gray")


def _draw_verdict(judged: Judged) -> None:
    content = "" if judged.content else " :gray[the right answer to this message is not written down]"
    lines = [f"**{judged.kept} of {len(judged.rules)} rules kept**", *map(_line, judged.rules), f"**Content**{content}"]
    if judged.content is not None:
        lines.append(_line(judged.content))
    st.markdown("  \n".join(lines))


def _line(rule: RuleResult) -> str:
    if rule.passed:
        return f":green[:material/check:] {inert(rule.title)}"
    return f":red[:material/close: not:] {inert(rule.title)} :gray[({inert(rule.reason)})]"


def _draw_figures(reply: Reply) -> None:
    provenance, seconds = reply.provenance, reply.provenance.get("seconds") or {}
    figures = [
        f"{value} tokens {way}"
        for way, value in (("in", provenance.get("tokens_in")), ("out", provenance.get("tokens_out")))
        if value is not None
    ]
    for name, label in (("first_token", "first token"), ("generate", "all")):
        if seconds.get(name) is not None:
            figures.append(f"{label} {seconds[name]:.2f} s")
    cut = " The answer was cut at the limit of tokens." if provenance.get("finish") == "length" else ""
    st.caption(f":material/timer: {' · '.join(figures)}.{cut}")
