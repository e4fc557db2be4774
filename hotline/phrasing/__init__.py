"""The texts people are sent, as administrators word them: what the rooms' tables hold is the default."""
