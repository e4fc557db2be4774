"""What happens in the house before the pictures are taken: citizens talk, tickets come and move on."""

from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Self
from urllib.parse import quote
from zlib import crc32

from tests.journeys.house import Browser, Visitor
from tests.journeys.test_a_broken_street_lamp_is_reported_and_answered import CONTACTED, act

LAMP = {
    "kind": "help",
    "text": "祖庙街道同济路地铁站B口旁的三盏路灯坏了三天，晚上黑漆漆的，老人经过很危险，请派人来修。",
    "where_text": "禅城区祖庙街道同济路地铁站B口",
    "when_text": "三天前开始",
    "name": "陈大文",
    "phone": "13800138000",
}
OTHERS = (
    ("complaint", "石湾镇街道影荫路路灯白天不灭晚上不亮。", "石湾镇街道影荫路"),
    ("complaint", "南庄镇南庄大道路面坑洼，骑车容易摔倒。", "南庄镇南庄大道"),
    ("complaint", "张槎街道共享单车乱停放堵住人行道", "张槎街道"),
    ("complaint", "顺德区大良街道有公司拖欠工资三个月，多次沟通没有结果。", "顺德区大良街道"),
)
UNCERTAIN = (
    ("complaint", "张槎街道聚锦路人行道上的井盖破损，老人小孩经过容易踩空。", "张槎街道聚锦路"),
    ("complaint", "河边一棵大树倒伏压住步道，行人无法通过。", ""),
    ("help", "楼下空地夜里有人唱歌跳舞，声音很大，老人睡不着，希望有人管一管。", ""),
)
# A question, the wish for a person, a word while waiting.
TALKS = (
    ("公积金怎么提取", "转人工", "请问材料要交到哪里？"),
    ("身份证丢了怎么补办", "找人工客服", "我人在外地，可以让家里人代办吗？"),
    ("你好", "转人工", "石湾镇街道影荫路路灯不亮，晚上很黑"),
)


@dataclass(frozen=True, slots=True)
class Played:
    """What the pages are to show: the ticket worked on, its unit's login and link, the uncertain one's number."""

    number: str
    unit: str
    link: str
    uncertain: str


class Scene:
    """Citizens who stay in their talks, and staff who write tickets down."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._stack = AsyncExitStack()
        self._visitors: list[Visitor] = []

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._stack.aclose()

    async def play(self) -> Played:
        """Fill the house."""
        async with Browser(self._url) as agent:
            await agent.sign_in("agent")
            for form in (*OTHERS, *UNCERTAIN):
                await written_down(agent, *form)
            lamp = await agent.post("/tickets", LAMP)
        async with Browser(self._url) as dispatcher:
            await dispatcher.sign_in("dispatcher")
            unsure = (await dispatcher.get(f"/tickets?view=all&q={quote(UNCERTAIN[0][2])}"))["items"][0]
            unit = (await dispatcher.get(f"/tickets/{lamp['number']}"))["unit"].lower()
        async with Browser(self._url) as officer:
            await officer.sign_in(unit)
            await act(officer, lamp["number"], "accept", {})
            await act(officer, lamp["number"], "start", CONTACTED)
        for words in TALKS:
            await self._talk(words)
        return Played(lamp["number"], unit, lamp["link"], unsure["number"])

    async def answer_the_agent(self) -> None:
        """The citizen who talks of the lamps answers."""
        citizen = self._visitors[-1]
        await citizen.hear("马上为您登记")
        await citizen.say("好的，谢谢，我的电话是13800138000")

    async def _talk(self, words: tuple[str, ...]) -> None:
        citizen = await self._stack.enter_async_context(Visitor(self._url))
        *asked, waiting = words
        for text in asked:
            await citizen.ask(text)
        await citizen.say(waiting)
        self._visitors.append(citizen)


async def written_down(agent: Browser, kind: str, text: str, where: str) -> None:
    """A ticket as an agent writes it down, each of another citizen: a second one of the same is a repetition."""
    phone = f"139{crc32(text.encode()) % 100_000_000:08}"
    await agent.post("/tickets", {"kind": kind, "text": text, "where_text": where, "name": "市民", "phone": phone})
