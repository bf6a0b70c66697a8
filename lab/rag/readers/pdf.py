"""PDFs: text in reading order with headings, lists and tables, page by page; and a picture of a page.

A PDF holds glyphs at positions and nothing else: PDFium gives the glyphs, pdfplumber the rules of tables, and layout.py tells
what they are.
"""

from __future__ import annotations

import contextlib
import ctypes
import difflib
import io
import math
import re
from collections import Counter
from collections.abc import Sequence
from typing import Any

from lab.errors import BadInput
from lab.rag.readers import Extracted
from lab.rag.readers.layout import ENDED, Block, Line, Look, Page, Word, blocks_of, drop_repeated, in_order, lines_of
from lab.rag.readers.markdown import MarkdownWriter, clean, one_line
from lab.rag.reading import ReadingProcess
from lab.settings import ReadingLimits, get_settings

_BOLD = re.compile(r"bold|black|heavy|semibold|demi|cmbx|-bd", re.IGNORECASE)
_MAX_EDGES = 3000  # a drawing, not a table; finding tables in it would take minutes
_MAX_PICTURE_PIXELS = 12_000_000


# ---- opening -------------------------------------------------------------------------------------------------------


def _open(data: bytes) -> Any:
    """The document in PDFium; raises BadInput when it is no PDF, encrypted or damaged."""
    import pypdfium2  # type: ignore[import-untyped]

    if not data.strip():
        raise BadInput("is empty: there is nothing to read in it")
    if b"%PDF-" not in data[:2048]:
        raise BadInput(
            "is not really a PDF: it does not begin like one. Open it in the program that made it and save it as PDF"
        )
    try:
        document = pypdfium2.PdfDocument(data)
        pages = len(document)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower() or "security" in str(error).lower():
            raise BadInput("is encrypted: open it with its password, save it without one and add it again") from None
        raise BadInput("is damaged: it cannot be opened as a PDF. Save or download it again") from None
    if not pages:
        raise BadInput("is damaged: there is no page in it. Save or download it again")
    return document


# ---- one page → words ----------------------------------------------------------------------------------------------


class _Sheet:
    """One page in PDFium: its words, and how many pictures and drawn lines there are on it.

    PDFium reads a character in a tenth of the time that pdfplumber takes; pdfplumber is kept for what it is best at.
    """

    def __init__(self, page: Any) -> None:
        from pypdfium2 import raw

        self._page = page
        self._turn = page.get_rotation()
        box = raw.FS_RECTF()
        raw.FPDF_GetPageBoundingBox(page, box)
        self._box = (box.left, box.bottom, box.right, box.top)
        self.width, self.height = page.get_size()
        kinds = Counter(
            raw.FPDFPageObj_GetType(raw.FPDFPage_GetObject(page, at)) for at in range(raw.FPDFPage_CountObjects(page))
        )
        self.pictures = kinds[raw.FPDF_PAGEOBJ_IMAGE]
        self.drawn = kinds[raw.FPDF_PAGEOBJ_PATH] + 10 * kinds[raw.FPDF_PAGEOBJ_FORM]  # there may be paths in a form

    def _shown(self, left: float, bottom: float, right: float, top: float) -> tuple[float, float, float, float]:
        """(x0, top, x1, bottom) as shown, of a box in the page's own points, which know nothing of its being turned."""
        x0, y0, x1, y1 = self._box
        if self._turn == 90:
            return bottom - y0, left - x0, top - y0, right - x0
        if self._turn == 180:
            return x1 - right, bottom - y0, x1 - left, top - y0
        if self._turn == 270:
            return y1 - top, x1 - right, y1 - bottom, x1 - left
        return left - x0, y1 - top, right - x0, y1 - bottom

    def words(self) -> list[Word]:
        from pypdfium2 import raw

        text_page = self._page.get_textpage()
        matrix, box = raw.FS_MATRIX(), raw.FS_RECTF()
        name, flags = ctypes.create_string_buffer(160), ctypes.c_int()
        words: list[Word] = []
        open_word: Word | None = None
        for at in range(text_page.count_chars()):
            code = raw.FPDFText_GetUnicode(text_page, at)
            if code in (2, 0xFFFE):  # so PDFium marks the hyphen at the end of a line
                code = 45
            character = chr(code) if code < 0x110000 else ""
            if code < 32 or character.isspace() or raw.FPDFText_HasUnicodeMapError(text_page, at) == 1:
                open_word = None
                continue
            raw.FPDFText_GetLooseCharBox(text_page, at, box)
            raw.FPDFText_GetMatrix(text_page, at, matrix)
            raw.FPDFText_GetFontInfo(text_page, at, name, 160, flags)
            x0, top, x1, bottom = self._shown(box.left, box.bottom, box.right, box.top)
            size = raw.FPDFText_GetFontSize(text_page, at) * math.hypot(matrix.c, matrix.d)
            if code == 45 and x1 <= x0 and open_word:  # that hyphen may have no box of its own
                x0, top, x1, bottom = open_word.x1, open_word.top, open_word.x1 + 0.3 * size, open_word.bottom
            along = {0: matrix.a, 90: matrix.b, 180: -matrix.a, 270: -matrix.b}[self._turn]
            upright = along > 0.9 * math.hypot(matrix.a, matrix.b)
            bold = bool(_BOLD.search(name.value.decode("utf-8", "replace"))) or bool(flags.value & 1 << 18)
            middle = (top + bottom) / 2
            if (
                open_word
                and open_word.upright == upright
                and (
                    not upright
                    or (open_word.top <= middle <= open_word.bottom and -size < x0 - open_word.x1 < 0.5 * size)
                )
            ):
                open_word.text += character
                open_word.x0, open_word.x1 = min(open_word.x0, x0), max(open_word.x1, x1)
                open_word.top, open_word.bottom = min(open_word.top, top), max(open_word.bottom, bottom)
            else:
                open_word = Word(character, x0, x1, top, bottom, size or 1.0, bold, upright)
                words.append(open_word)
        for word in words:
            word.text = clean(word.text)
        return [word for word in words if word.text]


