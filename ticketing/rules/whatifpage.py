"""What came of a replay, as a table for people and as one line of JSON: numbers of tickets, never their words."""

from collections.abc import Callable
from typing import Any

import msgspec

from ticketing.rules.whatif import Flow, Named, Outcome, Share

PERSON = "人工分办"


def json_line(outcome: Outcome) -> str:
    """Units by code, a person who decides as an empty one; shares are parts of 1."""
    said: dict[str, Any] = msgspec.to_builtins(outcome)
    said["elsewhere"] = outcome.elsewhere
    for name, share in (("now", outcome.now), ("other", outcome.other)):
        said[name] |= {"share": round(share.share, 4), "precision": round(share.precision, 4)}
    return msgspec.json.encode(said).decode()


def table(outcome: Outcome, name_of: Callable[[str], str]) -> str:
    """The same in Chinese; ``name_of`` gives a unit's name for its code."""
    return "\n".join(
        [
            f"工单 {outcome.tickets} 件，其中已有办理结果 {outcome.judged} 件",
            f"现行：{_share(outcome.now)}",
            f"另一方案：{_share(outcome.other)}",
            f"会派往别处：{outcome.elsewhere} 件",
            *(_flow(each, name_of) for each in outcome.flows),
            f"可避免退改：{_named(outcome.saved)}，共退改 {outcome.moves} 次{_examples(outcome.saved.examples)}",
            f"可能新错派（原来一次派对）：{_named(outcome.mistakes)}{_examples(outcome.mistakes.examples)}",
        ]
    )


def _flow(flow: Flow, name_of: Callable[[str], str]) -> str:
    way = f"{_called(flow.before, name_of)} → {_called(flow.after, name_of)}"
    return f"  {flow.tickets:>6}  {way}{_examples(flow.examples)}"


def _called(code: str, name_of: Callable[[str], str]) -> str:
    return name_of(code) if code else PERSON


def _named(found: Named) -> str:
    return f"{found.tickets} 件"


def _share(share: Share) -> str:
    right = f"，其中派到最终办理单位 {share.precision:.1%}（{share.right} / {share.judged}）" if share.judged else ""
    return f"自动派单 {share.share:.1%}（{share.alone} / {share.tickets}）{right}"


def _examples(numbers: tuple[str, ...]) -> str:
    return f"  例：{'、'.join(numbers)}" if numbers else ""
