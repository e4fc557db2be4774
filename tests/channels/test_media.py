"""Files citizens send are fetched and kept under the id their message already carries."""

import io
from datetime import timedelta

import pytest
from PIL import Image
from sqlalchemy import func, select

from channels.events import MediaLost
from channels.media import MediaFetcher
from channels.rules.retrying import MEDIA_WAITS
from channels.store import MediaDue, claim_media, media_table
from kernel.attachments import check_file, files
from kernel.errors import NotFound
from kernel.messages import Attachment, Inbound
from tests.channels.world import OPENID, PIXEL, World

AMR = b"#!AMR\n" + bytes(64)


def jpeg() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), "orange").save(out, "JPEG")
    return out.getvalue()


async def received(world: World, data: bytes, media_type: str, **more: str) -> Inbound:
    posted = await world.platform.sends_file(OPENID, data, media_type, **more)
    assert posted[-1].status == 200
    (message,) = (await world.claimed()).messages
    return message


async def stored(world: World, attachment: Attachment) -> tuple[Attachment, bytes]:
    async with world.floor.database.reading() as tx:
        return await world.floor.attachments.load(tx, attachment.id)


async def due(world: World) -> int:
    async with world.floor.database.reading() as tx:
        return int(await tx.scalar(select(func.count()).select_from(media_table)))


async def lost(world: World) -> list[MediaLost]:
    journal = world.floor.journal
    await journal.sequence(world.floor.database)
    async with world.floor.database.reading() as tx:
        return [recorded.fact for recorded in await journal.read_after(tx, 0)]


async def test_p06_a_picture_is_fetched_at_once_and_kept_under_the_id_of_its_message(world: World) -> None:
    message = await received(world, jpeg(), "image/jpeg")
    with pytest.raises(NotFound):
        await stored(world, message.attachments[0])
    assert await world.channels.media.step()
    kept, data = await stored(world, message.attachments[0])
    assert (kept.id, kept.media_type) == (message.attachments[0].id, "image/jpeg")
    with Image.open(io.BytesIO(data)) as picture:
        assert picture.size == (64, 48)
    assert await due(world) == 0
    assert not await world.channels.media.step()


async def test_p06_a_voice_message_keeps_its_sound_beside_what_was_understood(world: World) -> None:
    message = await received(world, AMR, "audio/amr", recognised="我想投诉噪音")
    await world.channels.media.step()
    kept, data = await stored(world, message.attachments[0])
    assert (kept.media_type, data, message.text) == ("audio/amr", AMR, "我想投诉噪音")


async def test_p06_an_error_in_json_with_status_200_is_an_error_and_not_a_file(world: World) -> None:
    message = await received(world, PIXEL, "image/png")
    world.wechat.troubles.append(40007)
    await world.channels.media.step()
    with pytest.raises(NotFound):
        await stored(world, message.attachments[0])
    (fact,) = await lost(world)
    assert (fact.attachment, fact.message, fact.reason) == (message.attachments[0].id, message.id, "media_gone")
    assert await due(world) == 0


@pytest.mark.parametrize("trouble", [-1, 502, 0])
async def test_p06_a_download_that_fails_is_tried_again(world: World, trouble: int) -> None:
    message = await received(world, PIXEL, "image/png")
    world.wechat.troubles.extend([trouble, trouble])
    await world.channels.media.step()
    assert not await world.channels.media.step()
    for wait in (*MEDIA_WAITS[:2], timedelta(minutes=1)):
        world.clock.advance(max(wait, timedelta(seconds=5)))
        await world.channels.media.step()
    kept, _ = await stored(world, message.attachments[0])
    assert kept.media_type == "image/png"


async def test_p06_after_three_days_of_failure_the_file_is_lost_and_said_to_be(world: World) -> None:
    await received(world, PIXEL, "image/png")
    world.wechat.troubles.extend([-1] * 200)
    while await due(world):
        await world.channels.media.step()
        world.clock.advance(timedelta(hours=1))
    (fact,) = await lost(world)
    assert fact.reason == "gave_up:wechat_-1"
    assert fact.at - world.clock.now() < timedelta(days=3, hours=2)


async def test_a_worker_that_died_while_fetching_is_followed_by_another(world: World) -> None:
    message = await received(world, PIXEL, "image/png")
    other = world.channels.media
    # The first claims and never comes back.
    async with world.floor.database.transaction() as tx:
        assert await claim_media(tx, ["wechat"], world.clock.now(), timedelta(minutes=2)) is not None
    assert not await other.step()
    world.clock.advance(timedelta(minutes=2))
    assert await other.step()
    assert (await stored(world, message.attachments[0]))[0].id == message.attachments[0].id


async def test_a_file_fetched_twice_is_kept_once(world: World) -> None:
    message = await received(world, PIXEL, "image/png")
    fetcher: MediaFetcher = world.channels.media
    row = MediaDue(message.attachments[0].id, message.id, "wechat", message.media_ref, "x", 1, world.clock.now())
    got = await fetcher._sources["wechat"].fetch(message.media_ref)
    for _ in range(2):
        await fetcher._keep(row, await check_file("x.png", got.data))
    async with world.floor.database.reading() as tx:
        assert await tx.scalar(select(func.count()).select_from(files)) == 1


@pytest.mark.parametrize(
    ("data", "reason"), [(b"<svg onload=alert(1)>", "file_kind_not_accepted"), (b"", "file_empty")]
)
async def test_what_is_no_acceptable_file_is_not_kept(world: World, data: bytes, reason: str) -> None:
    await received(world, data, "image/png")
    await world.channels.media.step()
    assert [fact.reason for fact in await lost(world)] == [reason]


async def test_a_file_larger_than_we_keep_is_not_read_to_its_end(world: World) -> None:
    await received(world, b"\xff\xd8" + bytes(11 * 1024 * 1024), "image/jpeg")
    await world.channels.media.step()
    assert [fact.reason for fact in await lost(world)] == ["media_too_large"]


async def test_a_video_is_fetched_from_the_address_the_platform_names(world: World) -> None:
    mp4 = b"\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom" + bytes(64)
    world.wechat.videos_by_address = True
    message = await received(world, mp4, "video/mp4")
    await world.channels.media.step()
    kept, data = await stored(world, message.attachments[0])
    assert (kept.media_type, data) == ("video/mp4", mp4)
