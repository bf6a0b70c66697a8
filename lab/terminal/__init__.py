"""The terminal's side of the lab: arguments in, text or JSON out."""
