"""A reply looked over before it goes out: what was asked and whether it is answered, basis, contact, leaks, courtesy,
empty phrases. It shows a reviewer where to look; a person decides, but about a leak."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from kernel.chinese import is_ordinary_word, terms
from kernel.labels import Labelled
from kernel.person_names import SURNAMES, is_name, is_name_and_no_word
from kernel.personal import find_personal
from kernel.personal_patterns import Personal
from ticketing.model.labels import Outcome, ReviewCheck, TicketKind
from ticketing.model.ticket import Ticket
from ticketing.rules.answering import RESULT, answers_of, subjects_of
from ticketing.rules.disclosing import hands_on
from ticketing.rules.points import points_of
from ticketing.rules.substance import NO_BASIS, is_none
from ticketing.rules.whereabouts import other_roads


class Verdict(Labelled):
    """What the look found."""

    FINE = "fine", "未见问题"
    DOUBT = "doubt", "请人工确认"
    WRONG = "wrong", "可能有问题"


class Stop(Labelled):
    """Whether a reply goes out with it."""

    NOTHING = "", "可以发布"
    REASON = "reason", "须写明理由"
    NEVER = "never", "不能发布"


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the list. ``quote`` is what was asked, ``evidence`` the places of the reply it rests on; ``of`` says
    which of the things a reviewer vouches for it belongs to, ``field`` in which field of the form it stands; ``fault``
    is the code of what may never go out."""

    of: str
    label: str
    verdict: str
    verdict_label: str
    why: str
    quote: str = ""
    evidence: tuple[str, ...] = ()
    field: str = "text"
    stops: str = Stop.NOTHING.value
    fault: str = ""


