"""Webhooks: facts from the journal to units' systems, each at least once, of one ticket in their order."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import msgspec
import structlog

from directory.lookup import Lookup
from kernel.database import Tx
from kernel.errors import Invalid, NotFound
from kernel.ids import new_id, new_token
from kernel.journal import Recorded
from kernel.people import Kind, Principal
from kernel.room import Floor
from ticketing.rules import webhooks as rules
from ticketing.rules.webhooks import Answered, Hook, Posts, SendState
from ticketing.store import webhooks as rows
from ticketing.store.webhooks import Send

log = structlog.get_logger()

PLAN = "ticketing.webhooks.plan"
SEND = "ticketing.webhooks"
BATCH = 500
# Longer than a try may take: whoever holds a lease that has run out is gone.
LEASE_BEYOND = timedelta(seconds=60)
LONGEST_REST = timedelta(minutes=1)
KEPT = timedelta(days=30)
KEY_REVOKED, KEY_FOLLOWED = "directory.ApiKeyRevoked", "directory.ApiKeyFollowed"
# What is told to subscriptions, or changes them.
TOLD = (*(f"ticketing.{name}" for name in rules.OFFERED), KEY_REVOKED, KEY_FOLLOWED)
ID, TIMESTAMP, SIGNATURE = "Webhook-Id", "Webhook-Timestamp", "Webhook-Signature"


class Webhooks:
    """Keeps subscriptions, reads the journal for them, sends."""

    def __init__(self, floor: Floor, lookup: Lookup, sender: Posts) -> None:
        self._database = floor.database
        self._clock = floor.clock
        self._journal = floor.journal
        self._vault = floor.vault
        self._bell = floor.bell
        self._settings = floor.settings.webhooks
        self._lookup = lookup
        self._sender = sender

    # -- subscriptions ----------------------------------------------------------------------------------

    async def subscribe(self, tx: Tx, unit: str, url: str, facts: Sequence[str], by: Principal) -> tuple[Hook, str]:
        """A new subscription to what happens from now on, and its secret, shown once; Invalid, NotFound (unit)."""
        self._check(url, facts)
        hook_id, secret = new_id(), new_token()
        hook = Hook(
            id=hook_id,
            unit=self._lookup.unit(unit).code,
            key=by.id if by.kind is Kind.KEY else "",
            url=url,
            secret=self._seal(hook_id, secret),
            facts=tuple(dict.fromkeys(facts)),
            active=True,
            position=await self._journal.last_position(tx),
            made_by=by.id,
            made=self._clock.now(),
        )
        await rows.add(tx, hook)
        return hook, secret

    def _check(self, url: str, facts: Sequence[str]) -> None:
        rules.check_url(url, allow_private=self._settings.allow_private)
        if set(facts) - set(rules.OFFERED):
            raise Invalid({"facts": "unknown"})

    async def change(self, tx: Tx, hook: Hook, url: str, facts: Sequence[str], active: bool) -> Hook:
        """Stop one, let it go on where it stopped, or let it tell something else or somewhere else; Invalid."""
        self._check(url, facts)
        changed = replace(hook, url=url, facts=tuple(dict.fromkeys(facts)), active=active)
        await rows.change(tx, changed)
        self._ring(tx, PLAN)
        return changed

    async def turn_secret(self, tx: Tx, hook: Hook, overlap_hours: int) -> tuple[Hook, str]:
        """Another secret, shown once; for some hours what is sent is signed with the one before as well. Invalid."""
        if overlap_hours not in rules.OVERLAP_HOURS:
            raise Invalid({"overlap_hours": "out_of_range"})
        secret = new_token()
        old = (hook.secret, self._clock.now() + timedelta(hours=overlap_hours)) if overlap_hours else ("", None)
        changed = replace(hook, secret=self._seal(hook.id, secret), old_secret=old[0], old_until=old[1])
        await rows.change(tx, changed)
        return changed, secret

    async def again(self, tx: Tx, hook: Hook, event: str) -> None:
        """Send one delivery once more, whatever became of it; NotFound."""
        if not await rows.again(tx, hook.id, event, self._clock.now()):
            raise NotFound("delivery")
        self._ring(tx, SEND)

    async def test(self, hook: Hook) -> Answered:
        """Send something that tells of nothing, once and now; what the receiver answered."""
        event, now = new_id(), self._clock.now()
        body = msgspec.json.encode(rules.test_payload(event, now, hook.unit))
        return await self._sender.post(hook.url, body, self._headers(hook, event, body))

    async def replay(self, tx: Tx, hook: Hook, position: int) -> Hook:
        """Send everything after ``position`` once more, what was given up included; Invalid for one yet to come."""
        if not 0 <= position <= await self._journal.last_position(tx):
            raise Invalid({"position": "out_of_range"})
        await rows.go_back(tx, hook.id, position, self._clock.now())
        self._ring(tx, PLAN)
        return replace(hook, position=position)

    # -- reading the journal ----------------------------------------------------------------------------

    async def plan(self) -> bool:
        """Read what is new and put down what is to be sent, with the moved positions; whether there may be more."""
        async with self._database.reading() as tx:
            low = await rows.lowest(tx)
            if low is None or low >= await self._journal.last_position(tx):
                return False
        async with self._database.transaction() as tx:
            readers = await rows.readers(tx)
            if not readers:
                return False
            facts = await self._journal.read_after(tx, min(hook.position for hook in readers), BATCH)
            for recorded in facts:
                if recorded.kind == KEY_REVOKED:
                    await rows.stop_key(tx, recorded.subject)
                if recorded.kind == KEY_FOLLOWED:
                    await rows.hand_on(tx, recorded.subject, recorded.fact.successor)
            found = [send for hook in readers for send in self._for(hook, facts)]
            await rows.enqueue(tx, found)
            if facts:
                await rows.has_read(tx, readers, facts[-1].position or 0)
                self._ring(tx, SEND)
        return len(facts) == BATCH

    def _for(self, hook: Hook, facts: Sequence[Recorded]) -> list[Send]:
        own, now = self._lookup.stands_for(hook.unit), self._clock.now()
        sends = []
        for recorded in facts:
            position, units = recorded.position or 0, getattr(recorded.fact, "units", ())
            if position <= hook.position or not rules.wants(hook, recorded.kind, units, own):
                continue
            said = msgspec.to_builtins(recorded.fact)
            body = rules.payload(recorded.id, recorded.kind, position, recorded.at, hook.unit, said)
            sends.append(
                Send(
                    id=new_id(),
                    hook=hook.id,
                    event=recorded.id,
                    position=position,
                    kind=recorded.kind,
                    ticket=said["number"],
                    body=msgspec.json.encode(body).decode(),
                    state=SendState.WAITING,
                    attempts=0,
                    next_at=now,
                    status=0,
                    error="",
                    made=now,
                    settled=None,
                )
            )
        return sends

    # -- sending ----------------------------------------------------------------------------------------

    async def send(self) -> bool:
        """Send one delivery and write down what came of it; whether there was one."""
        now = self._clock.now()
        async with self._database.reading() as tx:
            if not await rows.is_due(tx, now):
                return False
        until = now + timedelta(seconds=self._settings.timeout_seconds) + LEASE_BEYOND
        async with self._database.transaction() as tx:
            claimed = await rows.claim(tx, now, until)
        if claimed is None:
            return False
        hook, send, token = claimed
        answered = await self._try(hook, send)
        async with self._database.transaction() as tx:
            await self._settle(tx, hook, send, token, answered)
        return True

    async def _try(self, hook: Hook, send: Send) -> Answered:
        body = send.body.encode()
        return await self._sender.post(hook.url, body, self._headers(hook, send.event, body))

    def _headers(self, hook: Hook, event: str, body: bytes) -> dict[str, str]:
        now = self._clock.now()
        timestamp = int(now.timestamp())
        sealed = [hook.secret]
        if hook.old_until is not None and now < hook.old_until:
            sealed.append(hook.old_secret)
        secrets = [self._vault.open(each, f"webhook.secret:{hook.id}") for each in sealed]
        return {
            "Content-Type": "application/json",
            "User-Agent": "hotline-12345",
            ID: event,
            TIMESTAMP: str(timestamp),
            SIGNATURE: " ".join(rules.signature(each, timestamp, body) for each in secrets),
        }

    def _seal(self, hook_id: str, secret: str) -> str:
        return self._vault.seal(secret, f"webhook.secret:{hook_id}")

    async def _settle(self, tx: Tx, hook: Hook, send: Send, token: str, answered: Answered) -> None:
        now, wait = self._clock.now(), rules.wait_after(send.attempts + 1)
        rest = min(wait or LONGEST_REST, LONGEST_REST) if answered.unreachable else timedelta(0)
        if not await rows.release(tx, hook.id, token, now, now + rest, ok=answered.ok):
            # The lease ran out: somebody else sends it again under the same number.
            return
        if answered.ok:
            state = SendState.DELIVERED
        else:
            state = SendState.WAITING if wait is not None else SendState.DEAD
            log.warning("webhook.failed", hook=hook.id, error=answered.error, status=answered.status, state=state.value)
        await rows.settle(tx, send, state, answered, now, now + (wait or timedelta(0)))
        self._ring(tx, SEND)

    async def forget_old(self) -> int:
        """Drop the log of what was settled a month ago; gives how many."""
        async with self._database.transaction() as tx:
            return await rows.forget_before(tx, self._clock.now() - KEPT)

    def _ring(self, tx: Tx, topic: str) -> None:
        tx.after_commit(lambda: self._bell.ring(topic), key=("bell", topic))
