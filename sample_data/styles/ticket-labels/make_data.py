"""Writes train.jsonl, dev.jsonl and test.jsonl: support tickets to Harrow & Finch, a made-up hirer of tents and sound.

`python sample_data/styles/ticket-labels/make_data.py` rewrites the three files, with the same bytes each time.

The labels are plain words, but where two of them meet, a house rule decides (the full text is in style.yaml): danger
or an event that is on comes before everything (now), then damage, even where it is about money (repair), then things
missing or left over, even where they are billed (missing). More kit is a new hire, less kit is a change.

In TICKETS a line with @ begins a label, one with # a topic, one with - a ticket. Train tickets have slots and a frame
round them. Those of dev and test are written by hand, about other kit, other events and other situations.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from pathlib import Path

SEED = 20_261_120
LABELS = ("now", "repair", "missing", "money", "hire", "change", "delivery", "question")
PER_LABEL = 128  # train lines; a ticket that is written again gets other slots and another frame
SPLITS = ("train", "dev", "test")

TICKETS = {
    "train": """
@ now
# sound-gone-now
- The {gear} has just gone dead and the room is full. Somebody ring me.
- We're halfway through the {event} and there is no sound at all out of the {audios}. What do I press?
- HELP. {event} on right now, the {gear} cut out, {n} people staring at me. Call {name}.
- Speeches are on as I type this and both {audios} are silent. Need a person on the phone this minute.
# crew-absent-now
- Guests are walking in and your crew still isn't here. Where are they??
- It is {time}, we open the gates at half past, and there's an empty field where the {tent} should be.
- Nobody has turned up to build. The {event} starts in under an hour and I have {n} chairs on the lawn and no
  roof.
- Your van was meant to be here at dawn. First visitors are at the gate now. Please ring me.
# wind-moving-kit
- The wind has got under the {tent} and one leg is lifting off the ground. There are children near it.
- Gusts all morning. Two pegs on the {tent} have pulled out and it's rocking. Should we clear people out?
- I don't want to fuss, but the {tent} is leaning a good deal more than it was at breakfast and people are
  sitting under it.
- A pole has come down next to the tea table. Nobody hurt, but the rest is swaying.
# shock-or-burning
- My brother got a tingle off the {gear} when he touched it. We've all stepped back. Is it safe?
- There's a burning smell from the {gear} and the plug is hot. We have left it switched on because we weren't
  sure.
- Small question: is it normal for the {gear} to buzz and give you a bit of a shock when the grass is wet?
- Sparks from the {gear} when it rains on it. The {event} is at the weekend, but people are rigging here today.
# opening-soon
- Doors in forty minutes and nobody can tell me how the {gear} switches on.
- We go live at {time}, which is an hour from now, and the {gears} don't have the right leads with them.
- The choir is lined up outside, we begin in ten minutes, and one {kit} still needs to come. Chase it please!
- Starting in half an hour. You sent {m} {kits} and the plan says {n}. Can somebody bring the rest at once?
# tripping-and-falls
- A lady has tripped on the edge of your matting and cut her knee. The other edge is curling up as well.
- Someone just put a foot through the stage. He's all right, but there are people dancing on it still.
- The step up to the platform gives way under you. It's in use today, so please say what we should do.
- Cables across the fire exit and your rigger has driven off. A child has already gone over them.
# blocked-way-out
- Your trailer is parked across our ambulance gate and the {event} has begun. Move it please.
- The back flap of the tent is laced shut from outside and we have {n} people in here. How does it open?
- Ticket holders are queuing round the block because your lorry is in the entrance. We opened at {time}.
- Your padlock is on the side gate, the band is locked out, and they're on stage in twenty minutes.
# money-while-live
- Your driver is at the gate with the {kits} and won't unload until the balance shows as paid. It is paid.
  Guests arrive in half an hour.
- The {event} is in full swing and a man in your jacket says he'll take the {kit} away over an unpaid bill.
  Please call.
- We're live this minute. Can I pay by card for one more {kit} and have it here before the second half?
- I know it's the wrong moment to ask about money, but he won't switch on the {gear} until somebody signs the
  invoice, and the hall is filling up.
# mid-event-change
- The first act is playing and it's much too loud for the neighbours. Can you turn down the {audios} from where
  you are?
- Rain came in, so we've moved everybody indoors in the middle of the {event}. Can your man on site bring the
  {audio} in now?
- It's today, it's on, and we've twice the crowd we planned for. Anything you can throw on a van in the next ten
  minutes?
- Mid-party here. The lights on the {gear} keep flashing and a guest who has fits has had to go outside.
# hanging-and-weight
- One of the {gears} is hanging by a single bolt over the stage. The dress rehearsal has people under it.
- Water is pooling on the roof of the {tent} and it's bulging right over the buffet. Folk are queuing beneath.
- I heard a crack from the frame when we leaned on it. The school is using it for assembly this morning.
- Is it okay that the {tent} is held up with a bungee cord? Families are camping right next to it tonight.
# child-trapped
- A toddler has wedged her arm in the folding frame of the chair. We can't get it open. Which pin do I pull?
- Someone is shut in the walk-in cool box we hired and the handle just spins.
# feeling-ill
- Three of the choir say their ears are ringing badly since your man set the levels. Concert continues in five
  minutes.
- People are coughing and their eyes sting near the machine you put by the door.
# inflatable
- The inflatable arch is going down with runners underneath it.
- Bouncy castle has come away from its ropes on one side, kids still on it.
# quiet-alarm
- Not sure whom to tell, but the ladder your crew left is propped on a live wire.
- Sorry to bother you. A sandbag came off the balcony rail and missed our pianist by an inch.
- I expect it's nothing, only the floor under the DJ is bouncing and making a cracking noise, and it's a full
  house.
- Just so that you know, a metal stay is poking out at eye height where the infants line up.
# show-must-go-on
- The bride is at the church door and there's no music. The little box shows a red cross.
- Curtain up in twenty, the headset mics are all talking over each other. Anybody awake at your end?
- Interval now. The left side of the stage is black. If you can fix it from there, you've a quarter of an hour.
- Our auctioneer is shouting himself hoarse, the megaphone packed up at lot nine and there are sixty to go.
- The vicar has begun and nobody can hear a word. Is there a trick to it?
# everyone-here-already
- The caterers have arrived, the guests have arrived, the tables have not. Where are you?
- Two coaches of pensioners have just pulled in and there isn't a chair on the grass.
- We opened the turnstile at nine and the card reader you lent us wants a code. Queue's at the bus stop.
- Kids are pouring out of school into the fair and only half of the stalls have roofs.
# flame-and-heat
- A napkin caught light on one of your lamps. It's out, but the lamp's still glowing hot and people are eating.
- Smoke is coming from under the stage. Band is still playing.
- The tea urn's cable has melted onto the matting. I can smell it across the tent.
# weather-turns
- It's blowing a gale, the canopy's flapping like a sail and there are two hundred inside having pudding.
- Flood water is up to the extension leads in your party tent. Do I touch the switch?
# any-subject-while-on
- We are mid-auction and want to know whether your invoice covers the second microphone. Ring back at once,
  they're arguing about it on stage.
- The parade is passing and your truck is the only thing standing still in it. Get it out of the way.
- I need to swap the singer's mic for a wired one this second, she's on and it's cutting every third word.
- First dance is now. Your playlist box wants a password. What is it?
- Mass has started. There should be six of these and there are five, and the bishop is standing there with
  nothing.
- Right, the fair's open and the takings tent hasn't a table in it. Can you bring one round straight away?
- They are singing the first hymn and the organ relay is a quarter of an hour behind. Help?
- Runners set off in thirty minutes and the start line has no arch, no clock and no Harrow & Finch.
# hurt-or-nearly
- My colleague has been to casualty with a gash from that sharp rail. We've roped it off.
- A rigging hook landed where the flower girl had been standing a moment before.
- Elderly gentleman went over backwards with the chair, he says he's fine. There are eleven more chairs like
  that with people in them.
- I put my hand on the rail and it was live. Tell me whom I should ring, you or the electricity people?
- A boy of ten is up on your frame and it wasn't made for that. Nobody can get him down and the joints are
  parting.
- We've got a nosebleed and two fainters in here, it's airless and I can't work out how to lift the walls.
# looks-unsafe-today
- Should there be a gap I can put my head through between the balcony and the step? The infants are using it.
- The counterweights are still in their bags at the side, nobody put them on, and folk have begun to sit down
  underneath.
- That heavy lamp over the altar has slipped a hand's breadth since this morning.
- It smells of hot plastic round the back of the stage. Choir practice is going on.
- The whole thing moved when the bus went by. Is that supposed to happen with a wedding party inside?
- Our first-aider says close it, our chairman says carry on. One of the ropes has snapped.
# waiting-crowd
- There are four hundred on the pavement and I can't open because your sound man has the only key.
- Queue's round the corner, ticket scanner's frozen, we were due to let them in at seven.
- The president is in the car outside. No lectern.
- Children are in costume, mums are seated, the curtain rail has come off the wall.
@ repair
# dead-on-arrival
- Unpacked the {gear} for next week and it won't switch on. Tried three sockets.
- One of the {audios} crackles, whichever lead I use. We don't need it until {day}, but it can't go out like
  that.
