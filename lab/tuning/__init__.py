"""Learning a behaviour: styles and their rules, training an adapter, measuring how well it keeps the rules."""
