"""What is hot: groups of messages about one event, ranked by volume, growth, spread and how much one thing it is."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import sqrt

from kernel.grouping import Message, coherence, group, opening, vectors

# How many speak of it within a month tells growth; fewer than three are no topic.
WINDOW = timedelta(days=30)
FEWEST = 3


@dataclass(frozen=True, slots=True)
class Topic:
    """An event many speak of: which messages (their places in the list given, by time), and how hot it is."""

    messages: tuple[int, ...]
    since: datetime
    until: datetime
    heat: float


def hot_topics(messages: Sequence[Message]) -> list[Topic]:
    """The events at least three messages speak of, hottest first."""
    return topics_of(messages, group(messages))


def topics_of(messages: Sequence[Message], event: Sequence[int]) -> list[Topic]:
    """The topics of messages whose events are known, hottest first; of equal heat the one that began last."""
    members: dict[int, list[int]] = defaultdict(list)
    for place, number in enumerate(event):
        members[number].append(place)
    large = [places for places in members.values() if len(places) >= FEWEST]
    if not large:
        return []
    whole = vectors([message.text for message in messages])
    begun = vectors([opening(message.text) for message in messages])
    topics = []
    for places in large:
        places.sort(key=lambda place: (messages[place].at, place))
        times = [messages[place].at for place in places]
        together = (coherence(whole[places]) + coherence(begun[places])) / 2
        topics.append(Topic(tuple(places), times[0], times[-1], heat(times, together)))
    return sorted(topics, key=lambda topic: (-topic.heat, -topic.since.timestamp()))


def heat(times: Sequence[datetime], together: float = 1.0) -> float:
    """Volume × growth × spread × coherence of an event's messages, whose times are in order.

    Volume is their number; growth how many fell into the busiest thirty days, of which a lone pair is no rise; spread
    on how many different days people spoke of it, dampened, so that one campaign of an hour is not many voices.
    ``together`` (0 to 1) is how alike they are on average: what is told of one matter all over the city, each message
    joined to the next by a common phrase, is large and no event.
    """
    busiest = max(place + 1 - bisect_left(times, at - WINDOW) for place, at in enumerate(times))
    return len(times) * busiest * sqrt(len({at.date() for at in times})) * together
