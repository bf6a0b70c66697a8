CREATE TABLE boats (
  id INTEGER PRIMARY KEY,
  name TEXT,
  kind TEXT,
  colour TEXT,
  seats INTEGER,
  price INTEGER,  -- pounds an hour
  built INTEGER  -- year
);

INSERT INTO boats VALUES
  (1, 'Heron', 'canoe', 'green', 2, 11, 2009),
  (2, 'Wren', 'canoe', 'red', 2, 12, 2014),
  (3, 'Teal', 'canoe', 'blue', 3, 14, 2018),
  (4, 'Dunlin', 'canoe', 'yellow', 4, 17, 2021),
  (5, 'Plover', 'kayak', 'red', 1, 9, 2016),
  (6, 'Linnet', 'kayak', 'yellow', 1, 8, 2011),
  (7, 'Siskin', 'kayak', 'blue', 2, 13, 2019),
  (8, 'Dipper', 'kayak', 'green', 2, 10, 2006),
  (9, 'Curlew', 'punt', 'green', 6, 21, 1999),
  (10, 'Avocet', 'punt', 'white', 8, 26, 2004),
  (11, 'Bittern', 'punt', 'black', 5, 19, 2012),
  (12, 'Egret', 'punt', 'red', 7, 24, 2015),
  (13, 'Kestrel', 'dinghy', 'white', 4, 28, 2013),
  (14, 'Merlin', 'dinghy', 'blue', 3, 25, 2017),
  (15, 'Swift', 'dinghy', 'red', 5, 32, 2022),
  (16, 'Petrel', 'dinghy', 'yellow', 4, 29, 2008),
  (17, 'Osprey', 'launch', 'white', 10, 48, 2015),
  (18, 'Gannet', 'launch', 'blue', 12, 55, 2020),
  (19, 'Puffin', 'launch', 'black', 8, 42, 2010),
  (20, 'Fulmar', 'launch', 'red', 9, 46, 2001),
  (21, 'Grebe', 'rowboat', 'green', 3, 15, 2003),
  (22, 'Whimbrel', 'rowboat', 'white', 4, 16, 2001),
  (23, 'Knot', 'rowboat', 'red', 5, 18, 2007),
  (24, 'Godwit', 'rowboat', 'black', 6, 20, 2023),
  (25, 'Sanderling', 'rowboat', 'yellow', 2, 22, 2019),
  (26, 'Turnstone', 'kayak', 'white', 1, 7, 2005),
  (27, 'Shoveler', 'punt', 'blue', 6, 23, 2018),
  (28, 'Wigeon', 'canoe', 'black', 3, 30, 2024);
