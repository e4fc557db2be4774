"""A reply looked over before it goes out: what was asked and whether it is answered, basis, contact, leaks, courtesy,
empty phrases. It shows a reviewer where to look; a person decides, but about a leak."""

import re
from collections.abc import Callable, Iterator, Sequence

from kernel.personal import find_personal
from kernel.personal_patterns import Personal
from ticketing.model.labels import Outcome, ReviewCheck, TicketKind
from ticketing.model.ticket import Ticket
from ticketing.rules.checks import Check, Verdict, made
from ticketing.rules.disclosing import hands_on
from ticketing.rules.others_named import maybe_persons, persons
from ticketing.rules.pointcheck import PHONE, point_checks
from ticketing.rules.promising import SETTLING, settled_in, unreported, unreported_figures
from ticketing.rules.results import DONE, SETTLED
from ticketing.rules.substance import NO_BASIS, is_none
from ticketing.rules.whereabouts import other_roads

# What no reply has to tell; a landline, a room or a name may well be an office's.
NOBODYS_BUSINESS = frozenset({Personal.ID_CARD, Personal.BANK_CARD, Personal.MOBILE, Personal.PLATE})
BASIS = re.compile(r"《[^》]{2,40}》|根据|依据|按照|第[一二三四五六七八九十百零\d]+条|〔\d{4}〕")
NAMED_BASIS = re.compile(r"《[^》]{2,40}》|第[一二三四五六七八九十百零\d]+条|〔\d{4}〕")
REFUSING = re.compile(
    r"不予(?:支持|受理|办理|采纳|批准|同意)|(?:不能|无法|难以)(?:满足|支持|同意|采纳)|不符合[^，。；]{0,12}(?:条件|规定|要求)|不支持(?:该|您|你|此)"
)
REFUSED = frozenset({Outcome.EXPLAINED, Outcome.REFERRED})
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
DATED = re.compile(r"\d{1,2}月\d{1,2}日|\d+个?工作日内|\d+日内|月底前|年底前")
AT_BASIS = "basis"
FEW_WORDS = 30


def check_reply(ticket: Ticket, text: str, basis: str = "") -> tuple[Check, ...]:
    """The whole list for a reply to a ticket; ``ticket.text`` is masked."""
    return tuple(check for look in LOOKS for check in look(ticket, text.strip(), basis.strip()))


def sensitive_check(found: Sequence[tuple[str, str]]) -> Check:
    """A line that warns of sensitive words, each with what it is about."""
    kinds = "、".join(dict.fromkeys(kind for _, kind in found))
    words = tuple(word for word, _ in found)
    return made(ReviewCheck.COURTESY, "敏感词", Verdict.DOUBT, f"含有敏感词（{kinds}），请确认是否合适", "", words)


# -- one look each --------------------------------------------------------------------------------------


def _promises(ticket: Ticket, text: str, _basis: str) -> Iterator[Check]:
    """Nothing is told as settled that the unit did not report."""
    if ticket.result is None:
        return
    beyond, settles = unreported(ticket.result, text), ticket.result.outcome in SETTLING
    if not settles and (said := settled_in(text)):
        # Where the unit wrote the same and chose another word for it, its own report is what does not fit.
        why = f"答复说已办结，单位报的结果是“{ticket.result.outcome.label}”"
        verdict = Verdict.WRONG if beyond else Verdict.DOUBT
        yield made(ReviewCheck.POINTS, "与单位结果", verdict, why, evidence=(beyond or said)[:3])
    elif beyond:
        yield made(ReviewCheck.POINTS, "与单位结果", Verdict.DOUBT, "单位结果中没有", evidence=beyond[:3])
    if figures := unreported_figures(ticket.result, f"{ticket.title}\n{ticket.text}\n{ticket.happened}", text):
        why = "单位结果中没有这些日期、期限或金额"
        yield made(ReviewCheck.POINTS, "日期与金额", Verdict.WRONG, why, evidence=figures[:3])


