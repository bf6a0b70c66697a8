"""Documents → chunks, the small units that are looked up; each knows its exact place in its document."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from lab.errors import BadInput
from lab.rag.load import Document

TEXT_STYLES = ("title", "title-heading")
DEFAULT_TEXT_STYLE = "title-heading"
CHARACTERS_A_WORD = 6  # five letters and a space: how sizes in words are turned into characters

_SHORT_WORDS = 4  # a “sentence” of fewer words says too little on its own and joins its neighbour


@dataclass(frozen=True)
class Chunk:
    """One unit of retrieval. Always `text == document.text[start:end]`; offsets count characters.

    `heading` is what stands above the text, outermost first: the headings of its section (the document's title left
    out), then the line that introduces its list, the head of its table or the bold words its paragraph opens with.
    """

    id: str
    document: str
    title: str
    heading: tuple[str, ...]
    start: int
    end: int
    text: str

    @property
    def indexed_text(self) -> str:
        """What is embedded, in the default style."""
        return indexed_text(self)


def passage_text(chunk: Chunk) -> str:
    """The chunk's text as one reads it: on one line, without list marks, bold stars and heading signs."""
    text = re.sub(r"^\s*(?:[-*+•>]|\d{1,3}[.)])\s+", "", chunk.text)
    return " ".join(re.sub(r"\*\*|__(?=\w)|(?<=\w)__|^#+\s+", "", text).split())


def indexed_text(chunk: Chunk, style: str = DEFAULT_TEXT_STYLE) -> str:
    """“Title: text” or “Title, Last heading: text”, the text as in `passage_text`.

    A single sentence often leaves out what it is about (“It costs £9.”), so its title goes with it.
    """
    if style not in TEXT_STYLES:
        raise BadInput(f"There is no text style “{style}”. Choose one of: {', '.join(TEXT_STYLES)}.")
    label = chunk.title
    if style == "title-heading" and chunk.heading:
        label = f"{chunk.title}, {chunk.heading[-1].rstrip(':. ')}"
    return f"{label}: {passage_text(chunk)}"


# ── Sentences ─────────────────────────────────────────────────────────────────────────────────────────────────────────

_NEVER_LAST = frozenset(  # an abbreviation after which a sentence goes on, whatever comes next
    "mr mrs ms dr prof st messrs rev hon capt col gen lt sgt e.g i.e eg ie cf viz vs v fig figs eq ref approx ca c esp "
    "incl no nos vol pp p para sec ch art ext tel mob max min".split()
)
_MAYBE_LAST = frozenset(  # an abbreviation that ends a sentence only before a capital letter
    "etc a.m p.m am pm inc ltd co corp plc jr sr dept est ed al jan feb mar apr jun jul aug sep sept oct nov dec mon "
    "tue tues wed thu thur thurs fri sat sun b.c a.d u.s u.k ph.d".split()
)
_NEEDS_FIGURE = frozenset("no nos fig figs eq ref vol pp p para sec ch art ext min max c v".split())
_CALENDAR = re.compile(
    r"(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?s?\b|"
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December)\b"
)
_END = re.compile(r"(?:[.!?…]+|[。！？]+)[\"'”’»)\]*_]*")


def _goes_on(text: str, start: int, mark: int, after: int) -> bool:
    """Whether the full stop at `mark` belongs to an abbreviation, an initial or a numbering, not to a sentence's end."""
    word_match = re.search(r"[^\s(\[“\"'‘*_]*$", text[start:mark])
    word = word_match[0] if word_match else ""
    bare = word.lower()
    following = text[after]
    if bare in _NEVER_LAST:
        return not (bare in _NEEDS_FIGURE and not following.isdigit() and following.isupper())
    if bare in _MAYBE_LAST or re.fullmatch(r"(?:[a-z]\.)+[a-z]", bare):
        return not following.isupper() or (bare in {"a.m", "p.m", "am", "pm"} and bool(_CALENDAR.match(text, after)))
    if len(word) == 1 and word.isupper() and word != "I":
        # “J. Smith”, “George W. Bush”, but not “is grade A. Bring it in.”
        before = text[start : mark - 1].split()
        return not before or before[-1].endswith(".") or before[-1][:1].isupper()
    # “1. Open the lid” at the start is numbering.
    return word.isdigit() and len(word) <= 3 and not text[start : mark - len(word)].strip()


