"""``evaluate confidence``: the constants of how sure an answer is, fitted anew on the city's own ways to ask."""

import argparse
from dataclasses import asdict

from hotline.evaluations.evaluation import Evaluation, Figures
from hotline.throwaway import furnished
from kernel.settings import Settings


async def run(settings: Settings, _given: argparse.Namespace) -> Figures:
    """Hold every way to ask out in turn, and fit; a minute for three hundred entries."""
    async with furnished(settings) as assembled:
        fitted = await assembled.rooms.knowledge.fitted()
    return {
        "weights": asdict(fitted.weights),
        "samples": fitted.samples,
        "without_their_entry": fitted.absent,
        "log_loss": round(fitted.loss, 4),
        "log_loss_in_use": round(fitted.loss_in_use, 4),
    }


def _add_arguments(_parser: argparse.ArgumentParser) -> None:
    """It has none."""


EVALUATION = Evaluation("confidence", "按条目的问法重新拟合解答的把握", _add_arguments, run)
