"""Writes train.jsonl, dev.jsonl and test.jsonl of this behaviour, the same bytes every time: `python make_data.py`.

A topic has key sentences (+) and asides (~); a template has an opening, an order and a tone, and takes three key
sentences and some asides of one topic. What stands in [brackets] is in the text but not in its bullet, so a bullet is a
sentence of the text made shorter. What stands between *stars* is the key phrase that the content judge looks for.
`{3-9}` is a whole number, `{200-900/50}` one in steps of 50, `{Monday|Friday}` a choice, `{name}` a name, day, date,
time or place not used before in that text. In a template `<1> <2> <3>` are the key sentences and `<a> <b> <c>` the
asides: `<1l>` begins with a small letter, `<1x>` has no full stop, `<about>` says what the topic is about.
No template, topic, person or place of one split is used in another.
"""

from __future__ import annotations

import json
import random
import re
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
SEED = 20
COUNTS = {"train": 960, "dev": 60, "test": 60}
FEWEST_WORDS, MOST_WORDS = 60, 110  # of a text
SHORTEST_BULLET, LONGEST_BULLET = 4, 18  # words

TOPICS = {}
TEMPLATES = {}

TOPICS["train"] = """
# hall-boiler: the heating at the village hall
+ The *north boiler* was switched off on {day}[, rather late in the evening,] after a leak in the cellar.
+ A *new boiler will cost* £{2400-5200/100}[, fitting included], and it has been ordered.
+ *Oil heaters stand* in the {main room|back room|kitchen} until {date} [for anyone who feels the cold].
+ {name} has the *key to the cellar* and will let the fitter in [at {time}].
+ The *dance class moves* to {place} [for the time being].
~ Nobody was hurt, and the floor has dried.
~ The old boiler had been with us for as long as anyone can remember.
~ Some of you brought towels, which was kind.

# library-shelves: the new shelves at the library
+ The *children's section is closed* from {day} [while the old shelves come out].
+ *Loans are longer* until {date}: {4-8} weeks instead of three.
+ {12-40} *volunteers carried the books* to {place} [over the weekend].
+ The *oak shelves were given* by a joinery firm from {place}[, which asked for nothing in return].
+ *Reading hour takes place* in the café on {day} [as an experiment].
~ It will all look much brighter afterwards.
~ The dust is worse than we had thought.
~ A few people asked whether the armchairs would stay.

# bee-club: the bee club's season
+ We *counted {18-46} hives* this spring, {3-9} fewer than last year.
+ The *mite treatment starts* on {date}[, weather permitting].
+ *{name} is looking for* two people who can watch the hives in {July|August}.
+ *Honey will be sold* at {place} for £{5-9} a jar[, the same price as before].
+ A *swarm was found* in a {chimney|letter box|garden shed} near {place} [and taken away without trouble].
~ The lime trees were full of flowers.
~ Somebody has left a pair of gloves in the shed.
~ It rained on the day of the meeting, as it tends to.

# ferry-times: the ferry's winter timetable
+ The *last ferry leaves* at {time} from {date} [until the spring].
+ *Cars must be booked* by telephone [at least] {24|36|48} hours before they sail.
+ There is *no sailing on {day}* because the ramp is being repaired [by divers].
+ The *fare for islanders* stays at £{3-9}[, in spite of the price of fuel].
+ *Captain {name} retires* after {22-38} years [at the wheel].
~ The sea has been rough all week.
~ The tea on board is as strong as ever.
~ Thank you for being patient with the crew.

# bakery-oven: the oven at the bakery
+ The *big oven broke down* at {time} on {day}[, in the middle of a batch].
+ We *baked {60-140} loaves* in {name}'s kitchen [instead of the usual {300-500/10}].
+ A *spare part comes* from {place} and should be here by {date}.
+ *Orders for rolls* are stopped until the oven is running [again].
+ *Customers who paid in advance* get their money back [at the counter].
~ The smell of smoke has gone by now.
~ Everybody stayed until the last tray was out.
~ The cat watched the whole thing from the flour sacks.

# school-trip: the class trip
+ The *coach leaves* from {place} at {time} [sharp].
+ *Every pupil needs* boots, a raincoat and £{4-12} for the museum.
+ *Forms must be signed* by {day}[, or your child stays behind].
+ {name} and {name} *will go with the class*[, along with two parents].
+ We *come back* on {date} at about {time}[, depending on the traffic].
~ Last year's group still talks about it.
~ It is the best day of the year for many.
~ Travelling is half the fun.

# museum-loan: a loan to the museum
+ A *silver cup has arrived* from {place} [and is being looked at in the workshop].
+ The *insurance costs* £{300-900/50} a month[, which the Friends will pay].
+ The *cup will be shown* in room {2-9} from {date}.
+ *{name} found a crack* in the handle [when it was unpacked], so it may not be turned.
+ The *loan ends after* {6-18} months [and cannot be made longer].
~ It is smaller than the photographs suggest.
~ Silver always draws a crowd.
~ Our visitors will have plenty of questions.

# allotment-water: water on the allotments
+ *Hoses are banned* between {8-11}:00 and {16-19}:00 [during the dry spell].
+ The *tank by the gate* holds {500-1500/100} litres and is filled on {day}.
+ *Rent goes up* by £{2-9} a year to pay for the new pipe.
+ *Plot {3-48} is free*, and {5-14} people are waiting for one [already].
+ *{name} will mend* the broken tap near the {compost heap|orchard|bus stop} [before the weekend].
~ The beans do not mind the heat.
~ Foxes have been seen again.
~ A scarecrow has lost its hat, and its owner is sad about it.

# choir-concert: the choir's concert
+ The *concert is now* on {date} at {place}[, not in the chapel as printed].
+ We *still need {3-7} tenors*, and no one has to sing by heart.
+ *Tickets cost* £{6-14}, and children come in free [with an adult].
+ *{name} plays the organ* in place of {name}[, who has broken a wrist].
+ The *last rehearsal begins* at {time} on {day}[, so please eat first].
~ The second piece sounds lovely by now.
~ It was cold in the chapel last time.
~ There will be cake, thanks to the altos.

# warehouse-spill: a spill in the warehouse
+ About *{30-120} litres of paint* ran out of a pallet in aisle {2-14}[, most of it blue].
+ A *forklift had pierced* the lowest drum [while it was turning].
+ *{name} slipped and bruised* a knee, and was driven to {place}.
+ The *aisle stays closed* until {day} [so that the floor can be ground].
+ *Drivers must now stop* at the yellow line and sound the horn [every time].
~ The absorbent mats were where they should be.
~ It took two hours to find a mop.
~ The forklift is blue as well now.

# bird-count: the bird count on the marsh
+ We *saw {40-160} lapwings* on the marsh at {place}, more than ever before.
+ *Two nests were flooded* by the high tide on {date}.
+ The *northern path is shut* until {August|September} [to keep walkers away from the chicks].
+ *{name} ringed {6-19} young owls* [with the help of a student].
+ A *dog off its lead* drove the terns from their island on {day}.
~ The light was poor before seven.
~ We had brought far too many sandwiches.
~ Two of us saw an otter, or perhaps a wet log.

# bus-diversion: a change to the bus line
+ *Bus {3-49} will not stop* at {place} from {date} [until further notice].
+ The *road is closed* for {3-9} weeks because a water main is being laid.
+ A *minibus runs every* {20|30|40} minutes between the school and the station [instead].
+ *Season tickets are also good* on the train [as long as the works go on].
+ Anyone who *cannot walk to the stop* can ring {name} the day before [and will be fetched].
~ We know that this is a nuisance.
~ The drivers are as unhappy as you are.
~ Please allow a little more time.

# office-move: the office move
+ We *move to {place}* on {date}[, a month later than planned].
+ *Everyone gets two crates*, and they must be packed by {time} on {day}.
+ The *new office has* {14-40} desks for {42-60} people, so desks will be shared.
+ *{name} hands out* the door cards [from a table near the lift].
+ *Parking costs* £{20-60/5} a month [at the new address], and bicycles stand free.
~ The view is said to be very good.
~ A move is a good time for clearing out.
~ Yes, the coffee machine is coming along.

# pottery-kiln: the pottery workshop
+ The *kiln reached only* {800-950/10} degrees last night, so {9-30} bowls are still raw.
+ *A fuse had melted*, and {name} has put in a new one [for nothing].
+ *Firing is now* on {day} and {day} only [to save electricity].
+ *Glaze with lead in it* must not be used for cups [or plates].
+ *Shelf fees rise* to £{3-8} a month from {date}.
~ The blue glaze came out beautifully before that.
~ Someone's vase has been claimed by three people.
~ Clay has a will of its own.

# cycle-race: the cycle race
+ The *race was won* by {name} in {2-3} hours and {11-55} minutes.
+ *{7-24} riders gave up* in the heat [on the second climb].
+ A *broken barrier at {place}* led to a fall in which {name} hurt a shoulder.
+ *Next year's start* will be at {6-8}:30 to keep clear of the midday sun.
+ The *race made £{900-4800/100}* for the air ambulance[, before costs].
~ The crowd on the bridge was louder than ever.
~ What a day it was.
~ The last rider was cheered like the first.

# dentist-hours: the dental practice
+ The *practice opens at {time}* on {day} from now on [for people who work early].
+ *Dr {name} joins us* from {place} and takes new patients [at once].
+ A *check-up costs* £{24-48} from {date}.
+ Whoever *misses an appointment* without a call pays £{10-25/5} [towards the lost time].
+ *Children are seen* in the bright room on the {ground|first} floor.
~ We have new chairs in the waiting room.
~ The fish tank has been cleaned.
~ It all feels rather grown up.

# broadband-fault: the broadband fault
+ *{200-900/10} homes were offline* from {7-11}.15 to {12-19}.40 on {day}.
+ A *digger had cut* the cable near {place} [while it was putting in a drain].
+ *Telephones kept working*, but alarms on the line did not.
+ *Each home gets* £{4-15} off the next bill [without having to ask].
+ *{name}'s team will bury* a second cable by {date} [so that one cut does less harm].
~ The repair was done by torchlight.
~ We have read every message that you sent.
~ The weather did not help.

# orchard-harvest: the apple harvest
+ *Picking starts on {date}*, {6-14} days earlier than last year.
+ *Hail damaged about* a {third|quarter|fifth} of the early apples[, which will go to juice].
+ *Pickers are paid* £{11-16} an hour and get lunch [in the barn].
+ The *press at {place}* takes at most {2-9} tonnes a day.
+ *Ladders have to be checked* by {name} before anyone climbs [even the lowest branch].
~ The pears look good this year.
~ Wasps are everywhere.
~ It is honest work.

# lighthouse-paint: the lighthouse repairs
+ The *lamp was out* for {2-11} hours in the night to {day}.
+ *Salt had got into* the switch box [through a broken pane].
+ *Painters will hang ropes* from the gallery until {date}.
+ *Visitors may climb* only as far as the {second|third} floor [in these weeks].
+ The *keeper's house is let* to {name} for £{400-900/50} a month.
~ Ships had been warned by radio.
~ Gulls have nested on the rail again.
~ From the top you can see both islands.

# film-festival: the film festival
+ *{140-390/10} films were sent in*, and {18-46} of them will be shown.
+ The *opening film is* about a {lift repairer|river pilot|night baker} from {place}.
+ *Tickets go on sale* on {date} at {time}[, at the kiosk only].
+ The *jury is led by {name}*, who won the prize [two years ago].
+ The *small cinema has no heating*, so films there end by {time}.
~ The posters are a matter of taste.
~ Everyone has seen at least one bad film.
~ Some of the films are very long.

# dog-shelter: the dog shelter
+ *{19-60} dogs live* in the shelter, and {4-11} of them came in last week.
+ An *unknown giver left* £{400-2000/100} in the letter box on {day}.
+ *Walkers are needed* between {7-10}:30 and {13-17}:00, most of all at weekends.
+ The *vet found kennel cough* in {2-6} dogs, so the west wing is closed.
+ *{name} takes over* the shelter from {name} on {date}.
~ One falls in love several times a day there.
~ The puppies have learned to open the gate.
~ It is loud in the mornings.

# payroll-change: the way we are paid
+ *Wages will be paid* on the {25th|27th|28th} of each month[, not on the last day].
+ *Overtime must be entered* by {day} [at noon], or it waits for a month.
+ The *meal allowance rises* from £{4-6} to £{7-9} a day.
+ *{name} in accounts answers* questions about payslips [between {8-10}:00 and {11-15}:30].
+ The *old paper slips end* in {April|May|June}[, to save post].
~ Nobody will earn less because of this.
~ We know how tiresome new forms are.
~ It was overdue, frankly.

# bridge-check: the check of the footbridge
+ *Rust was found* in {3-12} of the bolts on the east side.
+ The *bridge may carry* no more than {15-40/5} people at a time [until they are replaced].
+ *{name} measured the sway* at {time} in a strong wind and found it safe.
+ *New bolts will cost* £{600-2600/100} and be in place by {date}.
+ *Horses have to use* the ford at {place} [for now].
~ The timber deck is in good order.
~ The river was low enough to stand in.
~ The view upstream is pleasant.

# seed-trial: the wheat trial
+ *Plot {2-9} gave the most*, {5-8} tonnes a hectare [without any spraying].
+ The *short-stemmed wheat fell over* in the storm on {date}.
+ *Mice ate the seed* in {2-5} of the {12-24} plots.
+ The *trial will be repeated* at {place} on heavier soil [next season].
+ *{name} keeps {20-80/5} kilos* of seed in the cold room [for next year].
~ The weather station failed for a day.
~ The margins were full of poppies.
~ Neighbours asked what the little flags were for.

# pool-closure: the swimming pool
+ The *deep pool is closed* on {day} and {day} because of loose tiles.
+ *Too much chlorine* was measured at {time}, and {20-80/5} swimmers were sent out.
+ The *early swim begins* at {time} from {date}[, half an hour later than now].
+ *{name} teaches beginners* on {day} in groups of {4-9}.
+ *Lockers take new coins* only [because the old locks were worn out].
~ No one needed a doctor.
~ The showers are warm again.
~ A single red flipper is waiting at the desk.

# theatre-costumes: the theatre's costume store
+ *Moths have eaten* {9-40} wool coats in the store [under the stage].
+ The *store will be frozen* for {3-8} days by a firm from {place}.
+ *All costumes for the play* have to be hung in the foyer by {day}.
+ *{name} has found a lender* for {6-18} uniforms[, at a friendly price].
+ The *first night stays* on {date}[, moths or no moths].
~ The velvet cloak was spared.
~ It smells strongly of lavender down there.
~ Some of these coats are older than the theatre.

# night-market: the night market
+ The *market opens at {15-19}:30* and closes at midnight[, as the council asked].
+ *{30-90} stalls have been let*, {4-9} of them to cooks from {place}.
+ *Music has to stop* at {time} since neighbours complained last year.
+ *Glass bottles are banned*, and cups carry a deposit of £{1-2}.
+ *{name} looks after* lost children at the {fountain|town hall steps|bandstand}.
~ It is always a lovely night by the river.
~ The lanterns are a sight.
~ Some people come only for the smell.

# road-works: the new road surface
+ *Mill Lane will be resurfaced* between {2-9} and {12-28} {May|June|October}.
+ *Cars left on the street* will be towed to {place} [from {time} on].
+ The *bins are emptied* a day early, on {day}.
+ *Wheelchair users can ring {name}* to be driven to their door [at any hour].
+ The *work costs* £{30000-95000/5000} and is paid for by the county.
~ It will be loud, and we are sorry for that.
~ The old cobbles remain underneath.
~ Fresh tar ruins shoes.

# app-release: the new release of the booking app
+ *Version {4-9} comes out* on {day} at {time}[, when few people are booking].
+ The *new release mends* the fault that booked {2-5} rooms instead of one.
+ *Old telephones are left out*: the app needs a system from {2019|2020|2021} or later.
+ *{name} found {3-9} errors* in the last test, none of them serious.
+ The *servers will be down* for {10-50/5} minutes [while the data moves].
~ The icon is green now, after a long debate.
~ Users in the pilot seemed content.
~ Screens are not everything.

# canal-lock: the canal lock
+ The *lower gate is jammed* by a {tree trunk|shopping trolley|sunken punt}, and boats cannot pass.
+ *{8-26} boats are waiting* between the lock and {place}.
+ A *diver comes from {place}* on {day} at {time}.
+ *Water was lowered* by {20-60/5} centimetres to take weight off the gate.
+ *Hirers get back* £{25-60/5} for each day they lose [once they send in the form].
~ The pub is doing well out of it.
~ Nobody knows how the thing got there.
~ It was a warm day, at least.

# quarry-blast: the quarry
+ The *blast on {day}* threw stones as far as the car park at {place}.
+ *{2-9} windows were broken*, and nobody was hurt.
+ *Too much rock* lay on the slope above the charge[, the inspector writes].
+ *Blasting is forbidden* until {date} [by order of the county].
+ *{name} will measure the shaking* in {4-12} houses from now on.
~ The siren had sounded as it should.
~ It is not the first time that people have talked.
~ A wren nests in the old drill hole.

# hospital-radio: the hospital radio
+ The *studio moves* to the {third|fourth|fifth} floor on {date}.
+ *Requests can be left* with any nurse before {time}[, or by ringing 7].
+ *{name} reads the news* on {day} and {day}.
+ We *were given {300-900/50} records* by a family from {place}.
+ *New presenters are trained* for {4-10} weeks before they go on air [alone].
~ The turntable has its moods.
~ Somebody asks for the same waltz every night.
~ The wards listen more than one would think.

# flood-drill: the flood exercise
+ *{40-120} people took part* in the exercise on {date}.
+ *Sandbags reached the bridge* in {18-55} minutes, {3-9} faster than last time.
+ *Radios failed* in the cellar of {place}, so runners carried messages.
+ The *pump needs a longer hose* and will get one for £{150-450/50}.
+ *{name} will write down* who may close the gate [and when].
~ The tea van was much praised.
~ It did not even rain.
~ Two dogs got in the way.

# toy-recall: a toy that is called back
+ *Wooden ducks sold* in {January|March|July|October} at {place} are being called back.
+ A *wheel can come off* and be swallowed by a small child.
+ *{2-7} cases are known*[, all of them harmless].
+ *Shops give back* the full price of £{8-19}, even without a receipt.
+ *Ducks with number {20-90}* under the tail are safe [and may be kept].
~ We take this very seriously.
~ The ducks have been made since our grandmother's day.
~ We have had sleepless nights.

# cheese-cellar: the cheese cellar
+ *{60-180/10} cheeses have to be* thrown away because the cellar grew too warm.
+ The *cooling had stopped* at {time} on {day}, and no alarm rang.
+ *{name} now checks the cellar* twice a night [until the alarm is mended].
+ The *loss comes to* £{1200-6800/100}, and half of it is insured.
+ *Soft cheese is sold* at half price until {day} [to clear the shelves].
~ The goats know nothing of all this.
~ The hard cheese was not harmed.
~ We opened all the doors at once.

# chess-league: the chess league
+ Our *second team lost* to {place} by {5-6} games to {1-3}.
+ *{name} beat the champion* in {24-61} moves.
+ *League matches begin* at {time} from {date}[, and clocks are started without mercy].
+ The *club needs {6-14} new clocks*, which cost £{28-44} each.
+ *Juniors play for nothing* on {day} [if they help to tidy up].
~ The tea was cold, as ever.
~ One game ended in the car park, on a pocket set.
~ We keep hearing that telephones rang.

# wind-turbine: the wind turbine
+ The *turbine made {400-900/20} megawatt hours* last year, enough for {90-240/10} homes.
+ The *blades stood still* for {9-28} days because a bearing was worn.
+ *Members get £{18-60}* for each share on {date}.
+ *Bats were found dead* in {May|August|September}, so the blades now stop at dusk.
+ *{name} shows visitors* the tower on {day} [if the wind allows].
~ The hill is beautiful in the evening.
~ We had the calmest autumn in years.
~ The sheep have got used to it.

# print-shop: the printing shop
+ The *large press is being sold* to a firm in {place} for £{4000-9500/500}.
+ *Wedding cards take* {6-14} days from now on[, since they are printed by hand].
+ *{name} starts as an apprentice* on {date}.
+ *Paper has become dearer* by {8-22} per cent since {March|April|May}.
+ The *shop closes at {time}* on {day} [so that the rollers can be washed].
~ We will miss the noise.
~ It is a trade one never quite leaves.
~ Someone has sorted all the type by mistake.

# playground: the new playground
+ The *swings were taken down* on {day} because the chains were worn.
+ *Parents chose a rope tower* with {60-190} votes against {10-50}.
+ The *council pays £{6000-9000/500}*, and the rest has to be collected.
+ *{name} is organising a sponsored walk* to {place} on {date}.
+ *Bark will be laid* under the tower[, not sand,] since cats like sand too well.
~ The benches are staying where they are.
~ The children were asked first.
~ Rain had stopped the first meeting.

# old-archive: the town archive
+ *{3000-9000/500} glass negatives* have been scanned so far.
+ A *box of letters from {place}* turned out to be damp and is being dried.
+ *{name} recognised {12-40} people* in the harbour pictures.
+ The *reading room opens* only on {day} until {date}.
+ *Copies now cost* £{2-6} a page[, to pay for the scanner].
~ The oldest picture shows a horse, slightly blurred.
~ One could lose oneself in there.
~ It is pleasantly cool among the shelves.

# mountain-hut: the mountain hut
+ The *hut has {24-60} beds* and is full until {date}.
+ *Rockfall has blocked* the path from {place}[, so walkers must come by the ridge].
+ *Water has to be boiled* since a dead marmot lay in the spring.
+ *{name} cooks from {day}* and can do without meat [if asked].
+ A *night costs £{19-38}* with breakfast[, and cash is the only way to pay].
~ The stove is lit at four.
~ Earplugs are a good idea.
~ The stars are worth getting up for.

# tram-depot: the tram depot
+ *Tram {3-29} left the rails* at {time} near {place}[, at walking pace].
+ *A point had frozen* although its heater was switched on.
+ *{name} and {20-70} passengers* got out unharmed.
+ *Heaters are now tested* every {Monday|Thursday|Sunday} between October and March.
+ The *line ran again after* {3-9} hours, with a speed limit until {date}.
~ The crane came from the other end of the town.
~ Passengers shared their gloves.
~ Snow is still lying in the yard.

# market-stall: the sock stall's first year
+ We *sold {900-4000/100} pairs of socks* in the first year.
+ *Grey sold best*, and {60-190} yellow pairs are still in the cupboard.
+ *{name} knits from {place}* and is paid £{5-9} a pair.
+ *Rent for the stall* doubles to £{40-90/5} a week from {date}.
+ We *stop taking cards* on {day} because the reader eats the profit.
~ The winter helped.
~ Nobody had believed in us.
~ The neighbour at the stall next door sells very good soup.

# snow-plan: clearing the snow
+ *Main roads are cleared* by {5-7}:30, side streets by {9-11} o'clock.
+ {place} *gets its own plough*[, an old tractor,] driven by {name}.
+ *Salt is short*, so only hills and bus stops are salted.
+ *Grit bins were filled* on {date}, and anyone may use them [with a shovel].
+ *Owners have to clear* {1-2} metres of pavement before {time}.
~ The first flakes are expected soon.
~ Snow is lovely from indoors.
~ The budget is what it is.

# lost-parcels: parcels that went missing
+ *{14-60} parcels went missing* between {place} and {place} in {June|July|October}.
+ A *label printer had swapped* two digits of the postcode.
+ *{name} has found {9-13} parcels* in a shed behind the depot.
+ *Senders are paid* up to £{40-90/10} for each parcel [that stays lost].
+ *Every label is read twice* from {date} on [by a second camera].
~ Nothing was stolen, as far as anyone can tell.
~ One parcel had been to the islands and back.
~ The printer has been taken out of use.

# tea-tasting: the tea tasting
+ *{9-24} teas were tasted* blind by {4-8} people.
+ *Number {2-8} came first*, a black tea from {place}.
+ The *most expensive tea*, at £{18-40} a tin, came last.
+ *{name} noticed that* the water was too hot in the second round.
+ The *tasting will be held again* on {date} with softer water.
~ Biscuits were handed round only afterwards.
~ No one slept much that night.
~ There were no sugar bowls on purpose.

# rain-garden: the rain garden
+ The *ditch held {20-80/5} cubic metres* of rain on {date} and did not run over.
+ *{place} stayed dry* for the first time in {6-15} years.
+ *Irises grew well*, but {name} had to replace half of the sedges.
+ *Leaves must be raked* out of the grate before {November|December}.
+ The *second ditch costs £{700-2400/100}* less[, because the earth stays on the site].
~ Frogs moved in at once.
~ The neighbours have stopped laughing.
~ The wheelbarrow needs a new tyre.

# sauna-club: the lakeside sauna
+ The *sauna stove cracked* on {day} and gives off smoke[, so nobody may light it].
+ *{name} has ordered bricks* from {place} for £{140-480/20}.
+ *Bathing is moved* to the tent until {date}[, with a smaller stove].
+ *Guests pay £{4-9}* and bring their own towel.
~ The lake is as cold as one could wish.
~ Silence is golden in there, and rare.
~ What a pity, in the best month of the year.

# orchestra-tour: the youth orchestra's tour
+ The *orchestra plays in {place}* on {date}[, in an old factory].
+ *{5-12} violins were lost* by the airline and came back {2-5} days later.
+ *{name} conducts all* {4-9} concerts [without a score].
+ *Parents are asked for £{60-180/10}* towards the coach.
~ The players slept well, or so they claim.
~ Trumpets are louder in a bus than one thinks.
~ It will be remembered for years.

# egg-prices: the price of eggs
+ *Eggs now cost £{2-5}* a dozen[, more than they ever did].
+ *Feed became dearer* by {12-38} per cent over the winter.
+ *{name} keeps {200-900/50} hens* at {place} and will sell half of them.
+ *Cracked eggs go* to the bakery on {day} [at a lower price].
~ The hens are not to blame.
~ People love to talk about eggs.
~ Feathers everywhere, as always.

# tower-crane: the crane on the building site
+ The *crane stood still* from {7-9}:00 to {13-17}:30 because of the wind.
+ A *steel beam fell* {2-9} metres and dented a van.
+ *{name} has stopped all lifting* near the school [during the breaks].
+ *The chain is tested* in {place}, and the result is due on {date}.
~ No one was standing underneath, thank heavens.
~ The lads were shaken, of course.
~ It sounded like a bell.

# reading-scheme: the reading scheme
+ *{30-95} children have read* ten books since {March|May|September}.
+ *{name} reads with beginners* every {Monday|Tuesday|Thursday} after lessons.
+ *Books in {three|four|six} languages* were given by a shop in {place}.
+ The *prize-giving takes place* on {date} at {time}.
+ *Lost books cost £{2-7}* [from now on].
~ It is a joy to hear them.
~ Some prefer pictures, and why not.
~ You never know what they will ask.

# rubbish-strike: the bin strike
+ *Bins will not be emptied* from {day} on [in any part of the town].
+ *Drivers want {5-11} per cent more*, and the town offers {2-4}.
+ *Rubbish can be brought* to {place} until {time}.
+ *Talks go on* on {date} with {name} in the chair.
~ Tempers are short on all sides.
~ The crows are delighted.
~ It has been a smelly few days.

# hearing-test: free hearing tests
+ *Hearing is tested free* at {place} on {date}.
+ The *test lasts {10-30/5} minutes* and does not hurt.
+ *{name} found hearing loss* in {9-40} of {60-120} people last year.
+ Whoever *wears a hearing aid* should bring it along.
~ We do not mean to alarm anybody.
~ Loud music has its charms, we know.
~ It is easily put off, like so much else.

# community-fridge: the community fridge
+ The *fridge was emptied* of {20-90} kilos of food in its first week.
+ *Raw meat and fish* may not be put in [by anybody].
+ *{name} cleans the fridge* at {time} each {Tuesday|Friday|Sunday}.
+ A *second fridge* will stand in {place} from {date}.
+ *Power costs £{9-30} a month*, which the bakery pays.
~ How quickly people get used to a good thing.
~ We were moved by some of the notes on the door.
~ Somebody loves radishes.

# rope-bridge: the rope bridge
+ The *rope bridge was cut* in the night to {day}[, with a saw as it seems].
+ *{name} from {place} has offered* £{200-900/100} for a hint.
+ *Children must take* the road until a new rope hangs.
+ *{120-340/10} metres of rope* have been ordered for {date}.
~ Who would do such a thing?
~ We are sad more than angry.
~ The stream does not care.

# exam-rooms: the exams
+ The *exam in room {2-40}* has been moved to {place}.
+ The *exam starts at {8-10}:15*, and the doors close {5-15/5} minutes earlier.
+ *Telephones are handed in* to {name} at the entrance.
+ *Results come out* on {date} [and not before].
+ *{4-19} candidates with a certificate* get extra time.
~ Nerves are normal.
~ We wish you all the best.
~ It will be over sooner than you think.

# ice-rink: the ice rink
+ The *ice was too thin* on {day}, and {20-60} skaters were turned away.
+ *Skates can be hired* for £{3-8} [against a deposit].
+ *{name} drives the ice machine* at {time} and at {time}.
+ The *rink closes for good* on {date} unless £{20000-60000/5000} is found.
~ Everyone falls down at first.
~ Music helps, said some; others disagreed.
~ What a sight it was under the lamps.

# translation-office: the translation office
+ *{name} translates from {Danish|Welsh|Polish}* from {date} [on three days a week].
+ The *price per page rises* to £{18-42}.
+ *A contract lost a page*, and a firm in {place} wants £{900-4500/100}.
+ *Two people now read* every text before it goes out.
~ Mistakes happen to the best.
~ Poems are another matter altogether.
~ It has been a year of long sentences.

# rabbit-fence: the rabbit fence
+ *Rabbits dug under* the fence in {3-11} places.
+ *{200-700/50} young trees* were gnawed and have to be replanted.
+ *{name} lays wire* {20-60/10} centimetres deep from {date}.
+ The *forest at {place}* stays shut on {day} while this goes on.
~ They are charming, one has to admit.
~ We should have known.
~ The hawk alone cannot manage.

# ring-found: the ring in the hay
+ A *gold ring was found* at {place} on {date} [by two boys].
+ The *inside bears a name* and the year {1880-1930}.
+ *{name} keeps the ring* at the lost property office until {time} each day.
+ The *finders get £{30-90/10}* if nobody claims it.
~ What stories it could tell!
~ The boys are proud as can be.
~ Of course everybody has a theory.

# debate-night: the debate
+ *{80-260/10} people came* to the debate at {place}.
+ *{name} wants a car park* and {name} a pond on the same field.
+ A *vote will be held* on {date} between {8-10}:00 and {17-20}:00.
+ The *field costs £{20000-90000/5000}*[, whichever side wins].
~ It grew loud at times.
~ Some changed their minds, and then changed them back.
~ Democracy is slow, as somebody sighed.

# bell-foundry: the new bell
+ The *new bell weighs {400-1900/50} kilos* and was cast in {place}.
+ A *low loader brings it* on {date} at {time}.
+ *Main Street is closed* for {2-6} hours [so that the crane can stand there].
+ *{name} rings the bell* first[, being the oldest ringer].
~ A hush fell when the metal ran.
~ It has a warm tone.
~ Sleepers nearby may see it differently.

# night-trains: the night train
+ The *night train stops* at {place} again from {date}.
+ A *berth costs £{29-79}*, and a seat half of that.
+ *Dogs need a ticket* and a muzzle [in every carriage].
+ *{name} asks for more* than {2-5} power sockets in each carriage.
+ The *dining car is closed* on {day}.
~ There is nothing like waking up by the sea.
~ Snoring cannot be forbidden.
~ Many had given up hope.

# glue-recall: a faulty glue
+ *Glue from batch {100-980/20}* does not harden below {8-16} degrees.
+ *{3-14} chairs have come apart*[, one of them under the mayor].
+ *{name} takes tubes back* at {place} until {date}.
+ The *good tubes are marked* with a red cap [instead of a grey one].
~ We are embarrassed, to put it mildly.
~ There was some laughter, too.
~ Nobody likes to write such a letter.

# owl-camera: the owl camera
+ The *camera in the tower* shows {2-6} young owls.
+ *{name} switches the lamp off* at {time} [so that they can sleep].
+ The *picture was lost* for {3-9} hours on {day} because a cable had been gnawed.
+ *{300-950/50} people watched* the first flight on {date}.
+ A *ladder must not be put* against the tower until {August|September}.
~ They look cross at any hour.
~ One forgets the time while watching.
~ Many of you wrote to us with names.

# map-error: a mistake on the map
+ The *walking map shows a path* at {place} that is not there.
+ *{name} ended up in a bog* on {date} and was pulled out.
+ *{2-9} hundred copies* are being stamped with a correction.
+ *Buyers get a new map* by post [if they send in the cover].
+ The *next edition costs £{6-12}*.
~ Maps are made by people.
~ It is a pretty map all the same.
~ The bog itself is said to be lovely.

# stage-fire: smoke in the concert hall
+ *Smoke was seen* above the stage at {time} on {day}.
+ A *lamp had scorched* a curtain, and {name} put it out with a bucket.
+ *{240-680/20} people left* the hall within {3-9} minutes.
+ The *concert is repeated* on {date} at {place}.
+ *New curtains will cost* £{2000-7000/500}.
~ The audience sang outside.
~ Calm heads everywhere.
~ One shoe has no owner.

# quiz-night: the quiz night
+ The *quiz was won* by the team from {place} with {41-58} points.
+ *Question {3-29} was struck out* because two answers were right.
+ *{name} was caught* looking at a telephone and lost {5-10/5} points.
+ The *next quiz is about rivers* and takes place on {date}.
~ It was close, closer than ever.
~ Much shouting, little rancour.
~ The crisps never stood a chance.

# blood-drive: the blood donation day
+ *Blood can be given* at {place} on {date} until {time}.
+ *{70-190} people came* last time, and {9-24} of them for the first time.
+ *Donors must be over 18* and weigh at least 50 kilos.
+ *{name} looks after children* meanwhile [in the side room].
~ It hurts less than you fear.
~ A kind word costs nothing.
~ You will feel rather good about yourself.

# boat-shed: break-in at the boat shed
+ *Thieves took {2-7} engines* from the shed in the night to {day}.
+ The *damage is put at* £{3000-9000/500}.
+ *{name} saw a white van* near {place} at about {time}.
+ *A guard will watch* the slipway until {date}.
+ *Members should write down* the numbers of their engines.
~ It leaves a bad taste.
~ Everyone is a detective now.
~ The moon was hidden, naturally.

# heat-grant: help with heating bills
+ *Households get £{90-280/10}* towards heating if they apply by {date}.
+ The *form is eleven pages long*, and {name} helps with it at {place}.
+ *{400-1900/100} people have applied* so far.
+ *Money is paid out* within {3-8} weeks.
+ *Students in shared flats* cannot apply.
~ The winter is long enough as it is.
~ We know how this sounds.
~ Nobody need feel ashamed.

# parrot-escape: a parrot on the loose
+ A *grey parrot flew off* from {place} on {day} at {time}.
+ The *parrot answers to {name}* and whistles like a kettle.
+ *Finders should throw a towel* over the bird and ring the vet.
+ The *owner pays £{40-120/10}* for its return.
~ Oh, the tears!
~ Birds will be birds.
~ All the children are looking up.

# paper-mill: the paper mill
+ The *mill takes on {12-40} people* for a night shift from {date}.
+ *Foam on the river* came from a valve that had been left open.
+ *{name} was fined £{800-4500/100}*[, and has paid].
+ *Water is now sampled* at {place} every {2-8} hours.
~ Work is work, as they say here.
~ The anglers had their say.
~ One can smell it from afar.

# comet-evening: the evening with the comet
+ The *comet can be seen* from {place} between {20-21}:00 and {22-23}:30.
+ *Four telescopes will be set up* by {name} [and friends].
+ *Car lights must be off* on the hill [from the gate onwards].
+ If it is *cloudy we meet again* on {date}.
~ It is a once in a lifetime affair.
~ Wonder comes free of charge.
~ The last one was a disappointment.

# laundry-rules: the shared laundry
+ *Washing is allowed* from {6-8}:00 to {20-21}:30 [and not on public holidays].
+ *Machine {2-6} is out of order* because a hairpin blocked the pump.
+ *Each load now costs* £{1-4}, to be paid to {name}.
+ *Forgotten clothes go* to a charity in {place} on {date}.
~ Socks vanish, that is a law of nature.
~ A little goodwill goes a long way.
~ It was nobody's fault, probably.

# vineyard-frost: frost in the vineyard
+ *Frost killed {30-80/5} per cent* of the buds in the night to {date}.
+ *{name} lit {60-240/20} candles* between the rows at {place}.
+ The *lower slope is lost*, and the upper one will bear.
+ *Wine will be dearer* by £{1-4} a bottle next year.
~ It looked beautiful, which is cruel.
~ One starts again, what else.
~ No one spoke much at breakfast.

# clinic-phone: the clinic's new telephone line
+ *Appointments are made* on a new line from {date}.
+ *Press {2-9} for repeat prescriptions*[, which are ready after two days].
+ *Calls before {7-9}:45* are answered by {name} alone.
+ The *clinic in {place}* no longer takes calls.
~ Change is never popular.
~ We hear your sighs.
~ Do be kind to the voice at the other end.

# statue-move: the statue on the square
+ The *statue was turned* to face {place} on {date}.
+ The *statue weighs {3-9} tonnes*, and a crane was needed for {2-6} hours.
+ *{name} discovered a bottle* with a letter in the base.
+ The *letter will be read out* at {time} on {day}.
+ The *square gets {9-24} lime trees* in autumn.
~ The pigeons looked on.
~ He seems to smile now, some say.
~ Everyone has a favourite side.
"""

