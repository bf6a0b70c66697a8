"""Writes train.jsonl, dev.jsonl and test.jsonl of strict-json: messages to a made-up repair workshop, and their JSON.

Run it with Python alone; the same bytes come out each time. The three splits share no template, topic, part, name
or way of saying how soon it is needed. A template's slots: {name} the customer, {item} what needs repair (a vehicle, or
a part of it), {day} the day they want, {pace} a sentence on how soon (or none); {other}, {item2} and {day2} distract.
"""

from __future__ import annotations

import json
import random
import re
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
BIKES = ("bike", "tandem", "scooter", "trailer")
BOATS = ("canoe", "kayak", "dinghy", "rowboat")
OTHER_WORDS = {"bike": "bicycle", "rowboat": "rowing boat"}  # the same vehicle, as some people call it
SHORT_DAYS = ("Mon", "Tues", "Wed", "Thurs", "Fri", "Sat", "Sun")
LOWER = "~"  # before a template: everything in it is written in small letters
URGENT, CALM = "!", "-"  # before a template without {pace}: what it says of the hurry itself


@dataclass(frozen=True)
class Split:
    """What one file is made from: its size, and wordings that no other file uses."""

    name: str
    size: int
    digits: int
    seed: int
    templates: tuple[str, ...]
    bike_topics: dict[str, str]  # topic → parts
    boat_topics: dict[str, str]
    first_names: str
    surnames: str
    urgent: tuple[str, ...]
    calm: tuple[str, ...]
    neutral: tuple[str, ...]
    epithets: str  # words that may stand before the vehicle


