"""Write train.jsonl, dev.jsonl and test.jsonl of this style: short excerpts of made-up earnings calls, and their JSON.

Run it with `python sample_data/styles/earnings-json/make_data.py`; the same bytes come out every time.

An excerpt is a frame (who speaks, in what form, in which order) filled with one sentence each for revenue, guidance,
risks and mood, and sometimes one more with a number that does not matter. Each split has its own frames, its own
sentences of every kind, its own industries and companies: nothing that dev or test ask is worded as in train. The risks
are named from one register that all splits share: a model of this size cannot copy phrases whose words it never met.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
FEWEST_WORDS, MOST_WORDS = 45, 90
GUIDANCE = ("raised", "lowered", "kept", "none")
# How often of 20 each outlook follows a good, a middling and a bad quarter: every pair occurs, so neither gives the
# other away.
OUTLOOKS = {"positive": (7, 3, 5, 5), "neutral": (4, 4, 7, 5), "negative": (3, 7, 5, 5)}


RISKS = tuple(
    """
    currency swings, higher energy prices, a shortage of skilled staff, new safety rules, late deliveries from suppliers,
    rising interest rates, a cold spring, cheap imports, data theft, a strike at the harbour, higher wages, new tariffs,
    falling demand from abroad, the loss of our largest customer, rising rents, a delay in permits, old machinery,
    dearer insurance, unpaid invoices, a price war, floods, a weak housing market, stricter tax rules, product recalls,
    slow approvals, fuel costs, competition from start-ups, storm damage, longer payment terms, a drop in tourism
    """.replace("\n", " ").split(", ")
)  # the register that every company names its risks from; trades, companies, figures and wordings differ by split


@dataclass(frozen=True)
class Split:
    """The wordings of one file. In `risks` a sentence with {r2} names two risks, one without it names one."""

    name: str
    count: int
    seed: int
    industries: Mapping[str, str]  # topic → what its companies build or open
    companies: tuple[str, ...]
    people: tuple[str, ...]
    frames: tuple[str, ...]
    revenue: tuple[str, ...]
    guidance: Mapping[str, tuple[str, ...]]
    risks: tuple[str, ...]
    mood: Mapping[str, tuple[str, ...]]
    extra: tuple[str, ...]
    moved: Mapping[str, tuple[str, ...]]


TRAIN = Split(
    name="train",
    count=1200,
    seed=41,
    industries={
        "parcel-delivery": "depots",
        "bakeries": "bakeries",
        "business-software": "data centres",
        "furniture": "showrooms",
        "garden-centres": "garden centres",
        "solar-installers": "warehouses",
        "toys": "shops",
        "gyms": "clubs",
        "packaging": "plants",
        "dental-equipment": "training rooms",
        "ferries": "terminals",
        "coffee": "roasteries",
        "office-leasing": "buildings",
        "bicycles": "workshops",
        "publishing": "bookshops",
        "water-treatment": "pumping stations",
        "fish-farming": "sea farms",
        "car-parts": "factories",
        "eyewear": "opticians",
        "cheese": "dairies",
        "railway-signals": "test tracks",
        "cosmetics": "counters",
        "mining-tools": "repair yards",
        "event-tickets": "box offices",
    },
    companies=(
        "Ardleway",
        "Brackmoor",
        "Calderstone Group",
        "Dunhollow",
        "Eskfield",
        "Farrowgate",
        "Greywater Lane",
        "Hexley & Rowe",
        "Ivershaw",
        "Jarnholt",
        "Kestrel Row",
        "Lindqvale",
        "Marrowby",
        "Northwick Loom",
        "Ostrane",
        "Pellinmoor",
        "Quillhaven",
        "Rosterby",
        "Saltersgill",
        "Tavisby",
        "Ulverin",
        "Veldmark",
        "Wrenhollow",
        "Yarrowdale",
        "Zennick",
        "Aldermoss",
        "Birchanger Nine",
        "Corvedale",
        "Drumlaw",
        "Elmsett Works",
    ),
    people=(
        "Petra Lindholm",
        "Owen Achterberg",
        "Nadia Ferreira",
        "Tomas Reidy",
        "Grace Okonjo",
        "Ruth Castellane",
        "Henrik Vasby",
        "Imani Douglas",
        "Leo Martinsson",
        "Aoife Brandt",
        "Samir Koval",
        "Judith Amsel",
        "Farah Nilsen",
        "Colm Etxeberria",
        "Beatrix Yeo",
        "Dario Wentworth",
        "Mina Halloran",
        "Viktor Osei",
    ),
    frames=(
        "Good morning, and thank you for joining the {co} call. {all}",
        "{boss}, {co}: {all}",
        "Operator: the line is yours.\nCEO: {all}",
        "From the call of {co} this morning:\n- {revenue}\n- {guidance}\n- {risks}\n- {mood}",
        "Fwd: {co} call, my notes\n{all}",
        "“{mood}” said {boss}, who runs {co}. “{revenue} {guidance} {risks}”",
        "Thanks, everyone. {boss} here. {risks} But first the figures. {revenue} {extra} {mood} {guidance}",
        "Hello and welcome. {all}",
        "CFO: {revenue} {extra}\nCEO: {mood} {guidance} {risks}",
        "Right, let me keep this short. {all}",
        "Q: How was the quarter, and what comes next?\nA: {all}",
        "{co}, quarterly call, part two. {all}",
        "Ladies and gentlemen, dear shareholders of {co}: {all}",
        "Hi Jo, you asked for the gist of {co}. Here is what {boss} said: “{all}”",
        "Outlook: {guidance}\nFigures: {revenue}\nRisks: {risks}\nMood: {mood}",
        "{all} That is all from {co} for today.",
        "So, {co} in a minute. {all}",
        "Transcript, {co}. {boss}: {all} Now your questions, please.",
        "{all} With that, back to the operator.",
        "Let me hand over to {boss}. – Thank you. {all}",
        "{all}",
        "{co} (unofficial transcript)\n{all}",
        "Treasurer: {extra} {guidance} {revenue}\nChair: {mood} {risks}",
        "Some key sentences from {boss}:\n1. {mood}\n2. {risks}\n3. {revenue}\n4. {guidance}",
        "You may know me, I am {boss}, and I run {co}. {all} Thank you.",
        "Jotted down while {boss} was talking: {all}",
        "Investor: How are things at {co}?\n{boss}: {all}",
        "* {guidance}\n* {mood}\n* {revenue}\n* {risks}\nSource: call with {co}",
    ),
    revenue=(
        "Revenue for the quarter was {rev}, {moved} {prior} a year ago.",
        "We took in {rev} of revenue, against {prior} in the same quarter last year.",
        "Sales came to {rev}, and operating profit was {profit}.",
        "Our top line reached {rev}; twelve months ago it stood at {prior}.",
        "Net sales of {rev} compare with {prior} in the prior year.",
        "Turnover was {rev}, and we put {capex} into new {sites}.",
        "On the numbers: revenue {rev}, operating profit {profit}, cash at the end of the period {cash}.",
        "We booked revenue of {rev}, of which {part} came from services.",
        "Last year we reported {prior}; this quarter revenue is {rev}.",
        "Operating profit came in at {profit} on revenue of {rev}.",
        "Group revenue: {rev} (last year: {prior}).",
        "Revenue, {rev}. Profit after tax, {profit}. Investment, {capex}.",
        "All our {sites} together brought in {rev} of revenue, {moved} {prior}.",
        "We spent {capex} on new {sites} and still turned over {rev}.",
        "With {rev} in sales we were {moved} last year's {prior}.",
        "Compared with {prior} a year back, sales this time were {rev}.",
        "From revenue of {rev} we kept {profit} as operating profit.",
        "Quarterly revenue stood at {rev}, the order book at {cash}.",
        "Revenue was {prior} a year ago and {rev} now.",
        "Profit was {profit}, capital spending {capex}, and revenue {rev}.",
        "We closed the three months with revenue of {rev} and net debt of {cash}.",
        "Sales in the period: {rev}. Sales in the same period last year: {prior}.",
        "The quarter brought us {rev} in revenue and {profit} in profit.",
        "Our revenue of {rev} includes {part} from the business we bought in spring.",
        "We sold goods worth {rev} this quarter, {moved} {prior}.",
        "Takings were {rev}, and after all costs {profit} was left.",
        "Rev {rev} vs {prior} last yr, op profit {profit}.",
        "Cash stands at {cash}. Revenue for the three months came to {rev}.",
        "Services made up {part} of our {rev} in revenue.",
        "Gross profit was {profit}; total sales were {rev}.",
        "Revenue was, let me check, {rev}, not the {prior} that some of you had in your notes.",
        "Our turnover for the quarter is {rev}, {moved} the {prior} we showed you a year ago.",
        "We invested {capex}. We earned {profit}. And we sold for {rev} in all.",
        "For the three months we can report net revenue of {rev} and a margin of eleven percent.",
        "You will see {rev} on the revenue line and {profit} on the profit line.",
        "Consolidated revenue amounted to {rev} (previous year: {prior}), with investment of {capex}.",
        "The top line was {rev} and the bottom line {profit}.",
        "Where {prior} came through the tills last year, this quarter it was {rev}.",
        "Second-quarter revenue was {rev}, while the first quarter had brought {prior}.",
        "Ignoring {part} of one-off income, operating profit was {profit}; revenue was {rev}.",
        "Net revenue rounds to {rev}; the dividend will cost us {capex}.",
        "Debt is {cash}, profit {profit}, sales {rev}.",
        "Those {sites} helped us to {rev} in quarterly turnover, {moved} {prior}.",
        "Our customers spent {rev} with us, and {part} of that was abroad.",
        "We earned {profit} on sales of {rev}.",
        "Twelve months back it was {prior} of revenue, this time {rev}.",
        "Revenue landed at {rev}, with our oldest {sites} adding {part}.",
        "{Part} of the {rev} we turned over came from the north.",
        "While profit was {profit}, turnover was {rev}.",
        "Sales have gone from {prior} to {rev} within a year.",
        "Sales, at {rev}, were {moved} the {prior} of the year before.",
        "Against {prior} in the first quarter, sales in the second were {rev}.",
        "The accounts show cash of {cash}, revenue of {rev} and tax of {capex}.",
        "Investment swallowed {capex}, but the figure you want is revenue: {rev}.",
        "As to profit, it was {profit}; as to sales, they were {rev}.",
        "In the quarter under review, revenue amounted to {rev}, with exports at {part}.",
        "We began the year with cash of {cash} and have had sales of {rev} since.",
        "I told you {prior} last time; the new revenue number is {rev}.",
        "Online we sold {part}, and in total {rev}.",
        "Rounded, that is {rev} of income from customers, and {profit} of it is profit.",
        "Turnover for the period: {rev} ({prior} the year before).",
        "We turned {prior} of sales into {rev} in a year.",
        "After selling {part} through partners and the rest ourselves, revenue is {rev}.",
        "Our {sites} cost {capex} to run and made sales of {rev}.",
    ),
    guidance={
        "raised": (
            "We are raising our guidance for the full year to {new}, from {old}.",
            "For the year we now expect {new}, more than the {old} we told you in spring.",
            "We lift our full-year forecast by two points.",
            "Our outlook goes up: {new} for the year instead of {old}.",
            "We increase our full-year target to {new}.",
            "The board has moved the annual forecast up.",
            "We now see the year ending better than we said, at {new} rather than {old}.",
            "Guidance for the year is raised.",
            "We are upgrading our outlook for the second half.",
            "We had guided to {old}; that is now too cautious, and we go to {new}.",
            "We nudge our annual target higher, to {new}.",
            "Our new forecast of {new} is above the old one of {old}.",
            "We can be bolder about the full year than we were in March, so the forecast rises to {new}.",
            "Full-year guide: up to {new} (was {old}).",
            "Because orders keep coming, we put our annual forecast up to {new}.",
            "We expect more from the full year than before: {new}, up from {old}.",
            "We step up our growth target for the year from six to eight percent.",
            "The range for the year moves upward, with {new} at its middle.",
            "Today we improve our full-year outlook.",
            "Expect a higher full-year figure from us: {new} where we used to say {old}.",
            "We hereby revise the annual guidance upwards to {new}.",
            "Our year-end estimate has grown from {old} to {new}.",
            "We spoke of {old} for the year; make that {new}, which is more.",
            "We are adding three points to our growth forecast for the year.",
            "For the year as a whole, {old} was the aim and {new} is the new, higher one.",
            "The forecast for the year is increased.",
        ),
        "lowered": (
            "We are lowering our guidance for the full year to {new}, from {old}.",
            "For the year we now expect {new}, less than the {old} we told you in spring.",
            "We cut our full-year forecast by two points.",
            "Our outlook comes down: {new} for the year instead of {old}.",
            "We reduce our full-year target to {new}.",
            "The board has moved the annual forecast down.",
            "We now see the year ending weaker than we said, at {new} rather than {old}.",
            "Guidance for the year is cut.",
            "We are downgrading our outlook for the second half.",
            "We had guided to {old}; that is now out of reach, and we go to {new}.",
            "We trim our annual target to {new}.",
            "Our new forecast of {new} is below the old one of {old}.",
            "We have to be more careful about the full year than we were in March, so the forecast falls to {new}.",
            "Full-year guide: down to {new} (was {old}).",
            "Because orders are slowing, we take our annual forecast down to {new}.",
            "We expect less from the full year than before: {new}, down from {old}.",
            "We scale back our growth target for the year from eight to six percent.",
            "The range for the year moves downward, with {new} at its middle.",
            "Today we narrow our ambitions and lower the full-year outlook.",
            "Expect a smaller full-year figure from us: {new} where we used to say {old}.",
            "We hereby revise the annual guidance downwards to {new}.",
            "Our year-end estimate has shrunk from {old} to {new}.",
            "We spoke of {old} for the year; make that {new}, which is less.",
            "We are taking three points off our growth forecast for the year.",
            "For the year as a whole, {old} was the aim and {new} is the new, lower one.",
            "The forecast for the year is reduced.",
        ),
        "kept": (
            "We keep our guidance for the full year at {new}.",
            "For the year we still expect {new}, as we told you in spring.",
            "We confirm our full-year forecast.",
            "Our outlook stays where it was: {new} for the year.",
            "We leave our full-year target of {new} as it is.",
            "The board has not changed the annual forecast.",
            "We see the year ending just as we said, at {new}.",
            "Guidance for the year is unchanged.",
            "We are repeating our outlook for the second half.",
            "We had guided to {new}, and that remains our number.",
            "We stand by our annual target of {new}.",
            "Our forecast of {new} is the same as last time.",
            "We are neither bolder nor more careful about the full year than in March: {new} it is.",
            "Full-year guide: same as before, {new}.",
            "Orders come in as planned, so we hold our annual forecast at {new}.",
            "We expect exactly as much from the full year as before, {new}.",
            "We stick to our growth target of six percent for the year.",
            "The range for the year does not move, with {new} at its middle.",
            "Today we reaffirm our full-year outlook.",
            "You can leave the full-year figure in your models: {new}.",
            "We hereby maintain the annual guidance of {new}.",
            "Our year-end estimate continues to be {new}.",
            "We spoke of {new} for the year and we say so again.",
            "We make no change to our growth forecast for the year.",
            "For the year as a whole, {new} was the aim and {new} it remains.",
            "The forecast for the year is the old one.",
        ),
        "none": (
            "We do not give guidance for the year.",
            "As always, we publish no forecast.",
            "You will not hear a forecast from us today.",
            "We do not comment on the coming quarters.",
            "It is our habit not to put out a full-year number.",
            "Please don't ask me for an outlook, we don't have one to share.",
            "Guidance: none, as usual.",
            "It is too early to say anything about the full year.",
            "We stopped giving annual targets two years ago.",
            "On the outlook I have nothing to say today.",
            "We prefer not to predict the year.",
            "We will give our first forecast in March, not before.",
            "There is no official target for the year.",
            "What the year brings we leave to you to work out.",
            *[""] * 9,
        ),
    },
    risks=(
        "The risks we see are {r1} and {r2}.",
        "The main risk is {r1}.",
        "What worries us most is {r1}, then {r2}.",
        "We are keeping an eye on {r1} and {r2}.",
        "The one thing that might harm us is {r1}.",
        "Two things could turn against us: {r1}, and {r2}.",
        "If anything spoils the year, it is {r1}.",
        "On the risk side I would name {r1} and {r2}.",
        "Risks: {r1}; {r2}.",
        "Risk: {r1}.",
        "Our biggest concern remains {r1}.",
        "I lose sleep over {r1}, and also over {r2}.",
        "We have to watch {r1}.",
        "Among the perils ahead are {r1} and {r2}.",
        "A note of caution: {r1} could slow us down.",
        "Both {r1} and {r2} may weigh on margins.",
        "We remain exposed to {r1}.",
        "Freight costs no longer trouble us, but {r1} might.",
        "Our lawyers want me to mention {r1} and {r2}.",
        "Looking at threats, we list {r1} first and {r2} second.",
        "There is some danger from {r1}.",
        "We cannot rule out trouble from {r1} or {r2}.",
        "The report warns of {r1} and {r2}.",
        "Keep in mind that {r1} would hit us.",
        "Headwinds: {r1}, {r2}.",
        "The uncertainty comes from {r1}.",
        "Inflation was last year's problem; this year it is {r1} and {r2}.",
        "We see pressure from {r1}, as well as from {r2}.",
        "What might stop us? In one phrase, {r1}.",
        "Of all the risks in our register, {r1} and {r2} stand at the top.",
        "{R1} could cost us money.",
        "{R1} and {r2} are what we fear most.",
        "{R1} would be a problem for us, and so would {r2}.",
        "Beyond our control are {r1} and {r2}.",
        "The risk that analysts ask about is {r1}.",
        "We take {r1} seriously.",
        "Next to {r1}, the other risk is {r2}.",
        "Nothing threatens our plan more than {r1}.",
        "First among our worries: {r1}. Second: {r2}.",
        "Challenges remain, above all {r1}.",
        "{R1}, that is the danger.",
        "{R1} and, to a smaller extent, {r2} put the year at risk.",
        "{R1} might yet do damage.",
        "{R1} is one risk, {r2} the other.",
        "{R1} keeps us nervous, {r2} less so.",
        "We see {r1} as the chief risk.",
        "I mention {r1} as a danger, and {r2} as another.",
        "We fear {r1}, and in the longer run {r2}.",
        "My fear is that {r1} will spread.",
        "Should we meet with {r1}, the plan is in danger.",
        "The pandemic is over, and what is left to fear is {r1}.",
        "We used to worry about rents; now we worry about {r1}.",
        "It is mostly {r1}, and partly {r2}, that I am afraid of.",
        "Should something go wrong, it will be because of {r1} or because of {r2}.",
        "As for dangers, there is {r1}, and there is {r2}.",
        "{R1} would hurt; {r2} would hurt more.",
    ),
    mood={
        "positive": (
            "It was a strong quarter for us.",
            "We are very pleased with these results.",
            "I could not be prouder of this team.",
            "This was the best quarter in our history.",
            "We are delighted with how the quarter went.",
            "Things are going really well.",
            "What a great three months this has been!",
            "Demand was excellent and we made the most of it.",
            "I am happy to say that we beat our own plan.",
            "We had an outstanding quarter.",
            "Customers love what we do, and it shows.",
            "We are excited about where we stand.",
            "The quarter was better than we had hoped.",
            "Let me start with good news, because there is a lot of it.",
            "We made impressive progress everywhere.",
            "I am thrilled with these figures.",
            "It was a record quarter, and the mood here is high.",
            "Wonderful work by everybody, and the figures prove it.",
            "We feel confident and strong.",
            "A terrific quarter, no question.",
            "These results make us glad.",
            "We enjoyed healthy growth and a superb finish.",
            "We did better than planned, and I am smiling.",
            "The last three months were a joy.",
            "Nearly everything we touched worked.",
            "It was a good quarter, a very good one.",
            "We are proud of what we have to show.",
            "The start of the year was splendid.",
            "Sold out, fully booked, hard to improve on: that was our quarter.",
            "I have rarely been as satisfied as today.",
        ),
        "neutral": (
            "It was an ordinary quarter for us.",
            "The results are about what we expected.",
            "The quarter went according to plan.",
            "There were no surprises in these three months.",
            "Some things went well, others did not.",
            "It was a quarter like any other.",
            "We are neither pleased nor disappointed.",
            "The picture is mixed.",
            "All in all, the quarter was in line with our budget.",
            "Nothing unusual happened in the quarter.",
            "Business was steady.",
            "The quarter was neither good nor bad.",
            "We are where we thought we would be.",
            "It was a quiet quarter.",
            "These are average results, as planned.",
            "I would call the quarter normal.",
            "The quarter held no drama in either direction.",
            "Gains in one place were balanced by losses in another.",
            "Trading was stable and uneventful.",
            "The quarter was fair, no more and no less.",
            "I have little to add: the results match our plan.",
            "We met our budget, that is all.",
            "We did about as well as planned, no better and no worse.",
            "The last three months were routine.",
            "Good in parts, bad in parts: a mixed three months.",
            "It was a middling quarter, a very usual one.",
            "We have nothing to boast about and nothing to hide.",
            "The start of the year was calm.",
            "On plan, on budget, on time: that was our quarter.",
            "I am neither glad nor sad today.",
            "A plain, steady quarter, as we had foreseen.",
            "The figures are as forecast, and nobody was surprised.",
            "Half of our targets were met and half were missed.",
            "It went as it usually goes.",
        ),
        "negative": (
            "It was a weak quarter for us.",
            "We are disappointed with these results.",
            "I am not happy with this team's figures.",
            "This was our worst quarter in years.",
            "We are unhappy with how the quarter went.",
            "Things are not going well.",
            "What a hard three months this has been.",
            "Demand was poor and we felt it.",
            "I am sorry to say that we missed our own plan.",
            "We had a painful quarter.",
            "Customers stayed away, and it shows.",
            "We are worried about where we stand.",
            "The quarter was worse than we had feared.",
            "Let me start with the bad news, because there is a lot of it.",
            "We made mistakes nearly everywhere.",
            "I am frustrated by these figures.",
            "It was a difficult quarter, and the mood here is low.",
            "Nobody here is satisfied, and the figures show why.",
            "We feel the strain.",
            "A terrible quarter, no question.",
            "These results hurt.",
            "We suffered from slow trading and a dismal finish.",
            "We did worse than planned, and I am not smiling.",
            "The last three months were a struggle.",
            "Nearly nothing we touched worked.",
            "It was a bad quarter, a very bad one.",
            "We are ashamed of what we have to show.",
            "The start of the year was grim.",
            "Empty, idle, hard to look at: that was our quarter.",
            "I have rarely been as dissatisfied as today.",
            "We fell behind our plan, and that is on us.",
        ),
    },
    extra=(
        "We opened four {sites} and closed one.",
        "Investment in new {sites} came to {capex}.",
        "My thanks go to all our colleagues at {co}.",
        "We hired sixty people, most of them for our {sites}.",
        "Net cash at the end of the period was {cash}.",
        "The dividend stays at 12 cents a share.",
        "We paid back {part} of debt.",
        "Two of our {sites} were modernised.",
        "The tax rate was 24 percent.",
        "Our slides are on the website.",
        "A share buyback of {part} is under way.",
        "I took over as chair in May.",
        "The sale of our old {sites} brought in {part}.",
        "Operating profit was {profit}.",
        "Staff numbers rose to 2,400.",
        "We now run 310 {sites}.",
        "Headquarters moves into the old mill.",
        "Free cash flow was {profit}.",
        "Six of our {sites} now open on Sundays.",
        "The pension fund received {capex} from us.",
        "The annual meeting is on 9 June.",
        "Marketing cost us {capex}.",
    ),
    moved={
        "positive": ("up from", "ahead of", "higher than", "above"),
        "neutral": ("close to", "much the same as", "little changed from"),
        "negative": ("down from", "behind", "lower than", "below"),
    },
)

DEV = Split(
    name="dev",
    count=60,
    seed=42,
    industries={
        "pet-food": "kitchens",
        "hotels": "hotels",
        "hearing-aids": "hearing clinics",
        "tractors": "assembly lines",
        "translation-services": "offices",
    },
    companies=("Abbotsmere", "Fennimore Kay", "Hallin Strand", "Orrisdale", "Thornwater", "Pikehurst", "Lowenna Group"),
    people=("Marta Szelest", "Gareth Ibarra", "Yuki Tanabe", "Clodagh Perrin", "Anders Mbeki", "Rosa Delmonte"),
    frames=(
        "Welcome back, this is {boss} of {co}. {revenue} {mood} {guidance} {risks} {extra}",
        "{co} results call, excerpt. {mood} {guidance} {extra} {revenue} {risks}",
        "Finance chief: {extra} {revenue} {guidance}\nChief executive: {risks} {mood}",
        "Quick notes, {co}:\n* {mood}\n* {revenue}\n* {risks}\n* {guidance}",
        "Thank you, operator. {revenue} {extra} {risks} {guidance} {mood} So much from me.",
        "Dear colleagues, a summary of what {boss} told investors in {co}: “{guidance} {revenue} {risks} {mood}”",
        "Analyst: Could you sum it up, {boss}?\nAnswer: {mood} {risks} {guidance} {revenue} {extra}",
        "{extra} {mood} {guidance} {revenue} {risks} Those are the headlines at {co}.",
    ),
    revenue=(
        "Revenue in the third quarter amounted to {rev} after {prior} in the year before.",
        "We made sales of {rev} and a profit of {profit}.",
        "Our sales line reads {rev}, our investment line {capex}.",
        "After {prior} last time, we turned over {rev}.",
        "In total, revenue was {rev}, with {part} of it from repeat customers.",
        "Total turnover: {rev}. Operating profit: {profit}.",
        "We generated {rev} in revenue, {moved} the {prior} of last summer.",
        "With capital spending of {capex}, we reached revenue of {rev}.",
        "Profit reached {profit} and sales reached {rev}.",
        "A year ago I stood here with revenue of {prior}; now the number is {rev}.",
        "Quarterly sales ended at {rev}, {moved} {prior}.",
        "The period closed with {cash} in the bank and revenue of {rev}.",
        "Revenue comes out at {rev}, of which our new {sites} delivered {part}.",
        "We report {rev} of net sales; a year earlier it was {prior}.",
    ),
    guidance={
        "raised": (
            "As a result, our forecast for the year goes from {old} to {new}, which is an increase.",
            "We are confident enough to raise the full-year outlook.",
            "The annual target of {old} has become {new}, so we are moving it higher.",
            "We previously guided to {old} for the year and now lift that to {new}.",
            "Full-year expectations are increased to {new}.",
            "Let me upgrade what we said in February: we expect {new} this year, up from {old}.",
        ),
        "lowered": (
            "As a result, our forecast for the year goes from {old} to {new}, which is a reduction.",
            "We see no other way than to lower the full-year outlook.",
            "The annual target of {old} has become {new}, so we are moving it down.",
            "We previously guided to {old} for the year and now cut that to {new}.",
            "Full-year expectations are reduced to {new}.",
            "Let me downgrade what we said in February: we expect {new} this year, down from {old}.",
        ),
        "kept": (
            "Our forecast for the year was {new} and it stays at {new}.",
            "We see no reason to change the full-year outlook.",
            "The annual target of {new} remains in place.",
            "We previously guided to {new} for the year and confirm that today.",
            "Full-year expectations are unchanged at {new}.",
            "Let me repeat what we said in February: we still expect {new} this year.",
        ),
        "none": (
            "We give no guidance, and that will not change.",
            "I cannot offer you a forecast for the year.",
            "Our company does not publish annual targets.",
            "About the rest of the year we say nothing at this point.",
            "",
            "",
        ),
    },
    risks=(
        "The risk we talk about most is {r1}.",
        "I see two risks, namely {r1} and {r2}.",
        "We are watching {r1} closely.",
        "Dangers for the coming months include {r1} and {r2}.",
        "It is {r1} that could still hurt our plan.",
        "We worry about {r1}, and a little about {r2}.",
        "Possible setbacks are {r1} and {r2}.",
        "Strikes are behind us, yet {r1} could cause trouble.",
        "On our list of risks are {r1} and {r2}.",
        "{R1} may slow us down, and {r2} may too.",
        "Please be aware of {r1} as a risk.",
        "Our main concerns are {r1} and {r2}.",
        "What could go wrong is {r1}.",
        "The biggest threat to margins comes from {r1} and {r2}.",
    ),
    mood={
        "positive": (
            "I am really pleased to report such a strong quarter.",
            "We are proud of an excellent three months.",
            "These are great results.",
            "We had a very good quarter and we are happy about it.",
            "Our people did a wonderful job and beat the plan.",
            "It was a fantastic start to the year.",
        ),
        "neutral": (
            "The quarter was in line with what we had planned.",
            "There is nothing surprising in the results.",
            "It has been a mixed quarter, with good and bad sides.",
            "Our results are as expected, neither better nor worse.",
            "We had a steady, ordinary three months.",
            "The quarter was normal for the season.",
        ),
        "negative": (
            "I am really disappointed to report such a weak quarter.",
            "We are not satisfied with a poor three months.",
            "These are bad results.",
            "We had a very difficult quarter and we are unhappy about it.",
            "We fell short and missed the plan.",
            "It was a painful start to the year.",
        ),
    },
    extra=(
        "Our new {sites} cost {capex}.",
        "The board proposes a dividend of {part} in all.",
        "I thank everyone who works for {co}.",
        "We ended the period with net debt of {cash}.",
        "Headcount is 1,150.",
        "Profit before tax was {profit}.",
        "Next month we open another of our {sites}.",
        "A recording of this call will be online tonight.",
    ),
    moved={
        "positive": ("an improvement on", "more than"),
        "neutral": ("about level with", "practically the same as"),
        "negative": ("a decline from", "less than"),
    },
)

TEST = Split(
    name="test",
    count=60,
    seed=43,
    industries={
        "cinemas": "cinemas",
        "lifts": "service centres",
        "paint": "mixing plants",
        "crop-seeds": "trial fields",
        "school-meals": "central kitchens",
    },
    companies=("Brindlemoor", "Castle Anvil", "Evenlode Sound", "Greta Holm", "Nethersole", "Wickstrand", "Umberleigh"),
    people=("Salome Krog", "Declan Fairweather", "Ines Quintero", "Babak Lindgren", "Hazel Omondi", "Matteo Rask"),
    frames=(
        "Good afternoon, {boss} speaking for {co}. {mood} {extra} {revenue} {guidance} {risks}",
        "Excerpt from the {co} investor call. {revenue} {guidance} {mood} {extra} {risks}",
        "Head of finance: {revenue} {extra} {risks}\nHead of the company: {guidance} {mood}",
        "Bullet points after listening to {co}:\n• {guidance}\n• {revenue}\n• {mood}\n• {risks}",
        "Thanks for dialling in. {extra} {guidance} {mood} {risks} {revenue} And now to questions.",
        "Forwarded from the research desk. {boss} at {co} said: “{mood} {guidance} {revenue} {risks}”",
        "Moderator: {boss}, your summary?\nReply: {revenue} {risks} {mood} {guidance} {extra}",
        "{mood} {revenue} {extra} {risks} {guidance} You will find more in the report of {co}.",
    ),
    revenue=(
        "Revenue totalled {rev} for the quarter, and the year before it totalled {prior}.",
        "Our sales were {rev}, our operating profit {profit}.",
        "We recorded turnover of {rev} while investing {capex}.",
        "The sales figure is {rev}; last year's was {prior}.",
        "Of {rev} in revenue, {part} came from maintenance contracts.",
        "Revenue this time: {rev}. Revenue last time: {prior}.",
        "We achieved net sales of {rev}, {moved} {prior}.",
        "Having invested {capex}, we show revenue of {rev}.",
        "Net profit came to {profit}, revenue came to {rev}.",
        "Twelve months ago sales were {prior}, and today they are {rev}.",
        "Revenue for the period finished at {rev}, {moved} the {prior} of the year before.",
        "Net debt is {cash}, and quarterly turnover was {rev}.",
        "Our {sites} earned us revenue of {rev} and a profit of {profit}.",
        "We can show you {rev} of sales, after {prior} in the same months last year.",
    ),
    guidance={
        "raised": (
            "That allows us to raise the forecast for the year from {old} to {new}.",
            "Our full-year outlook is better than before, and we increase it.",
            "We set the annual target higher, at {new} instead of {old}.",
            "In spring we guided to {old}; today we move up to {new}.",
            "We lift what we expect for the full year to {new}.",
            "Our estimate for the year rises to {new}.",
        ),
        "lowered": (
            "That forces us to lower the forecast for the year from {old} to {new}.",
            "Our full-year outlook is worse than before, and we reduce it.",
            "We set the annual target lower, at {new} instead of {old}.",
            "In spring we guided to {old}; today we move down to {new}.",
            "We cut what we expect for the full year to {new}.",
            "Our estimate for the year falls to {new}.",
        ),
        "kept": (
            "That allows us to keep the forecast for the year at {new}.",
            "Our full-year outlook is the same as before, and we confirm it.",
            "We leave the annual target where it is, at {new}.",
            "In spring we guided to {new}; today we stand by it.",
            "We still expect {new} for the full year.",
            "Our estimate for the year is unchanged at {new}.",
        ),
        "none": (
            "We have never given guidance and do not start today.",
            "There will be no forecast for the year from me.",
            "We do not publish an outlook.",
            "I am not going to say anything about the full year.",
            "",
            "",
        ),
    },
    risks=(
        "The risk to remember is {r1}.",
        "Our two main risks are {r1} and {r2}.",
        "We are watching out for {r1}.",
        "Threats to the plan include {r1} and {r2}.",
        "The thing that could hurt us most is {r1}.",
        "We are concerned about {r1}, and about {r2}.",
        "Problems could come from {r1} and {r2}.",
        "Energy prices have calmed down, but {r1} could be a danger.",
        "Our risk report lists {r1} and {r2}.",
        "{R1} could weigh on us, as could {r2}.",
        "I want to warn you about {r1}.",
        "What we fear is {r1} and {r2}.",
        "One risk stays with us: {r1}.",
        "There is a danger of {r1} and of {r2}.",
    ),
    mood={
        "positive": (
            "We look back on a very strong quarter.",
            "I am happy and proud to present excellent results.",
            "It was a great quarter for all of us.",
            "We are really pleased with what we achieved.",
            "The quarter was a big success.",
            "We beat our plan, and the mood is wonderful.",
        ),
        "neutral": (
            "We look back on a quarter without surprises.",
            "The results are in line with our plan.",
            "It was a mixed quarter for all of us.",
            "We are neither happy nor unhappy with the quarter.",
            "The quarter was steady and as expected.",
            "It was an average quarter, and the mood is calm.",
        ),
        "negative": (
            "We look back on a very weak quarter.",
            "I am unhappy to have to present poor results.",
            "It was a bad quarter for all of us.",
            "We are really disappointed with what we achieved.",
            "The quarter was a painful one.",
            "We missed our plan, and the mood is bad.",
        ),
    },
    extra=(
        "Spending on {sites} was {capex}.",
        "Shareholders receive {part} as a dividend.",
        "Thank you to every member of the {co} team.",
        "At the end of the period we held {cash} in cash.",
        "We employ 3,700 people.",
        "Pre-tax profit was {profit}.",
        "One of our {sites} moved to a new place.",
        "The full report comes out on Thursday.",
    ),
    moved={
        "positive": ("a rise from", "clearly above"),
        "neutral": ("nearly equal to", "in line with"),
        "negative": ("a drop from", "clearly below"),
    },
)

SPLITS = (TRAIN, DEV, TEST)
# How a company writes millions, and billions.
MONEY = (
    ("£{} million", "£{} billion"),
    ("€{} million", "€{} billion"),
    ("${} million", "${} billion"),
    ("£{}m", "£{}bn"),
    ("€{}m", "€{}bn"),
    ("${}m", "${}bn"),
    ("{} million euros", "{} billion euros"),
    ("{} million pounds", "{} billion pounds"),
    ("{} million dollars", "{} billion dollars"),
    ("{} million kroner", "{} billion kroner"),
    ("{} million francs", "{} billion francs"),
)


class Deck:
    """Deals the cards of a pool in shuffled rounds, so that each comes up as often as any other."""

    def __init__(self, cards: Sequence[int], chance: random.Random) -> None:
        self._cards = list(cards)
        self._chance = chance
        self._left: list[int] = []

    def deal(self) -> int:
        if not self._left:
            self._left = list(self._cards)
            self._chance.shuffle(self._left)
        return self._left.pop()


def amount(millions: float, money: tuple[str, str]) -> str:
    """A sum as said: millions under a thousand, billions from there on; three digits at most, and no nought at the end."""
    value, form = (millions, money[0]) if millions < 1000 else (millions / 1000, money[1])
    number = f"{value:.0f}" if value >= 100 else f"{value:.1f}".removesuffix(".0")
    return form.format(number)


def sums(chance: random.Random, mood: str, outlook: str) -> dict[str, str]:
    """The amounts of one excerpt, all different: revenue, and the others that a reader must not mistake for it."""
    money = chance.choice(MONEY)
    step = {"positive": (0.78, 0.95), "neutral": (0.985, 1.015), "negative": (1.05, 1.3)}[mood]
    while True:
        revenue = chance.choice((12, 40, 40, 130, 1200)) * chance.uniform(1, 3.3)
        year = revenue * chance.uniform(3.9, 4.3)
        found = {
            "rev": amount(revenue, money),
            "prior": amount(revenue * chance.uniform(*step), money),
            "new": amount(year, money),
            "old": amount(year * {"raised": 0.92, "lowered": 1.09}.get(outlook, 1.2), money),
            "profit": amount(revenue * chance.uniform(0.05, 0.14), money),
            "capex": amount(revenue * chance.uniform(0.02, 0.09), money),
            "cash": amount(revenue * chance.uniform(0.3, 0.7), money),
            "part": amount(revenue * chance.uniform(0.1, 0.3), money),
        }
        if len(set(found.values())) == len(found):
            return found


def pick_risks(chance: random.Random) -> tuple[str, str]:
    """Two risks of the register that share no word of weight."""
    while True:
        first, second = (" ".join(risk.split()) for risk in chance.sample(RISKS, 2))
        if not {w for w in first.split() if len(w) > 3} & {w for w in second.split() if len(w) > 3}:
            return first, second


def capital(text: str) -> str:
    """The text as a sentence begins."""
    return text[:1].upper() + text[1:]


def examples(split: Split) -> Iterator[dict[str, object]]:
    """The lines of one file."""
    chance = random.Random(split.seed)
    topics = sorted(split.industries)
    decks = {
        name: Deck(range(len(pool)), chance)
        for name, pool in {
            "topic": topics,
            "frame": split.frames,
            "revenue": split.revenue,
            "risks": split.risks,
            "extra": split.extra,
            **{f"guidance {key}": pool for key, pool in split.guidance.items()},
            **{f"mood {key}": pool for key, pool in split.mood.items()},
        }.items()
    }
    moods = Deck(range(len(OUTLOOKS)), chance)
    outlooks = {
        mood: Deck([at for at, times in enumerate(shares) for _ in range(times)], chance)
        for mood, shares in OUTLOOKS.items()
    }
    seen: set[str] = set()
    number = 0
    while number < split.count:
        mood = tuple(OUTLOOKS)[moods.deal()]
        outlook = GUIDANCE[outlooks[mood].deal()]
        topic = topics[decks["topic"].deal()]
        at = {name: decks[name].deal() for name in ("frame", "revenue", "risks", "extra")}
        slots = sums(chance, mood, outlook)
        first, second = pick_risks(chance)
        slots |= {
            "r1": first,
            "R1": capital(first),
            "Part": capital(slots["part"]),
            "r2": second,
            "sites": split.industries[topic],
            "co": chance.choice(split.companies),
            "boss": chance.choice(split.people),
            "moved": chance.choice(split.moved[mood]),
        }
        sentences = {
            "revenue": split.revenue[at["revenue"]],
            "guidance": split.guidance[outlook][decks[f"guidance {outlook}"].deal()],
            "risks": split.risks[at["risks"]],
            "mood": split.mood[mood][decks[f"mood {mood}"].deal()],
            "extra": split.extra[at["extra"]],
        }
        frame = split.frames[at["frame"]]
        if "{all}" in frame:
            body = [name for name in sentences if name != "extra" or chance.random() < 0.7]
            chance.shuffle(body)
            frame = frame.replace("{all}", " ".join(f"{{{name}}}" for name in body))
        text = fill(frame, sentences, slots)
        if len(text.split()) < FEWEST_WORDS and "{extra}" not in frame:
            text = fill(frame.replace("{mood}", "{mood} {extra}"), sentences, slots)
        while len(text.split()) < FEWEST_WORDS:
            more = split.extra[decks["extra"].deal()].format(**slots)
            if more not in text:
                text = f"{more} {text}" if split is TRAIN and chance.random() < 0.5 else f"{text} {more}"
        if text in seen or len(text.split()) > MOST_WORDS or text.count(slots["rev"]) != 1:
            continue
        seen.add(text)
        number += 1
        risks = [first, second] if "{r2}" in sentences["risks"] else [first]
        if "{R1}" in sentences["risks"]:
            risks[0] = capital(first)
        gold = {"revenue": slots["rev"], "guidance": outlook, "risks": risks, "sentiment": mood}
        yield {
            "id": f"{split.name}-{number:0{4 if split.count > 999 else 3}}",
            "topic": topic,
            "template": f"{split.name}: frame {at['frame'] + 1}, revenue {at['revenue'] + 1}, risks {at['risks'] + 1}",
            "text": text,
            "reply": json.dumps(gold, ensure_ascii=False),
            "gold": gold,
        }


def fill(frame: str, sentences: Mapping[str, str], slots: Mapping[str, str]) -> str:
    """The frame with its sentences and their slots; what an empty sentence leaves behind is tidied away."""
    text = frame.format(**{name: sentence.format(**slots) for name, sentence in sentences.items()}, **slots)
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return "\n".join(
        line.replace("“ ", "“").replace(" ”", "”") for line in lines if line not in ("-", "*", "•", "Outlook:")
    )


def write(folder: Path = FOLDER) -> None:
    """Write the three files into `folder`."""
    for split in SPLITS:
        lines = (json.dumps(line, ensure_ascii=False) + "\n" for line in examples(split))
        (folder / f"{split.name}.jsonl").write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    write()
