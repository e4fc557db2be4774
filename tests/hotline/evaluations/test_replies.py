"""``evaluate replies``: the look at a reply on letters with their own replies and with others'."""

from pathlib import Path

import msgspec
import pytest

from hotline.__main__ import parser
from hotline.evaluate import main
from hotline.evaluations.replies import Judged, Letter, common, figures_of, judge
from kernel.errors import Invalid
from kernel.settings import Settings

LAMP = Letter(
    "同济路路灯不亮",
    "同济路的路灯坏了三天，晚上经过很危险，请尽快派人维修。",
    "您好！经核查，同济路三盏路灯因线路老化熄灭，已于3月18日更换灯具，现已恢复照明。根据《城市照明管理规定》第二十条办理，如有疑问请致电。",
)
POOL = Letter(
    "游泳馆不退会员卡",
    "体育中心的游泳馆关门了，会员卡里还剩两千元，老板一直拖着不退款。",
    "您好！经市场监管所调解，游泳馆经营者已于7月3日退还会员卡余额两千元，并签订调解书。依据《消费者权益保护法》第五十三条办理，感谢来信。",
)


def written(path: Path, *letters: Letter) -> Path:
    path.write_bytes(b"\n".join(msgspec.json.encode(each) for each in letters))
    return path


def test_the_own_reply_answers_and_anothers_leaves_the_point_open() -> None:
    assert judge(LAMP, LAMP.reply) == Judged(1, 0, 0)
    assert judge(LAMP, POOL.reply) == Judged(1, 1, 1)


def test_shares_are_of_points_and_of_letters() -> None:
    """By hand: 1 of 4 points is flagged and left out, in one of two letters."""
    figures = figures_of([Judged(3, 1, 1), Judged(1, 0, 0)])
    assert figures == {"flagged": 0.25, "left_out": 0.25, "letters_flagged": 0.5}


def test_what_is_too_short_or_said_twice_is_left_out() -> None:
    short = Letter("路灯", "路灯坏了", LAMP.reply)
    again = Letter("又", LAMP.text, POOL.reply)
    assert common([LAMP, short, again, POOL]) == [again, POOL]


async def test_one_line_tells_all(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = written(tmp_path / "letters.jsonl", LAMP, POOL)
    await main(Settings(), parser().parse_args(["evaluate", "replies", "--input", str(file)]))
    told = msgspec.json.decode(capsys.readouterr().out.strip().splitlines()[-1])
    assert (told["letters"], told["own_reply"]["flagged"], told["anothers_reply"]["flagged"]) == (2, 0.0, 1.0)


async def test_a_file_of_one_letter_has_nobody_elses_reply(tmp_path: Path) -> None:
    given = parser().parse_args(["evaluate", "replies", "--input", str(written(tmp_path / "letters.jsonl", LAMP))])
    with pytest.raises(Invalid):
        await main(Settings(), given)