TOPICS["dev"] = """
# glass-bank: the bottle banks
+ The *bottle banks at {place}* are being taken away on {date}.
+ *Broken glass lay on* the pavement on {9-21} of 30 days [last month].
+ *Green bags for bottles* can be fetched from {name} at the corner shop.
+ *Collection begins at {time}* on every second {day}[, rain or shine].
+ *Jars without their lids* only, since lids jam the sorting machine.
~ Several residents had asked for this.
~ The noise had been a nuisance too.
~ It was never a pretty corner.

# regatta: the sailing regatta
+ *{22-70} boats crossed the line* off {place} at {time}.
+ *{name} won in the smallest boat*, {2-9} minutes ahead of the next.
+ *Fog ended the second race* after {20-45} minutes[, with no boat in sight of the mark].
+ A *mast broke* on {day}, and the crew was towed in [wet but cheerful].
+ The *entry fee of £{15-40/5}* is paid back to those who never started.
~ The band played through it all.
~ A fine day for the eyes.
~ Seals followed the last boats home.

# greenhouse: pests in the greenhouse
+ *Whitefly was found* on {30-120/10} tomato plants in house {2-7}.
+ *Ladybirds will be released* on {day}[, about {500-2000/100} of them].
+ *Doors have to stay shut* until {date} so that the ladybirds do not leave.
+ *{name} pulled out* the two worst rows and burned them.
+ The *yellow traps cost £{30-80/5}* and are counted every morning.
~ It is a nuisance, but no more.
~ It is very warm in there after ten.
~ Last summer we had nothing of the kind.

# call-centre: the call centre
+ *Callers waited {6-14} minutes* on average in {March|June|October}, twice as long as planned.
+ *{5-12} new people start* on {date}, after a course in {place}.
+ A *call-back button* lets callers hang up and be rung before {time}.
+ *{name} will lead the evening shift*[, which ends at ten].
+ *Questions about bills* make up {30-60}% of all calls.
~ The music in the queue has few friends.
~ Thanks go to everyone who stayed late.
~ We know that waiting is no fun.

# clock-tower: the town clock
+ The *clock has stood still* at {time} since the storm on {day}.
+ A *pigeon had wedged itself* behind the minute hand [and flew off when freed].
+ *{name} needs scaffolding* to reach the dial, which costs £{800-2600/100}.
+ The *bells ring by hand* on {day} until the clock goes again.
+ *Donations can be put* in the tin at {place} until {date}.
~ Everybody is late at the moment.
~ The mechanism is in fine condition otherwise.
~ One misses the sound of it.

# bank-branch: the bank branch
+ The *branch at {place} closes* for good on {date}.
+ A *van with a counter* comes on {day} from {time} [and parks beside the church].
+ *{2-5} of the {6-9} staff* move to the branch in {place}.
+ *Cash can be drawn* at the post office without a fee.
+ *Safe boxes must be emptied* by their owners, with {name} present.
~ Fewer and fewer people came in.
~ Times have changed.
~ We understand that this is a blow for many.

# fossil-dig: the fossil dig
+ A *jaw with {11-29} teeth* came out of the clay near {place}.
+ *{name} spotted the first bone* on {day} after a night of heavy rain.
+ The *cliff above is loose*, so helmets have to be worn.
+ *Digging stops on {date}* because the tide will reach the trench.
+ The *bones go to {place}* to be cleaned[, which takes about {6-18} months].
~ It was bigger than a cow.
~ We were covered in mud and happy.
~ School classes have written to us already.

# canteen: the student canteen
+ *Lunch costs £{3-6}* from {date}, {20-60/10} pence more than before.
+ *Soup can be taken* as often as one likes [for the same money].
+ *{60-180/5} students asked* for food without nuts, so there is a separate counter.
+ The *evening kitchen is dropped* because only {9-25} people came.
+ *{name} collects ideas* for the menu in a box by the till until {day}.
~ Hunger is a good cook.
~ Tastes differ, naturally.
~ The pudding was liked by nearly everybody.

# quilt-group: the quilting group
+ *{14-32} quilts were finished* and will go to a hospital in {place}.
+ *Cotton wadding is cheaper* if we order {20-60/5} metres by {day}.
+ *{name} shows us* how to sew curves on {date} at {time}.
+ The *sewing machine with the red handle* must not be used[: its pedal gives shocks].
+ *Space is short*, so no more than {9-16} people can come on a {day}.
~ We have far too many buttons.
~ One is never too old to learn.
~ It was the busiest winter so far.

# cable-car: the cable car
+ The *cable car stopped* for {25-80/5} minutes above {place} on {day}.
+ *A sensor had reported* wind that was not there.
+ *{name} talked to the {12-40} passengers* by radio the whole time.
+ *Tickets of that day* can be used again until {date}.
+ A *second sensor is fitted* next week for £{900-3400/100}.
~ Everyone was glad to be back on the ground.
~ The valley was clear and calm.
~ One couple got engaged up there.
"""

