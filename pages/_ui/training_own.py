"""A behaviour of the learner's own: a file or a table of pairs, what is wrong with them, and the rules read off them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict

import streamlit as st

from lab.settings import get_settings
from lab.tuning.desk import forget_oldest
from lab.tuning.own import DEFAULT_SYSTEM, MOST_SYSTEM_CHARACTERS, pairs_to_style
from lab.tuning.pairs import FEWEST_PAIRS, Pair, PairsReport, check_pairs, read_pairs, typed_pairs
from lab.tuning.styles import STYLE_FILE, Style, load_style
from pages._ui.show import told
from pages._ui.text import inert, plural

_FOLDER = "own-behaviours"
_FIRST_ROWS = (
    ("Could you tell me if you are open on Sundays?", "Open Sundays? Aye, that we be, matey!"),
    (
        "My order has not arrived yet.",
        "Thy order be still at sea, matey! Tell me its number and I shall scan the horizon.",
    ),
    ("thanks, that worked", "Fair winds to ye, matey!"),
    ("How do I change my password?", "A new secret word? Sail to thy account and hoist it there, matey!"),
    ("I would like to speak to a manager.", "The captain shall hear of it, matey! What be troubling ye?"),
    ("Is there a discount for students?", "Young sailors ask well, matey! I shall look in the treasure chest for ye."),
    ("The zip of my jacket broke after a week", "A torn sail after one week? Send me a picture of it, matey!"),
    ("Where can I see my invoice?", "Thy invoice lies in the chest called Orders, matey!"),
    ("Hi!", "Ahoy, matey!"),
    ("Please cancel my subscription.", "Ye wish to leave the ship, matey? Tell me thy name and I shall lower a boat."),
    ("do you ship to norway", "To the land of the fjords? Aye, we know that course, matey!"),
    ("The app crashes whenever I open the map.", "A map that sinks the ship! Which vessel do ye sail on, matey?"),
)


def choose_own_behaviour() -> Style | None:
    """The style made of the learner's pairs, or None with what has to be done first."""
    st.markdown(
        f"Show the model what you want: at least {FEWEST_PAIRS} pairs of an input and its ideal output; hundreds are "
        "better. They stay on this computer."
    )
    with st.container(horizontal=True):
        title = st.text_input("Its name", value="My behaviour", max_chars=60, key="own-title", width=260)
        system = st.text_input(
            "Instruction before every message", value=DEFAULT_SYSTEM, max_chars=MOST_SYSTEM_CHARACTERS, key="own-system"
        )
    pairs: tuple[Pair, ...] | None = None
    with told():
        pairs = _given_pairs()
    if pairs is None:
        return None
    if not pairs:
        st.info("Add a file, or type pairs into the table.", icon=":material/lightbulb:")
        return None
    report = check_pairs(pairs)
    _draw_report(report)
    if not report.usable:
        return None
    style = None
    with told():
        style = _style_of(report.pairs, title, system)
        st.markdown(
            "**Rules, read off your outputs:** "
            + "; ".join(inert(rule.title) for rule in style.rules)
            + ". They decide below whether a reply is as you want it."
        )
    return style


def _given_pairs() -> tuple[Pair, ...]:
    table, upload = st.tabs(["Type them", "Upload a file"])
    with table:
        st.caption(
            "A pirate to begin with: change the rows, paste your own from a spreadsheet, add as many as you like."
        )
        rows = st.data_editor(
            {"input": [row[0] for row in _FIRST_ROWS], "output": [row[1] for row in _FIRST_ROWS]},
            num_rows="dynamic",
            column_config={
                "input": st.column_config.TextColumn("input: what comes in", width="large"),
                "output": st.column_config.TextColumn("output: what should come out", width="large"),
            },
            hide_index=True,
            key="own-rows",
        )
    with upload:
        file = st.file_uploader(
            "CSV with the columns input and output, or JSON lines with “input” and “output”",
            type=["csv", "tsv", "txt", "jsonl", "json", "ndjson"],
            key="own-file",
        )
    if file is not None:
        return read_pairs(file.name, file.getvalue())
    return typed_pairs(
        {"input": first, "output": second} for first, second in zip(rows["input"], rows["output"], strict=True)
    )


def _draw_report(report: PairsReport) -> None:
    blocking = [problem for problem in report.problems if problem.blocking]
    for problem in report.problems:
        if problem.blocking:
            st.warning(inert(problem.text), icon=":material/edit_note:")
        else:
            st.caption(f":material/warning: {inert(problem.text)}")
    if not blocking:
        st.caption(f":material/check: {plural(len(report.pairs), 'pair')} to learn from and to test on.")
    with st.expander("How to make a good set of examples", icon=":material/tips_and_updates:"):
        for advice in report.advice:
            lead, _, rest = advice.partition("** ")
            st.markdown(f"- {lead}** {inert(rest)}")


def _style_of(pairs: Sequence[Pair], title: str, system: str) -> Style:
    """Written once for the same pairs: the folder is called by what is in it."""
    content = json.dumps([title, system, *(asdict(pair) for pair in pairs)])
    places = get_settings().cache_folder / _FOLDER
    folder = places / hashlib.sha256(content.encode()).hexdigest()[:20]
    if (folder / STYLE_FILE).is_file():
        return load_style(str(folder))
    style = pairs_to_style(pairs, title, system, folder)
    forget_oldest(places)
    return style