# ---- tables and pages ---------------------------------------------------------------------------------------------


def _tables_of(page: Any, words: Sequence[Word]) -> list[Line]:
    """The tables with rules that pdfplumber finds on a page, the words in their cells."""
    if not 4 <= len(page.edges) <= _MAX_EDGES:
        return []
    left, above = page.bbox[:2]
    found: list[Line] = []
    for table in page.find_tables():
        x0, top, x1, bottom = (edge - (above if at % 2 else left) for at, edge in enumerate(table.bbox))
        inside = [word for word in words if _stands_in(word, (x0, top, x1, bottom))]
        rows = []
        for row in table.rows:
            cells = [cell and (cell[0] - left, cell[1] - above, cell[2] - left, cell[3] - above) for cell in row.cells]
            rows.append([_cell_text([word for word in inside if cell and _stands_in(word, cell)]) for cell in cells])
        rows = [row for row in rows if any(row)]
        columns = sum(any(row[place] for row in rows) for place in range(len(rows[0]))) if rows else 0
        if len(rows) < 2 or columns < 2:
            continue  # a frame around text
        around = [other for other in found if other.x0 <= x0 + 1 and other.top <= top + 1]
        if not any(other.x1 >= x1 - 1 and other.bottom >= bottom - 1 for other in around):
            found.append(Line("", x0, x1, top, bottom, table=rows))
    return found


def _stands_in(word: Word, box: tuple[float, float, float, float]) -> bool:
    return box[0] <= (word.x0 + word.x1) / 2 <= box[2] and box[1] <= (word.top + word.bottom) / 2 <= box[3]


def _cell_text(words: Sequence[Word]) -> str:
    text = "\n".join(line.text for line in lines_of(words))
    return one_line(re.sub(r"(?<=[^\W\d_])-\n(?=[a-z])", "", text))


def _page_of(number: int, sheet: _Sheet, words: Sequence[Word], tables: list[Line]) -> Page:
    """The lines and tables of one page, in no particular order yet; a table's words are in it and nowhere else."""
    upright = [word for word in words if word.upright]
    boxes = [(table.x0, table.top, table.x1, table.bottom) for table in tables]
    free = [word for word in upright if not any(_stands_in(word, box) for box in boxes)]
    lines = [*lines_of(free), *tables]
    sideways = [word for word in words if not word.upright]
    if sideways:
        bottom = max((line.bottom for line in lines), default=0.0) + 50
        text = " ".join(word.text for word in sideways)
        lines.append(Line(text, 0, sheet.width, bottom, bottom + 10, sideways[0].size))
    return Page(number, sheet.width, sheet.height, lines)


# ---- all of it -----------------------------------------------------------------------------------------------------


