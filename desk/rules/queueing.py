"""Who gets the next waiting conversation: the oldest first, to the agent with the least to do."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from desk.model import AgentState, Conversation, Presence


def present(agent: AgentState, now: datetime, absent_after: timedelta) -> bool:
    """Whether the agent's screen is there: it spoke within ``absent_after`` and they are not off line."""
    return agent.presence is not Presence.OFFLINE and now - agent.seen_at <= absent_after


def free_agents(agents: Sequence[AgentState], now: datetime, absent_after: timedelta, limit: int) -> list[AgentState]:
    """Agents who take conversations and hold fewer than ``limit``, least loaded and longest idle first."""
    able = [
        agent
        for agent in agents
        if agent.presence is Presence.ONLINE and present(agent, now, absent_after) and agent.load < limit
    ]
    return sorted(able, key=lambda agent: (agent.load, agent.last_given_at or agent.seen_at, agent.staff_id))


def next_pair(
    waiting: Sequence[Conversation], agents: Sequence[AgentState], now: datetime, absent_after: timedelta, limit: int
) -> tuple[Conversation, AgentState] | None:
    """The conversation that has waited longest and the agent to take it, if there are both."""
    free = free_agents(agents, now, absent_after, limit)
    if not waiting or not free:
        return None
    oldest = min(waiting, key=lambda conversation: (conversation.waiting_since or now, conversation.id))
    return oldest, free[0]
