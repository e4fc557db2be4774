"""A citizen at the chat's page."""

from playwright.async_api import Locator, expect

from tests.journeys.browser.hands import Hands

# The assistant's words, without the three dots that say it is writing.
REPLIES = ".msg--bot:not(:has(.typing))"
LAMP = "禅城区祖庙街道同济路路灯不亮"

# What the assistant may ask on the way to a ticket, and what this citizen answers.
ANSWERS = {
    "哪里": "禅城区祖庙街道同济路",
    "地点": "禅城区祖庙街道同济路",
    "时候": "昨晚八点",
    "时间": "昨晚八点",
    "电话": "13800138000",
    "联系": "13800138000",
}


async def say(hands: Hands, text: str) -> None:
    """Type into the field and send with Enter."""
    await hands.at("#say").focus()
    await hands.write(text)
    await hands.press("Enter")
    await expect(hands.at(".msg--own", has_text=text).last).to_be_visible()


async def ask(hands: Hands, text: str) -> str:
    """Say something; what the assistant replies."""
    replies = hands.at(REPLIES)
    # The greeting of an empty chat looks like a reply, and goes with the first word said.
    before = await replies.count() if await hands.at(".msg--own").count() else 0
    await say(hands, text)
    await expect(replies).not_to_have_count(before)
    return await replies.last.inner_text()


async def report(hands: Hands, text: str) -> Locator:
    """Tell the assistant until the ticket is open; the button to its tracking page."""
    link = hands.at("hotline-chat a.btn--primary")
    reply = await ask(hands, text)
    for _ in range(8):
        if await link.count():
            return link.last
        agree = hands.at(".choice", has_text="确认提交")
        if await agree.count():
            await hands.click(agree.last)
            await expect(link).to_be_visible()
        else:
            reply = await ask(hands, next(answer for word, answer in ANSWERS.items() if word in reply))
    raise AssertionError(reply)