def _write(writer: MarkdownWriter, pages: Sequence[Page], look: Look) -> str:
    """Write every page; returns the first heading of the highest level, "" for none."""
    before: Block | None = None
    header: list[str] = []
    title, title_level = "", 0
    for page in pages:
        writer.place("page", page.number)
        first = True
        for column in in_order(page):
            for block in blocks_of(column, look):
                goes_on = (
                    before is not None
                    and before.kind == "paragraph" == block.kind
                    and first
                    and not before.text.rstrip().endswith(ENDED)
                    and block.text[:1].islower()
                )
                if block.kind == "heading":
                    if not title or block.level < title_level:
                        title, title_level = block.text, block.level
                    writer.heading(block.level, block.text)
                elif block.kind == "item":
                    writer.item(block.text, mark=block.mark)
                elif block.kind == "table":
                    rows = block.rows
                    same = (
                        first
                        and before is not None
                        and before.kind == "table"
                        and len(header) == len(rows[0])
                        and max(abs(a - b) for a, b in zip(before.box, block.box, strict=True)) < 4
                    )
                    # A table that goes on overleaf is read with its header there, too.
                    rows = [header, *rows] if same and rows[0] != header else rows
                    header = rows[0]
                    writer.table(rows)
                elif goes_on and before is not None:
                    between, takes_hyphen = look.join(before.text, block.text)
                    writer.continue_paragraph(block.text, between=between, takes_hyphen=takes_hyphen)
                else:
                    writer.paragraph(block.text)
                before = block
                first = False
    return title


def _told_title(document: Any) -> str:
    """The title that the file itself gives, unless it is the kind that programs put there by themselves."""
    title = one_line(document.get_metadata_value("Title") or "")
    own = r"^untitled|^microsoft|^document\d*$|\.(docx?|pdf|indd|tex|qxd|pptx?|xlsx?)$"
    return "" if re.search(own, title, re.IGNORECASE) else title


def _plumb(data: bytes, stack: contextlib.ExitStack) -> Sequence[Any]:
    import pdfplumber

    return stack.enter_context(contextlib.closing(pdfplumber.open(io.BytesIO(data)))).pages


def _parse_rules(page: Any) -> None:
    """Have a page of pdfplumber parsed without its characters, which take nine tenths of the time and are not needed."""
    from pdfminer.pdfinterp import PDFPageInterpreter
    from pdfplumber.page import PDFPageAggregatorWithMarkedContent

    class RulesOnly(PDFPageAggregatorWithMarkedContent):
        def render_string(self, *arguments: Any, **options: Any) -> None:
            return

    device = RulesOnly(page.pdf.rsrcmgr, pageno=page.page_number, laparams=None)
    PDFPageInterpreter(page.pdf.rsrcmgr, device).process_page(page.page_obj)
    page._layout = device.get_result()


def read_pdf(stem: str, data: bytes, limits: ReadingLimits) -> Extracted:
    """Every page's text as Markdown; the places are the pages. Raises BadInput with the reason."""
    document = _open(data)
    count = len(document)
    if count > limits.max_pages:
        raise BadInput(
            f"has too many pages: {count:,}, and the limit is {limits.max_pages:,}. Split it into several files"
        )
    pages: list[Page] = []
    pictures = characters = 0
    with contextlib.ExitStack() as stack:
        drawn: Sequence[Any] | None = None
        for number in range(1, count + 1):
            sheet = _Sheet(document[number - 1])
            words = sheet.words()
            tables: list[Line] = []
            if sheet.drawn >= 3 and words:
                try:
                    drawn = _plumb(data, stack) if drawn is None else drawn
                    _parse_rules(drawn[number - 1])
                    tables = _tables_of(drawn[number - 1], [word for word in words if word.upright])
                    drawn[number - 1].close()
                except MemoryError:
                    raise
                except Exception:  # noqa: BLE001 - without its rules a table is read by how its words stand; none is lost
                    tables = []
            pages.append(_page_of(number, sheet, words, tables))
            pictures += sheet.pictures
            characters += sum(len(word.text) for word in words)
            if characters > 2 * limits.max_characters:
                break  # the writer says what is wrong
    title = _told_title(document)
    if not any(page.lines for page in pages):
        if pictures:
            raise BadInput(
                "has no text in it: it seems to be scanned pictures of pages. Run text recognition (OCR) over it and add "
                "the result"
            )
        raise BadInput("has no text in it that can be read: print it to a new PDF with its text, or paste the text")
    drop_repeated(pages)
    writer = MarkdownWriter(limits)
    heading = _write(writer, pages, Look(pages))
    return writer.extracted(heading or title or stem)


