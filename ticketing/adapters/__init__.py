"""Outside systems that ticketing speaks to."""