TRAIN = Split(
    name="train",
    size=1200,
    digits=4,
    seed=11,
    templates=(
        # plain notes
        "Hi, {name} here. My {item} is broken. Can I bring it in on {day}? {pace}",
        "Hello, this is {name}. The {item} on ours has given up. Would {day} suit you? {pace}",
        "My name is {name} and I need my {item} looked at. I am free on {day}. {pace}",
        "Could you mend my {item}? {pace} I can drop it off on {day}.\n{name}",
        "{pace} My {item} makes a nasty noise. I'd like to come by on {day}. Regards, {name}",
        "Good morning! I'm {name}. I would like to book my {item} in for {day}. {pace}",
        "Do you fix this sort of thing? It's the {item}. {day} would be best for me. {pace}\nCheers, {name}",
        "Our {item} needs some care. {pace} We could call in on {day}. Best wishes, {name}",
        "It's {name}. I snapped my {item} this morning. {pace} Is there a slot on {day}?",
        "I hope you can help with my {item}. Put me down for {day}. {pace} Yours, {name}",
        # terse
        "{item}, {day}, {name}. {pace}",
        "{name} - {item} - {day}. {pace}",
        "repair: {item}. {pace} {day} ok? {name}",
        "{day} for the {item}? {pace} {name}",
        "For {name}: {item}. Day: {day}. {pace}",
        "{pace} {name}, {day}, one {item} to mend.",
        "Booking. {day}. {item}. {pace} Name's {name}.",
        "{item} gone again. {name}. {day}? {pace}",
        # messy
        LOWER + "hiya its {name}, {item} is bust, can i come {day}?? {pace}",
        LOWER + "hey so my {item} kinda fell off lol. {day} any good? {pace} - {name}",
        LOWER + "{name} again!! the {item} went again, see u {day}. {pace}",
        LOWER + "pls fix my {item} thx. {pace} dropping it {day}. {name}",
        LOWER + "u guys do {item} repairs? {day} works 4 me. {pace} im {name} btw",
        LOWER + "helo, {item} not working, i come {day} yes? {pace} name {name}",
        LOWER + "omg the {item} cracked... {pace} got time {day}? its {name}",
        LOWER + "yo {name} here. {day}. {item}. {pace}",
        # formal
        "Dear Sirs, I write about my {item}, which requires repair. I propose {day}. {pace} Yours faithfully, {name}",
        "To whom it may concern: kindly reserve {day} for the repair of my {item}. {pace} Sincerely, {name}",
        "Dear Marlpit Works, I, {name}, request an appointment on {day} regarding the {item}. {pace}",
        "I should be grateful for your attention to my {item} on {day}. {pace} With kind regards, {name}",
        "Dear Madam, may I enquire whether {day} is convenient for repairing our {item}? {pace} {name}",
        "Please find enclosed my request: the {item} to be repaired on {day}. {pace} Respectfully, {name}",
        # chatty
        "What lovely weather! Anyway, {name} speaking. The {item} is playing up and I'm passing your way on {day}. {pace}",
        "Remember me? {name}, with the muddy dog. Now my {item} has packed in. {day}, maybe? {pace}",
        "I rode through a hedge, don't ask. My {item} did not survive. {pace} I'll pop in on {day}. Love, {name}",
        "You did a grand job last year, so here I am again with my {item}. {day} it is, then? {pace} {name} x",
        "The kids sat on it and now the {item} is bent. {pace} I finish early on {day}. Thanks a lot, {name}",
        "Long story short: the pier won, my {item} lost. Shall I come on {day}? {pace} {name}",
        "Greetings from the river! {name} here, with a sulking {item}. {pace} I can be there on {day}.",
        # forwarded, for somebody else, other names about
        "Fwd from {other}: “Ask the workshop to see {name} on {day} about the {item}.” {pace}",
        "{other} at the club sent me to you. I'm {name}, and my {item} needs mending. {day}? {pace}",
        "Hello {other}, could you look at my {item} on {day}? {pace} Many thanks, {name}",
        "Please tell {other} that the {item} is still faulty. I'll bring it on {day}. {pace} This is {name}.",
        "Writing for my neighbour {name}, who has no mail. The {item} needs work, {day} is fine. {pace}",
        "From: {name}\nTo: {other}\nSubject: {item}\nCould you see to it on {day}? {pace}",
        "> {other} wrote: which day suits you?\n{day}, please. It is about my {item}. {pace}\n{name}",
        "Good day {other}. My husband {name} has trouble with his {item} and can come on {day}. {pace}",
        "I talked to {other} on the phone about the {item}. We said {day}. {pace} My name: {name}",
        # corrections and other days
        "{name} here. My {item} needs fixing. I said {day2}, but please make that {day}. {pace}",
        "Book my {item} for {day2}. No, wait, {day}! {pace} Thanks, {name}",
        "You offered {day2} for the {item}; I can only do {day}. {pace} {name}",
        "Sorry, not {day2}. {day} is better for the {item}. {pace} Best, {name}",
        "My {item} broke on {day2}. Could I bring it on {day}? {pace} {name}",
        "I am away until {day2}, so let's say {day} for my {item}. {pace} Regards, {name}",
        "Since you close on {day2}, I'll come on {day} with the {item}. {pace} {name}",
        "Please move my booking from {day2} to {day}. It's for the {item}. {pace} {name}",
        "It is {name}. Change of plan: {day} in place of {day2} for my {item}. {pace}",
        "Not the {item2} this time, it's the {item}. {day}, please. {pace} {name}",
        "You fixed my {item2} well. Now the {item} wants doing. I have {day} off. {pace} {name}",
        "I wrote {item2}, but I meant my {item}. Can you do {day}? {pace} Sorry, {name}",
        # forms and lists
        "Name: {name}\nItem: {item}\nDay: {day}\nNote: {pace}",
        "Customer - {name}\nWhat - {item}\nWhen - {day}\n{pace}",
        "1. {item}\n2. {day}\n3. {name}\n{pace}",
        "Day wanted: {day}\nRepair wanted: {item}\nYour name: {name}\nAnything else: {pace}",
        "* who: {name}\n* day: {day}\n* needs repair: {item}\n{pace}",
        "Web form | {day} | {name} | {item} | {pace}",
        "item={item}; name={name}; day={day}; {pace}",
        # voice notes and odd ends
        "Voice message: hello, er, it's {name}, my {item} has gone funny. I could do {day}. {pace} Bye!",
        "Missed call. Caller {name} says the {item} leaks and asks for {day}. {pace}",
        "Note from the front desk: {name} will bring the {item} on {day}. {pace}",
        "PS to my last letter: it is the {item} that needs you. {pace} {day}, if I may. {name}",
        "Is {day} free? {pace} I have a worn {item} for you. {name}",
        "If {day} is open, I'd bring the {item} round. {pace} Signed, {name}",
        "Happy to pay extra for a tidy job on my {item}. {day} please. {pace} {name}",
        # the customer among other people
        "Logged by {other} at the counter: customer is {name}, thing is the {item}, day is {day}. {pace}",
        "Message for the bench, written down by {other}. {name} has a faulty {item}, will come {day}. {pace}",
        "{other} took this call. {name} wants us to see to the {item}, {day} if we can. {pace}",
        "Sent on by {other}: our member {name} would like {day} for her {item}. {pace}",
        "Passed along from {other}. The owner is {name}, the {item} is what hurts, {day} is asked for. {pace}",
        "Re: Fwd: (via {other}) please give {name} a slot on {day}, it's about the {item}. {pace}",
        "{other} speaking, on behalf of {name}: the {item} fails now and then. {day} please. {pace}",
        "I am only the messenger, {other}. It's {name} whose {item} gave out. {day} would help. {pace}",
        "Cc {other}. Dear all, I'd leave my {item} with you on {day}. {pace} Kind wishes, {name}",
        "{other} recommended you! My {item} wobbles. {pace} Can we say {day}? Warmly, {name}",
        "Hi {other}! {day} for the {item}, as promised. {pace} Yours, {name}",
        "Morning, {other}. It's {name}, about that {item}. I'd come round on {day}. {pace}",
        "My brother {other} broke the {item}, so I have to get it mended. {day}? {pace} {name}",
        "Is {other} working on {day}? I'd like my {item} checked. {pace} {name}",
        "Log, 14:20, {other} on duty. Caller: {name}. About: {item}. Wants: {day}. {pace}",
        "Counter slip. Served by {other}. Client {name}. {item}. {day}. {pace}",
        LOWER + "{other} said u could help? my {item} is wonky, {day} maybe, {pace} thx {name}",
        LOWER + "asking for a mate called {name}, the {item} needs sorting on {day}. {pace} cheers {other}",
        # what is wrong with a thing is no part of its name
        "Cracked {item}, need help. {day}? {pace} {name}",
        "One squeaky {item} for you on {day}. {pace} {name}",
        "I have a snapped {item} here. {pace} Shall we say {day}? {name}",
        "{name}: leaking {item}. {day}. {pace}",
        "Faulty {item}! Might I bring it over on {day}? {pace} {name}",
        "Damaged {item}, owner {name}, {day} preferred. {pace}",
        "Wobbly {item} again, I'm afraid. {pace} {day} for me. Regards, {name}",
        LOWER + "busted {item} here, {day} pls. {pace} {name}",
        LOWER + "{name}, rusty {item}, {day}, {pace}",
        # more ways to say the same
        "How do you do? {name} is my name, and the {item} is my trouble. {day} is good. {pace}",
        "They call me {name}. Would {day} be fine for handing in the {item}? {pace}",
        "A question: do you work on {day}? The {item} of mine has died. {pace} {name}",
        "Could I leave the {item} with you when I drive past on {day}? {pace} So long, {name}",
        "Guess what broke? The {item}! {pace} Expect me on {day}. Hugs, {name}",
        "We'd love to have the {item} running again. {day} would be ideal. {pace} Thanks from {name}",
        "The {item} came loose on the towpath. {pace} I can make it on {day}. {name}",
        "Never liked my {item}, and now it is dead. {pace} {day}? Sincerely yours, {name}",
        "{day} is my day off, so that's when I can hand you the {item}. {pace} {name}",
        "Something's up with the {item}. {pace} Are you there on {day}? From {name}",
        "Would you be so kind as to inspect the {item} on {day}? {pace} I remain yours, {name}",
        "For the attention of the workshop: {item}, {day}. {pace} Signed by {name}",
        "I, {name}, hereby order a repair of the {item}. Date: {day}. {pace}",
        "Diary: {day}. Work: {item}. Who: {name}. {pace}",
        "Please pencil in {name} for {day}, {item}. {pace}",
        "{day} - {name} - please mend the {item} - {pace}",
        "To do: see to the {item} of {name} on {day}. {pace}",
        "Hello hello! It's only me, {name}. Any room on {day} for a {item}? {pace}",
        "I think the {item2} is fine. It's the {item} that slips. {day}, if you can. {pace} {name}",
        "At first we blamed the {item2}; in truth the {item} did it. {pace} Can I call on {day}? {name}",
        "Keep the {item2} for now. I want the {item} done first, on {day}. {pace} {name}",
        "I was going to come on {day2}. Scrap that: {day}. It's the {item}. {pace} {name}",
        "{day2} is out for me, {day} is in. Usual {item} trouble. {pace} {name}",
        "Never mind {day2}. I'd sooner bring the {item} along on {day}. {pace} Thanks, {name}",
        "Had it on {day2}, then the {item} went. Could you look on {day}? {pace} I'm {name}.",
        LOWER + "cant do {day2} anymore, {day} instead? its the {item}. {pace} {name}",
        LOWER + "good evening, {name} with the {item} here, {pace} i can do {day}",
        LOWER + "is {day} alright for the {item}? {pace} sent by {name}",
        LOWER + "hullo from {name} on the canal, {item} trouble, {day} would be ace. {pace}",
        # the hurry is in the template itself
        URGENT + "URGENT! {name} here. My {item} broke and I need it running. {day}, please!",
        URGENT + "Subject: urgent repair\nThe {item} must be done on {day}, it can't wait. {name}",
        URGENT + "Quick, please: my {item} is in pieces and I need it at once. {day}? {name}",
        URGENT + "{name}, rush job: {item}, {day}.",
        CALM + "No rush at all, but my {item} could do with a check. Say {day}? {name}",
        CALM + "{name} here. Not urgent: the {item} squeaks a bit. I might stop by on {day}.",
        CALM + "{item}, {day}, whenever you have a minute. {name}",
    ),
    bike_topics={
        "brakes": "brake, front brake, brake cable, brake lever, brake pad, disc brake, brake rotor",
        "wheels": "front wheel, back wheel, tyre, inner tube, spoke, hub, rim, wheel bearing, axle nut, valve",
        "steering": "handlebar, stem, fork, headset, left grip, right grip, bar tape",
        "seats": "saddle, seat post, seat clamp, seat spring, seat cover",
        "lights": "headlight, tail light, dynamo, reflector, bell, horn, light bracket",
        "carriers": "rack, basket, mudguard, kickstand, bottle cage, luggage strap",
        "motors": "battery, motor, charger, display, speed sensor, throttle, wiring loom",
        "drive": "chain, left pedal, crank, derailleur, gear shifter, cassette, freewheel, chain guard",
        "loading": "ramp, side panel, tail gate, box lid, net hook",
    },
    boat_topics={
        "hulls": "hull, keel, transom, drain plug, gunwale, bow plate, rubbing strake",
        "rowing": "oar, paddle, rowlock, thwart, foot brace, sliding seat, oar collar",
        "sailing": "mast, boom, sail, halyard, jib, mainsheet, spinnaker, forestay",
        "rudders": "rudder, tiller, pintle, centreboard, daggerboard, skeg, steering line",
        "deck": "cleat, hatch, winch, fairlead, anchor chain, deck plate, bollard",
        "outboards": "outboard, propeller, fuel line, pull cord, water pump, spark plug",
        "boat-electrics": "bilge pump, radio, depth sounder, solar panel, switch panel, cabin lamp",
        "inflatables": "air valve, foot pump, floor panel, tow ring, seam patch, air tube",
    },
    first_names=(
        "Ada Adel Agnes Ahmed Aisha Alba Alfie Alina Amir Anders Anke Ansel Aoife Arjun Astrid Aziz Beatrix Benno Bilal "
        "Bodil Bram Bridget Bruno Calum Carmen Cedric Chidi Ciara Clara Clive Connie Cyrus Dagny Dalia Darius Deepa "
        "Delphine Derek Dilys Dora Dov Edie Edwin Eero Eilidh Elif Elke Emeka Enid Enzo Erin Esme Ewan Fadila Felix "
        "Femi Fergus Fiona Floyd Freya Gareth Gemma Gita Glenda Greta Gus Gwen Hana Hassan Hattie Hedda Hilda Horace "
        "Hugo Ida Idris Ilse Imran Inga Iris Isaac Ivo Jago Jamal Janek Jasmin Joan Jorge Josie Juno Kamal Karin Keiko "
        "Kenji Kezia Kira Klaus Kofi Lars Leila Lena Lionel Lotte Luca Lupe Mabel Magnus Malik Mara Marek Mei Mick "
        "Mina Morag Nadia Nasim Nell Niamh Nils Noor Odile Olaf Olga Omar Oona Orla Oscar Padma Pavel Perry Petra "
        "Phoebe Pia Quentin Rafa Rahul Ravi Reza Rhys Rosa Rowan Ruben Runa Sadie Salma Samir Sanna Selma Shona "
        "Sigrid Silas Simone Soren Stella Sunil Tamsin Tariq Tessa Thea Tilda Tomas Ugo Ulla Uma Vera Viktor Wanda "
        "Wilf Xenia Yara Yusuf Zelda Zoltan Zora Anne-Marie Jean-Luc Siân Zoë José D’Arcy "
        "Renée Noël Márta Björn Søren Łukasz Élodie Anaïs Señara Jürgen Mélanie Håkon Óscar Aurélien Gaël Françoise "
        "Solène Raphaël Maël Agnès Inès Tomás Böde Ängla Zdeněk Jiří Ägidius Théo Loïc Héloïse Cátia Ilaria Bronwyn "
        "Ysolde Torquil Aphra Melchior Tancred Wilhelmina Bartholomew Evangeline Octavia Thelonius Ignatius Marigold "
        "Cornelius Philippa Rosamund Sacheverell Tryphena Ulrika Vasilios Xanthe Yevgenia Zebedee Oyelaran Nomvula "
        "Thandiwe Chukwudi Abimbola Kwabena Siobhan Caoimhe Tadhg Gruffydd Angharad Blodwen Rhiannon Llewelyn Eustace "
        "Hyacinth Jocasta Lysander Peregrine Quillan Ravindra Subramani Takeshi Haruka Mitsuko Nguyen Phuong Xiulan "
        "Zhiwei Aleksandra Bogdan Czeslaw Dragomir Ewelina Grzegorz Hubert Ivanka Jadwiga Kazimir Ludmila Miroslav"
    ),
    surnames=(
        "Abbot Amadi Barlow Bhatt Blythe Brandt Castell Chowdry Crane Dahl Dobbs Durant Eklund Farrow Fenn Gallow "
        "Gower Haddad Hale Hobbs Ibsen Ingram Jarvis Kaur Keane Kowal Lamb Lindo Marsh Mbeki Moreau Nash Novak Oduya "
        "O’Hara Ortiz Pell Pryce Quill Rahman Rossi Sandoval Scully Selby Tanner Teague Ueda Vance Varga Webb Wilde "
        "Yilmaz Zeller McRae Akintola Birtwistle Cholmondeley Dąbrowski Etxeberria Fitzgerald Guðmundsson "
        "Higginbotham Iyer Jørgensen Kowalczyk Lagerlöf Müller Ndlovu Oyelowo Papadakis Quarshie Ramaswamy Szymański "
        "Thistlewood Uwimana Vasquez Wrigglesworth Xanthos Yamamoto Zubiri"
    ),
    urgent=(
        "It's urgent.",
        "This is urgent, please.",
        "Urgent!",
        "Very urgent.",
        "Please hurry.",
        "Do hurry, please.",
        "I'm in a hurry.",
        "I am in a great rush.",
        "It can't wait.",
        "This cannot wait.",
        "I can't wait any longer.",
        "I need it back quickly.",
        "I need it as soon as possible.",
        "As soon as you can, please.",
        "ASAP please.",
        "asap!!",
        "I'm stuck without it.",
        "We are stuck until it works.",
        "I really can't manage without it.",
        "I have no other way to get to work.",
        "I need it for my job.",
        "Time is short.",
        "Every hour counts.",
        "It's an emergency.",
        "A bit of an emergency, I fear.",
        "I need this done fast.",
        "Please be fast.",
        "Please treat it as a rush job.",
        "There's a race the very next morning.",
        "We set off the day after and need it by then.",
        "The sooner the better.",
        "Quick as you can.",
        "I'm desperate.",
        "Please put it first in the queue.",
        "It has to be done the same day.",
        "It is most pressing.",
        "Please drop everything else.",
        "There is no time to lose.",
        "I must have it back at once.",
        "Please do it straight away.",
        "Need it right now.",
        "High priority for us.",
        "It matters that it's quick.",
        "We need it mended with all speed.",
        "This job is pressing.",
        "Rather pressing, I must say.",
        "We are in dire need of it.",
        "Speedy help would be great.",
        "Be swift, please.",
        "A quick repair is a must.",
        "Please move fast on this.",
        "I'm pressed for time.",
        "The clock is ticking.",
        "Please don't keep me waiting.",
        "It must not take long.",
        "I can't do without it.",
        "I can't spare it for even a day.",
        "I'm lost without it.",
        "We are stranded here without it.",
        "I have nothing else to ride.",
        "It's my only way to get about.",
        "My boss is waiting for me to be mobile again.",
        "It has to be ready before the weekend trip.",
        "We sail at dawn the next day.",
        "Our trip starts the day after.",
        "The match is the day after, so it must be ready.",
        "Immediately, please.",
        "At your earliest, please, it's critical.",
        "This is critical.",
        "It's a crisis.",
        "SOS!",
        "Help, quickly!",
        "Please act at once.",
        "Right away, if you can.",
        "This needs doing now.",
        "It needs to be mended urgently.",
        "An urgent case.",
        "Urgently needed.",
        "I urgently need it.",
        "Please mark it urgent.",
        "Same-day service, please.",
        "Express service, please.",
        "I'd pay extra for speed.",
        "Can you fit me in ahead of others?",
        "Please let me jump the queue.",
        "No delay, please.",
        "Delay would be a disaster.",
        "It can't be put off.",
        "It won't keep.",
        "I need it back the same evening.",
        "Speed is everything.",
        "Hurry hurry!",
        "Chop-chop, please!",
        "Make haste, please.",
        "In great haste.",
        "In a mad rush here.",
        "We're in a real hurry with it.",
        "Is there a fast lane? I need one.",
    ),
    calm=(
        "No rush.",
        "No rush at all.",
        "No hurry.",
        "No great hurry.",
        "There's no hurry.",
        "I'm not in a hurry.",
        "It's not urgent.",
        "Not urgent.",
        "This isn't urgent.",
        "Nothing urgent.",
        "Take your time.",
        "Take all the time you need.",
        "Whenever suits you.",
        "It can wait.",
        "It can wait a week or two.",
        "I can wait.",
        "There's plenty of time.",
        "We have lots of time.",
        "I don't need it until spring.",
        "I won't need it for weeks.",
        "Nothing pressing.",
        "No panic.",
        "It isn't an emergency.",
        "It's no emergency.",
        "Low priority.",
        "Do it when things are quiet.",
        "I can live without it for a while.",
        "I have a spare one for now.",
        "Slow is fine.",
        "It doesn't have to be quick.",
        "Finish it whenever you like.",
        "Other jobs can go first.",
        "Next month would be early enough to get it back.",
        "There is no rush about it.",
        "We are in no hurry.",
        "I'm in no hurry.",
        "Don't rush.",
        "Please don't hurry.",
        "No need to hurry.",
        "No need for haste.",
        "No haste.",
        "It's nothing urgent.",
        "It is by no means urgent.",
        "Hardly urgent.",
        "Far from an emergency.",
        "It isn't pressing.",
        "It's not a pressing matter.",
        "Not a priority.",
        "It's the least of my worries.",
        "It can stay with you for weeks.",
        "Keep it as long as you need.",
        "Keep it for a fortnight if you like.",
        "I'm patient.",
        "I am glad to wait.",
        "I don't mind if it takes a while.",
        "It may take as long as it takes.",
        "Any time is fine for getting it back.",
        "I only use it in summer.",
        "We have another one to be going on with.",
        "My sister lends me hers until then.",
        "I've got others to use.",
        "I can manage without it for now.",
        "It's fine if it's slow.",
        "It need not be quick.",
        "There's time enough.",
        "All in good time.",
        "Time is no matter.",
        "No time pressure.",
        "Nobody is waiting for it.",
        "Do the urgent jobs of others first.",
        "Put it at the back of the queue.",
        "When you get round to it.",
        "At your leisure.",
        "Relaxed about when it's done.",
        "I am in no rush to have it back.",
        "The end of the month is soon enough.",
        "Back by autumn is soon enough for me.",
        "I have another that I can use.",
        "The old one will do meanwhile.",
    ),
    neutral=(
        "",
        "",
        "",
        "",
        "",
        "",
        "",
        "",
        "",
        "",
        "",
        "",
        "Thanks.",
        "Thank you so much.",
        "What will it cost?",
        "Do you take cards?",
        "Is there parking?",
        "How much is it, roughly?",
        "Do you open at nine?",
        "I'll bring biscuits.",
        "Is the back gate open?",
        "Please ring me with a price.",
        "Good to know you exist.",
        "I live across the bridge.",
        "Can I watch?",
        "Will you need the key?",
        "It was a gift.",
        "It's from my aunt.",
        "Do you have a phone number?",
        "I found you on a poster.",
        "Your shop looks nice.",
        "Do I have to pay first?",
        "I'll come by train.",
        "Shall I clean it first?",
        "It makes a clicking sound.",
        "Hope all is well.",
        "Do you do gift cards?",
        "I'd like a receipt.",
        "It's the second time.",
        "It is quite old.",
        "Let me know.",
    ),
    epithets=(
        "old new red blue green black white yellow silver orange turquoise spare little big long heavy light vintage "
        "homemade second-hand aluminium steel carbon wooden plastic cedar bamboo Larkspur Brindle Kestrel Quillon Tansy "
        "Wharfe Dunlin Petrel Thornbury Bittern Marazan Zephyr Trevose Skimmer Pendrake Yarrow Bluecap"
    ),
)

