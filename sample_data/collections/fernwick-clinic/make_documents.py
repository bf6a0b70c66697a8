"""Write the PDF and DOCX leaflets of this collection into documents/, with the same bytes each time."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime
from pathlib import Path

from docx import Document
from fpdf import FPDF
from fpdf.fonts import FontFace

Rows = list[list[str]]
Block = tuple[str, str | list[str] | Rows]  # ("title" | "heading" | "text", str), ("list", items), ("table", rows)

MADE = datetime(2025, 6, 2, 9, 0, tzinfo=UTC)
AUTHOR = "Fernwick Community Clinic"
DOCUMENTS = Path(__file__).parent / "documents"

EYE_TESTS: list[Block] = [
    ("title", "Your eye test"),
    (
        "text",
        "This leaflet is invented for teaching. It is not medical advice, and the drops named in it do not exist.",
    ),
    (
        "text",
        "Eye tests are done by our optometrist, Ottoline Vesey, in the Dunnock Room at Mill Lane. On the last Friday of "
        "the month they are done at Quarry Road instead. A test takes 30 minutes, or 45 minutes if you need drops.",
    ),
    ("heading", "How often to come"),
    (
        "table",
        [
            ["Who", "Come every", "Drops", "Photograph"],
            ["Children under 8", "9 months", "always", "no"],
            ["Children 8 to 15", "14 months", "first time only", "no"],
            ["Adults 16 to 59", "30 months", "if needed", "if you ask"],
            ["Adults 60 and over", "18 months", "if needed", "yes"],
            ["Close relative with high eye pressure", "12 months", "yes", "yes"],
        ],
    ),
    (
        "text",
        "We write to you three weeks before a test is due. If your sight changes suddenly, do not wait for the letter: "
        "ring extension 235 and you will be seen within one working day.",
    ),
    ("heading", "What to bring"),
    (
        "list",
        [
            "All the glasses that you use, even broken ones.",
            "The names of your medicines.",
            "Sunglasses for the way home, if you may have drops.",
            "Contact lens wearers: the box the lenses came in.",
        ],
    ),
    ("heading", "Contact lenses"),
    (
        "list",
        [
            "Soft lenses: leave them out for 24 hours before the test.",
            "Hard lenses: leave them out for four days before the test.",
            "New wearers come back for a fitting lesson of 50 minutes.",
        ],
    ),
    ("heading", "Drops that widen the pupil"),
    (
        "text",
        "We use Quillet drops. They sting for about ten seconds and begin to work after 20 minutes. Your sight is "
        "blurred for up to five hours. Do not drive until the next morning. Children with light eyes may stay blurred "
        "for seven hours, because the colour in the eye holds less of the drop.",
    ),
    ("heading", "What happens in the room"),
    (
        "text",
        "First you read a chart at four metres. Then a machine blows a puff of air at each eye to measure the pressure; "
        "a reading of 23 or more is measured again on another day. The optometrist looks at the back of the eye with a "
        "bright lamp. You see orange shadows for a minute or two afterwards. Last comes the field test: you press a "
        "button each time you see a spark, 54 times for each eye.",
    ),
    ("heading", "Glasses"),
    (
        "text",
        "We do not sell glasses. You are given a prescription, which is valid for two years, and you can take it to any "
        "shop. Three shops in Fernwick give our patients a reduction; the names are on the board outside the room. The "
        "optical assistant, Hamish Bellweather, mends loose screws and bent arms free of charge on Thursday from 2 pm "
        "to 3.15 pm.",
    ),
    ("heading", "Help with the cost"),
    (
        "text",
        "A voucher towards glasses is given to children and to people with a welfare letter. It is worth £46 for single "
        "lenses and £71 for lenses with two strengths. One replacement a year is paid for when a child breaks a pair.",
    ),
    ("heading", "If we find something"),
    (
        "text",
        "About one person in twelve is asked to come back. If you need the hospital, we send the letter the same day, "
        "and the hospital writes to you within 16 days. You get a copy. If you hear nothing, ring extension 236.",
    ),
    ("heading", "Screen work"),
    (
        "text",
        "Sit so that the screen is 60 cm away and a little below your eyes. Every 25 minutes look out of a window for "
        "half a minute. An employer can ask us for a screen report; it costs £22 and is ready in six working days.",
    ),
]

TRAVEL_ADVICE: list[Block] = [
    ("title", "Travel advice and vaccination visits"),
    ("text", "This leaflet is invented for teaching. The places, illnesses and vaccines in it do not exist."),
    (
        "text",
        "Come to the travel nurse, Mirela Oakden, at least seven weeks before you leave. She works in the Linnet Room "
        "at Mill Lane. If you leave sooner, come anyway: some protection is better than none. A travel consultation "
        "takes 25 minutes for one person and ten minutes more for each further member of the family, up to five people.",
    ),
    ("heading", "Places and what they need"),
    (
        "table",
        [
            ["Place", "Vaccine", "Water", "Insects"],
            ["Isle of Pellan", "Pellan Drops", "safe", "few"],
            ["Dravost coast", "Duneward", "boil 3 minutes", "sandflies at dusk"],
            ["Upper Morvane", "Morvane Ward", "boil 8 minutes", "none"],
            ["Kessaly, towns", "none", "bottled only", "few"],
            ["Kessaly, marshes", "Marshguard", "bottled only", "midges all day"],
        ],
    ),
    ("text", "Prices, doses and gaps are in the vaccination schedule, which the nurse goes through with you."),
    ("heading", "Before the visit"),
    (
        "list",
        [
            "Fill in the travel form and hand it in four working days ahead.",
            "Bring your vaccination booklet; a new one costs £2.50.",
            "Eat something, and wear a loose sleeve.",
            "Tell us about any fever in the last six days.",
        ],
    ),
    ("heading", "After a vaccination"),
    (
        "text",
        "Sit in the corridor for 15 minutes. The arm may be sore for two days. A rash smaller than a coin is common "
        "after Duneward and goes within 72 hours. You can have a bath the same day, but do not swim until the next one. "
        "After Owlshield no alcohol should be drunk for 36 hours.",
    ),
    ("heading", "The certificate"),
    (
        "text",
        "The Isle of Pellan asks for a certificate at the harbour. It is printed on green paper and becomes valid nine "
        "days after the last dose. We print it free of charge on the day; a lost certificate costs £12.50 to replace.",
    ),
    ("heading", "Medicines in your bag"),
    (
        "text",
        "Keep medicines in their boxes and in hand luggage. A letter for customs costs £6 and covers up to ten "
        "medicines. Kessaly does not let Dunmarrow tablets in at all; ask the pharmacist for another choice at least "
        "three weeks before you go.",
    ),
    ("heading", "High places"),
    (
        "text",
        "Above 3000 metres, climb no more than 350 metres a day and rest on every fourth day. Headache on the first night "
        "is common. If you stumble or see double, go down at once by 600 metres. Drink 3 litres a day.",
    ),
    ("heading", "Insects"),
    (
        "list",
        [
            "Sandflies: long sleeves from 5 pm, and a net with holes under 1 mm.",
            "Midges: Hartle spray every four hours, not on children under 3.",
            "Ticks: look behind the knees each evening and pull straight, never twist.",
        ],
    ),
    ("heading", "Upset stomach"),
    (
        "text",
        "Drink one glass of Tamble salts after each visit to the toilet, made with safe water. One packet makes half a "
        "litre and must be drunk within 12 hours. See a doctor if it lasts longer than three days, or longer than one day "
        "in a child under 4.",
    ),
    ("heading", "When you come home"),
    (
        "text",
        "Ring the travel team on extension 243 if you have a fever within 90 days of coming home, and say where you have been. "
        "Unused Hartle spray can be handed in, but we do not pay for it. People who have had sand fever cannot give "
        "blood for 14 months.",
    ),
]

AFTERCARE: list[Block] = [
    ("title", "After minor surgery"),
    ("text", "This leaflet is invented for teaching. It is not medical advice, and the products in it do not exist."),
    (
        "text",
        "It is for people who have had a mole, a cyst or a small lump removed in the Plover Suite. Saskia Thornquist "
        "operates on Thursday. You rest in the Curlew Room for 40 minutes and need an adult to take you home.",
    ),
    ("heading", "The first day"),
    (
        "text",
        "The numbness wears off after about three hours. Do not drive for 24 hours and do not sign anything important. "
        "If blood comes through the dressing, press on it without looking for 15 minutes. If it still bleeds, ring us.",
    ),
    ("heading", "Dressing"),
    (
        "list",
        [
            "Keep it dry for the first 60 hours.",
            "After that, change it every second day, with clean hands.",
            "Use the three spare dressings in your pack; more cost £1.80 each.",
        ],
    ),
    ("heading", "Stitches"),
    (
        "table",
        [
            ["Part of the body", "Stitches out after", "No sport for", "Who takes them out"],
            ["Face", "5 days", "10 days", "recovery nurse"],
            ["Scalp", "8 days", "12 days", "recovery nurse"],
            ["Arm or hand", "11 days", "21 days", "any nurse"],
            ["Back or chest", "13 days", "5 weeks", "any nurse"],
            ["Leg or foot", "15 days", "6 weeks", "recovery nurse"],
        ],
    ),
    (
        "text",
        "Stitches that dissolve are blue. They go by themselves in about five weeks. Book the visit before you leave "
        "the suite; it takes ten minutes and costs nothing.",
    ),
    ("heading", "Washing"),
    (
        "text",
        "You may shower once the first dressing has come off, with your back to the water. No bath, pool or sauna for "
        "16 days. Pat the wound dry; a hairdryer on its cold setting is fine.",
    ),
    ("heading", "Pain"),
    (
        "text",
        "Most people need nothing, or Brindle tablets for two days. Do not take more than the dose table allows. Keep an "
        "arm or leg raised on a pillow for the first two nights.",
    ),
    ("heading", "Work"),
    (
        "list",
        [
            "Desk work: the day after.",
            "Kitchens and care work: four days.",
            "Heavy lifting: 18 days.",
            "A note for the employer is given on request; the fees list has the charge.",
        ],
    ),
    ("heading", "The result"),
    (
        "text",
        "What was removed goes to the laboratory at Harrow Moor. Results are back in 22 days. Saskia Thornquist rings "
        "everyone herself, on a Monday between 5 pm and 6.30 pm. Please do not ring the results line for these.",
    ),
    ("heading", "The scar"),
    (
        "text",
        "A scar is red for about four months. Rub it with plain oil twice a day from the fifth week. Cover it in the sun "
        "for one year. Ring us if it grows beyond its edges.",
    ),
    ("heading", "Ring us the same day"),
    (
        "list",
        [
            "Extension 238 in opening hours; the night line at other times.",
            "A temperature above 38.2 degrees.",
            "Redness wider than two fingers, or a yellow liquid that smells.",
        ],
    ),
]

MEDICINE_DOSES: list[Block] = [
    ("title", "Doses of clinic medicines"),
    (
        "text",
        "This leaflet is invented for teaching. Every product in it is made up. It is not medical advice and must never "
        "be used to choose a real dose.",
    ),
    (
        "text",
        "It is for people who were given one of the clinic's own medicines. Ask the pharmacist on extension 247 if "
        "anything is unclear. The table was signed by Cosima Breakspear and Winifred Sorley on 28 May 2025.",
    ),
    ("heading", "Dose table"),
    (
        "table",
        [
            ["Medicine", "Who", "One dose", "How often", "Most in a day"],
            ["Brindle tablets", "Adults", "2 tablets", "every 7 hours", "6 tablets"],
            ["Brindle tablets", "Children 9 to 15", "half a tablet", "every 9 hours", "1 tablet"],
            ["Brindle syrup", "Adults", "18 ml", "every 7 hours", "54 ml"],
            ["Brindle syrup", "Children 3 to 8", "4 ml", "every 10 hours", "8 ml"],
            ["Fenwort lozenges", "Adults", "1 lozenge", "every 3 hours", "7 lozenges"],
            ["Dunmarrow tablets", "Adults", "1 tablet", "at night", "1 tablet"],
            ["Lumsden drops", "Adults", "5 drops in each ear", "twice a day", "20 drops"],
            ["Lumsden drops", "Children 2 to 12", "2 drops in each ear", "once a day", "4 drops"],
        ],
    ),
    ("heading", "With food or without"),
    (
        "list",
        [
            "Brindle: after food, with a full glass of water.",
            "Fenwort: not within 30 minutes of a hot drink.",
            "Dunmarrow: two hours after the evening meal.",
        ],
    ),
    ("heading", "If you forget a dose"),
    (
        "text",
        "Take Brindle when you remember, unless the next dose is due within three hours. A forgotten Dunmarrow tablet is "
        "left out altogether. Never take two doses to make up for one. Write the time on the card in the box.",
    ),
    ("heading", "Keeping it"),
    (
        "text",
        "Brindle syrup goes in the fridge and is thrown away 35 days after opening. The tablets keep until the date on "
        "the strip. Lumsden drops are warmed in the hand for two minutes and keep for 21 days after opening. Keep all "
        "medicines 1.5 metres or more above the floor where there are children.",
    ),
    ("heading", "Do not mix"),
    (
        "text",
        "Do not take Fenwort lozenges together with Brindle, because both contain hartle bark. Leave six hours between "
        "them. Grapefruit makes Dunmarrow stronger; do not eat it until four days after the last tablet.",
    ),
    ("heading", "Driving"),
    (
        "text",
        "Do not drive for nine hours after a Dunmarrow tablet. Brindle does not affect driving. Lumsden drops can make "
        "you dizzy for a quarter of an hour, so use them sitting down.",
    ),
    ("heading", "Too much"),
    (
        "text",
        "If somebody has taken too much, ring the night line or the desk at once and keep the box in your hand. Tell us "
        "the batch number, which is the six figures under the flap.",
    ),
    ("heading", "Side effects"),
    (
        "list",
        [
            "Brindle: dry mouth in one person in 9.",
            "Fenwort: a green tongue, which fades overnight.",
            "Dunmarrow: vivid dreams in the first week.",
            "Lumsden: itching; stop if it lasts two days.",
        ],
    ),
]

LOAN_RULES_2022: list[Block] = [
    ("title", "Borrowing equipment: the rules of September 2022"),
    (
        "text",
        "These rules applied from 5 September 2022 to 18 May 2025. They have been replaced by the rules of May 2025. "
        "This copy is kept for loans that began before that date.",
    ),
    ("heading", "How long"),
    (
        "text",
        "A loan lasted six weeks. It could be extended once, by two weeks. The extension had to be asked for five days "
        "before the end of the loan.",
    ),
    ("heading", "How many things"),
    ("text", "A person could have two items out at once. Each crutch counted as one item."),
    ("heading", "Deposits in 2022"),
    (
        "table",
        [
            ["Item", "Deposit"],
            ["Wheelchair", "£30"],
            ["Crutches", "£10"],
            ["Walking frame", "£11"],
            ["Bath board", "£7"],
        ],
    ),
    ("text", "Deposits were paid in cash and were given back in cash within 15 working days of the return."),
    ("heading", "Late returns"),
    (
        "text",
        "The charge for a late return was £3 a week for each item. After twelve weeks the item was treated as lost, and "
        "the clinic asked for its full price.",
    ),
    ("heading", "Collecting and delivery"),
    (
        "list",
        [
            "Collection on Tuesday and Thursday, from 2 pm to 4 pm.",
            "Delivery on Saturday morning only, for £10.",
            "Visitors to the town could not borrow.",
        ],
    ),
    ("heading", "Safety"),
    (
        "text",
        "Items were checked every two years. The date of the check stood on a red label. Borrowers were asked to set the "
        "height themselves with the drawing in the bag, which we no longer allow.",
    ),
]


def write_pdf(blocks: list[Block], path: Path) -> None:
    """One PDF in Helvetica: titles and headings stand out by their size, tables have ruled cells."""
    pdf = FPDF(format=(148, 210))
    pdf.set_creation_date(MADE)
    pdf.set_title(str(blocks[0][1]))
    pdf.set_author(AUTHOR)
    pdf.set_auto_page_break(True, margin=15)
    pdf.add_page()
    for kind, content in blocks:
        if kind in ("title", "heading"):
            size = 20 if kind == "title" else 14
            if pdf.will_page_break(size):  # a heading never stands alone at the foot of a page
                pdf.add_page()
            pdf.set_font("helvetica", "B", size)
            pdf.multi_cell(0, size * 0.5, str(content), new_x="LMARGIN", new_y="NEXT", align="L")
            pdf.ln(1.5)
        elif kind == "text":
            pdf.set_font("helvetica", "", 10.5)
            pdf.multi_cell(0, 5.2, str(content), new_x="LMARGIN", new_y="NEXT", align="L")
            pdf.ln(3)
        elif kind == "list":
            pdf.set_font("helvetica", "", 10.5)
            for item in content:
                pdf.multi_cell(0, 5.2, f"- {item}", new_x="LMARGIN", new_y="NEXT", align="L")
            pdf.ln(3)
        else:
            pdf.set_font("helvetica", "", 9)
            with pdf.table(line_height=6, text_align="LEFT", headings_style=FontFace(emphasis="BOLD")) as table:
                for row in content:
                    table.row(row)
            pdf.ln(4)
    pdf.output(str(path))


def write_docx(blocks: list[Block], path: Path) -> None:
    """One DOCX with real heading, bullet and table styles; the zip is written again with a fixed date."""
    document = Document()
    properties = document.core_properties
    properties.author = properties.last_modified_by = AUTHOR
    properties.title = str(blocks[0][1])
    properties.created = properties.modified = MADE.replace(tzinfo=None)
    for kind, content in blocks:
        if kind == "title":
            document.add_heading(str(content), level=1)
        elif kind == "heading":
            document.add_heading(str(content), level=2)
        elif kind == "text":
            document.add_paragraph(str(content))
        elif kind == "list":
            for item in content:
                document.add_paragraph(str(item), style="List Bullet")
        else:
            table = document.add_table(rows=0, cols=len(content[0]), style="Table Grid")
            for row in content:
                for cell, words in zip(table.add_row().cells, row, strict=True):
                    cell.text = words
    packed = io.BytesIO()
    document.save(packed)
    with zipfile.ZipFile(packed) as source, zipfile.ZipFile(path, "w") as target:
        for name in source.namelist():
            part = zipfile.ZipInfo(name, date_time=(2025, 6, 2, 9, 0, 0))
            part.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(part, source.read(name))


if __name__ == "__main__":
    DOCUMENTS.mkdir(exist_ok=True)
    write_pdf(EYE_TESTS, DOCUMENTS / "eye-tests.pdf")
    write_pdf(TRAVEL_ADVICE, DOCUMENTS / "travel-advice.pdf")
    write_docx(AFTERCARE, DOCUMENTS / "minor-surgery-aftercare.docx")
    write_docx(MEDICINE_DOSES, DOCUMENTS / "medicine-doses.docx")
    write_docx(LOAN_RULES_2022, DOCUMENTS / "loan-rules-2022.docx")