- Had a test run with the {audios} tonight. {m} of them are fine, the last one hums like a fridge.
- {ref}: {gear} – no power, fuse looks ok.
# arrived-dirty
- The {tent} came out of the bag green with mould. It's for my {event} on {day}.
- Mud all over the {kits} that were dropped off this morning. They have plainly not been wiped since the last
  hire.
- Your {tent} smells of old beer and there's candle wax stuck on it. Not what we hoped for in photos.
- Somebody's chewing gum, {n} blobs of it, on the underside of the {seats}. Rather grim for {event} guests.
# torn-cloth
- There's a rip as long as my arm in one wall of the {tent}. It was there when we opened it.
- The zip on the {tent} has come away from the cloth, so the door flaps. {event} is not till {date}.
- Two of the window panels have gone cloudy and one has a split along the seam.
- Holes in the roof of the {tent}: we counted {m} by holding it up to the light.
# we-broke-it
- I'm afraid we dropped the {gear} down the steps and the corner has caved in. How do we own up properly?
- My nephew spilled squash into the mixing desk on {day}. It still works, but the sliders stick.
- Confession: I backed the car into one of your {kits}. It's bent. Tell me what happens next.
- A peg went through the cloth when we took the {tent} down. Our fault, it was late and dark.
# cost-of-damage
- What will you charge us for the cracked {gear}? I'd rather know before the bill comes.
- There is {sum} on my bill for a “scuffed {kit}”. It had that scuff when it came and I've a photo.
- You kept {sum} of our deposit for a wine stain on the {seat}. Could you look at it again?
- Is the dent in the {kit} covered by the damage waiver we paid for, or do we owe you the repair?
# intermittent
- The {gear} works for ten minutes, then sulks, then works again. Brought it home from the {event} as it was.
- Every so often one of the {gears} drops out for a second. I thought it was the battery. It isn't.
- The {audio} was fine on {day}, and by the last song it had a rattle you could hear at the back of the hall.
- It only happens when it's cold: the {gear} takes an age to warm up and then clicks. We gave it back like that,
  just so you know.
# bent-and-loose
- The legs on the folding chairs don't lock. You can sit on them if you keep very still.
- One of the frame poles is bent like a banana, so the roof of the {tent} won't pull tight.
- A castor has sheared off the case of the {audio}. Rolled it about on a skateboard in the end.
- The handle of the {audio} is hanging by a screw; please mend it before the next people get it.
# poor-quality-after
- The {event} went well, but to be honest the {seats} looked shabby: paint flaking, tape everywhere.
- I'm not after money. I only want you to know that the {audio} we sent back on {day} had a buzz from the start.
- Your {tents} are tired. Ours sagged in the middle and the cloth was stained yellow.
- Feedback on {ref}: {gear} scratched, bulb blown, plug taped up. Somebody should take it out of use.
# repair-progress
- I sent a photo of the cracked {gear} last week. Has anybody had a look at it yet?
- You took the {kit} away to be mended before our {event}. Is it fixed?
- Any news from the workshop about the {gear} with the bad socket? We've {n} days left.
- Has the wobbly {seat} been swapped in your store for a sound one? I'd hate to get it again on {date}.
# wet-or-rusty
- The bag was full of water, so the {kit} is soaked through and the labels have run.
- Rust has got into the joints of the {tent} and it squeals. It marked a guest's white dress as well.
- We had to fold the {tent} up wet after the {event}. It will need airing or it'll go black.
- The battery lid on the {gear} is crusted with something white and powdery. I have not touched it.
# stuck-and-jammed
- The telescopic legs on that stand are seized solid. I've tried oil, I've tried swearing.
- The photo booth swallows the paper and prints nothing. Birthday isn't until the 20th.
- The lid of the cool box won't shut. Nothing fancy, just letting you know for next time.
# sounds-bad
- There's a hiss on channel two whatever I plug into it.
- Everything through the left side comes out as if the singer's under water. We packed it away and went without.
- The megaphone squeals if you so much as look at it. Worth a look before it goes anywhere else.
# animals-and-weather-marks
- Something has nested in the rolled-up awning and lined it with bits of our hymn sheets and its own hair.
- A pigeon has done what pigeons do, all over the chair covers you brought.
- The goat got into the barn and has had a good chew on the matting. I'm so sorry.
- Sun has bleached one side of the awning pink. It was like that in the bag.
- Hail went through the clear panels like shot. The party is next month, so there's time.
# guest-did-it
- Uncle Bob sat on it and it isn't a chair any more. Where do we stand?
- A guest wrote “Happy 40th” on the tabletop in what turns out not to be washable pen.
- One of the scouts has snapped the flagpole. We'll pay, but how much?
- The teenagers stood on the piano stool and it's gone through.
- Someone parked on the extension reel. It's flat as a plate.
# dispute-over-marks
- I'm not happy to lose my deposit for scratches that were on it from the start.
- You say there's a burn on the lining and want forty pounds. Nobody smoked. Can I see it?
- Is ordinary grass stain really something you bill people for?
- Your cleaning charge is more than the hire was! All we did was spill a bit of punch on the matting.
# unsafe-looking-stored
- Before anybody hires that scaffold tower again, look at the weld on the bottom step. Ours went back yesterday.
- The plug top's split and you can see the copper. I've put it aside with a note on it.
- Felt a bit queasy unpacking it: there's a wasps' nest inside the tent bag. Dead, thank goodness.
- A leg has worked loose on each of the easels, so we left them folded in the hall all week.
# it-does-not-work
- Dead as a doornail, the uplighter we took home to try. We've put it back in the case.
- It charges overnight and is flat again by lunch.
- I can turn that dial all day and nothing gets louder.
- The remote works if you hold it against the thing, otherwise not. We can live with that for the summer ball.
- Two hours we fiddled last night. In the end we used my son's radio. Something inside yours is loose, you can
  hear it slide.
- The stand sinks. You set it at head height and by the end of a song it's at your knee.
- Colours are all wrong: it says blue on the box and it shines green.
- The timer runs fast, about a minute every hour. The race isn't till June so it would be nice to have it seen
  to.
# looks-bad
- It came with somebody else's confetti still in the folds and a smell of cigars.
- The white covers aren't. I've washed two myself, and there are forty.
- Not to be rude, but would you eat off that table? There's something dried on it.
- The tops are all ring-marked and one has a heart carved into it.
- Fur. Everything's covered in cat fur. My niece is allergic, so please don't send that set for her party.
- There's a patch on the roof the size of a pillow that lets daylight through.
# our-own-doing
- I ironed the drape. I shouldn't have ironed the drape.
- We strung it up by the wrong loops and they've pulled out. Tell me the worst.
- A tray of candles, a bit of a draught, and now there's a hole with brown edges. How much do you want for it?
- We might have washed the matting at too high a heat. It's shorter than it was.
- The best man has bent it trying to be funny.
- My fault entirely, I plugged the wrong thing into the wrong thing and there was a pop.
# money-for-marks
- You have taken thirty pounds off what you gave us back, for a chip that I can't even see in your photo.
- Who decides what is wear and tear? You've billed us for a wobble.
- Does our insurance have to pay for the bent frame, or does yours?
- I'd like the repair charge explained, line by line, if you'd be so good.
@ missing
# short-delivery
- We ordered {n} {kits} and there are {m} in the stack.
- I've counted twice. {m} {kits}, not {n}. The sheet your driver had me sign says {n}.
- Delivery note {ref} says {n} {kits}; only {m} came off the van. The event's not till {date}.
- All good except that we are a few {kits} short of what's on the list.
# missing-parts
- The {tent} is here but there isn't a single peg in the bag.
- No mains lead with the {gear}. Everything else seems to be in the box.
- The box for the {gear} has room for two remotes and there's one in it. We've {n} days, no panic.
- You left us a {seat} without its feet. Was it meant to have any?
# too-many
- You've sent us {n} {kits}; we asked for {m}. What should I do with the rest?
- There's a {kit} here that isn't on our order at all. Somebody else must be wanting it.
- We seem to have someone else's {kits} as well as our own. They're dry in the shed.
- One extra bag in the pile, marked {ref}, and it isn't ours. Happy to keep it till you pass by.
# left-behind-ours
- After your crew took the tent down we couldn't find my mother's shawl. Could it be rolled up in the {tent}?
- I think my laptop charger went off with your {kits}. It's a black one with tape round it.
- Grandad's walking stick was leaning against the {tent} when it was packed up on {day}. Have you got it?
- A long shot, but did a small red lunch box turn up in your van after the {event}?
# found-yours
- We found one of your {kits} behind the hedge a week after the {event}. It's quite all right, just forgotten.
- Sweeping up, we came across {m} of your pegs and a cable with your sticker on it.
- Your ladder is still leaning against our barn. Your crew will be wondering.
- There's a crate in our hall that says Harrow & Finch. It must have been here since the {event}.
# charged-for-missing
- You have billed us {sum} for a lost {kit}. It is not lost; your man carried it to the van himself.
- The invoice says two {kits} never came home. We counted all {n} of them back in with {name}.
- Why is there a fee for missing pegs? We handed back more than we were given.
- You want to keep our deposit because of one {kit} nobody can find. Could you search your store once more?
# returned-number
- For your records: we gave back {n} {kits} on {day} but your receipt shows {m}.
- The return slip is one {kit} out. Please put it right so it does not come back to haunt us.
- Your crew wrote down {m} {kits} on collection. My own tally was {n}. Which goes on file?
- Signed for in a hurry: I'm not sure all the {kits} went back with you. Could you check your shelves?
# wrong-item
- We asked for {kits} and the van left us a {kit} and a pile of something else altogether.
- You have swapped us with another customer, I think: this looks like a disco and we ordered for a {event}.
- The {audio} in the case is the small one. The list says large. Nothing wrong with it, it's just not what is on
  the sheet.
