"""What each command does, given the settings."""

import asyncio
import sys
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlsplit

from bot import room as bot
from channels import room as channels
from hotline import doctor as checks
from hotline.assembly import MODELS, Assembled, assemble
from hotline.banner import LogIn, banner
from hotline.house import key_of
from hotline.migrating import is_newest, migrate, write_step
from hotline.pages import PAGES, WebFiles
from hotline.seeding import add_demo_accounts, is_empty, seed
from hotline.serving import Role, check_role, run, sole_process, stop_on_signals
from hotline.web import WEB_FOLDER
from kernel.clock import SystemClock
from kernel.errors import Conflict, NotFound
from kernel.settings import ServerSettings, Settings

LOOPBACK = "127.0.0.1"


def say(text: str) -> None:
    """One line to whoever started the program."""
    print(text, flush=True)


def demo_settings(settings: Settings) -> Settings:
    """The settings of a demo: reachable from this machine only, whatever they say otherwise."""
    server = settings.server
    own = urlsplit(server.public_url).hostname in {LOOPBACK, "localhost"}
    url = f"http://{LOOPBACK}:{server.port}" if not own or server.public_url == ServerSettings().public_url else ""
    given = settings.channels
    names = {*channels.DEMO_SECTIONS, *given}
    sections = {name: {**channels.DEMO_SECTIONS.get(name, {}), **given.get(name, {})} for name in names}
    local = replace(server, demo=True, host=LOOPBACK, public_url=url or server.public_url)
    return replace(settings, server=local, channels=sections)


def build(settings: Settings) -> Assembled:
    """Everything, over the machine's clock and the key of the settings."""
    return assemble(settings, SystemClock(), key_of(settings))


async def serve(settings: Settings, role: Role) -> None:
    """Run the house in ``role`` until SIGTERM or Ctrl+C."""
    assembled = build(settings)
    database = assembled.house.floor.database
    check_role(database, role)
    stopping = asyncio.Event()
    stop_on_signals(stopping)
    with sole_process(database):
        if role is Role.SERVE:
            await _prepare(assembled)
        elif not await is_newest(database):
            raise Conflict("database_not_migrated")
        text = await _banner(assembled) if role is not Role.WORKER else ""
        await run(assembled.house, role, ready=lambda: say(text) if text else None, stopping=stopping)


async def _prepare(assembled: Assembled) -> None:
    """Tables, the city when there is none, the demo's accounts in a demo."""
    await migrate(assembled.house.floor.database)
    await assembled.rooms.directory.lookup.load()
    if is_empty(assembled):
        say("首次启动：载入城市数据，并训练事项模型（约需一分钟）……")
        await seed(assembled, say)
    if assembled.house.floor.settings.server.demo:
        await add_demo_accounts(assembled)


async def _banner(assembled: Assembled) -> str:
    server = assembled.house.floor.settings.server
    files = WebFiles(WEB_FOLDER)
    served = frozenset(path for path, name in PAGES.items() if files.has(name))
    log_ins: list[LogIn] = []
    if server.demo:
        async with assembled.house.floor.database.reading() as tx:
            staff = await assembled.rooms.directory.staffing.everyone(tx)
        lookup = assembled.rooms.directory.lookup
        # Of the many units one is shown where the demo's tickets go: near the citizen, and charged with much.
        busy = {unit.code: (len(lookup.lineage(unit.area)), len(unit.functions)) for unit in lookup.units()}
        staff = sorted(staff, key=lambda each: busy.get(each.unit, (0, 0)), reverse=True)
        log_ins = [LogIn(each.login, each.name, each.roles, each.unit) for each in staff if each.active]
    return banner(server.public_url, served, log_ins)


async def migrate_tables(settings: Settings) -> None:
    """Bring the tables to the newest form."""
    assembled = build(settings)
    with sole_process(assembled.house.floor.database):
        await migrate(assembled.house.floor.database)
    await assembled.house.floor.database.close()
    say("数据库结构已是最新")


async def write_migration(settings: Settings, message: str) -> None:
    """Write the step from the tables of the settings' database to those of the code."""
    database = build(settings).house.floor.database
    async with database.engine.begin() as connection:
        await connection.run_sync(write_step, message)
    await database.close()


async def seed_city(settings: Settings, *, files_win: bool = False) -> None:
    """Load the city's folder, and the demo's accounts in a demo; ``files_win`` over what administrators changed."""
    assembled = build(settings)
    with sole_process(assembled.house.floor.database):
        await assembled.house.open()
        try:
            await seed(assembled, say, files_win=files_win)
            if settings.server.demo:
                say(f"演示账号：新增 {await add_demo_accounts(assembled)}")
        finally:
            await assembled.house.leave()
            await assembled.house.close()


async def examine(settings: Settings) -> bool:
    """Say what this machine lacks; whether nothing needed is missing."""
    findings = [checks.python(), checks.key(settings), checks.browser(), checks.fonts()]
    assembled = build(settings)
    try:
        findings.append(await checks.database(assembled))
        if findings[-1].fine:
            await assembled.house.open()
            findings.append(await checks.index(assembled))
    finally:
        await assembled.house.leave()
        await assembled.house.close()
    say(checks.report(findings))
    return all(each.fine for each in findings if each.needed)


async def train() -> None:
    """Train the bot's reader unless its model is there."""
    await bot.train_reader(MODELS)
    say("模型已就绪")


def sandbox(settings: Settings, name: str) -> None:
    """Run a platform's stand-in until Ctrl+C."""
    start: Callable[[Settings], None] | None = channels.SANDBOXES.get(name)
    if start is None:
        raise NotFound("sandbox", name=name)
    start(settings)


def complain(text: str) -> None:
    """Say on standard error why a command could not be done."""
    print(text, file=sys.stderr)
