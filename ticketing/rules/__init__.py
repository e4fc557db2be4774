"""Pure rules of the room: no clock, no database, no network."""
