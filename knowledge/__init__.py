"""What the hotline knows and may quote. Doors: library, model, events."""