- Half of the {seats} are white, half are black. We were down for all white. It's for {date}.
# lost-by-us
- We've lost one of the {kits}. It's somewhere in Ashmere but I couldn't tell you where. What now?
- Own goal: a guest walked off with a {kit}. I've asked everyone and nobody is saying.
- The key to the {gear} case has gone. I think it fell in the river.
- I can't find the little bag of bolts that belongs with the {tent}. Do you keep spares or do I keep looking?
# inventory-query
- Could somebody tell me how many {kits} we still have here of yours? We've lost track between two events.
- What exactly is meant to be in the {tent} bag? Mine has {m} pieces and the label's rubbed off.
- Do our {n} {kits} and the ones the {event} people have belong to the same order? I want to sort them before
  you come.
- I'm making a list of what's in the barn for {name}. Is {n} the right number of {kits}?
# sets-incomplete
- The giant chess set has come without a white queen.
- Only one glove in the box for the archery set. There are supposed to be pairs.
- No instructions, no screws, no key. Otherwise the sink's all here.
- Of the twelve walkie-talkies, ten have belt clips. Did two stay in your store?
# wrong-size-or-colour-came
- We got the green chair covers. The order says navy.
- This isn't what we picked. It's the children's size of everything.
- You've brought me somebody's disco ball and I think they've got my picket fence.
# what-we-lost
- One of the easels has walked. We've turned the gallery upside down.
- I'm a flag down. I think the wind took it over the cliff.
- Would you rather I bought a new padlock or sent you the money? The old one's vanished.
- Kids have scattered the skittles all over the wood; so far we've recovered seven of the nine.
# our-belongings
- My reading glasses might be in the pocket of one of your aprons. Tortoiseshell, no great value.
- Did anyone hand in a guitar tuner? I clipped it on your stand and forgot.
- The cake knife with our initials went off in one of your crates by mistake.
- We're missing a home-made banner. It was pinned along the inside and I fear it was rolled up with the roof.
# your-belongings
- A jacket with your logo has been hanging in our kitchen since the building day.
- My dog came home with one of your mallets.
- We've been tidying the pavilion and have three clamps that can only be yours.
# tallies
- I make it seventeen. Your sheet makes it nineteen. Before anyone signs, shall we count together?
- How many hay bales did we have from you in the end? The farmer wants to know.
- The docket lists a thing called “spreader”. What is that, and have we got one?
- You've put us down for not giving back two clamps. I've a photo of all six in your man's hand.
- It's a pound a peg for the lost ones, you say, but none were lost.
- Please would you look on your shelf for a crate marked C? It's on my list and I never laid eyes on it.
# something-absent
- The tent's up, its door isn't. As in: there's no door.
- We've four walls down as five on the sheet.
- All the bulbs were in the box but not one of the hooks to hang them with.
- I'm looking at eight left feet and no right feet, if that means anything to your storeman.
- We laid everything out on the grass. There's a gap where the third speaker should go.
- Where's the rest of it? You can't have got it all into one van.
- The bag says “24” on it in marker. I get to 21 however I do it.
- Could the mallet be still with you? It's on the list and there's no sign of it here.
# more-than-we-asked
- You've been generous. Nobody here ordered a second lectern.
- I've got a spare one of everything. Is that on purpose?
- There are three boxes here addressed to a Mrs Oyelaran. We're not her.
- Is the ladder part of our lot? It's not on any paper.
# gone-astray
- One of the lamps may have left with the florist's boxes. I've asked her, she's looking.
- We had a burglary. Two of your mics are gone and so is my bicycle.
- The river took a chair.
- Somebody has made off with the mirror ball. It was there for the last waltz and not for breakfast.
- It's my job to tell you we've mislaid the little silver key.
# left-or-found
- Your man left his flask and his sandwiches.
- I believe my umbrella is in your lorry.
- Is there a wedding ring in among your cables? Don't tell my husband.
- Behind the piano: one pair of your gloves and a roll of your tape.
- Have any of your people come across a hearing aid since they packed up our place?
# fees-for-missing
- Twelve pounds for a “missing clip”. Which clip? I gave it to your driver in an envelope.
- You're keeping back part of the deposit over two bags you say we have. We don't have them.
- Nothing was lost on our side, and yet “replacement, 1 cable” is on the bill.
@ money
# billed-twice
- The same {sum} has left my account twice for {ref}.
- I've got two invoices for one {event}. Which one do you want paid?
- You seem to have charged us for {day} as well as the day after. We only had the {kit} for one day.
- Card statement: {sum} on {date}, {sum} again the morning after. One of those isn't mine.
# deposit-return
- It's been three weeks since we gave everything back. When do I see my deposit?
- You said the deposit comes home inside ten days. It's day sixteen.
- {ref}, returned in good order. Still holding our {sum}, I think?
- The money you hold against the {kits} should go back to my sister's card, since she paid it.
# invoice-details
- Could you put our purchase order number on the invoice? Accounts won't pay without it.
- The bill is made out to me, but it ought to be in the name of the school.
- Please send the invoice for the {event} again; the attachment was blank.
- Our treasurer wants each {kit} on its own line on the bill, not one lump sum.
# payment-problems
- Your pay page spins and spins. I'd like to settle {ref} today.
- The bank turned down my transfer to you. Have your account details changed?
- I typed the wrong reference when I paid for the {kits}. The money's with you, but it may be sitting under
  somebody else.