def _place(ticket: Ticket, text: str, _basis: str) -> Iterator[Check]:
    others = other_roads(f"{ticket.title}\n{ticket.text}\n{ticket.place}", text)
    if others:
        yield made(ReviewCheck.POINTS, "地点", Verdict.WRONG, "答复说的地点与诉求不同", evidence=others)


def _refuses(ticket: Ticket, text: str) -> bool:
    """Whether whoever asked does not get it: the reply says so, or it was explained to them or put on another road and
    nothing was done. A question that is explained is answered."""
    refused = ticket.result is not None and ticket.result.outcome in REFUSED and ticket.kind is not TicketKind.CONSULT
    return bool(REFUSING.search(text)) or (refused and not SETTLED.search(text))


def _basis(ticket: Ticket, text: str, basis: str) -> Iterator[Check]:
    basis = "" if NO_BASIS.fullmatch(basis) else basis
    if is_none(basis):
        none, basis = basis, ""
        if not _refuses(ticket, text):
            why = "写明了没有明文依据，请确认"
            yield made(ReviewCheck.BASIS, "办理依据", Verdict.DOUBT, why, evidence=(none,), at=AT_BASIS)
            return
    if _refuses(ticket, text) and not NAMED_BASIS.search(f"{text}\n{basis}"):
        yield _unfounded(text, basis)
        return
    found = tuple(dict.fromkeys(match.group() for match in BASIS.finditer(f"{text}\n{basis}")))
    if found:
        yield made(ReviewCheck.BASIS, "办理依据", Verdict.FINE, "写明了依据", evidence=found[:3])
    elif basis:
        yield made(
            ReviewCheck.BASIS,
            "办理依据",
            Verdict.DOUBT,
            "依据栏有内容，未见文件或条款名称",
            evidence=(basis,),
            at=AT_BASIS,
        )
    else:
        yield made(ReviewCheck.BASIS, "办理依据", Verdict.WRONG, "没有写明依据", at=AT_BASIS)


def _unfounded(text: str, basis: str) -> Check:
    """A refusal goes out by a law, or what stands for one; a reviewer may know of one that has no name."""
    if basis or BASIS.search(text):
        why, evidence = "不能满足诉求的答复，须写明文件或条款名称", (basis,) if basis else ()
        return made(ReviewCheck.BASIS, "办理依据", Verdict.WRONG, why, evidence=evidence, at=AT_BASIS)
    why = "不能满足诉求的答复没有写明依据"
    fault = "refusal_without_basis"
    return made(ReviewCheck.BASIS, "办理依据", Verdict.WRONG, why, at=AT_BASIS, fault=fault)


def _contact(_ticket: Ticket, text: str, _basis: str) -> Iterator[Check]:
    found = tuple(dict.fromkeys(match.group() for match in PHONE.finditer(text)))
    if found:
        yield made(ReviewCheck.BASIS, "联系方式", Verdict.FINE, "留有咨询电话", evidence=found)
    elif CONTACT.search(text):
        yield made(ReviewCheck.BASIS, "联系方式", Verdict.DOUBT, "提到联系，未见电话号码")
    else:
        yield made(ReviewCheck.BASIS, "联系方式", Verdict.DOUBT, "没有写明咨询电话")