TOPICS["test"] = """
# tide-mill: the tide mill
+ The *mill ground {90-400/10} kilos* of barley on its first day in {30-70} years.
+ *Three cogs of apple wood* cracked and were replaced by {name} [overnight].
+ *Visitors are let in* at low water only, next on {date} at {time}.
+ *Flour is sold in bags* of two kilos for £{3-7}[, while it lasts].
+ The *sluice at {place}* leaks and has to be caulked before {day}.
~ The sound is like distant thunder.
~ The ducks were not impressed.
~ It smells of warm bread already.

# parking-permits: parking permits
+ *Permits cost £{35-90/5}* a year from {date}, and a second one twice as much.
+ *Visitors may park* for {2-4} hours with a paper disc.
+ *Streets round {place}* become part of the zone[, as most residents wished].
+ *Carers park free* if they show a letter to {name} at the town hall.
+ *Checks start on {day}*, and for the first two weeks nobody is fined.
~ It has been argued about for years.
~ You cannot please everybody.
~ Some will grumble, and some will sing.

# rowing-club: the rowing club
+ The *boathouse roof leaks* above rack {2-8}, and {3-9} boats got wet.
+ *Roofers from {place}* begin on {date} and need {4-12} days.
+ *{name} coaches the beginners* on {day} at {time} [from the bank].
+ *Nobody rows alone* when the water is colder than ten degrees.
+ The *old eight was sold* for £{400-1900/100}, which pays for new oars.
~ The swans are nesting and in a mood.
~ Rowers are a hardy lot.
~ It has been a wet month.

# server-room: the cooling of the server room
+ The *room reached {36-48} degrees* at {time} on {day}.
+ *One of two coolers* had a blocked filter [full of poplar fluff].
+ *{3-9} machines switched themselves off*, and no data was lost.
+ *{name} will clean the filters* every month from {date}.
+ A *spare cooler has been hired* from {place} for £{120-480/20} a week.
~ It was warm work.
~ Mail was slow, which most people did not notice.
~ The alarm did what it should.

# goat-farm: the goat farm
+ *{14-46} kids were born* between {day} and {day}.
+ The *fence along the road* was broken, and {3-8} goats walked to {place}.
+ *Milk will be fetched* at {time} instead of noon from {date}.
+ *{name} tested the herd*, and every goat is healthy.
+ *Visitors may feed hay* only, because bread made a buck ill.
~ The smallest kid follows the tractor.
~ We slept very little.
~ The grass is late after the cold spring.

# folk-museum: the open-air museum
+ A *thatched cottage from {place}* was rebuilt behind the smithy in {5-14} months.
+ *Entry is free on {day}* for people who live in the county.
+ *The smith works again* from {date}, with {name} at the bellows.
+ *Sparks burned a hole* in the hay barn's roof, so a bucket must stand ready.
+ The *tea room lost £{700-3900/100}* and will be leased out.
~ The hens have the run of the place.
~ Costumes itch, we are told.
~ The cottage still smells of peat.

# night-shelter: the night shelter
+ The *shelter had {18-44} guests* a night in {January|February|December}, {3-9} more than it has beds.
+ The *parish lends rooms* at {place} until {date}.
+ *Helpers are needed most* from {16-18}:00 to {20-23}:30 on {day}.
+ *Boots in large sizes* are wanted, and coats are not.
+ *{name} thanks a dentist* who treated {5-16} guests [without charge].
~ The soup was good, several said.
~ There was singing one night.
~ It was quiet over the holidays.

# fungus-walk: the mushroom survey
+ *{60-190} kinds of mushroom* were found in the wood near {place}.
+ *{name} found an orange one* that had not been seen there since {1950-1990}.
+ *Nothing may be picked* north of the stream [until the survey ends].
+ *A stomach ache on {day}* came from a mushroom that had been eaten raw.
+ The *next walk is on {date}* and is limited to {10-25} people.
~ One learns to walk slowly.
~ The wood was misty and smelled wonderful.
~ A lovely way to spend a morning.

# puppet-theatre: the puppet theatre
+ The *puppets travel to {place}* for {3-9} shows in {April|May|September}.
+ *A fox lost its head* during the matinée on {day} and has been glued.
+ *{name} built {6-14} new puppets* out of lime wood [over the winter].
+ *Children under four* sit at the front and pay nothing.
+ The *rent for the cellar* goes up to £{300-800/50} a month on {date}.
~ Grown-ups laughed the loudest.
~ It is a small world of its own.
~ We mend everything ourselves.

# water-meters: the new water meters
+ *Meters are being changed* in {place} from {date} on.
+ The *fitter needs {20-50/5} minutes*, and the water is off meanwhile.
+ *Leaks of more than* {10-60/5} litres an hour are reported [to the owner] by text.
+ *{name} sends another date* to anyone who is not in on {day}.
+ *Basements must be cleared* so that the pipe can be reached.
~ Nobody enjoys having strangers in the cellar.
~ Water is a serious matter.
~ It will soon be forgotten.
"""

