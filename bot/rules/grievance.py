"""Tells a grievance from a question, a letter from a chat line, and finds what of a message is substance."""

import re

from kernel.privacy import mask_text

GRIEVANCE = re.compile(
    r"没(?:有)?人(?:管|理|处理|维修|清|修|过问)|无人(?:管|理|问津|处理|清理|监管)|冇人(?:理|管|跟|执|清|查)|有(?:冇|没有)人(?:来|嚟)?(?:理|管|处理|查|执|清|跟)|不作为|推诿|踢皮球|扰民|拖欠|"
    r"(?:睡|瞓)不着|(?:睡|瞓)唔着|瞓唔到|不得安宁|苦不堪言|乱收费|强制收费|不退|拒绝退|跑路|偷排|违建|占道|臭气|臭味|恶臭|刺鼻|"
    r"噪音|好嘈|嘈(?:到|死|喧巴闭)|臭(?:到|死)|烂晒|塞(?:晒|咗|住)|漏紧水|太吵|吵得|吵到|(?:多|几|N|n)次(?:反映|投诉|反馈)|一直(?:没|不|未)|迟迟(?:不|没|未)|至今(?:没|未|不)|"
    r"(?:为什么|为何|点解|凭什么).{0,12}(?:没|不|冇|唔|未|还)|什么时候(?:能|才能|可以)?(?:解决|修|清|整治|处理|恢复|通)|"
    r"何时(?:能|才能)?(?:解决|修|整治|处理|恢复|通)|坏了|烂咗|烂了|破损|塌|漏水|堵塞|堵了|停水|停电|积水|态度(?:恶劣|很差|极差)|"
    r"欺骗|骗|虚假|霸王条款|违法|违规|非法|私自|安全隐患|影响(?:居民|我们|休息|生活|出行|学习)|恳请|强烈要求|还我们|做主|维权|讨个说法"
)
ASKING = re.compile(
    r"怎么(?!回事|还|没|不)|如何|怎样|点样|点(?:办|攞|算|申请)|什么(?:材料|条件|手续|流程|时候|意思|资料|证)|咩|哪里|哪个|边度|边个|"
    r"多少|几多|几耐|多久|几点|几时|几号|能不能|可不可以|可以.{0,12}吗|是否|是不是|有没有|有冇|需要.{0,10}吗|要不要|(?P<verb>[能可行得会该用需算改对有])[不唔](?P=verb)|吗[?？]?$|"
    r"请问|想问|咨询|标准|条件|政策|规定"
)
# Asks what can be done, or who sees to it; in bare words, as into a search field, everything is asked.
_WAY = re.compile(
    r"(?:找|揾|搵|该找|去找|问|向|打给|归|轮到|边)(?:谁|边个|哪|边度)|谁(?:来)?管|哪(?:个|些)部门|(?:去|到|往|在|投诉|举报)(?:哪|边度)|"
    r"怎么办|咋办|咋整|点算|点办|点搞|犯[不唔]犯法|(?:违法|合法|犯法|有效|算数)吗|算不算|几[年天日个](?!人)|多少[天年钱]|"
    r"(?:能|可以|会|要|该)[^，,。]{0,14}[吗么]|还来得及|系咪|使唔使|可唔可以|得唔得"
)
_RHETORICAL = re.compile(
    r"(?:有没有|有冇)人|谁(?:能|可以)?来?(?:管管|协调|处理一下)|凭什么|(?:到底|究竟)(?:管不管|有没有)"
)
_BARE = re.compile(r"[^\W\d_]{1,8}(?:[ \u3000]+[^\W_]{1,8}){1,4}")
_CONSULT_LEAD = re.compile(
    r"^(?:你好|您好|[，,。！!\s])*(?:请问|想问|咨询|我想咨询|想咨询|关于.{0,12}的?(?:咨询|问题请教))"
)
_LEAD = re.compile(
    r"^(?:(?:你好|您好|喂|嗨|hello|hi|请问|麻烦|唔该|谢谢|多谢|尊敬的[^，。：:]{0,10}|各位领导|领导|我们?|我哋|本人|"
    r"想|要|来|去|有(?=[个一点件些条啲]|建议|意见|情况|问题|事)|再|[还仲](?=要|想|需)|帮我|请|希望|(?:匿名|实名)?(?:投诉|举报|检举|爆料|求助|反映|反应|报修|表扬|建议|提议|咨询)|登记|工单|"
    r"(?:提|俾)?(?:个|一个|一点|点|条|啲)(?:事|问题|情况|建议|意见)?|一下|下|一件事|情况|问题|一些|的是|是|说)"
    r"|[，,。.！!：:、\s~～])+",
    re.IGNORECASE,
)
_WISH = re.compile(r"[，,。；;\s]*(?:请|希望|要)?(?:帮我|给我|为我)?(?:匿名|保密|不要公开|不公开)[^，。；;]{0,8}$")
_WORDLESS = re.compile(r"[\W\d_]+")
LETTER = 60
SUBSTANCE = 4
_NOT_YET = frozenset(
    {"物业", "噪音", "商家", "餐馆", "有人", "一个人", "一家店", "公司", "老板", "某公司", "事情", "这件事", "工作人员"}
)
_SENTENCE = re.compile(r"[。！!？?；;\n]")
TITLE = 28
HEAD = 40


