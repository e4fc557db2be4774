"""A stand-in of a mail server: enough of SMTP to take mails, refuse them, or fall silent after one."""

import asyncio
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage


@dataclass
class MailServer:
    """Takes mails on a loopback port. ``unknown`` recipients are refused; ``answers`` replace the next answers by the
    command's name; ``silent`` closes the line after a mail was taken instead of saying so."""

    unknown: set[str] = field(default_factory=set)
    answers: dict[str, str] = field(default_factory=dict)
    silent: bool = False
    mails: list[EmailMessage] = field(default_factory=list)
    port: int = 0
    _server: asyncio.Server | None = None

    async def start(self, port: int = 0) -> None:
        """Listen, at a port that is free unless one is named."""
        self._server = await asyncio.start_server(self._talk, "127.0.0.1", port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Listen no more."""
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        def say(line: str) -> None:
            writer.write(f"{line}\r\n".encode())

        say("220 sandbox ESMTP")
        try:
            while line := (await reader.readline()).decode("ascii", "replace").strip():
                verb = line.split(" ", 1)[0].upper()
                if verb == "DATA" and "DATA" not in self.answers:
                    if not await self._take(reader, writer):
                        return
                    continue
                say(self.answers.pop(verb, "") or self._answer(verb, line))
                if verb == "QUIT":
                    return
        finally:
            writer.close()

    def _answer(self, verb: str, line: str) -> str:
        if verb == "RCPT" and any(each in line for each in self.unknown):
            return "550 5.1.1 no such mailbox"
        known = {"EHLO": "250 sandbox", "HELO": "250 sandbox", "MAIL": "250 ok", "RCPT": "250 ok", "RSET": "250 ok"}
        return "221 bye" if verb == "QUIT" else known.get(verb, "502 not known")

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """The text up to the lonely dot; False when nothing more is said."""
        writer.write(b"354 go on\r\n")
        lines = []
        while (line := await reader.readline()) not in {b".\r\n", b""}:
            lines.append(line[1:] if line.startswith(b"..") else line)
        mail = message_from_bytes(b"".join(lines), policy=policy.default)
        self.mails.append(mail)
        if not self.silent:
            writer.write((self.answers.pop("TEXT", "") or "250 taken").encode() + b"\r\n")
        return not self.silent
