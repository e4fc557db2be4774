"""Looks whether this machine has what the program needs, and says in one line how to get what is missing."""

import shutil
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from hotline.assembly import Assembled
from hotline.migrating import is_newest
from kernel.errors import HotlineError
from kernel.settings import Settings

PYTHON = (3, 11)
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FONT_FOLDERS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".fonts")
FONTS = ("NotoSansCJK*", "NotoSerifCJK*", "SourceHanSans*", "wqy-*")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. ``needed``: the program does not work without it; ``advice`` how to get it."""

    what: str
    fine: bool
    said: str
    advice: str = ""
    needed: bool = True


def python() -> Finding:
    """Python is new enough."""
    found = f"{sys.version_info.major}.{sys.version_info.minor}.{sys.version_info.micro}"
    return Finding("Python ≥ 3.11", sys.version_info >= PYTHON, found, "sudo apt install python3 python3-venv")


def browser() -> Finding:
    """Chromium is there; only the browser tests use it."""
    found = next((path for name in BROWSERS if (path := shutil.which(name))), "")
    return Finding("Chromium（仅浏览器测试需要）", bool(found), found, "sudo apt install chromium", needed=False)


def fonts() -> Finding:
    """A font with Chinese characters is there; only pictures and tests made on this machine need it."""
    found = next((p for folder in FONT_FOLDERS for font in FONTS for p in folder.rglob(font)), None)
    advice = "sudo apt install fonts-noto-cjk"
    return Finding("中文字体（仅本机浏览器需要）", found is not None, str(found or ""), advice, needed=False)


def key(settings: Settings) -> Finding:
    """The key file is there and nobody else can read it."""
    path = Path(settings.security.key_file).expanduser()
    if not path.exists():
        return Finding("密钥文件", fine=True, said=f"{path}（首次启动时生成）")
    closed = path.stat().st_mode & 0o077 == 0
    return Finding("密钥文件", closed, str(path), f"chmod 600 {path}")


async def database(assembled: Assembled) -> Finding:
    """The database answers and its tables are the newest."""
    floor = assembled.house.floor
    where = floor.database.url.render_as_string(hide_password=True)
    try:
        newest = await is_newest(floor.database)
    except (OSError, HotlineError) as error:
        return Finding("数据库", fine=False, said=f"{where}：{type(error).__name__}", advice="检查数据库是否已启动")
    return Finding("数据库", newest, where, "python -m hotline migrate")


async def index(assembled: Assembled) -> Finding:
    """The rooms' own checks pass, the search index among them."""
    failed: list[str] = []
    for room in assembled.house.rooms:
        failed += [check.name for check in room.checks if not await _passes(check.run)]
    return Finding("各模块自检", not failed, "、".join(failed) or "通过", "python -m hotline seed")


async def _passes(run: Callable[[], Awaitable[None]]) -> bool:
    try:
        await run()
    except HotlineError:
        return False
    return True


def report(findings: list[Finding]) -> str:
    """The findings, one a line; advice stands only where something is missing."""
    lines = []
    for each in findings:
        mark = "✓" if each.fine else ("✗" if each.needed else "–")
        lines.append(f"{mark} {each.what}：{each.said or '没有找到'}" + ("" if each.fine else f"  →  {each.advice}"))
    return "\n".join(lines)
