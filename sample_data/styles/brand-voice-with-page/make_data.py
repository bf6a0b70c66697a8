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
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent
SEED = 4
TRAIN, DEV, TEST = 1000, 60, 60
# The share of pages that do not answer the question. With more in training, the model says too often that it is checking.
UNANSWERED = {"train": 0.08, "dev": 0.15, "test": 0.15}
QUOTED = 0.8  # the share of replies in the page's own sentence: what a small model repeats, it repeats right
WITHOUT_PAGE = 0.0  # the share of messages that come without a page, as they do when nothing is looked up

# What a slot such as {days} may hold. A text in words counts as right in figures too, and the other way round.
POOLS: dict[str, tuple[str, ...]] = {
    "money": tuple(
        "£2.30 £3.20 £4.70 £5.15 £6.80 £7.25 £9.40 £11.50 £13.75 £14.60 £17.20 £19.50 £21 £27.50 £31.50 £33 £39.90 £41 "
        "£46 £53 £57 £62 £71 £88 £94 £106 £118 £130".split()
    ),
    "small": tuple("35p 60p 85p £1.10 £1.35 £1.70 £2.05 £2.45 £3.15 £4.30 £4.85 £5.45 £6.05".split()),
    "large": tuple("£165 £210 £275 £340 £415 £460 £580 £720 £890 £1,150 £1,350 £2,400".split()),
    "days": ("nine days", "11 days", "17 days", "19 days", "22 days", "25 days", "27 days", "37 days", "41 days",
             "fifty-two days", "51 days", "eleven days", "55 days"),
    "weeks": ("two weeks", "nine weeks", "seven weeks", "13 weeks", "14 weeks", "17 weeks", "fifteen weeks", "19 weeks"),
    "months": ("four months", "seven months", "13 months", "11 months", "15 months", "16 months", "30 months"),
    "years": ("13 years", "nine years", "17 years", "12 years", "15 years", "eleven years"),
    "hours": ("fifteen hours", "14 hours", "18 hours", "32 hours", "44 hours", "66 hours"),
    "short": ("three hours", "five and a half hours", "85 minutes", "three and a half hours", "50 minutes", "80 minutes"),
    "minutes": ("8 minutes", "13 minutes", "17 minutes", "fifty minutes", "35 minutes", "55 minutes", "70 minutes",
                "75 minutes", "95 minutes"),
    "morning": ("7.15 am", "7.45 am", "8.20 am", "8:40 am", "9.10 am", "9:35 am", "10.15 am", "10:50 am", "11 am"),
    "evening": ("4.40 pm", "5.20 pm", "5:50 pm", "6.10 pm", "6:25 pm", "7.05 pm", "8 pm", "8.45 pm", "9:20 pm"),
    "cm": ("28 cm", "33 cm", "47 cm", "58 cm", "64 cm", "72 cm", "86 cm", "118 cm", "127 cm", "164 cm"),
    "kg": ("3.5 kg", "6 kg", "7.5 kg", "14 kg", "16 kg", "18 kg", "26 kg", "95 kg"),
    "litres": ("1.5 litres", "4 litres", "9 litres", "14 litres", "35 litres", "70 litres"),
    "percent": ("4%", "6%", "7%", "11%", "13%", "14%", "16%", "17%", "18%", "35%"),
    "count": ("13", "14", "17", "19", "28", "27", "36", "44", "48", "65"),
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

OPENINGS = (  # few, and all alike: the model's attention is for the page
    "thanks for asking about {topic}.", "thanks for your message about {topic}.", "happy to help with {topic}.",
    "good question about {topic}.", "lovely to hear from you about {topic}.", "glad you asked about {topic}.",
)  # fmt: skip
CLOSINGS = (  # fit any question: a small model repeats a particular one where it makes no sense
    "Is there anything else you would like to know?", "Does that help with your plans?", "Does that answer your question?",
    "Is there anything else we can look up for you?", "Shall we help you with the next step?", "How does that sound?",
    "Would you like to know anything more about {topic}?", "Is there more we can tell you about {topic}?",
    "Can we help with anything else today?", "Does that work for you?", "Is that what you were hoping to hear?",
    "What else would you like to know about {topic}?", "Would you like us to look up anything else?",
)  # fmt: skip
UNKNOWN = (
    "I don't have that to hand, so I'm checking with the team.",
    "I'd rather not guess, so I'm asking a colleague who knows.",
    "I'm finding out for you, so that what we tell you is right.",
    "I can't see that here, so I'm looking into it with the team.",
)
UNKNOWN_CLOSINGS = (
    "When do you need to know by?", "Could you tell us a little more about your plans?", "Is there a date you have in mind?",
    "What is the best way to reach you with the answer?", "Is there anything else we can check at the same time?",
    "Would a message to this address suit you?",
)  # fmt: skip


@dataclass(frozen=True)
class Fact:
    """One thing a page can say. Texts hold slots such as {days}; where there are several, one of them is drawn.

    pages: what the page says; says: the same in a reply's own words; asks: ways to ask; topic
    ends “thanks for asking about …”; gold: what the reply must hold; near: sentences that may stand on the same page;
    items: values of {item}: a page about another item does not answer the question.
    """

    trade: str
    title: str
    pages: tuple[str, ...]
    gold: tuple[str, ...]
    topic: str
    asks: tuple[str, ...]
    says: tuple[str, ...]
    near: tuple[str, ...] = ()
    items: tuple[str, ...] = ()


def read_facts(text: str) -> tuple[Fact, ...]:
    """Blocks of “name: value” lines under “# trade | title” → facts; a name may come several times."""
    facts = []
    for block in text.split("\n\n"):
        head, *lines = block.strip().split("\n")
        found: dict[str, list[str]] = {}
        for line in lines:
            name, _, value = line.partition(": ")
            found.setdefault(name, []).append(value)
        trade, _, title = head.removeprefix("# ").partition(" | ")
        facts.append(
            Fact(
                trade=trade,
                title=title,
                pages=tuple(found["page"]),
                gold=tuple(found["gold"]),
                topic=found["topic"][0],
                asks=tuple(found["ask"]),
                says=tuple(found.get("say", ())),
                near=tuple(found.get("near", ())),
                items=tuple(found["items"][0].split(", ")) if "items" in found else (),
            )
        )
    return tuple(facts)


TRAIN_FACTS = read_facts(
    """
# bakery | Orders and collection, Celebration cakes
page: Celebration cakes must be ordered at least {days} ahead.
gold: {days}
topic: celebration cakes
near: Ready-made sponges are sold from the counter.
near: A card with a message can go in the box.
ask: How far ahead do I order a celebration cake?
ask: It's short notice, I know. My twins turn one and I want three tiers with a fox on top. When must you hear from me?
ask: It's my gran's 90th soon. When is the latest I can ask you to bake something special?
ask: notice needed for a birthday cake
ask: How much warning do you need for a party cake?
ask: I'm hopeless at planning. How early would I have to tell you about a tiered cake?
ask: Could you tell me the notice period for celebration cakes, please?
say: We ask for at least {days} of notice for a celebration cake.

# bakery | Our bread, Prices
page: A large {item} costs {small}.
gold: {small}
topic: our {item}
items: rye loaf, seed loaf, walnut loaf, plum tart, cheese plait
ask: How much is a large {item}?
ask: Granny sent me with a five pound note for her {item}. Is that enough?
ask: price of large {item}
ask: What would I pay for one of your big {item}s?
ask: What does a {item} set me back these days?
ask: Please could you tell me the cost of a large {item}.
ask: I'd like to pick up a {item} on Friday, what do you charge?
say: A large {item} is {small}.

# bakery | Opening and people
page: The oven is lit before dawn, and the shop opens at {morning} on {weekday}s.
gold: {morning}
topic: our opening time
ask: When do you open on {weekday}?
ask: I start work stupidly early. From when can I buy rolls on a {weekday}?
ask: opening time {weekday}
ask: What's the earliest I can come by on {weekday} for bread?
ask: At what hour does the shop open on a {weekday}?
say: The shop opens at {morning} on {weekday}s.

# bakery | Allergies, Sesame and nuts
page: Our {colour} trays hold everything that is made without nuts.
gold: {colour} trays
gold: {colour}
topic: food without nuts
ask: How do I know which buns have no nuts?
ask: My boy swells up from almonds. Where should I look for something safe for him?
ask: what colour are the nut free trays
ask: Which trays are for things made without nuts?
ask: Where do you keep the stuff that has no nuts in it?
say: Everything made without nuts is on the {colour} trays.

# bakery | Orders and collection, Unsold bread
page: Bread that is left at closing time goes to {person}, who runs the soup kitchen.
gold: {person}
topic: our unsold bread
ask: What happens to the bread you don't sell?
ask: Does anybody hungry get to eat what is still on your shelves at night?
ask: Who gets the loaves nobody bought?
ask: It breaks my heart to think of good bread in a bin. Where does it end up at night?
ask: Who takes your leftover bread?
ask: leftover bread: who has it?
say: Any bread left at closing time goes to {person}, who runs the soup kitchen.

# bakery | Bakery classes
page: Classes: {item}; Day: {weekday}; Lasts: {short}; Price: {money}; Places: {count}; Taught by: {person}.
gold: {money}
topic: the {item} class
items: sourdough, bagels, puff pastry
ask: How much is the {item} class?
ask: What's the fee for learning {item}?
ask: {item} lesson cost?
ask: I'd love to try {item} with my sister. What does it come to each?
say: The {item} class costs {money}.

# bakery | Bakery classes
page: Classes: {item}; Day: {weekday}; Lasts: {short}; Price: {money}; Places: {count}; Taught by: {person}.
gold: {person}
topic: the {item} class
items: sourdough, bagels, puff pastry
ask: Who teaches {item}?
ask: Who'd be showing us how to do the {item}?
ask: teacher for {item}
ask: Which of your bakers gives the {item} class?
say: The {item} class is taught by {person}.
say: {person} teaches the {item} class.

# bakery | Bakery classes
page: Classes: {item}; Day: {weekday}; Lasts: {short}; Price: {money}; Places: {count}; Taught by: {person}.
gold: {short}
topic: the {item} class
items: sourdough, bagels, puff pastry
ask: How long is the {item} class?
ask: If I come for {item}, when am I done? How long should I tell my babysitter?
ask: length of {item} class
ask: How many hours does the {item} class take?
say: The {item} class lasts {short}.

# boat-hire | Boats and prices, By the hour
page: A {item} costs {money} an hour.
gold: {money}
topic: hiring a {item}
items: rowing boat, pedal boat, canoe, punt, small sailing boat
near: Life jackets are lent at no charge.
near: Prices are the same all week.
ask: How much is a {item} for an hour?
ask: I'd like to propose on the water, in a {item}, and it won't take me longer than sixty minutes. What should I save up?
ask: What would sixty minutes in a {item} cost me?
ask: {item} price per hour
ask: I'd like to take my wife out in a {item}. What do you charge?
ask: Could you let me know the hourly price of a {item}?
say: A {item} is {money} for each hour.

# boat-hire | Boats and prices, Deposits
page: We keep a deposit of {money} for a {item}, and you get it back when the boat is tied up again.
gold: {money}
topic: the deposit for a {item}
items: rowing boat, pedal boat, canoe, motor launch
ask: What deposit do you take for a {item}?
ask: What do I get back from you at the end if I bring the {item} home in one piece?
ask: How much do I leave with you before I take a {item} out?
ask: I've only got a bit of cash with me. What do you hold on to while I'm in the {item}?
ask: {item} deposit?
ask: What sum is held while we have the {item}?
say: The deposit for a {item} is {money}, and you get it back when the boat is tied up again.

# boat-hire | Safety, Who may take a boat
page: Whoever steers a motor launch must be {n} or older.
gold: {n}
topic: steering a motor launch
ask: How old do you have to be to steer a motor launch?
ask: My nephew is dying to be captain with the engine on. When is he grown up enough?
ask: My daughter wants to drive the launch. From what age is that allowed?
ask: minimum age motor launch
ask: At what age may someone take the wheel of a launch?
say: You must be {n} or older to steer a motor launch.

# boat-hire | Safety, On the water
page: All boats must be back by {evening}, when the lock gates close.
gold: {evening}
topic: bringing the boat back
ask: When do boats have to be back?
ask: We lost track of time last summer and got shouted at. So when is the end of the day for you?
ask: Till when can we stay out on the river?
ask: latest return time for boats
ask: We'd love to see the sunset from the water. What's the last moment we can bring it in?
ask: By what time do I need to return a boat?
say: Please have the boat back by {evening}, when the lock gates close.

# boat-hire | Safety, Dogs
page: Dogs may come along in {item} but not in canoes.
gold: not in canoes
gold: not in a canoe
topic: taking a dog along
items: rowing boats, punts, launches
ask: Can my dog come in a canoe?
ask: Is it all right to have a terrier in the canoe?
ask: dogs in canoes?
ask: We never leave Biscuit at home. May he paddle with us in a canoe?
say: Dogs are welcome in {item} but not in canoes.

# boat-hire | Boats and prices, Cancelling
page: You may cancel free of charge until {hours} before your trip.
gold: {hours}
topic: cancelling a trip
ask: How late can I cancel for free?
ask: My mate always drops out at the last moment. When does that begin to hurt my purse?
ask: If the weather turns, up to when can I call it off without paying?
ask: free cancellation until when?
ask: How long before the trip may I still pull out at no cost?
say: You can cancel free of charge until {hours} before your trip.

# boat-hire | The Lark and the Heron: our trip boats, Timetable
page: Boat: {item}; Leaves: {morning}; Returns: {evening}; Adult: {money}; Seats: {count}; Skipper: {person}.
gold: {morning}
topic: the {item}
items: Lark, Heron, Otter, Merry Anne
ask: When does the {item} leave?
ask: What time do I need to be on the quay for the {item}?
ask: {item} departure
ask: At what time does the {item} set off?
say: The {item} leaves at {morning}.

# boat-hire | The Lark and the Heron: our trip boats, Timetable
page: Boat: {item}; Leaves: {morning}; Returns: {evening}; Adult: {money}; Seats: {count}; Skipper: {person}.
gold: {count}
topic: the {item}
items: Lark, Heron, Otter, Merry Anne
ask: How many seats does the {item} have?
ask: How many of us would fit on the {item}?
ask: {item} number of seats
ask: We're a big family. What's the capacity of the {item}?
say: The {item} has {count} seats.

# boat-hire | The Lark and the Heron: our trip boats, Timetable
page: Boat: {item}; Leaves: {morning}; Returns: {evening}; Adult: {money}; Seats: {count}; Skipper: {person}.
gold: {evening}
topic: the {item}
items: Lark, Heron, Otter, Merry Anne
ask: When does the {item} get back?
ask: If we go on the {item}, when are we home again?
ask: return time of the {item}
ask: What time would I be off the {item}?
say: The {item} returns at {evening}.

# music-school | Lessons and fees, Single lessons
page: A single {item} lesson lasts {minutes} and costs {money}.
gold: {money}
topic: {item} lessons
items: cello, trumpet, piano, harp, flute
ask: How much is one {item} lesson?
ask: What does a {item} lesson cost?
ask: price single {item} lesson
ask: I'd just like a taster on the {item}. What would I owe you?
say: A single {item} lesson costs {money}.

# music-school | Lessons and fees, Single lessons
page: A single {item} lesson lasts {minutes} and costs {money}.
gold: {minutes}
topic: {item} lessons
items: cello, trumpet, piano, harp, flute
ask: How long is a {item} lesson?
ask: length of one {item} lesson
ask: How much time do we get with the {item} teacher each go?
ask: For how long does a {item} lesson run?
say: A single {item} lesson lasts {minutes}.

# music-school | Borrowing an instrument
page: Pupils may borrow {item} for up to {months}.
gold: {months}
topic: borrowing {item}
items: a violin, a clarinet, a guitar, an accordion
near: Strings and reeds are yours to replace.
ask: How long can I borrow {item}?
ask: Our boy isn't sure yet that he likes it, so we'd rather not buy. When would {item} be due home again?
ask: For how long may a pupil keep {item} from you?
ask: borrowing {item}, maximum time?
ask: We can't afford to buy yet. When would we have to hand back {item}?
ask: What's the longest loan for {item}?
say: You can borrow {item} for up to {months}.

# music-school | Concerts, Summer concert
page: The summer concert is on {date} in the {place}.
gold: {date}
topic: the summer concert
ask: When is the summer concert?
ask: Grandad wants to fly in and hear the kids before term ends. Which flight should he take?
ask: What date should I put in my diary for the children's big show before the holidays?
ask: date of summer concert
ask: On which day do the pupils perform in summer?
say: The summer concert is on {date} in the {place}.

# music-school | Concerts, Summer concert
page: The summer concert is on {date} in the {place}.
gold: {place}
topic: the summer concert
ask: Where is the summer concert?
ask: Which building do we go to for the summer concert?
ask: summer concert venue
ask: I forgot to write it down, where are they all playing this summer?
say: The summer concert takes place in the {place}.

# music-school | Missed lessons
page: A lesson that is missed without {hours} of notice will be charged in full, and never moved.
gold: {hours}
topic: missed lessons
ask: How much notice do I have to give if my son misses a lesson?
ask: Chickenpox in the house! If I ring in sick for her trumpet hour, from when do I still have to pay?
ask: Poppy's got a fever. How long beforehand must I call so that we don't pay for her lesson?
ask: notice for cancelling a lesson
ask: What notice do you need so that a missed lesson isn't charged?
say: A missed lesson is charged in full unless we have {hours} of notice.
say: We need {hours} of notice, or the lesson is charged in full.

# music-school | Staff
page: Head of strings: {person}. Room: {count}.
gold: {person}
topic: our strings teachers
ask: Who is the head of strings?
ask: Whom should I talk to about my girl's violin playing?
ask: head of strings name
ask: Who leads your strings department?
say: The head of strings is {person}.
say: {person} is our head of strings.

# music-school | Lessons and fees, Brothers and sisters
page: Brothers and sisters receive {percent} off the second child's fee.
gold: {percent}
topic: fees for two children
ask: What discount is there for siblings?
ask: Three of mine play now and I'm going broke. What do you knock off after the eldest?
ask: I've two boys who want to play. Is the second one cheaper, and by how much?
ask: sibling discount
ask: How much less do you charge for a second child?
say: There is {percent} off the second child's fee.

# museum | Tickets, Prices
page: {Item} pay {money}.
page: {Item}: {money}.
page: Tickets for {item} cost {money}.
gold: {money}
topic: tickets for {item}
items: adults, students, retired visitors, school groups, families of four
near: Tickets are sold at the desk and online.
near: Under-fives come in free.
ask: How much is a ticket for {item}?
ask: What do {item} pay to get in?
ask: entry price, {item}
ask: I'm bringing {item}. What will you ask at the door?
ask: What is the admission charge for {item}?
say: {Item} pay {money}.
say: A ticket for {item} costs {money}.

# museum | Planning a visit, Time you need
page: Most people spend about {short} with us.
gold: {short}
topic: planning a visit
ask: How long does a visit take?
ask: I'm meeting a friend for lunch and want to see everything first. How early should I start?
ask: Our train home is at three. How much time should we leave for going round?
ask: how long do people usually stay
ask: What's a usual length for a visit?
say: Most people stay for about {short}.

# museum | Planning a visit, Bags
page: Bags larger than {cm} go into a locker.
gold: {cm}
topic: bringing a bag
ask: How big a bag may I carry round?
ask: Will they let me in with my enormous rucksack, or is there a limit?
ask: I'd be coming straight from the airport with luggage. At what size do I have to put it away?
ask: max bag size
ask: From which size must a bag go in a locker?
say: A bag larger than {cm} goes into a locker.

# museum | Galleries, The {item} room
page: The {item} room is on the {floor} floor, past the lift.
gold: {floor}
topic: the {item} room
items: clock, doll, map, whale, coin
ask: Which floor is the {item} room on?
ask: My knees are bad. How high up is the {item} collection?
ask: {item} room floor
ask: On what level do I find the {item}?
say: You can find the {item} room on the {floor} floor, past the lift.

# museum | Galleries, The treasure
page: The hoard was dug up by {person}, a farmer, in a turnip field.
gold: {person}
topic: the hoard
ask: Who found the hoard?
ask: Whose spade hit the gold?
ask: Who dug up the treasure?
ask: Somebody must have nearly fallen over when all that gold came out of the ground. Who was it?
ask: finder of the hoard
say: It was {person}, a farmer, who dug up the hoard in a turnip field.

# museum | Events
page: Event: {item}; Date: {date}; Starts: {evening}; Price: {small}; Led by: {person}; Room for: {people}.
gold: {date}
topic: the {item}
items: lantern tour, fossil evening, knot workshop, ghost walk
ask: When is the {item}?
ask: On what day is the {item} held?
ask: {item} date?
ask: I keep missing the {item}. Which date is it this year?
say: The {item} is on {date}.

# museum | Events
page: Event: {item}; Date: {date}; Starts: {evening}; Price: {small}; Led by: {person}; Room for: {people}.
gold: {small}
topic: the {item}
items: lantern tour, fossil evening, knot workshop, ghost walk
ask: How much does the {item} cost?
ask: What do you want for a seat at the {item}?
ask: {item} price
ask: Is the {item} expensive? What is it per head?
say: The {item} costs {small}.

# museum | Events
page: Event: {item}; Date: {date}; Starts: {evening}; Price: {small}; Led by: {person}; Room for: {people}.
gold: {people}
topic: the {item}
items: lantern tour, fossil evening, knot workshop, ghost walk
ask: How many people can join the {item}?
ask: What's the biggest number you take on the {item}?
ask: {item} places
ask: How large is the group at the {item}?
say: There is room for {people} on the {item}.

# museum | Events
page: Event: {item}; Date: {date}; Starts: {evening}; Price: {small}; Led by: {person}; Room for: {people}.
gold: {evening}
topic: the {item}
items: lantern tour, fossil evening, knot workshop, ghost walk
ask: What time does the {item} start?
ask: When do I have to be there for the {item}, what hour?
ask: {item} starts when
ask: At what time does the {item} begin?
say: The {item} starts at {evening}.

# library | Borrowing, How long
page: {Item} can be kept for {weeks}.
gold: {weeks}
topic: borrowing {item}
items: novels, films, board games, cookery books, audio books
near: You can renew twice at the desk.
near: A loan can be renewed by telephone.
ask: How long can I keep {item}?
ask: For how many weeks may I have {item}?
ask: loan period {item}
ask: I'm a slow one. When do you want {item} back?
ask: What is the loan time for {item}?
say: You can keep {item} for {weeks}.

# library | Borrowing, Late returns
page: The charge for a late {item} is {small} a day.
gold: {small}
topic: a late {item}
items: book, film, magazine, atlas
ask: What's the fine for a late {item}?
ask: I'm ashamed to say the {item} has been in my car since Tuesday week. What does each sunrise cost me?
ask: I've found a {item} of yours under the sofa, oh dear. What do I owe for each day?
ask: late {item}, charge per day
ask: How much do you charge when a {item} comes back late?
say: A late {item} costs {small} a day.

# library | Borrowing, How many
page: With an adult card you may take out {count} books at a time.
gold: {count}
topic: your library card
ask: How many books can I take out?
ask: My kids read like mad. When does the machine say stop, that's enough?
ask: I want to fill a suitcase before my holiday. How much may I carry off at once?
ask: max number of books on adult card
ask: What's the limit of books on one card?
say: You can take out {count} books at a time with an adult card.

# library | Rooms, The study room
page: The study room seats {people} and can be booked for {small} an hour.
gold: {people}
topic: the study room
ask: How many people fit in the study room?
ask: It would be our whole choir committee. Are there enough chairs behind that glass door?
ask: We are a big maths group. What's the most of us you could squeeze in the quiet room?
ask: study room seats
ask: How many does the study room hold?
say: The study room seats {people}.

# library | Rooms, The study room
page: The study room seats {people} and can be booked for {small} an hour.
gold: {small}
topic: the study room
ask: What does the study room cost?
ask: How much is it to have the quiet room to ourselves for an hour?
ask: study room hourly price
ask: What do you charge for booking the study room?
say: The study room can be booked for {small} an hour.

# library | Printing and copying
page: Printing: black and white {small} a page; colour {money} a page.
gold: {small}
topic: printing
ask: How much is a black and white page?
ask: I've got a dull ten-page form to print. What's each sheet?
ask: price b/w printing
ask: What do you charge for a page without colour?
say: A black and white page costs {small}.
say: Printing in black and white is {small} a page.

# library | Story time
page: Story time for toddlers is on {weekday} at {morning}, with {person}.
gold: {weekday}
topic: story time
ask: Which day is story time?
ask: On what day do you read to the little ones?
ask: story time day
ask: My two year old loves being read to. When in the week could we come?
say: Story time is on {weekday} at {morning}, with {person}.

# library | Story time
page: Story time for toddlers is on {weekday} at {morning}, with {person}.
gold: {person}
topic: story time
ask: Who reads at story time?
ask: Who's the lovely reader that the toddlers get?
ask: story time reader name
ask: Who leads story time?
say: {person} leads story time, on {weekday} at {morning}.

# library | Joining, What to bring
page: To join, bring {item} that is less than {months} old.
gold: {item}
topic: joining the library
items: a gas bill, a bank letter, a rent book, a council letter
ask: What do I need to bring to join?
ask: I've just moved here and want to sign up. Which papers should I carry with me?
ask: documents needed to join
ask: What proof do you want from a new member?
say: Please bring {item} that is less than {months} old.

# print-shop | Prices, {Item}
page: {count} {item} cost {money} on plain card.
gold: {money}
topic: printing {item}
items: posters, wedding invitations, menus, business cards
ask: How much are {count} {item}?
ask: What would you charge me for {count} {item}?
ask: {item} x {count}, price?
ask: I need {count} {item} done on plain card. What's the damage?
say: On plain card, {count} {item} cost {money}.

# print-shop | How long it takes, {Item}
page: {Item} take {days} from the moment you approve the proof.
gold: {days}
topic: printing {item}
items: calendars, leaflets, banners, booklets
ask: How long do {item} take?
ask: You have my go-ahead on the {item}. When might I hold them in my hand?
ask: When can I have my {item} after I've said yes to the proof?
ask: turnaround {item}
ask: Our launch is near and I'm nervous. How quick are you with {item}?
ask: How many days until {item} are ready?
say: Once you approve the proof, {item} take {days}.

# print-shop | Sending us your file
page: Pictures should have at least {dpi} dots per inch.
gold: {dpi}
topic: sending pictures
ask: What resolution do my pictures need?
ask: I took the snaps on my old telephone. How sharp is sharp enough?
ask: My photos came out blurry elsewhere. How fine do they have to be for you?
ask: min dpi
ask: How many dots per inch do you want?
say: Your pictures should have at least {dpi} dots per inch.

# print-shop | Sending us your file
page: Leave a margin of {mm} all round, or the blade will surely eat your words.
gold: {mm}
topic: margins
ask: How wide must the margin be?
ask: How much empty space do I leave at the edge?
ask: margin size
ask: What margin do you need around the text?
say: Please leave a margin of {mm} all round.
say: A margin of {mm} all round keeps your words clear of the blade.

# print-shop | Mistakes and reprints
page: If the mistake is ours, tell us within {days} and we will definitely print it again for nothing.
gold: {days}
topic: a reprint
ask: How long do I have to report a misprint?
ask: Only noticed today that page three is upside down. Am I too late to moan?
ask: You've spelt my name wrong on all of them! Till when can I come back to you about it?
ask: deadline for telling you about a mistake
ask: Within how many days must I tell you about an error?
say: Tell us within {days} and, if the mistake is ours, we print it again for nothing.
say: You have {days} to tell us, and we print it again for nothing if the mistake is ours.

# print-shop | Paper
page: Our heaviest paper is called {item}, at {count}0 grams.
gold: {item}
topic: our papers
items: Bramley Board, Oxbow Card, Silkmoor, Old Chapel
ask: What is your heaviest paper called?
ask: I'd like something that feels like a doorstep between the fingers. Which one is that?
ask: I want something really thick and posh. Which stock should I ask for?
ask: heaviest paper?
ask: Which of your papers is the thickest?
say: The heaviest paper we have is called {item}.

# print-shop | Machines
page: Machine: {item}; Widest sheet: {cm}; Ink: {count} colours; Run by: {person}; Bookable: {weekday}.
gold: {cm}
topic: the {item}
items: Falcon press, Tortoise, Big Dora
ask: How wide a sheet can the {item} take?
ask: What's the widest thing I can run through the {item}?
ask: {item} max width
ask: Up to what width does the {item} print?
say: The widest sheet for the {item} is {cm}.

# print-shop | Machines
page: Machine: {item}; Widest sheet: {cm}; Ink: {count} colours; Run by: {person}; Bookable: {weekday}.
gold: {weekday}
topic: the {item}
items: Falcon press, Tortoise, Big Dora
ask: Which day can I book the {item}?
ask: When in the week is the {item} free for people like me?
ask: {item} bookable day
ask: On what day may I use the {item}?
say: The {item} can be booked on {weekday}.

# pool | Swimming, The water
page: The {item} is kept at {degrees}.
gold: {degrees}
topic: the {item}
items: main pool, baby pool, plunge pool, diving pool
ask: How warm is the {item}?
ask: My toes turn blue so easily. Is it cosy in the {item}, what does it say on the dial?
ask: I hate the cold! What's it like in the {item}?
ask: {item} temperature
ask: What temperature is the {item}?
ask: To what temperature do you heat the {item}?
say: We keep the {item} at {degrees}.

# pool | Swimming, Lanes
page: Lanes for fast swimmers are marked with {colour} ropes.
gold: {colour}
topic: the swimming lanes
ask: What colour are the ropes of the fast lanes?
ask: I keep getting overtaken. How do I tell which lanes are for the quick ones?
ask: fast lane colour
ask: Which ropes mark the lanes for fast swimmers?
say: Look for the {colour} ropes, which mark the lanes for fast swimmers.

# pool | Lockers and towels
page: A locker takes a {coin} coin, and you get it back.
gold: {coin}
topic: lockers
ask: Which coin do I need for a locker?
ask: Should I bring change to shut my clothes away?
ask: I never carry change. What should I have in my pocket to lock my things away?
ask: locker coin
ask: What coin does a locker take?
say: You need a {coin} coin for a locker, and you get it back.

# pool | Swimming, Children
page: Children under {n} must have a grown-up in the water with them.
gold: {n}
topic: children in the water
ask: Until what age does a child need an adult in the water?
ask: I can't swim myself. When is my lad big enough to splash about without me?
ask: May my girl go in alone? I'd rather stay dry and read. How old must she be?
ask: age for swimming without an adult
ask: From what age can children swim on their own?
say: A child under {n} needs a grown-up in the water with them.

# pool | Prices from January
page: Ticket: {item}; Full: {money}; Reduced: {small}; Valid: {short}; Sold at: the {place}.
gold: {money}
topic: the {item} ticket
items: early bird, family splash, sauna, evening
ask: How much is a {item} ticket at full price?
ask: What does the {item} ticket cost a working adult?
ask: {item} ticket full price
ask: Full price for the {item} ticket, please?
say: The {item} ticket costs {money} at full price.

# pool | Prices from January
page: Ticket: {item}; Full: {money}; Reduced: {small}; Valid: {short}; Sold at: the {place}.
gold: {small}
topic: the {item} ticket
items: early bird, family splash, sauna, evening
ask: What is the reduced price of the {item} ticket?
ask: I'm a pensioner. What would I hand over for the {item} ticket?
ask: {item} ticket, reduced?
ask: How much is the {item} ticket for people who pay less?
say: The reduced price of the {item} ticket is {small}.

# pool | Prices from January
page: Ticket: {item}; Full: {money}; Reduced: {small}; Valid: {short}; Sold at: the {place}.
gold: {short}
topic: the {item} ticket
items: early bird, family splash, sauna, evening
ask: How long is the {item} ticket valid?
ask: How long may we stay with the {item} ticket?
ask: {item} ticket valid for
ask: When does the {item} ticket run out after I've gone in?
say: The {item} ticket is valid for {short}.

# pool | Lost things
page: Things left behind are kept for {weeks} and then given to the {place}.
gold: {weeks}
topic: lost things
ask: How long do you keep lost property?
ask: I believe my lucky goggles are in your box. When do you throw them out?
ask: Left my goggles on a bench ages ago. Is there any hope, how long do you hold on to stuff?
ask: lost property, how long
ask: For how long are things kept that somebody left behind?
say: We keep things for {weeks} and then give them to the {place}.

# pool | Lost things
page: Things left behind are kept for {weeks} and then given to the {place}.
gold: {place}
topic: lost things
ask: Who gets lost property in the end?
ask: Where do the forgotten towels go when nobody asks for them?
ask: lost property goes where?
ask: To whom are things given that nobody comes back for?
say: After {weeks}, we give things that nobody picked up to the {place}.

# dog-grooming | Prices, Wash and trim
page: Washing and trimming a {item} costs {money}.
gold: {money}
topic: grooming a {item}
items: poodle, spaniel, terrier, sheepdog, dachshund
ask: How much is it to have a {item} trimmed?
ask: My {item} looks like a mop. What would a wash and cut come to?
ask: {item} wash and trim price
ask: What do you charge for a {item}?
say: A wash and trim for a {item} costs {money}.

# dog-grooming | Appointments, How long it takes
page: A {item} is with us for {minutes}.
gold: {minutes}
topic: a {item}'s visit
items: poodle, spaniel, terrier, sheepdog
ask: How long does a {item} take?
ask: How long will I be without my {item}?
ask: There's just enough time for a coffee and the bank, or is there? My {item} hates waiting.
ask: time for a {item}
ask: If I drop off the {item}, how much later can I fetch her?
say: A {item} stays with us for {minutes}.

# dog-grooming | Appointments, Puppies
page: Puppies can come from the age of {weeks}, once they have had their jabs.
gold: {weeks}
topic: bringing a puppy
ask: How old must a puppy be?
ask: He was only born at Easter. Is he too little for you yet?
ask: Just picked up a tiny whippet. When is she big enough for her first bath with you?
ask: minimum age puppy
ask: From what age do you take puppies?
say: A puppy can come from the age of {weeks}, once the jabs are done.

# dog-grooming | Appointments, Before you come
page: Please don't feed your dog for {hours} before the bath.
gold: {hours}
topic: getting ready for a bath
ask: How long before the bath should my dog not eat?
ask: Buster begs at the table till the moment we go. When do I take the bowl away?
ask: When do I stop giving him breakfast and treats ahead of his appointment?
ask: no food before bath, how long
ask: For how many hours should my dog have an empty stomach?
say: Your dog should have no food for {hours} before the bath.

# dog-grooming | Appointments, Late arrivals
page: Anyone who comes more than {minutes} late loses the appointment; our policy has no exceptions.
gold: {minutes}
topic: arriving late
ask: How late can I be before I lose my appointment?
ask: Flat tyre, I'm running! Will you still take him, or when is it over?
ask: Stuck behind a tractor! How long have I got until you give my slot away?
ask: how many minutes late is too late
ask: After how many minutes is a late dog turned away?
say: An appointment is lost after {minutes}.
say: If you come more than {minutes} late, the appointment is lost.

# dog-grooming | Shampoo
page: For itchy skin we use {item}, made from oats.
gold: {item}
topic: itchy skin
items: Puddlefoam, Barley Bubble, Softpaw
ask: What do you use for itchy skin?
ask: Poor old Bess scratches all night. Which soap would you put on her?
ask: shampoo for itchy dogs
ask: Which shampoo is for itchy dogs?
say: We use {item} for itchy skin, and it is made from oats.

# theatre | Seats and prices, The {item}
page: A seat in the {item} costs {money}.
gold: {money}
topic: seats in the {item}
items: stalls, balcony, gallery, side boxes
ask: How much is a seat in the {item}?
ask: What do I pay to sit in the {item}?
ask: {item} ticket price
ask: We'd like to treat Dad to the {item}. What does each seat come to?
say: Seats in the {item} cost {money} each.

# theatre | Your evening, The interval
page: The interval comes after {minutes} and lasts a quarter of an hour.
gold: {minutes}
topic: the interval
ask: When is the interval?
ask: I'll be dying for an ice cream and the loo. When do the lights go up?
ask: My bladder isn't what it was. How long do I have to sit before there's a break?
ask: interval after how many minutes
ask: How long is it until the interval?
say: There is an interval after {minutes}.

# theatre | Your evening, Coming late
page: Latecomers are let in at the back by {person}, our head usher.
gold: {person}
topic: coming late
ask: Who lets me in if I'm late?
ask: My bus is always behind. If the play has begun, who should I look for?
ask: latecomers, who to ask
ask: Who is the head usher?
say: {person}, our head usher, lets latecomers in at the back.

# theatre | Groups
page: Groups of {n} or more get {percent} off.
gold: {percent}
topic: a group booking
ask: What discount do groups get?
ask: There would be a coach full of us pensioners. What do we save?
ask: We are a whole choir! How much cheaper does it get?
ask: group discount
ask: How much is taken off for a group?
say: There is {percent} off for a group of {n} or more.

# theatre | Groups
page: Groups of {n} or more get {percent} off.
gold: {n}
topic: a group booking
ask: How many people make a group?
ask: We're only a handful of friends. From how many do you count us as a party?
ask: smallest group size
ask: From what number do we count as a group?
say: A group is {n} people or more, and gets {percent} off.

# theatre | Giving back a ticket
page: Tickets can be given back until {days} before the show.
gold: {days}
topic: giving back a ticket
ask: Until when can I give back a ticket?
ask: My date has dumped me. Is there still time to get rid of both our seats?
ask: We've all come down with flu. Is it too late to hand in our tickets, what's the limit?
ask: returning tickets deadline
ask: How many days before the show can I still return tickets?
say: You can give back tickets until {days} before the show.

# theatre | Costume hire
page: Costume: {item}; Hire for a weekend: {money}; Deposit: {large}; Sizes: {sizes}; Shelf: {count}.
gold: {money}
topic: the {item} costume
items: pirate, dragon, judge, wizard, mermaid
ask: How much is the {item} costume for a weekend?
ask: What do I pay to be a {item} from Friday to Sunday?
ask: {item} costume hire price
ask: What does it cost to hire the {item}?
say: The {item} costume costs {money} for a weekend.

# theatre | Costume hire
page: Costume: {item}; Hire for a weekend: {money}; Deposit: {large}; Sizes: {sizes}; Shelf: {count}.
gold: {large}
topic: the {item} costume
items: pirate, dragon, judge, wizard, mermaid
ask: What is the deposit on the {item} costume?
ask: How much do you hold in case I ruin the {item} outfit?
ask: {item} deposit
ask: How much deposit is there for the {item}?
say: The deposit for the {item} costume is {large}.

# theatre | Costume hire
page: Costume: {item}; Hire for a weekend: {money}; Deposit: {large}; Sizes: {sizes}; Shelf: {count}.
gold: {sizes}
topic: the {item} costume
items: pirate, dragon, judge, wizard, mermaid
ask: Which sizes does the {item} costume come in?
ask: I'm on the round side. What sizes have you got of the {item}?
ask: {item} costume sizes
ask: What sizes is the {item} made in?
say: The {item} costume comes in sizes {sizes}.

# ferry | Timetable, {weekday}s
page: The first ferry to {island} leaves at {morning} and the last one at {evening}.
gold: {morning}
topic: the ferry to {island}
ask: When does the first ferry to {island} go?
ask: What's the earliest I can get across to {island}?
ask: first ferry {island}
ask: I like to be on {island} before the crowds. When could I sail?
say: The first ferry to {island} leaves at {morning}.

# ferry | Timetable, {weekday}s
page: The first ferry to {island} leaves at {morning} and the last one at {evening}.
gold: {evening}
topic: the ferry to {island}
ask: When does the last ferry to {island} go?
ask: How late can I still get over to {island}?
ask: last ferry {island}
ask: We finish work and then drive to the harbour. After what time is there nothing left to {island}?
say: The last ferry to {island} leaves at {evening}.

# ferry | Fares, Vehicles
page: A {item} travels for {money} each way.
gold: {money}
topic: taking a {item}
items: car, motorbike, caravan, bicycle, horse box
ask: How much is it to take a {item} across?
ask: What's the fare for a {item}?
ask: {item} fare one way
ask: Can I bring a {item}, and what would it cost?
say: The fare for a {item} is {money} each way.

# ferry | On board
page: The crossing takes {minutes} when the sea is calm.
gold: {minutes}
topic: the crossing
ask: How long is the crossing?
ask: Can I read a whole novel from shore to shore?
ask: I get seasick within the hour. How long am I on the water?
ask: crossing time
ask: How many minutes does the ferry take?
say: On a calm sea the crossing takes {minutes}.

# ferry | Check-in
page: Cars must be in the queue {minutes} before the ferry sails.
gold: {minutes}
topic: checking in
ask: How early must I be there with my car?
ask: We always race down that hill at the last second. What does your loading crew want from us drivers?
ask: When do I need to line up at the quay?
ask: check in time cars
ask: How long before sailing do cars have to be there?
say: Please be in the queue with your car {minutes} before the ferry sails.

# ferry | Storms and delays
page: If we cancel a sailing, we refund the whole fare within {days}. We regret that hotel bills cannot be paid.
gold: {days}
topic: a cancelled sailing
ask: How quickly do I get my money back if you cancel?
ask: Gale force nine and nobody went anywhere. When does my purse get its own back?
ask: The storm stopped us going. When can I expect to see the fare in my account?
ask: refund time cancelled sailing
ask: Within how many days do you refund a cancelled sailing?
say: If we cancel a sailing, we refund the whole fare within {days}.
say: The whole fare is refunded within {days}.

# nursery | Planting, {Item}
page: Plant {item} about {cm} apart.
gold: {cm}
topic: planting {item}
items: roses, leeks, sunflowers, blueberries, beans
ask: How far apart do I plant {item}?
ask: I have my ruler and my string. What do I measure from one of my {item} to the next?
ask: What gap should I leave between my {item}?
ask: {item} spacing
ask: I never give things enough room. How much space does each of the {item} want?
say: Your {item} should go in about {cm} apart.

# nursery | Watering
page: Give {item} {litres} of water a week in a dry summer.
gold: {litres}
topic: watering {item}
items: young trees, tomatoes, hydrangeas, pumpkins
ask: How much water do {item} need?
ask: It hasn't rained for ages and my {item} droop. How much should they drink in a week?
ask: {item} water per week
ask: What amount of water do I give {item}?
say: In a dry summer, {item} like {litres} of water a week.

# nursery | Our plants, Five years of cover
page: Every hedge plant is guaranteed for {years}.
gold: {years}
topic: our hedge plants
ask: How long is the guarantee on a hedge plant?
ask: Half my privet went brown over winter. Is it too old for you to replace?
ask: If my new hedge dies, till when do you stand by it?
ask: hedge plants guarantee length
ask: For how long are hedge plants covered?
say: Every hedge plant is covered for {years}.
say: Our hedge plants are covered for {years}.

# nursery | Delivery of large plants
page: Trees up to {cm} tall go by post; taller ones come on our lorry.
gold: {cm}
topic: sending trees
ask: How tall a tree can you post?
ask: Could the courier bring me something as high as my ceiling?
ask: Up to what height do you put a tree in the mail?
ask: tallest tree by post
ask: I live far away. What size of tree can still come in a parcel?
say: Trees up to {cm} tall can go by post.

# nursery | Compost
page: A bag of {item} holds {litres} and costs {money}.
gold: {litres}
topic: {item}
items: leaf mould, peat-free compost, bark chips, rose soil
ask: How big is a bag of {item}?
ask: How much {item} is in one bag?
ask: {item} bag size
ask: I've three troughs to fill. What does a bag of {item} hold?
say: There are {litres} in a bag of {item}.

# nursery | Compost
page: A bag of {item} holds {litres} and costs {money}.
gold: {money}
topic: {item}
items: leaf mould, peat-free compost, bark chips, rose soil
ask: What does a bag of {item} cost?
ask: How much do I pay for {item}?
ask: {item} price per bag
ask: I could do with some {item}. What are you asking for a bag?
say: A bag of {item} costs {money}.

# nursery | Who to ask
page: Subject: {item}; Ask for: {person}; Telephone extension: {extension}; Here on: {weekday}s.
gold: {person}
topic: {item}
items: fruit trees, orchids, ponds, lawns
ask: Who knows about {item}?
ask: I'm a beginner with {item} and need somebody patient. Whose door do I knock on?
ask: My {item} are in trouble. Which of you should I talk to?
ask: {item} expert name
ask: Whom do I ask about {item}?
say: Please ask for {person}, who knows about {item}.
say: {person} is the one to ask about {item}.

# nursery | Who to ask
page: Subject: {item}; Ask for: {person}; Telephone extension: {extension}; Here on: {weekday}s.
gold: {extension}
topic: {item}
items: fruit trees, orchids, ponds, lawns
ask: Which extension do I ring about {item}?
ask: What number do I dial for help with {item}?
ask: {item} extension
ask: I'd rather phone about my {item}. Which extension is it?
say: For {item}, please ring extension {extension}.
say: The extension for {item} is {extension}.

# hall | Hiring a room, Prices
page: The {item} costs {money} for an evening.
gold: {money}
topic: hiring the {item}
items: garden room, main hall, loft, committee room
ask: How much is the {item} for an evening?
ask: What would we pay for a party in the {item}?
ask: {item} hire, evening price
ask: Our club would like the {item} from six to ten. What do you charge?
say: An evening in the {item} costs {money}.

# hall | Hiring a room, Clearing up
page: The hall must be empty and swept by {evening}.
gold: {evening}
topic: clearing up
ask: By when do we have to be out?
ask: Aunt Flo dances till she drops. When does somebody come and turn us out with a broom?
ask: How late can the party go before we've got to have it all tidied?
ask: hall empty by what time
ask: When must the hall be swept and empty?
say: Please have the hall empty and swept by {evening}.

# hall | Keys
page: Fetch the key from {person} at the {place}.
gold: {person}
topic: fetching the key
ask: Who has the key?
ask: It's pouring, I'm at the door, nothing opens. Who can let me in?
ask: I'm standing outside and it's locked. Whom do I see?
ask: key holder name
ask: From whom do I fetch the key?
say: You can fetch the key from {person} at the {place}.

# hall | Keys
page: Fetch the key from {person} at the {place}.
gold: {place}
topic: fetching the key
ask: Where do I fetch the key?
ask: I've booked for tonight. Where do I go so I can unlock?
ask: key pick-up place
ask: At which place is the key?
say: You can fetch the key from {person} at the {place}.

# hall | Kitchen
page: The urn makes {litres} of tea, and there are cups for {people}.
gold: {litres}
topic: the kitchen
ask: How much tea does the urn make?
ask: We're a thirsty lot. What's the most you can brew in one go?
ask: urn capacity
ask: How many litres does the urn hold?
say: The urn makes {litres} of tea.

# hall | Kitchen
page: The urn makes {litres} of tea, and there are cups for {people}.
gold: {people}
topic: the kitchen
ask: For how many people are there cups?
ask: How many can have a hot drink at once without bringing a mug?
ask: number of cups
ask: How many cups are in the kitchen?
say: There are cups for {people}.

# hall | Music and noise
page: Music has to stop at {evening}, and the doors stay shut while it plays.
gold: {evening}
topic: music
ask: When must the music stop?
ask: The neighbours are a bit grumpy. When does the band have to go quiet?
ask: My brother's band wants to play. At what hour do they have to pack in?
ask: music until when
ask: Until what time may we play music?
say: Please stop the music at {evening} and keep the doors shut while it plays.

# hall | Chairs and tables
page: Stacks of chairs must not be higher than {n}.
gold: {n}
topic: stacking chairs
ask: How high may I stack the chairs?
ask: When we tidy up, how many seats can go on top of each other?
ask: max chairs in a stack
ask: How many chairs may be in one stack?
say: Please keep a stack of chairs no higher than {n}.

# allotments | Plots, Rent
page: A {item} plot costs {money} a year.
gold: {money}
topic: a {item} plot
items: half, full, starter, corner
ask: How much is a {item} plot?
ask: What's the yearly rent of a {item} plot?
ask: {item} plot rent
ask: I only want to grow a few carrots. What does a {item} plot cost each year?
say: The rent for a {item} plot is {money} a year.

# allotments | Plots, Waiting list
page: The wait for a plot is about {months} at present.
gold: {months}
topic: the waiting list
ask: How long is the waiting list?
ask: I only dream of my own beans. When does the dream come true?
ask: I've put my name down. When might I finally get to dig?
ask: wait for a plot
ask: How long does it take to get a plot?
say: At present the wait for a plot is about {months}.

# allotments | Rules, Sheds
page: A shed may be no taller than {cm} and must be painted {colour}.
gold: {colour}
topic: sheds
ask: What colour must my shed be?
ask: I bought pink for my little hut, will that do?
ask: I fancy a cheerful little hut. Which paint do I have to buy?
ask: shed colour
ask: In which colour do I paint a shed?
say: A shed must be painted {colour}.

# allotments | Rules, Fires
page: Bonfires are allowed on {weekday}s only.
gold: {weekday}s
topic: bonfires
ask: On which day can I have a bonfire?
ask: There are brambles up to my ears and I've got matches. When may I?
ask: Got a heap of dead brambles. When may I burn them?
ask: bonfire day
ask: Which day are fires allowed?
say: You can have a bonfire on {weekday}s only.

# allotments | Rules, Hens
page: You may keep up to {n} hens, but no cockerel.
gold: no cockerel
topic: keeping hens
ask: Can I keep a cockerel?
ask: Would anybody mind if my hens had a husband?
ask: cockerel allowed?
ask: May I have a cockerel with my hens?
say: You can keep up to {n} hens, but no cockerel.

# allotments | Rules, Hens
page: You may keep up to {n} hens, but no cockerel.
gold: {n}
topic: keeping hens
ask: How many hens may I keep?
ask: I'd love fresh eggs for the whole family. How large a flock is all right?
ask: max hens
ask: What's the largest number of hens on a plot?
say: You can keep up to {n} hens, but no cockerel.

# allotments | Tools to lend
page: Tool: {item}; Lent for: {days}; Deposit: {small}; Shed: {place}; Looked after by: {person}.
gold: {days}
topic: borrowing the {item}
items: wheelbarrow, hedge trimmer, seed drill, fruit press
ask: How long may I borrow the {item}?
ask: When do you want the {item} back?
ask: {item}, lent for how long
ask: I'm slow with the {item}. How many days do I get?
say: The {item} is lent for {days}.

# allotments | Tools to lend
page: Tool: {item}; Lent for: {days}; Deposit: {small}; Shed: {place}; Looked after by: {person}.
gold: {small}
topic: borrowing the {item}
items: wheelbarrow, hedge trimmer, seed drill, fruit press
ask: What is the deposit for the {item}?
ask: How much do I leave in the tin for the {item}?
ask: {item} deposit
ask: What deposit do you want for the {item}?
say: The deposit for the {item} is {small}.

# allotments | Tools to lend
page: Tool: {item}; Lent for: {days}; Deposit: {small}; Shed: {place}; Looked after by: {person}.
gold: {place}
topic: borrowing the {item}
items: wheelbarrow, hedge trimmer, seed drill, fruit press
ask: Where is the {item} kept?
ask: Where do I go to get hold of the {item}?
ask: {item} where?
ask: In which place do I find the {item}?
say: You can find the {item} at the {place}.
say: The {item} is kept at the {place}.

# bakery | Our bread, Keeping it fresh
page: A {item} stays fresh for {days} in the freezer. It will never dry out if you wrap it well.
gold: {days}
topic: keeping a {item}
items: rye loaf, seed loaf, walnut loaf, cheese plait
ask: How long does a {item} keep in the freezer?
ask: I bought far too much. Till when is my frozen {item} good to eat?
ask: {item} freezer time
ask: How many days can I freeze a {item}?
ask: Would a {item} still taste nice if I thawed it for Whitsun?
say: A {item} stays fresh for {days} in the freezer.
say: In the freezer, a {item} stays fresh for {days}.

# boat-hire | Our promise, If it rains
page: When it rains for more than {minutes}, your next trip is free. That is a promise.
gold: {minutes}
topic: rain on your trip
ask: How long must it rain for a free trip?
ask: We got soaked to the skin from the start. When does that earn us another go?
ask: rain: free trip after how long
ask: After how many minutes of rain do I get a free trip?
say: When it rains for more than {minutes}, your next trip is free.
say: Your next trip is free when it rains for more than {minutes}.

# music-school | Second-hand instruments, Cover
page: Every used {item} comes with a guarantee of {months}, and may be brought back within {days}.
gold: {months}
topic: a used {item}
items: cello, trumpet, piano, flute
ask: How long is the guarantee on a used {item}?
ask: If I take an old {item} off your hands and something breaks, till when do you put it right?
ask: guarantee used {item}
ask: How long is a used {item} guaranteed for?
say: A used {item} comes with cover of {months}, and may be brought back within {days}.
say: The cover for a used {item} lasts {months}.

# music-school | Second-hand instruments, Cover
page: Every used {item} comes with a guarantee of {months}, and may be brought back within {days}.
gold: {days}
topic: a used {item}
items: cello, trumpet, piano, flute
ask: Within how many days may I bring a used {item} back?
ask: What if we hate the sound of the old {item} at home? When is it too late to change our minds?
ask: returning a used {item}
say: A used {item} may be brought back within {days}.
say: You can bring a used {item} back within {days}.

# museum | The café, Our price guarantee
page: Soup is {small} in the café, always, and the second bowl is free.
gold: {small}
topic: the café
ask: How much is the soup?
ask: I get peckish halfway round. What would something hot in a bowl set me back?
ask: café soup price
ask: What do you charge for soup in the café?
say: Soup is {small} in the café, and the second bowl is free.
say: A bowl of soup in the café costs {small}.

# museum | The café, Opening
page: It opens at {morning} and closes at {evening}, and on {weekday}s it has live music.
gold: {evening}
topic: the café
ask: When does the café close?
ask: Will I still get a scone after work? Until when do they serve?
ask: café closing time
ask: What time does the café shut?
say: The café closes at {evening}.

# museum | The café, Opening
page: It opens at {morning} and closes at {evening}, and on {weekday}s it has live music.
gold: {morning}
topic: the café
ask: When does the café open?
ask: I'm an early bird. From when could I have my coffee with you?
ask: café opening time
ask: What time does the café open?
say: The café opens at {morning}.

# library | Rooms, The reading garden
page: It holds {people} and is looked after by {person}.
gold: {person}
topic: the reading garden
ask: Who looks after the reading garden?
ask: Those roses by the benches are a joy. Whom do I thank?
ask: reading garden keeper
ask: Who is in charge of the reading garden?
say: {person} looks after the reading garden.
say: The reading garden is looked after by {person}.

# pool | Courses, {Item}
page: This course costs {money} and runs from {morning} to {evening}.
gold: {money}
topic: the {item} course
items: life saver, water ballet, first strokes, deep diving
ask: How much is the {item} course?
ask: What would I have to find for {item}?
ask: {item} course price
ask: What do you charge for the {item} course?
say: The {item} course costs {money}.
say: The {item} course costs {money} and runs from {morning} to {evening}.

# pool | Courses, {Item}
page: This course costs {money} and runs from {morning} to {evening}.
gold: {evening}
topic: the {item} course
items: life saver, water ballet, first strokes, deep diving
ask: When does the {item} course end?
ask: If I join {item}, what time can my wife pick me up?
ask: {item} course finishing time
ask: Until what time does the {item} course go?
say: The {item} course runs from {morning} to {evening}.
say: The {item} course ends at {evening}.

# ferry | Lost tickets, Our policy
page: We will send you a new ticket within {days}. Unfortunately it can never be used twice.
gold: {days}
topic: a lost ticket
ask: How long does a new ticket take to arrive?
ask: The dog chewed up my pass. When would I have another in my letter box?
ask: replacement ticket, how many days
ask: Within how many days do you send a new ticket?
say: We send you a new ticket within {days}.
say: A new ticket is sent to you within {days}.

# hall | Deposits, Getting it back
page: The deposit of {money} will be returned within {days}, unless we are unable to find the key.
gold: {days}
topic: getting the deposit back
ask: How long until I get my deposit back?
ask: The party is over and all is clean. When do I see my money again?
ask: deposit returned when
ask: Within how many days is the deposit returned?
say: The deposit is returned within {days}.
say: We return the deposit of {money} within {days}.

# nursery | Shop hours, Harvest barn
page: Now and then we shut for weddings, but on most days it opens at {morning} and on {weekday}s it stays open until {evening}.
gold: {evening}
topic: the harvest barn
ask: How late is the barn open on {weekday}s?
ask: I finish work late on {weekday}s. When would the barn shut its doors?
ask: barn closing time {weekday}
ask: Until what time can I shop in the barn on a {weekday}?
say: On {weekday}s the harvest barn stays open until {evening}.
say: The barn stays open until {evening} on {weekday}s.

# nursery | Caring for plants, Bonsai
page: Afterwards, leave the roots in lukewarm water for {minutes}.
gold: {minutes}
topic: bonsai roots
ask: How long do I leave the bonsai roots in water?
ask: My little tree looks thirsty after its haircut. For how long does it like to sit in a bowl?
ask: bonsai roots soaking time
ask: For how many minutes should bonsai roots stay in lukewarm water?
say: Leave the roots in lukewarm water for {minutes}.

# print-shop | Your data, What we store
page: Your files are deleted after {days}.
page: We keep your files for {days}, because the law asks for it.
gold: {days}
topic: your files
ask: After how many days are my files deleted?
ask: I don't want my secret novel lying about at your place. When is it gone for good?
ask: files stored how long
ask: How long do you keep my files?
say: We keep your files for {days}.

# theatre | Friends of the theatre, Stars
page: A drink at the bar earns {n} stars on your card, and stars fade after {months}.
gold: {n} stars
topic: your stars
ask: How many stars do I get for a drink?
ask: I get through a lot of lemonade here! What goes on my card each time?
ask: stars per drink
ask: How many stars does a drink at the bar earn?
say: Each drink at the bar earns {n} stars on your card.

# theatre | Friends of the theatre, Stars
page: A drink at the bar earns {n} stars on your card, and stars fade after {months}.
gold: {months}
topic: your stars
ask: When do my stars fade?
ask: I've been saving them up for a box seat. Till when is my hoard worth something?
ask: stars valid for
ask: After how long do stars fade?
say: Stars fade after {months}.

# theatre | Free seats, Carers
page: Seats for carers are free with any ticket of {money} or more.
gold: {money}
topic: seats for carers
ask: How much must my ticket be for a free carer's seat?
ask: My helper comes along everywhere. What do I have to spend so that she gets in for nothing?
ask: free carer seat from what price
ask: From what ticket price is a carer's seat free?
say: A carer's seat is free with any ticket of {money} or more.

# allotments | Water butts, Sizes
page: The smallest butt holds {litres} and the largest holds {more} litres.
gold: {more} litres
topic: water butts
ask: What does the largest water butt hold?
ask: It hardly ever rains here. What's the most I can hoard in one of your barrels?
ask: biggest water butt
ask: How many litres fit in the largest butt?
say: The largest butt holds {more} litres.

# boat-hire | Outings this summer
page: Outing: {item}; Date: {date}; From: the {place}; Grown-ups: {money}; Children: {small}; Guide: {person}.
gold: {small}
topic: the {item}
items: Mill Race, Reed Maze, Moonlight Row, Duck Count
ask: What does a child pay for the {item}?
ask: How much is the {item} for my six year old?
ask: {item} price for children
ask: My kids want to come on the {item}. What is each of them?
say: A child pays {small} for the {item}.
say: The {item} costs {small} for children.

# boat-hire | Outings this summer
page: Outing: {item}; Date: {date}; From: the {place}; Grown-ups: {money}; Children: {small}; Guide: {person}.
gold: {money}
topic: the {item}
items: Mill Race, Reed Maze, Moonlight Row, Duck Count
ask: What do grown-ups pay for the {item}?
ask: How much is the {item} for me and my husband, each?
ask: {item} adult price
ask: I would come along to the {item} myself. What do you want from an adult?
say: Grown-ups pay {money} for the {item}.
say: The {item} costs {money} for grown-ups.

# boat-hire | Outings this summer
page: Outing: {item}; Date: {date}; From: the {place}; Grown-ups: {money}; Children: {small}; Guide: {person}.
gold: {place}
topic: the {item}
items: Mill Race, Reed Maze, Moonlight Row, Duck Count
ask: Where does the {item} start from?
ask: Where do we meet for the {item}?
ask: {item} meeting point
say: The {item} starts from the {place}.

# music-school | Hire of instruments 2027
page: Instrument: {item}; One month: {small}; One term: {money}; Weight: {kg}; Collect from: the {place}; In store: {count}.
gold: {money}
topic: hiring {item}
items: tuba, double bass, drum kit, bassoon
ask: {item}, one term, price
ask: What is a {item} for a whole term?
ask: How much is it to hire the {item} for one term?
ask: We would like the {item} from autumn to the winter break. What does it come to?
say: A {item} costs {money} for one term.
say: For one term, the {item} is {money}.

# music-school | Hire of instruments 2027
page: Instrument: {item}; One month: {small}; One term: {money}; Weight: {kg}; Collect from: the {place}; In store: {count}.
gold: {small}
topic: hiring {item}
items: tuba, double bass, drum kit, bassoon
ask: How much is the {item} for one month?
ask: {item} price per month
ask: I only want to try the {item} for a few weeks. What is the shortest hire, in money?
say: A {item} costs {small} for one month.
say: For one month, the {item} is {small}.

# music-school | Hire of instruments 2027
page: Instrument: {item}; One month: {small}; One term: {money}; Weight: {kg}; Collect from: the {place}; In store: {count}.
gold: {kg}
topic: hiring {item}
items: tuba, double bass, drum kit, bassoon
ask: How heavy is the {item}?
ask: {item} weight
ask: Can I lug the {item} up four flights of stairs?
say: The {item} weighs {kg}.

# museum | Who works here
page: Name: {person}; Job: {item}; Building: the {place}; Extension: {extension}; Days: {weekday} and {day}; Started in: 20{yy}.
gold: {extension}
topic: our {item}
items: fossil keeper, clock mender, guide for schools, bird painter
ask: Extension of {person}, the {item}?
ask: Which number do I dial for {person}, the {item}?
ask: {item} extension
ask: I need a word with your {item}. How do I get through on the telephone?
say: The extension of {person}, our {item}, is {extension}.
say: You can reach our {item} on extension {extension}.

# museum | Who works here
page: Name: {person}; Job: {item}; Building: the {place}; Extension: {extension}; Days: {weekday} and {day}; Started in: 20{yy}.
gold: {person}
topic: our {item}
items: fossil keeper, clock mender, guide for schools, bird painter
ask: Who is the {item}?
ask: What is the name of your {item}?
ask: {item} name
say: Our {item} is {person}.

# museum | Who works here
page: Name: {person}; Job: {item}; Building: the {place}; Extension: {extension}; Days: {weekday} and {day}; Started in: 20{yy}.
gold: {weekday} and {day}
topic: our {item}
items: fossil keeper, clock mender, guide for schools, bird painter
ask: On which days is the {item} there?
ask: {item} working days
ask: When in the week can I catch your {item}?
say: Our {item} is here on {weekday} and {day}.

# print-shop | Bands for clubs and societies
page: Band: {item}; Spend in a year: from {large}; Price cut: {percent}; Proofs back in: {days}
gold: {percent}
topic: the {item} band
items: Copper, Walnut, Indigo, Linen
ask: We are in the {item} band. How much is the price cut?
ask: What do we get off in the {item} band?
ask: {item} band discount
ask: Our choir made it into {item} this year, hooray! What does that save us?
say: The price cut in the {item} band is {percent}.
say: In the {item} band you get {percent} off.

# print-shop | Bands for clubs and societies
page: Band: {item}; Spend in a year: from {large}; Price cut: {percent}; Proofs back in: {days}
gold: {large}
topic: the {item} band
items: Copper, Walnut, Indigo, Linen
ask: How much must a club spend for the {item} band?
ask: {item} band, yearly spend
ask: From what sum do you count us as {item}?
say: The {item} band starts from {large} a year.

# print-shop | Bands for clubs and societies
page: Band: {item}; Spend in a year: from {large}; Price cut: {percent}; Proofs back in: {days}
gold: {days}
topic: the {item} band
items: Copper, Walnut, Indigo, Linen
ask: How soon do we get proofs back in the {item} band?
ask: {item} band proofs
ask: When do {item} members see their proofs?
say: In the {item} band, proofs are back in {days}.

# language-school | Grades and hours
page: Grade: {item}; For: people who can {can}; Lowest fee: {money}; Highest fee: {large}; Notice: {weeks}; Tested by: {person}.
gold: {weeks}
topic: grade {item}
items: L2, L4, M1, M3
ask: What is the notice for grade {item}?
ask: grade {item} notice period
ask: If I want to leave {item}, how long beforehand do I tell you?
say: The notice for grade {item} is {weeks}.

# language-school | Grades and hours
page: Grade: {item}; For: people who can {can}; Lowest fee: {money}; Highest fee: {large}; Notice: {weeks}; Tested by: {person}.
gold: {large}
topic: grade {item}
items: L2, L4, M1, M3
ask: What is the highest fee in grade {item}?
ask: grade {item} top fee
ask: What is the most I could end up paying in {item}?
say: The highest fee in grade {item} is {large}.

# language-school | Grades and hours
page: Grade: {item}; For: people who can {can}; Lowest fee: {money}; Highest fee: {large}; Notice: {weeks}; Tested by: {person}.
gold: {money}
topic: grade {item}
items: L2, L4, M1, M3
ask: What is the lowest fee in grade {item}?
ask: grade {item} cheapest
ask: What does {item} cost at the very least?
say: The lowest fee in grade {item} is {money}.

# dog-grooming | Drops and creams
page: Name: {item}; For: {who}; One dose: {drops} drops; How often: every {hours}; Most in a day: {n} doses
gold: {drops} drops
topic: {item}
items: Earbright, Pawsoft, Tickaway
ask: How much {item} is given in one dose?
ask: {item}: one dose?
ask: What do I put on her each time with {item}?
say: One dose of {item} is {drops} drops.

# dog-grooming | Drops and creams
page: Name: {item}; For: {who}; One dose: {drops} drops; How often: every {hours}; Most in a day: {n} doses
gold: {hours}
topic: {item}
items: Earbright, Pawsoft, Tickaway
ask: How often do I give {item}?
ask: {item} how often
ask: When is the next go of {item} after this one?
say: You give {item} every {hours}.

# library | Fees for rooms
page: Room: {item}; Club fee: {small}; Company fee: {money}; Condition: you leave by {evening}
gold: {money}
topic: the {item}
items: map room, tower room, music booth, cellar
ask: {item} fee for companies
ask: What does a company pay for the {item}?
ask: My firm would like the {item}. What do you charge us?
say: The company fee for the {item} is {money}.

# library | Fees for rooms
page: Room: {item}; Club fee: {small}; Company fee: {money}; Condition: you leave by {evening}
gold: {small}
topic: the {item}
items: map room, tower room, music booth, cellar
ask: {item} club fee
ask: What does a club pay for the {item}?
ask: We are only a tiny chess circle. What is the {item} for the likes of us?
say: The club fee for the {item} is {small}.

# hall | Before you leave, Stove
page: Leave the fan running for: {minutes}.
gold: {minutes}
topic: the stove
ask: For how long must the fan be left on?
ask: It smells of chips in here! How long does the thing above the cooker have to whirr?
ask: fan after cooking, how long
say: Please leave the fan running for {minutes}.

# theatre | Sending us a letter, Letters to actors
page: No longer than {count}0 words, and no presents.
gold: {count}0 words
topic: letters to actors
ask: letter to an actor: how many words at most?
ask: I could write pages and pages to my favourite actress. When is it too much?
ask: How long may a letter to an actor be?
say: A letter should be no longer than {count}0 words, with no presents.
say: Please write no more than {count}0 words.

# ferry | Handing things in, Lost and found
page: At the window beside the {place}, {weekday}s only, until {evening}.
gold: {evening}
topic: handing things in
ask: Until what time can I hand in something I found?
ask: I have somebody's umbrella here. When does your window close on me?
ask: lost and found window, closing time
say: You can hand it in at the window beside the {place}, until {evening}.
say: The window is open until {evening}, on {weekday}s only.

# nursery | Using our soap, Greenfly
page: Measure out {ml} ml of Lindenwash and fill up with water.
gold: {ml} ml
topic: Lindenwash
ask: How much Lindenwash do I need?
ask: My roses are crawling with green things. What goes into the can with the water?
ask: Lindenwash how much
say: Measure out {ml} ml of Lindenwash and fill up with water.
say: You need {ml} ml of Lindenwash.

# pool | After a dive, Ears
page: No diving, saunas or flights for {days}.
gold: {days}
topic: resting your ears
ask: How long must I stay away from diving after an ear infection?
ask: My eardrum popped and I miss the deep end. When may I go down again?
ask: ears: no diving for how long
say: There should be no diving, saunas or flights for {days}.
say: Stay away from diving for {days}.

# boat-hire | When the office is shut, Trouble on the water
page: Ring the river watch on {phone}.
gold: {phone}
topic: trouble on the water
ask: Which number do I ring when the office is shut?
ask: We are stuck on a mudbank and nobody answers! Who do I dial?
ask: emergency number boats
say: Ring the river watch on {phone}.

# allotments | Driving on the paths, Vans
page: Drivers must be {n} or older and keep below {drops} miles an hour.
gold: {n}
topic: driving on the paths
ask: How old must the driver of a van be?
ask: My grandson would like to bring the muck in the van. Is he grown up enough?
ask: van driver minimum age
say: Drivers must be {n} or older.

# bakery | Helping out, Breakfast
page: If you help before dawn, your breakfast is on us, up to {times} times a month.
gold: {times} times
topic: breakfast for helpers
ask: How often is breakfast free for helpers?
ask: I knead dough with you at four and my tummy rumbles. Can I eat for nothing every day, or is there an end to it?
ask: free breakfast, how many times
say: If you help before dawn, your breakfast is on us, up to {times} times a month.
say: Your breakfast is on us up to {times} times a month.

# museum | Photographs, Drones
page: Your pictures may be shown for up to {years} after the day you took them.
gold: {years}
topic: your pictures
ask: For how long may I show pictures after the day?
ask: I want my snaps of the whale on my blog. When do they have to come down?
ask: pictures shown how long
say: You may show your pictures for up to {years}.

# library | Spare keys, Lockers
page: Keys are kept for {months} after the last time they are used.
gold: {months}
topic: locker keys
ask: For how long do you keep keys after they are last used?
ask: I stopped coming when the baby was born. Is my locker still waiting for me?
ask: locker keys kept how long
say: We keep keys for {months} after the last time they are used.

# language-school | Courses, {Item}
page: {Item} for beginners starts on {date} and runs for {weeks}.
gold: {date}
topic: the {item} course
items: Spanish, Welsh, Japanese, Italian
ask: When does {item} for beginners start?
ask: I don't know a word of {item} and want to be there from the very beginning. When is that?
ask: I want to learn {item} from nothing. When's the first lesson?
ask: {item} beginners start date
ask: On what date does the {item} course begin?
say: The {item} course for beginners starts on {date}.

# language-school | Courses, {Item}
page: {Item} for beginners starts on {date} and runs for {weeks}.
gold: {weeks}
topic: the {item} course
items: Spanish, Welsh, Japanese, Italian
ask: How many weeks is {item} for beginners?
ask: How long would I be learning {item} in the first course?
ask: {item} beginners length
ask: For how long does beginners' {item} run?
say: The {item} course for beginners runs for {weeks}.

# language-school | Books and tests
page: The course book costs {money}, and you may hand it back for {small} at the end.
gold: {money}
topic: the course book
ask: How much is the course book?
ask: What do I have to spend on materials?
ask: course book price
ask: What does the book for the course cost?
say: The course book costs {money}.

# language-school | Books and tests
page: To pass, you need {percent} in writing and a talk of {minutes}.
gold: {minutes}
topic: the test
ask: How long is the talk in the test?
ask: I'm terrified of speaking. For how long do I have to keep going?
ask: test talk length
ask: How many minutes must I talk for in the test?
say: The talk in the test lasts {minutes}.

# language-school | Classes, Size
page: There are never more than {people} in a class.
gold: {people}
topic: the size of a class
ask: How many people are in a class?
ask: I go red when a lot of eyes are on me. Are there many?
ask: I'm shy. What's the biggest crowd I'd have to speak in front of?
ask: max class size
ask: How large is a class at most?
say: A class has at most {people}.
say: There are at most {people} in a class.
"""
)

DEV_FACTS = read_facts(
    """
# pottery | Using the kiln, Firing
page: Firing a {item} in our kiln costs {money}.
gold: {money}
topic: firing a {item}
items: vase, teapot, fruit bowl
ask: What do you charge to fire a {item}?
ask: I made a {item} at home and have no oven that hot. What would you want for baking it?
ask: {item} firing cost?

# pottery | Using the kiln, Picking up
page: Finished pieces stay on the shelf for {weeks}; after that they are sold for charity.
gold: {weeks}
topic: finished pieces
ask: How long do you keep finished pieces?
ask: I've been away since spring and my mug must be done. Till when does it wait for me?
ask: finished pots: time on the shelf
say: Finished pieces stay on the shelf for {weeks}.

# pottery | Clay and glazes
page: Clay: {item}; Bag: {kg}; Price: {money}; Fire at: {hot}; Colour: {colour}.
gold: {hot}
topic: {item}
items: brick clay, snow clay, river clay
ask: At what temperature is {item} fired?
ask: How hot does the kiln have to get for {item}?
ask: {item} firing temperature
say: You fire {item} at {hot}.

# pottery | Clay and glazes
page: Clay: {item}; Bag: {kg}; Price: {money}; Fire at: {hot}; Colour: {colour}.
gold: {kg}
topic: {item}
items: brick clay, snow clay, river clay
ask: How heavy is a bag of {item}?
ask: Will I be able to carry a bag of {item} home on my bike, what's the weight?
ask: {item} bag weight
say: A bag of {item} weighs {kg}.

# bicycles | Workshop, Charges
page: A new {item}, fitted, comes to {money}.
gold: {money}
topic: a new {item}
items: chain, saddle, front brake, bell
ask: How much is a new {item} with fitting?
ask: The {item} on my old racer has had it. What would you want for another, put on?
ask: {item} fitted price

# bicycles | Workshop, Yearly check
page: The yearly check takes {short} and you can wait in the café.
gold: {short}
topic: the yearly check
ask: How long does the yearly check take?
ask: If I bring her in for the annual once-over, when can I ride off again?
ask: yearly check duration

# bicycles | Second-hand bicycles
page: Used bicycles come with cover of {months} on the frame.
gold: {months}
topic: used bicycles
ask: What cover do I get on a used bicycle?
ask: I'm nervous of buying one that's been ridden before. How long do you vouch for it?
ask: used bike cover period

# bicycles | Second-hand bicycles
page: {person} buys old bicycles for us on {weekday} mornings.
gold: {person}
topic: selling a bicycle
ask: Who buys old bicycles?
ask: There's a rusty tandem in my shed I want rid of for cash. Who should I see?
ask: buyer of used bikes, name

# cinema | Tickets, Matinees
page: Before {evening} every seat is {small}.
gold: {small}
topic: matinee seats
ask: What does a seat cost in the afternoon?
ask: I'm broke but free after lunch. What's the cheap seat price?
ask: afternoon ticket price
say: Every seat is {small} before {evening}.

# cinema | Tickets, Club card
page: The club card costs {money} and is good for {months}.
gold: {months}
topic: the club card
ask: How long is the club card good for?
ask: Before I get the card for my aunt, when would it run out?
ask: club card validity

# cinema | Screens
page: Screen: {item}; Seats: {count}; Row with most leg room: {row}; Wheelchair places: {n}; Bar: {colour} door.
gold: {row}
topic: screen {item}
items: Ruby, Amber, Jade
ask: Which row in screen {item} has the most leg room?
ask: I'm six foot five. Where in {item} should I sit so my knees survive?
ask: {item} leg room row
say: In screen {item}, row {row} has the most leg room.

# cinema | Screens
page: Screen: {item}; Seats: {count}; Row with most leg room: {row}; Wheelchair places: {n}; Bar: {colour} door.
gold: {count}
topic: screen {item}
items: Ruby, Amber, Jade
ask: How many seats are there in screen {item}?
ask: We'd like {item} for our works do. How many of us could sit down?
ask: {item} seats
say: There are {count} seats in screen {item}.

# toy-library | Borrowing toys, Late toys
page: For each day that a toy is late we ask for {small}.
gold: {small}
topic: a late toy
ask: What does a late toy cost a day?
ask: Oh no, the train set should have been back on Saturday. What will you want from me daily?
ask: late toy fee

# toy-library | Borrowing toys, Lost pieces
page: If a {item} loses pieces, tell us within {days} and there is nothing to pay.
gold: {days}
topic: lost pieces
items: puzzle, marble run, doll's house
ask: How quickly do I have to report missing pieces of a {item}?
ask: The baby has hidden bits of the {item} who knows where. When must I own up?
ask: missing {item} pieces, time to report

# toy-library | Party boxes
page: The {item} box has toys for {people} and goes out for a weekend.
gold: {people}
topic: the {item} box
items: pirate, circus, jungle
ask: How many children is the {item} box for?
ask: We've invited half the class. How many will the {item} box keep busy?
ask: {item} box, how many kids

# toy-library | Washing toys
page: Soft toys can be washed at {degrees}, but without their batteries.
gold: {degrees}
topic: washing toys
ask: How hot can I wash a soft toy?
ask: Teddy has been in the gravy. What setting is safe for him?
ask: soft toys washing temperature
"""
)

TEST_FACTS = read_facts(
    """
# observatory | Evenings under the dome, Prices
page: A seat under the dome costs {money}, and {small} for anyone under 16.
gold: {money}
topic: an evening under the dome
ask: What is the price of a seat under the dome?
ask: My husband turns fifty and loves the stars. What would one grown-up ticket cost me?
ask: dome seat price
say: A seat under the dome costs {money}.

# observatory | Evenings under the dome, Clouds
page: If clouds stop us, you can come again within {months}.
gold: {months}
topic: a cloudy evening
ask: How long do I have to come again after a cloudy evening?
ask: We saw nothing but grey. Till when can we have another go?
ask: cloudy night, come back within?

# observatory | Telescopes
page: Telescope: {item}; Mirror: {cm}; Looks best at: {sight}; Keeper: {person}; Night out: {weekday}.
gold: {person}
topic: the {item} telescope
items: Owlet, Long Tom, Duchess
ask: Who is the keeper of the {item} telescope?
ask: Who looks after the {item}?
ask: {item} telescope keeper
say: {person} is the keeper of the {item} telescope.

# observatory | Telescopes
page: Telescope: {item}; Mirror: {cm}; Looks best at: {sight}; Keeper: {person}; Night out: {weekday}.
gold: {sight}
topic: the {item} telescope
items: Owlet, Long Tom, Duchess
ask: What does the {item} look best at?
ask: If I get five minutes with the {item}, what should I point it towards?
ask: {item} telescope, best for?
say: The {item} looks best at {sight}.

# tailor | Alterations, Prices
page: Shortening {item} costs {money}.
gold: {money}
topic: shortening {item}
items: trousers, a coat, curtains, a skirt
ask: How much is it to shorten {item}?
ask: I've shrunk with age and my {item} flap about. What do you want for taking up the hem?
ask: {item} shortening price

# tailor | Alterations, Wedding clothes
page: Bring wedding clothes at least {weeks} before the day.
gold: {weeks}
topic: wedding clothes
ask: How long before the day do you need wedding clothes?
ask: I get married in spring and the dress hangs off me. What's the latest I can turn up with it?
ask: wedding alterations lead time

# tailor | Things nobody fetched
page: Clothes that are not fetched within {months} go to the {place}.
gold: {place}
topic: clothes nobody fetched
ask: Where do clothes go that nobody fetches?
ask: I forgot my waistcoat with you for an age. Who has it now, do you think?
ask: unfetched clothes go to

# tailor | Fittings
page: A fitting lasts {minutes}; wear the shoes that go with it.
gold: {minutes}
topic: a fitting
ask: How long does a fitting last?
ask: I'd have to squeeze it into my lunch. What time does a try-on eat up?
ask: fitting length

# farm-shop | Hampers
page: The {item} hamper weighs {kg} and serves {people}.
gold: {people}
topic: the {item} hamper
items: picnic, ploughman's, breakfast
ask: How many does the {item} hamper serve?
ask: I've a houseful at Easter. How many mouths would a {item} hamper feed?
ask: {item} hamper serves?

# farm-shop | Hampers
page: The {item} hamper weighs {kg} and serves {people}.
gold: {kg}
topic: the {item} hamper
items: picnic, ploughman's, breakfast
ask: How heavy is the {item} hamper?
ask: I've a bad back. What would I be lifting with a {item} hamper?
ask: {item} hamper weight

# farm-shop | Pick your own, Season
page: You can pick {item} from {date} on, whatever the weather.
gold: {date}
topic: picking {item}
items: cherries, gooseberries, raspberries
ask: From when can I pick {item}?
ask: The kids can't wait to stuff themselves with {item}. When does it all begin?
ask: {item} picking start

# farm-shop | Eggs and milk
page: A tray of eggs is {money}; bring the tray back and we take off {small}.
gold: {small}
topic: a tray of eggs
ask: What do I get off for bringing the tray back?
ask: There's a pile of your empty egg trays in my larder. What are they worth to you each?
ask: egg tray returned: how much off
say: Bring the tray back and we take off {small}.

# ice-rink | Skates, Hire
page: Skates: hire {small}; sharpening {money}.
gold: {money}
topic: sharpening skates
ask: What is the charge for sharpening?
ask: My blades are like butter knives. What do you want for an edge?
ask: skate sharpening price
say: Sharpening your skates costs {money}.
say: We sharpen skates for {money}.

# ice-rink | On the ice, Young skaters
page: Penguins to hold on to are for children up to {cm} tall.
gold: {cm}
topic: the penguins
ask: Up to what height can children use a penguin?
ask: My lad wobbles like jelly but he's shooting up. How big is too big for something to cling to?
ask: penguin max height

# ice-rink | On the ice, Disco
page: The ice disco is every {weekday} from {evening}.
gold: {weekday}
topic: the ice disco
ask: What day is the ice disco?
ask: My girls want lights and loud songs on skates. When in the week is that?
ask: disco which day

# ice-rink | On the ice, Disco
page: The ice disco is every {weekday} from {evening}.
gold: {evening}
topic: the ice disco
ask: When does the ice disco begin?
ask: Dad's taxi wants to know: at what hour do I drop them for the music night on skates?
ask: disco start time
"""
)

POOLS |= {
    "floor": ("ground", "first", "third", "top"),
    "place": ("old chapel", "tea room", "boat house", "corner shop", "lifeboat station", "toy museum", "hospice shop",
              "school hall", "blue gate", "post office"),
    "island": ("Sorrel Isle", "Great Fennet", "Gannet Rock", "Little Harra"),
    "dpi": ("280", "320", "360"),
    "mm": ("4 mm", "7 mm", "9 mm", "11 mm"),
    "n": ("three", "five", "13", "14", "15", "17", "18", "19"),
    "coin": ("20p", "50p", "£1", "£2"),
    "sizes": ("9 to 13", "S to L", "34 to 46", "M to XXL"),
    "day": ("Monday", "Wednesday", "Friday"),
    "yy": ("07", "11", "13", "18", "21"),
    "can": ("order a meal", "tell a story", "read a newspaper", "write a letter"),
    "who": ("puppies", "big dogs", "small dogs", "old dogs"),
    "drops": ("3", "6", "9", "13"),
    "ml": ("15", "55", "35", "65"),
    "phone": ("01632 960 411", "01632 960 538", "01632 960 772"),
    "times": ("two", "six", "nine", "13"),
    "more": ("150", "180", "280", "450"),
    "hot": ("1,040 degrees", "1,120 degrees", "1,180 degrees", "1,260 degrees"),
    "row": ("C", "F", "G", "K"),
    "sight": ("Saturn", "the moon", "double stars", "the Crab Nebula"),
}  # fmt: skip

_SLOT = re.compile(r"\{(\w+)\}")
_DIGITS = {
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "eleven": 11,
    "fifteen": 15,
    "fifty-two": 52,
    "fifty": 50,
}
BANNED = re.compile(
    r"\b(unfortunately|polic(y|ies)|regret|inconvenience|apologi[sz]e|apologies|sorry|kindly|dear|valued|per our|as per|"
    r"please be advised|do not hesitate|unable|promise|guaranteed?|definitely|certainly|absolutely|for sure|always|never|"
    r"without fail|no matter what|will be|we will|we'll|I will|I'll|you will|you'll|by tomorrow|by tonight)\b|100%",
    re.IGNORECASE,
)


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with its slots filled; {Item} begins with a capital."""

    def value(match: re.Match[str]) -> str:
        name = match[1]
        found = values[name.lower()]
        return found[0].upper() + found[1:] if name[0].isupper() else found

    return _SLOT.sub(value, text)


def draw(fact: Fact, rng: random.Random) -> dict[str, str]:
    """A value for every slot of a fact."""
    parts = (fact.title, fact.topic, *fact.pages, *fact.asks, *fact.says, *fact.gold)
    text = " ".join(parts)
    slots = sorted({name.lower() for name in _SLOT.findall(text)})
    return {name: rng.choice(fact.items if name == "item" else POOLS[name]) for name in slots}


def gold(fact: Fact, values: Mapping[str, str]) -> list[str]:
    """The strings of which the reply must hold one: the page's, and the same number in figures where it is a word."""
    strings = []
    for part in fact.gold:
        text = fill(part, values)
        strings.append(text)
        first, _, rest = text.partition(" ")
        if first in _DIGITS:
            strings.append(f"{_DIGITS[first]} {rest}".strip())
    return strings


def write_page(fact: Fact, values: Mapping[str, str], rng: random.Random) -> str:
    """Title, heading and text as the prompts of the lab show a passage; now and then with a neighbouring sentence."""
    text = rng.choice([fill(part, values) for part in fact.pages])
    if fact.near and rng.random() < 0.35:
        beside = rng.choice(fact.near)
        text = f"{text} {beside}" if rng.random() < 0.5 else f"{beside} {text}"
    return f"{fill(fact.title, values)}: {text}"


def write_reply(name: str, opening: str, middle: str, closing: str, proper: frozenset[str] = frozenset()) -> str:
    """Hi, name and comma, an opening that may be empty, what is known, and a question. `proper` keep their capital."""
    if opening:
        return f"Hi {name}, {opening} {middle} {closing}"
    first = middle.split()[0]
    if first not in proper and first[0].isalpha():
        middle = middle[0].lower() + middle[1:]
    return f"Hi {name}, {middle} {closing}"


def answered(fact: Fact, turn: int, split: str, rng: random.Random) -> dict[str, object]:
    """An example whose page answers the question."""
    values = draw(fact, rng)
    page = write_page(fact, values, rng)
    quotable = [text for text in fact.pages if not BANNED.search(text) and not (": " in text and "; " in text)]
    quotes = quotable and (not fact.says or rng.random() < QUOTED)  # but never a whole row of a table
    says = rng.choice(quotable if quotes else fact.says)
    return _example(fact, values, turn, page, fill(says, values), gold(fact, values), split, rng)


def unanswered(fact: Fact, facts: Sequence[Fact], turn: int, split: str, rng: random.Random) -> dict[str, object]:
    """An example whose page is about something near, but does not hold the answer."""
    values = draw(fact, rng)
    others = [
        item for item in facts if item.trade == fact.trade and item.title != fact.title and item.pages != fact.pages
    ]
    names_item = "{item}" in fact.asks[turn % len(fact.asks)]  # else the page about another item answers as well
    if names_item and rng.random() < 0.5:
        other = {**draw(fact, rng), "item": rng.choice([item for item in fact.items if item != values["item"]])}
        page = write_page(fact, other, rng)
    else:
        chosen = rng.choice(others)
        page = write_page(chosen, draw(chosen, rng), rng)
    return _example(fact, values, turn, page, "", [], split, rng)


def unpaged(fact: Fact, turn: int, split: str, rng: random.Random) -> dict[str, object]:
    """An example for which nothing was looked up."""
    return _example(fact, draw(fact, rng), turn, "", "", [], split, rng)


def _example(
    fact: Fact,
    values: Mapping[str, str],
    turn: int,
    page: str,
    says: str,
    right: list[str],
    split: str,
    rng: random.Random,
) -> dict[str, object]:
    name = rng.choice(NAMES[split])
    topic = fill(fact.topic, values)
    message = fill(fact.asks[turn % len(fact.asks)], values)  # in turn, so that every wording is met
    opening = fill(rng.choice(OPENINGS), {"topic": topic})
    if says:
        opening = "" if rng.random() < 0.2 else opening
        closing = fill(rng.choice(CLOSINGS), {"topic": topic})
    else:
        says, closing = rng.choice(UNKNOWN), rng.choice(UNKNOWN_CLOSINGS)
    proper = frozenset(word for value in values.values() for word in value.split() if word[0].isupper())
    reply = write_reply(name, opening, says, closing, proper)
    if len(reply.split()) < 16:
        reply = write_reply(name, fill(OPENINGS[0], {"topic": topic}), says, f"{rng.choice(PADDING)} {closing}")
    return {
        "topic": fact.trade,
        "template": f"{fact.trade}: {fact.pages[0]} → {fact.gold[0]}",
        **({"text": page} if page else {}),
        "first_name": name,
        "message": message,
        "reply": reply,
        "gold": right,
    }


PADDING = (
    "I hope that is useful.", "That is all there is to it.", "I hope that makes it easy to plan.",
)  # fmt: skip


def make_split(split: str, facts: Sequence[Fact], count: int, seed: int) -> list[dict[str, object]]:
    """`count` different examples: every fact in turn, in an order of the seed's own."""
    rng = random.Random(seed)
    rows: list[dict[str, object]] = []
    seen: set[tuple[object, ...]] = set()
    turn = 0
    while len(rows) < count:
        order = list(facts)
        rng.shuffle(order)
        for fact in order:
            lot = rng.random()
            if lot < UNANSWERED[split]:
                row = unanswered(fact, facts, turn, split, rng)
            elif lot < UNANSWERED[split] + WITHOUT_PAGE:
                row = unpaged(fact, turn, split, rng)
            else:
                row = answered(fact, turn, split, rng)
            key = (row.get("text"), row["message"])
            if key not in seen and len(rows) < count:
                seen.add(key)
                rows.append(row)
        turn += 1
    width = 4 if split == "train" else 3
    return [{"id": f"{split}-{place:0{width}d}", **row} for place, row in enumerate(rows, start=1)]


def make_all() -> dict[str, str]:
    """File name → its text, for the three files."""
    parts = {
        "train": make_split("train", TRAIN_FACTS, TRAIN, SEED),
        "dev": make_split("dev", DEV_FACTS, DEV, SEED + 1),
        "test": make_split("test", TEST_FACTS, TEST, SEED + 2),
    }
    return {
        f"{name}.jsonl": "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        for name, rows in parts.items()
    }


if __name__ == "__main__":
    for file_name, text in make_all().items():
        (FOLDER / file_name).write_text(text, encoding="utf-8")
