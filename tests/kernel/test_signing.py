"""Signed tokens: made by us, for one purpose, for a time."""

from datetime import timedelta

import pytest

from kernel.clock import ManualClock
from kernel.errors import NotAllowed
from kernel.signing import Signer


@pytest.fixture
def signer(clock: ManualClock) -> Signer:
    """A signer with a key."""
    return Signer(b"s" * 32, clock)


def code_of(signer: Signer, purpose: str, token: str) -> str:
    with pytest.raises(NotAllowed) as refused:
        signer.verify(purpose, token)
    return refused.value.code


def test_a_token_carries_its_payload(signer: Signer) -> None:
    assert signer.verify("track", signer.sign("track", "FS202603160001")) == "FS202603160001"
    assert signer.verify("track", signer.sign("track", "市民")) == "市民"


def test_a_token_is_worthless_for_another_purpose(signer: Signer) -> None:
    assert code_of(signer, "file", signer.sign("track", "FS1")) == "bad_token"


def test_a_token_of_another_key_is_refused(signer: Signer, clock: ManualClock) -> None:
    assert code_of(signer, "track", Signer(b"t" * 32, clock).sign("track", "FS1")) == "bad_token"


@pytest.mark.parametrize("junk", ["", ".", "a.b", "W10.x", "e30.AAAA", "🙂", "x" * 10_000])
def test_junk_is_refused(signer: Signer, junk: str) -> None:
    assert code_of(signer, "track", junk) == "bad_token"


def test_every_changed_character_is_noticed(signer: Signer) -> None:
    token = signer.sign("track", "FS202603160001")
    for at, character in enumerate(token):
        changed = token[:at] + ("A" if character != "A" else "B") + token[at + 1 :]
        assert code_of(signer, "track", changed) == "bad_token"


def test_a_token_ends_when_its_time_is_over(signer: Signer, clock: ManualClock) -> None:
    token = signer.sign("file", "f1", timedelta(hours=12))
    clock.advance(timedelta(hours=11, minutes=59))
    assert signer.verify("file", token) == "f1"
    clock.advance(timedelta(minutes=2))
    assert code_of(signer, "file", token) == "token_expired"


def test_a_token_fits_into_an_address(signer: Signer) -> None:
    token = signer.sign("track", "FS202603160001/…?&#", timedelta(days=180))
    assert set(token) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.")