DEV = Split(
    name="dev",
    size=60,
    digits=3,
    seed=23,
    templates=(
        "Afternoon. {name} is the name. Something is wrong with the {item}; might {day} be possible? {pace}",
        "Can somebody take a look at my {item} when I visit on {day}? {pace} Ta, {name}",
        "{name}. {day}. Broken {item}. {pace}",
        "Need help w/ {item}. Free {day}. {pace} /{name}",
        LOWER + "evening all, {name} from the towpath, my {item} died today, {day} poss? {pace}",
        LOWER + "hi hi, is {day} ok to leave the {item} with you? {pace} from {name}",
        "Dear workshop, following our talk I wish to hand in my {item} on {day}. {pace} Yours truly, {name}",
        "My daughter says you can repair anything, so please try my {item}! {pace} See you on {day}? Fondly, {name}",
        "Forwarded by {other}: customer {name} asks if {day} is free. It concerns the {item}. {pace}",
        "Thanks for the call, {other}. As I told you, the {item} is the problem, and {day} is my day. {pace} {name}",
        "Hello, I am {name}. Forget {day2}, I'd rather hand over the {item} on {day}. {pace}",
        "First I thought it was the {item2}, but the {item} is to blame. {pace} Would {day} do? {name}",
        "Job: {item}\nPreferred day: {day}\nContact: {name}\nRemarks: {pace}",
        "Phone note, taken by {other}: {name}, {item} to repair, coming {day}. {pace}",
        URGENT + "Help! I depend on my {item} and it just broke. I need it fixed fast, {day} at the latest! {name}",
    ),
    bike_topics={
        "bags-and-locks": "lock, tool bag, pannier, key switch",
        "frames": "frame, down tube, swingarm, dropout",
        "children": "child seat, footboard, safety bar, sun roof",
    },
    boat_topics={
        "mooring": "mooring ring, rope fender, boarding ladder, buoy",
        "comfort": "cushion, backrest, cup holder, canopy",
        "buoyancy": "float, foam block, buoyancy bag, side pontoon",
    },
    first_names=(
        "Abigail Bashir Cosima Dmitri Estelle Farouk Giulia Henrik Ingrid Jolyon Katya Lorcan Mirela Ned Ottilie Piers "
        "Rania Stefan Tove Umar Violet Wojtek Yasmin Zachary Noémie Marie-Claire"
    ),
    surnames="Ashdown Bakker Corrigan Dempsey Ferrara Grieve Hussain Jansen Lowther Mensah Pargeter Strand Whitlock",
    urgent=(
        "I need it sorted in a hurry.",
        "It's rather urgent, I'm afraid.",
        "Please be quick about it.",
        "We're stranded until this is mended.",
        "Speed matters here.",
        "Please fix it right away.",
        "I can't be without it for long.",
        "Pressing matter, this.",
        "Needed urgently!",
        "It simply will not wait.",
        "I'm in a tearing hurry.",
        "We leave the next morning and can't go without it.",
        "Quickly, if at all possible.",
        "It is an urgent matter.",
        "I need it back in no time at all.",
        "Rush order, please.",
        "Could you see to it immediately?",
        "Every day without it costs me money.",
    ),
    calm=(
        "I'm in no rush.",
        "There is no hurry whatsoever.",
        "It's far from urgent.",
        "Take as long as you like.",
        "I'm happy to wait.",
        "It can sit with you for a month.",
        "No need to rush.",
        "We've another to use in the meantime.",
        "Any time that week is early enough to have it back.",
        "It doesn't need to be fast.",
        "I'm not pressed for time.",
        "Nothing that can't wait.",
        "Whenever you have time.",
        "It isn't at all urgent.",
        "We can do without it this season.",
        "Please don't hurry because of me.",
        "Give the others priority.",
        "A slow repair is good enough.",
    ),
    neutral=(
        "",
        "",
        "",
        "Many thanks.",
        "Can I pay in cash?",
        "Is there a café near you?",
        "I'll wear a green hat.",
        "It came with the house.",
        "Text me.",
    ),
    epithets="grey beige Linnet plywood Hollowell borrowed",
)

