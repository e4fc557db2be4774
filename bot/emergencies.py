"""Loads the table of words that say danger is now."""

from pathlib import Path

import yaml

from bot.rules.emergency import Emergency, read_table

TABLE = Path(__file__).resolve().parent / "data" / "emergency.yaml"


def load_emergencies(path: Path = TABLE) -> tuple[Emergency, ...]:
    """The rules in their order; Invalid when one is broken."""
    return read_table(yaml.safe_load(path.read_text("utf-8"))["rules"])