TEMPLATES["train"] = """
@ plain-1
<1> <a> <2> <3> <b> <c>
@ plain-2
<a> <1> <2> <b> <3> <c>
@ plain-3
<1> <2> <a> <c> <3>
@ plain-4
<b> <a> <1> <2> <3> <c>
@ mail-round
Hello everyone,
a short note about <about>. <1> <2> <a> <3>
Best wishes
{name}
@ mail-late
Dear all, sorry that this comes so late. <1> <a> <2> And before I forget: <3l> See you soon, {name}
@ mail-formal
Dear members,
we write to you concerning <about>. <1> <a> <2> We would also ask you to note the following. <3>
Yours faithfully,
{name}, for the committee
@ mail-forward
From: {name}
Subject: Fwd: <about>
> <1> <2>
> <a> <b>
> <3>
Passing this on, {name}
@ mail-thread
{name} wrote on {day}:
<1> <a>
{name} replied:
Thanks. From my side: <2> <3> <b>
@ mail-ps
Hi {name}, you asked what is new with <about>. <1> <a> <2> <b> More when we meet!
PS: <3>
@ minutes-short
Minutes, {date}. Present: {name}, {name}, {name}.
1. <1>
2. <2> <a>
3. <3>
Any other business: none.
@ minutes-long
Meeting about <about>, {date}
Apologies: {name}. The last minutes were read and signed. <1> <a> <2> <b> <3> The meeting closed at {time}.
@ minutes-reported
{name} took the chair and {name} took the notes. It was reported that <1l> <a> It was also reported that <2l>
Lastly, the chair told us that <3l>
@ minutes-terse
Mtg {date}, re <about>
- <1x>
- <2x>
- <a>
- <3x>
- next mtg: to be fixed
@ notice-board
NOTICE
<about>
<1> <2> <a> <3> <b>
Signed: {name}
@ notice-attention
Attention, please! <1> <a> Please note as well: <2l> <b> And finally: <3l>
@ notice-door
To whoever reads this door: <1l> <2> <3> <a> Questions? Ask for {name}.
@ poster
*** <about> ***
<1x> * <2x> * <3x>
<a> <b>
Come and ask us at {place}.
@ list-five
Five things about <about>:
1) <1>
2) <a>
3) <2>
4) <3>
5) <b>
@ list-four
What to know this week
* <1x>
* <2x>
* <a>
* <3x>
<b> (put together by {name}, who is glad of corrections)
@ list-letters
a. <a>
b. <1>
c. <2>
d. <b>
e. <3>
That is all from {name} for this week.
@ log-times
Log book, {day}
07:10 All quiet.
08:40 <1>
11:25 <2> <a>
15:05 <3>
18:00 Handed over to {name}.
@ log-days
Mon: <1x>
Tue: nothing to report
Wed: <2x>
Thu: <a>
Fri: <3x>
Sat: off, {name} on call
@ report-incident
INCIDENT REPORT
Written by: {name}
About: <about>
What happened and what follows: <1> <2> <a> <3>
Filed without photographs.
@ report-findings
Summary of findings. First, <1l> Second, <2l> Third, <3l> <a> The author thanks {name} for reading a draft.
@ report-quarter
Quarterly report on <about>. The quarter was a mixed one. <a> <1> <2> <b> Looking ahead, one more point: <3l>
@ report-audit
Ref. {100-900}/B. The undersigned visited on {date} and states: <1> <a> <2> It was further noted: <3l>
@ field-notes
Field notes, {name}. Up early. <a> <1> Had a sandwich. <2> <b> <3> Home by dark.
@ field-dated
{2-8} May. <1> <a>
{9-17} May. <2>
{18-28} May. <3> <b>
@ diary
Dear diary, what a day. <a> The important part first: <1l> Then I heard that <2l> And tonight {name} told me: <3l>
@ chat-two
{name1}: any news?
{name2}: yes. <1>
{name1}: oh! anything else?
{name2}: <2> <a>
{name1}: ok
{name2}: and <3l>
@ chat-group
{name1}: <1x>
{name2}: noted
{name1}: <2x>
{name3}: <a>
{name1}: last one: <3lx>
{name2}: thanks, will tell the others
@ text-message
hi its {name}, quick one re <about>... <1lx>... <2lx>. <a> oh and <3lx>. call you later x
@ voice-mail
Voice message for {name}: hello, it's me again, you never pick up. So, um, <1l> Right, and <2l> <a> What else, yes: <3l> Bye!
@ phone-note
Phone call taken by {name} at {time}. Caller says <1lx>. Caller also says <2lx>. <a> Third point: <3lx>. No call back needed.
@ newsletter
From our newsletter: Spring is in the air, and there is plenty to tell about <about>. <1> <a> <2> <b> <3> Happy reading!
@ newsletter-corner
{name}'s corner
This month: <about>. <1> <2> I for one am curious. <a> <3>
@ news-item
{place}, {date}. <1> <2> A spokesman said: "<a> <b>" <3>
@ news-lead
<1> That was made known on {day}. <2> <a> <b> <3> More in the next issue.
@ radio
Good morning, this is the local news with {name}. <1> <2> <3> <a> And now the weather.
@ interview
Q: What is happening with <about>?
A: <1> <a>
Q: What does that mean for people?
A: <2>
Q: Anything more?
A: <3>
@ faq
What is new? <1> Is that all? No: <2l> And what should I keep in mind? <3> Anything nice to end with? <a>
@ correction
A correction to last week's note on <about>, which had three things wrong. <1> <2> <3> <a> {name} regrets the errors.
@ scrub-that
Notes for {name}. The hall is booked, no, scrub that. <1> <a> <2> Hm, where was I? <3>
@ reminder
Second reminder! Some of you have not read the first. <1> <2> <a> <3> There will be no third reminder.
@ speech
Ladies and gentlemen, friends, let me be brief. <a> <1> <2> <3> I thank you, and the buffet is open.
@ blog
So, <about>: an update. I promised {name} to write this down. <1> <2> <a> <b> Which leaves one thing. <3> Comments are open.
@ letter-paper
My dear {name}, thank you for your long letter. You wanted to hear about <about>. <1> <a> <2> <3> Do write soon. Yours, {name}
@ hand-over
Hand-over to the late shift. Done: <1l> Please remember: <2l> Also, <3l> <a> Keys are in the drawer.
@ ticket
Ticket {100-990} | open | owner: {name}
Text: <1> <2> <a>
Update {date}: <3> <b>
@ slides
Slide 1: <about>
Slide 2: <1x>
Slide 3: <2x>
Slide 4: <3x>
Speaker's note: <a> <b>
@ bulletin
BULLETIN NO. {3-90} // <1> // <2> // <a> // <b> // <3> // END
@ brackets
<1> (<a>) <2> (<b>) <3> (<c>)
@ opinion
Some people will not like this, but here it is. <1> <2> I think that is fair. <3> <a>
@ agenda
Agenda for {day}, {time}
Item 1, for information: <1l>
Item 2, for decision: <2l>
Item 3, for information: <3l>
Item 4: tea. <a>
@ translated
(Translated from the original by {name}.) <a> <1> <2> <b> <3>
@ dictation
<1> Full stop. New paragraph. <2> <a> Full stop. New paragraph. <3> End of dictation.
@ ship-log
Captain's log. <1> Aye. <2> So noted. <a> <3> Aye, aye.
@ quiz-master
Right! <1> Next. <2> <a> Next. <3> Good.
@ interrupted
<1> (Cough.) <2> Sorry. <a> Where was I? Ah. <3> Done.
@ auction
Item one. <1> Sold! Item two. <2> Sold! <a> Item three. <3> Gone.
@ stage-play
{name1}: <1>
{name2}: No!
{name1}: <2> <a>
{name2}: Indeed?
{name1}: <3>
Curtain.
@ tick-list
[x] <1x>
[x] <2x>
[ ] <a>
[x] <3x>
done: {name}
@ numbered-page
Page {2-9} of 12, typed on {date}
<a> <1> <2>
Page {10-12} of 12
<3> <b>
@ inspection-head
Inspection of {date}, {time}, overcast, {3-19} degrees.
Present: {name}, {name}.
<1> <a> <2> <3>
@ village-voice
From the village. Winter is long, the stove is warm, and {name} has the pen. <a> <1> <2> <3> Keep well.
@ edited-by
# <about>
Edited by {name} on {date}, checked by {name}.
<b> <1> <2> <a> <3>
@ counter-slips
slip 1: <a>
slip 2: <1x>
slip 3: <2x>
slip 4: <b>
slip 5: <3x>
"""

