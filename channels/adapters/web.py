"""The web chat: visitors known by a signed token, their words as Inbound, the thread as frames."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from channels.model import PageRules
from channels.rules.frames import said_frame, told_frame, write_frame
from kernel.errors import NotAllowed
from kernel.ids import new_id
from kernel.messages import Address, Attachment, Inbound, InboundKind, Outbound, OutboundKind
from kernel.signing import Signer

PURPOSE = "visitor"


@dataclass(frozen=True, slots=True)
class WebSettings:
    """``[channels.web]``: on which sites the chat may be embedded, and how it treats a page.

    ``origins`` are whole origins such as ``https://www.example.gov.cn``, in a list or with commas between; the
    host checks them. A page may say ``says_per_10_seconds`` things; one that sends ``frames_per_10_seconds`` frames
    of any kind is shown out, as is one that says no hello within ``hello_seconds`` or takes longer than
    ``send_seconds`` to read what it is sent. After ``unread_days`` nobody will come back for a message.
    """

    account: str = "site"
    origins: tuple[str, ...] | str = ()
    visitor_days: int = 180
    says_per_10_seconds: int = 20
    frames_per_10_seconds: int = 100
    hello_seconds: float = 15.0
    send_seconds: float = 10.0
    unread_days: int = 30


class Web:
    """The chat on the site and wherever it is embedded."""

    name = "web"

    def __init__(self, settings: WebSettings, signer: Signer, url_of: Callable[[Attachment], str]) -> None:
        self.rules = PageRules(
            settings.says_per_10_seconds,
            settings.frames_per_10_seconds,
            settings.hello_seconds,
            settings.send_seconds,
            settings.unread_days,
        )
        self._settings = settings
        self._signer = signer
        self._url_of = url_of

    def visitor(self, token: str | None) -> tuple[Address, str]:
        """Who holds ``token``, with a token for the next time; a new visitor when it is missing or worthless."""
        try:
            address = self.address_of(token or "")
        except NotAllowed:
            address = Address(self.name, self._settings.account, new_id())
        lasts = timedelta(days=self._settings.visitor_days)
        return address, self._signer.sign(PURPOSE, address.user, lasts)

    def address_of(self, token: str) -> Address:
        """Who holds ``token``; NotAllowed."""
        return Address(self.name, self._settings.account, self._signer.verify(PURPOSE, token))

    def inbound(
        self, address: Address, said_id: str, text: str, attachments: tuple[Attachment, ...], at: datetime
    ) -> Inbound:
        """What the page said, under the page's own id."""
        return Inbound(
            id=new_id(),
            address=address,
            external_id=said_id,
            kind=InboundKind.TEXT if text.strip() else InboundKind.MEDIA,
            text=text.strip(),
            sent_at=at,
            received_at=at,
            attachments=attachments,
        )

    def frame(self, seq: int, line: Inbound | Outbound) -> bytes:
        """A line of the thread as the page reads it; empty for what is no words, such as events and call orders."""
        if isinstance(line, Inbound):
            shown = line.kind is not InboundKind.EVENT
            return write_frame(said_frame(seq, line, self._url_of)) if shown else b""
        return write_frame(told_frame(seq, line, self._url_of)) if line.kind is OutboundKind.TEXT else b""
