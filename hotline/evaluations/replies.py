"""``evaluate replies``: the look at a reply, on real letters with the replies they got and with others' replies."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import msgspec

from hotline.evaluations.evaluation import Evaluation, Figures, share
from hotline.evaluations.labelled_rows import digest_of, read_lines
from kernel.errors import Invalid
from kernel.settings import Settings
from ticketing.room import points_judged

# Longer letters tell of several lives, shorter replies of nothing.
LETTER, REPLY = range(20, 901), range(60, 1501)


class Letter(msgspec.Struct):
    """A line of the input: what a citizen wrote, and what they were answered."""

    title: str
    text: str
    reply: str


@dataclass(frozen=True, slots=True)
class Judged:
    """How many points a letter has, and of these how many a reply leaves open in doubt or surely."""

    points: int
    open: int
    wrong: int


async def run(_settings: Settings, given: argparse.Namespace) -> Figures:
    """Judge ``--most`` letters drawn by ``--seed``; Invalid names what cannot be read, or too few letters."""
    known = common(read_lines(given.input, Letter))
    if len(known) < 2:
        raise Invalid({str(given.input): "no_rows"}, code="set_wrong")
    letters = Random(given.seed).sample(known, min(given.most, len(known)))
    own = [judge(each, each.reply) for each in letters]
    others = [judge(each, other.reply) for each, other in zip(letters, [*letters[1:], letters[0]], strict=True)]
    return {
        "letters": len(letters),
        "points_per_letter": round(sum(each.points for each in own) / len(letters), 2),
        "own_reply": figures_of(own),
        "anothers_reply": figures_of(others),
        "digests": {given.input.name: digest_of(given.input)},
    }


def judge(letter: Letter, reply: str) -> Judged:
    """What the look says of the points of a letter when it is answered so."""
    verdicts = points_judged(letter.title, letter.text, reply)
    return Judged(len(verdicts), len(verdicts) - verdicts.count("fine"), verdicts.count("wrong"))


def figures_of(judged: Sequence[Judged]) -> Figures:
    """Shares of all points that were flagged and that were flagged as left out, and of letters with a flagged point."""
    points = sum(each.points for each in judged)
    return {
        "flagged": share(sum(each.open for each in judged), points),
        "left_out": share(sum(each.wrong for each in judged), points),
        "letters_flagged": share(sum(each.open > 0 for each in judged), len(judged)),
    }


def common(letters: Sequence[Letter]) -> list[Letter]:
    """Those of a common length, each text once."""
    whole = [each for each in letters if len(each.text) in LETTER and len(each.reply) in REPLY]
    return list({each.text: each for each in whole}.values())


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--input", type=Path, required=True, metavar="FILE", help="JSONL（title,text,reply）")
    parser.add_argument("--most", type=int, default=500, metavar="N", help="最多抽取多少件（默认 500）")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="抽取用的随机种子")


EVALUATION = Evaluation("replies", "答复核对：真实来信配原答复与他人答复时各有多少要点被提示", _add_arguments, run)