def sentence_spans(text: str, start: int = 0, end: int | None = None) -> list[tuple[int, int]]:
    """Sentences of `text[start:end]` as (start, end) without the white space around them.

    A sentence ends at . ! ? … (quotes and brackets after it included) before white space and no lower-case letter, except
    after abbreviations (e.g., Mr., No. 5, 9 a.m.), initials and numberings. Decimals and web addresses have no white
    space after their dots and so stay whole. When in doubt two sentences stay together.
    """
    end = len(text) if end is None else end
    spans: list[tuple[int, int]] = []
    begin = start
    for match in _END.finditer(text, start, end):
        stop = match.end()
        after = stop
        while after < end and text[after].isspace():
            after += 1
        wide = match[0][0] in "。！？"
        if after >= end:
            break
        if not wide:
            if after == stop:
                continue
            first = text[after]
            if first.islower() and not text[stop:after].count("\n\n"):
                continue
            if match[0][0] == "." and not match[0].startswith("..") and _goes_on(text, begin, match.start(), after):
                continue
        spans.append((begin, stop))
        begin = after
    spans.append((begin, end))
    trimmed = (_trim(text, left, right) for left, right in spans)
    return [(left, right) for left, right in trimmed if left < right]


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


# ── Blocks ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class _Line:
    start: int
    end: int  # without the line end
    text: str

    @property
    def blank(self) -> bool:
        return not self.text.strip()


@dataclass(frozen=True)
class _Block:
    """A run of lines that belong together; `kind`: heading | paragraph | item | table | code."""

    kind: str
    start: int
    end: int
    level: int = 0  # of a heading
    label: str = ""  # of a heading: its words


_ATX = re.compile(r"^ {0,3}(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*$")
_ITEM = re.compile(r"^\s*(?:[-*+•‣–]|\d{1,3}[.)]|\(?[a-z][.)])\s+\S")
_RULE = re.compile(r"^ {0,3}(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,}|(?:=[ \t]*){3,})$")
_FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})")
_TABLE_RULE = re.compile(r"^\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$")
_NUMBERED_HEADING = re.compile(r"^(?:\d+(?:\.\d+)*[.)]?|(?:Step|Chapter|Section|Part|Appendix)\s+\w{1,4}[.:]?)\s+\D+$")
_KEY_AND_VALUE = re.compile(r"^\s*[A-Z][\w /&'’-]{0,30}:\s+\S")


def _plain(label: str) -> str:
    label = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", label)
    return " ".join(re.sub(r"\*\*|__|`|(?<!\w)[*_]|[*_](?!\w)", "", label).split())


def _lines(text: str) -> list[_Line]:
    lines: list[_Line] = []
    start = 0
    for piece in text.split("\n"):
        lines.append(_Line(start, start + len(piece), piece))
        start += len(piece) + 1
    return lines


def _after_front_matter(lines: list[_Line]) -> int:
    """The first line after a YAML front matter, which is about the document and not in it; 0 where there is none."""
    if lines and lines[0].text.rstrip() == "---":
        for number, line in enumerate(lines[1:60], start=1):
            if line.text.rstrip() in ("---", "..."):
                return number + 1
    return 0


def _looks_like_heading(lines: list[_Line], number: int) -> bool:
    """Plain text: a short line alone between blank lines, without the marks and figures that a statement has."""
    line = lines[number].text.strip()
    alone = (number == 0 or lines[number - 1].blank) and (number + 1 == len(lines) or lines[number + 1].blank)
    if not alone or not line or len(line) > 70 or len(line.split()) > 10 or not line[0].isalnum() or line[0].islower():
        return False
    if line.endswith((".", "!", ",", ";", ":")) or _ITEM.match(line):
        return False
    return not re.search(r"\d", line) or bool(_NUMBERED_HEADING.match(line))


def _text_headings(lines: list[_Line]) -> set[int]:
    """Line numbers of a plain text's headings.

    Only a heading-like line with ordinary text under it counts: in a list of short lines each is a statement, and taking
    those for headings would lose them.
    """
    filled = [number for number, line in enumerate(lines) if not line.blank]
    alike = {number for number in filled if _looks_like_heading(lines, number)}
    found = set()
    for place, number in enumerate(filled[:-1]):
        following = filled[place + 1]
        if number in alike and (following not in alike or (place == 0 and following in alike and len(filled) > 2)):
            found.add(number)
    return found


