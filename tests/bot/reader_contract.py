"""What every reader must do, local or Rasa."""

import pytest

from bot.model import Intent, Reader

ANY_TEXTS = ("路灯不亮", "？", "😀😀", "a" * 3000, "唔该", "12345", "\n\t ", "SELECT * FROM x; --")
CLEAR = (
    ("身份证丢了怎么补办", Intent.CONSULT),
    ("居住证怎么办理", Intent.CONSULT),
    ("转人工", Intent.PERSON),
    ("你好", Intent.GREETING),
)


async def check_any(reader: Reader, text: str) -> None:
    """Intents of ours, the likeliest first, whose probabilities sum to one."""
    meaning = await reader.read(text)
    assert meaning.text == text
    likely = [each for _, each in meaning.intents]
    assert likely == sorted(likely, reverse=True)
    assert sum(likely) == pytest.approx(1.0, abs=1e-3)
    assert all(intent in set(Intent) for intent, _ in meaning.intents)


async def check_clear(reader: Reader, text: str, intent: Intent) -> None:
    """What nobody could mistake is not mistaken."""
    assert (await reader.read(text)).intent is intent
