"""WeChat's signatures and message encryption.

After the platform's «消息加解密说明»: msg_signature = sha1 of the sorted token, timestamp, nonce and ciphertext;
the ciphertext is AES-256-CBC over 16 random bytes, the length, the XML and the app id.
"""

import base64
import binascii
import hashlib
import hmac
import struct
from collections.abc import Sequence

from wechatpy.crypto import PrpCrypto
from wechatpy.exceptions import InvalidAppIdException

from kernel.errors import NotAllowed

_KEY_BYTES = 32
# Everything wechatpy lets escape on bytes that are not what they should be.
_BROKEN = (ValueError, TypeError, IndexError, struct.error, InvalidAppIdException)


def forged(reason: str) -> NotAllowed:
    """The one answer to whatever is not genuine; ``reason`` is for the log."""
    return NotAllowed("forged_hook", reason=reason)


def signature(*parts: str) -> str:
    """SHA-1 over the sorted parts, as the platform signs."""
    return hashlib.sha1("".join(sorted(parts)).encode(), usedforsecurity=False).hexdigest()


def check_signature(given: str, *parts: str) -> None:
    """NotAllowed("forged_hook") unless ``given`` signs ``parts``."""
    if not hmac.compare_digest(signature(*parts).encode(), given.encode()):
        raise forged("signature")


def key_bytes(encoding_aes_key: str) -> bytes:
    """The 32 bytes an EncodingAESKey of 43 characters stands for; ValueError."""
    try:
        key = base64.b64decode(encoding_aes_key + "=", validate=True)
    except binascii.Error as error:
        raise ValueError("aes_key") from error
    if len(key) != _KEY_BYTES:
        raise ValueError("aes_key")
    return key


class MessageCrypt:
    """Opens with the present key or the one before it, and seals with whichever opened."""

    def __init__(self, app_id: str, encoding_aes_keys: Sequence[str]) -> None:
        self._app_id = app_id
        self._ciphers = [PrpCrypto(key_bytes(key)) for key in encoding_aes_keys]

    def open(self, encrypted: str) -> tuple[str, int]:
        """The XML and the index of the key that opened it; NotAllowed("forged_hook")."""
        for index, cipher in enumerate(self._ciphers):
            try:
                return cipher.decrypt(encrypted, self._app_id), index
            except _BROKEN:
                continue
        raise forged("ciphertext")

    def seal(self, xml: str, index: int) -> str:
        """The XML as ciphertext under the key of ``index``."""
        sealed: bytes = self._ciphers[index].encrypt(xml, self._app_id)
        return sealed.decode()
