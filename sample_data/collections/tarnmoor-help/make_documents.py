"""Writes the warranty booklet (PDF) and the trade-account terms (DOCX) of this collection, the same bytes each time."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from docx import Document
from fpdf import FPDF, FontFace

DOCUMENTS = Path(__file__).parent / "documents"

# A block is (kind, content): a string for title, heading and paragraph, strings for list, rows for table, header first.
Rows = Sequence[tuple[str, ...]]
Block = tuple[str, str | Sequence[str] | Rows]

BOOKLET: list[Block] = [
    ("title", "Warranty booklet: accessories and camp equipment"),
    (
        "paragraph",
        "Edition of March 2026. The warranty page of our help centre covers jackets, tents, boots, stoves, rucksacks "
        "and sleeping bags. This booklet covers the smaller things that carry the Tarnmoor label. Please keep it with "
        "your receipt.",
    ),
    ("heading", "Cover by product"),
    (
        "paragraph",
        "The cover begins on the date of purchase. The label code is printed on the white label or stamped on the "
        "base; please quote it when you write to us.",
    ),
    (
        "table",
        [
            ("Product", "Cover", "Label code"),
            ("Head torches", "4 years", "HT"),
            ("Lanterns", "30 months", "LN"),
            ("Walking poles", "5 years", "WP"),
            ("Walking trousers", "33 months", "TR"),
            ("Fleeces", "45 months", "FL"),
            ("Base layers", "15 months", "BL"),
            ("Hats and scarves", "9 months", "HS"),
            ("Camp chairs", "3 years", "CC"),
            ("Folding tables", "42 months", "FT"),
            ("Cooking sets", "8 years", "CK"),
            ("Water bottles", "12 years", "WB"),
            ("Dry bags", "27 months", "DB"),
        ],
    ),
    ("heading", "Head torches"),
    (
        "paragraph",
        "Switches, charging sockets and cracked lenses are covered. Batteries are covered for the first half year "
        "only.",
    ),
    (
        "list",
        [
            "Spare parts are kept for six years after the last one is sold.",
            "A loan is offered when the mend takes more than ten days.",
            "Water damage is covered down to a depth of one metre.",
        ],
    ),
    ("heading", "Lanterns"),
    ("paragraph", "The hook, the dimmer and the globe are covered, as long as the globe did not break in a fall."),
    (
        "list",
        [
            "Spare parts are kept for four years after the last one is sold.",
            "A loan is offered when the mend takes more than 18 days.",
            "Please send the charging lead as well.",
        ],
    ),
    ("heading", "Walking poles"),
    ("paragraph", "A bent section counts as a fault if it bent in ordinary walking, and so does a lock that slips."),
    (
        "list",
        [
            "Spare parts are kept for nine years after the last one is sold.",
            "Always send both of the pair, even if only one is faulty.",
            "Worn tips and baskets are not covered.",
        ],
    ),
    ("heading", "Camp chairs and folding tables"),
    (
        "paragraph",
        "Our chairs are tested with a load of 125 kg and our tables with a load of 40 kg. Damage by a heavier load is "
        "not covered. Fabric that fades in the sun is not covered either, but a seam that opens is.",
    ),
    ("heading", "Spare parts to buy"),
    (
        "paragraph",
        "When the cover has ended, or when a part is simply lost, you can buy it from us. The prices include postage.",
    ),
    (
        "table",
        [
            ("Part", "Price", "Posted within"),
            ("Head torch strap", "£3.20", "2 working days"),
            ("Lantern globe", "£5.40", "4 working days"),
            ("Lantern hook", "£1.90", "2 working days"),
            ("Pole tip", "£2.60", "2 working days"),
            ("Pole wrist loop", "£3.90", "3 working days"),
            ("Water bottle cap", "£1.70", "2 working days"),
            ("Chair foot", "£2.10", "5 working days"),
            ("Cooking set handle", "£4.60", "7 working days"),
            ("Dry bag clip", "£1.20", "2 working days"),
        ],
    ),
    ("heading", "If we say no"),
    (
        "paragraph",
        "You may ask for a second look within 25 days of our answer. It is done by somebody who has not seen the claim "
        "before, and it costs nothing. If that answer is no as well, we send the item home or recycle it, as you "
        "choose. In 2025 one claim in seven was decided differently at the second look.",
    ),
    ("heading", "Your rights in law"),
    ("paragraph", "This booklet adds to the rights that the law gives to every customer and takes none of them away."),
]

TRADE: list[Block] = [
    ("title", "Trade accounts: terms and services"),
    (
        "paragraph",
        "These terms apply from 1 February 2026 to guides, schools, councils, hotels and other organisations that buy "
        "from Tarnmoor Outfitters. Payment periods and credit limits are explained on the page about payment and "
        "invoices.",
    ),
    ("heading", "Who may apply"),
    ("paragraph", "An organisation can open an account when it meets all of these conditions:"),
    (
        "list",
        [
            "It has been trading for at least ten months.",
            "It can name two suppliers as references.",
            "It expects to spend at least £750 with us in its first year.",
        ],
    ),
    (
        "paragraph",
        "Applications are checked within six working days. An account that has not been used for 16 months is closed.",
    ),
    ("heading", "Discount bands"),
    (
        "paragraph",
        "The band depends on what the organisation spent in the previous calendar year. New customers start in the "
        "Birch band. Bands change on 15 January and are never lowered in the middle of a year.",
    ),
    (
        "table",
        [
            ("Band", "Yearly spend", "Discount", "Sample loan"),
            ("Birch", "up to £2,499", "5%", "4 days"),
            ("Alder", "from £2,500", "9%", "7 days"),
            ("Larch", "from £6,000", "13%", "11 days"),
            ("Oak", "from £15,000", "18%", "21 days"),
        ],
    ),
    (
        "paragraph",
        "The discount applies to full-price goods. It is not given on fuel, gift cards, courses or hire, and it cannot "
        "be joined to another offer.",
    ),
    ("heading", "Embroidery"),
    ("paragraph", "Logos are stitched on jackets, fleeces and hats in our own workroom."),
    (
        "list",
        [
            "Set-up costs £28 for a new design.",
            "The smallest run is 24 pieces.",
            "Orders are ready in 12 working days.",
            "Up to five thread colours are included.",
        ],
    ),
    ("heading", "Printed labels"),
    ("paragraph", "Cotton labels with the name of a club or school are sewn in or sent loose."),
    (
        "list",
        [
            "Each piece costs 85p.",
            "The smallest run is 60 pieces.",
            "Orders are ready in eight working days.",
        ],
    ),
    ("heading", "Pallet delivery"),
    (
        "paragraph",
        "Large trade orders travel on pallets. A half pallet costs £39 and a full pallet costs £64. Somebody must be "
        "there to sign between 7 am and 1 pm. The driver needs a hard surface and a gate at least 2.7 metres wide.",
    ),
    ("heading", "Buyers and statements"),
    (
        "paragraph",
        "Each account may name up to six buyers. A statement is sent on the third working day of every month. If an "
        "invoice is more than 20 days overdue, the account is put on hold until it has been paid.",
    ),
    ("heading", "Contact"),
    (
        "paragraph",
        "Osric Penhale runs the trade desk. It is on extension 367 and is staffed from 7:45 am to 4:15 pm on weekdays. "
        "The address is trade@tarnmoor.example.",
    ),
]


class Booklet(FPDF):
    """An A4 page with the booklet's name and the page number at its foot."""

    def footer(self) -> None:
        self.set_y(-15)
        self.set_font("Helvetica", size=8)
        self.cell(0, 8, f"Tarnmoor warranty booklet, March 2026 - page {self.page_no()}", align="C")