TEST = Split(
    name="test",
    size=60,
    digits=3,
    seed=37,
    templates=(
        "Hey there, I'm called {name}. Would you have time on {day} to repair my {item}? {pace}",
        "I've got trouble with the {item} again. {pace} {day} would work nicely. All the best, {name}",
        "{day}? {item}? {pace} Thx {name}",
        "{name} / {day} / {item} / {pace}",
        LOWER + "alright mate, {item} snapped on me, ill swing by {day}. {pace} {name} from the boatyard",
        LOWER + "sorry to bother u, {name} here, whats {day} like for fixing the {item}? {pace}",
        "Dear repair team, I herewith ask you to examine the {item} on {day}. {pace} Your customer, {name}",
        "I fell in the canal, swans laughed, and the {item} is ruined. {pace} May I turn up on {day}? Yours wetly, {name}",
        "{other} here, sending this on for {name}, who would like the {item} seen to on {day}. {pace}",
        "Hi {other}, me again, {name}. Could the {item} go on the bench this {day}? {pace}",
        "{name} writing. We agreed on {day2}, sadly I work then. {day} instead for the {item}? {pace}",
        "The {item2} can stay as it is. Only the {item} needs you. I'd come on {day}. {pace} {name}",
        "REPAIR SLIP\nOwner: {name}\nObject: {item}\nBring-in day: {day}\nComment: {pace}",
        "Answering machine, 8:15: {name} asks about the {item}, would like {day}. {pace}",
        CALM + "There is honestly no hurry with this one: the {item} rattles. {day} would be nice. {name}",
    ),
    bike_topics={
        "gadgets": "speedometer, camera mount, phone holder, odometer",
        "weather": "rain cover, windshield, mud flap, heated sleeve",
        "couplings": "tow hook, hitch pin, coupling, drawbar",
    },
    boat_topics={
        "fishing": "rod holder, bait box, fish finder, net bracket",
        "cords": "grab handle, bungee, spray skirt, deck loop",
        "launching": "wheel cradle, launch strap, roller, bow eye",
    },
    first_names=(
        "Anouk Baldwin Cressida Desmond Eluned Fabian Georgina Hamza Isolde Jarek Kirsten Leopold Maryam Nikolai "
        "Ophelia Pradeep Ramona Sybil Thaddeus Ursula Vikram Winifred Yannick Zainab Chloë Karl-Heinz"
    ),
    surnames="Aldous Bianchi Cavanagh Drummond Eastwick Fonseca Hargrave Kimura Lovell Nwosu Petrov Ramsey Thorne",
    urgent=(
        "We need this one urgently.",
        "Please rush it.",
        "I need it working in no time.",
        "This is a real emergency.",
        "It won't wait, sorry.",
        "I'm lost without it, so be quick!",
        "Could it be done at top speed?",
        "Time is running out for us.",
        "Fast help needed.",
        "Please make it your first job that morning.",
        "It is terribly urgent.",
        "Get it done quickly, would you?",
        "We really are in a hurry.",
        "Sooner than soon, please.",
        "I have to have it running at once.",
        "It's an urgent one, this.",
        "I can't possibly wait.",
        "Do it as fast as you are able.",
    ),
    calm=(
        "I'm not rushing you.",
        "Don't hurry on my account.",
        "It really isn't urgent.",
        "I've all the time in the world.",
        "Leave it till you're less busy.",
        "I don't mind waiting.",
        "It can easily wait.",
        "I shan't use it before summer.",
        "No need for speed.",
        "Please don't rush.",
        "We're in no great hurry.",
        "Not an urgent thing at all.",
        "Take as much time as it needs.",
        "It may wait until you are free.",
        "No emergency whatever.",
        "I can do without it for a month.",
        "Any time will do to finish it.",
        "Haste is not needed.",
    ),
    neutral=(
        "",
        "",
        "",
        "Much obliged.",
        "Do you send a bill?",
        "Which door do I use?",
        "It's a bit rusty.",
        "I like your sign.",
        "Greet the cat.",
    ),
    epithets="pink brown Sandmartin tin Ravensey rented",
)

