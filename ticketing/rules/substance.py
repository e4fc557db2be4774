"""Whether a result or a reply says something: what was found and done, on which basis, whom to call."""

import re

from kernel.errors import Invalid
from kernel.numerals import digits
from ticketing.model.labels import TicketKind
from ticketing.rules.reasons import SHORTEST_GROUND, SHORTEST_REASON, fault_of, names_a_basis
from ticketing.rules.situation import Effect, Guard, Situation

LEAST_HAN = 6
# Whoever asked may be owed something by law: what was done, or not, has a basis, or there is none to be had and why.
NEEDS_BASIS = frozenset({TicketKind.COMPLAINT, TicketKind.REPORT, TicketKind.HELP})
NO_BASIS = re.compile(r"(?:无|暂无|没有|略|见上|同上|不详|[\W_])*")
NONE_THERE = "无明文依据"
_CLAUSE = re.compile(r"[^，。；！？、,.;:：!?\s]+")
# 已处理完毕, 您反映的问题已办理, 请知悉: true of any matter and telling of none.
_FILLER = re.compile(
    r"(?:尊敬的(?:市民|诉求人)|您好|你好|谢谢|(?:非常)?感谢.{0,16}|特此(?:回复|答复|说明)|请(?:您)?(?:知悉|悉知|放心)|"
    r"(?:关于)?(?:您|你|市民|诉求人)?(?:所?反映|反馈|投诉|举报)?的?(?:该|此)?(?:问题|事项|诉求|情况|事件|工单)?"
    r"(?:我们|我单位|本单位|我局|我中心|相关部门|工作人员)?(?:现|均|都)?"
    r"(?:(?:已经?|正在)?(?:按照?|依照?)?(?:规定|要求|程序|流程|相关规定|有关规定)?(?:进行|予以|及时|妥善|全部)?"
    r"(?:处理|办理|解决|核实|核查|调查|办结|知悉|收到|收悉|转办|转交|跟进|落实|完成|处置|回复|答复|整改))"
    r"(?:完毕|完成|完结|完|好|中|了|结束|到位)?(?:了)?|(?:情况)?(?:基本)?属实)"
)
# 已电话联系市民: says that there was a contact, not how or when.
_CONTACT_FILLER = re.compile(
    r"(?:我们|我单位|本单位|工作人员|经办人)?(?:现|均)?(?:已经?|刚刚?|刚才)?(?:及时|主动|第一时间)?(?:与|跟|和|同|向)?"
    r"(?:市民|诉求人|群众|来电人|反映人|当事人|对方)?(?:本人)?(?:进行|取得|做)?(?:了)?(?:首次)?"
    r"(?:联系|联络|沟通|对接|回复|告知)(?:过|上|到|了|完毕|完成|成功)*(?:市民|诉求人|群众|来电人|反映人|当事人|对方)?(?:本人)?了?"
)
_NOT_REACHED = re.compile(
    r"(?:未|没有?|无法|不能|无人|没人)(?:能|有)?(?:接听|接通|接|联系|打通|拨通)|(?:联系|打|拨)不(?:上|通)|关机|停机|空号|拒接|占线"
)
# 0757-12345678转12, 13800138000, 12345, 400-123-4567; several side by side.
_PHONE = re.compile(
    r"(?:(?:\+?86)?1[3-9]\d{9}|(?:\+?86[2-9]\d{1,2}|\(?0\d{2,3}\)?)?\d{7,8}|(?:400|800)\d{7}|1[12]\d{3}|9[56]\d{3,4})"
    r"(?:(?:转|ext\.?|#)\d{1,6})?",
    re.IGNORECASE,
)
_BETWEEN_PHONES = re.compile(r"[、，,/;；或]+")
_INSIDE_PHONE = re.compile(r"[\s\-－—–·]")


def says_fault(text: str) -> str:
    """The code of what is wrong with words that are to say what was found or done, or are an answer."""
    fault = fault_of(text, LEAST_HAN)
    if fault == "reason_too_short":
        return "says_too_little"
    filler = all(_FILLER.fullmatch(clause) for clause in _CLAUSE.findall(text))
    return "says_nothing" if fault != "required" and (fault or filler) else fault