def _blocks(document: Document) -> list[_Block]:
    """The document's blocks in order; rules, front matter and fence lines belong to none, all other text to one."""
    markdown = not document.name.lower().endswith(".txt")
    lines = _lines(document.text)
    headings = set() if markdown else _text_headings(lines)
    blocks: list[_Block] = []
    number = _after_front_matter(lines)
    while number < len(lines):
        line = lines[number]
        first = number
        fence = _FENCE.match(line.text) if markdown else None
        atx = _ATX.match(line.text) if markdown else None
        following = lines[number + 1].text if number + 1 < len(lines) else ""
        number += 1
        if line.blank or _RULE.match(line.text):
            continue
        if number - 1 in headings:
            blocks.append(_Block("heading", line.start, line.end, 1 if not blocks else 2, _plain(line.text)))
        elif atx:
            blocks.append(_Block("heading", line.start, line.end, len(atx[1]), _plain(atx[2] or "")))
        elif fence:
            while number < len(lines) and not lines[number].text.strip().startswith(fence[1]):
                number += 1
            if number > first + 1:
                blocks.append(_Block("code", lines[first + 1].start, lines[number - 1].end))
            number += 1
        elif "|" in line.text and "|" in following and _TABLE_RULE.match(following):
            while number < len(lines) and not lines[number].blank and "|" in lines[number].text:
                number += 1
            blocks.append(_Block("table", line.start, lines[number - 1].end))
        elif _ITEM.match(line.text):
            while number < len(lines) and not _ends_paragraph(lines, number, markdown, headings):
                number += 1
            blocks.append(_Block("item", line.start, lines[number - 1].end))
        else:
            while number < len(lines) and not _ends_paragraph(lines, number, markdown, headings):
                if markdown and re.match(r"^ {0,3}(?:=+|-{2,})[ \t]*$", lines[number].text):
                    break
                number += 1
            underlined = markdown and number < len(lines) and re.match(r"^ {0,3}(=+|-{2,})[ \t]*$", lines[number].text)
            if underlined and number == first + 1:
                level = 1 if underlined[1][0] == "=" else 2
                blocks.append(_Block("heading", line.start, lines[number].end, level, _plain(line.text)))
                number += 1
            else:
                blocks.append(_Block("paragraph", line.start, lines[number - 1].end))
    return blocks


def _ends_paragraph(lines: list[_Line], number: int, markdown: bool, headings: set[int]) -> bool:
    line = lines[number]
    if line.blank or number in headings or _ITEM.match(line.text):
        return True
    if not markdown:
        return False
    following = lines[number + 1].text if number + 1 < len(lines) else ""
    starts_table = "|" in line.text and "|" in following and bool(_TABLE_RULE.match(following))
    return bool(_ATX.match(line.text) or _FENCE.match(line.text)) or starts_table


@dataclass(frozen=True)
class _Section:
    """The blocks under one heading; `heading` is the path to it without the document's title."""

    heading: tuple[str, ...]
    blocks: tuple[_Block, ...]


def _sections(document: Document) -> Iterator[_Section]:
    path: list[tuple[int, str]] = []
    body: list[_Block] = []

    def section() -> _Section:
        labels = tuple(label for _, label in path if label and label != document.title)
        return _Section(labels, tuple(body))

    for block in _blocks(document):
        if block.kind != "heading":
            body.append(block)
            continue
        if body:
            yield section()
        body = []
        path = [(level, label) for level, label in path if level < block.level] + [(block.level, block.label)]
    if body:
        yield section()


# ── Units ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class _Unit:
    start: int
    end: int
    heading: tuple[str, ...]


def _words(text: str) -> int:
    return len(text.split())


