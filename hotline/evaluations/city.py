"""``evaluate city``: the present bot and dispatcher, judged on sets of messages written for the city."""

import argparse
from pathlib import Path

from hotline.assembly import Assembled
from hotline.evaluations import city_complaints, city_questions
from hotline.evaluations.city_complaints import ComplaintJudge
from hotline.evaluations.city_errors import write_errors
from hotline.evaluations.city_questions import QuestionJudge
from hotline.evaluations.city_sets import Sets, check_codes, read_sets
from hotline.evaluations.evaluation import Evaluation, Figures
from hotline.seeding import city_folder
from hotline.throwaway import furnished
from kernel.settings import Settings

KINDS = ("blind", "tuning")
FOLDER = "sets"


async def run(settings: Settings, given: argparse.Namespace) -> Figures:
    """Read the sets, build the house, judge; Invalid for sets that are not there or name what the city has not."""
    folder = city_folder(settings.city.folder)
    sets = read_sets(given.sets or folder / FOLDER, given.set)
    async with furnished(settings) as assembled:
        return await judge(assembled, sets, given.set, given.errors)


async def judge(assembled: Assembled, sets: Sets, kind: str, errors: Path | None = None) -> Figures:
    """The figures of a house with its city loaded; every wrong row goes into the file ``errors``."""
    _check(assembled, sets, kind)
    decided = await ComplaintJudge(assembled).judge_all(sets.complaints)
    replied = await QuestionJudge(assembled).judge_all(sets.questions)
    if errors is not None:
        write_errors(errors, assembled, decided, replied)
    answerable = sum(bool(each.entries) for each in sets.questions)
    return {
        "set": kind,
        "city": assembled.rooms.directory.lookup.city().name,
        "counts": {
            "complaints": len(sets.complaints),
            "questions": len(sets.questions),
            "answerable": answerable,
            "unanswerable": len(sets.questions) - answerable,
            **_city_counts(assembled),
        },
        "complaints": city_complaints.figures_of(decided),
        "questions": city_questions.figures_of(replied),
        "digests": dict(sets.digests),
        "models": {
            "matters": assembled.rooms.ticketing.catalogue.classifier.version,
            "intents": assembled.rooms.bot.reader.version,
        },
        "thresholds": _thresholds(assembled.house.floor.settings),
    }


def _check(assembled: Assembled, sets: Sets, kind: str) -> None:
    rooms = assembled.rooms
    lookup = rooms.directory.lookup
    leaves = {matter.code for matter in rooms.ticketing.queries.matters()}
    areas, units = {area.code for area in lookup.areas()}, {unit.code for unit in lookup.units()}
    entries = {article.id for article in rooms.knowledge.library.in_force()}
    check_codes(
        sets,
        kind,
        leaf=leaves.__contains__,
        area=areas.__contains__,
        unit=units.__contains__,
        entry=entries.__contains__,
    )


def _city_counts(assembled: Assembled) -> dict[str, int]:
    rooms = assembled.rooms
    return {
        "matters": len(rooms.ticketing.queries.matters()),
        "units": len(rooms.directory.lookup.units()),
        "entries": len(rooms.knowledge.library.in_force()),
    }


def _thresholds(settings: Settings) -> dict[str, float]:
    bot, tickets = settings.bot, settings.tickets
    return {"auto_dispatch": tickets.auto_dispatch, "answer": bot.answer, "unsure": bot.unsure}


def _add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--set", choices=KINDS, default=KINDS[0], help="用哪一套（默认 blind）")
    parser.add_argument("--sets", type=Path, metavar="FOLDER", help="评测集所在目录（默认城市目录下的 sets）")
    parser.add_argument("--errors", type=Path, metavar="FILE", help="把每一行错误写入此 CSV")


EVALUATION = Evaluation("city", "用城市的评测集评测派单与解答", _add_arguments, run)