# What no reply has to tell; a landline, a room or a name may well be an office's.
NOBODYS_BUSINESS = frozenset({Personal.ID_CARD, Personal.BANK_CARD, Personal.MOBILE, Personal.PLATE})
# How many of a point's words a sentence of the reply has to share to be about it, and to answer it surely.
TOUCHED, ANSWERED = 1, 2
BASIS = re.compile(r"《[^》]{2,40}》|根据|依据|按照|第[一二三四五六七八九十百零\d]+条|〔\d{4}〕")
NAMED_BASIS = re.compile(r"《[^》]{2,40}》|第[一二三四五六七八九十百零\d]+条|〔\d{4}〕")
REFUSING = re.compile(
    r"不予(?:支持|受理|办理|采纳|批准|同意)|(?:不能|无法|难以)(?:满足|支持|同意|采纳)|不符合[^，。；]{0,12}(?:条件|规定|要求)|不支持(?:该|您|你|此)"
)
REFUSED = frozenset({Outcome.EXPLAINED, Outcome.REFERRED})
PHONE = re.compile(r"(?<!\d)(?:0\d{2,3}[-—]?\d{7,8}|12345|1\d{4}|400[-\d]{7,10})(?!\d)")
CONTACT = re.compile(r"联系(?:电话|人|方式)|咨询电话|致电|拨打|电话[:：]")
INTERNAL = (
    *("退单", "改派", "派单", "督办", "考核", "剔除", "扣分", "内审", "挂账", "并单", "工单号", "领导批示", "内部"),
    *("诉求人", "该市民", "反映人", "来电人", "举报人", "不属我单位", "重复件", "缠访"),
)
COURTEOUS = ("您好", "你好", "感谢", "谢谢", "尊敬的", "抱歉", "敬请谅解")
RUDE = (
    "不归我们管",
    "无理取闹",
    "自己看",
    "爱信不信",
    "与我无关",
    "不可能",
    "没办法",
    "无法受理",
    "胡闹",
    "刁民",
    "你自己",
)
EMPTY = (
    *("正在处理", "正在办理", "处理中", "办理中", "将尽快", "会尽快", "高度重视", "已转交", "已转相关部门", "待核实"),
    *("感谢您的理解和支持", "请耐心等待", "加强巡查", "加大力度", "进一步核实", "后续跟进"),
)
DONE = re.compile(
    r"已(?:经)?[^，。；]{0,12}?(?:修复|清理|更换|处理完|整改|完成|拆除|恢复|退还|支付|查处|立案|处罚|告知|解释|答复|劝离|安排|核实)"
)
# Of what was done, what settles a matter.
SETTLED = re.compile(
    r"已(?:经)?[^，。；]{0,12}?(?:修复|清理|更换|处理完|整改|完成|拆除|恢复|退还|支付|查处|立案|处罚|劝离)"
)
DATED = re.compile(r"\d{1,2}月\d{1,2}日|\d+个?工作日内|\d+日内|月底前|年底前")
AT_BASIS = "basis"
FEW_WORDS = 30
NAME_AT_LEAST = 2
# What a short question asks for, and what a reply that answers it holds: 需要带什么材料 ↔ 身份证原件.
ASKS: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] = tuple(
    (re.compile(asked), re.compile(answer))
    for asked, answer in (
        (
            r"(?:什么|哪些)(?:材料|资料|证件|手续)",
            r"材料|资料|身份证|户口|证明|证书|复印件|原件|[^，。]{0,6}(?:表|合同)",
        ),
        (
            r"什么时候|哪天|几号|何时|多久|多长时间|截止|期限",
            r"\d{1,2}月\d{1,2}日|\d{4}年|\d+个?(?:工作日|小时|天|个月)|月底|年底|当日|次日|\d{1,2}[:：时点]",
        ),
        (r"多少钱|收费|费用|价格", r"\d+(?:\.\d+)?元|免费|不收费|不收取"),
        (r"在哪|哪里|哪儿|地址|地点", r"(?:路|街|道|巷)[^，。]{0,8}号|中心|大厅|窗口|站点|小程序|网站"),
        (
            r"(?:怎么|如何|怎样)(?!还|又|会|这|那|就|回事|都|老|总|没|不)",
            r"通过|登录|拨打|携带|到[^，。]{2,16}(?:办理|申请)|步骤|流程|小程序|平台",
        ),
        (r"电话|联系方式", PHONE.pattern),
    )
)
# Persons a reply names: before a title more than the surname stands, or the name follows what somebody is.
TITLED = re.compile(r"(?P<before>[\u4e00-\u9fff]{2,4})(?:先生|女士|小姐|太太|师傅|老师|阿姨|大爷)")
BEING = re.compile(
    r"(?:业主|住户|租客|租户|房东|店主|老板|邻居|当事人|经营者|负责人)(?P<value>[\u4e00-\u9fff]{2,4}?)"
    r"(?=已|于|的|家|表示|承诺|[，。、；])"
)
# As above in any sentence, where less is sure: 同住人王大力（…）, 邻居王大力住….
RELATED = re.compile(
    r"(?:同住人|同住|邻居|业主|住户|租客|租户|房东|店主|老板|当事人|经营者|负责人|经办人|联系人|同事|家属|"
    r"丈夫|妻子|儿子|女儿|父亲|母亲|配偶|室友|工友)(?:为|是|叫|：|:)?(?=(?P<value>[\u4e00-\u9fff]{2,3}))"
)
# These are surnames too, but before a surname and a title they lead to it: 向王先生致歉.
LEADS_TO = frozenset("向于时应为谢")


def check_reply(ticket: Ticket, text: str, basis: str = "") -> tuple[Check, ...]:
    """The whole list for a reply to a ticket; ``ticket.text`` is masked."""
    return tuple(check for look in LOOKS for check in look(ticket, text.strip(), basis.strip()))


def sensitive_check(found: Sequence[tuple[str, str]]) -> Check:
    """A line that warns of sensitive words, each with what it is about."""
    kinds = "、".join(dict.fromkeys(kind for _, kind in found))
    words = tuple(word for word, _ in found)
    return _check(ReviewCheck.COURTESY, "敏感词", Verdict.DOUBT, f"含有敏感词（{kinds}），请确认是否合适", "", words)


# -- one look each --------------------------------------------------------------------------------------


