"""The command line: ``python -m hotline`` serves; ``python -m hotline --help`` lists the rest."""

import argparse
import os
import sys
from collections.abc import Callable, Coroutine, Mapping, Sequence
from pathlib import Path
from typing import Any

import uvloop

from channels import room as channels
from hotline import catalogue, commands, evaluate, replay, whatif
from hotline.data import commands as data
from hotline.failures import problem_of
from hotline.serving import Role
from hotline.simulation import command as simulation
from kernel.errors import HotlineError, Invalid
from kernel.logs import configure_logging
from kernel.settings import Settings, load_settings

SETTINGS_FILE = Path("hotline.toml")
LEVEL_VARIABLE = "HOTLINE_SERVER_LOG_LEVEL"

Task = Coroutine[Any, Any, bool | None]

# What is not here serves, in the role of its name.
COMMANDS: Mapping[str, Callable[[Settings, argparse.Namespace], Task]] = {
    "migrate": lambda settings, _given: commands.migrate_tables(settings),
    "migration": lambda settings, given: commands.write_migration(settings, given.message),
    "seed": lambda settings, given: commands.seed_city(settings, files_win=given.files_win),
    "doctor": lambda settings, _given: commands.examine(settings),
    "import": lambda settings, given: data.bring_in(commands.build(settings), given, commands.say),
    "export": lambda settings, given: data.take_out(commands.build(settings), given, commands.say),
    "import-history": lambda settings, given: data.bring_in_history(commands.build(settings), given, commands.say),
    "train": lambda _settings, _given: commands.train(),
    "replay": replay.main,
    "simulate": simulation.main,
    "catalogue": catalogue.main,
    "evaluate": evaluate.main,
    "whatif": whatif.main,
}


def parser() -> argparse.ArgumentParser:
    """All commands and their arguments."""
    made = argparse.ArgumentParser(prog="python -m hotline", description="12345 政务服务便民热线")
    made.add_argument("--settings", type=Path, metavar="FILE", help="设置文件（默认 hotline.toml，没有则用默认值）")
    made.add_argument("--demo", action="store_true", help="演示模式：仅本机可访问，自动建立演示账号")
    add = made.add_subparsers(dest="command", metavar="命令").add_parser
    add("serve", help="网页与后台同一进程（默认）")
    add("web", help="只提供网页与接口（需 PostgreSQL，可多进程）")
    add("worker", help="只做后台处理（需 PostgreSQL，可多进程）")
    add("migrate", help="更新数据库结构")
    add("migration", help="由代码生成一步结构变更（开发用）").add_argument("message", help="这一步做什么（英文）")
    add("seed", help="载入城市数据").add_argument(
        "--files-win", action="store_true", help="与管理页面的机构调整不一致时以文件为准"
    )
    data.add_import(add("import", help="检查并导入城市数据（XLSX、CSV）"))
    data.add_export(add("export", help="导出全部城市数据（XLSX、CSV）"))
    data.add_history(add("import-history", help="导入其他系统的历史工单（XLSX、CSV）"))
    add("doctor", help="检查运行条件")
    add("train", help="训练智能客服的本地模型")
    sandbox = add("sandbox", help="启动外部平台的替身（仅演示模式）")
    sandbox.add_argument("name", choices=sorted(channels.SANDBOXES), help="平台")
    replay.add_arguments(add("replay", help="用真实来件走一遍全流程"))
    simulation.add_arguments(add("simulate", help="按模拟时钟走一个月：全部角色、全部流程，结束时逐条核对"))
    catalogue.add_arguments(add("catalogue", help="列出派单目录：每个事项在每个镇街由谁主办"))
    whatif.add_arguments(add("whatif", help="用过去的工单试另一份事项目录或派单阈值（只读）"))
    evaluate.add_arguments(add("evaluate", help="评测：在标准输出打印一行 JSON"))
    return made


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; the exit status."""
    given = parser().parse_args(arguments)
    try:
        settings = _settings(given)
        return _run(given, settings)
    except HotlineError as error:
        problem = problem_of(error, "")
        commands.complain(problem.detail)
        for name, what in (error.fields if isinstance(error, Invalid) else {}).items():
            commands.complain(f"  {name}: {problem.fields.get(name, what)}")
        return 1


def _settings(given: argparse.Namespace) -> Settings:
    path = given.settings or (SETTINGS_FILE if SETTINGS_FILE.exists() else None)
    settings = load_settings(path, os.environ)
    if given.demo or settings.server.demo:
        settings = commands.demo_settings(settings)
    # The terminal of a demo or a command belongs to what it prints; whoever wants the lines asks for them.
    serves = given.command in {None, *Role}
    quiet = (settings.server.demo or not serves) and LEVEL_VARIABLE not in os.environ
    level = "warning" if quiet else settings.server.log_level
    configure_logging(json=settings.server.log_json and not settings.server.demo, level=level)
    return settings


def _run(given: argparse.Namespace, settings: Settings) -> int:
    if given.command == "sandbox":
        commands.sandbox(settings, given.name)
        return 0
    make = COMMANDS.get(given.command)
    task = make(settings, given) if make else commands.serve(settings, Role(given.command or Role.SERVE))
    return 1 if uvloop.run(task) is False else 0


if __name__ == "__main__":
    sys.exit(main())
