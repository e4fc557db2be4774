"""Whom a matter is against: units named or meant in it do not get it by themselves.

A unit that is only asked to help (请城管来处理) is no party to it, nor is one that was asked before (已向街道反映).
"""

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from directory.model import Level, Unit
from ticketing.model.duties import Candidate, DispatchDecision
from ticketing.model.labels import Secrecy, TicketKind

SHORTEST_NAME = 4
_OF_AREA = re.compile(r"^[^市区县]{1,4}市(?:[^区县]{1,4}[区县])?")
COMPLAINING = frozenset({TicketKind.COMPLAINT, TicketKind.REPORT})
SECRET = frozenset({Secrecy.REPORT, Secrecy.CONFIDENTIAL})

_SENTENCE = re.compile(r"[^，。！？；,!?;\n]+")
# Before the name: what makes the unit the one that is asked, not the one that is complained of.
_ASKED = re.compile(
    r"(?:请|希望|要求|恳请|恳求|建议|望|盼|麻烦|求|等|叫|找过?|打过?|致电|联系过?|通知|转给?|交给?|向|跟|同|归|由|属于|去过?)[^，。]{0,8}$"
)
_AFTER_ASKED = re.compile(r"^(?:来|尽快|能|帮|协助|核查|查处|处理一下|介入|管一下|出面|牵头|的电话|在哪)")
# In the same sentence: what says that the unit itself is complained of.
_ACCUSES = re.compile(
    r"投诉|举报|检举|控告|不作为|乱作为|慢作为|推诿|踢皮球|敷衍|态度|恶劣|乱收费|吃拿卡要|包庇|勾结|收(?:了)?(?:钱|红包|好处)|受贿|贪|侵占|挪用|"
    r"打人|骂人|威胁|报复|泄露|保护伞|渎职|违规|违法|不公开|造假|截留|克扣|干部|书记|主任|领导|工作人员|队员|带头|自己"
)
# Who is meant without a name, and at which level they are.
_VILLAGE = re.compile(
    r"村委会?|居委会?|村民委员会|居民委员会|社区(?:居委|工作人员|书记|主任|干部)|村(?:干部|支书|书记|主任|长|两委)"
)
_TOWN = re.compile(r"街道办(?:事处)?|镇政府|镇(?:领导|书记|镇长|干部)|街道(?:领导|干部|工作人员|书记)")
_MEANT: Sequence[tuple[re.Pattern[str], Level]] = ((_VILLAGE, Level.VILLAGE), (_TOWN, Level.TOWN))
_PROPERTY = re.compile(r"物业|管理处|业委会")


@dataclass(frozen=True, slots=True)
class Told:
    """What is told, and how secret it is."""

    text: str
    kind: TicketKind
    secrecy: Secrecy


def named(
    told: Told,
    units: Iterable[Unit],
    names_of: Callable[[str], Collection[str]],
    around: Collection[str],
    spoken: Iterable[Unit] | None = None,
) -> frozenset[str]:
    """Codes of the units a complaint or a report is against. ``names_of`` gives every name of a unit, also earlier
    ones; ``around`` are the areas of the place, so that 村委会 means the one that is there. Only ``spoken`` (unless
    given, all) are looked for by name."""
    secret = told.secrecy in SECRET or told.kind is TicketKind.REPORT
    if not secret and told.kind not in COMPLAINING:
        return frozenset()
    known = tuple(units)
    sentences = [found.group() for found in _SENTENCE.finditer(told.text)]
    against = {
        unit.code
        for unit in (known if spoken is None else spoken)
        if any(
            _is_against(s, name, secret=secret) for name in _names(unit, names_of(unit.code), around) for s in sentences
        )
    }
    return frozenset(against | _meant(sentences, known, around, secret=secret))


def _names(unit: Unit, names: Collection[str], around: Collection[str]) -> list[str]:
    """Every way to write a unit; without its city and district only where the matter is."""
    whole = {name.removeprefix("市") for name in names} | set(names)
    if set(unit.areas) & set(around):
        whole |= {_OF_AREA.sub("", name) for name in names}
    return sorted((name for name in whole if len(name) >= SHORTEST_NAME and not name.isascii()), key=len, reverse=True)


def _is_against(sentence: str, name: str, *, secret: bool) -> bool:
    at = sentence.find(name)
    if at < 0:
        return False
    if _ASKED.search(sentence[:at]) or _AFTER_ASKED.search(sentence[at + len(name) :]):
        return False
    return secret or _ACCUSES.search(sentence) is not None


def _meant(sentences: Sequence[str], units: Sequence[Unit], around: Collection[str], *, secret: bool) -> set[str]:
    found: set[str] = set()
    for sentence in sentences:
        for pattern, level in _MEANT:
            said = pattern.search(sentence)
            if said is not None and _is_against(sentence, said.group(), secret=secret):
                found |= {unit.code for unit in units if unit.level is level and _is_whole(unit, level, around)}
        property_ = _PROPERTY.search(sentence)
        if property_ is not None and _is_against(sentence, property_.group(), secret=secret):
            found |= {unit.code for unit in units if "物业" in unit.name and set(unit.areas) & set(around)}
    return found


def _is_whole(unit: Unit, level: Level, around: Collection[str]) -> bool:
    """The village's or the town's own government, not a station or an office of another department there."""
    if unit.area not in around:
        return False
    own = ("委员会", "村委会", "居委会", "社区", "村") if level is Level.VILLAGE else ("政府", "办事处")
    return unit.name.endswith(own)


def avoided(decision: DispatchDecision, against: Collection[str], above: Sequence[Candidate]) -> DispatchDecision:
    """The decision with nobody a matter is against at work on it by itself: such a lead waits for a person, with the
    units ``above`` proposed first; as a supporting unit it is left out."""
    if not against:
        return decision
    freed = tuple(
        replace(each, supporting=tuple(unit for unit in each.supporting if unit not in against))
        for each in decision.candidates
    )
    party = [each for each in freed if each.unit in against]
    if not party:
        return replace(decision, candidates=freed, conflicts=tuple(sorted(against)))
    others = tuple(each for each in freed if each.unit not in against)
    known = {each.unit for each in others}
    proposed = tuple(each for each in above if each.unit not in known and each.unit not in against)
    return replace(decision, automatic=False, candidates=(*proposed, *others, *party), conflicts=tuple(sorted(against)))