def _points(ticket: Ticket, text: str, _basis: str) -> Iterator[Check]:
    sentences = answers_of(text)
    asked = points_of(ticket.text) or [ticket.title]
    common = set(terms(ticket.title)) if len(asked) > 1 else set()
    yield from (_point(point, common, sentences, text) for point in asked)


def _point(point: str, common: Collection[str], sentences: Mapping[str, str], text: str) -> Check:
    """Whether a reply answers one point. People say the same in other words: where one is not seen in it, a reviewer
    says why it goes out all the same."""
    words = {word for word in terms(point) if len(word) > 1}
    # What the title says is in every sentence of a reply and tells none of its points apart.
    telling = words.difference(common) or words
    said = {sentence: set(terms(own)) for sentence, own in sentences.items()}
    shared = {sentence: len(telling & own) for sentence, own in said.items()}
    about = tuple(sentence for sentence, many in shared.items() if many >= TOUCHED)
    best = max(shared.values(), default=0)
    given = _given(point, text)
    if best >= min(ANSWERED, len(telling) or 1) and given is not None:
        return _check(ReviewCheck.POINTS, "诉求要点", Verdict.FINE, "答复提到了这一点", point, about[:3])
    if given:
        return _check(ReviewCheck.POINTS, "诉求要点", Verdict.FINE, "答复给出了所问内容", point, (given,))
    subjects = subjects_of(words)
    settled = tuple(each for each, own in said.items() if subjects & own and RESULT.search(sentences[each]))
    if settled and given is not None:
        return _check(ReviewCheck.POINTS, "诉求要点", Verdict.FINE, "答复提到了这一点", point, settled[:3])
    if about:
        return _check(ReviewCheck.POINTS, "诉求要点", Verdict.DOUBT, "答复可能只部分涉及", point, about[:3])
    return _check(ReviewCheck.POINTS, "诉求要点", Verdict.WRONG, "答复中没有找到对应内容", point)


def _given(point: str, text: str) -> str | None:
    """What of the kind a question asks for the reply holds; empty when it asks for no such thing, None when the reply
    lacks one of the kinds."""
    kinds = [answer for asked, answer in ASKS if asked.search(point)]
    found = [match.group() for answer in kinds if (match := answer.search(text))]
    return None if len(found) < len(kinds) else next(iter(found), "")


def _persons(text: str) -> tuple[str, ...]:
    """Names of persons that stand in a reply."""
    found = [name for match in TITLED.finditer(text) if (name := _name_at_end(match))]
    found += [match["value"] for match in BEING.finditer(text) if is_name_and_no_word(match)]
    return tuple(dict.fromkeys(found))


def _maybe_persons(text: str) -> tuple[str, ...]:
    """Words after what somebody is to another that may be a name."""
    found = [name for match in RELATED.finditer(text) if (name := _name_at_start(match["value"]))]
    return tuple(dict.fromkeys(found))


def _name_at_start(words: str) -> str:
    for length in (3, 2):
        start = re.match(rf"(?P<value>.{{{length}}})", words)
        if start is not None and is_name_and_no_word(start) and not is_ordinary_word(words[:2]):
            return str(start["value"])
    return ""


def _name_at_end(match: re.Match[str]) -> str:
    before = match["before"]
    for length in (4, 3, 2):
        end = re.fullmatch(rf".*?(?P<value>.{{{length}}})", before)
        if end is not None and is_name(end) and not _leads_to_a_surname(end["value"]):
            return str(end["value"])
    return ""


def _leads_to_a_surname(name: str) -> bool:
    return len(name) == NAME_AT_LEAST and name[0] in LEADS_TO and name[1] in SURNAMES


def _place(ticket: Ticket, text: str, _basis: str) -> Iterator[Check]:
    others = other_roads(f"{ticket.title}\n{ticket.text}\n{ticket.place}", text)
    if others:
        yield _check(ReviewCheck.POINTS, "地点", Verdict.WRONG, "答复说的地点与诉求不同", evidence=others)


