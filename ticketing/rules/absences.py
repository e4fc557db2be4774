"""Who is told in the place of somebody who is away, and why nobody of a unit can be reached."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from kernel.labels import Labelled

# Who stands in for whoever is away; empty where nobody does.
Away = Mapping[str, str]


class Silence(Labelled):
    """Why nobody of a unit is reached."""

    NOBODY = "nobody", "没有在用账号"
    AWAY = "away", "都不在岗，也没有在岗的代班人"
    UNSEEN = "unseen", "没有可用的通知方式，也久未登录"
    UNUSED = "unused", "未启用：人员从未登录，也没有收到过工单"


@dataclass(frozen=True, slots=True)
class Officer:
    """Somebody of a unit: whether they are told on some way, or came in of late."""

    id: str
    heard: bool


def in_place(person: str, away: Away, leaders: Sequence[str]) -> str:
    """Who is told what ``person`` would be: themselves while they are there, else whoever stands in, and in for those;
    where nobody does a leader of the unit. Of a unit where everybody is away whoever it was: on their page it waits."""
    there = present(person, away)
    return there or next((found for leader in leaders if (found := present(leader, away))), person)


def present(person: str, away: Away) -> str:
    """The first who is there of a row of people standing in for one another; empty where it ends, or goes round."""
    passed: set[str] = set()
    while person in away and person not in passed:
        passed.add(person)
        person = away[person]
    return "" if person in passed else person


def silence(officers: Collection[Officer], away: Away) -> Silence | None:
    """Why nobody of a unit is reached; None where somebody is."""
    if not officers:
        return Silence.NOBODY
    present = [each for each in officers if each.id not in away]
    if not present:
        return Silence.AWAY
    return None if any(each.heard for each in present) else Silence.UNSEEN
