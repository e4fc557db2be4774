"""Rows of the knowledge room: entries and their versions, what became of answers, questions, corrections."""