def contact_fault(text: str) -> str:
    """The code of what is wrong with words that are to say how and when the citizen was reached."""
    fault = says_fault(text)
    filler = all(_CONTACT_FILLER.fullmatch(each) for each in _CLAUSE.findall(text))
    if fault in {"required", "says_too_little"}:
        return fault
    return "contact_says_nothing" if fault or filler else ""


def tells_of_none(text: str) -> bool:
    """Whether words on a contact rather tell that nobody was reached."""
    return _NOT_REACHED.search(text) is not None


def basis_fault(kind: TicketKind, basis: str) -> str:
    """The code of what is wrong with a basis: where one is owed there is one, or it is said why there is none."""
    if not basis.strip() or kind not in NEEDS_BASIS:
        return ""
    if is_none(basis):
        _, _, why = basis.partition(NONE_THERE)
        return "basis_why_none" if fault_of(why, LEAST_HAN) else ""
    return "basis_or_why_none" if NO_BASIS.fullmatch(basis.strip()) else ""


def is_none(basis: str) -> bool:
    """Whether it says that there is none."""
    return basis.strip("“”「」‘’\"' ").startswith(NONE_THERE)


def is_phone(text: str) -> bool:
    """Whether it is one telephone number or several; an office's too, of which only the length is looked at."""
    plain = _INSIDE_PHONE.sub("", digits(text))
    return bool(plain) and all(_PHONE.fullmatch(part) for part in _BETWEEN_PHONES.split(plain))


# -- what must hold -----------------------------------------------------------------------------------------


def result_says_something(s: Situation) -> None:
    """What was found and what was done in words that tell it; a basis where one is owed; a telephone number."""
    form = s.form
    _refuse(
        findings=says_fault(form.findings),
        measures=says_fault(form.measures),
        basis=basis_fault(s.ticket.kind, form.basis),
        phone="" if is_phone(form.phone) else "phone_invalid",
    )


def reply_says_something(s: Situation) -> None:
    """An answer in words that tell something, on a basis where one is owed."""
    basis = s.form.basis.strip() or (s.ticket.result.basis if s.ticket.result else "")
    _refuse(text=says_fault(s.form.text), basis=basis_fault(s.ticket.kind, basis))


def sending_back_says_why(s: Situation) -> None:
    """What is to be done anew, in some words."""
    says_why(s.form.reason)


def closing_says_what_the_plan_brought(s: Situation) -> None:
    """Why what was shelved is closed; before the day of its review also what was done of the plan."""
    hold = s.ticket.hold
    early = hold is not None and s.calendar.local_date(s.now) < s.calendar.local_date(hold.review_at)
    done = s.form.measures
    fault = says_fault(done) if early or done.strip() else ""
    _refuse(
        reason=says_fault(s.form.reason),
        measures="plan_is_not_due" if fault == "required" else fault,
    )


def says_why(reason: str) -> None:
    """Raise Invalid where a reason is none."""
    if fault := fault_of(reason, SHORTEST_REASON):
        raise Invalid({"reason": fault}, least=SHORTEST_REASON)


def grounds_are_stated(s: Situation) -> None:
    """What a wish, a move or a decision rests on, in some words."""
    say_grounds(reason=s.form.reason)


def say_grounds(**said: str) -> None:
    """Raise Invalid naming every field in whose words nothing is said."""
    wrong = {name: fault for name, text in said.items() if (fault := fault_of(text, SHORTEST_GROUND))}
    if wrong:
        raise Invalid(wrong, least=SHORTEST_GROUND)


def clause_fault(clause: str) -> str:
    """The code of what is wrong with words that are to name a law, a document or an item of the duty catalogue."""
    return "" if names_a_basis(clause) else "clause_names_nothing"


def _refuse(**faults: str) -> None:
    if wrong := {name: fault for name, fault in faults.items() if fault}:
        raise Invalid(wrong, least=LEAST_HAN)


GUARDS: tuple[Guard, ...] = (
    result_says_something,
    reply_says_something,
    sending_back_says_why,
    closing_says_what_the_plan_brought,
    grounds_are_stated,
)
EFFECTS: tuple[Effect, ...] = ()
