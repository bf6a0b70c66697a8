"""Word documents: headings by their style, lists, tables, text boxes and notes, in document order.

The package is unpacked once in full, counting, before a parser sees it; no link in it is followed.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lab.errors import BadInput
from lab.rag.readers import Extracted, megabytes
from lab.rag.readers.markdown import MarkdownWriter, one_line
from lab.settings import ReadingLimits

_MAX_ENTRIES = 5000
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
# What is no text of the document as it reads now: taken out, moved away, instructions of fields, properties.
_SILENT = {_FALLBACK, *(_W + name for name in "del moveFrom delText instrText pPr rPr tblPr sdtPr sectPr".split())}
_HEADING = re.compile(r"heading (\d)$", re.IGNORECASE)
_DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)")


def check_package(data: bytes, limits: ReadingLimits) -> None:
    """Raise BadInput unless `data` is a Word package of bearable size with no entities in it."""
    if not data.strip():
        raise BadInput("is empty: there is nothing to read in it")
    if data.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise BadInput("is encrypted: open it in Word, take the password off, save it and add it again")
        raise BadInput("is not really a .docx: it is an old .doc file. Open it in Word and save it as .docx")
    if not zipfile.is_zipfile(io.BytesIO(data)):
        raise BadInput("is not really a Word document, or is damaged: open it in Word and save it as .docx again")
    inflated = 0
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            entries = package.infolist()
            if len(entries) > _MAX_ENTRIES:
                raise BadInput(
                    f"is too large when unpacked: it has {len(entries):,} parts, and the limit is {_MAX_ENTRIES:,}"
                )
            if any(entry.flag_bits & 1 for entry in entries):
                raise BadInput("is encrypted: take the password off, save it and add it again")
            if "[Content_Types].xml" not in package.namelist():
                raise BadInput("is not really a Word document: it is a zip file with other things in it")
            for entry in entries:
                is_markup = entry.filename.lower().endswith((".xml", ".rels"))
                tail = b""
                with package.open(entry) as part:
                    while block := part.read(1 << 16):
                        # What is counted is what comes out; the size that the package declares may be a lie.
                        inflated += len(block)
                        if inflated > limits.max_inflated_bytes:
                            raise BadInput(
                                f"is too large when unpacked: it comes to more than {megabytes(limits.max_inflated_bytes)}, "
                                "which is the limit. Take the pictures out or split it"
                            )
                        if is_markup:
                            seen = (tail + block).replace(b"\x00", b"")  # UTF-16 hides nothing
                            if _DOCTYPE.search(seen):
                                raise BadInput(
                                    "has entity declarations in it, which no Word document needs: save it in Word again"
                                )
                            tail = block[-32:]
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError, RuntimeError):
        raise BadInput("is damaged: it cannot be unpacked. Open it in Word and save it again") from None


def _value(element: Any, path: str) -> str:
    found = element.find(path)
    return "" if found is None else str(found.get(_W + "val", ""))


@dataclass(frozen=True)
class _Style:
    """What a paragraph style says of the paragraphs that wear it: outline level from 1 (0: text), list and depth."""

    level: int = 0
    list_id: str = ""
    depth: int = 0
    is_title: bool = False


class _Styles:
    def __init__(self, part: Any, numbering: Any) -> None:
        self._elements = {} if part is None else {
            style.get(_W + "styleId", ""): style for style in part.findall(_W + "style")
        }  # fmt: skip
        self._formats: dict[tuple[str, int], str] = {}
        if numbering is None:
            return
        abstract = {item.get(_W + "abstractNumId"): item for item in numbering.findall(_W + "abstractNum")}
        for number in numbering.findall(_W + "num"):
            for level in getattr(abstract.get(_value(number, _W + "abstractNumId")), "iterchildren", lambda _: ())(
                _W + "lvl"
            ):
                depth = level.get(_W + "ilvl", "0")
                if depth.isdigit():
                    self._formats[number.get(_W + "numId", ""), int(depth)] = _value(level, _W + "numFmt")

    def is_numbered(self, list_id: str, depth: int) -> bool:
        return self._formats.get((list_id, depth), "bullet") not in ("bullet", "none", "")

    def of(self, paragraph: Any) -> _Style:
        """The style of a paragraph, what it says itself before what its styles say."""
        properties = paragraph.find(_W + "pPr")
        own = "" if properties is None else _value(properties, _W + "pStyle")
        level, list_id, depth, is_title = 0, None, None, False
        sources = [] if properties is None else [properties]
        met: set[str] = set()
        while own and own not in met and own in self._elements:
            met.add(own)
            style = self._elements[own]
            name = _value(style, _W + "name")
            heading = _HEADING.match(name)
            if heading and not level:
                level = int(heading[1])
            is_title = is_title or name.lower() == "title"
            inner = style.find(_W + "pPr")
            if inner is not None:
                sources.append(inner)
            own = _value(style, _W + "basedOn")
        for source in sources:
            outline = _value(source, _W + "outlineLvl")
            if not level and outline.isdigit() and int(outline) < 9:
                level = int(outline) + 1
            numbering = source.find(_W + "numPr")
            if numbering is not None:
                list_id = _value(numbering, _W + "numId") if list_id is None else list_id
                inner_depth = _value(numbering, _W + "ilvl")
                depth = int(inner_depth) if depth is None and inner_depth.isdigit() else depth
        return _Style(level, "" if list_id in (None, "0") else str(list_id), depth or 0, is_title)


def _texts(element: Any) -> Iterator[str]:
    """The text of one paragraph; text boxes anchored in it are paragraphs of their own."""
    stack = [iter(element)]
    while stack:
        for child in stack[-1]:
            if not isinstance(child.tag, str) or child.tag in _SILENT or child.tag == _W + "txbxContent":
                continue
            if child.tag == _W + "t":
                yield child.text or ""
            elif child.tag in (_W + "tab", _W + "ptab"):
                yield "\t"
            elif child.tag in (_W + "br", _W + "cr"):
                yield "\n"
            elif child.tag == _W + "noBreakHyphen":
                yield "-"
            elif child.tag in (_W + "footnoteReference", _W + "endnoteReference"):
                yield f"[{child.get(_W + 'id', '')}]"
            stack.append(iter(child))
            break
        else:
            stack.pop()


def _text_boxes(paragraph: Any) -> Iterator[Any]:
    for box in paragraph.iter(_W + "txbxContent"):
        if not any(parent.tag == _FALLBACK for parent in box.iterancestors()):
            yield box


def _blocks(element: Any) -> Iterator[Any]:
    """Paragraphs and tables under `element` in order, through content controls and tracked insertions."""
    stack = [iter(element)]
    while stack:
        for child in stack[-1]:
            if not isinstance(child.tag, str) or child.tag in _SILENT:
                continue
            if child.tag in (_W + "p", _W + "tbl"):
                yield child
                continue
            stack.append(iter(child))
            break
        else:
            stack.pop()


def _cell_text(cell: Any) -> str:
    return one_line(" ".join("".join(_texts(paragraph)) for paragraph in cell.iter(_W + "p")))


def _rows(table: Any) -> list[list[str]]:
    """The rows of a table; a cell merged downwards stands in each of its rows, so that a row can be read on its own."""
    rows: list[list[str]] = []
    for row in _of_kind(table, "tr"):
        cells: list[str] = []
        for cell in _of_kind(row, "tc"):
            properties = cell.find(_W + "tcPr")
            merge = None if properties is None else properties.find(_W + "vMerge")
            span = "1" if properties is None else _value(properties, _W + "gridSpan")
            continued = merge is not None and merge.get(_W + "val", "continue") == "continue"
            above = rows[-1][len(cells)] if continued and rows and len(cells) < len(rows[-1]) else ""
            cells.append(above if continued else _cell_text(cell))
            cells.extend([""] * (min(int(span), 50) - 1 if span.isdigit() else 0))
        rows.append(cells)
    return rows


def _of_kind(element: Any, name: str) -> Iterator[Any]:
    """Rows of a table or cells of a row, through content controls but not into tables within."""
    for child in element:
        if child.tag == _W + name:
            yield child
        elif child.tag in (_W + "sdt", _W + "sdtContent", _W + "ins", _W + "customXml"):
            yield from _of_kind(child, name)


class _Body:
    def __init__(self, styles: _Styles, writer: MarkdownWriter) -> None:
        self._styles = styles
        self._writer = writer
        self._counts: dict[tuple[str, int], int] = {}
        self._shift = 0  # one more "#" below a title

    def write(self, element: Any) -> None:
        for block in _blocks(element):
            if block.tag == _W + "p":
                self._paragraph(block)
            else:
                self._table(block)

    def _paragraph(self, paragraph: Any) -> None:
        text = "".join(_texts(paragraph))
        style = self._styles.of(paragraph)
        if not text.strip():
            pass
        elif style.is_title:
            self._writer.heading(1, text)
            self._shift = 1
        elif style.level:
            self._writer.heading(style.level + self._shift, text)
        elif style.list_id:
            self._item(text, style)
        else:
            self._writer.paragraph(text)
        for box in _text_boxes(paragraph):
            for inner in _blocks(box):
                if inner.tag == _W + "p":
                    self._writer.paragraph("".join(_texts(inner)))
                else:
                    self._writer.table(_rows(inner))

    def _item(self, text: str, style: _Style) -> None:
        key = (style.list_id, style.depth)
        if not self._styles.is_numbered(*key):
            self._writer.item(text, depth=style.depth)
            return
        self._counts = {other: n for other, n in self._counts.items() if other[0] != key[0] or other[1] <= key[1]}
        self._counts[key] = self._counts.get(key, 0) + 1
        self._writer.item(text, depth=style.depth, mark=f"{self._counts[key]}.")

    def _table(self, table: Any) -> None:
        rows = _rows(table)
        if max((len(row) for row in rows), default=0) > 1:
            self._writer.table(rows)
            return
        # A frame of one column only places what is in it. Word nests no deeper than a person does; a file made to do
        # so ends in RecursionError, which is told as such.
        for row in _of_kind(table, "tr"):
            for cell in _of_kind(row, "tc"):
                self.write(cell)


def _part_root(package_part: Any, ending: str) -> Any:
    """The parsed XML of the part that this one is related to, told by its relationship's kind; None where it has none."""
    from docx.oxml.parser import parse_xml

    for relation in package_part.rels.values():
        if not relation.is_external and relation.reltype.endswith(ending):
            return parse_xml(relation.target_part.blob)
    return None


