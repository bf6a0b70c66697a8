"""Files, folders and pasted text → documents; whatever cannot be used is refused with a reason a person understands."""

from __future__ import annotations

import hashlib
import os
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from lab.errors import BadInput
from lab.rag.documents import Document, Refusal
from lab.rag.readers import READERS, find_reader, megabytes, readable_kinds
from lab.rag.reading import ReadingProcess
from lab.settings import ReadingLimits, get_settings


@dataclass(frozen=True)
class Loaded:
    """What came of reading: the documents in reading order, and the files left out."""

    documents: tuple[Document, ...]
    refused: tuple[Refusal, ...]

    def require_documents(self) -> Loaded:
        """Return self; raises BadInput, with the first few reasons, when there is not one document to work with."""
        if self.documents:
            return self
        reasons = "; ".join(f"{refusal.file}: {refusal.reason}" for refusal in self.refused[:3])
        more = f" (and {len(self.refused) - 3} more)" if len(self.refused) > 3 else ""
        detail = f" Left out: {reasons}{more}." if reasons else ""
        raise BadInput(
            f"There is no readable document here.{detail} Add {readable_kinds()} files with some text in them."
        )


def clean_name(name: str) -> str:
    """A file name fit to be shown: no control, direction-changing or undecodable characters; never empty."""
    shown = "".join(
        "\ufffd" if unicodedata.category(character) == "Cs" else character
        for character in name
        if unicodedata.category(character) not in {"Cc", "Cf", "Zl", "Zp"}
    ).strip()
    return shown or "unnamed"


def _read(name: str, data: bytes, limits: ReadingLimits, process: ReadingProcess) -> Document:
    path = PurePosixPath(clean_name(name))
    reader = find_reader(path.name)
    if len(data) > limits.max_file_bytes:
        raise BadInput(_too_large(len(data), limits))
    stem = path.stem.replace("-", " ").replace("_", " ").strip() or path.stem
    if reader.isolated:
        found = process.extract(path.name, stem, data)
    else:
        found = reader.read(stem, data, limits)
        if len(found.text) > limits.max_characters:
            raise BadInput(
                f"has {len(found.text):,} characters of text in it, and the limit is {limits.max_characters:,}: "
                "split it into several files"
            )
    return Document(str(path), found.title, found.text, hashlib.sha256(data).hexdigest(), reader.format, found.places)


def _too_large(size_bytes: int, limits: ReadingLimits) -> str:
    return f"is too large: {megabytes(size_bytes)}, and the limit is {megabytes(limits.max_file_bytes)}"


def read_document(name: str, data: bytes, limits: ReadingLimits | None = None) -> Document:
    """One upload or pasted text → Document; the kind is told by the name's ending. `limits`: those of the settings.

    Raises BadInput whose text is the reason alone ("is empty: …"), so that a caller can put the file's name before it.
    """
    limits = limits or get_settings().reading
    with ReadingProcess(limits) as process:
        return _read(name, data, limits, process)


def read_documents(sources: Sequence[tuple[str, bytes]], limits: ReadingLimits | None = None) -> Loaded:
    """Uploads, (name, bytes) each, → documents and refusals, both in the order given; never raises for what is in them.

    Equal names are told apart by a number, and the same bytes are read once. `limits`: those of the settings.
    """
    limits = limits or get_settings().reading
    documents: list[Document] = []
    refused: list[Refusal] = []
    by_content: dict[str, str] = {}
    names: set[str] = set()
    with ReadingProcess(limits) as process:
        for place, (given, data) in enumerate(sources):
            name = _first_free([clean_name(given)], names)
            try:
                if place >= limits.max_files:
                    raise BadInput(
                        f"is one too many: {limits.max_files} files are the limit. Remove some and add it again"
                    )
                document = _read(name, data, limits, process)
                if document.sha256 in by_content:
                    raise BadInput(f"has the same content as {by_content[document.sha256]}, which is read already")
            except BadInput as reason:
                refused.append(Refusal(clean_name(given), str(reason)))
            else:
                documents.append(document)
                names.add(document.name)
                by_content[document.sha256] = document.name
    return Loaded(tuple(documents), tuple(refused))


def _read_file(path: Path, name: str, limits: ReadingLimits, process: ReadingProcess) -> Document:
    if not path.is_file():  # a pipe or a device would block the read
        raise BadInput("is not an ordinary file")
    try:
        with path.open("rb") as file:
            data = file.read(limits.max_file_bytes + 1)
            if len(data) > limits.max_file_bytes:
                raise BadInput(_too_large(max(os.fstat(file.fileno()).st_size, len(data)), limits))
    except OSError as error:
        raise BadInput(f"could not be read: {error.strerror or error}") from None
    return _read(name, data, limits, process)


