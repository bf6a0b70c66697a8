"""Web pages: the main text as Markdown; navigation, forms, consent banners and whatever is hidden stay out.

Python's own HTML parser under Beautiful Soup, because lxml's drops what is nested more than 2,048 deep without a word.
Nothing is fetched: no frame, picture, style sheet or link.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString, PreformattedString

from lab.errors import BadInput
from lab.rag.readers import Extracted
from lab.rag.readers.markdown import MarkdownWriter, one_line
from lab.rag.readers.text import refuse_binary
from lab.settings import ReadingLimits

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_BLOCKS = {
    *_HEADINGS,
    *("address article aside blockquote body caption center dd details dialog div dl dt fieldset figcaption figure footer "
      "form header hgroup hr html legend li main nav ol optgroup option p pre search section summary table tbody td tfoot "
      "th thead title tr ul").split(),
}  # fmt: skip
_NEVER = set(
    "script style noscript template svg math canvas iframe frame frameset object embed audio video map head link meta "
    "button input select textarea datalist output progress meter nav aside footer menu search".split()
)
_DROPPED_ROLES = {"navigation", "contentinfo", "search", "complementary", "alertdialog", "menu", "menubar", "toolbar"}
_DROPPED_CLASSES = {
    "nav",
    "navbar",
    "navigation",
    "breadcrumb",
    "breadcrumbs",
    "sidebar",
    "skip-link",
    "visually-hidden",
}
_CONSENT = re.compile(r"cookie|consent|gdpr|ccpa", re.IGNORECASE)
_HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([a-zA-Z0-9_.:-]{2,40})", re.IGNORECASE)
_MAX_SPAN = 50

Event = tuple[Literal["start", "end", "text"], Tag | str]


def decode_html(data: bytes) -> str:
    """Bytes → text by byte order mark, then the page's own word, then UTF-8, then what old Windows pages are in."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if data.startswith(mark):
            return data.decode(encoding, errors="replace")
    refuse_binary(data)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        declared = _CHARSET.search(data[:4096])
        encodings = [declared[1].decode("ascii")] if declared else []
    for encoding in [*encodings, "cp1252"]:
        try:
            return data.decode(encoding)
        except (LookupError, UnicodeDecodeError):
            continue
    return data.decode("latin-1")


def _attribute(tag: Tag, name: str) -> str:
    value = tag.attrs.get(name, "")
    return " ".join(value) if isinstance(value, list) else str(value or "")


def _is_hidden(tag: Tag) -> bool:
    if "hidden" in tag.attrs and _attribute(tag, "hidden") != "until-found":
        return True
    if _attribute(tag, "aria-hidden").lower() == "true" or _HIDING.search(_attribute(tag, "style")):
        return True
    return tag.name == "dialog" and "open" not in tag.attrs


def _is_around(tag: Tag) -> bool:
    """Whether a tag says itself that it is not the text: navigation, a banner, a form, a question about cookies."""
    if tag.name in ("body", "html", "main"):
        return False
    if tag.name == "form" or _attribute(tag, "role").lower() in _DROPPED_ROLES:
        return True
    classes = _attribute(tag, "class")
    if _DROPPED_CLASSES & set(classes.lower().split()):
        return True
    said = " ".join((classes, *(_attribute(tag, name) for name in ("id", "role", "aria-label", "data-testid"))))
    return bool(_CONSENT.search(said)) and tag.name not in _HEADINGS


def _events(root: Tag) -> Iterator[Event]:
    """The tree under `root` in document order, without recursion: a page may be nested as deep as it likes."""
    stack: list[tuple[Tag, Iterator[object]]] = [(root, iter(root.contents))]
    yield "start", root
    while stack:
        tag, children = stack[-1]
        for child in children:
            if isinstance(child, Tag):
                yield "start", child
                stack.append((child, iter(child.contents)))
                break
            if isinstance(child, NavigableString) and not isinstance(child, PreformattedString):
                yield "text", str(child)
        else:
            yield "end", tag
            stack.pop()


