"""Stand-ins of WeCom and of a mail server side by side, and a page that shows what every officer was told.

For trying officers' notices without an account: ``python -m hotline sandbox officers``.
"""

from collections.abc import Mapping
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiohttp import web

from channels.sandbox.email import MailServer
from channels.sandbox.running import check_demo, host_of, served, until_stopped
from channels.sandbox.wecom import WeComPlatform
from kernel.settings import Settings

# What a demo's house and the stand-ins agree on when nothing else is set; both are reachable from this machine only.
WECOM_SECTION: Mapping[str, Any] = {
    "corp_id": "sandbox-corp",
    "secret": "sandbox",
    "agent_id": 1000002,
    "api_url": "http://127.0.0.1:12348",
}
EMAIL_SECTION: Mapping[str, Any] = {
    "host": "127.0.0.1",
    "port": 12349,
    "sender": "hotline@example.invalid",
    "security": "none",
}
PAGE = Path(__file__).with_name("officers.html")


class Anybody(set[str]):
    """Every account there could be: the demo's officers choose their own."""

    def __contains__(self, _member: object) -> bool:
        return True


class OfficerServers:
    """Both platforms and what they took, by way and account, the oldest first."""

    def __init__(self, wecom: WeComPlatform, mail: MailServer) -> None:
        self.wecom = wecom
        self.mail = mail
        wecom.members = Anybody()

    def app(self) -> web.Application:
        """WeCom's interface and the page."""
        app = self.wecom.app()
        app.router.add_get("/", self._page)
        app.router.add_get("/officers", self._officers)
        return app

    async def _page(self, _request: web.Request) -> web.Response:
        return web.Response(text=PAGE.read_text("utf-8"), content_type="text/html")

    async def _officers(self, _request: web.Request) -> web.Response:
        told: dict[tuple[str, str], list[str]] = {}
        for account, text in self.wecom.told:
            told.setdefault(("wecom", account), []).append(text)
        for mail in self.mail.mails:
            told.setdefault(("email", str(mail["To"])), []).append(f"{mail['Subject']}\n\n{_text(mail)}")
        shown = [{"way": way, "account": account, "texts": texts} for (way, account), texts in told.items()]
        return web.json_response({"officers": shown})


def _text(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    return str(body.get_content()).strip() if body is not None else ""


def servers_of(settings: Settings) -> OfficerServers:
    """The stand-ins for ``[channels.wecom]`` and ``[channels.email]``; NotAllowed("sandbox_needs_demo") beside anything
    that is not a demo of this machine."""
    wecom: Mapping[str, Any] = settings.channels.get("wecom", {})
    email: Mapping[str, Any] = settings.channels.get("email", {})
    check_demo(settings, [host_of(wecom.get("api_url", "")), str(email.get("host", ""))])
    corp, secret, agent = str(wecom["corp_id"]), str(wecom["secret"]), int(wecom["agent_id"])
    return OfficerServers(WeComPlatform(corp, secret, agent, lambda: datetime.now(UTC)), MailServer())


async def serve(settings: Settings) -> None:
    """Run both stand-ins at the addresses of the settings until cancelled."""
    servers = servers_of(settings)
    beside = AsyncExitStack()
    await servers.mail.start(int(settings.channels["email"]["port"]))
    beside.push_async_callback(servers.mail.stop)
    await served(servers.app(), settings.channels["wecom"]["api_url"], "企业微信与邮件", beside)


def main(settings: Settings) -> None:
    """Run the stand-ins until Ctrl+C."""
    until_stopped(serve(settings), "officers")