@dataclass(frozen=True)
class _Found:
    """A file met on the way: where it is, its name relative to what was given, and why not to read it, if so."""

    path: Path
    name: str
    reason: str = ""


def _walk(folder: Path) -> Iterator[_Found]:
    """Every file under `folder` in sorted order; hidden ones are passed over, as are links within the folder."""
    root = folder.resolve()
    problems: list[OSError] = []
    for place, folders, files in os.walk(folder, onerror=problems.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(name for name in [*files, *folders] if not name.startswith(".")):
            path = Path(place, name)
            relative = path.relative_to(folder).as_posix()
            if path.is_symlink():
                # Inside the folder the target is read under its own name; outside it is none of ours to read.
                if not path.resolve().is_relative_to(root):
                    yield _Found(path, relative, "is a link that leads out of the folder, so it was not followed")
            elif name in files:
                yield _Found(path, relative)
        for problem in problems:
            where = Path(str(problem.filename))
            shown = where.relative_to(folder).as_posix() if where.is_relative_to(folder) else where.name
            yield _Found(where, shown, f"could not be opened: {problem.strerror or problem}")
        problems.clear()


def _first_free(candidates: Sequence[str], taken: set[str]) -> str:
    """The first of the names that is not taken, or else the last with a number after it."""
    for candidate in candidates:
        if candidate not in taken:
            return candidate
    suffix = PurePosixPath(candidates[-1]).suffix
    stem = candidates[-1].removesuffix(suffix)
    number = 2
    while f"{stem} ({number}){suffix}" in taken:
        number += 1
    return f"{stem} ({number}){suffix}"


def _unique(name: str, path: Path, taken: set[str]) -> str:
    """`name`, or with its parent folder before it, or with a number after it: the first that is not taken."""
    return _first_free([clean_name(name), clean_name(f"{path.resolve().parent.name}/{path.name}")], taken)


def load_paths(
    paths: Sequence[Path],
    limits: ReadingLimits | None = None,
    *,
    max_file_bytes: int | None = None,
    max_files: int | None = None,
) -> Loaded:
    """Files and folders (walked recursively, in sorted order) → documents and refusals.

    `limits` are those of the settings unless given; `max_file_bytes` and `max_files` go before what they say.

    Names are relative to the folder given, with forward slashes; a file given twice is read once. Never raises for what
    it finds on disk: call `require_documents()` where one document at least is needed. At most `max_files` files of a
    readable kind are read and twenty times as many looked at; past that one refusal says that the rest was left out.
    """
    limits = limits or get_settings().reading
    limits = replace(
        limits,
        max_file_bytes=limits.max_file_bytes if max_file_bytes is None else max_file_bytes,
        max_files=limits.max_files if max_files is None else max_files,
    )
    with ReadingProcess(limits) as process:
        return _load(paths, limits, process)


def _load(paths: Sequence[Path], limits: ReadingLimits, process: ReadingProcess) -> Loaded:
    max_files = limits.max_files
    documents: list[Document] = []
    refused: list[Refusal] = []
    names: set[str] = set()
    seen: set[Path] = set()
    looked_at = tried = left_out = 0
    for given in paths:
        path = given.expanduser()
        shown = clean_name(str(given))
        if not path.exists():
            refused.append(Refusal(shown, "was not found: check the path"))
            continue
        before = len(documents)
        found: Iterator[_Found] = _walk(path) if path.is_dir() else iter([_Found(path, path.name)])
        for item in found:
            looked_at += 1
            if looked_at > 20 * max_files:
                break
            name = _unique(item.name, item.path, names)
            real = item.path.resolve()
            if real in seen:
                continue
            seen.add(real)
            if not item.reason and item.path.suffix.lower() in READERS:
                if tried >= max_files:
                    left_out += 1
                    continue
                tried += 1
            try:
                if item.reason:
                    raise BadInput(item.reason)
                documents.append(_read_file(item.path, name, limits, process))
            except BadInput as reason:
                refused.append(Refusal(name, str(reason)))
            else:
                names.add(documents[-1].name)
        if path.is_dir() and len(documents) == before and not left_out:
            refused.append(Refusal(shown, f"has no readable document in it: add {readable_kinds()} files"))
    if left_out or looked_at > 20 * max_files:
        rest = "the rest of the files were" if looked_at > 20 * max_files else f"{left_out} more were"
        refused.append(
            Refusal(clean_name(str(paths[-1])), f"holds too many files: {max_files} is the limit, and {rest} left out")
        )
    return Loaded(tuple(documents), tuple(refused))