def _leaks(_ticket: Ticket, text: str, _basis: str) -> Iterator[Check]:
    public = frozenset(match.group() for match in PHONE.finditer(text))
    spans = find_personal(text, public)
    certain = (text[span.start : span.end] for span in spans if span.kind in NOBODYS_BUSINESS)
    sure = tuple(dict.fromkeys((*certain, *persons(text))))
    others = (text[span.start : span.end] for span in spans if span.kind not in NOBODYS_BUSINESS)
    maybe = tuple(dict.fromkeys(each for each in others if each not in public and each not in sure))
    if sure:
        why = "含有手机号、证件号、银行卡号、车牌号或住户姓名"
        yield made(ReviewCheck.NO_LEAK, "个人信息", Verdict.WRONG, why, evidence=sure, fault="tells_personal_data")
    if maybe:
        why = "可能含有个人信息：是公开的办公电话、地址或人名的，请说明"
        yield made(ReviewCheck.NO_LEAK, "疑似个人信息", Verdict.WRONG, why, evidence=maybe)
    named = tuple(
        name for name in maybe_persons(text) if not any(name in each or each in name for each in (*sure, *maybe))
    )
    if named:
        why = "可能写有他人姓名，请确认是否可以告知"
        yield made(ReviewCheck.NO_LEAK, "疑似他人姓名", Verdict.DOUBT, why, evidence=named)
    if not sure and not maybe and not named:
        yield made(ReviewCheck.NO_LEAK, "个人信息", Verdict.FINE, "未见姓名、电话、住址等个人信息")
    if given := hands_on(text):
        why = "把他人的信息提供给诉求人，或把诉求人的信息提供给对方"
        yield made(ReviewCheck.NO_LEAK, "信息提供", Verdict.WRONG, why, evidence=given, fault="hands_on_personal_data")
    internal = tuple(word for word in INTERNAL if word in text)
    if internal:
        yield made(ReviewCheck.NO_LEAK, "内部用语", Verdict.WRONG, "含有内部用语", evidence=internal)
    else:
        yield made(ReviewCheck.NO_LEAK, "内部用语", Verdict.FINE, "未见内部用语")


def _courtesy(_ticket: Ticket, text: str, _basis: str) -> Iterator[Check]:
    rude = tuple(word for word in RUDE if word in text)
    polite = tuple(word for word in COURTEOUS if word in text)
    if rude:
        yield made(ReviewCheck.COURTESY, "用语", Verdict.WRONG, "用语生硬", evidence=rude)
    elif polite:
        yield made(ReviewCheck.COURTESY, "用语", Verdict.FINE, "有称呼或致意", evidence=polite[:2])
    else:
        yield made(ReviewCheck.COURTESY, "用语", Verdict.DOUBT, "没有称呼或致意")


def _substance(_ticket: Ticket, text: str, _basis: str) -> Iterator[Check]:
    empty = tuple(word for word in EMPTY if word in text)
    solid = tuple(dict.fromkeys(match.group() for look in (DONE, DATED) for match in look.finditer(text)))
    if empty and not solid:
        yield made(ReviewCheck.POINTS, "实质内容", Verdict.WRONG, "只有套话或“处理中”，没有结果和时间", evidence=empty)
    elif len(text) < FEW_WORDS and not solid:
        yield made(ReviewCheck.POINTS, "实质内容", Verdict.DOUBT, "答复很短，未见办理结果")
    elif empty:
        yield made(ReviewCheck.POINTS, "实质内容", Verdict.DOUBT, "有办理结果，也有套话", evidence=(*solid[:2], *empty))
    elif solid:
        yield made(ReviewCheck.POINTS, "实质内容", Verdict.FINE, "写明了结果或时间", evidence=solid[:3])
    else:
        yield made(ReviewCheck.POINTS, "实质内容", Verdict.DOUBT, "未见明确的结果或时间")


def who_asked_check(found: Sequence[str]) -> Check:
    """A line about a reply that tells who asked: their number, or to several readers a name."""
    why = "含有诉求人的电话；有合并诉求的，也不得出现任何诉求人的姓名"
    evidence, fault = tuple(found), "tells_who_asked"
    return made(ReviewCheck.NO_LEAK, "诉求人信息", Verdict.WRONG, why, evidence=evidence, fault=fault)


LOOKS: tuple[Callable[[Ticket, str, str], Iterator[Check]], ...] = (
    point_checks,
    _promises,
    _place,
    _substance,
    _basis,
    _contact,
    _leaks,
    _courtesy,
)
