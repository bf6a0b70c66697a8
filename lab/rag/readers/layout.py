"""Words at positions → lines, reading order and blocks: what is a heading, a paragraph, a list, a table, a page number.

Told from size, weight, place and repetition, which is right for most documents. All lengths are points (1/72 inch) from the
top left corner of the page as it is shown.
"""

from __future__ import annotations

import itertools
import math
import re
import statistics
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

_BULLET = re.compile(r"(?:[•◦▪▫‣∙·●○■□◆◇►➢➤✓✔\uf0b7\uf0a7\uf0d8\uf0fc]\s*|[-–—*]\s+)(?=\S)")
_NUMBERED = re.compile(r"(\d{1,3}|[a-zA-Z])([.)])\s+(?=\S)")
ENDED = (".", "!", "?", ":", ";", "”", '"', "…", ")")
_MARGIN_SHARE = 0.1  # headers and footers stand in this share of the page, at its top and bottom


@dataclass
class Word:
    """A word where it stands on the page as it is shown: points from the top left corner."""

    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    size: float
    bold: bool
    upright: bool


@dataclass
class Line:
    """One line of text, or a whole table, at its place on the page (points from the top left)."""

    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    size: float = 0.0
    bold: bool = False
    cells: list[Line] = field(default_factory=list)  # the stretches between wide gaps
    table: list[list[str]] | None = None
    space: float = 3.0  # width of a space in it
    hang: float = 0.0  # where its second word begins: the text of a list item
    right: float = 0.0  # where lines of its column end


@dataclass
class Page:
    """One page with its lines, in no particular order."""

    number: int
    width: float
    height: float
    lines: list[Line]


@dataclass
class Block:
    """One piece of Markdown to be; `mark` is that of an item, `box` where a table stands from left to right."""

    kind: Literal["heading", "item", "paragraph", "table"]
    text: str = ""
    level: int = 0
    mark: str = "-"
    rows: list[list[str]] = field(default_factory=list)
    box: tuple[float, float] = (0.0, 0.0)


# ---- words → lines -------------------------------------------------------------------------------------------------


def lines_of(words: Sequence[Word]) -> list[Line]:
    """Words → lines: words whose middles are at one height stand on one line, cut into cells at wide gaps."""
    rows: list[list[Word]] = []
    for word in sorted(words, key=lambda word: ((word.top + word.bottom) / 2, word.x0)):
        middle = (word.top + word.bottom) / 2
        if rows:
            last = rows[-1][0]
            height = min(last.bottom - last.top, word.bottom - word.top)
            if abs(middle - (last.top + last.bottom) / 2) <= 0.45 * max(height, 1.0):
                rows[-1].append(word)
                continue
        rows.append([word])
    return [_line_of(sorted(row, key=lambda word: word.x0)) for row in rows]


def _line_of(row: Sequence[Word]) -> Line:
    size = statistics.median(word.size for word in row for _ in word.text)
    cells: list[list[Word]] = [[row[0]]]
    parts: list[str] = [row[0].text]
    for before, word in itertools.pairwise(row):
        gap = word.x0 - before.x1
        if gap > max(1.6 * size, 9.0):
            cells.append([])
        cells[-1].append(word)
        # A word that changes its face in the middle comes in two; there is no gap between the two.
        parts.append(word.text if gap < 0.12 * size else f" {word.text}")
    line = Line(
        "".join(parts),
        row[0].x0,
        max(word.x1 for word in row),
        min(word.top for word in row),
        max(word.bottom for word in row),
        size,
        sum(len(word.text) for word in row if word.bold) > 0.8 * sum(len(w.text) for w in row),
        space=0.28 * size,
        hang=row[1].x0 if len(row) > 1 else row[0].x0,
    )
    if len(cells) > 1:
        line.cells = [_line_of(cell) for cell in cells]
    return line


def _body_size(pages: Sequence[Page]) -> float:
    """The size that most of the text is in, in points."""
    characters: Counter[float] = Counter()
    for page in pages:
        for line in page.lines:
            if line.table is None:
                characters[_rounded(line.size)] += len(line.text)
    return max(characters.items(), key=lambda item: item[1])[0] if characters else 10.0


# ---- what repeats --------------------------------------------------------------------------------------------------


