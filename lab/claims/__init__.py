"""The ledger: what the five documents claim, the rule that was written down before the run, and what came out."""
