"""Seals personal data for storage, and indexes it blindly so that equal values can be found."""

import base64
import binascii
import hashlib
import hmac
import os
import re
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from kernel.chinese import normalise
from kernel.errors import Invalid
from kernel.phones import phone_digits

_KEY_BYTES = 32
_NONCE_BYTES = 12
_KEY_NAME = re.compile(r"[A-Za-z0-9_-]{1,32}")
_PERSON_KEY = "person_key"
_OTHERS = 0o077


class Sealer(Protocol):
    """Seals a text so that it opens only in the same context (field name and row id)."""

    def seal(self, text: str, context: str) -> str: ...
    def open(self, sealed: str, context: str) -> str: ...


class Vault:
    """AES-256-GCM under the current key; values sealed under the other keys still open.

    ``index_key`` names the key that ``blind_index`` is derived from; by default the first of ``keys``, so that
    adding keys leaves stored indexes valid. Taking that key away means computing every index anew.
    """

    def __init__(self, keys: Mapping[str, bytes], current: str, index_key: str | None = None) -> None:
        index_key = index_key or next(iter(keys), current)
        if current not in keys or index_key not in keys:
            raise Invalid(code="vault_key_missing")
        if not all(_KEY_NAME.fullmatch(name) and len(key) == _KEY_BYTES for name, key in keys.items()):
            raise Invalid(code="vault_key_malformed")
        self._current = current
        self._ciphers = {name: AESGCM(_derive(key, b"seal")) for name, key in keys.items()}
        self._index_key = _derive(keys[index_key], b"blind index")

    def seal(self, text: str, context: str) -> str:
        """``v1.<key name>.<nonce and ciphertext>``; different each time. ``context``: field name and row id."""
        return f"v1.{self._current}.{_seal(self._ciphers[self._current], text, self._bound(self._current, context))}"

    def open(self, sealed: str, context: str) -> str:
        """The text again. Raises Invalid(code="sealed_value_broken") unless value, key and context are as sealed."""
        version, name, body = _parts(sealed)
        cipher = self._ciphers.get(name)
        if version != "v1" or cipher is None:
            raise Invalid(code="sealed_value_broken")
        return _open(cipher, body, self._bound(name, context))

    def is_current(self, sealed: str) -> bool:
        """False if the value is sealed under an older key and should be sealed again."""
        return _parts(sealed)[1] == self._current

    def blind_index(self, kind: str, value: str) -> str:
        """The same 64 hexadecimal digits for the same value of ``kind``, however it is written; says nothing else."""
        message = f"{kind}\0{_plain(kind, value)}".encode()
        return hmac.new(self._index_key, message, hashlib.sha256).hexdigest()

    @staticmethod
    def _bound(name: str, context: str) -> bytes:
        return f"v1\0{name}\0{context}".encode()


class PersonSealer:
    """Seals under one person's own key; without that key nothing of it can be read again."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(_derive(key, b"person"))

    def seal(self, text: str, context: str) -> str:
        return f"p1..{_seal(self._cipher, text, self._bound(context))}"

    def open(self, sealed: str, context: str) -> str:
        version, _, body = _parts(sealed)
        if version != "p1":
            raise Invalid(code="sealed_value_broken")
        return _open(self._cipher, body, self._bound(context))

    @staticmethod
    def _bound(context: str) -> bytes:
        return f"p1\0{context}".encode()


def new_person_key(vault: Sealer) -> str:
    """A fresh key for one person, wrapped by the vault; deleting this string makes the person's data unreadable."""
    return vault.seal(_to_text(new_key()), _PERSON_KEY)


def with_person_key(vault: Sealer, wrapped: str) -> PersonSealer:
    """The sealer of the person whose wrapped key this is."""
    return PersonSealer(_to_bytes(vault.open(wrapped, _PERSON_KEY)))


def rewrap_person_key(vault: Sealer, wrapped: str) -> str:
    """The same person's key wrapped under the vault's current key."""
    return vault.seal(vault.open(wrapped, _PERSON_KEY), _PERSON_KEY)


def new_key() -> bytes:
    """32 random bytes."""
    return secrets.token_bytes(_KEY_BYTES)


def key_name(key: bytes) -> str:
    """A short name for a key that tells nothing about it, to put into ``keys``."""
    return hashlib.sha256(b"key name\0" + key).hexdigest()[:8]


def load_or_make_key(path: Path) -> bytes:
    """The key in a file; made on first use, readable by its owner only (file 0600, folder 0700).

    Raises Invalid: key_file_open_to_others if group or others may read it, key_file_broken if it holds no key.
    """
    path = path.expanduser()
    if not path.exists():
        _write_key(path)
    if path.stat().st_mode & _OTHERS:
        raise Invalid(code="key_file_open_to_others", path=str(path))
    try:
        key = _to_bytes(path.read_text("ascii").strip())
    except (Invalid, UnicodeDecodeError):
        raise Invalid(code="key_file_broken", path=str(path)) from None
    if len(key) != _KEY_BYTES:
        raise Invalid(code="key_file_broken", path=str(path))
    return key


def _write_key(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(_to_text(new_key()) + "\n")
            file.flush()
            os.fsync(file.fileno())
        # Of two processes that start together the first one's key stands, whole.
        path.hardlink_to(draft)
    except FileExistsError:
        return
    finally:
        draft.unlink()


def _derive(key: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=_KEY_BYTES, salt=None, info=b"hotline " + purpose).derive(key)


def _seal(cipher: AESGCM, text: str, bound: bytes) -> str:
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return _to_text(nonce + cipher.encrypt(nonce, text.encode(), bound))


def _open(cipher: AESGCM, body: str, bound: bytes) -> str:
    raw = _to_bytes(body)
    try:
        return cipher.decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], bound).decode()
    except (InvalidTag, ValueError):
        raise Invalid(code="sealed_value_broken") from None


def _parts(sealed: str) -> tuple[str, str, str]:
    parts = sealed.split(".")
    if len(parts) != 3:
        raise Invalid(code="sealed_value_broken")
    return parts[0], parts[1], parts[2]


def _plain(kind: str, value: str) -> str:
    match kind:
        case "phone":
            return phone_digits(value)
        case "id_number":
            return re.sub(r"[\s-]", "", normalise(value)).upper()
        case "email":
            return normalise(value).casefold()
        case _:
            return normalise(value)


def _to_text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def _to_bytes(text: str) -> bytes:
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise Invalid(code="sealed_value_broken") from None
    # Base64 leaves spare bits in the last character: only one spelling of a value is accepted.
    if _to_text(raw) != text:
        raise Invalid(code="sealed_value_broken")
    return raw
