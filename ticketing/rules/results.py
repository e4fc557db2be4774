"""What tells in a reply or a result that something was done: one vocabulary with its parts."""

import re

# What repairs, clears or makes good, so that the matter is settled.
_SETTLES = (
    "修复|修好|维修|检修|抢修|清理|清运|清除|清走|更换|换新|换好|填平|补好|处理完|整改|完成|拆除|恢复|退还|退款|退费|"
    "支付|查处|立案|处罚|劝离|安装|取缔|查封"
)
# What only tells somebody or makes ready.
_TELLS = "告知|解释|答复|安排|核实"
_RESTORED = r"恢复(?:正常)?(?:照明|供水|供电|供气|通行|运行|使用|原状)|(?:修复|整改|清理|维修|更换)(?:完成|完毕|到位)"
_BEGUN = r"(?:已|均|全部|当日|当天|次日|当场)[^，。；]{0,14}?"
# A law, an order or a date that was set settles nothing: 已责令整改, 已安排更换.
_ORDERED = r"(?:责令|要求|督促|安排|通知|计划|约谈|建议|申请|敦促)"

SETTLED = re.compile(rf"{_BEGUN}(?:{_SETTLES})|{_RESTORED}")
DONE = re.compile(rf"{_BEGUN}(?:{_SETTLES}|{_TELLS})|{_RESTORED}")
# Of what was settled, what a unit has to have reported before a reply may say it.
CLAIMED = re.compile(
    rf"(?:已|均|全部|当日|当天|次日|当场)(?:(?!{_ORDERED}|未|没|不)[^，。；]){{0,14}}?(?P<what>{_SETTLES})(?!时|前|后再)"
    rf"|(?P<restored>{_RESTORED})"
)

# Doings that a reply and a report may each tell by another of the same row.
_KIN: tuple[frozenset[str], ...] = tuple(
    frozenset(row.split())
    for row in (
        "修复 修好 维修 检修 抢修 更换 换新 换好 填平 补好 恢复 整改",
        "清理 清运 清除 清走 劝离 取缔 整改",
        "退还 退款 退费 支付",
        "查处 立案 处罚 查封 取缔",
        "拆除 清除",
        "安装 增设 加装",
        "完成 处理完 整改",
    )
)
_UNDONE = re.compile(
    r"(?:未|尚未|没有?|无法|不能|暂不|计划|拟|将(?!军)|待|准备|责令|要求|督促)[^，。；]{0,10}?"
    rf"(?=(?P<what>{_SETTLES}|增设|加装))"
)


def kin_of(text: str) -> frozenset[str]:
    """The doings a text tells as done, each with the words that stand for the same."""
    undone = {match.start("what") for match in _UNDONE.finditer(text)}
    told = {match.group() for match in re.finditer(_SETTLES + "|增设|加装", text) if match.start() not in undone}
    return frozenset(told).union(*(row for row in _KIN if row & told))