- My card was refused three times and then it went through. Or did it? Can you see {sum}?
# pay-later
- May we pay the balance in two halves? The grant for the {event} comes in at the end of the month.
- Can the school be given thirty days rather than seven?
- Our committee only signs cheques on the first of the month. Is it all right if {ref} waits until then?
- I'm a bit short until payday. Could the second half of what we owe you move to {date}?
# tax-and-receipts
- Is the tax on the {kit} hire shown anywhere? We're a charity and I think we're exempt.
- I need a receipt for {sum} so that I can claim it back at work.
- Please send a paid-up statement for last year, all {event} hires. The auditors are in.
- What's the tax code on your bill? My bookkeeper can't match it.
# overcharged
- The quote for the {kits} said one thing and the bill is {sum} more. Nobody told us.
- You've charged us for set-up and we set everything up on our own.
- We were given the members' rate on the phone; it isn't on the bill for {ref}.
- There's a weekend surcharge on here. The {event} was on a Wednesday.
# refund-cancelled
- We called off the {event} back in spring, you agreed to half back, and I have seen nothing so far.
- The {kit} never came because of the snow and you said there'd be a refund. It hasn't arrived.
- You've given us a credit note for {sum}. I'd rather have it as money, please.
- Refund came through, but it's {sum} light. Was there a fee I've missed?
# reminders
- I keep getting letters saying we owe for {ref}. We paid on {date}. Make them stop.
- Your system says final notice. I've the bank slip in my hand.
- Is the red letter about the {kits} meant for us? We've a nil balance as far as I can see.
- My late husband's account still gets statements for a {event} long settled. Could you close the ledger?
# how-paid
- Which account did our {sum} land in? I can't tell from the confirmation whether you've had it.
- Can I settle what's owing for the {kits} in cash when your man comes by?
- Do you take cheques for the balance? My aunt is paying and she won't do cards.
- Before I pay this: is the {sum} all of it, or is there a second part still to come?
# who-pays
- The bill should be halved between the two schools. Can you send one to each?
- The mayor's office is paying for this, not the scouts. Whom do you write to in a case like that?
- My boss wants to know if you're set up as a supplier with us, as otherwise nobody can pay you.
# never-got-the-bill
- It's been six weeks and you still haven't asked us for any money.
- I can't find what I owe. Was it in a mail that I've deleted?
- Would you post me the bill? I don't trust these attachments.
# sums-do-not-add-up
- Three days at sixty isn't two hundred and ten, is it?
- I've gone over your figures with a pencil and I get a different answer at the bottom.
- What's the “sundries” line for? Twelve pounds of what?
- You've put the late fee on although I settled the day before it was due.
- The half-price offer was still running when we signed. You've asked for the whole amount.
# where-is-the-money
- You said it was on its way back to my bank. It's not here.
- My card expired since I paid the bond. Where will it go now?
- Nothing from you yet about the sum you agreed to give us back for the rain day.
- Has our cheque cleared? It's not left the account here.
# ways-to-pay
- Could I ring with a card number rather than type it in?
- I have some of your gift vouchers in a drawer. Can they go against what we owe?
- The link you sent for settling up has run out.
- Can you take it monthly out of the club account?
# papers
- The grant people want three years of what we've spent with you.
- We're registered for tax now. Does that change what you print on our bills?
- Please mark it “paid”; the landlord won't believe me otherwise.
- Your letter to my mother about arrears has upset her. She has never been a day late.
- Is it too late to put the bill in last year's books?
# money-without-the-word
- You've had me for it twice.
- I'm square with you, am I not? My book says so and your letter doesn't.
- Who do I make it out to: Harrow, or Finch, or both?
- I don't recognise this line from you on my bank's list.
- It should've been a hundred and two and you took a hundred and twenty.
- I said I'd settle by the end of the week and I've just seen it's Sunday. Does that cost me?
- Mother sent it by post in an envelope. Did it get there? It was all in twenties.
- You've still got my five hundred, and I've still got a roof to mend.
- When do I stop paying for last winter?
- How is the security released, and to whom? All was signed off as perfect.
# book-keeping
- Our auditor wants the numbers of all the bills you've ever sent us.
- Please change “Mr” to “Dr” on the bill, and add the cost centre.
- Which month will this fall in? My budget closes on the 31st.
- Can you send these things straight to accounts in future, not to me?
- I can't open what you sent. I just need to know how much and where to.
- The parish pays its debts in one go each quarter. Will you wait?
- Our old bank shuts in May. Can you take it from the new one instead?
- A total would be good. You've given me seven numbers and no total.
# promised-back
- You were going to knock something off for the trouble we had, and I see no sign of it.
- That goodwill payment: has it gone out?
- I was told “five working days”. I have counted twelve.
- The hall returned theirs within a day. You've had ours for a month.
- The bride's father cancelled in good time last autumn and is still out of pocket. What's the hold-up?
- The credit you gave us runs out in June and we've nothing on. Could it be paid out?
@ hire
# price-of-new
- What would {n} {kits} come to for a weekend?
- Looking for a rough figure: {event}, about eighty people, something to keep the rain off.
- How much is a {kit} from {day} until {day2}? Just the hire.
- Could you quote us for {m} {kits} and somebody to run them?
# is-it-free
- Is there a {kit} going spare on {date}?
- Are you already full for {date}? We'd need {n} {kits}.
- Have you anything left for the bank holiday? A {kit} or whatever is close to it.
- Last year you'd run out of {kits} by now, so I'm asking early: how does {date} look?
# reserve-please
- Please put a {kit} down for me on {date}. Name of {name}.
- Yes to the offer. Go ahead and reserve the {kits}.
- We'd like to take the {kit} for our {event}. What do you need from us to make it firm?
- Count us in for {n} {kits} on {day}. Village hall at {place}.
# add-to-order
- On top of what we already have with you ({ref}), could we have {m} more {kits}?
- Our booking is fine as it stands; we would just like a {kit} as well.
- Can you squeeze another {kit} onto our order? Same day, same field.
- {ref} please add: {m} {kits}, one {kit2}. Nothing else changes.
# longer-hire
- We love the {kit}. What would it cost to keep it a week more?
- Could we hang on to the {kits} for the weekend after too? There's another do on.
- Is there a monthly rate? We'd take a {kit} for the whole season.
- Thinking of a second day for the {event}. Would the {kits} be ours for that as well, and for how much?
# discount
- We are a small charity. Is there a lower rate on {kits}?
- If I take {n} {kits} instead of {m}, does each one get cheaper?
- A rival of yours offers the {kit} for {sum}. Can you match that?
- Do you do anything off for folk who come back? It would be our fourth {event}.
# staff-for-hire
- Could we hire someone to mix the sound at our {event}? We've got our own gear.
- Do you rent out a person with the {kit}, or just the {kit}?
- After an engineer for {date}, six hours, own van. What are your rates?
- We'd want your people to stay and mind the {kits} all evening. Can that be had, and at what price?
# quote-follow-up
- You sent a price for {kits} in the winter. Does it still stand?
- Had your quote {ref}. Looks fair. May I think until {day}?
- Still waiting on that figure for the {event}. We need to choose this week.
- Your offer ran out on {date}. Could I have it again? We do want it.
# package-wanted
- My daughter gets married next June. What do you do as a bundle: tent, chairs, music?
- Need the lot for a {event} in {place}: cover, sound, a bit of light. Where do we begin?
- Please send your price list, the one with the {kits}.
- Do you have an all-in deal for a {event}? I'd rather sign once and forget it.
# waiting-list
- If somebody drops out on {date}, may we have their {kit}?
- You told me the {kits} are all out that weekend. Put us next in line.
- Will there be more {kits} in your stock by {date}? If so I want {m}.
- Can I pencil in a {kit} without paying yet? The hall hasn't said yes.
# shopping-around
- What do you charge for a coffee urn and someone to pour?
- I'm collecting three offers for our jubilee. May I have yours?
- Give me a number for a bouncy castle, an afternoon, no frills.
- Roughly, what's the damage for seating two hundred in a field?
# dates-free
- Tell me you've still got something for the last Saturday before Christmas.
- Half term: are the walkie-talkies spoken for?
- We've three dates in mind, so which of them would suit your stock best?
- It's short notice, I know. Is there any chance of a photo booth for the week after next?
# yes-please
- That price is fine by us. Go ahead.
- Form filled in, signed and scanned. Let's do it!
- Mum says yes. Can you pop us in the diary?
- We'll have the bigger of the two you showed us. Where do I sign?
- I'd like to come back to you again this year, same as before, please.
# a-bit-more-please
- Would it be greedy to ask for an ice box along with what's coming?
- Twenty more guests have said yes, so we'll need that many more places to sit.
- Might we have one spare, in case? With the rest of our things.
- Since we signed, my husband has decided he wants lights in the trees. Do you do those, and for how much?
# hire-of-people
- Do you have somebody who could stand on the door for us and run the cloakroom?
- How much for a chap to work the lights? He'd get supper.
- Can we hire one of your riggers on his own for a morning?
# terms-before-signing
- How far ahead must one book for the summer?
- What would you knock off if we came on a Tuesday instead of a weekend? We've signed nothing yet.
- If we sign up this month, do we get last year's prices?
- Do you ever sell off old stock? I'd be in the market for a set of chairs.
# asking-what-it-costs
- How dear is it to have music in a garden for an hour?
- What sort of money are we talking about for a do like the Patels had?
- I've sixty pounds. What does that get me?
- Two evenings, one stage, no roof. Please put a number on that.
- Is it by the day or by the hour with you?
- Does the price go up at Easter?
# asking-for-availability
- Have you still got room for us in your summer?
- Is anything of yours lying idle in the first week of August?
- When's the next weekend that you could do a big tent?
- We know it's a busy time. Any hope at all for the eighth?
- Are the green chairs taken that day?
# saying-yes
- Consider it a deal.
- We took a vote and you won. Send us whatever we sign.
- I've slept on it: the larger one, please, and in my name.
- Lovely. Book it before somebody else does!
- Ours for the day, then. You have my word and, by Monday, my signature.
# wanting-more
- It would be nice to have music too, now that the tent's arranged. What have you got?
- Any chance of a second one, as my sister's jealous?
- On second thoughts six won't be enough. Eight.
- We'd be glad of some lamps with that, if there are any over.
- Our party's turned into a weekend. May we have it all until Sunday night, and for what?
# people-and-terms
- Would one of you come out and look at the field before I commit myself?
- Is there a chap who can do the knobs while we play?
- Do you have somebody who speaks to crowds? Ours has lost her voice for good.
- Our choir sings for nothing. Could you meet us halfway?
@ change
# other-date
- The {event} has slipped a week. Can our booking go with it?
- We need to move {ref} from {date} to the Saturday after.
- The vicar can't do {day} any more. Everything we've ordered from you would have to be a day later.
- Our {event} has been brought forward. Same {kits}, just sooner.
# other-place
- New venue: we're now at {place}, not the school. All else as booked.
- The farmer won't have us, so the {kits} go to the rugby club instead.
- Please change the site on {ref}. The party's at my sister's house.
- Council has put us in the lower park, not the upper one. Does our order need changing?
# fewer
- We've fewer guests than I thought. Make it {m} {kits} rather than {n}.
- Please take the {kit} off our order. The band is bringing theirs.
- {ref}: drop the {kit2}, keep the rest.
- Can we trim the booking? The budget's been cut, so no {kits}, only the {kit2}.
# cancel-all
- The {event} is off. Please cancel what we have with you.
- We've split up, so there will be no wedding. I'd like the booking stopped.
- Sad news: my father died and we won't be needing the {kits} on {date} after all.
- Call off {ref}. What do we lose if we do it today?
# swap-kind
- Could we have the {kits} in place of the {kit2} we booked?
- We chose the small {kit}; now I think the next size up is better. Can it be swapped?
- Trade our {kit} for a {kit2}, please, same day.
- I'd sooner have the black cloth than the ivory on {ref}. Too late?
# name-on-booking
- I'm stepping down from the committee. {name} will be the name on our booking from now on.
- Please put a different phone number on {ref}; mine's about to change.
- The booking's in my maiden name. Can it go into my married one before the {event}?
- Our company has a new name. What's booked for {date} should be under it.
# correction
- No, sorry, I got it wrong: it's the {day}, not the {day2}. Booking {ref}.
- Ignore my last mail. We keep the {kits} but lose the {kit2}. Final answer.
- Your confirmation says {date}. That's not what we agreed on the phone: it should be a week earlier.
- I ticked the wrong box when I booked. I wanted one day and it shows three.
# postpone-open
- Can our booking be put on ice until we know if the hall roof is mended?
- We don't have a new date yet, but it won't be {date}. May we keep the {kits} on our account for later?
- The {event} is put off till after harvest. Don't let go of our order, just don't bring it.
- Is there a way to freeze {ref}? The bride's mother is in hospital.
# weather-plan
- Forecast is dreadful for {day}. Can what we've booked slide to the Sunday?
- If it pours we'd like to go indoors and do without the {tent} we have on order. By when must you know?
- The field is a bog, so the {event} is now in the sports hall and we'll want only the {kits}, no tents.
- There's snow coming, we would like to call it off for {day}. We're on {ref}.
# split-merge
- My colleague and I both booked for the same {event}. Please make the two into one.
- Can {ref} be cut in half? The church will have the {kits} and we'd keep the {kit2}.
- Our neighbours want to take over the order we made for {date}. We don't need it now.
- We've the {kits} down for two evenings; the second one isn't happening, so let's make that only the first.
# people-and-dates
- The groom's got the wrong weekend off. Could we be a fortnight later?
- Speaker has flu. We're having it in the new year now; please carry everything over.
- Our bishop can only do the afternoon of the day before, so that's when it is now.
- Don't come on the Monday we said. It's a bank holiday and no one will be there: the Tuesday is what we meant.
# less-of-it
- Leave out the coffee urn. The café next door has said we can use theirs.
- We were a bit ambitious. Halve everything.
- My wife says no to the photo booth. The rest can stand.
- Just the one night now, not the two we signed for.
# stop-everything
- I've lost my job. There won't be a party. I'm so sorry to mess you about.
- Permission has been refused by the council and that's that. Please strike us off.
- We found somewhere that has it all in house, so thanks, but we'll not be needing you after all.
- Is there still time to back out?
# another-kind
- On reflection, round ones instead of long ones.
- The bride has gone off purple. Could our lights be amber?
- Can we go down a size from the one we put our names to?
- We said wired, we'd rather go wireless after all. Would you change that for us?
# address-and-people
- The allotments have fallen through, so look for us by the cricket nets.
- My number has changed, please cross out the old one on our paperwork.
- We've had a reshuffle. Your contact from today is Nadia in the front office.
- The club's merged and isn't called that any more. What you have under the old name should carry the new one.
# wait-and-see
- Don't do anything about our order until you hear from me. There may be a strike.
- The hall's double-booked, we're fighting it out with the judo club, so nothing's certain. Can you sit tight?
- We're not dead, only postponed. No idea until when.
- What you sent back for me to check has the wrong evening on it.
# when
- Make that the twelfth.
- Everyone can do the Sunday, nobody can do the Saturday. So: Sunday.
- We've had to bring it forward because Grandma's not well.
- I gave you the wrong month. It's July, like the invitations say.
- We start at six now rather than at two, so we'd only want it for the evening.
- Harvest is late. So are we: two weeks.
# where
- The barn's got bats, so we've had to find somewhere else. Here's the new address.
- We've been thrown out of the park. It'll be in my dad's yard.
- Upstairs room, not the garden. Can you alter what you've got written?
- Same day, same hour, other side of town.
# what
- I'd go for the taller ones after all.
- We've changed our minds about the lights. None, thank you.
- Could you make ours a plain one, without the windows?
- Forget the second stage. One will do us.
- Only my side of the family is coming now, so we'd like it to be about half of what's written down.
- If there's still time, can the big one become two small ones?
# whether
- He's left me. No party.
- The grant didn't come and we can't go on with it. Please let our things go to someone else.
- We're going to do without, thanks all the same. What do I have to sign?
- It may or may not happen. Please don't load anything until I've rung.
- Please take our names out. We've eloped!
# who
- I've handed everything to my deputy. Kindly use her address for whatever's been arranged.
- The surname has a “y” in it. Could you set it right on our form?
- I broke my leg, so my brother is in charge of the whole thing now. He's on the same number.
@ delivery
# delivery-slot
- What time will you be here with the {kits} on {day}?
- Would it be possible to drop off before nine? The caretaker leaves after that.
- Roughly when does the lorry come to {place}? I'd like to be in.
- Can the {kits} come the evening before? There's a lock-up for them.
# narrow-access
- The lane up to us is very tight. How big is your truck?
- There's a low bridge at {place}, and a sat-nav will send you under it. Come round by the mill.
- Is it a problem that the last bit is a farm track? It's dry, but it is steep.
- Our gate is barely wide enough for a car. Would your people carry the {kits} from the road?
# stairs-and-lifts
- The hall's upstairs and the lift takes two people. Can your people manage the {kits}?
- It's forty steps down to the beach. Do you bring a trolley for the {kit}?
- There's a goods lift round the back at {place}. You'll need the code from me on the day.
- How many of you are coming to lift the {kit}? I can lend two strong cousins.
# collection-time
- When do you pick the {kits} up again? We're out by eleven on {day2}.
- Nobody's come for the {kit}. It's all packed and waiting by the door, no hurry, but when?
- Could you come for your {kits} a bit later on {day2}? We're going to have a lie-in.
- I've had the {kits} in my hallway since the {event}. Are you going to fetch them?
# self-pick-up
- Can I come by and load the {kit} myself? I've got a trailer.
- Where's your depot, and until what time is somebody there?
- Would the {kits} fit in an estate car? I'd collect them on {day}.
- We'd bring it all back to you ourselves. Is there someone about on a Sunday?
# parking-and-permits
- You'll need a permit to stop in our street. Send me the number plate?
- Where should your lorry wait while the market clears? I have to tell the council.
- Our venue wants the names of everyone in your crew at the gate.
- The site wants proof that your driver is insured. Have you a paper for that?
# crew-conduct
- Your two lads on the van could not have been kinder. Please pass it on.
- The driver was rude to my mother, drove over the flower bed and left without a word.
- One of your crew smoked by the hay all the while they were building.
- Please tell {name}, who brought our {kits}, that she was a star.
# who-meets-you
- I'm away on {day}; my neighbour will open up for your crew. Her number is on the door.
- Who should sign for the {kits}? The office is shut that day.
- The key's in the box by the vestry. Could you let your driver know? {ref}.
- Can your crew leave the {kit} in the porch if we're out?
# late-or-failed-drop
- We waited in all {day} and no one came with the {kits}. The {event} isn't until {date}, but still.
- Your tracking page says delivered. Not to us. Where did the driver take it?
- Your driver phoned to say he's stuck behind a crash. Will it be today or tomorrow? We don't open till {date}.
- A card through the door says “sorry we missed you”. When are you coming back with the {kit}?
# build-by-crew
- How long do your people need to put the {tent} up? I must tell the florist when she can get in.
- Do your crew take away the wrapping and rubbish when they've built everything?
- Will the same men who build on {day} come to take it down?
- Should we mow before your crew gets here, and how much room do they want round the lorry?
# road-trouble
- The bridge into the village is shut till June. You'll have to go round by the quarry.
- They are digging up our street. I can meet your driver at the church and show him in.
- It's a one-way system on market days. How tall is what you're coming in?
- Will a wagon manage a wet meadow or do I need to borrow a tractor to pull you out?
# when-are-you-coming
- Any idea if it'll be morning or afternoon? I've a dentist at two.
- My caretaker wants a time, not a day.
- Could it be after school has gone in? There are a lot of small people about before nine.
- Would your people mind turning up on the Sunday instead for taking everything away?
# come-and-take-it
- Everything's folded, counted and under the porch. Whenever you like.
- Your stuff is in the way of the yoga class. When's it going?
- We finished earlier than expected, so your driver can come this afternoon if he's near.
- I've rung round and nobody can tell me who fetches the coffee urn.
# i-will-do-the-driving
- I've borrowed a horse box. Is that good enough to bring the chairs home in?
- Could my son drop it all at your gate on his way to work, about six in the morning?
- If I fetch it on Thursday, is there somebody to help me lift?
- How do I find your yard? The map shows a duck pond.
# carrying
- Forty metres from kerb to door with three steps in between. Do you have a barrow or should I find boys?
- The only way in is through the kitchen, and Chef wants you done by eleven.
- Dogs are loose in the yard. Tell your people to hoot, not get out.
# praise-and-blame
- Young man with the ginger beard stayed an hour after he should have gone. Give him a rise.
- Your lot played their radio at six in the morning outside a hospice.
- They took a gatepost with them on the way out. Who mends that?
# nobody-came
- The slot was ten till noon. It's now evening. Everything's for next week, so I'm cross and not desperate.
- According to the text it was handed to “Sue”. There's no Sue here.
# getting-in
- There's a height bar on the car park. I've got the key, so sound your horn.
- We're the third gate after the chapel, the one without a number.
- The drive's just been laid. Nothing heavy on it until Thursday, please.
- Do you bring a ramp? There's one step and it's a brute.
- Will you need me to move my car?
- Our lift is the size of a wardrobe.
# times
- Is it rude to ask you to be gone by nine?
- I work nights. Not before noon, I beg you.
- Will you text when you set off?
- How late do you still take things away?
- The hall hands over its keys at one. If your people come sooner they'll stand in the rain.
- Can it come on Thursday and not on the morning itself? I'd sleep better.
# you-or-us
- Does it all go in a hatchback with the seats down?
- Am I allowed to bring back the whole lot after dark and leave it at your fence?
- I'll meet you halfway at the services if that saves you a trip.
- Is your yard the one by the gasworks?
- My father-in-law has a flat-bed, so there's no need for yours. Who'll help him load?
# your-people
- Whoever it was put it all up in the pouring rain and whistled. Tell them we noticed.
- Two of your gentlemen had a shouting match in front of the nursery.
- They left the gate open and I've spent the day chasing sheep.
- Can we give your men lunch or do they bring their own?
- How many are coming? I have to book them in with security.
# nobody-or-nothing
- Still sitting in the porch, all nine boxes of it. We've finished with them.
- It says “out for delivery” and has said so since Tuesday. We don't need it for another ten days.
- My neighbour has taken something in for me, or so your card says. Which neighbour?
@ question
# will-it-fit
- Would a {tent} go into a garden nine metres by seven?
- How many can sit down to eat in your middle-sized tent?
- The ceiling of our hall is low. How tall does the {tent} stand?
- Thirty guests and a table for food. Which size would you say? Nothing's settled yet.
# power-needed
- Can {n} {gears} run from one household socket?
- What plug is on the {gear}? The hall only has the round blue ones.
- How much current does a {gear} draw? Our electrician wants to know.
- Will our wall sockets cope with the {gears} and a tea urn at once?
# ground
- Can you put a {tent} up on gravel?
- Our field slopes a bit. Does a {tent} mind?
- It's all paving, so no pegs. What holds the {tent} down then?
- There's a water pipe under the lawn, about knee deep. How far do your pegs go in?
# loud-enough
- Are two {audios} enough for a room of seventy?
- Will people at the far end hear a reader over one {audio}?
- We're next door to a care home. Is there a way to keep the {audios} from carrying?
- Which sounds better in a stone church: the {audios} or something smaller?
# how-to-use
- How do you pair the {audio} with a phone?
- Is there a guide for putting the {tent} together? We booked it without crew.
- Which way round does the {tent} go, please? I've got it laid out on the lawn, and we've days to spare.
- Could you tell me what the yellow knob on the {audio} does?
# weather-limits
- What wind can the {tent} stand, in general?
- Is the {tent} waterproof, or just showerproof?
- Do the {tents} get damp inside overnight at this time of year?
- Can the {gears} be left outdoors if it's only drizzle? Ours are for {date}.
# plays-with-ours
- Do your {audios} work with the mixer we have at church?
- Could we tie our own bunting to the {tent}, or does it mark?
- My singer has her own microphone. Would it plug into your {audio}?
- Are we allowed candles inside the {tent}?
# materials
- What's the {tent} made of? One of our guests has a latex allergy.
- What colour is the lining of the {tent}, cream or white? I'm matching napkins.
- How heavy is one {seat}? Our volunteers are not young.
- Is the cloth of the {tent} flame-tested? The hall wants to see a rating.
# advice-which
- Radio or wired: which would you choose for a {event}, and why?
- We can't decide between a {audio} and a {audio2}. What's the difference?
- For a {event} of shy children reading poems, what would suit them best?
- Do we even need a {audio} for {n} people, or will a good voice do?
# accessible
- Can a wheelchair get over the edge of the {tent}?
- Does the {audio} work with hearing aids?
- How wide is the doorway of the {tent}? We have two buggies and a scooter.
- Is there a low version of the lectern so a seated speaker can reach it?
# room-and-height
- Is there space for a piano and nine singers under one of those?
- My beams are two metres forty off the floor. What's the tallest thing you'd put under them?
- Would we have to fell the apple tree, or can it go round?
- If they all stand, how many more can be squeezed in than sitting?
# noise-questions
- Does bass go through a brick wall? The nuns next door are early to bed.
- Is there a risk of it whistling if I walk in front with the mic?
- How do I stop the echo? Our chapel is all stone.
- What's the least that'd do for a talk to fifty in a barn?
# electrics
- I've one thirteen-amp socket by the sink. Is that enough to live on?
- How long does the battery go on for if you talk the whole time?
- Can it all be on one extension lead, or is that asking for trouble?
- Do you know whether it copes with power off a boat?
# it-and-the-weather
- Does it get very stuffy inside in July?
- Will dew get into the chairs if they stand out for a night?
# how-does-one
- How does the giant chess go back into its crate? We've it all here, only in the wrong order.
- Before Saturday week I'd like to practise. Have you got a film that shows how it goes up?
- Could two women of sixty put that up between them?
# may-we
- Are we allowed to paint on the fence panels with chalk?
- Would a dog with big claws be all right on that matting?
- Might we hang a swing from the crossbar?
# what-is-it
- Is the white really white or more of a magnolia?
- What does “load-bearing” mean in your leaflet?
- Are the chair legs kind to parquet?
- In your opinion, is a megaphone too much for a garden?
# how-big
- Can a tall man dance in it with a child on his shoulders?
- How much lawn do the ropes take up all round?
- Could you get a vintage car inside?
- How many is “seats eighty” when eighty are Welsh rugby players?
- What is the smallest one that takes a top table?
- Will it go through a normal door when it's folded?
# can-it-do
- Is it loud enough for a football pitch?
- Would it work in the middle of a wood with no mains?
- Can it play off a memory stick?
- Can two people talk into it at once?
- Does it dim?
- Will a wind band drown it out?
# is-it-safe-in-general
- Is there an age below which children shouldn't use it?
- What do you do as a rule when thunder's forecast?
- How strong are the hooks? I'd like to hang flower baskets.
- Is it fireproof, in the main?
- How many people may stand on a stage of that sort?
# where-will-it-stand
- Sand, a little damp, fairly flat. Would that do?
- We've a walled yard of cobbles. What do people normally do about pegs there?
- Roof terrace, fourth floor. Is that madness?
- Does it matter if it's on a bit of a tilt?
# which-and-how
- Which of them would you have at your own wedding?
- What's a “crossover” and do I need to care?
- We've got it all plugged in for next week's rehearsal. Is the green lamp meant to blink?
- How does one fold the thing so it goes back in the bag?
""",
    "dev": """
