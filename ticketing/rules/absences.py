"""Who is told in the place of somebody who is away, and why nobody of a unit can be reached."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from kernel.labels import Labelled
from ticketing.model.presence import Absence

# Who stands in for whoever is away; empty where nobody does.
Away = Mapping[str, str]


class Silence(Labelled):
    """Why nobody of a unit is reached."""

    NOBODY = "nobody", "没有在用账号"
    AWAY = "away", "都不在岗，也没有在岗的代班人"
    UNSEEN = "unseen", "没有可用的通知方式，也久未登录"
    UNUSED = "unused", "未启用：人员从未登录，也没有收到过工单"


# Days after which nobody says any more that they had been away, and how long one says it for.
LATEST_SAID = timedelta(days=7)
LONGEST = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Refused:
    """Why an absence is not taken as it is said: codes by field, and the other absence it meets."""

    fields: Mapping[str, str]
    other: Absence | None = None


def refused(said: Absence, known: Sequence[Absence], now: datetime, *, aware: bool) -> Refused | None:
    """What is wrong with an absence beside those ``known`` of its unit; None where nothing is. ``aware``: whoever says
    it knows that a colleague they stand in for needs another meanwhile."""
    wrong = _days(said, now)
    if wrong:
        return Refused(wrong)
    meets = [each for each in known if each.since < said.until and said.since < each.until]
    own = next((each for each in meets if each.absent == said.absent), None)
    if own is not None:
        return Refused({"since": "away_then_already"}, own)
    away = next((each for each in meets if said.stand_in and each.absent == said.stand_in), None)
    if away is not None:
        return Refused({"stand_in": "stand_in_away"}, away)
    relies = next((each for each in meets if each.stand_in == said.absent), None)
    return Refused({"aware": "stands_in_then"}, relies) if relies is not None and not aware else None


def _days(said: Absence, now: datetime) -> dict[str, str]:
    if not said.since < said.until:
        return {"until": "before_since"}
    if said.until <= now:
        return {"until": "not_in_the_future"}
    if said.since < now - LATEST_SAID:
        return {"since": "began_too_long_ago"}
    return {"until": "away_too_long"} if said.until - said.since > LONGEST else {}


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
