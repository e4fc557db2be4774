"""Understands, answers, opens tickets. Doors: assistant, model, events."""