@ now
# dizzy-by-the-heater
- Two of our guests feel dizzy and they were both sitting by the patio heater. We've opened the sides. What now?
# power-trips-at-the-ball
- The ball has started and every time the fog machine fires, all our lights trip. It has happened three times.
# barrier-gives-way
- The crowd barrier at the front has bowed outwards and people are still pushing against it.
# film-wont-show
- Two hundred parents are sitting in the dark looking at a blue screen. How do I make your projector see the
  laptop?
# lightning-near
- Lightning over the hill and we've a class of six-year-olds inside the tipi with its big steel pole. Stay or
  go?
# bar-falls
- Bar counter tipped over a minute ago, glass everywhere, one barman with a bleeding hand, the bar's still open.
# signature-at-kick-off
- The judge is about to blow the whistle for the dog show and your rep says the ring comes down unless I sign a
  new form. Get him off my back!
# gas-smell
- No rush on this I suppose, but there is a smell of gas round the heaters we had from you and a few folk have a
  headache.
@ repair
# dance-floor-gouge
- Somebody's stilettos have left a row of pits in the dance floor. We hold our hands up. What's the usual bill
  for that?
# projector-blurred
- The picture from the projector has a purple patch in the corner. We've had it out early to practise for the
  graduation.
# heater-rattle
- One heater lights only if you kick it. It'll do for us but I'd not send it out again.
# mice
- Mice have been at the stretch tent! Nibbled right through by the seam, and droppings in the folds.
# dog-chewed
- Er, the puppy ate the remote for your fog machine. Most of it. Very sorry.
# repaint-fee
- Why am I paying £80 for a “repaint” of the bar counter? Those marks are in the photos we took the hour it
  came.
