"""How citizens reach the desk: one adapter a platform, messages into the mailbox and out of it. Door: events."""
