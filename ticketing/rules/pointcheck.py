"""Whether a reply answers each point of what was asked."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from kernel.chinese import normalise
from ticketing.model.labels import ReviewCheck
from ticketing.model.ticket import Ticket
from ticketing.rules.answering import answers_of
from ticketing.rules.checks import Check, Verdict, made
from ticketing.rules.points import CUT_OFF, QUESTION, Point, gathered
from ticketing.rules.results import SETTLED
from ticketing.rules.subjects import said_in, subjects_of

PHONE = re.compile(r"(?<!\d)(?:0\d{2,3}[-—]?\d{7,8}|12345|1\d{4}|400[-\d]{7,10})(?!\d)")
# How many words of a point and its matter a reply has to share to answer it.
ANSWERED = 2
SHORT_QUESTION = 30
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
        (
            r"在哪|哪里|哪儿|地址|地点",
            r"(?:路|街|道|巷)[^，。]{0,8}(?:号|以[东南西北]|交[叉汇])|位于|中心|大厅|窗口|站点|小程序|网站",
        ),
        (
            r"(?:怎么|如何|怎样)(?!还|又|会|这|那|就|回事|都|老|总|没|不)",
            r"通过|登录|拨打|携带|到[^，。]{2,16}(?:办理|申请)|步骤|流程|小程序|平台",
        ),
        (r"电话|联系方式", PHONE.pattern),
    )
)


def point_checks(ticket: Ticket, text: str, _basis: str) -> Iterator[Check]:
    """One line for each point of the ticket."""
    said = {sentence: normalise(own) for sentence, own in answers_of(text).items()}
    matter = subjects_of(ticket.title)
    points = gathered(ticket.text, matter) or _of_title(ticket.title, matter)
    if len(points) == 1:
        points = [replace(points[0], subjects=points[0].subjects | matter)]
    shared = said_in(matter, normalise(text)) if said else frozenset()
    yield from (_point(point, matter, shared, said, text) for point in points)


def _of_title(title: str, matter: frozenset[str]) -> list[Point]:
    """The point of a text that makes none; the beginning of a sentence (…) is none either."""
    return [] if CUT_OFF.search(title) else [Point(title, (), matter)]


def _point(point: Point, matter: frozenset[str], named: frozenset[str], said: Mapping[str, str], text: str) -> Check:
    """Whether a reply answers one point. People say the same in other words: where one is not seen in it, a reviewer
    says why it goes out all the same. ``named`` is what of the title's matter the reply names anywhere."""
    telling = point.subjects or matter
    hits = {sentence: said_in(telling, own) for sentence, own in said.items()}
    about = tuple(sentence for sentence, found in hits.items() if found)
    shared = named.union(*hits.values())
    given = _given(point.said, text)
    if about and given is not None and len(shared) >= min(ANSWERED, len(telling | matter)):
        return made(ReviewCheck.POINTS, "诉求要点", Verdict.FINE, "答复提到了这一点", point.said, about[:3])
    if given:
        return made(ReviewCheck.POINTS, "诉求要点", Verdict.FINE, "答复给出了所问内容", point.said, (given,))
    settled = tuple(each for each in about if SETTLED.search(each))
    if settled and given is not None:
        return made(ReviewCheck.POINTS, "诉求要点", Verdict.FINE, "答复提到了这一点", point.said, settled[:3])
    if about:
        return made(ReviewCheck.POINTS, "诉求要点", Verdict.DOUBT, "答复可能只部分涉及", point.said, about[:3])
    return made(ReviewCheck.POINTS, "诉求要点", Verdict.WRONG, "答复中没有找到对应内容", point.said)


def _given(point: str, text: str) -> str | None:
    """What of the kind a question asks for the reply holds; empty when it asks for no such thing, None when the reply
    lacks one of the kinds."""
    asks = QUESTION.search(point) and len(point) <= SHORT_QUESTION
    kinds = [answer for asked, answer in ASKS if asks and asked.search(point)]
    found = [match.group() for answer in kinds if (match := answer.search(text))]
    return None if len(found) < len(kinds) else next(iter(found), "")
