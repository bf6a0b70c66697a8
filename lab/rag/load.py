"""Files, folders and pasted text → documents; whatever cannot be used is refused with a reason a person understands."""

from __future__ import annotations

import hashlib
import os
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from lab.errors import BadInput

MAX_TITLE_CHARACTERS = 90
_MAX_CONTROL_SHARE = 0.02  # a text file has next to no control characters besides tab, newline and form feed
_ATX_TITLE = re.compile(r"^ {0,3}#[ \t]+(?P<title>.+?)[ \t]*#*[ \t]*$")
_FENCE = re.compile(r"^ {0,3}(```|~~~)")


@dataclass(frozen=True)
class Document:
    """One readable text. `name` is unique within a `Loaded`; every offset elsewhere counts characters of `text`."""

    name: str
    title: str
    text: str
    sha256: str  # of the bytes as given, before line ends were normalised


@dataclass(frozen=True)
class Refusal:
    """A file that was left out, and why."""

    file: str
    reason: str


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
            f"There is no readable document here.{detail} Add {_readable_kinds()} files with some text in them."
        )


@dataclass(frozen=True)
class Reader:
    """How one kind of file becomes text: `read(stem, data)` returns (title, text) and raises BadInput with the reason."""

    kind: str
    read: Callable[[str, bytes], tuple[str, str]]


def clean_name(name: str) -> str:
    """A file name fit to be shown: no control, direction-changing or undecodable characters; never empty."""
    shown = "".join(
        "\ufffd" if unicodedata.category(character) == "Cs" else character
        for character in name
        if unicodedata.category(character) not in {"Cc", "Cf", "Zl", "Zp"}
    ).strip()
    return shown or "unnamed"


def decode_text(data: bytes) -> str:
    """Bytes → text with \\n line ends; raises BadInput when they are empty, binary or not UTF-8."""
    if not data.strip():
        raise BadInput("is empty: there is nothing to read in it")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise BadInput("is UTF-16 text, not UTF-8: save it as UTF-8 and add it again")
    # NUL bytes and control characters are looked at before decoding, so that a renamed picture is called what it is
    # instead of being reported for its first undecodable byte.
    sample = data[:65536]
    controls = sum(1 for byte in sample if (byte < 32 and byte not in (9, 10, 12, 13)) or byte == 127)
    if b"\x00" in data or controls > _MAX_CONTROL_SHARE * len(sample):
        raise BadInput("is not text: it looks like a binary file renamed to a text one")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput(
            f"is not UTF-8 text (first bad byte at position {error.start}): save it as UTF-8 and add it again"
        ) from None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise BadInput("is empty: there is nothing to read in it")
    return text


def _plain(heading: str) -> str:
    """A heading without its Markdown: links become their words, emphasis and code marks go."""
    heading = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", heading)
    heading = re.sub(r"(\*\*|__|`|(?<!\w)[*_]|[*_](?!\w))", "", heading)
    return " ".join(heading.split())


def _read_markdown(stem: str, data: bytes) -> tuple[str, str]:
    text = decode_text(data)
    fenced = False
    for line in text.split("\n"):
        if _FENCE.match(line):
            fenced = not fenced
        match = None if fenced else _ATX_TITLE.match(line)
        if match and _plain(match["title"]):
            return _plain(match["title"])[:MAX_TITLE_CHARACTERS], text
    return stem, text


def _read_plain_text(stem: str, data: bytes) -> tuple[str, str]:
    text = decode_text(data)
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    first = lines[0].lstrip("# ").strip()
    # A lone line, or one that ends like a sentence, is the text itself and not its title.
    if len(lines) > 1 and 0 < len(first) <= MAX_TITLE_CHARACTERS and not first.endswith((".", ":", ";", ",")):
        return first, text
    return stem, text


MARKDOWN = Reader("Markdown", _read_markdown)
PLAIN_TEXT = Reader("plain text", _read_plain_text)
# A new kind of file is one more row here; its reader gets the bytes and returns (title, text).
READERS: dict[str, Reader] = {".md": MARKDOWN, ".markdown": MARKDOWN, ".txt": PLAIN_TEXT}


def _readable_kinds() -> str:
    kinds = list(READERS)
    return f"{', '.join(kinds[:-1])} or {kinds[-1]}"


def read_document(name: str, data: bytes) -> Document:
    """One upload or pasted text → Document; the kind is told by the name's ending.

    Raises BadInput whose text is the reason alone ("is empty: …"), so that a caller can put the file's name before it.
    """
    path = PurePosixPath(clean_name(name))
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        ending = f"ends in {path.suffix}" if path.suffix else "has no ending"
        raise BadInput(f"{ending}, which cannot be read here: use {_readable_kinds()}")
    title, text = reader.read(path.stem.replace("-", " ").replace("_", " ").strip() or path.stem, data)
    return Document(str(path), title, text, hashlib.sha256(data).hexdigest())


def _megabytes(size_bytes: int) -> str:
    return f"{size_bytes / 1e6:.1f} MB" if size_bytes >= 100_000 else f"{size_bytes:,} bytes"


def _read_file(path: Path, name: str, max_file_bytes: int) -> Document:
    if not path.is_file():  # a pipe or a device would block the read
        raise BadInput("is not an ordinary file")
    try:
        with path.open("rb") as file:
            data = file.read(max_file_bytes + 1)
            if len(data) > max_file_bytes:
                size = max(os.fstat(file.fileno()).st_size, len(data))
                raise BadInput(f"is too large: {_megabytes(size)}, and the limit is {_megabytes(max_file_bytes)}")
    except OSError as error:
        raise BadInput(f"could not be read: {error.strerror or error}") from None
    return read_document(name, data)


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


def _unique(name: str, path: Path, taken: set[str]) -> str:
    """`name`, or with its parent folder before it, or with a number after it: the first that is not taken."""
    candidates = [clean_name(name), clean_name(f"{path.resolve().parent.name}/{path.name}")]
    for candidate in candidates:
        if candidate not in taken:
            return candidate
    suffix = PurePosixPath(candidates[1]).suffix
    stem = candidates[1].removesuffix(suffix)
    number = 2
    while f"{stem} ({number}){suffix}" in taken:
        number += 1
    return f"{stem} ({number}){suffix}"


def load_paths(paths: Sequence[Path], *, max_file_bytes: int, max_files: int) -> Loaded:
    """Files and folders (walked recursively, in sorted order) → documents and refusals.

    Names are relative to the folder given, with forward slashes; a file given twice is read once. Never raises for what
    it finds on disk: call `require_documents()` where one document at least is needed. At most `max_files` files of a
    readable kind are read and twenty times as many looked at; past that one refusal says that the rest was left out.
    """
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
                documents.append(_read_file(item.path, name, max_file_bytes))
            except BadInput as reason:
                refused.append(Refusal(name, str(reason)))
            else:
                names.add(documents[-1].name)
        if path.is_dir() and len(documents) == before and not left_out:
            refused.append(Refusal(shown, f"has no readable document in it: add {_readable_kinds()} files"))
    if left_out or looked_at > 20 * max_files:
        rest = "the rest of the files were" if looked_at > 20 * max_files else f"{left_out} more were"
        refused.append(
            Refusal(clean_name(str(paths[-1])), f"holds too many files: {max_files} is the limit, and {rest} left out")
        )
    return Loaded(tuple(documents), tuple(refused))
