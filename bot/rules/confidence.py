"""What a reader's probabilities are worth: grievances put as questions, letters, and the unsure."""

import re
from collections.abc import Callable, Mapping

from bot.model import Intent
from bot.rules.grievance import asks, asks_a_way, head_of, is_grievance, is_letter, leads_as_question, says_enough
from bot.rules.said import Plain, only_speaks_of_one
from ticketing.model.labels import TicketKind

Ranked = tuple[tuple[Intent, float], ...]

# A letter of many sentences tells a matter; what a short line may mean (a greeting, a yes) it cannot.
OF_LETTERS = frozenset({Intent.CONSULT, Intent.COMPLAIN, Intent.HELP, Intent.REPORT, Intent.SUGGEST, Intent.PRAISE})
OF_GRIEVANCES = frozenset({Intent.COMPLAIN, Intent.HELP, Intent.REPORT})
# A short line of a kind that only short lines are of must be nearly the trained one.
NEEDS_BE_SURE = {
    Intent.PERSON: 0.75,
    Intent.CONFIRM: 0.6,
    Intent.DENY: 0.6,
    Intent.GREETING: 0.5,
    Intent.RATING: 0.5,
    Intent.PROGRESS: 0.5,
}
_SUGGESTS = re.compile(r"建议|提议|希望(?:能)?(?:增|加|设|建|开通|改造|优化)|能否(?:增|加|设|建|开通)")
_PRAISES = re.compile(r"表扬|感谢|点赞|锦旗|致谢|赞扬|好人好事|多谢")

# What a matter that is surely meant stands over: what the reader makes nothing of, or what no word bears out.
UNBORNE = frozenset({Intent.OTHER, Intent.PROGRESS, Intent.DENY, Intent.RATING, Intent.CONSULT, Intent.SUGGEST})
_PROPOSES = re.compile(
    r"增加|增设|加装|新建|开通|改为|改成|多[装设建开加派]|就好了|最好|应该|应当|考虑|能不能|可不可以"
)
# What is put as a question to be answered, whatever else is told.
_PUT = re.compile(r"(?:吗|呢|么|多少|几多|怎么办|点算)[?？。！!]*$|[?？][。！!]*$")
# A told story: so many signs in several clauses.
STORY = 24
_CLAUSES = re.compile(r"[，,。；;！!\n]+(?=.)")
MATTER_SURE = 0.8
# So likely a line asks, or does not, that it stands over the reader's word; a trouble is not talked away lightly.
SURELY_ASKED, SURELY_NO_TROUBLE, SURELY_TOLD = 0.8, 0.9, 0.1
_ABOUT_PROGRESS = re.compile(
    r"进度|进展|单号|工单|编号|上次|之前|前几天|早前|跟进|结果|回复|答复|催|撤|受理|"
    r"(?:投诉|反映|举报|登记|报修|报)(?:过|咗|了|的|嘅|嗰)|处理(?:得|到|成|好|没|了)|办(?:得|到|成|好)|有消息|到哪一步"
)
_OF_KIND = {TicketKind.COMPLAINT: Intent.COMPLAIN, TicketKind.REPORT: Intent.COMPLAIN, TicketKind.HELP: Intent.HELP}

OF_SHORT_LINES = frozenset({Intent.CONFIRM, Intent.DENY, Intent.GREETING})
SHORT_LINE = 12

# What the head of a letter must hold for the intent to stand.
BORNE_OUT: Mapping[Intent, Callable[[str], bool]] = {
    Intent.CONSULT: lambda head: (asks(head) or leads_as_question(head)) and not is_grievance(head),
    Intent.SUGGEST: lambda head: bool(_SUGGESTS.search(head)) and not is_grievance(head),
    Intent.PRAISE: lambda head: bool(_PRAISES.search(head)) and not is_grievance(head),
}


def settled(plain: Plain, ranked: Ranked, unsure: float) -> Ranked:
    """The intents to go by, best first; OTHER when nothing reaches ``unsure``."""
    ranked = tuple(pair for pair in ranked if pair[1] >= NEEDS_BE_SURE.get(pair[0], 0.0))
    if only_speaks_of_one(plain):
        ranked = tuple(pair for pair in ranked if pair[0] is not Intent.PERSON)
    if len(plain.said) > SHORT_LINE:
        ranked = tuple(pair for pair in ranked if pair[0] not in OF_SHORT_LINES)
    if is_letter(plain.said):
        return _of_letter(plain, ranked, unsure)
    best = ranked[0][0] if ranked else Intent.OTHER
    if best in {Intent.CONSULT, Intent.OTHER, Intent.RATING, Intent.DENY} and _grieves(plain):
        ranked = _among(ranked, OF_GRIEVANCES) or ((Intent.COMPLAIN, unsure),)
    if ranked and (ranked[0][1] >= unsure or (ranked[0][0] is Intent.CONSULT and asks(plain.mandarin))):
        return ranked
    trouble = sum(p for intent, p in ranked if intent in OF_GRIEVANCES)
    if ranked and ranked[0][0] in OF_GRIEVANCES and trouble >= unsure:
        return ((ranked[0][0], unsure), *ranked[1:])
    if asks(plain.mandarin) and any(intent is Intent.CONSULT for intent, _ in ranked):
        return ((Intent.CONSULT, unsure), *ranked)
    if _tells_a_story(plain):
        return ((Intent.COMPLAIN, unsure), *(pair for pair in ranked if pair[0] is not Intent.COMPLAIN))
    return ((Intent.OTHER, 0.0), *ranked)


