"""The values of ticketing: words, the ticket, duties, acts, privacy, rulings, presence, speech, a module each."""
