"""The blind vote: the order tells nothing, a vote counts for the pane behind the letter, and every message has its turn."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lab.compare.replies import Reply
from lab.compare.vote import NO_DIFFERENCE, Tally, count_vote, draw_message, shuffle_replies
from lab.errors import BadInput

REPLIES = [Reply(pane, f"text of {pane}") for pane in ("base", "prompted", "tuned")]


def test_the_seed_decides_the_order_and_no_place_belongs_to_a_pane() -> None:
    assert shuffle_replies({}, REPLIES, 3) == shuffle_replies({}, REPLIES, 3)
    firsts = {shuffle_replies({}, REPLIES, seed).replies[0].pane for seed in range(20)}
    assert firsts == {"base", "prompted", "tuned"}


def test_a_vote_counts_for_the_pane_behind_the_letter() -> None:
    ballot = shuffle_replies({}, REPLIES, 1)
    place = [reply.pane for reply in ballot.replies].index("tuned")
    tally = count_vote(Tally(), replace(ballot, choice="ABC"[place]))
    tally = count_vote(tally, replace(ballot, choice=NO_DIFFERENCE))
    assert (dict(tally.votes), tally.undecided, tally.n) == ({"tuned": 1}, 1, 2)
    assert dict(tally.shown) == {"base": 2, "prompted": 2, "tuned": 2}


@pytest.mark.parametrize("choice", ["", "D", "AB", "base"])
def test_a_vote_for_nobody_is_refused(choice: str) -> None:
    with pytest.raises(BadInput, match="Vote for one of A, B, C"):
        count_vote(Tally(), replace(shuffle_replies({}, REPLIES, 1), choice=choice))


def test_a_ballot_needs_two_panes_that_answered() -> None:
    with pytest.raises(BadInput, match="two to 4 panes"):
        shuffle_replies({}, REPLIES[:1], 0)
    with pytest.raises(BadInput, match="The wire broke"):
        shuffle_replies({}, [*REPLIES, Reply("base-rag", "", error="The wire broke.")], 0)


def test_every_message_comes_once_before_any_comes_again() -> None:
    assert sorted(draw_message(7, 5, turn) for turn in range(7)) == list(range(7))
    assert [draw_message(7, 5, turn) for turn in range(7)] != [draw_message(7, 6, turn) for turn in range(7)]
    assert 0 <= draw_message(7, 5, 700) < 7
