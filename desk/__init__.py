"""Conversations, agents, whose turn it is. Door: events."""
