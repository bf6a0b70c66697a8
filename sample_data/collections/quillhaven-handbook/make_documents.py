"""Writes the PDF and Word documents of this collection from the texts below: the same bytes every time."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import docx
from fpdf import FPDF
from fpdf.fonts import FontFace

HERE = Path(__file__).parent / "documents"
MADE = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)

# A block is ("h1" | "h2" | "p", text), ("ul", [item, …]), ("table", [[heading, …], [cell, …], …]) or ("page", "").
Block = tuple[str, object]

PENSION: list[Block] = [
    ("h1", "The pension scheme"),
    (
        "p",
        "In force from 1 April 2025. This guide replaces the leaflet of 1 April 2022. Owner: Dunstan Okafor, Payroll. "
        "The scheme is run by Heronsgate Mutual and watched over by five trustees, whose chair is Lorcan Petty. "
        "The trustees meet in March and October.",
    ),
    ("h2", "Joining"),
    (
        "p",
        "You join with your first pay day. You can opt out within one month and have your money back. "
        "Whoever has opted out is asked again every three years, in May.",
    ),
    ("h2", "What is paid in"),
    (
        "p",
        "The usual payment is 5% of your salary from you and 9% from the company. If you pay more, the company pays "
        "more, up to a limit. You can change your share twice a year, on 1 April and on 1 October.",
    ),
    (
        "table",
        [
            ["You pay", "The company pays", "Together"],
            ["4%", "7.5%", "11.5%"],
            ["5%", "9%", "14%"],
            ["6%", "10%", "16%"],
            ["7% or more", "11.5%", "18.5% or more"],
        ],
    ),
    (
        "p",
        "Your share is taken before tax by salary exchange, so that you also save National Insurance. "
        "During family leave the company goes on paying its share as if you were on full pay.",
    ),
    ("h2", "If you die in service"),
    (
        "p",
        "The people you have named receive four times your yearly salary. Name them on form P3 and look at it again "
        "after a wedding, a birth or a divorce. The trustees usually pay within six weeks.",
    ),
    ("page", ""),
    ("h2", "Where the money goes"),
    ("p", "You choose among three funds. If you choose nothing, you are in Balanced."),
    (
        "ul",
        [
            "Harbour: mostly bonds, for the last years before retiring.",
            "Balanced: about 60% shares.",
            "Spinnaker: nearly all shares, for people with a long time to go.",
        ],
    ),
    (
        "p",
        "You may switch twice a year for nothing; every further switch costs £20. "
        "The yearly charge is 0.38% of what you have saved.",
    ),
    ("h2", "Bringing in an old pension"),
    (
        "ul",
        [
            "Form: P7, from Payroll.",
            "It usually takes: eight weeks.",
            "Smallest sum: £500.",
            "Advice is compulsory: above £30,000 in a final-salary scheme.",
        ],
    ),
    ("h2", "Retiring"),
    (
        "p",
        "The scheme expects you to retire at 66, but you can choose any age from 57. A quarter of the sum can be taken "
        "free of tax. Because of serious illness you can draw the pension earlier, if Thornleigh Health agrees.",
    ),
    (
        "p",
        "Everyone over 54 may go to the two-day seminar 'Ashore', with a partner, on full pay. It is held each "
        "February at the Pilot House Hotel.",
    ),
    ("h2", "When you leave"),
    (
        "p",
        "Your savings stay yours from the first day. You can leave them with Heronsgate Mutual or take them along. "
        "The statement comes every October with your payslip. Questions go to Dunstan Okafor, extension 415.",
    ),
]

PENSION_2022: list[Block] = [
    ("h1", "Pension leaflet 2022 (replaced)"),
    (
        "p",
        "Dated 1 April 2022. This leaflet was replaced on 1 April 2025 by the guide to the pension scheme. It is kept "
        "for the record only; do not use its figures.",
    ),
    ("h2", "Joining"),
    (
        "p",
        "You join after three months of service. If you would rather not be in the scheme, write to Payroll and you "
        "are left out until you ask to come in.",
    ),
    ("h2", "What is paid in"),
    (
        "p",
        "The usual payment is 5% of your salary from you and 6% from the company. If you pay more, the company does "
        "not pay more, except for staff who joined before 2010.",
    ),
    (
        "table",
        [
            ["You pay", "The company pays", "Together"],
            ["4%", "5%", "9%"],
            ["5%", "6%", "11%"],
            ["6% (joined before 2010)", "7%", "13%"],
        ],
    ),
    ("page", ""),
    ("h2", "If you die in service"),
    ("p", "The people you have named receive three times your yearly salary. Name them on form P3."),
    ("h2", "Where the money goes"),
    (
        "p",
        "There is one fund, and its yearly charge is 0.55% of what you have saved. It is run by Heronsgate Mutual. "
        "The statement is posted to your home.",
    ),
    ("h2", "Retiring"),
    (
        "p",
        "The scheme expects you to retire at 65, but you can choose any age from 55. A quarter of the sum can be taken "
        "free of tax.",
    ),
    ("h2", "When you leave"),
    ("p", "Your savings stay yours. You can leave them in the scheme or take them along to a new employer."),
]

SAFETY: list[Block] = [
    ("h1", "Workshop safety"),
    (
        "p",
        "In force from 1 September 2025. Owner: Una Braithe, Safety Adviser, extension 222. Everyone may stop a "
        "machine or a job that looks dangerous. Nobody will ever be blamed for stopping it.",
    ),
    ("h2", "In case of fire"),
    (
        "p",
        "Press the nearest red button, leave by the nearest door and go to the assembly point of your site. The alarm "
        "is tested on Tuesdays at 10.15 am. A full drill is held three times a year. Wardens wear orange waistcoats.",
    ),
    (
        "table",
        [
            ["Site", "Assembly point", "First aiders", "Defibrillator"],
            ["Quillhaven Works", "Bowling green", "14", "Main gate"],
            ["Ostley Bridge", "Chapel car park", "6", "Mill entrance"],
            ["Marram Point", "Lifeboat slip", "5", "Signal room"],
        ],
    ),
    ("h2", "Accidents"),
    (
        "p",
        "Report every accident before the end of the shift, however small, in the red book at the first-aid post. "
        "Near misses go into the green box and may be unsigned. Una Braithe looks into each one within four days.",
    ),
    ("h2", "Mercury spill"),
    (
        "ul",
        [
            "Clear everyone out to: 12 metres.",
            "Leave the fans running for: 40 minutes.",
            "Kit: in the yellow cabinet by the door.",
            "Never use: a vacuum cleaner.",
        ],
    ),
    (
        "p",
        "Only people with the mercury certificate may work in the mercury room. They give a urine sample to "
        "Thornleigh Health every four months.",
    ),
    ("page", ""),
    ("h2", "Eyes, ears and hands"),
    (
        "p",
        "Safety glasses are worn beyond every yellow line. Ear defenders are worn in the press shop, where the noise "
        "reaches 88 decibels. No gloves, rings or loose sleeves at a lathe. Long hair is tied back.",
    ),
    ("h2", "Lifting"),
    (
        "p",
        "Anything heavier than 17 kg is lifted by two people or with the hoist. The hoist in bay 4 carries 250 kg "
        "and is examined every January and July.",
    ),
    ("h2", "Working alone"),
    (
        "ul",
        [
            "Tell: the duty guard, before you begin.",
            "Ring in: every 45 minutes.",
            "Not allowed alone: lathes, presses, mercury, climbing.",
        ],
    ),
    ("h2", "Heat and cold"),
    (
        "p",
        "Bench rooms are kept at 17 degrees or warmer. Above 28 degrees everyone has ten extra minutes of rest in each "
        "hour. In the gauge workshop, where the doors stand open, hot drinks are free from November to March.",
    ),
    ("h2", "Expecting a child"),
    (
        "p",
        "Tell Una Braithe as soon as you wish. She looks at your work place within three working days. Pregnant staff "
        "do not work in the mercury room, in the press shop or on the survey boat.",
    ),
    ("h2", "The safety committee"),
    (
        "p",
        "It meets on the second Wednesday of every other month in the boiler house. Each site sends two people, "
        "elected for three years.",
    ),
]

FAMILY: list[Block] = [
    ("h1", "Family leave"),
    (
        "p",
        "In force from 1 April 2025. Owner: Imogen Tressider, Head of People. For advice, also before you have told "
        "your manager, ring Nell Arkwright on extension 412. What you say to her goes no further.",
    ),
    ("h2", "Pay at a glance"),
    (
        "p",
        "The table holds for staff with at least 26 weeks of service. Statutory pay is contained in it. With shorter "
        "service you receive statutory pay alone.",
    ),
    (
        "table",
        [
            ["Kind of leave", "Full pay", "Half pay after that", "Tell us by"],
            ["Maternity", "21 weeks", "9 weeks", "15 weeks before the birth"],
            ["Adoption", "18 weeks", "8 weeks", "7 days after the match"],
            ["Partner", "5 weeks", "none", "28 days before it begins"],
            ["Shared parental", "13 weeks", "6 weeks", "8 weeks before it begins"],
        ],
    ),
    ("h2", "Before the birth"),
    (
        "p",
        "Appointments with the midwife or doctor are working time, whatever their number. The partner has paid time "
        "off for four appointments. Maternity leave can begin 11 weeks before the due date at the earliest.",
    ),
    ("h2", "Partner's leave"),
    (
        "p",
        "It may be taken in one piece or in two, within 52 weeks of the birth. It is open to partners of any sex, and "
        "to partners of people who adopt.",
    ),
    ("h2", "Fertility treatment"),
    (
        "ul",
        ["Paid days off: six in each cycle.", "For the partner: two in each cycle.", "Proof: the clinic's letter."],
    ),
    ("h2", "Babies in hospital"),
    (
        "ul",
        [
            "Extra leave on full pay: up to 12 weeks.",
            "Counted from: the eighth day after the birth.",
            "Parking at the hospital: paid by the company.",
        ],
    ),
    ("h2", "Losing a baby"),
    (
        "p",
        "After a miscarriage both parents have ten days of paid leave, at any stage of the pregnancy and without a "
        "doctor's letter. After a stillbirth all family leave stays as it was planned.",
    ),
    ("h2", "Keeping in touch"),
    (
        "p",
        "During the leave you may work up to ten days without ending it. Each is paid as a whole day, even if you come "
        "for an hour. You decide how much we write to you.",
    ),
    ("h2", "Coming back"),
    (
        "p",
        "Give eight weeks' notice if you want to come back on another day than agreed. In the first five weeks you may "
        "work four days a week for full pay. There are rooms for feeding and for expressing milk: room 116 at "
        "Quillhaven Works and room B6 at Ostley Bridge. At Marram Point the chart room is kept free on request.",
    ),
    ("h2", "Later on"),
    (
        "p",
        "Each parent may take 18 weeks of unpaid leave for each child before the child is 18, at most four weeks a "
        "year. If a child falls ill you have three paid days a year for finding help. Carers of a sick or old relative "
        "have one week of unpaid leave a year, which we pay for in the first year of caring.",
    ),
    ("h2", "A present"),
    ("p", "The company sends a silver-plated spoon, engraved with the weather on the day of birth."),
]

TRAINING: list[Block] = [
    ("h1", "Training and learning"),
    (
        "p",
        "In force from 1 January 2026. Owner: Tobias Quern, training office, Ostley Bridge. Everyone has a learning "
        "talk with the manager in January and writes down one wish and one need.",
    ),
    ("h2", "Money and time"),
    (
        "p",
        "Each person has £640 a year for courses and books. Part-time staff have the same sum. Learning takes up to "
        "six paid days a year. One subscription to a professional body is paid for you, up to £210.",
    ),
    ("h2", "Compulsory courses"),
    (
        "table",
        [
            ["Course", "For whom", "Length", "Again after"],
            ["Fire safety", "Everyone", "40 minutes", "12 months"],
            ["Data protection", "Everyone", "55 minutes", "18 months"],
            ["Manual handling", "Bench, stores and yard", "2 hours", "24 months"],
            ["Mercury certificate", "Mercury room", "1 day", "15 months"],
            ["Forklift licence", "Stores", "3 days", "5 years"],
            ["Sea survival", "Survey boat crew", "2 days", "4 years"],
            ["First aid", "First aiders", "3 days", "3 years"],
        ],
    ),
    (
        "p",
        "Two reminders come by email, 30 and ten days before a course runs out. Without a valid certificate you may "
        "not do the work in question, but your pay goes on.",
    ),
    ("h2", "Exams"),
    (
        "ul",
        [
            "Paid days for revising: two for each paper.",
            "Day of the exam: paid as well.",
            "Fee for a second try: we pay half.",
            "Bonus for passing: £150.",
        ],
    ),
    ("h2", "Expensive courses"),
    (
        "p",
        "A course that costs more than £1,600 needs a signed agreement. If you leave within six months of its end you "
        "pay back all of it, within 14 months one third, later nothing.",
    ),
    ("h2", "Apprentices"),
    (
        "p",
        "We take eleven apprentices each September. College day is Thursday, at Ostley College. Each apprentice "
        "spends four months in every department and builds a barometer to keep. The workshop master for apprentices "
        "is Hal Brindle.",
    ),
    ("h2", "Mentoring"),
    (
        "ul",
        [
            "Meetings: seven in a year.",
            "Pairs are made: in the first week of February.",
            "Your mentor comes from: another site.",
        ],
    ),
    ("h2", "Languages"),
    (
        "p",
        "Free lessons in German are held on Tuesdays and in Japanese on Fridays, from 12.15 pm to 1 pm, in room B2 and "
        "on the screen. Half of the time counts as work.",
    ),
    ("h2", "Talks and the library"),
    (
        "p",
        "On the last Thursday of the month somebody explains an instrument over lunch; soup is free. The library in "
        "the mill loft lends books for five weeks, and Cressida Holt orders whatever you miss there.",
    ),
]


class _Pages(FPDF):
    """A PDF with a running foot on every page."""

    def footer(self) -> None:
        self.set_y(-15)
        self.set_font("Helvetica", "I", 8)
        self.cell(0, 8, f"Quillhaven Instruments - staff handbook - page {self.page_no()}", align="C")


def _write_pdf(name: str, blocks: list[Block]) -> None:
    pdf = _Pages(format="A4")
    pdf.set_creation_date(MADE)
    pdf.set_title(str(blocks[0][1]))
    pdf.set_lang("en-GB")
    pdf.set_margin(22)
    pdf.set_auto_page_break(True, margin=20)
    pdf.add_page()
    for kind, content in blocks:
        if kind == "page":
            pdf.add_page()
        elif kind in ("h1", "h2"):
            pdf.set_font("Helvetica", "B", 21 if kind == "h1" else 15)
            pdf.multi_cell(0, 11, str(content), align="L", new_x="LMARGIN", new_y="NEXT")
        elif kind == "p":
            pdf.set_font("Helvetica", "", 11)
            pdf.multi_cell(0, 6, str(content), align="L", new_x="LMARGIN", new_y="NEXT")
            pdf.ln(3)
        elif kind == "ul":
            pdf.set_font("Helvetica", "", 11)
            for item in content:  # type: ignore[attr-defined]
                pdf.multi_cell(0, 6, f"\x95 {item}", align="L", new_x="LMARGIN", new_y="NEXT")
            pdf.ln(3)
        else:
            pdf.set_font("Helvetica", "", 10)
            with pdf.table(text_align="LEFT", headings_style=FontFace(emphasis="BOLD"), line_height=7) as table:
                for cells in content:  # type: ignore[attr-defined]
                    table.row(cells)
            pdf.ln(4)
    pdf.output(str(HERE / name))


def _write_docx(name: str, blocks: list[Block]) -> None:
    document = docx.Document()
    about = document.core_properties
    about.title, about.author, about.last_modified_by = str(blocks[0][1]), "Quillhaven Instruments", ""
    about.created = about.modified = MADE.replace(tzinfo=None)
    for kind, content in blocks:
        if kind in ("h1", "h2"):
            document.add_heading(str(content), level=int(kind[1]))
        elif kind == "p":
            document.add_paragraph(str(content))
        elif kind == "ul":
            for item in content:  # type: ignore[attr-defined]
                document.add_paragraph(item, style="List Bullet")
        else:
            rows: list[list[str]] = content  # type: ignore[assignment]
            table = document.add_table(rows=0, cols=len(rows[0]), style="Table Grid")
            for cells in rows:
                for cell, text in zip(table.add_row().cells, cells, strict=True):
                    cell.text = text
    buffer = io.BytesIO()
    document.save(buffer)
    # The zip inside carries the time of writing for every part: give each the same fixed one.
    with zipfile.ZipFile(buffer) as given, zipfile.ZipFile(HERE / name, "w", zipfile.ZIP_DEFLATED) as fixed:
        for part in given.namelist():
            entry = zipfile.ZipInfo(part, date_time=(2026, 1, 5, 9, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            fixed.writestr(entry, given.read(part))


PDFS = {"pension-scheme.pdf": PENSION, "pension-leaflet-2022.pdf": PENSION_2022, "workshop-safety.pdf": SAFETY}
WORD = {"family-leave.docx": FAMILY, "training.docx": TRAINING}


def main() -> None:
    """Write every PDF and Word document into `documents/`."""
    HERE.mkdir(exist_ok=True)
    for name, blocks in PDFS.items():
        _write_pdf(name, blocks)
    for name, blocks in WORD.items():
        _write_docx(name, blocks)


if __name__ == "__main__":
    main()
