"""Change or delete a document and ask again: what has to be embedded anew, and what the answer becomes."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lab.errors import BadInput
from lab.rag.answer import Answer, AskOptions
from lab.rag.build import IndexOptions, build_index, split_with
from lab.rag.documents import Document, Place
from lab.rag.stream import ask

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from lab.rag.index import Index, Update


@dataclass(frozen=True)
class Edit:
    """A prepared change of one fact: `find` stands once in the document; `before` and `after` answer the question."""

    id: str
    document: str
    find: str
    replace: str
    question: str
    before: str
    after: str


def load_edits(path: Path) -> tuple[Edit, ...]:
    """The prepared edits of a collection, one JSON object a line. Raises BadInput naming the line that is malformed."""
    edits = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            edits.append(Edit(**json.loads(line)))
        except (ValueError, TypeError) as error:
            raise BadInput(f"Line {number} of {path.name} is not an edit: {error}.") from None
    return tuple(edits)


def edit_document(document: Document, text: str) -> Document:
    """The document with another text; pages and rows after the change move along with it.

    Raises BadInput when nothing is left of the text: a document is deleted, not emptied.
    """
    if not text.strip():
        raise BadInput("Nothing is left of the document. Delete it instead, or write something.")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    same = next(
        (at for at, (old, new) in enumerate(zip(document.text, text, strict=False)) if old != new),
        min(len(document.text), len(text)),
    )
    shift = len(text) - len(document.text)
    places = tuple(
        place if place.start <= same else Place(max(place.start + shift, same), place.kind, place.number)
        for place in document.places
    )
    return replace(document, text=text, sha256=hashlib.sha256(text.encode(errors="replace")).hexdigest(), places=places)


def replace_once(document: Document, find: str, replacement: str) -> Document:
    """The document with `find` replaced; raises BadInput unless it stands there exactly once."""
    count = document.text.count(find) if find else 0
    if count != 1:
        found = "is not in" if count == 0 else f"stands {count} times in"
        raise BadInput(f"“{find}” {found} {document.name}. Give a text that stands there once.")
    return edit_document(document, document.text.replace(find, replacement))


def change(documents: Sequence[Document], name: str, changed: Document | None) -> tuple[Document, ...]:
    """The documents with the one called `name` changed, or deleted (None). Raises BadInput when there is none."""
    if all(document.name != name for document in documents):
        raise BadInput(f"There is no document called “{name}” among these.")
    if changed is None:
        return tuple(document for document in documents if document.name != name)
    return tuple(changed if document.name == name else document for document in documents)


@dataclass(frozen=True)
class EditRun:
    """What an edit did. `update` counts chunks and seconds; `rebuild_seconds` is a full rebuild, timed beside it once."""

    question: str
    document: str
    deleted: bool
    before: Answer
    after: Answer
    update: Update
    chunks: int
    rebuild_seconds: float
    index: Index

    def to_json(self) -> dict[str, Any]:
        """A plain dictionary, as `python -m lab edit --json` prints it."""
        return {
            "question": self.question,
            "document": self.document,
            "deleted": self.deleted,
            "chunks": self.chunks,
            "kept": self.update.kept,
            "embedded": self.update.embedded,
            "removed": self.update.removed,
            "update_seconds": self.update.seconds,
            "rebuild_seconds": self.rebuild_seconds,
            "before": self.before.to_json(),
            "after": self.after.to_json(),
        }


def edit_and_ask(
    index: Index,
    documents: Sequence[Document],
    name: str,
    changed: Document | None,
    question: str,
    model: BaseChatModel,
    *,
    index_options: IndexOptions,
    ask_options: AskOptions,
) -> EditRun:
    """Ask, change (or delete, when `changed` is None) the document `name`, bring the index up to date, ask again.

    `index` is that of `documents` with `index_options`. Raises BadInput when nothing changed or nothing is left.
    """
    edited = change(documents, name, changed)
    if edited == tuple(documents):
        raise BadInput("Nothing has been changed yet. Edit the text, then ask again.")
    if not edited:
        raise BadInput("That was the only document. Keep one, so that there is something to look things up in.")
    before = ask(question, index, model, ask_options)
    updated, update = index.updated(split_with(edited, index_options))
    after = ask(question, updated, model, ask_options)
    began = time.perf_counter()
    build_index(edited, index_options)
    rebuild_seconds = time.perf_counter() - began
    return EditRun(question, name, changed is None, before, after, update, len(updated), rebuild_seconds, updated)
