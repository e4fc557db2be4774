"""The matter of what people write: sentences written apart from the catalogue's examples, and talk about nothing."""

import csv
from pathlib import Path

import pytest

from kernel.textmodel import TextModel
from tests.rooms import CITY
from tests.ticketing.city import City
from ticketing.classifier import Classifier, lessons_of
from ticketing.model.duties import Matter
from ticketing.rules.matterfile import read_matters

HERE = Path(__file__).parent
SENTENCES = list(csv.DictReader((HERE / "matter_sentences.csv").read_text("utf-8").splitlines()))


def catalogue() -> tuple[Matter, ...]:
    text = (CITY / "matters.csv").read_text("utf-8")
    return read_matters(text, lambda _code: True, lambda _code: True)[0]


@pytest.fixture
def classifier(city: City) -> Classifier:
    return city.classifier


def test_the_sentences_are_no_examples_of_the_catalogue() -> None:
    examples = {example for matter in catalogue() for example in matter.examples}
    assert len(SENTENCES) >= 60
    assert not examples & {row["text"] for row in SENTENCES}


async def test_nine_of_ten_sentences_are_of_the_matter_that_comes_first(classifier: Classifier) -> None:
    right = [row for row in SENTENCES if classifier.rank(row["text"])[0].matter == row["matter"]]
    assert len(right) / len(SENTENCES) >= 0.9


async def test_what_is_sure_enough_to_go_out_alone_is_almost_never_wrong(classifier: Classifier) -> None:
    sure = [(row, best) for row in SENTENCES if (best := classifier.rank(row["text"])[0]).confidence >= 0.8]
    wrong = [row["text"] for row, best in sure if best.matter != row["matter"]]
    assert len(sure) / len(SENTENCES) >= 0.5
    assert len(wrong) <= 1, wrong


@pytest.mark.parametrize(
    "text", ["", "你好", "我要找人工", "那个事情", "帮我看看这个", "哈哈哈", "谢谢你们的工作", "1", "？？"]
)
async def test_talk_about_nothing_names_no_matter(classifier: Classifier, text: str) -> None:
    assert classifier.read(text) is None


async def test_a_damaged_model_is_trained_anew_and_kept(tmp_path: Path, city: City) -> None:
    matters = city.matters[:3]
    path = tmp_path / f"matters-{lessons_of(matters).version}.npz"
    path.write_bytes(b"broken")
    made = Classifier(tmp_path)
    await made.learn(matters)
    kept = TextModel.from_bytes(path.read_bytes())
    assert set(kept.labels) == {matter.code for matter in matters}
    assert made.rank("工地半夜打桩")[0].matter == "noise-construction"


async def test_an_empty_catalogue_names_nothing(tmp_path: Path) -> None:
    empty = Classifier(tmp_path)
    await empty.learn(())
    assert empty.rank("占道经营") == ()