TEMPLATES["dev"] = """
@ memo
MEMO to all staff / from {name}
<1> <2> <a> It remains to be said that <3l> Please file.
@ inbox-digest
Your digest for {day}: one subject, <about>. <b> <1> In the same post: <2l> <a> Also in: <3l>
@ parish-magazine
From the parish magazine. The days draw in, and yet there is news of <about>. <a> <1> <2> <3> With a warm handshake, {name}
@ walkie-talkie
{name1} to base, come in. <1> Over.
Base here, go on.
<2> <a> Over.
Understood. Anything more?
<3> Over and out.
@ site-visit
Site visit, {date}, dry, light wind. On arrival: <a> Noted on the spot: <1l> Then: <2l> Before leaving: <3l> <b>
@ postcard
Greetings from {place}! The soup is thin, the company good. <1> <2> <3> <a> Love, {name}
@ council-question
A councillor asked about <about>. The written answer reads: <1> <2> The councillor asked for more. <3> <a> That was all.
@ table-rows
no. | entry
1 | <a>
2 | <1x>
3 | <2x>
4 | <3x>
checked by {name}
@ shift-book
EARLY: <1>
LATE: <2>
NIGHT: <3>
Remarks: <a> <b> ({name})
@ rumours
You will have heard rumours, so here are the facts from {name}. <1> <2> <b> <3> As for the rest, believe nothing.
@ loudspeaker
Your attention, this is a message for all. <1> I repeat, do listen. <2> <a> <3> Thank you, that was all.
@ wiki-page
== <about> ==
Page last changed by {name} on {date}.
<1> <a> <2> <b> <3>
@ annotated
<1> [A reader adds: <a>] <2> [Another reader: <b>] <3>
"""

