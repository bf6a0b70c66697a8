"""The shipped collections: fictional documents, and questions with known answers."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from lab.errors import BadInput
from lab.rag.build import IndexOptions, build_index
from lab.rag.load import Loaded, load_paths
from lab.settings import SAMPLE_DATA, Settings, get_settings

if TYPE_CHECKING:
    from lab.rag.documents import Document
    from lab.rag.index import Index

SHIPPED = SAMPLE_DATA / "collections"
DEFAULT_COLLECTION = "tarnmoor-help"
_build_lock = threading.Lock()


@dataclass(frozen=True)
class Collection:
    """One shipped collection. `examples` are development questions good for a first try."""

    name: str
    title: str
    description: str
    examples: tuple[str, ...]
    unanswerable_example: str
    folder: Path

    @property
    def documents(self) -> Path:
        return self.folder / "documents"

    def questions(self, split: str) -> Path:
        """The file of the `dev` or the `test` questions; tuning looks at `dev` only."""
        return self.folder / f"questions-{split}.jsonl"


def list_collections() -> tuple[str, ...]:
    """The names of the shipped collections, the one that a learner meets first before the others."""
    names = sorted(path.parent.name for path in SHIPPED.glob("*/collection.yaml"))
    return tuple(sorted(names, key=lambda name: name != DEFAULT_COLLECTION))


def load_collection(name: str) -> Collection:
    """A shipped collection by its name; raises BadInput with the names there are."""
    import yaml

    if name not in list_collections():
        raise BadInput(f"There is no collection called “{name}”. Shipped: {', '.join(list_collections())}.")
    folder = SHIPPED / name
    data = yaml.safe_load((folder / "collection.yaml").read_text(encoding="utf-8"))
    return Collection(
        name=name,
        title=data["title"],
        description=data["description"],
        examples=tuple(data["examples"]),
        unanswerable_example=data["unanswerable_example"],
        folder=folder,
    )


@lru_cache(maxsize=8)
def shipped_documents(name: str) -> tuple[Document, ...]:
    """As `load_documents`, read once a process."""
    return load_documents(name).documents


def load_documents(name: str, settings: Settings | None = None) -> Loaded:
    """The documents of a shipped collection."""
    limits = settings or get_settings()
    collection = load_collection(name)
    return load_paths([collection.documents], max_file_bytes=limits.max_file_bytes, max_files=limits.max_files)


def index_collection(name: str, options: IndexOptions | None = None) -> Index:
    """The index of a shipped collection, built once a process and shared: nothing private is in it, and none can be.

    A second or two once the embedder is loaded.
    """
    with _build_lock:
        return _build(name, options or IndexOptions())


@lru_cache(maxsize=32)
def _build(name: str, options: IndexOptions) -> Index:
    return build_index(shipped_documents(name), options)
