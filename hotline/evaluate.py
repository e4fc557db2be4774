"""The command ``evaluate``: runs one evaluation and prints its figures as one JSON line on standard output."""

import argparse

import msgspec

from hotline.evaluations.registry import EVALUATIONS
from kernel.settings import Settings

BY_NAME = {each.name: each for each in EVALUATIONS}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """One command below for each evaluation."""
    add = parser.add_subparsers(dest="evaluation", metavar="评测", required=True).add_parser
    for each in EVALUATIONS:
        each.add_arguments(add(each.name, help=each.help))


async def main(settings: Settings, given: argparse.Namespace) -> None:
    """The command."""
    figures = await BY_NAME[given.evaluation].run(settings, given)
    print(msgspec.json.encode({"evaluation": given.evaluation, **figures}).decode())
