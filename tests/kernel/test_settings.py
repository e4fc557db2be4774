"""Settings: from a file and from variables; what is wrong is named."""

from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

from kernel.errors import Invalid
from kernel.settings import Settings, load_settings


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "hotline.toml"
    path.write_text(text, "utf-8")
    return path


def test_without_a_file_everything_has_a_value() -> None:
    assert load_settings(None, {}) == Settings()


def test_a_file_sets_what_it_names(tmp_path: Path) -> None:
    path = written(tmp_path, '[server]\nport = 8080\n[channels.wechat]\ntoken = "abc"\n')
    settings = load_settings(path, {})
    assert (settings.server.port, settings.server.host) == (8080, "127.0.0.1")
    assert settings.channels["wechat"]["token"] == "abc"


def test_a_variable_overrides_the_file_and_is_converted(tmp_path: Path) -> None:
    path = written(tmp_path, "[server]\nport = 8080\n")
    environ = {
        "HOTLINE_SERVER_PORT": "9090",
        "HOTLINE_SERVER_DEMO": "true",
        "HOTLINE_TICKETS_AUTO_DISPATCH": "0.9",
        "HOTLINE_CHANNELS_WECHAT_APP_ID": "wx1",
        "HOTLINE_SECOND_OPINION_TIMEOUT_SECONDS": "7",
        "HOTLINE_CI": "1",
        "PATH": "/bin",
    }
    settings = load_settings(path, environ)
    assert (settings.server.port, settings.server.demo, settings.tickets.auto_dispatch) == (9090, True, 0.9)
    assert settings.channels["wechat"] == {"app_id": "wx1"}
    assert settings.second_opinion.timeout_seconds == 7


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("[server]\nprot = 1\n", {"server.prot": "unknown_setting"}),
        ("[sever]\nport = 1\n", {"sever": "unknown_section"}),
        ('[server]\nport = "many"\n', {"settings": "setting_wrong"}),
        ("[server\n", {"file": "settings_unreadable"}),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, text: str, wrong: dict[str, str]) -> None:
    with pytest.raises(Invalid) as refused:
        load_settings(written(tmp_path, text), {})
    assert refused.value.fields == wrong


def test_the_reader_has_a_short_name() -> None:
    assert load_settings(None, {"HOTLINE_READER": "rasa"}).bot.reader == "rasa"


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(Invalid) as refused:
        load_settings(tmp_path / "nowhere.toml", {})
    assert refused.value.fields == {"file": "settings_unreadable"}


def test_settings_cannot_be_changed_once_read(tmp_path: Path) -> None:
    settings = load_settings(written(tmp_path, '[channels.web]\norigins = ["https://a.example"]\n'), {})
    with pytest.raises(FrozenInstanceError):
        settings.server.port = 1  # type: ignore[misc]
    with pytest.raises(TypeError):
        settings.channels["sms"] = {}  # type: ignore[index]
    with pytest.raises(TypeError):
        settings.channels["web"]["origins"] = []  # type: ignore[index]
