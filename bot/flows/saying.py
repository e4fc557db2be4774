"""Short ways to say something."""

from bot.model import Act, Reply, Say
from kernel.messages import Choice, Citation


def say(
    text: str, *choices: str, citations: tuple[Citation, ...] = (), link: str = "", files: tuple[str, ...] = ()
) -> Act:
    """Say ``text``; each choice is its own answer."""
    return Say(Reply(text, tuple(Choice(each, each) for each in choices), citations, link, files))