def asked_or_told(plain: Plain, ranked: Ranked, likely: float) -> Ranked:
    """The intents of a line that so ``likely`` (0 to 1) asks something and does not tell a matter.

    What the reader takes for a trouble, a proposal or a word about a ticket is asked where that is as good as sure and
    no word bears it out; what it takes for a question, or for nothing, is told."""
    best, sureness = ranked[0] if ranked else (Intent.OTHER, 0.0)
    least = SURELY_NO_TROUBLE if best in OF_GRIEVANCES else SURELY_ASKED
    if sureness < 1.0 and likely >= least and _is_no_more_than_asked(plain, best):
        return ((Intent.CONSULT, likely), *(pair for pair in ranked if pair[0] is not Intent.CONSULT))
    if best in {Intent.CONSULT, Intent.OTHER} and likely <= SURELY_TOLD and says_enough(plain.said):
        return ((Intent.COMPLAIN, 1 - likely), *(pair for pair in ranked if pair[0] is not Intent.COMPLAIN))
    return ranked


def _is_no_more_than_asked(plain: Plain, best: Intent) -> bool:
    if best is Intent.PROGRESS:
        return not _ABOUT_PROGRESS.search(plain.mandarin)
    if best is Intent.SUGGEST:
        return not _SUGGESTS.search(plain.mandarin)
    return best in OF_GRIEVANCES or (best is Intent.OTHER and asks(plain.mandarin))


def may_be_a_matter(plain: Plain, ranked: Ranked, unsure: float) -> bool:
    """Whether it is worth looking which matter a line is about: it asks nothing, or only as who complains asks, and
    what the reader takes it for is nothing, or not borne out by its words."""
    if not ranked or ranked[0][1] == 1.0 or ranked[0][0] not in UNBORNE or not says_enough(plain.said):
        return False
    best, sureness = ranked[0]
    if _ABOUT_PROGRESS.search(plain.mandarin):
        return False
    if best is Intent.SUGGEST:
        return not _SUGGESTS.search(plain.mandarin) and not _PROPOSES.search(plain.mandarin)
    if best is Intent.PROGRESS or (best is Intent.CONSULT and sureness <= unsure):
        return not _PUT.search(plain.mandarin) and not leads_as_question(plain.said)
    return not asks(plain.mandarin)


def is_told(plain: Plain, ranked: Ranked) -> bool:
    """Whether a line is taken for a trouble, though not by clear words, and asks nothing."""
    asked = asks(plain.mandarin) or asks_a_way(plain.mandarin)
    return bool(ranked) and ranked[0][1] < 1.0 and ranked[0][0] in OF_GRIEVANCES and not asked


def of_trouble(kind: TicketKind, sureness: float) -> bool:
    """Whether a matter of that kind, meant so surely (0 to 1), is a trouble and not something to be asked about."""
    return kind in _OF_KIND and sureness >= MATTER_SURE


def of_a_matter(ranked: Ranked, kind: TicketKind, sureness: float, unsure: float) -> Ranked:
    """The intents of a line that is about a matter of that kind, so surely (0 to 1)."""
    if not of_trouble(kind, sureness):
        return ranked
    intent = _OF_KIND[kind]
    return ((intent, unsure), *(pair for pair in ranked if pair[0] is not intent))


def _of_letter(plain: Plain, ranked: Ranked, unsure: float) -> Ranked:
    """A letter is a complaint unless its head bears out what the reader takes it for."""
    head = head_of(plain.said)
    kept = tuple(
        (intent, p) for intent, p in _among(ranked, OF_LETTERS) if intent not in BORNE_OUT or BORNE_OUT[intent](head)
    )
    if not kept or kept[0][1] < unsure:
        return ((Intent.COMPLAIN, unsure), *kept)
    return kept


def _tells_a_story(plain: Plain) -> bool:
    """Whether somebody tells at length what happened, and asks nothing."""
    told = len(plain.said) >= STORY and _CLAUSES.search(plain.said) is not None
    return told and not asks(plain.mandarin) and not _ABOUT_PROGRESS.search(plain.mandarin)


def _grieves(plain: Plain) -> bool:
    return is_grievance(plain.said) and not leads_as_question(plain.said) and len(plain.said) >= 5


def _among(ranked: Ranked, wanted: frozenset[Intent]) -> Ranked:
    kept = [(intent, p) for intent, p in ranked if intent in wanted]
    total = sum(p for _, p in kept)
    return tuple((intent, p / total) for intent, p in kept) if total > 0 else ()
