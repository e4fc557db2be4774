"""The bot states no facts of its own: the desk tells what it answered and opened."""

FACTS: tuple[type, ...] = ()