def _refuses(ticket: Ticket, text: str) -> bool:
    """Whether whoever asked does not get it: the reply says so, or it was explained to them or put on another road and
    nothing was done. A question that is explained is answered."""
    refused = ticket.result is not None and ticket.result.outcome in REFUSED and ticket.kind is not TicketKind.CONSULT
    return bool(REFUSING.search(text)) or (refused and not SETTLED.search(text) and not RESULT.search(text))


def _basis(ticket: Ticket, text: str, basis: str) -> Iterator[Check]:
    basis = "" if NO_BASIS.fullmatch(basis) else basis
    if is_none(basis):
        none, basis = basis, ""
        if not _refuses(ticket, text):
            why = "写明了没有明文依据，请确认"
            yield _check(ReviewCheck.BASIS, "办理依据", Verdict.DOUBT, why, evidence=(none,), at=AT_BASIS)
            return
    if _refuses(ticket, text) and not NAMED_BASIS.search(f"{text}\n{basis}"):
        yield _unfounded(text, basis)
        return
    found = tuple(dict.fromkeys(match.group() for match in BASIS.finditer(f"{text}\n{basis}")))
    if found:
        yield _check(ReviewCheck.BASIS, "办理依据", Verdict.FINE, "写明了依据", evidence=found[:3])
    elif basis:
        yield _check(
            ReviewCheck.BASIS,
            "办理依据",
            Verdict.DOUBT,
            "依据栏有内容，未见文件或条款名称",
            evidence=(basis,),
            at=AT_BASIS,
        )
    else:
        yield _check(ReviewCheck.BASIS, "办理依据", Verdict.WRONG, "没有写明依据", at=AT_BASIS)


def _unfounded(text: str, basis: str) -> Check:
    """A refusal goes out by a law, or what stands for one; a reviewer may know of one that has no name."""
    if basis or BASIS.search(text):
        why, evidence = "不能满足诉求的答复，须写明文件或条款名称", (basis,) if basis else ()
        return _check(ReviewCheck.BASIS, "办理依据", Verdict.WRONG, why, evidence=evidence, at=AT_BASIS)
    why = "不能满足诉求的答复没有写明依据"
    fault = "refusal_without_basis"
    return _check(ReviewCheck.BASIS, "办理依据", Verdict.WRONG, why, at=AT_BASIS, fault=fault)


def _contact(_ticket: Ticket, text: str, _basis: str) -> Iterator[Check]:
    found = tuple(dict.fromkeys(match.group() for match in PHONE.finditer(text)))
    if found:
        yield _check(ReviewCheck.BASIS, "联系方式", Verdict.FINE, "留有咨询电话", evidence=found)
    elif CONTACT.search(text):
        yield _check(ReviewCheck.BASIS, "联系方式", Verdict.DOUBT, "提到联系，未见电话号码")
    else:
        yield _check(ReviewCheck.BASIS, "联系方式", Verdict.DOUBT, "没有写明咨询电话")