# fog-leaks
- The fog machine has wept oily stuff on the carpet, so we've stood it in a tray until you can look at it.
# frayed-ropes
- The tipi's canvas is fine, but the ropes are frayed down to a thread in places and one toggle is split.
@ missing
# floor-panel-short
- There's a square hole in the middle of our dance floor where a panel ought to be. We have four days to find
  it.
# cylinders-none
- Heaters all present. Gas bottles: none. Was that meant?
# barriers-extra
- Forty barriers on the verge this morning. We're down for twenty-four, if I read your list right.
# earring
- My wife thinks her pearl earring came off near the bar counter. If it turns up when you unpack, could you let
  us know?
# hymn-books
- Our blue box of hymn books seems to have gone away with your lot after the harvest supper.
# strap-bag-found
- Raking leaves, I've come on a bag of your ratchet straps under the laurel.
# billed-lost-screen
- That “screen not returned, £90” on the bill: it went back rolled in its tube, tied to the projector with blue
  tape. Look again?
# two-left
- Only two of the three tipi poles have the brass tip. Did the third tip stay with you?
@ money
# wrong-currency
- I'm in Ireland and was charged in pounds. My bank took a fee. Anything you can do about it?
# guarantor-money
- My flatmate put down the security for the projector and has moved abroad. Can it be sent to me, since she owes
  me anyway?
# copy-for-grant
- The arts council is after proof that we settled up for the poetry evening. A page with a stamp on it will do.
# rounding
- Three of us are splitting what we owe you. Can you take a third from each card?
# statement-wrong
- Your January statement shows us four hundred in the red. By my books we're square.
# heater-fuel-on-bill
- You've put gas on our bill although we brought our own. Can that line come off?
# direct-debit
- I set up a standing order for the season and now I see you take it on the 3rd as well. Stop one of them, would
  you?
