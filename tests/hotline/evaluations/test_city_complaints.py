"""The confidence that is right often enough: found on some rows, judged on others."""

from dataclasses import replace

from bot.room import TakenAs
from hotline.evaluations.city_complaints import Decided, sure
from hotline.evaluations.city_sets import Complaint

ROW = Decided(
    told=Complaint(1, "路灯不亮", "lamp", "440604", "CG"),
    taken_as=TakenAs.TICKET,
    ranked=("lamp",),
    matter="lamp",
    area="440604",
    unit="CG",
    town=True,
    district=True,
    confidence=0.9,
    by_itself=True,
    milliseconds=1.0,
)
WRONG = replace(ROW, unit="other", confidence=0.5)


def test_what_is_sure_goes_out_and_what_is_doubtful_waits() -> None:
    told = sure([ROW] * 30 + [WRONG] * 20)
    assert told == {"threshold": 0.9, "share": 0.6, "precision": 1.0}


def test_where_no_confidence_is_right_often_enough_nothing_goes_out() -> None:
    told = sure([replace(WRONG, confidence=0.9)] * 10 + [ROW] * 10)
    assert (told["threshold"], told["share"]) == (None, 0.0)