def _prune(soup: BeautifulSoup) -> list[str]:
    """Take out what is not the page's text; returns the h1 headings of page headers that went with it."""
    doomed: list[Tag] = []
    suspects: list[Tag] = []
    kept_in: list[str] = []
    skipping: Tag | None = None
    inside_main = 0
    sizes: dict[int, int] = {}
    open_tags: list[int] = []
    total = 0
    marks: dict[int, int] = {}
    for event, item in _events(soup):
        if isinstance(item, str):
            if skipping is None:
                total += len(item.strip())
            continue
        if event == "start":
            if skipping is None:
                if item.name in ("main", "article"):
                    inside_main += 1
                page_header = not inside_main and (item.name == "header" or _attribute(item, "role") == "banner")
                if item.name in _NEVER or page_header or _is_hidden(item):
                    skipping = item
                    doomed.append(item)
                    if page_header:
                        kept_in.extend(one_line(heading.get_text(" ")) for heading in item.find_all("h1"))
                elif _is_around(item):
                    suspects.append(item)
                    marks[id(item)] = total
            open_tags.append(id(item))
        else:
            open_tags.pop()
            if id(item) in marks:
                sizes[id(item)] = total - marks[id(item)]
            if item is skipping:
                skipping = None
            elif skipping is None and item.name in ("main", "article"):
                inside_main -= 1
    # A form around a whole page, or a page about cookies, is the text after all.
    doomed.extend(tag for tag in suspects if 2 * sizes[id(tag)] <= total)
    for tag in doomed:
        tag.extract()
    return [heading for heading in kept_in if heading]


def _span(tag: Tag, name: str) -> int:
    text = _attribute(tag, name).strip()
    return max(1, min(int(text), _MAX_SPAN)) if text.isascii() and text.isdigit() and len(text) < 6 else 1


class _Table:
    """The cells of one table, spans filled with their text so that a row can be read on its own."""

    def __init__(self) -> None:
        self.rows: list[list[str]] = []
        self._from_above: dict[int, tuple[int, str]] = {}
        self._cell: tuple[Tag, list[str]] | None = None

    def start(self, tag: Tag) -> None:
        self.end_cell()
        if tag.name == "tr":
            self.rows.append([])
            self._fill()
        elif tag.name in ("td", "th"):
            if not self.rows:
                self.rows.append([])
            self._cell = (tag, [])

    def text(self, text: str) -> bool:
        if self._cell is None:
            return False
        self._cell[1].append(text)
        return True

    def _fill(self) -> None:
        row = self.rows[-1]
        while self._from_above.get(len(row), (0, ""))[0] > 0:
            left, text = self._from_above[len(row)]
            self._from_above[len(row)] = (left - 1, text)
            row.append(text)

    def end_cell(self) -> None:
        if self._cell is None:
            return
        tag, parts = self._cell
        self._cell = None
        text = one_line("".join(parts))
        for place in range(_span(tag, "colspan")):
            shown = text if place == 0 else ""
            self._from_above[len(self.rows[-1])] = (_span(tag, "rowspan") - 1, shown)
            self.rows[-1].append(shown)
        self._fill()


def _is_layout(table: Tag) -> bool:
    """A table that only places things: one with tables, headings or several paragraphs in its cells, or one column."""
    if _attribute(table, "role").lower() in ("presentation", "none"):
        return True
    if table.find(["table", *_HEADINGS]) is not None:
        return True
    return table.find("th") is None and all(
        len(row.find_all(["td", "th"], recursive=False)) < 2 for row in table.find_all("tr")
    )