def is_grievance(text: str) -> bool:
    """Whether it describes a wrong or a trouble, be it put as a question."""
    return bool(GRIEVANCE.search(text))


def asks(text: str) -> bool:
    """Whether it is put as a question about rules, papers or places."""
    return bool(ASKING.search(text))


def asks_a_way(text: str) -> bool:
    """Whether it asks what can be done about something, or is put as into a search field; a cry of anger is neither."""
    bare = _BARE.fullmatch(text.strip()) is not None and not is_grievance(text)
    return bare or ((asks(text) or _WAY.search(text) is not None) and not _RHETORICAL.search(text))


def leads_as_question(text: str) -> bool:
    """Whether it opens as a consultation does."""
    return bool(_CONSULT_LEAD.search(text))


def is_letter(text: str) -> bool:
    """Whether it is long enough to tell the whole matter."""
    return len(_WORDLESS.sub("", text)) >= LETTER


def substance(text: str) -> str:
    """The message without greeting and without the bare wish ("我要投诉"); empty when nothing else was said."""
    return _WISH.sub("", _LEAD.sub("", text.strip())).strip(" ，,。.！!：:、~～")


def says_enough(text: str) -> bool:
    """Whether there is something to work on and not only a wish or one bare word."""
    core = _WORDLESS.sub("", substance(text))
    return len(core) >= SUBSTANCE and core not in _NOT_YET


def says_something(text: str) -> bool:
    """Whether anything of the matter is in it, be it little; a bare wish or one bare word is nothing yet."""
    core = _WORDLESS.sub("", substance(text))
    return bool(core) and core not in _NOT_YET


def head_of(text: str) -> str:
    """The first sentences of a letter, where its writer says what they want."""
    end = 0
    for found in _SENTENCE.finditer(text):
        end = found.end()
        if end >= HEAD:
            break
    return text[: max(min(end, 2 * HEAD), HEAD)]


def title_of(text: str) -> str:
    """A short title without personal data: the first sentence that says something, at most 28 characters.

    It is masked whole, for a name or a number that is cut through can no longer be told as one.
    """
    text = mask_text(text)
    for sentence in _SENTENCE.split(text):
        core = substance(sentence)
        if len(_WORDLESS.sub("", core)) >= SUBSTANCE:
            return core if len(core) <= TITLE else core[: TITLE - 1] + "…"
    core = substance(text) or text.strip()
    return core if len(core) <= TITLE else core[: TITLE - 1] + "…"
