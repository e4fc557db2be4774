"""A month of a city in an hour: planned by a seed, played through the house's own routes, checked from end to end."""
