"""Smoke, dust, smells and noise in words the catalogue does not hold are told apart, whoever introduces themselves."""

import csv
from pathlib import Path

from tests.rooms import ROOT
from ticketing.classifier import Classifier
from ticketing.model.duties import Matter
from ticketing.rules.matterfile import read_matters

SENTENCES = list(csv.DictReader((Path(__file__).parent / "smoke_and_noise.csv").read_text("utf-8").splitlines()))
# What could be mixed up with them; all 711 would take a minute to learn.
GROUPS = {"环境与噪声", "城市管理", "公安户政", "建设工程"}


def neighbours() -> tuple[Matter, ...]:
    text = (ROOT / "cities" / "foshan" / "matters.csv").read_text("utf-8")
    found = read_matters(text, lambda _code: True, lambda _code: True)[0]
    return tuple(matter for matter in found if matter.level1 in GROUPS)


async def test_smoke_dust_smells_and_noise_are_told_apart(tmp_path: Path) -> None:
    matters = neighbours()
    assert not {row["text"] for row in SENTENCES} & {each for matter in matters for each in matter.examples}
    classifier = Classifier(tmp_path)
    await classifier.learn(matters)
    wrong = [row["text"] for row in SENTENCES if classifier.rank(row["text"])[0].matter != row["matter"]]
    assert wrong == []
    told = "身份证号是440602199001011234，"
    plain = classifier.rank("工厂晚上排烟")[0]
    assert classifier.rank(told + "工厂晚上排烟")[0] == plain