# overpaid
- Silly me, I sent you an extra nought. How do I get the rest back?
@ hire
# first-contact-tipi
- We're thinking about two tipis joined together next August. Ballpark?
# floor-for-folk-dance
- Have you a dance floor going for the second weekend in May? Folk dancing, forty of us.
# also-heaters
- Since we booked it's turned cold. Can heaters be put with the tent we're already having?
# take-it
- Right, committee has voted. It's a yes to the projector and the big screen.
# school-rate
- Are schools asked for the full whack or do you go easier on them?
# keep-bar-longer
- We'd keep the bar counter for Monday's darts too if it's not silly money.
# operator
- Can one of your folk come and run the films for us? I break everything I touch.
@ change
# graduation-later
- Exams have overrun, so the graduation's now on the 19th. Will you note that for our things?
# half-the-barriers
- Turns out that the police lend barriers, so knock ours down to six.
# no-fog
- The hall won't allow smoke. Leave the fog machine out, please; everything else as agreed.
# other-field
- Change of plan! Dog show's not on the green but behind the fire station.
# call-it-off
- We only sold nine tickets to the poetry evening. I'm pulling the plug, so don't bring anything.
# wooden-not-white
- The white bar's a bit clinical. Can ours be the oak one?
# contact-person
- Priya has left us. Emails about the harvest supper should come to me from here on.
@ delivery
# ferry
- We're on an island. Last boat's at five. Will your lads be off in time, and who books the ferry?
# cattle-grid
- Cattle grid, then a ford. Will what you drive get through after rain?
# sleeping-baby
- Could whoever brings the heaters please not ring the bell? Baby naps from one.
# come-and-get
- The dance floor is stacked by the road, dry and under a sheet, for whenever you're passing.
# drop-at-yours
- What are your opening hours on a Saturday? I'll run the projector back over.
# lawn-ruts
- Whoever reversed over my mother's lawn at Wexcombe left ruts you could plant potatoes in.
# badge
- The college needs number plates and faces before it'll lift the barrier for anybody bringing gear.
@ question
# tipi-headroom
- I'm six foot eight. Where in a tipi can I stand up straight?
# heater-under-canvas
- Is one allowed to have your gas heaters on under canvas at all?
# floor-on-grass
- Does a dance floor need boards beneath it if the grass is lumpy?
# daylight-picture
- Will folk see the picture at four in the afternoon, or does it have to be dark?
# fog-and-asthma
- What's in the mist? Our drummer has asthma.
# laptop-socket
- I've only the new little round-ended socket on my laptop. Does the projector take that?
# dancers-per-panel
- How many couples can waltz on sixteen panels without bumping?
""",
    "test": """
@ now
# generator-dies-at-regatta
- The generator has stopped with the final race under way. No lights, no commentary, fridges off.
# led-wall-swings
- The LED wall is swinging on its chains above the front row. Nobody has stood up yet.
# fumes-in-yurt
- My aunt has gone a funny colour in the yurt. The exhaust of your generator is right by the flap.
# headsets-silent
- Three hundred people dancing to nothing: your headsets all lost the signal at once. Who do I phone?
# roof-drips-on-power
- Rain is running down the inside of the stage roof and dripping into the power box while the carol singers
  stand round it.
# fuel-out-before-anthem
- The anthem's in fifteen minutes and your generator is showing empty. Is there a spare can somewhere on the
  trailer?
# carpet-fire
- A bit of carpet by the popcorn maker has started to smoulder. I've poured water on it, not sure about the
  plug.
@ repair
# generator-wont-start
- Pulled the cord on the generator till my arm gave out. Not a cough. It's for a week on Friday.
# headset-foam
- The foam on nine of the headsets has perished and it comes off black on your ears.
# pixel-gone
- A strip of the LED wall shows only green. We noticed when we were trying out the film.
# turntable-dropped
- I have to admit I let the turntable slip. The arm is at a strange angle.
# cleaning-fee
- A cleaning fee for the carpet? It was sticky with somebody's jam when we unrolled it.
# yurt-smell
- The felt of the yurt stinks of wet sheep and there's black speckle all up one side.
# lapel-clip
- The clip on the lapel mic has snapped, so we used a clothes peg. Handing it back like that.
@ missing
# headsets-fewer
- I make it a hundred and eighty headsets in the crates. The paperwork says two hundred.
# charger-lead-absent
- The headsets came, the thing you charge them on did not. Still nine days to go, so no tears.
# carpet-surplus
- What do you want done with the spare roll of carpet? Nobody here asked for it.
# grandsons-bear
- If your people shake out the yurt, would they look for a small brown bear with one eye? My grandson won't
  sleep.
# fuel-can-in-boathouse
- There's a fuel can with your name on it in our boathouse. Came to light in the spring clean.
# lost-lapel-fee
- Forty pounds because a lapel mic “did not come back”? I put it in the lid pocket myself.
# needle
- Which of the turntables was to have the spare needle? Neither box has one.
@ money
# levy
- There's an “energy levy” on the regatta bill that I've never heard of. Who agreed to that?
# wrong-club
- You've sent the rowing club what the cricket club owes. Please make it out to us.
# bond-for-generator
- Generator's been back a month and the bond is still with you.
# paid-by-nephew
- My nephew says he paid by phone app. Has anything reached you?
# installments
- Could what's due for the film screening be spread over spring? Ticket money trickles in.
# refund-halved
- You promised all of it back when the carol concert was snowed off. Half has come.
# tax-year
- I need everything we've spent with you since April on one sheet for the tax man.
@ hire
# led-wall-cost
- Ballpark for an LED wall at a cricket final, two days?
# silver-do
- It's my parents' silver wedding in the autumn and I'd love a yurt. Are any left for the last weekend of
  September?
# carpet-too
- Could you put some carpet in with the catering tent we've got coming? It looks bare.
# signed-offer
- Signed your offer for the generator, scan attached. We're all yours.
# bulk-headsets
- At what number do the headsets come down in price?
# night-guard
- Is there somebody of yours who could sit with the LED wall overnight, and what would they ask?
# if-returned-early
- Shout if any turntables come free before the silver anniversary, would you? I'd bite your hand off.
# second-film
- We've had such takings that we'd do a second film night. What's it cost to hang on to everything till then?
@ change
# tide-table
- I misread the tide table. The regatta can only be on the 6th. Sorry to be a pain about what we've booked.
# indoor-screening
- Film screening has gone from the orchard to the corn exchange at Brayfold. Will you alter our paperwork?
# smaller-yurt
- Half the cousins aren't coming. The little yurt will do us after all, not the great one.
# concert-scrapped
- The choir master has resigned and that's the end of the carol concert. Kindly take us out of your diary.
# minus-popcorn
- Scrap the popcorn maker. The scouts are bringing theirs.
# treasurer-takes-over
- From now on please deal with Tomas rather than me about the cricket final.
# petrol-to-diesel
- Could ours be the quiet diesel generator and not the petrol one we picked?
# undecided
- Parents are squabbling about the date of their silver anniversary. Keep us down, date blank, until they make
  up?