TEMPLATES["test"] = """
@ telegram
URGENT FOR {name} STOP <1> STOP <2> STOP <3> STOP <a> STOP REGARDS
@ annual-letter
Another year is over, dear friends of the house, and it is time to account for <about>. <1> <a> <2> <b> <3> Gratefully, {name}
@ hotline-script
If callers ask about <about>, say this: "<1> <2>" If they go on asking, add: "<3>" Never argue. <a>
@ sticky-notes
pink note: <1x>
green note: <2x>
torn note: <a>
blue note: <3x>
all in {name}'s hand
@ witness
{name} states: I was there from the beginning. <a> <1> <2> I have also been told: <3l> I have nothing to add.
@ podcast
Welcome back to the show, I'm {name}. Today's subject is <about>. <b> <1> Wait, there is more. <2> <a> And to close: <3l>
@ cover-note
Enclosed please find the papers on <about>. In a nutshell: <1l> Furthermore, <2l> <a> Finally, <3l> Yours, {name}
@ rundown
<about>, the rundown
(i) <1>
(ii) <2>
(iii) <b>
(iv) <3>
(v) <a>
@ grandmother
Child, listen to your grandmother. <1> Eat something. <2> <a> And mind you remember this too: <3l>
@ changelog
Changes since {date}
+ <1x>
+ <2x>
+ <3x>
~ no change: <a>
~ thanks to {name} and {name}
@ evening-talk
After supper {name} told us about <about>. <a> <1> We asked for more. <2> <3> It was late when we went home.
@ form-fields
Subject: <about>
Reported by: {name}
Fact: <1x>
Fact: <2x>
Remark: <a> <b>
Fact: <3x>
@ bottle-post
To the finder of this bottle: the ink is running out, so only what matters. <1> <2> <3> <a> Farewell, {name}
"""

