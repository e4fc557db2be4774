"""One way to write a question or a title, and the words in it that tell what it is about."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kernel.chinese import normalise, to_mandarin, words

# What any question may hold: it asks for the road, the price or the papers, not for the matter itself.
_PHRASES = (
    "怎么办理 怎么办 怎么弄 怎么做 怎么样 怎么 怎样 如何 咋办 咋弄 点样 点算 点解 点办 点先 边度 边个 边啲 使唔使 有冇 "
    "要不要 需不需要 需要 能不能 可不可以 可以 有没有 没有 是不是 是否 行不行 算不算 用不用 会不会 得不得 "
    "多少钱 多少天 多少 多长时间 多久 什么时候 什么 几天 几日 哪里 哪些 哪儿 为什么 请问 想问 我想 想要 想办 想同 "
    "办理 申请 手续 材料 资料 流程 条件 要求 给我 帮我 我要 要钱 收费 我个 我系 将我 一个月 两个月 三个月 半年 "
    "准备 麻烦 谢谢 你好 您好 打算 知道 告诉 咨询"
)
_WORDS = (
    "的 了 着 过 地 得 是 在 和 与 及 或 而 就 都 也 又 还 还有 很 太 把 被 给 让 从 向 到 于 对 为 以 之 其 这 那 才 再 并 将 "
    "这个 那个 这些 那些 这样 那样 我 我们 你 你们 您 他 他们 她 她们 它 自己 大家 别人 有人 人 吗 呢 吧 啊 呀 哦 嗯 嘛 哈 啦 "
    "请 一下 想 要 问 了解 一个 一家 个 些 张 间 家 本 份 套 块 条 件 次 第 只 "
    "有 没 无 会 能 行 用 应该 应 该 必须 如果 因为 所以 但是 但 以及 等 等等 哪 谁 几 多长 去 来 找 做 弄 搞 办 办好 领取 领 "
    "拿 带 上 下 里 前 后 内 时 时候 时间 期间 之内 天 日 月 年 号 小时 几个 一年 每年 今年 明年 去年 现在 目前 最近 以后 "
    "之后 之前 先 已经 刚 刚刚 马上 钱 费用 费 收 免费 程序 地方 地点 地址 电话 网上 线上 预约 情况 问题 事 事情 东西 "
    "相关 有关 关于 规定 政策 标准 方法 渠道 到底 具体 一般 大概 这里 那里 不 不是 不能 不用 好 可 即 帮 跟 同 比较 真的 "
    "一直 仍然 全部 所有 任何 各 每 啲 咩 呢个 佢 点 先 喺 系 咗 突然 那时 才能 只有"
)
# Who, when and how it came about: it rarely decides which entry is meant.
_CIRCUMSTANCES = (
    "我妈 我爸 我妈妈 我爸爸 妈妈 爸爸 父亲 母亲 父母 爸妈 爹妈 老公 老婆 丈夫 妻子 爱人 先生 太太 女士 哥哥 弟弟 姐姐 妹妹 "
    "我哥 我姐 我弟 我妹 我儿子 我女儿 女朋友 男朋友 对象 朋友 同事 邻居 亲戚 家人 家里 家里人 家属 房东 居民 市民 群众 "
    "下个月 上个月 这个月 本月 下个星期 上个星期 下周 上周 这周 昨天 前天 今天 明天 后天 早上 上午 中午 下午 晚上 半夜 周末 "
    "出来 下来 起来 回来 过来 进来 上去 下去 出去 回去 到 从来 从来不 经常 好像 听说 打工 上班 下班 回家 急用 急 快 提前 "
    "住 坐 算 发 满 新 老 大 小 旧 走 看 说 讲 写 叫 收到 拿到 后能 能查 想开 处理 符合 证明 继续 不肯 拒绝 允许 交易 "
    "小区 楼下 附近 门口 一次 按 每个 自己 一样 原来 本人 外省人 本地人 外地人 大学毕业 毕业"
)
CIRCUMSTANCES = frozenset(_CIRCUMSTANCES.split())
ASKING = frozenset(_WORDS.split()) | frozenset(_PHRASES.split())
_CONTENT = re.compile(r"[\u4e00-\u9fff]+|[a-z0-9][a-z0-9.\-]*")
_SIGNS = re.compile(r"[\W_]+")
_COUNTED = re.compile(r"[0-9.]{1,2}|(?:[0-9.]+|[零〇一二两三四五六七八九十百千万几]+)(?:多|几|个)*(?:岁|天|年|月|日|号|元|块|分|平方|公里|小时|个|月份)?(?<![0-9]{3})")


@dataclass(frozen=True, slots=True)
class Wording:
    """Plain words by each of their synonyms; a word that stands for itself is protected from a shorter synonym."""

    plain_of: Mapping[str, str]
    pattern: re.Pattern[str]

    @classmethod
    def of(cls, plain_of: Mapping[str, str]) -> "Wording":
        """The wording of a table synonym → plain word."""
        table = dict.fromkeys(_PHRASES.split(), "") | dict(plain_of)
        longest_first = sorted(table, key=len, reverse=True)
        return cls(table, re.compile("|".join(map(re.escape, longest_first))))

    def content(self, text: str) -> tuple[str, ...]:
        """The words that tell what ``text`` is about, each once, in order."""
        found = dict.fromkeys(word for word in self._cut(text) if _CONTENT.fullmatch(word))
        return tuple(word for word in found if word not in ASKING and not _COUNTED.fullmatch(word))

    def plain(self, text: str) -> str:
        """``text`` in Mandarin, simplified, lower case, with one word for the many that mean the same."""
        return self.pattern.sub(lambda found: self.plain_of[found.group()] or found.group(), _flat(text))

    def bare(self, text: str) -> str:
        """``text`` without signs and spaces: what was asked in the very same words is equal."""
        return _SIGNS.sub("", _flat(text))

    def _cut(self, text: str) -> Iterator[str]:
        flat, end = _flat(text), 0
        for found in self.pattern.finditer(flat):
            yield from words(flat[end : found.start()])
            yield self.plain_of[found.group()]
            end = found.end()
        yield from words(flat[end:])


def _flat(text: str) -> str:
    return normalise(to_mandarin(text)).lower()