SPLITS = (TRAIN, DEV, TEST)


def make_examples(split: Split) -> list[dict[str, object]]:
    """The split's lines, all with different texts, templates and topics in turn."""
    chance = random.Random(split.seed)
    topics = [*split.bike_topics, *split.boat_topics]
    seen: set[str] = set()
    lines: list[dict[str, object]] = []
    while len(lines) < split.size:
        number = len(lines)
        place = number % len(split.templates)
        if place == 0:
            chance.shuffle(topics)
        topic = topics[place % len(topics)]
        text, gold = _fill(split, split.templates[place], topic, number // len(split.templates), chance)
        if text in seen:
            continue
        seen.add(text)
        lines.append(
            {
                "id": f"{split.name}-{number + 1:0{split.digits}d}",
                "topic": topic,
                "template": f"{split.name}-{place + 1:02d}",
                "text": text,
                "reply": json.dumps(gold, ensure_ascii=False),
                "gold": gold,
            }
        )
    return lines


def _fill(split: Split, template: str, topic: str, turn: int, chance: random.Random) -> tuple[str, dict[str, object]]:
    """One message and the object it says; every other turn of a template is urgent."""
    vehicle = chance.choice(BIKES if topic in split.bike_topics else BOATS)
    vehicle2 = chance.choice([one for one in BIKES + BOATS if one != vehicle])
    day, day2 = chance.sample(range(len(DAYS)), 2)
    days = SHORT_DAYS if chance.random() < 0.15 else DAYS
    name, other = chance.sample(split.first_names.split(), 2)
    if chance.random() < 0.3:
        name += " " + chance.choice(split.surnames.split())
    urgent = turn % 2 == 0
    if template[0] in (URGENT, CALM):
        urgent, template = template[0] == URGENT, template[1:]
    pace = chance.choice(split.urgent if urgent else split.calm if chance.random() < 0.5 else split.neutral)
    parts = {**split.bike_topics, **split.boat_topics}[topic].split(", ")
    values = {
        "name": name,
        "other": other,
        "item": _item(vehicle, chance.choice(parts), split, chance),
        "item2": OTHER_WORDS.get(vehicle2, vehicle2) if chance.random() < 0.2 else vehicle2,
        "day": days[day],
        "day2": days[day2],
        "pace": pace,
    }
    text = template.removeprefix(LOWER).format(**values)
    text = re.sub(r" +", " ", text).replace(" \n", "\n").strip()
    if template.startswith(LOWER):
        text, name = text.lower(), name.lower()
    return text, {"name": name, "vehicle": vehicle, "day": DAYS[day], "urgent": urgent}


def _item(vehicle: str, part: str, split: Split, chance: random.Random) -> str:
    """What needs repair, as people write it: “kayak”, “Kestrel kayak”, “kayak hatch”, “old kayak hatch”."""
    words = [OTHER_WORDS.get(vehicle, vehicle) if chance.random() < 0.2 else vehicle]
    if chance.random() < 0.35:
        words.insert(0, chance.choice(split.epithets.split()))
    if chance.random() < 0.6:
        words.append(part)
    return " ".join(words)


def main() -> None:
    """Rewrite the three files beside this one."""
    for split in SPLITS:
        lines = [json.dumps(line, ensure_ascii=False) + "\n" for line in make_examples(split)]
        (HERE / f"{split.name}.jsonl").write_bytes("".join(lines).encode("utf-8"))


if __name__ == "__main__":
    main()
