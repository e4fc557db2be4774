"""Tickets: their life, clocks, dispatch to member units, repeats. Doors: tickets, queries, model, events."""