def drop_repeated(pages: list[Page]) -> None:
    """Take headers, footers and page numbers out: lines in the margins that come again at their height on other pages.

    Word for word, or with one number that counts along with the pages; a row of figures in a margin does neither.
    """

    def margin(page: Page) -> Iterator[tuple[Line, list[tuple[str, int]]]]:
        for line in page.lines:
            outside = line.bottom < _MARGIN_SHARE * page.height or line.top > (1 - _MARGIN_SHARE) * page.height
            if outside and line.table is None:
                yield line, [(text, round(line.top / 6)) for text in _as_repeated(line.text.lower(), page.number)]

    seen: dict[tuple[str, int], set[int]] = defaultdict(set)
    for page in pages:
        for _, keys in margin(page):
            for key in keys:
                seen[key].add(page.number)

    def pages_with(text: str, height: int) -> int:
        return len(set().union(*(seen.get((text, height + step), set()) for step in (-1, 0, 1))))

    # A number that counts along is a page's, however short the chapter whose name stands beside it.
    enough = max(2, math.ceil(0.4 * len(pages)))
    outer = {
        id(line)
        for page in pages
        for line, keys in margin(page)
        if any(pages_with(*key) >= (2 if at else enough) for at, key in enumerate(keys))
    }
    kept = [[line for line in page.lines if id(line) not in outer] for page in pages]
    if any(kept):
        for page, lines in zip(pages, kept, strict=True):
            page.lines = lines


def _as_repeated(text: str, page: int) -> Iterator[str]:
    """A line as it stands, and with each of its numbers in turn as its distance from the page's: "page <0> of 9"."""
    yield text
    for number in itertools.islice(re.finditer(r"\d{1,6}", text), 6):
        yield f"{text[: number.start()]}<{int(number[0]) - page}>{text[number.end() :]}"


# ---- reading order -------------------------------------------------------------------------------------------------


def _gutter(lines: Sequence[Line], page: Page) -> float | None:
    """Where the page is cut into two columns of running text, if it is; columns of short cells are a table, not that."""
    pairs = [(left, right) for line in lines for left, right in itertools.pairwise(line.cells)]
    spots: Counter[int] = Counter()
    for left, right in pairs:
        for spot in range(math.ceil(left.x1 / 4), math.floor(right.x0 / 4) + 1):
            spots[spot] += 1
    spots = Counter({spot: n for spot, n in spots.items() if 0.25 * page.width < 4 * spot < 0.75 * page.width})
    if not spots:
        return None
    best, count = max(spots.items(), key=lambda item: (item[1], -abs(4 * item[0] - page.width / 2)))
    if count < 4:
        return None
    cut = 4.0 * best
    sides = [[cell for pair in pairs for cell in pair if (cell.x0 > cut) is right] for right in (False, True)]
    for cells in sides:
        wide = max((cell.x1 - cell.x0 for cell in cells), default=0.0)
        if not cells or wide < 0.2 * page.width:
            return None
        if statistics.median(cell.x1 - cell.x0 for cell in cells) < 0.7 * wide:
            return None
        if statistics.median(len(cell.text.split()) for cell in cells) < 3:
            return None
    return cut


def _split_at(line: Line, cut: float) -> tuple[list[Line], list[Line]] | None:
    """A line as its parts left and right of the cut; None when it goes across."""
    parts = line.cells or [line]
    if any(part.x0 < cut - 2 and part.x1 > cut + 2 for part in parts):
        return None
    return [part for part in parts if part.x1 <= cut + 2], [part for part in parts if part.x1 > cut + 2]


def in_order(page: Page) -> list[list[Line]]:
    """The lines of a page in columns to be read one after the other."""
    lines = sorted(page.lines, key=lambda line: (line.top, line.x0))
    cut = _gutter([line for line in lines if line.table is None], page)
    if cut is None:
        return [lines] if lines else []
    columns: list[list[Line]] = []
    across: list[Line] = []
    left: list[Line] = []
    right: list[Line] = []

    def close() -> None:
        columns.extend(column for column in (across[:], left[:], right[:]) if column)
        for column in (across, left, right):
            column.clear()

    for line in lines:
        parts = _split_at(line, cut)
        if parts is None:
            if left or right:
                close()
            across.append(line)
        else:
            left.extend(parts[0])
            right.extend(parts[1])
    close()
    return columns