# ---- a picture of a page -------------------------------------------------------------------------------------------


def _page_words(text_page: Any) -> list[tuple[str, int, int]]:
    """(word in lower case, first character, past its last) of a page in PDFium's own numbering."""
    from pypdfium2 import raw

    text = "".join(chr(raw.FPDFText_GetUnicode(text_page.raw, at) or 32) for at in range(text_page.count_chars()))
    return [(match[0].lower(), match.start(), match.end()) for match in re.finditer(r"\w+", text)]


def _highlighted(text_page: Any, passage: str) -> list[tuple[int, int]]:
    """Stretches of characters of the page that say what the passage says, best effort."""
    words = _page_words(text_page)
    wanted = re.findall(r"\w+", passage.lower())[:2000]
    matcher = difflib.SequenceMatcher(None, [word for word, _, _ in words], wanted, autojunk=False)
    shortest = min(3, len(wanted))
    stretches: list[tuple[int, int]] = []
    for match in matcher.get_matching_blocks():
        if match.size >= max(shortest, 1):
            if stretches and match.a - stretches[-1][1] <= 3:  # a word that was hyphenated or is in other signs
                stretches[-1] = (stretches[-1][0], match.a + match.size)
            else:
                stretches.append((match.a, match.a + match.size))
    return [(words[start][1], words[end - 1][2]) for start, end in stretches]


def _boxes(text_page: Any, start: int, end: int) -> list[list[float]]:
    """[left, bottom, right, top] in the page's own points, one box a line, around characters start … end."""
    boxes: list[list[float]] = []
    for at in range(start, end):
        left, bottom, right, top = text_page.get_charbox(at, loose=True)
        if right <= left or top <= bottom:
            continue
        last = boxes[-1] if boxes else None
        if (
            last
            and min(top, last[3]) - max(bottom, last[1]) > 0.4 * (top - bottom)
            and left > last[0] - 1
            and left - last[2] < 40
        ):
            last[:] = [last[0], min(last[1], bottom), max(last[2], right), max(last[3], top)]
        else:
            boxes.append([left, bottom, right, top])
    return boxes


def draw_page(data: bytes, page: int, *, width_pixels: int, highlight: str | None) -> bytes:
    """One page (from 1) as PNG, drawn in this process. Raises BadInput; see `page_image` for the door."""
    from PIL import Image, ImageChops, ImageDraw

    document = _open(data)
    if not 1 <= page <= len(document):
        raise BadInput(f"has {len(document)} pages, and this asks for page {page}")
    sheet = document[page - 1]
    width, height = sheet.get_size()
    if not (width > 0 and height > 0):
        raise BadInput("is damaged: that page has no size")
    scale = min(max(50, width_pixels) / width, math.sqrt(_MAX_PICTURE_PIXELS / (width * height)))
    bitmap = sheet.render(scale=scale)
    picture = bitmap.to_pil().convert("RGB")
    if highlight and highlight.strip():
        text_page = sheet.get_textpage()
        place = bitmap.get_posconv(sheet)
        tint = Image.new("RGB", picture.size, "white")
        pen = ImageDraw.Draw(tint)
        for stretch in _highlighted(text_page, highlight):
            for left, bottom, right, top in _boxes(text_page, *stretch):
                (x0, y0), (x1, y1) = place.to_bitmap(left, top), place.to_bitmap(right, bottom)
                pen.rectangle((min(x0, x1) - 1, min(y0, y1), max(x0, x1) + 1, max(y0, y1)), fill=(255, 232, 92))
        picture = ImageChops.multiply(picture, tint)  # yellow over white, and the letters as black as they were
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


def page_image(
    data: bytes,
    page: int,
    *,
    width_pixels: int = 900,
    highlight: str | None = None,
    limits: ReadingLimits | None = None,
) -> bytes:
    """A picture (PNG) of one page (from 1) of a PDF, with the words of `highlight` marked in yellow where they are found.

    Drawn in the process that reads, with its limits. Raises BadInput with the reason.
    """
    with ReadingProcess(limits or get_settings().reading) as process:
        return process.draw_page(data, page, width_pixels, highlight)
