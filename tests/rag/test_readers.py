"""Every kind of file: what stands in it comes out as Markdown, in order; what cannot be read says why."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import replace

import docx
import pypdfium2
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from fpdf import FPDF
from PIL import Image

from lab.errors import BadInput
from lab.rag.documents import Document
from lab.rag.readers import READERS, Extracted, find_reader
from lab.rag.readers.pdf import page_image
from lab.settings import ReadingLimits

LIMITS = ReadingLimits()
SENTENCE = "The quay office keeps a record of every tent that is hired out and of each repair that is made to it. "


def read(name: str, data: bytes | str, limits: ReadingLimits = LIMITS) -> Extracted:
    """In this process: the one that is apart has its own tests."""
    stem = name.rsplit(".", 1)[0]
    return find_reader(name).read(stem, data.encode() if isinstance(data, str) else data, limits)


def reason(name: str, data: bytes | str, limits: ReadingLimits = LIMITS) -> str:
    with pytest.raises(BadInput) as error:
        read(name, data, limits)
    return str(error.value)


def place_of(found: Extracted, words: str) -> tuple[str, int]:
    document = Document("a", found.title, found.text, "", "pdf", found.places)
    place = document.place_at(found.text.index(words))
    assert place is not None
    return place.kind, place.number


# ---- PDF -----------------------------------------------------------------------------------------------------------


class Handbook(FPDF):
    def header(self) -> None:
        self.set_font("helvetica", size=8)
        self.cell(0, 5, "Harrowby Tents, hire handbook", align="R")
        self.ln(14)

    def footer(self) -> None:
        self.set_y(-15)
        self.set_font("helvetica", size=8)
        self.cell(0, 5, f"Page {self.page_no()} of {{nb}}", align="C")

    def say(self, text: str, size: int = 11, style: str = "") -> None:
        self.set_font("helvetica", style, size)
        self.multi_cell(0, size / 2, text, new_x="LMARGIN", new_y="NEXT")
        self.ln(3)


def pdf_of(write: Callable[[Handbook], None], pdf: FPDF | None = None) -> bytes:
    book = pdf or Handbook()
    book.add_page()
    write(book)  # type: ignore[arg-type]
    return bytes(book.output())


@pytest.fixture(scope="module")
def handbook() -> bytes:
    def write(book: Handbook) -> None:
        book.say("Hire handbook", 20, "B")
        book.say(SENTENCE * 4)
        book.say("What it costs", 11, "B")
        for item in ("Tents are brought back clean and dry, " + SENTENCE, "A stove costs two pounds."):
            book.cell(6, 5.5, "-")
            book.multi_cell(0, 5.5, item, new_x="LMARGIN", new_y="NEXT")
        book.ln(4)
        book.set_font("helvetica", size=11)
        with book.table() as table:
            for cells in (("Item", "Fee | night", "Deposit"), ("Small tent", "9", "30"), ("Stove", "2", "10")):
                row = table.row()
                for cell in cells:
                    row.cell(cell)
        book.ln(5)
        book.say("Bring the key back to the ware-\nhouse by noon, and before the office closes if it is raining.")
        book.add_page()
        book.say("Chapter two", 16, "B")
        book.say("The second page says that dogs are welcome.")
        for day, hours in (("Monday", "9 to 5"), ("Tuesday", "10 to 4"), ("Sunday", "closed")):
            book.cell(60, 5.5, day)
            book.cell(40, 5.5, hours)
            book.ln()
        book.add_page()
        book.say("Chapter three", 16, "B")
        book.say("The third page says that cats stay at home.")

    return pdf_of(write)


def test_a_pdf_keeps_headings_paragraphs_lists_and_tables(handbook: bytes) -> None:
    found = read("handbook.pdf", handbook)
    blocks = found.text.split("\n\n")
    assert found.title == "Hire handbook"
    assert blocks[0] == "# Hire handbook"
    assert blocks[1] == (SENTENCE * 4).strip()
    assert blocks[2].lstrip("#") == " What it costs"
    assert blocks[3] == f"- Tents are brought back clean and dry, {SENTENCE.strip()}\n- A stove costs two pounds."
    assert blocks[4] == (
        "| Item | Fee \\| night | Deposit |\n| --- | --- | --- |\n| Small tent | 9 | 30 |\n| Stove | 2 | 10 |"
    )
    assert found.text.count("Small tent") == 1
    assert "## Chapter two" in blocks
    assert "## Chapter three" in blocks


def test_a_word_hyphenated_at_the_end_of_a_line_is_one_word(handbook: bytes) -> None:
    assert "back to the warehouse by noon" in read("handbook.pdf", handbook).text.replace("\n", " ")


def test_headers_footers_and_page_numbers_are_no_text(handbook: bytes) -> None:
    text = read("handbook.pdf", handbook).text
    assert "Harrowby Tents, hire handbook" not in text
    assert "Page" not in text.replace("page says", "")


def test_every_page_of_a_pdf_knows_its_number(handbook: bytes) -> None:
    found = read("handbook.pdf", handbook)
    assert [(place.kind, place.number) for place in found.places] == [("page", 1), ("page", 2), ("page", 3)]
    assert place_of(found, "Small tent") == ("page", 1)
    assert place_of(found, "dogs are welcome") == ("page", 2)
    assert place_of(found, "cats stay at home") == ("page", 3)


def test_columns_of_short_cells_without_rules_are_a_table(handbook: bytes) -> None:
    text = read("handbook.pdf", handbook).text
    assert "| Monday | 9 to 5 |" in text
    assert "| Sunday | closed |" in text


def test_two_columns_of_running_text_are_read_one_after_the_other() -> None:
    def write(book: Handbook) -> None:
        book.say("News from the quay", 20, "B")
        book.set_font("helvetica", size=11)
        top = book.get_y()
        for left, text in ((10, "Alpha begins. " + SENTENCE * 8), (110, "Omega begins. " + SENTENCE * 8)):
            book.set_xy(left, top)
            book.multi_cell(88, 5.5, text)

    text = read("news.pdf", pdf_of(write)).text
    assert text.index("Alpha begins.") < text.index("Omega begins.")
    assert SENTENCE.strip() in text
    alpha = text[text.index("Alpha") : text.index("Omega")]
    assert alpha.count("The quay office") == 8


def test_a_paragraph_that_goes_on_overleaf_is_one_paragraph_with_its_second_page_told() -> None:
    def write(book: Handbook) -> None:
        book.say("The season starts in April and")
        book.add_page()
        book.say("ends in October.")

    found = read("a.pdf", pdf_of(write))
    assert "starts in April and ends in October." in found.text
    assert place_of(found, "April") == ("page", 1)
    assert place_of(found, "ends in October") == ("page", 2)


def test_lines_that_look_like_markdown_stay_text() -> None:
    text = read("a.pdf", pdf_of(lambda book: book.say("# of tents: nine in all, counted in April by the office."))).text
    assert "\n\\# of tents: nine" in text


def test_figures_that_reach_into_the_margins_of_every_page_are_kept() -> None:
    def write(book: Handbook) -> None:
        book.set_auto_page_break(False)
        for page in range(1, 5):
            for step in range(3):
                book.set_xy(20, 265 + 6 * step)
                book.cell(0, 5, f"Hut {7 * page * page + step} sleeps {11 * step + 3 * page * page}")
            if page < 4:
                book.add_page()

    text = read("a.pdf", pdf_of(write)).text
    assert all(f"Hut {7 * page * page + step} sleeps" in text for page in range(1, 5) for step in range(3))
    assert "Harrowby" not in text


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_page_that_is_turned_is_read_as_it_is_shown(turn: int) -> None:
    """Text that is drawn sideways on a page that is shown turned back is upright for whoever reads it."""
    sheet = FPDF(format=(200, 200))
    sheet.add_page()
    sheet.set_font("helvetica", size=12)
    with sheet.rotation(turn, 100, 100):
        sheet.text(40, 60, "First line on top.")
        sheet.text(40, 80, "Second line below it.")
        sheet.text(120, 60, "Right of it.")
    document = pypdfium2.PdfDocument(bytes(sheet.output()))
    document[0].set_rotation(turn)
    turned = io.BytesIO()
    document.save(turned)
    lines = read("a.pdf", turned.getvalue()).text.split()
    assert " ".join(lines) == "First line on top. Right of it. Second line below it."


def picture(width: int = 60, height: int = 40) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), "grey").save(out, "PNG")
    return out.getvalue()


def test_a_pdf_that_cannot_be_read_says_why(handbook: bytes) -> None:
    locked = Handbook()
    locked.set_encryption(owner_password="tide", user_password="quay")
    assert reason("a.pdf", pdf_of(lambda book: book.say("Secret"), locked)).startswith("is encrypted: open it with")
    scanned = pdf_of(lambda book: book.image(io.BytesIO(picture()), w=100), FPDF())
    assert reason("a.pdf", scanned).startswith("has no text in it: it seems to be scanned pictures")
    assert reason("a.pdf", pdf_of(lambda _: None, FPDF())).startswith("has no text in it that can be read")
    assert reason("a.pdf", picture()).startswith("is not really a PDF")
    assert reason("a.pdf", b" \n").startswith("is empty")
    assert reason("a.pdf", b"%PDF-1.7\nnothing").startswith("is damaged")
    assert reason("a.pdf", handbook, replace(LIMITS, max_pages=2)).startswith(
        "has too many pages: 3, and the limit is 2"
    )
    assert "more than 100 characters" in reason("a.pdf", handbook, replace(LIMITS, max_characters=100))


def test_a_pdf_that_only_its_owner_may_change_is_read() -> None:
    locked = Handbook()
    locked.set_encryption(owner_password="tide")
    assert "Open to all" in read("a.pdf", pdf_of(lambda book: book.say("Open to all readers."), locked)).text


def test_a_picture_of_a_page_marks_the_passage(handbook: bytes) -> None:
    plain = Image.open(io.BytesIO(page_image(handbook, 2, width_pixels=400)))
    marked = Image.open(io.BytesIO(page_image(handbook, 2, width_pixels=400, highlight="that dogs are welcome.")))
    assert plain.size == marked.size == (400, 566)

    def yellow(image: Image.Image) -> list[int]:
        pixels = image.convert("RGB").load()
        assert pixels is not None
        return [
            y
            for x in range(image.width)
            for y in range(image.height)
            if pixels[x, y][2] < 120 < 200 < pixels[x, y][0]  # type: ignore[index,operator]
        ]

    assert not yellow(plain)
    rows = yellow(marked)
    assert len(rows) > 300
    assert max(rows) - min(rows) < 20  # one line, and not the page


def test_a_page_that_is_not_there_has_no_picture(handbook: bytes) -> None:
    with pytest.raises(BadInput, match="has 3 pages, and this asks for page 4"):
        page_image(handbook, 4)
    with pytest.raises(BadInput, match="is not really a PDF"):
        page_image(b"GIF89a", 1)


# ---- Word ----------------------------------------------------------------------------------------------------------


def docx_of(write: Callable[[docx.document.Document], None]) -> bytes:
    document = docx.Document()
    write(document)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


@pytest.fixture(scope="module")
def report() -> bytes:
    def write(document: docx.document.Document) -> None:
        document.add_heading("Season report", 0)
        document.add_paragraph("We hired out 412 tents.")
        document.add_heading("Fees", 1)
        document.add_paragraph("cleaned", style="List Bullet")
        document.add_paragraph("dried", style="List Bullet")
        table = document.add_table(rows=3, cols=2)
        for row, cells in zip(
            table.rows, (("Item", "Fee"), ("Tent | small", "nine\npounds"), ("Stove", "two")), strict=True
        ):
            for cell, text in zip(row.cells, cells, strict=True):
                cell.text = text
        document.add_heading("Steps", 2)
        document.add_paragraph("Dry it", style="List Number")
        document.add_paragraph("Fold it", style="List Number")
        document.add_paragraph("# is no heading here")

    return docx_of(write)


def test_a_word_document_keeps_headings_lists_and_tables_in_order(report: bytes) -> None:
    found = read("report.docx", report)
    assert found.title == "Season report"
    assert found.text == (
        "# Season report\n\nWe hired out 412 tents.\n\n## Fees\n\n- cleaned\n- dried\n\n"
        "| Item | Fee |\n| --- | --- |\n| Tent \\| small | nine pounds |\n| Stove | two |\n\n"
        "### Steps\n\n1. Dry it\n2. Fold it\n\n\\# is no heading here"
    )


def test_text_in_controls_insertions_links_and_boxes_is_read_and_deleted_text_is_not() -> None:
    w = nsdecls("w")

    def write(document: docx.document.Document) -> None:
        body = document.element.body
        for xml in (
            f"<w:p {w}><w:r><w:t>Kept </w:t></w:r><w:ins><w:r><w:t>and added</w:t></w:r></w:ins>"
            "<w:del><w:r><w:delText>gone</w:delText></w:r></w:del>"
            "<w:hyperlink><w:r><w:t>, linked</w:t></w:r></w:hyperlink></w:p>",
            f"<w:sdt {w}><w:sdtContent><w:p><w:r><w:t>In a control.</w:t></w:r></w:p></w:sdtContent></w:sdt>",
            f"<w:p {w}><w:r><w:t>Outside.</w:t></w:r><w:r><w:pict><w:txbxContent><w:p><w:r><w:t>In a box.</w:t></w:r></w:p>"
            "</w:txbxContent></w:pict></w:r></w:p>",
        ):
            body.insert(len(body) - 1, parse_xml(xml))

    assert read("a.docx", docx_of(write)).text == "Kept and added, linked\n\nIn a control.\n\nOutside.\n\nIn a box."


def repacked(data: bytes, changes: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in changes:
                new.writestr(name, old.read(name))
        for name, content in changes.items():
            new.writestr(name, content)
    return out.getvalue()


def test_a_zip_bomb_is_stopped_while_it_is_unpacked(report: bytes) -> None:
    bomb = repacked(report, {"word/media/image1.bin": bytes(3_000_000)})
    assert len(bomb) < 100_000
    limits = replace(LIMITS, max_inflated_bytes=2_000_000)
    assert reason("a.docx", bomb, limits).startswith("is too large when unpacked: it comes to more than 2 MB")
    # The same with the directory and the header saying that there is next to nothing in it.
    size = struct.pack("<I", 3_000_000)
    assert bomb.count(size) >= 2
    assert "unpacked" in reason("a.docx", bomb.replace(size, struct.pack("<I", 30)), limits)


def test_a_word_document_with_entities_is_refused_before_it_is_parsed(report: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(report)) as package:
        body = package.read("word/document.xml")
    declared = b'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY a "aaaa"><!ENTITY b SYSTEM "file:///etc/passwd">]>'
    evil = declared + body.split(b"?>", 1)[1].replace(b"412", b"&b;")
    assert reason("a.docx", repacked(report, {"word/document.xml": evil})).startswith("has entity declarations")
    wide = evil.decode().replace('version="1.0"', 'version="1.0" encoding="utf-16"').encode("utf-16")
    assert reason("a.docx", repacked(report, {"word/document.xml": wide})).startswith("has entity declarations")


def test_a_word_document_that_cannot_be_read_says_why(report: bytes) -> None:
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500)
    assert reason("a.docx", ole + "EncryptedPackage".encode("utf-16-le")).startswith("is encrypted")
    assert "it is an old .doc file" in reason("a.docx", ole)
    assert reason("a.docx", picture()).startswith("is not really a Word document")
    assert reason("a.docx", report[: len(report) // 2]).startswith("is not really a Word document, or is damaged")
    assert reason("a.docx", docx_of(lambda _: None)).startswith("has no text in it")
    assert reason("a.docx", docx_of(lambda d: d.add_picture(io.BytesIO(picture())))).startswith(
        "has no text in it: it seems"
    )
    other = io.BytesIO()
    with zipfile.ZipFile(other, "w") as package:
        package.writestr("a.txt", "text")
    assert "a zip file with other things in it" in reason("a.docx", other.getvalue())
    many = repacked(report, {f"word/media/{number}.bin": b"" for number in range(5001)})
    assert "it has 5,0" in reason("a.docx", many)
    damaged = bytearray(report)
    at = report.index(b"word/document.xml") + 30
    damaged[at : at + 40] = bytes(40)
    assert reason("a.docx", bytes(damaged)).startswith("is damaged: it cannot be unpacked")


# ---- HTML ----------------------------------------------------------------------------------------------------------

PAGE = """<!doctype html><html><head><title>Hire a tent &amp; more</title><style>p {color: red}</style></head><body>
<header><a href="/">Home</a></header><nav><ul><li>Shop</li></ul></nav>
<div id="cookie-banner" role="dialog"><p>We use cookies.</p><button>Accept</button></div>
<div class="gdpr-consent">Your choices</div><div aria-label="Cookie settings">Settings</div>
<article><h1>Hire a tent</h1><p>Nine&nbsp;pounds a night,<br>all <b>in</b>cluded &ndash; really.</p>
<ul><li>clean<ul><li>inside</li></ul></li><li><p>dry</p></li></ul><ol start="3"><li>fold</li><li>pack</li></ol>
<table><tr><th>Item</th><th>Fee</th></tr><tr><td>Tent</td><td>9 | 10</td></tr>
<tr><td rowspan="2">Stove</td><td>2</td></tr><tr><td>3</td></tr></table>
<p hidden>Hidden one</p><p style="display: none">Hidden two</p><p aria-hidden="true">Hidden three</p>
<form><label>Name</label><input value="x"></form><script>alert("no")</script><!-- a remark -->
<dl><dt>Deposit</dt><dd>30 pounds</dd></dl><blockquote>Lovely tents.</blockquote><pre>a   b
# c</pre><p># not a heading</p><h2>Where</h2><p>At the quay.</p></article>
<aside>Related</aside><footer>Imprint</footer></body></html>"""


def test_a_web_page_is_read_without_what_is_around_its_text() -> None:
    found = read("a.html", PAGE)
    assert found.title == "Hire a tent & more"
    assert found.text == (
        "# Hire a tent\n\nNine pounds a night,\nall included – really.\n\n- clean\n  - inside\n- dry\n3. fold\n4. pack\n\n"
        "| Item | Fee |\n| --- | --- |\n| Tent | 9 \\| 10 |\n| Stove | 2 |\n| Stove | 3 |\n\n"
        "- Deposit: 30 pounds\n\n> Lovely tents.\n\n```\na   b\n# c\n```\n\n\\# not a heading\n\n## Where\n\nAt the quay."
    )


def test_a_page_that_is_deeply_nested_is_read_to_its_end() -> None:
    nested = "<div>" * 5000 + "The heart of it." + "</div>" * 5000 + "<p>And after.</p>"
    text = read("a.html", f"<body>{nested}</body>").text
    assert text == "The heart of it.\n\nAnd after."


@pytest.mark.parametrize(
    "page",
    [
        "<body><form><h1>Tents</h1><p>A page that is all in one form, as some programs make them.</p></form></body>",
        "<article class='post-cookies'><h1>Biscuits</h1><p>About baking cookies at home, at length.</p></article>",
        "<body><header><h1>Tents</h1></header><p>A page with its heading in its header, as is common.</p></body>",
    ],
)
def test_what_looks_like_a_surrounding_but_is_the_page_is_kept(page: str) -> None:
    text = read("a.html", page).text
    assert text.startswith("# ")
    assert text.endswith(".")


def test_main_goes_before_the_rest_of_the_page() -> None:
    page = "<body><div>Teasers</div><main><p>The text.</p></main><div>More teasers</div></body>"
    assert read("a.html", page).text == "The text."


@pytest.mark.parametrize(
    "data",
    [
        "<p>Café</p>".encode(),
        "<meta charset='iso-8859-1'><p>Café</p>".encode("latin-1"),
        "<p>Café</p>".encode("cp1252"),
        "<p>Café</p>".encode("utf-16"),
        "<meta charset='no-such-thing'><p>Café</p>".encode("cp1252"),
    ],
)
def test_a_page_is_decoded_as_it_says_or_as_it_looks(data: bytes) -> None:
    assert read("a.html", data).text == "Café"


def test_a_web_page_that_cannot_be_read_says_why() -> None:
    assert reason("a.html", b"").startswith("is empty")
    assert "binary file" in reason("a.html", picture())
    assert reason("a.html", "<nav>Home</nav><script>1</script>").startswith("has no text in it outside navigation")


# ---- tables --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_a_table_becomes_a_sentence_a_row_whatever_it_is_cut_at(mark: str) -> None:
    rows = (("Item", "Fee", "Note"), ("Tent", "9.50", '"a, b; c | d\t"'), ("Stove", "2", ""))
    found = read("price-list_2024.csv", "\n".join(mark.join(row) for row in rows) + "\n")
    assert found.title == "Price list 2024"
    assert found.text == "Item: Tent; Fee: 9.50; Note: a, b; c | d.\n\nItem: Stove; Fee: 2."
    assert [(place.kind, place.number) for place in found.places] == [("row", 2), ("row", 3)]
    assert place_of(found, "Stove") == ("row", 3)


def test_a_cell_with_markdown_in_it_stays_a_cell() -> None:
    text = read("a.csv", '# No,Note\n1,"# big\n\n- list\n| a | b |\n```"\n2,> quoted\n').text
    assert text == "\\# No: 1; Note: # big - list | a | b | ```.\n\n\\# No: 2; Note: > quoted."


@pytest.mark.parametrize(
    ("table", "text"),
    [
        ("1,2\n3,4\n", "Column 1: 1; Column 2: 2.\n\nColumn 1: 3; Column 2: 4."),
        ("Item,2021,2022\nTent,12,14\n", "Item: Tent; 2021: 12; 2022: 14."),
        ("sep=;\nItem;Fee\nTent;9,50\n", "Item: Tent; Fee: 9,50."),
        ("Fees of the quay,,\nItem,Fee,Note\nTent,9,x\n", "Fees of the quay\n\nItem: Tent; Fee: 9; Note: x."),
        ("Name\nAnna\nBen\n", "Name: Anna.\n\nName: Ben."),
        ("Item,Fee\nTent\nStove,2,,\n\n", "Item: Tent.\n\nItem: Stove; Fee: 2."),
        ("Item,,Fee\nTent,x,9\n", "Item: Tent; Column 2: x; Fee: 9."),
    ],
)
def test_odd_tables_are_read_for_what_they_are(table: str, text: str) -> None:
    assert read("a.csv", table).text == text


def test_a_table_that_would_be_misread_is_refused_with_its_line() -> None:
    assert reason("a.csv", "Item,Fee\nTent,9,50\n").startswith(
        "has 3 values in row 2 but 2 columns (Item, Fee), cut at commas: put a value"
    )
    assert "line 2 that is never closed" in reason("a.csv", 'Item,Fee\n"Tent,9\nStove,2\n')
    assert "out of place in line 2" in reason("a.csv", 'Item,Fee\n"Tent"s,9\n')
    assert "not UTF-8" in reason("a.csv", b"Caf\xe9,1\n")
    assert reason("a.csv", ",,\n,,\n").startswith("is empty")


def test_a_list_of_objects_is_a_table_with_its_numbers_as_written() -> None:
    found = read(
        "stock.json", '[{"item": "Tent", "fee": 3.10, "sizes": [1, 2], "old": null}, {"item": "Stove", "lent": true}]'
    )
    assert found.text == "item: Tent; fee: 3.10; sizes: 1, 2.\n\nitem: Stove; lent: yes."
    assert place_of(found, "Stove") == ("row", 2)
    assert found.title == "Stock"


def test_nested_objects_are_headings_and_lines() -> None:
    data = (
        '{"shop": "Quay", "hours": {"monday": "9-5", "sunday": {"summer": "10-2"}}, "days": ["a", "b"], "a": 1, "a": 2}'
    )
    assert read("a.json", data).text == (
        "- shop: Quay\n- days: a, b\n- a: 1\n- a (2): 2\n\n## hours\n\n- monday: 9-5\n\n### sunday\n\n- summer: 10-2"
    )
    deep = read("a.json", '{"a": {"b": {"c": {"d": {"e": 5}}}}}').text
    assert deep == "## a\n\n### b\n\n#### c\n\n- d > e: 5"


def test_nested_items_have_a_heading_and_a_row_each() -> None:
    found = read("a.json", '[{"name": "Tent", "fee": {"net": 9}}, {"name": "Stove", "fee": {"net": 2}}]')
    assert found.text.startswith("## Tent\n\n- name: Tent\n\n### fee\n\n- net: 9\n\n## Stove")
    assert place_of(found, "net: 2") == ("row", 2)


def test_json_lines_are_a_row_a_line() -> None:
    found = read("a.jsonl", '{"item": "Tent", "fee": {"net": 9}}\n\n{"item": "# Stove\\n- x"}\n"lone"\n')
    assert found.text == "item: Tent; fee > net: 9.\n\nitem: # Stove - x.\n\nValue: lone."
    assert [place.number for place in found.places] == [1, 3, 4]


def test_bad_json_names_its_line() -> None:
    assert reason("a.json", '{"a": 1,\n"b" 2}').startswith("is not valid JSON in line 2, column 5: expecting ':'")
    assert reason("a.jsonl", '{"a": 1}\n{"a": \n').startswith("is not valid JSON Lines in line 2, column 7")
    assert reason("a.json", "[]").startswith("has no text in it")


# ---- all of them ---------------------------------------------------------------------------------------------------


@pytest.fixture(params=["a.csv", "a.json", "a.html", "a.docx"])
def with_controls(request: pytest.FixtureRequest) -> Extracted:
    text = "Zero\u202ewidth\u200f and \ufeffmarks"
    data = {
        "a.csv": f"Note\n{text}\n".encode(),
        "a.json": b'{"note": "Zero\\u202ewidth\\u200f and \\ud800\\u0000\\ufeffmarks"}',
        "a.html": f"<p>{text}</p>".encode(),
        "a.docx": docx_of(lambda document: document.add_paragraph(text)),
    }[request.param]
    return read(request.param, data)


def test_marks_that_turn_or_hide_writing_are_taken_out(with_controls: Extracted) -> None:
    assert "Zerowidth and marks" in with_controls.text
    with_controls.text.encode()


def test_every_ending_has_a_reader_that_can_be_found() -> None:
    for ending, reader in READERS.items():
        with pytest.raises(BadInput, match="is empty"):
            read(f"a{ending}", b"")
        assert reader.format in {"md", "txt", "pdf", "docx", "html", "csv", "json", "jsonl"}


def test_compressed_pages_that_swell_are_stopped_by_the_limits_of_the_process() -> None:
    from lab.rag.load import read_document

    stream = zlib.compress(b"BT /F1 12 Tf (x) Tj ET " * 4_000_000, 9)
    parts = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]/Contents 4 0 R"
        b"/Resources<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>",
        b"<</Length %d/Filter/FlateDecode>>stream\n%b\nendstream" % (len(stream), stream),
    ]
    body = b"%PDF-1.4\n" + b"".join(b"%d 0 obj%b endobj\n" % (n, part) for n, part in enumerate(parts, 1))
    with pytest.raises(BadInput, match=r"took longer than|needs more memory|broke off"):
        read_document("a.pdf", body + b"trailer<</Root 1 0 R/Size 5>>", replace(LIMITS, seconds=2.0))