# ---- lines → blocks ------------------------------------------------------------------------------------------------


class Look:
    """What sizes mean in this document: the body's, and those of headings from large to small."""

    def __init__(self, pages: Sequence[Page]) -> None:
        bold = total = 0
        self.words: Counter[str] = Counter()
        for page in pages:
            for line in page.lines:
                if line.table is None:
                    total += len(line.text)
                    bold += len(line.text) if line.bold else 0
                    self.words.update(re.findall(r"[\w-]+", line.text.lower()))
        self.body = _body_size(pages)
        self.bold_tells = bold < 0.4 * total
        sizes = {_rounded(line.size) for page in pages for line in page.lines if self._is_large(line)}
        merged: list[float] = []
        for size in sorted(sizes, reverse=True):
            if not merged or merged[-1] - size > 0.75:
                merged.append(size)
        self._sizes = merged[:3]

    def _is_large(self, line: Line) -> bool:
        return line.table is None and line.size >= 1.15 * self.body and len(line.text) <= 200 and _names(line.text)

    def level(self, line: Line) -> int:
        """1 to 4 for a heading, 0 for text."""
        if line.table is not None or _BULLET.match(line.text):
            return 0
        if self._is_large(line):
            nearest = min(self._sizes, key=lambda size: abs(size - line.size))
            return 1 + self._sizes.index(nearest)
        short = len(line.text) <= 90 and len(line.text.split()) <= 12
        if line.bold and self.bold_tells and short and line.size >= 0.95 * self.body and not line.cells:
            return min(len(self._sizes) + 1, 4) if _names(line.text) else 0
        return 0

    def join(self, left: str, right: str) -> tuple[str, bool]:
        """What stands between two lines, and whether the hyphen at the end of the first goes."""
        tail = re.search(r"([^\W\d_]+)-$", left)
        head = re.match(r"[a-zß-öø-ÿ][\w]*", right)
        if left.endswith("\u00ad"):
            return "", True
        if not tail or not head:
            return ("" if re.search(r"\w[-/]$", left) and re.match(r"\w", right) else " "), False
        hyphened = f"{tail[1]}-{head[0]}".lower()
        return "", self.words[hyphened] <= self.words[hyphened.replace("-", "")] or not self.words[hyphened]


def _names(text: str) -> bool:
    """Whether a line reads like a name of something and not like a sentence or a number."""
    return bool(re.search(r"[^\W\d_]", text)) and not text.rstrip().endswith((".", ",", ";"))


def _rounded(size: float) -> float:
    return round(size * 2) / 2


def _aligned(above: Line, below: Line) -> bool:
    """Whether two lines are rows of one table without rules: as many cells, each under its own."""
    if len(above.cells) != len(below.cells) or below.top - above.bottom > 1.6 * below.size:
        return False
    return all(a.x0 < b.x1 and b.x0 < a.x1 for a, b in zip(above.cells, below.cells, strict=True))


def _with_tables(lines: list[Line]) -> list[Line]:
    """The same lines, where rows of cells in a row that stand under each other become one table."""
    result: list[Line] = []
    at = 0
    while at < len(lines):
        end = at + 1
        if len(lines[at].cells) > 1 and not _BULLET.match(lines[at].text):
            while end < len(lines) and len(lines[end].cells) > 1 and _aligned(lines[end - 1], lines[end]):
                end += 1
        if end - at >= 3 or (end - at == 2 and len(lines[at].cells) > 2):
            rows = lines[at:end]
            table = [[cell.text for cell in row.cells] for row in rows]
            box = min(row.x0 for row in rows), max(row.x1 for row in rows)
            result.append(Line("", *box, rows[0].top, rows[-1].bottom, table=table))
        else:
            result.extend(lines[at:end])
        at = end
    return result


