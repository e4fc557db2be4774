"""E-mail over SMTP: plain texts to officers. Nothing comes in; the library blocks, so it runs in a thread."""

import asyncio
import smtplib
import ssl
from dataclasses import dataclass, field
from datetime import timedelta
from email.headerregistry import Address as MailAddress
from email.message import EmailMessage
from email.utils import format_datetime

from channels.model import Doubtful, Refused, Sent
from channels.rules.rendering import plain_text
from kernel.database import outside_transaction
from kernel.errors import Unavailable
from kernel.labels import Labelled
from kernel.messages import Outbound, OutboundKind

_SECONDS = 15
_OK, _PERMANENT = 250, 500
_SUBJECT = 60


class Security(Labelled):
    """How the line to the server is protected."""

    NONE = "none", "不加密"
    STARTTLS = "starttls", "STARTTLS"
    TLS = "tls", "TLS"


@dataclass(frozen=True, slots=True)
class EmailSettings:
    """``[channels.email]``: the mail server and in whose name officers are written to."""

    host: str
    sender: str
    port: int = 587
    user: str = ""
    password: str = field(default="", repr=False)
    security: Security = Security.STARTTLS


class Email:
    """One mail server."""

    name = "email"

    def __init__(self, settings: EmailSettings, public_url: str) -> None:
        self._settings = settings
        self._public_url = public_url

    async def send(self, message: Outbound) -> Sent:
        """One mail. Its Message-ID is made of the message's id, so that a second one could be told."""
        if message.kind is not OutboundKind.TEXT or not message.text.strip():
            raise Refused("kind_not_supported" if message.text else "empty")
        outside_transaction("email")
        mail = self._mail(message)
        await asyncio.to_thread(self._deliver, mail, message.address.user)
        return Sent(str(mail["Message-ID"]))

    def _mail(self, message: Outbound) -> EmailMessage:
        try:
            sender, to = MailAddress(addr_spec=self._settings.sender), MailAddress(addr_spec=message.address.user)
        except (ValueError, IndexError) as error:
            raise Refused("unknown_recipient") from error
        mail = EmailMessage()
        mail["From"], mail["To"] = sender, to
        mail["Subject"] = message.text.splitlines()[0][:_SUBJECT]
        mail["Date"] = format_datetime(message.created_at)
        mail["Message-ID"] = f"<{message.id}@{sender.domain}>"
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(plain_text(message, self._public_url, []))
        return mail

    def _deliver(self, mail: EmailMessage, to: str) -> None:
        """Everything up to the text is harmless; from then on only the server's answer tells whether it has it."""
        try:
            line = self._connected()
        except smtplib.SMTPAuthenticationError as error:
            raise Unavailable("smtp_login", timedelta(minutes=10)) from error
        except (smtplib.SMTPException, OSError) as error:
            raise Unavailable("smtp_unreachable", kind=type(error).__name__) from None
        try:
            self._envelope(line, to)
            self._text(line, mail)
        finally:
            line.close()

    def _connected(self) -> smtplib.SMTP:
        settings, context = self._settings, ssl.create_default_context()
        if settings.security is Security.TLS:
            line: smtplib.SMTP = smtplib.SMTP_SSL(settings.host, settings.port, timeout=_SECONDS, context=context)
        else:
            line = smtplib.SMTP(settings.host, settings.port, timeout=_SECONDS)
        try:
            if settings.security is Security.STARTTLS:
                line.starttls(context=context)
            line.ehlo_or_helo_if_needed()
            if settings.user:
                line.login(settings.user, settings.password)
        except BaseException:
            line.close()
            raise
        return line

    def _envelope(self, line: smtplib.SMTP, to: str) -> None:
        try:
            codes = (line.mail(self._settings.sender)[0], line.rcpt(to)[0])
        except (smtplib.SMTPException, OSError) as error:
            raise Unavailable("smtp_unreachable", kind=type(error).__name__) from None
        if codes[0] != _OK:
            raise Unavailable(f"smtp_{codes[0]}", timedelta(minutes=10))
        if codes[1] >= _PERMANENT:
            raise Refused("unknown_recipient")
        if codes[1] >= _OK + 50:
            raise Unavailable(f"smtp_{codes[1]}", timedelta(minutes=2))

    def _text(self, line: smtplib.SMTP, mail: EmailMessage) -> None:
        try:
            code, _ = line.data(mail.as_bytes())
        except smtplib.SMTPDataError as error:
            code = error.smtp_code
        except (smtplib.SMTPException, OSError) as error:
            raise Doubtful("smtp_no_answer", kind=type(error).__name__) from None
        if code >= _PERMANENT:
            raise Refused(f"smtp_{code}")
        if code != _OK:
            raise Unavailable(f"smtp_{code}", timedelta(minutes=2))
