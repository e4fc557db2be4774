"""``import`` and ``export`` on the command line: a whole city from its folder, out and in again."""

import argparse
import csv
import io
from dataclasses import replace
from pathlib import Path

import pytest

from hotline.__main__ import parser
from hotline.assembly import Assembled, assemble
from hotline.data import commands
from hotline.migrating import migrate
from kernel.clock import SystemClock
from kernel.errors import Invalid
from kernel.privacy import new_key
from kernel.settings import DatabaseSettings, Settings
from tests.hotline.data.small_city import SHEETS
from tests.rooms import CITY


def assembled(folder: Path) -> Assembled:
    """A house over a file; every command has its own."""
    settings = replace(Settings(), database=DatabaseSettings(url=f"sqlite+aiosqlite:///{folder}/data.sqlite3"))
    return assemble(settings, SystemClock(), KEY)


KEY = new_key()


@pytest.fixture
async def folder(tmp_path: Path) -> Path:
    """A folder with an empty, migrated database."""
    made = assembled(tmp_path)
    await migrate(made.house.floor.database)
    await made.house.close()
    return tmp_path


def rows(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file by column, without the columns nobody has filled."""
    found = list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"), newline="")))
    return [{name: cell for name, cell in row.items() if cell} for row in found]


def given(*arguments: str) -> argparse.Namespace:
    return parser().parse_args(arguments)


async def bring_in(folder: Path, *arguments: str) -> tuple[bool, list[str]]:
    said: list[str] = []
    fine = await commands.bring_in(assembled(folder), given("import", *arguments), said.append)
    return fine, said


async def take_out(folder: Path, path: Path) -> None:
    await commands.take_out(assembled(folder), given("export", str(path)), lambda _line: None)


async def test_a_citys_folder_with_its_entries_is_loaded_and_comes_out_as_it_was(folder: Path) -> None:
    fine, said = await bring_in(folder, str(CITY), "--dry-run")
    assert (fine, said[-1]) == (True, "试运行，未载入")
    fine, said = await bring_in(folder, str(CITY))
    assert (fine, said[-1]) == (True, "已载入")
    assert f"诉求事项：新增 {len(rows(CITY / 'matters.csv'))}" in said
    for name in ("out.xlsx", "out.zip", "out"):
        await take_out(folder, folder / name)
        fine, said = await bring_in(folder, str(folder / name))
        assert fine
        assert {line.partition("：")[2] for line in said[:-1]} == {"无变化"}
    for name in ("areas", "functions", "powers", "units", "matters", "calendar"):
        assert rows(folder / "out" / f"{name}.csv") == rows(CITY / f"{name}.csv"), name


async def test_faults_end_the_command_with_a_failure_and_nothing_is_loaded(folder: Path) -> None:
    wrong = folder / "wrong"
    wrong.mkdir()
    for name, text in SHEETS.items():
        (wrong / f"{name}.csv").write_text(text.replace("24x7", "always"), "utf-8")
    fine, said = await bring_in(folder, str(wrong))
    assert not fine
    assert said == ["单位 第 3 行“办公时间”列（I3）：没有这个代码或选项：always", "共 1 处错误，未载入任何内容"]


async def test_a_path_that_is_none_is_said(folder: Path) -> None:
    with pytest.raises(Invalid) as caught:
        await bring_in(folder, str(folder / "nowhere.xlsx"))
    assert caught.value.fields == {"file": "file_unreadable"}


async def test_faults_of_yaml_entries_are_told_with_their_file(folder: Path) -> None:
    city = folder / "city"
    (city / "articles").mkdir(parents=True)
    for path in CITY.glob("*.*"):
        (city / path.name).write_bytes(path.read_bytes())
    (city / "articles" / "a.yaml").write_text("id: a\ntitle: [x]\nshort: y\nowner: FS-ZS\n", "utf-8")
    fine, said = await bring_in(folder, str(city), "--dry-run")
    assert not fine
    assert said[0] == "知识条目 “标题”列：应为文本：a.yaml:a.title"


async def test_tickets_of_another_system_come_in_with_their_mapping(folder: Path) -> None:
    await bring_in(folder, str(CITY))
    old = folder / "old.csv"
    old.write_text("ID,内容,事项\n1,外星人占道,外星事务\n1,又一次,外星事务\n", "utf-8")

    async def history(*more: str) -> tuple[bool, list[str]]:
        said: list[str] = []
        arguments = given("import-history", str(old), *more)
        return await commands.bring_in_history(assembled(folder), arguments, said.append), said

    fine, said = await history("--write-mapping", str(folder / "map.toml"))
    assert (fine, said[0]) == (
        False,
        "第 1 行“工单编号”列：没有找到“工单编号”列，请在对照表的 [columns] 中指明：工单编号"[:-5],
    )
    mapping = (folder / "map.toml").read_text("utf-8").replace('number = ""', 'number = "ID"')
    (folder / "map.toml").write_text(mapping, "utf-8")
    fine, said = await history("--mapping", str(folder / "map.toml"), "--dry-run")
    assert not fine
    assert said[:2] == ["第 3 行“工单编号”列（A3）：与前面的行重复：1", "事项未匹配 1 行：外星事务 1"]
    fine, said = await history("--mapping", str(folder / "map.toml"), "--skip-faulty")
    assert fine
    assert said[-2:] == ["共 1 处错误，有错误的行已略过", "已载入"]
