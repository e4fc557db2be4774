"""Citizens' suggestions (建言献策). Doors: suggestions, model, events."""