def read_docx(stem: str, data: bytes, limits: ReadingLimits) -> Extracted:
    """A .docx package → Markdown. The title is the title or first heading in it, else the file's name."""
    check_package(data, limits)
    import docx

    try:
        document = docx.Document(io.BytesIO(data))
    except (ValueError, KeyError):
        raise BadInput(
            "is not really a Word document: open it in the program that made it and save it as .docx"
        ) from None
    part = document.part
    styles = _Styles(_part_root(part, "/styles"), _part_root(part, "/numbering"))
    writer = MarkdownWriter(limits)
    body = _Body(styles, writer)
    body.write(document.element.body)
    for kind in ("/footnotes", "/endnotes"):
        notes = _part_root(part, kind)
        for note in () if notes is None else notes:
            text = one_line(" ".join("".join(_texts(paragraph)) for paragraph in note.iter(_W + "p")))
            if text and note.get(_W + "type") is None:  # the separators have a type, notes have none
                writer.paragraph(f"[{note.get(_W + 'id', '')}] {text}")
    has_pictures = any(
        True for _ in document.element.body.iter("{http://schemas.openxmlformats.org/drawingml/2006/main}blip")
    )
    try:
        return writer.extracted(writer.first_heading or stem)
    except BadInput:
        if has_pictures:
            raise BadInput(
                "has no text in it: it seems to be pictures of text. Run text recognition (OCR) over it first"
            ) from None
        raise