def _set_right(lines: Sequence[Line], look: Look) -> None:
    """Tell each line where lines like it end: its own group's edge where the group looks filled, else the column's."""
    edge = max((line.x1 for line in lines if line.table is None and not look.level(line)), default=0.0)
    group: list[Line] = []

    def close() -> None:
        own = max((line.x1 for line in group), default=0.0)
        full = sum(line.x1 > own - 5 * line.size for line in group[:-1])
        for line in group:
            line.right = own if len(group) >= 3 and 2 * full >= len(group) - 1 else max(edge, line.x1)
        group.clear()

    for line in lines:
        last = group[-1] if group else None
        if line.table is not None or look.level(line):
            close()
            continue
        if last and not (0 < line.top - last.top < 1.6 * line.size and abs(line.size - last.size) < 0.8):
            close()
        group.append(line)
    close()


def blocks_of(lines: list[Line], look: Look) -> list[Block]:
    """One column of lines → headings, items, paragraphs and tables."""
    lines = _with_tables(lines)
    _set_right(lines, look)
    gaps = [
        below.top - above.top
        for above, below in itertools.pairwise(lines)
        if above.table is None and below.table is None and abs(above.size - below.size) < 0.6
        and 0 < below.top - above.top < 2.2 * above.size
    ]  # fmt: skip
    pitch = min(statistics.median(gaps), 1.6 * look.body) if gaps else 1.3 * look.body
    blocks: list[Block] = []
    last: Line | None = None
    first: Line | None = None  # of the open item
    for line in lines:
        if line.table is not None:
            blocks.append(Block("table", rows=line.table, box=(line.x0, line.x1)))
            last = None
            continue
        level = look.level(line)
        bullet, numbered = _BULLET.match(line.text), _NUMBERED.match(line.text)
        open_block = blocks[-1] if blocks and last is not None else None
        gap = line.top - last.top if last is not None else math.inf
        near = last is not None and 0 < gap <= 1.3 * max(pitch, 1.15 * last.size) and abs(line.size - last.size) < 0.8
        if level:
            if (
                open_block
                and open_block.kind == "heading"
                and open_block.level == level
                and near
                and len(open_block.text) < 120
            ):
                open_block.text += f" {line.text}"
            else:
                blocks.append(Block("heading", line.text, level))
        elif bullet:
            blocks.append(Block("item", line.text[bullet.end() :]))
            first = line
        elif numbered and not (open_block and open_block.kind == "paragraph" and near and not _broke_early(last, line)):
            mark = f"{numbered[1]}." if numbered[1].isdigit() else "-"
            text = line.text[numbered.end() :] if numbered[1].isdigit() else line.text
            blocks.append(Block("item", text, mark=mark))
            first = line
        elif (
            open_block
            and last is not None
            and near
            and (open_block.kind == "paragraph" or (open_block.kind == "item" and _is_in_item(first, last, line)))
            and not _starts_paragraph(open_block, last, line)
        ):
            if open_block.kind == "paragraph" and _broke_early(last, line):
                open_block.text += f"\n{line.text}"
            else:
                between, takes_hyphen = look.join(open_block.text, line.text)
                open_block.text = (open_block.text[:-1] if takes_hyphen else open_block.text) + between + line.text
        else:
            blocks.append(Block("paragraph", line.text))
        last = line
    return blocks


def _is_in_item(first: Line | None, last: Line, line: Line) -> bool:
    """Whether a line goes on with a list item: it hangs where the item's text began, or runs on from a full line."""
    if first is None or abs(line.x0 - first.hang) < 0.8 * line.size:
        return first is not None
    return line.x0 > first.x0 - 2 and not _broke_early(last, line) and not last.text.rstrip().endswith(".")


def _broke_early(last: Line | None, line: Line) -> bool:
    """Whether the first word of `line` would have fitted on the line before, so that the break is meant."""
    if last is None:
        return True
    first = line.text.split(" ", 1)[0]
    if re.search(r"[^\W\d_][-\u00ad]$", last.text) and first[:1].islower():
        return False
    width = (line.x1 - line.x0) * len(first) / max(len(line.text), 1)
    return last.x1 + last.space + 1.15 * width + 0.03 * (last.right - last.x0) < last.right


def _starts_paragraph(block: Block, last: Line, line: Line) -> bool:
    ended = block.text.rstrip().endswith(ENDED)
    indented = line.x0 - last.x0 > 0.9 * line.size and block.kind == "paragraph" and "\n" not in block.text
    return ended and (indented or _broke_early(last, line))
