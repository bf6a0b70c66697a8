"""Writes train.jsonl, dev.jsonl and test.jsonl: customers' questions, the page that was looked up, and a reply in the voice.

Every shop, person and figure is invented. A page is one sentence or one table row with its title and heading before it,
as the lab's own prompts show pages. Some pages answer the question, and the reply repeats their figure; some do not, and
the reply says that it is being checked. Run this file to write the three data files anew, to the same bytes.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

FOLDER = Path(__file__).parent
SEED = 4
TRAIN, DEV, TEST = 1000, 60, 60
UNANSWERED = 0.15  # the share of pages that do not answer the question

# What a slot such as {days} may hold. A text in words counts as right in figures too, and the other way round.
POOLS: dict[str, tuple[str, ...]] = {
    "money": tuple(
        "£2.30 £3.20 £4.60 £5.15 £6.80 £7.25 £9.40 £11.50 £13.75 £14 £17 £19.50 £21 £26 £31.50 £33 £37 £41 £46 £53 £57 "
        "£62 £71 £88 £94 £106 £118 £130".split()
    ),
    "small": tuple("35p 60p 85p £1.10 £1.35 £1.70 £2.05 £2.45 £3.15 £4.30 £4.85 £5.45 £6.05".split()),
    "large": tuple("£165 £210 £275 £340 £415 £460 £580 £720 £890 £1,150 £1,350 £2,400".split()),
    "days": ("nine days", "11 days", "17 days", "19 days", "22 days", "25 days", "27 days", "33 days", "41 days",
             "four days", "50 days", "eleven days", "55 days"),
    "weeks": ("two weeks", "five weeks", "seven weeks", "13 weeks", "14 weeks", "17 weeks", "six weeks", "18 weeks"),
    "months": ("four months", "seven months", "eight months", "11 months", "15 months", "16 months", "30 months"),
    "years": ("two years", "eight years", "nine years", "12 years", "15 years", "eleven years"),
    "hours": ("three hours", "five and a half hours", "six hours", "14 hours", "30 hours", "36 hours", "60 hours"),
    "minutes": ("8 minutes", "13 minutes", "17 minutes", "fifty minutes", "35 minutes", "55 minutes", "70 minutes",
                "75 minutes", "95 minutes"),
    "morning": ("7.15 am", "7.45 am", "8.20 am", "8:40 am", "9.10 am", "9:45 am", "10.15 am", "10:40 am", "11 am"),
    "evening": ("4.40 pm", "5.20 pm", "5:50 pm", "6.10 pm", "6:25 pm", "7.05 pm", "8 pm", "8.45 pm", "9:20 pm"),
    "cm": ("28 cm", "33 cm", "47 cm", "58 cm", "64 cm", "72 cm", "86 cm", "118 cm", "127 cm", "164 cm"),
    "kg": ("3.5 kg", "6 kg", "7.5 kg", "14 kg", "16 kg", "19 kg", "24 kg", "95 kg"),
    "litres": ("1.5 litres", "4 litres", "9 litres", "14 litres", "35 litres", "70 litres"),
    "percent": ("4%", "6%", "7%", "11%", "13%", "14%", "16%", "17%", "18%", "35%"),
    "count": ("7", "9", "13", "14", "17", "19", "26", "27", "36", "44", "48", "65"),
    "people": ("seven people", "nine people", "13 people", "16 people", "18 people", "22 people", "45 people"),
    "degrees": ("12 degrees", "16 degrees", "19 degrees", "27 degrees", "45 degrees", "165 degrees"),
    "extension": ("118", "127", "143", "156", "167", "185", "194", "209", "213", "236", "247"),
    "person": ("Odette Farrow", "Silas Wren", "Maud Ashby", "Ines Calder", "Tobias Kell", "Rhona Tipp", "Jory Pascoe",
               "Leona Birch", "Otis Greave", "Perrin Vale", "Suki Aldous", "Nell Harker", "Ezra Coombe", "Wilma Stead"),
    "weekday": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "date": ("4 February", "11 March", "23 March", "6 May", "17 May", "8 July", "22 July", "3 September", "14 October",
             "27 November", "2 December"),
    "colour": ("green", "yellow", "red", "blue", "purple", "orange", "grey"),
}  # fmt: skip

NAMES = {
    "train": (
        "Mira Callum Amélie Ioana Nomvula Ananya Dilys Declan Ximena Camille Ewan Jin Fatima Harriet Adaeze Astrid Ffion "
        "Tariq Olivia Beatriz Wanjiru Megan Helga Catalina Soraya Kofi Henrik Valentina Shabnam Stefan Omar Ibrahim Ilse "
        "Sadia Angus Josefina Zoë Morag Elsie Inès Nasreen Sven Mateo Anaïs Lorenzo Finlay Conor Bashir Zofia Martin "
        "Viktor Pedro Musa Emil Bruno Milena Hamish Ryo Rhys Saoirse Oskar Graham Lupita Dafydd Keziah Renée Ayesha Minh "
        "Pilar Hana Hiroshi Gareth Kamal Nadia Kiran Isla Iain Diego Mei Svetlana Jean-Luc Anne-Marie Seán Bo Al"
    ).split(),
    "dev": "Amara Farida Birgitta Malik Rosalind Tomasz Yuki Dermot Leila Marek Chidi Siân Paolo Greta Ravi".split(),
    "test": "Jia Manon Thandi Kaspar Eilidh Rosa Imran Tove Benedikt Lucía Aoife Samir Wren Jean-Baptiste Petra".split(),
}

OPENINGS = (
    "thanks for asking about {topic}.", "thanks for your message about {topic}.", "happy to help with {topic}.",
    "good question about {topic}.", "lovely to hear from you about {topic}.", "here is what I found about {topic}.",
    "glad you asked about {topic}.", "let's look at {topic} together.", "thank you for writing to us about {topic}.",
    "I've just looked up {topic} for you.", "great that you're thinking about {topic}.", "good to hear from you.",
    "that one is easy to answer.", "thanks for checking first.", "I have the page open right here.",
    "I can help with that.", "nice and simple, this one.", "thanks for getting in touch.",
)  # fmt: skip
CLOSINGS = (
    "Is there anything else you would like to know?", "Does that help with your plans?", "Does that answer your question?",
    "Is there anything else we can look up for you?", "Shall we help you with the next step?", "How does that sound?",
    "Would you like to know anything more about {topic}?", "Is there more we can tell you about {topic}?",
    "Can we help with anything else today?", "Does that work for you?",
)  # fmt: skip
UNKNOWN = (
    "The page I have here doesn't cover that, so I'm checking with the team.",
    "That isn't on the page in front of me, so I'm asking a colleague who knows.",
    "I can't see the answer on the page I have, so I'm finding out for you.",
    "My page doesn't say, and I'd rather check than guess, so I'm asking the team.",
    "What I have in front of me is about something else, so I'm asking the right people.",
    "I don't have that written down here, so I'm looking into it with a colleague.",
)
UNKNOWN_CLOSINGS = (
    "When do you need to know by?", "Could you tell us a little more about your plans?", "Is there a date you have in mind?",
    "What is the best way to reach you with the answer?", "Is there anything else we can check at the same time?",
    "Would a message to this address suit you?",
)  # fmt: skip


@dataclass(frozen=True)
class Fact:
    """One thing a page can say. Texts hold slots such as {days}; `|` divides alternatives.

    page: what the page says; says: the reply's own sentence, where "=" is the page's own words; asks: ways to ask; topic
    ends “thanks for asking about …”; gold: what the reply must hold; near: sentences that may stand on the same page;
    items: values of {item}: a page about another item does not answer the question.
    """

    trade: str
    title: str
    page: str
    gold: str
    topic: str
    asks: str
    says: str = "="
    close: str = ""
    near: str = ""
    items: tuple[str, ...] = field(default=())


