"""The agent's draft is filled from the talk, also where the bot gathered nothing."""

from bot.adapters.local import LocalReader
from bot.model import Dialogue
from directory.lookup import Lookup
from kernel.room import Floor
from tests.bot.talk import Talk
from ticketing.model.labels import Secrecy, TicketKind, Urgency


async def test_a_talk_the_bot_never_understood_still_fills_the_form(
    city_floor: Floor, lookup: Lookup, reader: LocalReader
) -> None:
    said = ["你好", "转人工", "桂城街道灯湖东路的路灯昨晚坏了", "我姓李，电话13800138000"]
    draft = Talk(city_floor, lookup, reader, "draft1").assistant.draft(Dialogue(), said)
    assert draft.text == "桂城街道灯湖东路的路灯昨晚坏了\n我姓李，电话13800138000"
    assert (draft.place, draft.happened) == ("桂城街道灯湖东路", "昨晚")
    assert (draft.contact, draft.name) == ("13800138000", "李")
    assert lookup.area(draft.area).name == "桂城街道"
    assert draft.kind is TicketKind.COMPLAINT
    assert not draft.placeless


async def test_danger_makes_the_draft_urgent_and_a_report_secret(
    city_floor: Floor, lookup: Lookup, reader: LocalReader
) -> None:
    assistant = Talk(city_floor, lookup, reader, "draft2").assistant
    assert assistant.draft(Dialogue(), ["隔壁楼着火了"]).urgency is Urgency.P0
    report = assistant.draft(Dialogue(), ["我要举报一家黑作坊"])
    assert (report.kind, report.secrecy, report.placeless) == (TicketKind.REPORT, Secrecy.REPORT, True)
    assert assistant.draft(Dialogue(), []).text == ""


async def test_a_street_without_water_makes_the_draft_urgent_and_the_talk_goes_on(
    city_floor: Floor, lookup: Lookup, reader: LocalReader
) -> None:
    talk = Talk(city_floor, lookup, reader, "draft3")
    said = "桂城街道灯湖东路由琴日停水停到而家，成条街都冇水用"
    turn = await talk.say(said)
    assert not turn.hand_over
    assert turn.replies
    assert talk.assistant.draft(Dialogue(), [said]).urgency is Urgency.P1
