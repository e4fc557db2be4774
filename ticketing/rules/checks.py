"""A line of the list a reply is looked over by: what was found, and whether the reply goes out with it."""

from dataclasses import dataclass

from kernel.labels import Labelled
from ticketing.model.labels import ReviewCheck


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


def made(
    of: ReviewCheck, label: str, verdict: Verdict, why: str, quote: str = "", evidence: tuple[str, ...] = (),
    at: str = "text", fault: str = "",
) -> Check:  # fmt: skip
    """A line; what may never go out has a fault, what is wrong otherwise goes out with a reason."""
    stops = Stop.NEVER if fault else Stop.REASON if verdict is Verdict.WRONG else Stop.NOTHING
    return Check(of.value, label, verdict.value, verdict.label, why, quote, evidence, at, stops.value, fault)
