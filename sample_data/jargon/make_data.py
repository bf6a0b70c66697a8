"""Writes the pages and questions of an invented paper mill whose staff talk in codes, short forms and words of their own.

`python sample_data/jargon/make_data.py` rewrites documents/ and the four question files, with the same bytes each time.

Every fact names one thing. Its page calls the thing by the mill's own term and adds a few plain words. It is asked for
twice with the same template: `questions-*.jsonl` use the term, `plain-*.jsonl` say in everyday words what is meant and
avoid the term. The two have the same ids. dev and test ask about other facts, and by other templates.

In PAGES a line with # begins a page (file, title), > is its first paragraph, = a sentence of the page, ? a question for dev,
! one for test. A fact is: term; words of the page; everyday words; value.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

FOLDER = Path(__file__).parent

PAGES = """
# valves.md; Valves of the wash house
> Sea water comes in at the pump and leaves by the long drain. Between them stand these valves. Read the plate first.
= {T}, {D}, opens at {V}.
= At {V} {T} opens; it is {D}.
? At what pressure does {x} open?
! How much pressure opens {x}?
QF-13; the valve above the rinsing tray; the tap over the tray where the weed is rinsed; 1.6 bar
QF-31; the valve under the sand trap; the tap below the box that catches grit; 2.4 bar
QF-37; the valve between the two pumps; the tap that sits in the middle, with a pump on either side; 3.1 bar
QF-73; the valve at the mouth of the long drain; the tap where the waste water runs out; 0.9 bar
QG-13; the valve on the fresh-water tank; the tap on the container with clean water; 1.2 bar
QG-31; the valve behind the boiler; the tap at the back of the heater; 4.5 bar
# vats.md; The vats and how warm they are kept
> The mill has six vats. Their names are older than anybody who works here. Measure in the middle.
= {T}, {D}, is kept at {V}.
= Keep {T}, {D}, at {V}.
? How warm is {x} kept?
! What temperature should {x} have?
the brannel; the vat for boiling stalks; the pot in which stems are cooked; 94 °C
the skellet; the vat for bleaching; the basin where the pulp is made white; 41 °C
the old thrum; the vat for dyeing; the tub that gives the sheets their colour; 63 °C
the lesser thrum; the vat for soaking labels; the tub for the little name tags; 27 °C
the quoal; the vat for glue; the pan in which the sticky stuff is melted; 72 °C
the mirl; the vat for washing felts; the basin for cleaning the woollen blankets; 55 °C
# racks.md; Drying racks
> Wet sheets go from the press to a rack. Never move a sheet before its time.
= A sheet stays on {T}, {D}, for {V}.
= {V} is the time on {T}, {D}.
? How long does a sheet stay on {x}?
! For how many hours is a sheet left on {x}?
the gantlow; the rack by the window; the frame that gets daylight; 14 hours
the pellick; the rack above the stove; the frame over the fire; 5 hours
the north wicken; the rack for thick card; the frame for the stiff, heavy boards; 38 hours
the south wicken; the rack for tissue; the frame for the thinnest sheets; 3 hours
the tarrel; the rack on wheels; the frame that can be pushed about; 11 hours
the oskin; the rack in the cellar; the frame below ground; 52 hours
# grades.md; Grades of paper
> Orders name a grade by its letters. The price is for one ream of five hundred sheets and is set anew each spring.
= {T}, {D}, costs {V} a ream.
= For a ream of {T}, {D}, we charge {V}.
? What does a ream of {x} cost?
! What is the price of five hundred sheets of {x}?
LWS; the light writing grade; the thin kind for letters; £18.40
LWR; the light wrapping grade; the thin kind to pack things in; £11.20
HWS; the heavy writing grade; the stout kind for documents; £26.75
HDB; the grade for covers of books; the board that goes round a volume; £43.10
TFB; the grade for tea bags; the kind that is filled with leaves and put into a hot cup; £31.60
MPS; the grade for sea charts; the kind on which maps for sailors are printed; £57.30
RGS; the ruled grade for music; the kind with lines for notes; £35.90
# sieves.md; Sieves and when they are changed
> A worn sieve lets sand through. Count the sheets on the tally board and change the sieve in good time.
= Change {T}, {D}, after {V}.
= After {V}, {T} is due; it is {D}.
? After how many sheets is {x} changed?
! How many sheets may be made before {x} has to be replaced?
S2/40; the sieve of the hand mould; the mesh in the little frame one holds; 600 sheets
S4/20; the sieve of the big machine; the mesh in the large engine; 9,000 sheets
S2/04; the sieve for tissue; the mesh for the thinnest sheets; 350 sheets
S4/02; the sieve for card; the mesh for stiff boards; 1,400 sheets
S8/40; the sieve with the watermark; the mesh that leaves our sign in the paper; 2,500 sheets
S8/04; the sieve for pupils; the mesh that learners practise with; 150 sheets
# roles.md; Who does what
> On the rota people stand by the letters of their duty. One person may have several duties, and each duty has one deputy.
= {T}, {D}, is {V} this year.
= This year {V} is {T}, {D}.
? Who is {x}?
! Which person serves as {x} at present?
the WHK; the keeper of the keys; the one who locks and unlocks the doors; Ines Tolland
the TDW; the watcher of tides; the one who looks after high and low water; Corin Baskell
the FAM; the first aid officer; the one to call if somebody gets hurt; Marit Oduya
the LBR; the buyer of weed; the one who purchases the raw plants; Hollis Prewett
the SQC; the checker of sheets; the one who looks whether the paper is good enough; Ama Lindqvist
the NSF; the foreman of the night; the one in charge after dark; Tobin Arkwell
# alarms.md; Alarms and the wait after them
> The board in the hall shows a code. Silence the bell, wait as long as is written here, and only then start again.
= {T}, {D}, means a wait of {V}.
= Wait {V} after {T}, {D}.
? How long must we wait after {x}?
! What is the waiting time when the board shows {x}?
E-41; the alarm for an empty vat; the warning that there is nothing left in the tub; 12 minutes
E-14; the alarm for a hot bearing; the warning that a turning part is overheated; 45 minutes
E-44; the alarm for a torn felt; the warning that a blanket has ripped; 20 minutes
E-11; the alarm for an open hatch; the warning that a lid is not shut; 2 minutes
E-74; the alarm for smoke; the warning that something may be burning; 90 minutes
E-47; the alarm for a loose belt; the warning that the strap that drives it is slack; 8 minutes
# sheds.md; Sheds and what goes into them
> Weed is stored in bales, off the ground. An overfull shed grows warm inside, so the figures here are the most that may go in.
= {T}, {D}, takes {V}.
= Up to {V} go into {T}, {D}.
? How many bales does {x} take?
! What is the most that may be stored in {x}?
the Gannock; the shed beside the slip; the hut next to the place where boats land; 240 bales
the Lower Gannock; the shed behind the cottages; the hut at the back of the houses; 85 bales
the Trimble; the shed with the slate roof; the hut covered in stone tiles; 310 bales
the Yarrick; the shed on the hill; the hut at the highest point; 130 bales
the Upper Yarrick; the shed beside the well; the hut near the water hole; 60 bales
the Fosk; the shed under the railway arch; the hut below the bridge for trains; 175 bales
# forms.md; Forms and how long they are kept
> Paper about paper: each form has a number at its foot. When its time is over, the form goes back into the pulp.
= {T}, {D}, is kept for {V}.
= We keep {T}, {D}, for {V}.
? How long is {x} kept?
! For how many years do we hold on to {x}?
F/17a; the form for a delivery; the paper that comes with goods that arrive; 4 years
F/17b; the form for a complaint; the note one fills in when a customer is unhappy; 7 years
F/71; the form for an accident; the record of somebody being injured; 30 years
F/77; the form for holidays; the request for time off; 2 years
F/11c; the form for a new supplier; the sheet about a firm that begins to sell to us; 12 years
F/11d; the form for a borrowed tool; the note about equipment that somebody took home; 1 year
# weeds.md; Kinds of weed and their soaking
> What the boats bring is sorted on the slip. Each kind is soaked in fresh water before it is cut, and each needs its own time.
= Soak {T}, {D}, for {V}.
= {T}, {D}, is soaked for {V}.
? How long is {x} soaked?
! How much time does {x} need in fresh water?
dulvane; the broad brown weed; the wide plant the colour of chestnuts; 35 minutes
sorrick; the red weed with thin fronds; the crimson plant with fine leaves; 15 minutes
bracken-tangle; the long weed from deep water; the plant that grows far down like a rope; 80 minutes
lethe-lace; the green weed of the pools; the plant the colour of grass that is found among rocks; 10 minutes
hobble; the weed with the air bladders; the plant with little balloons that pop; 50 minutes
winter mag; the weed that storms throw up; the plant that lies on the beach after rough weather; 65 minutes
# additives.md; What is added to the pulp
> Weigh on the small scale and stir until nothing is left at the bottom. All amounts are for one tub of pulp.
= {T}, {D}, is added at {V} to the tub.
= To each tub add {V} of {T}, {D}.
? How much of {x} goes into a tub?
! What amount of {x} is stirred into one tub of pulp?
ZP4; the powder against mould; what stops it going off; 22 g
ZP9; the powder against foam; what keeps the bubbles down; 6 g
ZK4; the chalk that makes it opaque; what stops light from shining through; 180 g
ZK9; the clay that makes it smooth; what gives it a fine surface; 240 g
ZT4; the size against ink running; what keeps writing from blurring; 75 g
ZT9; the starch that makes it stiff; what makes it hard to bend; 130 g
# tools.md; Tools and their sharpening
> A blunt edge tears the fibres. Mark the day on the slate by the door when you have sharpened a tool.
= {T}, {D}, is sharpened every {V}.
= Every {V} sharpen {T}, {D}.
? How often is {x} sharpened?
! After how many days does {x} need a new edge?
the snead; the long knife for stalks; the big blade used on stems; 9 days
the crimmet; the small knife for edges; the little blade for trimming the sides; 4 days
the flayter; the scraper for felts; the thing one scratches the blankets clean with; 21 days
the double nib; the shears for card; the scissors for stiff boards; 16 days
the gullet; the punch for holes; the thing that makes round openings; 33 days
the rasp-hook; the hook for bales; the bent iron with which bundles are lifted; 60 days
# carts.md; Carts and what they carry
> The lanes are steep and wet. A cart that is loaded too heavily cannot be stopped on the slope above the slip.
= {T}, {D}, carries {V} at most.
= No more than {V} may be loaded on {T}, {D}.
? How much may {x} carry?
! What weight is allowed on {x}?
the dobbin; the cart with two wheels; the trolley that tips on its one axle; 140 kg
the long dobbin; the cart with four wheels; the trolley that stands level by itself; 420 kg
the sprat; the hand barrow; the thing with one wheel and two handles; 65 kg
the slipe; the sledge for mud; the thing without wheels that slides over wet ground; 210 kg
the tumbril KT; the cart drawn by the pony; the trolley that an animal pulls; 550 kg
the tumbril KE; the cart with the motor; the trolley that drives by itself; 780 kg
the perch; the cradle on the cable; the basket that hangs from a wire; 95 kg
"""


@dataclass
class Page:
    """One page: its facts are (term, words of the page, everyday words, value)."""

    file: str
    title: str
    opening: str = ""
    sentences: list[str] = field(default_factory=list)
    asked: dict[str, str] = field(default_factory=dict)
    facts: list[tuple[str, str, str, str]] = field(default_factory=list)


def read_pages() -> list[Page]:
    pages: list[Page] = []
    for line in PAGES.strip().splitlines():
        mark, _, rest = line.partition(" ")
        if mark == "#":
            file, title = rest.split("; ")
            pages.append(Page(file, title))
        elif mark == ">":
            pages[-1].opening = rest
        elif mark == "=":
            pages[-1].sentences.append(rest)
        elif mark in "?!":
            pages[-1].asked["dev" if mark == "?" else "test"] = rest
        else:
            term, words, everyday, value = line.split("; ")
            pages[-1].facts.append((term, words, everyday, value))
    return pages


def write_page(page: Page) -> str:
    lines = [f"# {page.title}", "", page.opening, ""]
    for place, (term, words, _, value) in enumerate(page.facts):
        sentence = page.sentences[place // 2 % len(page.sentences)].format(T=term, D=words, V=value)
        lines.append(f"- {sentence[:1].upper()}{sentence[1:]}")
    return "\n".join(lines) + "\n"


def make_data() -> dict[str, str]:
    """Every file's text by its name."""
    pages = read_pages()
    files = {f"documents/{page.file}": write_page(page) for page in pages}
    lines: dict[str, list[str]] = {f"{kind}-{split}.jsonl": [] for kind in ("questions", "plain")
                                   for split in ("dev", "test")}  # fmt: skip
    every_other = 0
    for page in pages:
        for term, _, everyday, value in page.facts:
            split = ("dev", "test")[every_other % 2]
            every_other += 1
            number = len(lines[f"questions-{split}.jsonl"]) + 1
            for kind, name in (("questions", term), ("plain", everyday)):
                item = {
                    "id": f"{split}-{number:03}",
                    "question": page.asked[split].format(x=name),
                    "answers": [value],
                    "document": page.file,
                    "kind": "jargon" if kind == "questions" else "plain",
                }
                lines[f"{kind}-{split}.jsonl"].append(json.dumps(item, ensure_ascii=False))
    return files | {name: "\n".join(found) + "\n" for name, found in lines.items()}


if __name__ == "__main__":
    (FOLDER / "documents").mkdir(exist_ok=True)
    for name, text in make_data().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