@ delivery
# towpath
- To reach us you have to come along the towpath. A small truck will do it, anything longer won't turn.
# milk-round
- We milk at four. If the yurt people could be clear of the yard by then the cows will thank you.
# loading-dock
- Cinema's loading dock is shut on Thursdays. Ask your driver to use the alley and phone me.
# hitch
- Is the generator's tow hitch a standard ball? I'd hook it up and take it home with me.
# neighbour-complains
- The chap who took the stage roof away swore at the whole cricket tea. Someone should have a word.
# still-here
- Easter's been and gone and your catering tent's still folded up in our chapel. Any plans?
# signing
- Will it do if the lock-keeper signs for the headsets? I'm afloat all day.
# tidy-after
- When your gang have put up the stage roof, do they leave the pallets or take them away?
@ question
# quiet-generator
- Can you talk next to the generator or do you have to shout?
# yurt-stove
- Is it all right to cook in a yurt?
# headset-range
- How far from the transmitter can dancers wander before it hisses?
# carpet-heels
- Will heels sink through the carpet if the ground's soft?
# wall-sunshine
- Can you read an LED wall with the sun behind you?
# lapel-in-wind
- On a beach, does a lapel mic pick up more wind than voice?
# stage-roof-span
- We have a brass band of twenty-five. Does everyone stay dry under the stage roof?
# old-records
- Would my granddad's shellac records be safe on your turntables?
""",
}

# singular/plural; dev and test name kit that is not here
AUDIO = """
speaker/speakers radio~mic/radio~mics mixing~desk/mixing~desks subwoofer/subwoofers power~amp/power~amps
headset~mic/headset~mics floor~monitor/floor~monitors DJ~desk/DJ~desks karaoke~set/karaoke~sets
battery~speaker/battery~speakers
"""
LIGHT = """
lighting~bar/lighting~bars floor~uplighter/floor~uplighters festoon~string/festoon~strings mirror~ball/mirror~balls
strobe/strobes
"""
TENTS = """
marquee/marquees gazebo/gazebos bell~tent/bell~tents sail~tent/sail~tents pagoda/pagodas party~tent/party~tents
pop-up~shelter/pop-up~shelters walkway~canopy/walkway~canopies
"""
FURNITURE = """
trestle~table/trestle~tables folding~chair/folding~chairs stage~deck/stage~decks bench~seat/bench~seats
round~table/round~tables lectern/lecterns coat~rail/coat~rails
"""
EVENTS = """
wedding village~fete school~fair product~launch fun~run christening garden~party food~market college~open~day
charity~gala band~night team~day street~party birthday~do barn~dance craft~fair memorial~service prize-giving
"""
PLACES = "Ashmere Colvin~Park Dunlow Pennyfield Marsh~Lane Tolling~Green Upper~Sedge Crane~Wharf"
NAMES = "Bea Oskar Winifred Jamal Ines Callum Rosalind Devi Tobias Marguerite Anwen Kofi Lena Gregor Shona Yusuf"
DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday"
MONTHS = "March April May June July August September October"

# What stands round a ticket says nothing about its label, and an aside is about a matter that is closed.
OPENERS = {
    "train": (
        "Hello,",
        "Hi there.",
        "Good morning,",
        "Hi {name},",
        "Dear Harrow & Finch,",
        "Me again.",
        "{ref}.",
        "Fwd from {name}:",
        "FW: please deal with this, {name}. ---",
        "Quick one:",
        "To whom it may concern.",
        "hiya",
        "Booking {ref}, {event}, {place}.",
        "Re: {event}.",
        "From the web form:",
        "Note of a phone call with {name}:",
        "Hope you're all well.",
        "As I told your colleague,",
    ),
    "dev": ("Evening all,", "Fwd (Ruaridh, harvest supper):", "HF-9031:", "Sent from the bus:", "Dear sirs,"),
    "test": (
        "Ahoy,",
        "Fwd (Delphine, regatta office):",
        "HF-9407:",
        "Voicemail, typed up:",
        "Greetings from the vestry.",
    ),
}
ASIDES = {
    "train": (
        "Last year's delivery went like clockwork, by the way.",
        "We paid the invoice long ago, so that's settled.",
        "The {kits} you sent us in spring were lovely.",
        "Your driver was charming.",
        "We've hired {kits} from you before and nothing was ever broken.",
        "The {event} we did with you last year was a joy.",
        "My deposit came back promptly last time.",
        "Everyone still talks about the sound at our last {event}.",
        "We have got the date and the place sorted at last.",
        "I already have your price list.",
        "The crew and the van were splendid last summer.",
        "All the pegs and cables were there last time.",
        "It's about the {event} at {place}.",
        "I'm writing for {name}, who has no computer.",
        "I've never done a {event} before.",
        "There are {n} of us on the committee.",
        "Last time the balance was paid the same day.",
        "The refund for last year's storm came through long since, thank you.",
        "We had to move our {event} once before and you were very good about it.",
        "The tear in the roof two years ago was put right at once.",
        "A cable went astray in the autumn, and that was all sorted out.",
        "The new price list is a pleasure to read.",
        "{name} gave me your address.",
        "We're a small choir in {place}.",
        "The contract is signed and in the drawer.",
        "The {kits} you lent the school worked a treat.",
        "You will remember us: the {event} with the donkeys.",
        "I know how to get to your yard, and you know how to get to {place}.",
        "My sister cancelled hers in the spring, but that's another matter.",
        "The questions I had about size and power have all been answered.",
        "You fetched the {kits} so early last year that we slept through it.",
        "We chose you out of three offers.",
        "Your invoice for {date} is filed and done with.",
        "It rained at our last {event} and nobody noticed.",
        "The man who came to look at the field was a great help.",
        "Both {kits} from the {event} went back to you in perfect order.",
        "I've had a long day, so forgive the typing.",
        "My phone does odd things to my spelling.",
        "This comes to you from the whole of {place}.",
        "We met at the {event}.",
    ),
    "dev": (
        "The quote and the bill were both fine.",
        "Your van was spot on time last year.",
        "Nothing was missing in the spring, I'll say that.",
        "We had the heaters from you in the winter and they never let us down.",
        "I've asked for nothing to be moved or cancelled.",
    ),
    "test": (
        "We have never had anything broken or lost with you.",
        "Money is not what this is about.",
        "Your last delivery couldn't have been smoother.",
        "We booked in January and the date stands.",
        "The popcorn maker was a hit last time.",
    ),
}
ASIDE_RATE = {"train": 0.35, "dev": 0.25, "test": 0.25}
CLOSERS = {
    "train": (
        "Thanks, {name}",
        "Many thanks.",
        "Cheers",
        "{name}, {place}",
        "Kind regards, {name}",
        "Ta!",
        "({ref})",
        "– {name}",
        "Please get back to me.",
        "Yours, {name}",
        "Let me know.",
        "Much obliged, {name}",
    ),
    "dev": ("Best, Fenella", "Over to you.", "Gethin", "Bless you."),
    "test": ("All the best, Ottilie", "Awaiting your word.", "Piers", "Merci!"),
}


def read_tickets(text: str) -> Iterator[tuple[str, str, str]]:
    """(label, topic, ticket) of every ticket in a block."""
    label = topic = ""
    for entry in re.split(r"\n(?=[@#-] )", text.strip()):
        mark, body = entry[0], " ".join(entry[2:].split())
        if mark == "@":
            label = body
        elif mark == "#":
            topic = body
        else:
            yield label, topic, body


def read_words(text: str) -> list[str]:
    """The entries of a list, where ~ stands for a space within an entry."""
    return [word.replace("~", " ") for word in text.split()]


def draw_slots(rng: random.Random) -> dict[str, str]:
    """One value for every slot; a name with 2 differs from the one without, and m is less than n."""
    slots: dict[str, str] = {}
    classes = {
        "kit": AUDIO + LIGHT + TENTS + FURNITURE,
        "gear": AUDIO + LIGHT,
        "audio": AUDIO,
        "tent": TENTS,
        "seat": FURNITURE,
    }
    for name, words in classes.items():
        one, other = (pair.split("/") for pair in rng.sample(read_words(words), 2))
        slots |= {name: one[0], f"{name}s": one[1], f"{name}2": other[0]}
    few = rng.randint(2, 5)
    slots["day"], slots["day2"] = rng.sample(DAYS.split(), 2)
    slots |= {
        "event": rng.choice(read_words(EVENTS)),
        "place": rng.choice(read_words(PLACES)),
        "name": rng.choice(NAMES.split()),
        "date": f"{rng.randint(2, 28)} {rng.choice(MONTHS.split())}",
        "time": f"{rng.randint(9, 19)}:{rng.choice(('00', '15', '30'))}",
        "ref": f"HF-{rng.randint(1000, 8999)}",
        "sum": f"£{rng.choice((18, 25, 40, 55, 72, 95, 120, 160, 240, 310))}",
        "m": str(few),
        "n": str(few + rng.randint(2, 12)),
    }
    return slots


def fill(template: str, slots: dict[str, str]) -> str:
    """The template with its slots filled, and a capital where a sentence begins with one."""
    text = re.sub(r"\{(\w+)\}", lambda match: slots[match[1]], template)
    return text[0].upper() + text[1:]


def put_in_frame(ticket: str, split: str, rng: random.Random, slots: dict[str, str]) -> str:
    """A ticket with an opener, an aside and a closer, each there or not, and now and then typed in a hurry."""
    parts = [ticket]
    if rng.random() < ASIDE_RATE[split]:
        aside = fill(rng.choice(ASIDES[split]), slots)
        parts = [aside, ticket] if rng.random() < 0.6 else [ticket, aside]
    if rng.random() < 0.4:
        parts.insert(0, fill(rng.choice(OPENERS[split]), slots))
    if rng.random() < 0.3:
        parts.append(fill(rng.choice(CLOSERS[split]), slots))
    text = " ".join(parts)
    if rng.random() < 0.12:
        text = text.lower().replace("'", "").replace("hf-", "HF-")
    return text


def choose_tickets(split: str, rng: random.Random) -> list[tuple[str, str, str, int]]:
    """(label, topic, ticket, its number in the topic): every ticket once, and in train again up to PER_LABEL."""
    numbers: dict[tuple[str, str], int] = {}
    chosen: list[tuple[str, str, str, int]] = []
    for label, topic, template in read_tickets(TICKETS[split]):
        numbers[label, topic] = numbers.get((label, topic), 0) + 1
        chosen.append((label, topic, template, numbers[label, topic]))
    if split == "train":
        for label in LABELS:
            own = [ticket for ticket in chosen if ticket[0] == label]
            slotted = [ticket for ticket in own if "{" in ticket[2]]  # the others would come out nearly the same
            chosen += [slotted[at % len(slotted)] for at in rng.sample(range(10 * len(slotted)), PER_LABEL - len(own))]
    return chosen


def make_lines(split: str) -> list[dict[str, str]]:
    """The lines of one split, in an order the seed fixes."""
    rng = random.Random(f"{SEED} {split}")
    rows: list[dict[str, str]] = []
    seen: set[str] = set()
    for label, topic, template, number in choose_tickets(split, rng):
        text = ""
        while not text or text.casefold() in seen:
            slots = draw_slots(rng)
            text = put_in_frame(fill(template, slots), split, rng, slots)
        seen.add(text.casefold())
        name = f"{label}/{topic}"
        rows.append({"topic": name, "template": f"{name}/{number}", "text": text, "reply": label, "gold": label})
    rng.shuffle(rows)
    digits = 4 if split == "train" else 3
    return [{"id": f"{split}-{number:0{digits}}"} | row for number, row in enumerate(rows, start=1)]


def render_lines(split: str) -> str:
    """The text of a split's file: one JSON object a line."""
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in make_lines(split))


if __name__ == "__main__":
    for split in SPLITS:
        (Path(__file__).parent / f"{split}.jsonl").write_text(render_lines(split), encoding="utf-8", newline="\n")
