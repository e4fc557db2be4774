"""Words that leave no doubt what a citizen wants: rules stand over the model, a person above all."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.model import Intent
from bot.rules.wishes import wish_in
from kernel.chinese import normalise, to_mandarin

_POLITE = (
    r"(?:你好|您好|请问|请|麻烦(?:你|您)?|唔该(?:晒|帮我)?|拜托|谢谢|多谢|可以|能不能|可不可以|能否|"
    r"帮我|帮忙|给我|我想|我要|我)*"
)
_END = r"(?:吧|啊|呀|啦|喇|了|谢谢|多谢|唔该|好吗|可以吗|吗|得唔得|行吗|呢|一下)*"

# A person: the words for one, and the ways to ask for one. What only speaks of one ("人工费", "人工湖") is left out.
_WITH_SOMEONE = (
    r"(?:跟|和|与|同|让|俾|叫|找|揾|搵|换|要)(?:个|一个|位)?(?:真人|活人|人(?!家|员|民|工|行|口|才|身|力|大|均))"
)
_A_PERSON = (
    r"(?:人工(?!费|湖|智能|林|草|授精|耳蜗|关节|降雨|繁育|成本|岛|流产|增雨)(?:客服|服务|坐席|座席|台)?"
    r"|真人|活人|坐席|座席|话务员|接线员|客服(?:人员)?)"
)
_PERSON = (
    rf"^{_POLITE}{_A_PERSON}{_END}$",
    rf"(?:转接?|换|接|找|揾|搵|叫|嗌|喊|要|需要|联系|呼叫|连线|连接)(?:个|下|一下|一个|一?位|名|到|去|返|成|你们的?|你哋)*{_A_PERSON}",
    rf"{_A_PERSON}(?:接听|接入|来|回复|答复|处理|解答|跟我|同我|和我|在哪|喺边|呢$|在吗)",
    rf"{_WITH_SOMEONE}[^咗了过，。]{{0,4}}?(?:说|讲|倾|聊|谈|沟通|接电话|解答|听|来|嚟|回我|答我)",
    r"(?:跟|和|与|同|找|揾|搵|转)(?:你们的?|你哋)?(?:工作人员|职员|值班员|值班人员)(?:直接)?(?:说|讲|倾|聊|谈|沟通|$)",
    r"(?:不要|不想|唔要|唔想|别|讨厌|拒绝)(?:再)?(?:跟|和|同|与)?(?:智能)?(?:机器人?|机械人|机器|AI|自动回复)",
    r"(?:机器人|机械人).{0,8}(?:听不懂|唔识|没用|冇用|换人|听唔明)",
    r"(?:talk|speak|chat|connect).{0,16}(?:human|person|agent|operator|representative)",
    r"^(?:human|agent|operator|real person|live agent)(?: please)?$",
    rf"(?:有没有|有冇|有){_A_PERSON}(?!费)",
    r"(?:human|live|real)\s*(?:agent|person|operator)",
    rf"^(?:转|接){_A_PERSON}?(?:人工|人){_END}$",
)
# Somebody else's staff, or a request about one: no wish for a person here.
_NO_PERSON = (
    r"(?:商家|平台|公司|店家?|银行|快递|物业|运营商|淘宝|京东|对方|他们的?|佢哋)(?:的|嘅)?(?:人工)?客服",
    r"(?:不用|唔使|不需要|无需|唔需要|先不|不想)(?:转|找|接)?(?:人工|客服|真人|坐席)",
)

_COMPOUND = re.compile(r"人工(?:费|湖|智能|林|草|授精|耳蜗|关节|降雨|繁育|成本|岛|流产|增雨)")
_REFUSED = r"(?:不用|不想|不再|不|唔想|唔|别|没|冇|撤回|撤销|取消)(?:再)?(?:投诉|举报|提交|催)"
_CLEAR: tuple[tuple[Intent, tuple[str, ...]], ...] = (
    (
        Intent.PROGRESS,
        (
            r"(?:查|问|看|了解|想知道|查询|睇)(?:一?下|下)?(?:我的?|我个|我张|之前的?)?.{0,6}(?:进度|工单|办理情况|处理情况|处理结果|办理结果)",
            r"(?:工单|诉求|投诉|举报|单|件)(?:的|嘅)?(?:进度|进展|到哪|办得|处理得|处理到|点样|怎么样|怎样|结果)",
            r"^(?:进度(?:查询)?|查结果|催办|催单|催一下|催促|追单|工单号查询)$",
            r"(?:催|追)(?:一?下|催)?(?:办|单|工单|进度|我的|我张)",
            r"(?:上次|之前|前几天|早前|上个?(?:月|礼拜|星期|周)).{0,4}(?:投诉|反映|举报|提交|登记|报(?!销|名)).{0,12}(?:结果|进展|回复|答复|处理了没|点样|怎么样|怎样|冇回音|修好|还没|还不)",
            r"(?:撤回|撤销|取消).{0,6}(?:投诉|工单|举报|诉求)|(?:补充).{0,6}(?:之前|上次|已经|刚才).{0,4}(?:投诉|工单|诉求)",
        ),
    ),
    (
        Intent.REPORT,
        (
            r"^(?:[^，。！？]{0,6})(?:要|想|来|去)?(?:匿名|实名)?(?:举报|检举|爆料|揭发)",
            r"(?:我|想|要)(?:要|想|来|去)?(?:匿名|实名)?(?:举报|检举|揭发)",
        ),
    ),
    (
        Intent.COMPLAIN,
        (
            r"^(?:你好|您好|[，,\s])*(?:我们?|我哋)?(?:还|再|又|仲|另外|要|想)*反映(?:另?[一二两三][个件点]|[个件]|一下|下)?(?:问题|情况|事)(?!.{0,4}(?:结果|进度|处理))",
            r"^(?:你好|您好|[，,\s])*(?:我们?|我哋)?(?:要|想|来|去|还|再|又|仲)*投诉(?!.{0,4}(?:电话|渠道|热线|多久|几耐|怎么|如何|点样|去哪))",
        ),
    ),
    (
        Intent.PRAISE,
        (
            r"(?:要|想|来|特地|专门)?表扬(?!信怎么)",
            r"(?:送|写).{0,4}(?:锦旗|感谢信|表扬信)",
            r"(?:要|想)(?:点赞|赞下|赞扬|夸)",
        ),
    ),
    (
        Intent.SUGGEST,
        (
            r"^(?:我|我们)?(?:有|想|要|来|俾|给你们|想俾|想提)*(?:提|俾)?(?:个|一个|一点|点|条|啲)?(?:小)?建议",
            r"^(?:强烈|我)?(?:建议|提议)",
            r"(?:提|俾)(?:个|一个|点|条)(?:小)?(?:建议|意见)",
            r"^建言",
        ),
    ),
)
_WHOLE: Mapping[Intent, str] = {
    Intent.CONFIRM: (
        r"(?:是|是的|对|对的|对呀|确认|确认提交|确定|没错|可以|可以的|好|好的|好呀|好啊|嗯+|行|提交|系|系呀|啱|啱呀|冇错|得|"
        r"同意|就这样|没问题|冇问题|ok|okay|yes|正确|要|要的)"
    ),
    Intent.DENY: (
        r"(?:不是|不对|不|不用|不用了|取消|错了|不要|不要了|唔系|唔啱|唔使|唔使喇|唔要|不提交|不提交了|算了|算喇|先不了|否|"
        r"不可以|不行|不同意|no|取消登记|不登记了|不投诉了|唔投诉喇|放弃)"
    ),
    Intent.GREETING: (
        r"(?:你好|您好|你们好|你好呀|您好啊|在吗|在不在|有人吗|hi|hello|嗨|哈喽|喂|早|早晨|"
        r"(?:早上|上午|中午|下午|晚上)好|"
        r"谢谢(?:你|您|了|啦)?|多谢(?:晒|你|您)?|唔该(?:晒)?|感谢|thanks|thank you|"
        r"再见|拜拜|bye|好的谢谢|没事了|冇事喇)"
    ),
    Intent.RATING: (
        r"(?:我要评价|评价一下|评价|评分|打分|(?:非常|十分|很|好|几|基本|不|唔|非常不|比较|很不)?满意|(?:给个)?(?:好评|差评|中评)|"
        r"(?:我要)?给?差评|打?[一二三四五12345](?:分|星))"
    ),
}
LONG, SENTENCE = 60, 16
_SENTENCES = re.compile(r"[，。！？；,!?;\n]")
_FLAGS = re.IGNORECASE
_PERSON_RE = tuple(re.compile(each, _FLAGS) for each in _PERSON)
_NO_PERSON_RE = tuple(re.compile(each, _FLAGS) for each in _NO_PERSON)
_CLEAR_RE = tuple((intent, tuple(re.compile(each, _FLAGS) for each in found)) for intent, found in _CLEAR)
_WHOLE_RE = {intent: re.compile(pattern + "[吧了啊呀啦喇呢哦的]?", _FLAGS) for intent, pattern in _WHOLE.items()}
_REFUSED_RE = re.compile(_REFUSED)
_STICKER = re.compile(r"\[[^\[\]\d]{1,8}\]|/:[^\s/\u4e00-\u9fff]{1,8}")
_WORD = re.compile(r"[^\W_]")
_EDGE = re.compile(r"^[\W_]+|[\W_]+$")
_SOFT = re.compile(r"[，,。.！!～~？?、；;：:…\s]+")


@dataclass(frozen=True, slots=True)
class Plain:
    """A text in the one form the rules read: ``said`` as simplified Mandarin or Cantonese, ``mandarin`` translated."""

    said: str
    mandarin: str

    @classmethod
    def of(cls, text: str) -> "Plain":
        """The plain form of what was written."""
        return cls(normalise(text), mandarin(text))

    @property
    def bare(self) -> str:
        """Without punctuation at the edges, lower case."""
        return _EDGE.sub("", self.said).lower()


def mandarin(text: str) -> str:
    """A text as the models know texts: simplified, and Mandarin where it is Cantonese."""
    return normalise(to_mandarin(text))


def is_wordless(text: str) -> bool:
    """Whether it is stickers, emoji and marks only: [捂脸], /:heart, 😀, ？？？."""
    return bool(text.strip()) and not _WORD.search(_STICKER.sub("", text))


def wants_person(plain: Plain) -> bool:
    """Whether a person is asked for; never a matter of probability. In a letter only a short sentence asks."""
    if len(plain.said) <= LONG:
        return _asks_for_person(plain)
    return any(len(each) <= SENTENCE and _asks_for_person(Plain.of(each)) for each in _SENTENCES.split(plain.said))


def _asks_for_person(plain: Plain) -> bool:
    for text in (_SOFT.sub("", plain.said), _SOFT.sub("", plain.mandarin), plain.said):
        if any(each.search(text) for each in _NO_PERSON_RE):
            return False
        if any(each.search(text) for each in _PERSON_RE):
            return True
    return False


def only_speaks_of_one(plain: Plain) -> bool:
    """Whether a person is named but not asked for: somebody else's staff, a refusal, an artificial lake."""
    return bool(_COMPOUND.search(plain.said)) or any(each.search(plain.said) for each in _NO_PERSON_RE)


def clear_intent(plain: Plain) -> Intent:
    """The intent that needs no model; OTHER when the words leave doubt."""
    if wants_person(plain):
        return Intent.PERSON
    bare = _SOFT.sub("", plain.bare)
    for intent, whole in _WHOLE_RE.items():
        if whole.fullmatch(bare) or whole.fullmatch(plain.bare):
            return intent
    if wish_in(plain.said) is not None:
        return Intent.PROGRESS
    for intent, patterns in _CLEAR_RE:
        if intent is Intent.PROGRESS and len(plain.said) > LONG:
            continue
        if any(each.search(plain.said) or each.search(plain.mandarin) for each in patterns):
            refused = intent in {Intent.COMPLAIN, Intent.REPORT} and _REFUSED_RE.search(plain.said)
            return Intent.PROGRESS if refused else intent
    return Intent.OTHER
