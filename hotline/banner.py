"""What is printed once the house serves: the pages, the demo's log-ins, how to stop."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from unicodedata import east_asian_width

from kernel.people import Role

# The demo's accounts share one password. They exist in demo mode only, which binds to this machine only.
DEMO_PASSWORD = "hotline-demo"  # noqa: S105 - printed for everybody who runs the demo

CITIZEN_PAGES: Sequence[tuple[str, str]] = (
    ("/", "市民首页：办事问答、查询进度"),
    ("/chat", "在线咨询（智能客服，可转人工）"),
    ("/track", "凭编号与查询码查进度"),
    ("/guide", "办事指南"),
    ("/suggestions", "建言献策"),
    ("/my", "我的诉求"),
)

# Role → its page; the first account that has the role is printed with it, one of a unit whose leader can be tried as
# well before all others.
STAFF_PAGES: Sequence[tuple[Role, str, str]] = (
    (Role.AGENT, "/desk", "坐席工作台"),
    (Role.SHIFT_LEAD, "/desk", "坐席工作台"),
    (Role.DISPATCHER, "/dispatch", "分办审核"),
    (Role.REVIEWER, "/dispatch", "分办审核"),
    (Role.CALLBACK, "/dispatch", "分办审核"),
    (Role.SUPERVISOR, "/supervise", "督办大屏"),
    (Role.PRIVACY_OFFICER, "/privacy", "隐私保护"),
    (Role.LIAISON, "/unit", "承办工作台"),
    (Role.UNIT_LEADER, "/unit", "承办工作台"),
    (Role.EDITOR, "/knowledge", "知识采编"),
    (Role.ADMIN, "/admin", "系统管理"),
)


@dataclass(frozen=True, slots=True)
class LogIn:
    """A demo account."""

    login: str
    name: str
    roles: frozenset[Role]
    unit: str = ""


def banner(url: str, served: frozenset[str], log_ins: Sequence[LogIn]) -> str:
    """The text; only pages that are ``served`` are listed."""
    lines = ["", f"12345 政务服务便民热线已启动：{url}", "", "市民页面"]
    lines += [f"  {_padded(url + path, 40)} {what}" for path, what in CITIZEN_PAGES if path in served]
    if log_ins:
        lines += ["", f"工作人员页面（演示账号，口令均为 {DEMO_PASSWORD}）"]
        lines += list(_staff_lines(url, served, log_ins))
        leaders = "、".join(each.login for each in log_ins if Role.UNIT_LEADER in each.roles)
        lines.append("  其他成员单位：账号为单位代码的小写；代码见工单页或 /admin 的成员单位")
        lines.append(f"  单位负责人：{leaders}")
    lines += ["", "接口说明  " + url + "/api/openapi.json", "按 Ctrl+C 停止", ""]
    return "\n".join(lines)


def _staff_lines(url: str, served: frozenset[str], log_ins: Sequence[LogIn]) -> Iterable[str]:
    led = {each.unit for each in log_ins if Role.UNIT_LEADER in each.roles}
    for role, path, what in STAFF_PAGES:
        holders = (each for each in log_ins if role in each.roles)
        holder = min(holders, key=lambda each: each.unit not in led, default=None)
        if path in served and holder is not None:
            yield f"  {_padded(url + path, 40)} {_padded(what, 16)} 账号 {_padded(holder.login, 14)} {holder.name}"


def _padded(text: str, width: int) -> str:
    taken = sum(2 if east_asian_width(character) in "WF" else 1 for character in text)
    return text + " " * max(0, width - taken)