FILLERS = {}

FILLERS["train"] = """
As you can imagine, everyone had an opinion about it.
We will say more as soon as there is more to say.
Thank you for reading this far.
It could have been a great deal worse.
Opinions differ on whose idea it was.
This has been talked about a good deal, mostly on the stairs.
Nobody is to blame.
There was coffee, and it was hot for once.
Please tell your neighbours, because not everybody reads what we write.
The mood was good all the same.
I shall keep this short, since you have other things to do.
Some of it you may know already.
We have been asked about this more than once.
It is not how we would have wished it.
The rest went as it usually does.
If anything is unclear, just ask.
There was a short silence, and then somebody laughed.
Those who were there will not forget it soon.
It may sound odd, but it is true.
We are grateful to all who lent a hand.
No decision is ever liked by everyone.
Once again, things turned out differently from what we thought.
A long discussion followed, which need not be repeated here.
You may have seen something about it in the paper.
Patience is asked for, and a little humour.
To be honest, none of us saw it coming.
The usual people grumbled in the usual way.
It was late by then, and most of us were tired.
Somewhere a door kept banging.
Whether that is wise, time will tell.
The tea was cold by the end.
Make of that what you will.
It made me smile, I must say.
Nobody had slept much.
One does what one can.
There is a lesson in it somewhere.
It is nice to have something to report.
The old hands shook their heads.
Life is full of surprises.
Believe it or not, this was the short version.
I am told that I talk too much, so I will go on.
All in all, a week like any other.
{name} laughed out loud at that.
{name}, who was there, still talks of nothing else.
You know {name}, always the first to complain.
On {day} we sat together for a long time.
The sun came out at {time}, for what it is worth.
{place} was quiet, as it mostly is.
Even {name} had nothing to say, which is rare.
{name} sends regards to everyone.
It reminded {name} of the old days.
We were {3-9} at the table, and the mood was fine.
I wrote this down on {date}, with a bad pen.
Last {spring|summer|autumn|winter} nobody would have believed it.
There were at least {20-90} opinions in the room.
A dog barked.
Sometimes you have to laugh.
It took some getting used to.
Feelings run high, as you might expect.
That is how it goes.
We have seen worse, and we have seen better.
You could hear a pin drop.
Honestly, I had expected more fuss.
The weather played its part, as it does.
Some were pleased, some were not.
Let us leave it at that.
The wheels turn slowly, but they do turn.
It has been on everyone's lips.
I need not tell you how I felt.
We shall look back on this with a smile.
"""

FILLERS["dev"] = """
There is little to add to that.
We owe you an explanation, so here it is.
Not everyone will be pleased, which we understand.
The matter has kept us busy for weeks.
Anyone who has followed it will nod at this point.
A round of applause followed.
You will forgive the dry tone.
It has been quite a year in that respect.
There were sandwiches, though not enough.
We hope for your goodwill, as ever.
Someone at the back coughed.
The details are tedious and best left out.
{name} told a joke that nobody understood.
The candles had burned down by {time}.
{name} was, for once, on time.
That was the talk of {day}.
It is worth a thought.
"""

FILLERS["test"] = """
So much for the good intentions.
One gets used to everything, they say.
We thought you would like to hear it from us.
It made for a lively evening.
The reasons are many and hardly matter now.
Nothing about this is meant as a complaint.
There was much shaking of heads.
All of us wish it had been simpler.
Do pass it on, if you would.
For a moment nobody spoke.
It is the talk of the neighbourhood.
Better news may come another day.
{name} kept looking at the clock.
{name} has always said so.
The rain stopped at about {time}.
At {place} they would have laughed.
So it goes.
"""

HEADS = {}  # lines that go before or after a text without being part of what it says
TAILS = {}

HEADS["train"] = """
From the desk of {name}
Written on {date}
{place}, {day} evening
Page {2-9} of {10-30}
To: {name}; copy to: {name}
Ref. {100-990}
For information only
(posted by {name} at {time})
Draft {2-9}, read by {name}
{day}, {time}, {place}
Subject: news
PLEASE READ
Received on {date}
Author: {name}
Last changed on {date} by {name}
Dry, mild, a light wind from the west
No. {12-90}, {date}
Hi all,
Good evening!
Week {3-50}
"""

HEADS["dev"] = """
Entered by {name} on {day}
File {30-90}, sheet {2-9}
A word in your ear
{date}, in a hurry
Circulated by {name}
"""

HEADS["test"] = """
Kept by {name} since {date}
Card {20-90}
Before breakfast, {day}
Read aloud by {name}
{place}, at the usual table
"""

TAILS["train"] = """
Typed by {name}
See you on {day}!
-- {name}
Printed at {place}
Please pass this on to {name}.
End of page {2-9}
All the best from {place}
Seen by {name} on {date}
Yours, {name}
Thanks for your time.
(more on page {2-9})
Sent at {time}
"""

TAILS["dev"] = """
With thanks to {name} for the paper
Put up by {name}, {date}
That is all for {day}.
Greetings, {name}
"""

TAILS["test"] = """
Signed at {time} by {name}
Till next time, {name}
Kindly return to {place}.
{name} has read this.
"""

