"""What proves a solution is the unit's own, made since it has the ticket; what was uploaded before is marked."""

import io
from dataclasses import dataclass
from datetime import timedelta

import pytest
from PIL import Image

from kernel.attachments import check_file
from kernel.errors import Invalid
from kernel.messages import Attachment
from tests.ticketing.city import BAD, CALLBACK, CHECKED, RESULT, REVIEWER, Hotline, lead_staff, link
from tests.ticketing.test_api import Web
from ticketing.model.labels import Action, RehandleGround
from ticketing.model.ticket import Ticket


@dataclass
class Upload:
    """Pictures as they are uploaded."""

    desk: Hotline

    async def picture(self, colour: str) -> Attachment:
        out = io.BytesIO()
        Image.new("RGB", (8, 8), colour).save(out, "PNG")
        checked = await check_file("photo.png", out.getvalue())
        async with self.desk.database.transaction() as tx:
            return await self.desk.floor.attachments.keep(tx, checked)


@pytest.fixture
def upload(desk: Hotline) -> Upload:
    return Upload(desk)


async def at_work(desk: Hotline) -> Ticket:
    """A ticket its unit works on, dispatched five minutes ago."""
    ticket = await desk.open()
    desk.clock.advance(timedelta(minutes=5))
    ticket = await desk.act(ticket, Action.ACCEPT, lead_staff(ticket))
    return await desk.act(
        ticket,
        Action.START,
        lead_staff(ticket),
        contacted_at=desk.clock.now(),
        contact_how="用办公座机打通并核对了情况",
    )


async def submit(desk: Hotline, ticket: Ticket, *files: Attachment) -> Ticket:
    return await desk.act(ticket, Action.SUBMIT_RESULT, lead_staff(ticket), **(RESULT | {"evidence": files}))


async def test_a_picture_kept_before_the_unit_had_the_ticket_proves_nothing(desk: Hotline, upload: Upload) -> None:
    stock = await upload.picture("green")
    desk.clock.advance(timedelta(minutes=1))
    ticket = await at_work(desk)
    with pytest.raises(Invalid) as refused:
        await submit(desk, ticket, stock)
    assert refused.value.fields == {"evidence": "is_older"}
    fresh = await upload.picture("red")
    assert (await submit(desk, ticket, stock, fresh)).proof == (stock, fresh)


async def test_what_proved_the_first_handling_does_not_prove_the_second(desk: Hotline, upload: Upload) -> None:
    ticket = await at_work(desk)
    first = await upload.picture("green")
    ticket = await submit(desk, ticket, first)
    ticket = await desk.act(ticket, Action.BOUNCE, REVIEWER, reason="请写明处理措施")
    ticket = await submit(desk, ticket, first)
    ticket = await desk.act(ticket, Action.RELEASE, REVIEWER, text="已清理占道摊档。", checked=CHECKED)
    ticket = await desk.act(ticket, Action.RATE, link(ticket), **BAD)
    desk.clock.advance(timedelta(hours=1))
    ticket = await desk.act(ticket, Action.REHANDLE, CALLBACK, reason_code=RehandleGround.UNSOLVED.value)
    ticket = await desk.act(ticket, Action.RESTART, lead_staff(ticket))
    with pytest.raises(Invalid) as refused:
        await submit(desk, ticket, first)
    assert refused.value.fields == {"evidence": "is_older"}
    assert (await submit(desk, ticket, await upload.picture("blue"))).proof != (first,)


async def test_the_reviewer_sees_that_a_file_was_uploaded_before_and_the_unit_does_not(
    desk: Hotline, upload: Upload
) -> None:
    web = Web(desk)
    await upload.picture("green")
    desk.clock.advance(timedelta(minutes=1))
    ticket = await at_work(desk)
    same, other = await upload.picture("green"), await upload.picture("red")
    await submit(desk, ticket, same, other)
    shown = await web("GET", f"tickets/{ticket.number}", REVIEWER)
    assert [each["again"] for each in shown["proof"]] == [True, False]
    own = await web("GET", f"tickets/{ticket.number}", lead_staff(ticket))
    assert [each["again"] for each in own["proof"]] == [False, False]