def write_booklet(blocks: list[Block], path: Path) -> None:
    """Write the blocks as a PDF with larger headings and ruled tables."""
    pdf = Booklet(format="A4")
    pdf.set_creation_date(datetime(2026, 3, 2, tzinfo=UTC))
    pdf.set_title("Warranty booklet: accessories and camp equipment")
    pdf.set_author("Tarnmoor Outfitters")
    pdf.set_margin(22)
    pdf.set_auto_page_break(True, margin=22)
    pdf.add_page()
    for kind, content in blocks:
        if isinstance(content, str):
            size, style, gap = {"title": (18, "B", 4.0), "heading": (14, "B", 1.5), "paragraph": (11, "", 3.0)}[kind]
            if kind == "heading" and pdf.will_page_break(30):  # a heading never stands alone at the foot of a page
                pdf.add_page()
            pdf.set_font("Helvetica", style, size)
            pdf.multi_cell(0, size * 0.5, content, align="L", new_x="LMARGIN", new_y="NEXT")
            pdf.ln(gap)
            continue
        pdf.set_font("Helvetica", size=11)
        if kind == "list":
            for item in content:
                pdf.multi_cell(0, 5.5, f"- {item}", align="L", new_x="LMARGIN", new_y="NEXT")
        else:
            with pdf.table(line_height=6, text_align="LEFT", headings_style=FontFace(emphasis="BOLD")) as table:
                for cells in content:
                    table.row(list(cells))
        pdf.ln(3)
    pdf.output(str(path))


def write_terms(blocks: list[Block], path: Path) -> None:
    """Write the blocks as a DOCX with Word's own heading, list and table styles."""
    word = Document()
    properties = word.core_properties
    properties.title, properties.author = "Trade accounts: terms and services", "Tarnmoor Outfitters"
    properties.comments, properties.last_modified_by = "", "Tarnmoor Outfitters"
    properties.created = properties.modified = datetime(2026, 2, 1)
    for kind, content in blocks:
        if isinstance(content, str):
            if kind == "paragraph":
                word.add_paragraph(content)
            else:
                word.add_heading(content, level=1 if kind == "title" else 2)
        elif kind == "list":
            for item in content:
                word.add_paragraph(str(item), style="List Bullet")
        else:
            table = word.add_table(rows=0, cols=len(content[0]))
            table.style = "Table Grid"
            for cells in content:
                for cell, text in zip(table.add_row().cells, cells, strict=True):
                    cell.text = text
    packed = BytesIO()
    word.save(packed)
    # python-docx stamps each part with the present time; packed again with one fixed date the bytes stay the same.
    with zipfile.ZipFile(packed) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            part = zipfile.ZipInfo(name, (2026, 2, 1, 0, 0, 0))
            part.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(part, source.read(name))


if __name__ == "__main__":
    write_booklet(BOOKLET, DOCUMENTS / "warranty-booklet.pdf")
    write_terms(TRADE, DOCUMENTS / "trade-accounts.docx")