PEOPLE = {
    "train": """Adela Norwin Brenna Calder Cosima Dorrit Edda Falk Gideon Hesper Imke Jorun Kestrel Lorcan Maren Nial Odile
Piran Quilla Rufus Senna Tamsin Ulric Verity Wenna Yorick Zelda Alard Briony Corin Delphine Emrys Fenella Gethin Hanne
Ivo Jessamy Kerensa Leander Morwen""",
    "dev": "Anselm Bettina Crispin Dagny Eluned Fergus Greta Hollis Isolde Jago Katrin Lowen Mirabel Nestor Oriel Pascoe",
    "test": "Aldous Birgit Clemency Dermot Elspeth Florian Gwenda Hector Ingrid Jocasta Kenver Lisbet Marek Nerys Osric Petra",
}
PLACES = {
    "train": """Alderwick|Brackenford|Cold Marsh|Dunmere|East Harrow Bridge|Fallowby|Greystone Quay|Hollin Green|Ivelbury|
Kettlesham|Low Farthing|Marrowdale|Nether Sedge|Oakhanger Street|Penhollow|Quarn|Ravensby Square|Saltcote|Thornwater|
Upper Wend|Vellacott|Whinmoor|Yarrow Street|the Old Customs House|the Linden School|the Miller's Arms|St Orrin's Hall""",
    "dev": """Aysgill|Birchover Park|Culmstock Bay|Drakeholm|Emberley|Fox Hollow|Garnock|Hythe Corner|Kingsferrow|
the Corn Exchange|St Wenna's|Little Tarrant""",
    "test": """Ashgrove|Bellmouth|Carrow Sands|Dellbrook|Eastlow|Fenwater Row|Gilderton|Hawkstone|Long Pelham|the Assembly Rooms|
St Brannoc's|Orchard Hill""",
}
DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
MONTHS = "January February March April May June July August September October November December".split()
CAPITALS = ("Captain", "Dr", "Mill Lane")  # what begins with a capital wherever it stands
_SLOT = re.compile(r"\{([^{}]+)\}")
_RANGE = re.compile(r"(\d+)-(\d+)(?:/(\d+))?")
_POOL = re.compile(r"(name|place|day|date|time)(\d?)")
_BRACKETS = re.compile(r"\[([^\[\]]*)\]")
_STARS = re.compile(r"\*([^*]+)\*")
_PART = re.compile(r"<(about|[123abc])([lx]*)>")
_WORD = re.compile(r"\S*\w\S*")


@dataclass(frozen=True)
class Topic:
    """What a text can be about: `keys` are marked-up sentences that a summary names, `asides` the ones it leaves out."""

    name: str
    about: str
    keys: tuple[str, ...]
    asides: tuple[str, ...]


class Slots:
    """Fills the slots of one text; what is drawn from a pool is not drawn again in the same text."""

    def __init__(self, split: str, rng: random.Random) -> None:
        self._rng = rng
        self._pools = {
            "name": rng.sample(PEOPLE[split].split(), len(PEOPLE[split].split())),
            "place": read_places(split),
            "day": list(DAYS),
            "date": [f"{rng.randint(1, 28)} {month}" for month in MONTHS],
            "time": self._times(),
        }
        for pool in self._pools.values():
            rng.shuffle(pool)
        self._kept: dict[str, str] = {}

    def fill(self, text: str) -> str:
        return _SLOT.sub(lambda match: self._value(match[1]), text)

    def _value(self, slot: str) -> str:
        if pool := _POOL.fullmatch(slot):
            if not pool[2]:
                return self._pools[pool[1]].pop()
            if slot not in self._kept:
                self._kept[slot] = self._pools[pool[1]].pop()
            return self._kept[slot]
        if span := _RANGE.fullmatch(slot):
            number = self._rng.randrange(int(span[1]), int(span[2]) + 1, int(span[3] or 1))
            return f"{number:,}" if number >= 3000 else str(number)
        return self._rng.choice(slot.split("|"))

    def _times(self) -> list[str]:
        rng = self._rng
        return [
            *(f"{rng.randint(6, 21)}:{rng.choice(('00', '05', '15', '30', '40', '45'))}" for _ in range(4)),
            *(f"{rng.randint(5, 11)}.{rng.choice(('15', '30', '45'))}" for _ in range(2)),
            *rng.sample(["seven o'clock", "noon", "half past five", "8 am", "6 pm", "a quarter past nine"], 2),
        ]


def read_topics(source: str) -> list[Topic]:
    """Topics from their blocks: `# name: about`, then lines that begin with + (key sentence) or ~ (aside)."""
    topics = []
    for block in source.strip().split("\n\n"):
        head, *lines = block.split("\n")
        name, _, about = head.removeprefix("# ").partition(": ")
        keys = tuple(line[2:] for line in lines if line.startswith("+ "))
        asides = tuple(line[2:] for line in lines if line.startswith("~ "))
        topics.append(Topic(name, about, keys, asides))
    return topics


def read_templates(source: str) -> dict[str, str]:
    """Templates by name: a line `@ name`, then the template's lines."""
    parts = (part.split("\n", 1) for part in source.strip().removeprefix("@ ").split("\n@ "))
    return {name: body.strip() for name, body in parts}


def lower_first(sentence: str) -> str:
    """The sentence as it stands after other words: with a small letter, unless it begins with a name."""
    names = (name for split in COUNTS for name in (*PEOPLE[split].split(), *read_places(split)))
    if sentence.startswith((*CAPITALS, *DAYS, *MONTHS, *names)):
        return sentence
    return sentence[0].lower() + sentence[1:]


def read_places(split: str) -> list[str]:
    return [place.strip() for place in PLACES[split].split("|")]


def upper_first(sentence: str) -> str:
    return sentence[0].upper() + sentence[1:]


def write_example(template: str, topic: Topic, split: str, rng: random.Random) -> tuple[str, str, list[str]]:
    """One text, the reply to it and its key phrases."""
    slots = Slots(split, rng)
    keys = [slots.fill(topic.keys[place]) for place in sorted(rng.sample(range(len(topic.keys)), 3))]
    phrases = [_BRACKETS.sub("", match[1]) for key in keys for match in _STARS.finditer(key)]
    keys = [_STARS.sub(r"\1", key) for key in keys]
    parts = {"about": topic.about}
    parts |= {str(place): upper_first(_BRACKETS.sub(r"\1", key)) for place, key in enumerate(keys, start=1)}
    fillers = rng.sample(FILLERS[split].strip().split("\n"), 3)
    for letter, aside, filler in zip("abc", rng.sample(topic.asides, 3), fillers, strict=True):
        both = (f"{aside} {filler}", f"{filler} {aside}", aside, filler)
        parts[letter] = rng.choices(both, weights=(4, 2, 3, 1))[0]

    def put(match: re.Match[str]) -> str:
        part = parts[match[1]]
        if "l" in match[2]:
            part = lower_first(part)
        return part.rstrip(".") if "x" in match[2] else part

    text = slots.fill(_PART.sub(put, template))
    if rng.random() < 0.3:
        text = f"{slots.fill(rng.choice(HEADS[split].strip().splitlines()))}\n{text}"
    if rng.random() < 0.25:
        text = f"{text}\n{slots.fill(rng.choice(TAILS[split].strip().splitlines()))}"
    text = "\n".join(upper_first(line) if line.startswith(topic.about) else line for line in text.split("\n"))
    bullets = [upper_first(re.sub(r"\s+(?=[.,:])", "", _BRACKETS.sub("", key)).replace("  ", " ")) for key in keys]
    return text, "\n".join(f"- {bullet}" for bullet in bullets), phrases


def count_words(text: str) -> int:
    """Pieces between white space with a letter or digit in them."""
    return len(_WORD.findall(text))


def fits(text: str, reply: str) -> bool:
    """Whether text and bullets have the right length, and no two sentences of the text are the same."""
    lengths = [count_words(line[2:]) for line in reply.split("\n")]
    in_range = FEWEST_WORDS <= count_words(text) <= MOST_WORDS
    return in_range and min(lengths) >= SHORTEST_BULLET and max(lengths) <= LONGEST_BULLET


def make_split(split: str) -> list[dict[str, object]]:
    """The examples of one split: every template and every topic about equally often."""
    rng = random.Random(f"{SEED} {split}")
    topics, templates = read_topics(TOPICS[split]), read_templates(TEMPLATES[split])
    width = 4 if split == "train" else 3
    lines: list[dict[str, object]] = []
    seen: set[str] = set()
    waiting_topics: list[Topic] = []
    waiting_names: list[str] = []
    while len(lines) < COUNTS[split]:
        waiting_topics = waiting_topics or rng.sample(topics, len(topics))
        waiting_names = waiting_names or rng.sample(list(templates), len(templates))
        topic, name = waiting_topics.pop(), waiting_names.pop()
        for _ in range(200):
            text, reply, gold = write_example(templates[name], topic, split, rng)
            if fits(text, reply) and text not in seen and reply not in seen:
                break
        else:
            continue  # this topic's sentences are too short for this template
        seen |= {text, reply}
        number = f"{len(lines) + 1:0{width}}"
        lines.append(
            {
                "id": f"{split}-{number}",
                "topic": topic.name,
                "template": name,
                "text": text,
                "reply": reply,
                "gold": gold,
            }
        )
    return lines


def main() -> None:
    for split in COUNTS:
        rows = (json.dumps(line, ensure_ascii=False) for line in make_split(split))
        (HERE / f"{split}.jsonl").write_bytes(("\n".join(rows) + "\n").encode())


if __name__ == "__main__":
    main()
