"""Which rooms there are: their stores make the tables, their events the kinds of facts."""

import importlib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# A small city that stays as it is: what a room does is tested on it, the demo city may change.
CITY = ROOT / "tests" / "city"
ROOMS = ("directory", "knowledge", "ticketing", "suggestions", "bot", "desk", "channels", "analytics", "hotline")


def import_stores() -> None:
    """Import every module that declares tables, so that the metadata are whole."""
    for module in ("kernel.mailbox", "kernel.journal", "kernel.jobs", "kernel.attachments"):
        importlib.import_module(module)
    for room in ROOMS:
        for found in (*ROOT.glob(f"{room}/**/store.py"), *ROOT.glob(f"{room}/store/*.py")):
            importlib.import_module(".".join(found.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"))


def all_facts() -> tuple[type, ...]:
    """Every room's facts."""
    facts: list[type] = []
    for room in ROOMS:
        if (ROOT / room / "events.py").exists():
            facts.extend(importlib.import_module(f"{room}.events").FACTS)
    return tuple(facts)