def _cut(text: str, start: int, end: int, size: int) -> list[tuple[int, int]]:
    """`text[start:end]` in pieces of at most `size` words (and twice that many average words in characters).

    Cuts fall after , ; : or a dash in a piece's second half where there is one, else between words.
    """
    spans: list[tuple[int, int]] = []
    longest = 2 * CHARACTERS_A_WORD * size
    words: list[tuple[int, int]] = []
    for match in re.finditer(r"\S+", text[start:end]):
        left, right = start + match.start(), start + match.end()
        # One “word” of many thousand characters (a pasted key, a script without spaces) is cut by force.
        words += [(place, min(place + longest, right)) for place in range(left, right, longest)]
    first = 0
    while first < len(words):
        stop = first + 1
        while stop < min(first + size, len(words)) and words[stop][1] - words[first][0] <= longest:
            stop += 1
        if stop < len(words):
            for candidate in range(stop, first + max((stop - first) // 2, 1), -1):
                if text[words[candidate - 1][1] - 1] in ",;:–—":
                    stop = candidate
                    break
        spans.append((words[first][0], words[stop - 1][1]))
        first = stop
    return spans


def _merge_short(text: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Fragments of fewer than `_SHORT_WORDS` words join the sentence after them, the last one the sentence before."""
    merged: list[tuple[int, int]] = []
    waiting: int | None = None
    for start, end in spans:
        begin = start if waiting is None else waiting
        if _words(text[begin:end]) < _SHORT_WORDS:
            waiting = begin
        else:
            merged.append((begin, end))
            waiting = None
    if waiting is not None:
        if merged:
            merged[-1] = (merged[-1][0], spans[-1][1])
        else:
            merged.append((waiting, spans[-1][1]))
    return merged


def _paragraph_units(text: str, block: _Block, heading: tuple[str, ...]) -> list[_Unit]:
    lines = [line for line in _lines(text[block.start : block.end]) if not line.blank]
    if len(lines) > 1 and all(_KEY_AND_VALUE.match(line.text) for line in lines):  # “Phone: 1234”, one line each
        return [_Unit(*_trim(text, block.start + line.start, block.start + line.end), heading) for line in lines]
    spans = _merge_short(text, sentence_spans(text, block.start, block.end))
    # “**Trail First Aid.** This course costs £78. It lasts nine hours.”: the later sentences need the bold words too.
    bold = re.match(r"\s*\*\*([^*\n]{1,80})\*\*\s*\S", text[block.start : block.end])
    if bold and len(spans) > 1 and spans[0][1] < block.start + bold.end():
        spans = [(spans[0][0], spans[1][1]), *spans[2:]]
    inner = (*heading, bold[1].strip().rstrip(".:")) if bold else heading
    return [_Unit(start, end, heading if place == 0 else inner) for place, (start, end) in enumerate(spans)]


def _section_units(document: Document, section: _Section) -> list[_Unit]:
    """The units of one section: sentences, list items, table rows, code blocks; every visible character in one.

    A line that introduces a list (“We charge:”) is put in the same unit as the first item, so that it is not looked up
    alone, and in the heading of the others. A table's head is in the heading of all its rows.
    """
    text = document.text
    units: list[_Unit] = []
    context = section.heading  # of the list that is being read
    for place, block in enumerate(section.blocks):
        following = section.blocks[place + 1].kind if place + 1 < len(section.blocks) else ""
        if block.kind == "paragraph":
            units += _paragraph_units(text, block, section.heading)
            context = section.heading
            if following == "item" and text[units[-1].start : units[-1].end].rstrip("*_").endswith(":"):
                context = (*units[-1].heading, _plain(text[units[-1].start : units[-1].end]))
        elif block.kind == "item":
            start, end = _trim(text, block.start, block.end)
            after_intro = place > 0 and section.blocks[place - 1].kind == "paragraph" and context != section.heading
            if after_intro:
                intro = units.pop()
                units.append(_Unit(intro.start, end, intro.heading))
            else:
                units.append(_Unit(start, end, context))
        elif block.kind == "table":
            rows = _lines(text[block.start : block.end])
            head = " | ".join(cell.strip() for cell in rows[0].text.strip().strip("|").split("|"))
            for row in rows[2:]:
                span = _trim(text, block.start + row.start, block.start + row.end)
                units.append(_Unit(*span, (*section.heading, _plain(head))))
            if len(rows) == 2:  # a table of nothing but its head
                units.append(_Unit(*_trim(text, block.start, block.end), section.heading))
        else:
            units.append(_Unit(*_trim(text, block.start, block.end), section.heading))
    return [unit for unit in units if unit.start < unit.end]


def _split_by_sentences(document: Document, size: int, overlap: int) -> Iterator[_Unit]:
    for section in _sections(document):
        pieces: list[_Unit] = []
        for unit in _section_units(document, section):
            if _words(document.text[unit.start : unit.end]) <= size and unit.end - unit.start <= 12 * size:
                pieces.append(unit)
                continue
            # Too long for one: its sentences (a list item may have several), and those cut where they must be.
            for start, end in _merge_short(document.text, sentence_spans(document.text, unit.start, unit.end)):
                pieces += [_Unit(*span, unit.heading) for span in _cut(document.text, start, end, size)]
        for place, piece in enumerate(pieces):
            earlier = place
            while earlier > 0 and _words(document.text[pieces[earlier - 1].start : piece.start]) <= overlap:
                earlier -= 1
            yield _Unit(pieces[earlier].start, piece.end, piece.heading)


def _split_recursively(document: Document, size: int, overlap: int) -> Iterator[_Unit]:
    # A word is taken as six characters: LangChain's start index is only right when lengths count characters.
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    splitter = RecursiveCharacterTextSplitter(
        chunk_size=CHARACTERS_A_WORD * size,
        chunk_overlap=CHARACTERS_A_WORD * overlap,
        separators=["\n\n", "\n", ". ", " ", ""],
        keep_separator="end",
        add_start_index=True,
    )
    for section in _sections(document):
        first, last = section.blocks[0].start, section.blocks[-1].end
        body = document.text[first:last]
        reached = 0  # everything before it, white space aside, lies in some chunk
        previous = -1
        for piece in splitter.create_documents([body]):
            content = piece.page_content
            next_word = _trim(body, reached, len(body))[0]
            # In a text that repeats itself LangChain's index may name a later copy and leave a gap: the copy that
            # starts at or before the first uncovered character is the one.
            start = int(piece.metadata["start_index"])
            if not previous < start <= next_word or body[start : start + len(content)] != content:
                start = body.rfind(content, max(previous + 1, 0), next_word + len(content))
            if start < 0:
                start, content = next_word, body[next_word : next_word + len(content)]
            end = start + len(content)
            if end <= reached:
                continue
            previous, reached = start, end
            yield _Unit(first + start, first + end, section.heading)
        rest = _trim(document.text, first + reached, last)
        if rest[0] < rest[1]:
            yield _Unit(*rest, section.heading)


@dataclass(frozen=True)
class Splitter:
    """One way of cutting documents, with the words a person chooses it by."""

    name: str
    title: str
    description: str
    split: Callable[[Document, int, int], Iterable[_Unit]]


SPLITTERS: dict[str, Splitter] = {
    splitter.name: splitter
    for splitter in (
        Splitter(
            "sentences",
            "One sentence each",
            "A sentence, list item or table row per chunk. Size is the longest allowed; overlap adds whole sentences "
            "before it, up to that many words.",
            _split_by_sentences,
        ),
        Splitter(
            "recursive",
            "Pieces of a set size",
            "LangChain's RecursiveCharacterTextSplitter within each section: paragraphs, then lines, sentences and words "
            "until a piece fits. Size and overlap are in words of six characters.",
            _split_recursively,
        ),
    )
}


def split_document(
    document: Document, *, splitter: str = "sentences", size: int = 60, overlap: int = 0
) -> tuple[Chunk, ...]:
    """A document → its chunks in reading order; `size` and `overlap` in words.

    Headings are in `Chunk.heading` and in no chunk's text. Raises BadInput for an unknown splitter, a size below 3 or an
    overlap that is not between 0 and half the size.
    """
    if splitter not in SPLITTERS:
        raise BadInput(f"There is no splitter “{splitter}”. Choose one of: {', '.join(SPLITTERS)}.")
    if size < 3:
        raise BadInput(f"A chunk of {size} words is too small. Set a size of at least 3 words.")
    if not 0 <= overlap <= size // 2:
        raise BadInput(f"An overlap of {overlap} words does not fit chunks of {size}. Set 0 to {size // 2} words.")
    return tuple(
        Chunk(
            id=f"{document.name}#{unit.start}-{unit.end}",
            document=document.name,
            title=document.title,
            heading=unit.heading,
            start=unit.start,
            end=unit.end,
            text=document.text[unit.start : unit.end],
        )
        for unit in SPLITTERS[splitter].split(document, size, overlap)
    )


def split_documents(
    documents: Sequence[Document], *, splitter: str = "sentences", size: int = 60, overlap: int = 0
) -> tuple[Chunk, ...]:
    """The chunks of all documents, one document after another; as `split_document`."""
    return tuple(
        chunk
        for document in documents
        for chunk in split_document(document, splitter=splitter, size=size, overlap=overlap)
    )
