"""The colours that carry the subject on every plot; each holds on a light and on a dark page, and for colour-blind eyes."""

from __future__ import annotations

BLUE = "#2468b8"  # knowledge, looked up
ORANGE = "#c25e00"  # behaviour, learned
GREY = "#8d929b"  # neither
DARK = "#5c626c"
RED = "#b3261e"
GREEN = "#1a7f5a"
VIOLET = "#75539e"
INTERVAL = "#7d8794"  # bars of an interval
