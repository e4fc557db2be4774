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

SETTLED = re.compile(rf"{_BEGUN}(?:{_SETTLES})|{_RESTORED}")
DONE = re.compile(rf"{_BEGUN}(?:{_SETTLES}|{_TELLS})|{_RESTORED}")
