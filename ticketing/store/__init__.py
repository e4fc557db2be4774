"""Ticketing's tables: tickets with their units and history, the catalogue of matters."""
