"""Other people's text on a page: shown as it is, and each stretch on the ground it belongs to."""

from __future__ import annotations

from pages._ui.text import highlighted, striped


def test_neighbouring_chunks_have_different_grounds_and_an_overlap_a_third() -> None:
    shown = striped("abcdefghij", [(0, 4), (3, 8)])
    assert shown == ":blue-background[abc]:violet-background[d]:gray-background[efgh]ij"


def test_spans_beyond_the_text_shown_end_with_it() -> None:
    assert striped("abc", [(1, 99)]) == "a:blue-background[bc]"
    assert striped("", [(0, 5)]) == ""


def test_marks_in_a_document_stay_characters_inside_a_coloured_stretch() -> None:
    assert highlighted("x]:red[y", [(0, 8)]) == r":blue-background[x\]\:red\[y]"