def _leaks(_ticket: Ticket, text: str, _basis: str) -> Iterator[Check]:
    public = frozenset(match.group() for match in PHONE.finditer(text))
    spans = find_personal(text, public)
    certain = (text[span.start : span.end] for span in spans if span.kind in NOBODYS_BUSINESS)
    sure = tuple(dict.fromkeys((*certain, *_persons(text))))
    others = (text[span.start : span.end] for span in spans if span.kind not in NOBODYS_BUSINESS)
    maybe = tuple(dict.fromkeys(each for each in others if each not in public and each not in sure))
    if sure:
        why = "含有手机号、证件号、银行卡号、车牌号或住户姓名"
        yield _check(ReviewCheck.NO_LEAK, "个人信息", Verdict.WRONG, why, evidence=sure, fault="tells_personal_data")
    if maybe:
        why = "可能含有个人信息：是公开的办公电话、地址或人名的，请说明"
        yield _check(ReviewCheck.NO_LEAK, "疑似个人信息", Verdict.WRONG, why, evidence=maybe)
    named = tuple(
        name for name in _maybe_persons(text) if not any(name in each or each in name for each in (*sure, *maybe))
    )
    if named:
        why = "可能写有他人姓名，请确认是否可以告知"
        yield _check(ReviewCheck.NO_LEAK, "疑似他人姓名", Verdict.DOUBT, why, evidence=named)
    if not sure and not maybe and not named:
        yield _check(ReviewCheck.NO_LEAK, "个人信息", Verdict.FINE, "未见姓名、电话、住址等个人信息")
    if given := hands_on(text):
        why = "把他人的信息提供给诉求人，或把诉求人的信息提供给对方"
        yield _check(
            ReviewCheck.NO_LEAK, "信息提供", Verdict.WRONG, why, evidence=given, fault="hands_on_personal_data"
        )
    internal = tuple(word for word in INTERNAL if word in text)
    if internal:
        yield _check(ReviewCheck.NO_LEAK, "内部用语", Verdict.WRONG, "含有内部用语", evidence=internal)
    else:
        yield _check(ReviewCheck.NO_LEAK, "内部用语", Verdict.FINE, "未见内部用语")


def _courtesy(_ticket: Ticket, text: str, _basis: str) -> Iterator[Check]:
    rude = tuple(word for word in RUDE if word in text)
    polite = tuple(word for word in COURTEOUS if word in text)
    if rude:
        yield _check(ReviewCheck.COURTESY, "用语", Verdict.WRONG, "用语生硬", evidence=rude)
    elif polite:
        yield _check(ReviewCheck.COURTESY, "用语", Verdict.FINE, "有称呼或致意", evidence=polite[:2])
    else:
        yield _check(ReviewCheck.COURTESY, "用语", Verdict.DOUBT, "没有称呼或致意")


def _substance(_ticket: Ticket, text: str, _basis: str) -> Iterator[Check]:
    empty = tuple(word for word in EMPTY if word in text)
    solid = tuple(dict.fromkeys(match.group() for look in (DONE, RESULT, DATED) for match in look.finditer(text)))
    if empty and not solid:
        yield _check(
            ReviewCheck.POINTS, "实质内容", Verdict.WRONG, "只有套话或“处理中”，没有结果和时间", evidence=empty
        )
    elif len(text) < FEW_WORDS and not solid:
        yield _check(ReviewCheck.POINTS, "实质内容", Verdict.DOUBT, "答复很短，未见办理结果")
    elif empty:
        yield _check(
            ReviewCheck.POINTS, "实质内容", Verdict.DOUBT, "有办理结果，也有套话", evidence=(*solid[:2], *empty)
        )
    elif solid:
        yield _check(ReviewCheck.POINTS, "实质内容", Verdict.FINE, "写明了结果或时间", evidence=solid[:3])
    else:
        yield _check(ReviewCheck.POINTS, "实质内容", Verdict.DOUBT, "未见明确的结果或时间")


def who_asked_check(found: Sequence[str]) -> Check:
    """A line about a reply that tells who asked: their number, or to several readers a name."""
    why = "含有诉求人的电话；有合并诉求的，也不得出现任何诉求人的姓名"
    evidence, fault = tuple(found), "tells_who_asked"
    return _check(ReviewCheck.NO_LEAK, "诉求人信息", Verdict.WRONG, why, evidence=evidence, fault=fault)


def _check(
    of: ReviewCheck, label: str, verdict: Verdict, why: str, quote: str = "", evidence: tuple[str, ...] = (),
    at: str = "text", fault: str = "",
) -> Check:  # fmt: skip
    stops = Stop.NEVER if fault else Stop.REASON if verdict is Verdict.WRONG else Stop.NOTHING
    return Check(of.value, label, verdict.value, verdict.label, why, quote, evidence, at, stops.value, fault)


LOOKS: tuple[Callable[[Ticket, str, str], Iterator[Check]], ...] = (
    _points,
    _place,
    _substance,
    _basis,
    _contact,
    _leaks,
    _courtesy,
)
