"""One outside system or engine each, behind a Protocol of the room."""
