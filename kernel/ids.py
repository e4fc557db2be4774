"""Identifiers: time-ordered ids for rows, unguessable codes for people."""

import secrets

import uuid_utils

CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def new_id() -> str:
    """A new time-ordered id (UUID version 7) as 32 hex digits."""
    return uuid_utils.uuid7().hex


def new_code(length: int = 6) -> str:
    """An unguessable code a person can read out: no 0/O, 1/I/L."""
    left = secrets.randbelow(len(CODE_ALPHABET) ** length)
    digits = []
    for _ in range(length):
        left, digit = divmod(left, len(CODE_ALPHABET))
        digits.append(CODE_ALPHABET[digit])
    return "".join(digits)


def new_token() -> str:
    """An unguessable token for machines, URL-safe, 256 bits."""
    return secrets.token_urlsafe(32)
