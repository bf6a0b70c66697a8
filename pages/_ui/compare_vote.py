"""The blind vote: the same panes without their names; vote, reveal, and a tally for this visit."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import streamlit as st

from lab.compare.replies import open_panes
from lab.compare.vote import NO_DIFFERENCE, Ballot, Tally, count_vote, draw_message, shuffle_replies
from lab.tuning.styles import messages_of
from pages._ui.answers import side_badges
from pages._ui.compare import Setup, model_of
from pages._ui.session import keep, kept
from pages._ui.show import main_button, told, wait_for_models
from pages._ui.streams import close_all
from pages._ui.text import inert


@dataclass(frozen=True)
class Visit:
    """This visitor's vote on one behaviour: the ballot at hand, how many there were, and the tally."""

    ballot: Ballot | None = None
    turn: int = 0
    tally: Tally = field(default_factory=Tally)


def draw_vote(setup: Setup) -> None:
    """A ballot, its vote, and what came of all votes so far."""
    name = f"compare-vote-{setup.style.name}"
    visit: Visit = kept(name) or keep(name, Visit())
    seed = st.number_input(
        "Seed", 0, 9999, 0, key="vote-seed", bind="query-params", width=140,
        help="Decides the order of messages and who stands where.",
    )  # fmt: skip
    waiting = visit.ballot is not None and not visit.ballot.choice
    label = "Next message" if visit.turn else "Begin the vote"
    if not waiting and st.button(label, type=main_button(), icon=":material/how_to_vote:"):
        wait_for_models()
        with told(stop=True):
            keep(name, replace(visit, ballot=_fresh_ballot(setup, int(seed), visit.turn), turn=visit.turn + 1))
            st.rerun()
    if visit.ballot is None:
        st.info(
            "Names and weights are hidden, and the order is shuffled. All panes chosen above answer the same message; "
            "you say which reply you would send.",
            icon=":material/lightbulb:",
        )
        return
    choice = _draw_ballot(visit.ballot, setup)
    if choice:
        ballot = replace(visit.ballot, choice=choice)
        with told(stop=True):
            keep(name, replace(visit, ballot=ballot, tally=count_vote(visit.tally, ballot)))
            st.rerun()
    _draw_tally(visit.tally, setup)


def _fresh_ballot(setup: Setup, seed: int, turn: int) -> Ballot:
    messages = messages_of(setup.style)
    inputs = messages[draw_message(len(messages), seed, turn)].inputs
    with st.spinner("All panes answer; nothing is shown before the last has finished, for speed would give them away."):
        streams = open_panes(
            setup.panes, setup.style, inputs, model_of,
            strength=setup.strength, adapter=setup.adapter, index=setup.index(),
        )  # fmt: skip
        try:
            replies = [stream.finish() for stream in streams.values()]
        finally:
            close_all(list(streams.values()))
    return shuffle_replies(inputs, replies, seed * 1000 + turn)


def _draw_ballot(ballot: Ballot, setup: Setup) -> str:
    """The replies under their letters; the letter that was just voted for, or ""."""
    st.markdown(f"**The message:** {inert(' · '.join(ballot.inputs.values()))}")
    chosen = ""
    panes = {pane.id: pane for pane in setup.panes}
    letters = ballot.letters
    for letter, reply, column in zip(letters, ballot.replies, st.columns(len(letters), gap="medium"), strict=True):
        with column.container(border=True, key=f"ballot-{letter}"):
            mine = " :material/how_to_vote: your vote" if ballot.choice == letter else ""
            st.markdown(f"**{letter}**{mine}")
            st.markdown(inert(reply.text) if reply.text.strip() else ":gray[(an empty answer)]")
            if ballot.choice:
                pane = panes.get(reply.pane)
                badges = side_badges(looked_up=pane.looked_up, learned=pane.tuned) if pane else ""
                st.markdown(f"It was **{pane.title if pane else reply.pane}** {badges}")
            elif st.button(f"{letter} is best", key=f"vote-{letter}", icon=":material/thumb_up:"):
                chosen = letter
    if not ballot.choice and st.button("No difference", key="vote-none", icon=":material/drag_handle:"):
        chosen = NO_DIFFERENCE
    return chosen


def _draw_tally(tally: Tally, setup: Setup) -> None:
    if not tally.n:
        return
    st.markdown(f"**Your votes so far: {tally.n}**")
    panes = sorted(tally.shown, key=lambda pane: -tally.votes.get(pane, 0))
    st.table(
        {
            "": [*panes, "no difference"],
            "votes": [str(tally.votes.get(pane, 0)) for pane in panes] + [str(tally.undecided)],
            "of ballots": [str(tally.shown[pane]) for pane in panes] + [str(tally.n)],
        },
        hide_index=True,
    )
    st.caption("Kept for this visit only. Ten votes of one person are an impression, not a measurement.")
