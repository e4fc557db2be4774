"""What will happen, worked out before it does: pure functions of the seed, the city's data and the calendar."""
