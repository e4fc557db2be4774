"""The import contract of docs/architecture.md as tables, and the reader that holds the code to it."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent

# A room may import the doors of the rooms named, and the kernel. Nothing else of the project.
BELOW: dict[str, tuple[str, ...]] = {
    "kernel": (),
    "directory": (),
    "knowledge": ("directory",),
    "ticketing": ("directory",),
    "suggestions": ("directory",),
    "bot": ("directory", "knowledge", "ticketing", "suggestions"),
    "desk": ("directory", "knowledge", "ticketing", "suggestions", "bot"),
    "channels": (),
    "analytics": ("directory",),
    "hotline": (),
}

DOORS: dict[str, frozenset[str]] = {
    "directory": frozenset({"lookup", "reorganising", "model"}),
    "ticketing": frozenset({"tickets", "queries", "model", "events"}),
    "knowledge": frozenset({"library", "model", "events"}),
    "suggestions": frozenset({"suggestions", "model", "events"}),
    "bot": frozenset({"assistant", "model", "events"}),
    "desk": frozenset({"events"}),
    "channels": frozenset({"events"}),
    "analytics": frozenset(),
}

ROOMS = tuple(BELOW)

# The journal's readers and the house see more: what they may import besides the above.
EVENTS_OF_ALL = ("analytics", "hotline")
ROOM_OF_ALL = ("hotline",)

IMPURE = frozenset({"sqlalchemy", "aiohttp", "asyncio", "logging", "structlog", "asyncpg", "aiosqlite", "requests"})
IMPURE_KERNEL = frozenset(
    {"database", "mailbox", "journal", "bell", "jobs", "room", "attachments", "settings", "signing", "logs", "relay"}
)

# The only homes of engines and outside systems' libraries.
SDK_HOMES: dict[str, tuple[str, ...]] = {
    "wechatpy": ("channels/adapters/",),
    "tantivy": ("knowledge/adapters/",),
    "elasticsearch": ("knowledge/adapters/",),
    "twilio": ("channels/adapters/",),
    "jieba": ("kernel/",),
    "rjieba": ("kernel/",),
    "opencc": ("kernel/",),
    "alembic": ("hotline/",),
    "uvloop": ("hotline/", "benchmarks/"),
    "openpyxl": ("hotline/data/", "ticketing/adapters/"),
    "xlsxwriter": ("hotline/data/", "ticketing/adapters/"),
}

# Each tolerated exception with its reason: (importing file, imported module). Starts empty.
EXCEPTIONS: dict[tuple[str, str], str] = {}


@dataclass(frozen=True, slots=True)
class Import:
    """One import statement: who imports what, whether inside a function."""

    path: str
    module: str
    inside_function: bool

    @property
    def room(self) -> str:
        """The importing room."""
        return self.path.split("/", 1)[0]

    @property
    def target(self) -> str:
        """The imported top-level package."""
        return self.module.split(".", 1)[0]


def python_files(*rooms: str) -> Iterator[Path]:
    """Every source file of the rooms."""
    for room in rooms:
        yield from sorted((ROOT / room).rglob("*.py"))


def imports_of(path: Path) -> Iterator[Import]:
    """Every import of a file, each name a module on its own when it is one."""
    tree = ast.parse(path.read_text("utf-8"))
    inner = {
        id(n) for f in ast.walk(tree) if isinstance(f, ast.FunctionDef | ast.AsyncFunctionDef) for n in ast.walk(f)
    }
    where = path.relative_to(ROOT).as_posix()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(where, alias.name, id(node) in inner)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                yield Import(where, whole if is_module(whole) else node.module, id(node) in inner)


def is_module(name: str) -> bool:
    """Whether a dotted name is a module of the project."""
    path = ROOT.joinpath(*name.split("."))
    return path.with_suffix(".py").exists() or (path / "__init__.py").exists()


def all_imports() -> list[Import]:
    """Every import of every room."""
    return [each for path in python_files(*ROOMS) for each in imports_of(path)]


def breaches(each: Import) -> str:
    """What is wrong with an import between rooms; empty when nothing is."""
    room, target = each.room, each.target
    if target not in ROOMS or target in {room, "kernel"}:
        return ""
    door = each.module.split(".", 2)[1] if "." in each.module else ""
    if (door == "events" and room in EVENTS_OF_ALL) or (door == "room" and room in ROOM_OF_ALL):
        return ""
    if room in ROOM_OF_ALL:
        return f"{each.path} imports {each.module}: the house imports room.py and events.py only"
    if target not in BELOW[room]:
        return f"{each.path} imports {each.module}: {target} is not below {room}"
    return "" if door in DOORS[target] else f"{each.path} imports {each.module}: not a door of {target}"
