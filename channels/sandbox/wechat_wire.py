"""The platform's side of WeChat's wire: signatures, encryption, XML. Written apart from the adapter, on purpose."""

import base64
import hashlib
import secrets
from dataclasses import dataclass
from xml.sax.saxutils import escape

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from defusedxml import ElementTree

BLOCK = 32


class Unreadable(Exception):  # noqa: N818 - says what the platform finds
    """The account's answer is not what the platform expects."""


@dataclass(frozen=True, slots=True)
class Keys:
    """What the platform and the account share."""

    app_id: str
    token: str
    aes_key: str

    def sign(self, *parts: str) -> str:
        """sha1 of token and parts, sorted and joined."""
        digest = hashlib.sha1(usedforsecurity=False)
        for part in sorted((self.token, *parts)):
            digest.update(part.encode())
        return digest.hexdigest()

    def encrypt(self, xml: str) -> str:
        """Base64 of AES-256-CBC over 16 random bytes, the length (network order), the XML and the app id."""
        body = xml.encode()
        plain = secrets.token_bytes(16) + len(body).to_bytes(4, "big") + body + self.app_id.encode()
        fill = BLOCK - len(plain) % BLOCK
        crypt = self._cipher().encryptor()
        return base64.b64encode(crypt.update(plain + bytes([fill]) * fill) + crypt.finalize()).decode()

    def decrypt(self, text: str) -> str:
        """The XML in a ciphertext; Unreadable when it is not ours."""
        try:
            crypt = self._cipher().decryptor()
            padded = crypt.update(base64.b64decode(text, validate=True)) + crypt.finalize()
        except ValueError as error:
            raise Unreadable("ciphertext") from error
        fill = padded[-1] if padded else 0
        if not 1 <= fill <= BLOCK or padded[-fill:] != bytes([fill]) * fill:
            raise Unreadable("padding")
        plain = padded[16:-fill]
        end = 4 + int.from_bytes(plain[:4], "big")
        if plain[end:].decode(errors="replace") != self.app_id:
            raise Unreadable("app_id")
        return plain[4:end].decode()

    def _cipher(self) -> Cipher[modes.CBC]:
        key = base64.b64decode(self.aes_key + "=")
        return Cipher(algorithms.AES(key), modes.CBC(key[:16]))


def to_xml(fields: dict[str, str | int]) -> str:
    """A flat message as the platform writes it: numbers bare, texts in CDATA."""
    parts = []
    for name, value in fields.items():
        if isinstance(value, int):
            parts.append(f"<{name}>{value}</{name}>")
        elif "]]>" in value:
            parts.append(f"<{name}>{escape(value)}</{name}>")
        else:
            parts.append(f"<{name}><![CDATA[{value}]]></{name}>")
    return "<xml>" + "".join(parts) + "</xml>"


def from_xml(text: str) -> dict[str, str]:
    """The fields of an answer; Unreadable."""
    try:
        root = ElementTree.fromstring(text)
    except (ElementTree.ParseError, ValueError) as error:
        raise Unreadable("xml") from error
    return {child.tag: (child.text or "").strip() for child in root}