class _Page:
    """The walk over what is left: text gathers until a block begins or ends, then is written as what it is in."""

    def __init__(self, writer: MarkdownWriter) -> None:
        self.writer = writer
        self.inline: list[str] = []
        self.lists: list[list[int]] = []  # per open list: [next number, 0 for bullets]
        self.level = 0
        self.in_item = self.in_pre = self.quotes = 0
        self.term = ""
        self.table: _Table | None = None
        self.table_tag: Tag | None = None

    def flush(self) -> None:
        text = "".join(self.inline)
        self.inline = []
        if not text.strip():
            return
        if self.in_pre:
            self.writer.verbatim(text)
        elif self.level:
            self.writer.heading(self.level, text)
        elif self.lists and self.in_item:
            number = self.lists[-1][0]
            mark = f"{number}." if number else "-"
            self.writer.item(text.replace("\v", " "), depth=len(self.lists) - 1, mark=mark)
            if number:
                self.lists[-1][0] += 1
        elif self.term:
            self.writer.item(f"{self.term}: {one_line(text)}")
        else:
            # Line ends in the source are only white space; the \v that <br> left is the line end that is meant.
            lines = [one_line(line) for line in text.split("\v")]
            self.writer.paragraph("\n".join(line for line in lines if line), quoted=self.quotes > 0)

    def start(self, tag: Tag) -> None:
        name = tag.name
        if self.table is not None:
            if name in ("tr", "td", "th"):
                self.table.start(tag)
            elif name == "br" or name in _BLOCKS:
                self.table.text(" ")
            return
        if name == "br":
            self.inline.append("\n" if self.in_pre else "\v")
        if name == "img" and not self.in_pre and one_line(_attribute(tag, "alt")):
            self.inline.append(f" {one_line(_attribute(tag, 'alt'))} ")
        if name not in _BLOCKS:
            return
        if self.in_item and name in ("p", "div"):  # an item of several paragraphs is one item still
            self.inline.append(" ")
            return
        self.flush()
        if name == "table" and not _is_layout(tag):
            self.table, self.table_tag = _Table(), tag
        elif name in _HEADINGS:
            self.level = _HEADINGS[name]
        elif name in ("ul", "ol"):
            first = _attribute(tag, "start").strip()
            number = int(first) if first.isascii() and first.isdigit() and len(first) < 7 else 1
            self.lists.append([number if name == "ol" else 0])
        elif name == "li":
            self.in_item += 1
        elif name == "pre":
            self.in_pre += 1
        elif name == "blockquote":
            self.quotes += 1

    def end(self, tag: Tag) -> None:
        name = tag.name
        if self.table is not None:
            if name in ("td", "th", "tr"):
                self.table.end_cell()
            if tag is self.table_tag:
                self.table.end_cell()
                self.writer.table(self.table.rows)
                self.table = self.table_tag = None
            return
        if name not in _BLOCKS:
            return
        if name == "dt":
            self.term, self.inline = one_line("".join(self.inline)), []
            return
        if self.in_item and name in ("p", "div"):
            self.inline.append(" ")
            return
        self.flush()
        if name in _HEADINGS:
            self.level = 0
        elif name in ("ul", "ol") and self.lists:
            self.lists.pop()
        elif name == "li":
            self.in_item = max(0, self.in_item - 1)
        elif name == "pre":
            self.in_pre = max(0, self.in_pre - 1)
        elif name == "blockquote":
            self.quotes = max(0, self.quotes - 1)
        elif name == "dl":
            self.term = ""

    def text(self, text: str) -> None:
        if self.table is None:
            self.inline.append(text)
        elif not self.table.text(text) and text.strip():
            self.inline.append(f"{text} ")  # a caption; written before the table


def _walk(root: Tag, writer: MarkdownWriter) -> None:
    page = _Page(writer)
    for event, item in _events(root):
        if isinstance(item, str):
            page.text(item)
        elif event == "start":
            page.start(item)
        else:
            if item is page.table_tag:
                page.flush()
            page.end(item)
    page.flush()


def read_html(stem: str, data: bytes, limits: ReadingLimits) -> Extracted:
    """The page's main text: <main> where there is one with text in it, else the body without what is around it."""
    soup = BeautifulSoup(decode_html(data), "html.parser")
    title_tag = soup.title
    title = one_line(title_tag.get_text()) if title_tag is not None else ""
    headers = _prune(soup)
    main = soup.find("main") or soup.find(None, {"role": "main"})
    root = main if isinstance(main, Tag) and main.get_text(strip=True) else soup
    writer = MarkdownWriter(limits)
    if root.find("h1") is None:
        for heading in headers[:1]:
            writer.heading(1, heading)
    _walk(root, writer)
    try:
        return writer.extracted(title or writer.first_heading or stem)
    except BadInput:
        raise BadInput(
            "has no text in it outside navigation, forms and scripts: open it in a browser, copy the text and paste that"
        ) from None
