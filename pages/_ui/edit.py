"""What to change in a document, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from lab.rag.collections import load_collection
from lab.rag.editing import Edit, load_edits
from pages._ui.answers import LOOKED_UP
from pages._ui.show import draw_provenance
from pages._ui.text import inert, plural

if TYPE_CHECKING:
    from lab.rag.answer import Answer
    from lab.rag.editing import EditRun
    from pages._ui.library import Library

_OWN_WORDS = "a change of your own"


@dataclass(frozen=True)
class Wanted:
    """The change a learner asks for; `text` is the whole document as it should be."""

    question: str
    document: str
    text: str
    delete: bool


def choose_change(library: Library) -> Wanted:
    """A prepared edit to begin with, the text to change by hand, or a document to delete."""
    edits = (
        {}
        if library.own
        else {edit.id: edit for edit in load_edits(load_collection(library.name).folder / "edits.jsonl")}
    )
    left, right = st.columns([2, 3], gap="medium")
    with left:
        chosen = st.selectbox(
            "Begin with", [*edits, _OWN_WORDS], key="edit", bind="query-params",
            format_func=lambda name: f"{edits[name].before} → {edits[name].after}" if name in edits else name,
        ) if edits else _OWN_WORDS  # fmt: skip
        edit = edits.get(str(chosen))
        names = [document.name for document in library.documents]
        question = st.text_input(
            "The question", value=edit.question if edit else next(iter(library.examples), ""), key=f"edit-q-{chosen}"
        )
        name = st.selectbox(
            "The document", names, index=names.index(edit.document) if edit else 0, key=f"edit-document-{chosen}"
        )
        delete = st.toggle("Delete this document instead", key=f"edit-delete-{chosen}")
    document = library.by_name[name or names[0]]
    with right:
        text = st.text_area(
            "Its text: change what you like",
            value=_changed(document.text, edit if edit and edit.document == document.name else None),
            height=260,
            disabled=delete,
            key=f"edit-text-{chosen}-{document.name}",
        )
        if edit and not delete and document.name == edit.document:
            st.caption(f"Already changed for you: “{inert(edit.find)}” → “{inert(edit.replace)}”.")
    return Wanted(question, document.name, text, delete)


def _changed(text: str, edit: Edit | None) -> str:
    return text.replace(edit.find, edit.replace, 1) if edit else text


def draw_edit_run(run: EditRun) -> None:
    """The answers before and after, and how little had to be done."""
    for column, title, answer in zip(
        st.columns(2, gap="medium"), ("Before", "After"), (run.before, run.after), strict=True
    ):
        with column.container(border=True):
            st.markdown(f"{LOOKED_UP} **{title}**")
            _draw_answer(answer)
    update = run.update
    what = "The document was deleted" if run.deleted else f"{plural(update.embedded, 'text')} embedded again"
    st.markdown(
        f":material/bolt: **{what}**: {plural(update.kept, 'chunk')} of {run.chunks} kept as they were, "
        f"{plural(update.removed, 'chunk')} removed, in **{update.seconds:.3f} s**."
    )
    if update.seconds:
        st.caption(
            f"A full rebuild of the same index, timed beside it once: {run.rebuild_seconds:.2f} s, "
            f"{run.rebuild_seconds / update.seconds:.0f} times as long."
        )
    if run.deleted:
        st.caption("What stood only in that document is in no passage any more: the index forgets at once.")


def _draw_answer(answer: Answer) -> None:
    st.markdown(inert(answer.text))
    if answer.reason:
        st.caption(inert(answer.reason))
    for citation in answer.citations:
        st.caption(f"[{citation.number}] {inert(citation.document)}: “{inert(citation.text)}”")
    draw_provenance(answer.provenance)
