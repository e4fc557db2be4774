"""A text model: what it learns, how sure it is, how it is kept."""

import io

import numpy as np
import pytest

from kernel.errors import Invalid, Unavailable
from kernel.textlearning import LETTERS, SENTENCES, _folds, fit
from kernel.textmodel import FORMAT, HeldOut, TextModel, features, train

PLACES = ("城东", "城西", "河边", "站前", "桥头", "山脚", "校门口", "市场旁")
LAMPS = [f"{place}的路灯{how}" for place in PLACES for how in ("不亮了", "坏了没人修", "一闪一闪")]
WASTE = [f"{place}的垃圾{how}" for place in PLACES for how in ("堆成山", "没人清运", "臭气熏天")]
NOISE = [f"{place}的工地{how}" for place in PLACES for how in ("半夜施工", "打桩太吵", "凌晨还在响")]
TEXTS = [*LAMPS, *WASTE, *NOISE]
LABELS = ["路灯"] * len(LAMPS) + ["垃圾"] * len(WASTE) + ["噪音"] * len(NOISE)


@pytest.fixture(scope="module")
def model() -> TextModel:
    return fit(TEXTS, LABELS)


def test_runs_of_characters_are_counted_and_spaces_left_out() -> None:
    found = features("路灯 路灯", longest=2)
    codes = [ord("路"), ord("灯")]
    pairs = [codes[0] << 21 | codes[1], codes[1] << 21 | codes[0]]
    assert dict(zip(found.runs.tolist(), found.run_counts.tolist(), strict=True)) == {
        codes[0]: 2,
        codes[1]: 2,
        pairs[0]: 2,
        pairs[1]: 1,
    }
    assert found.words["路灯"] == 2


def test_a_text_without_a_letter_has_no_runs() -> None:
    assert len(features("", longest=3).runs) == 0


@pytest.mark.parametrize(
    ("text", "label"), [("巷口的路灯又坏了", "路灯"), ("楼下垃圾没人清运", "垃圾"), ("隔壁工地凌晨施工", "噪音")]
)
def test_unseen_texts_are_of_the_right_label(model: TextModel, text: str, label: str) -> None:
    said = model.predict(text)
    assert said.label == label
    assert said.confidence > 0.6


def test_probabilities_are_in_order_and_add_up_to_one(model: TextModel) -> None:
    likely = [share for _, share in model.predict("路灯旁的垃圾").ranked]
    assert likely == sorted(likely, reverse=True)
    assert sum(likely) == pytest.approx(1.0)


def test_a_text_of_two_labels_is_less_sure_than_a_text_of_one(model: TextModel) -> None:
    assert model.predict("路灯和垃圾").confidence < model.predict("路灯坏了没人修").confidence


def test_a_text_it_knows_nothing_of_gets_the_prior(model: TextModel) -> None:
    assert model.predict("xyz").confidence < 0.9
    assert model.predict("").ranked == model.predict("xyz").ranked


def test_where_what_is_learnt_is_noise_it_is_not_sure() -> None:
    """Each text stands under both labels: nothing can be known, and the confidence says so."""
    noisy = fit([*TEXTS, *TEXTS], ["甲"] * len(TEXTS) + ["乙"] * len(TEXTS))
    assert noisy.predict(TEXTS[0]).confidence < 0.65


def test_every_text_is_held_out_once(model: TextModel) -> None:
    assert len(model.held_out.confidence) == len(TEXTS)
    assert sum(model.held_out.right) / len(TEXTS) > 0.9


def test_each_fold_has_of_every_label() -> None:
    folds = _folds(LABELS)
    for label in set(LABELS):
        of_it = [fold for fold, each in zip(folds, LABELS, strict=True) if each == label]
        assert {of_it.count(fold) for fold in range(4)} == {6}


def test_a_label_with_a_single_text_is_learnt_too() -> None:
    model = fit([*TEXTS, "井盖丢失"], [*LABELS, "井盖"])
    assert model.predict("井盖丢失").label == "井盖"


def test_letters_are_read_otherwise_than_sentences() -> None:
    long = fit([text * 12 for text in TEXTS], LABELS, hold_out=False)
    assert long._shape.longest == LETTERS.longest
    assert fit(TEXTS, LABELS, hold_out=False)._shape.longest == SENTENCES.longest


def test_a_regression_reads_and_holds_nothing_out() -> None:
    model = fit(TEXTS, LABELS, regression=True)
    assert model.predict("楼下垃圾没人清运").label == "垃圾"
    assert model.held_out == HeldOut()
    assert fit(TEXTS[:48], LABELS[:48], regression=True).predict("路灯坏了").label == "路灯"


def test_many_labels_leave_a_chance_that_it_is_none_of_them() -> None:
    codes = [f"{number:03d}号楼的事情{number:03d}" for number in range(70)]
    model = fit([*codes, *(f"关于{code}" for code in codes)], [code[:3] for code in codes] * 2)
    assert model.held_out == HeldOut()
    assert model.predict(codes[5]).label == "005"
    assert sum(share for _, share in model.predict("毫不相干").ranked) < 0.99


def test_the_threshold_is_the_lowest_at_which_enough_were_right() -> None:
    """By hand, four answers in five right: of the first one 1/1, of two 2/2, of three 2/3, of four 3/4, of five 4/5."""
    held_out = HeldOut((0.9, 0.8, 0.7, 0.6, 0.5), (True, True, False, True, True))
    assert held_out.threshold(0.95) == 0.8
    assert held_out.threshold(0.8) == 0.5
    assert HeldOut((0.9, 0.8), (False, True)).threshold(0.95) is None
    assert HeldOut().threshold(0.5) is None


def test_equal_confidences_stand_on_one_side_of_the_threshold() -> None:
    assert HeldOut((0.9, 0.9, 0.9), (True, False, True)).threshold(0.95) is None


def test_a_model_read_again_says_the_same(model: TextModel) -> None:
    again = TextModel.from_bytes(model.to_bytes())
    for text in ("路灯坏了", "垃圾", "", "工地的路灯"):
        assert again.predict(text) == model.predict(text)
    assert again.held_out.right == model.held_out.right


@pytest.mark.parametrize("spoilt", ["weights", "runs", "held_out"])
def test_a_changed_number_breaks_the_digest(model: TextModel, spoilt: str) -> None:
    with np.load(io.BytesIO(model.to_bytes())) as file:
        arrays = {name: file[name].copy() for name in file.files}
    arrays[spoilt][0] += 1
    out = io.BytesIO()
    np.savez(out, **arrays)
    with pytest.raises(Invalid) as failure:
        TextModel.from_bytes(out.getvalue())
    assert failure.value.code == "model_broken"


def test_a_model_of_an_earlier_format_is_not_read(model: TextModel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kernel.textmodel.FORMAT", FORMAT - 1)
    old = model.to_bytes()
    monkeypatch.undo()
    with pytest.raises(Invalid):
        TextModel.from_bytes(old)


def test_one_label_is_refused() -> None:
    with pytest.raises(Invalid):
        fit(["a", "b"], ["x", "x"])


async def test_the_child_process_learns_what_fit_learns(model: TextModel) -> None:
    made = await train(TEXTS, LABELS)
    assert dict(made.predict("桥头的垃圾").ranked) == pytest.approx(dict(model.predict("桥头的垃圾").ranked), abs=1e-3)


async def test_a_child_that_fails_is_unavailable() -> None:
    with pytest.raises(Unavailable):
        await train(["a", "b"], ["x", "x"])


def many_labels() -> tuple[list[str], list[str]]:
    """Seventy labels of two sentences each, in words of their own."""
    things = [f"{a}{b}" for a in "东西南北中前后" for b in "桥路井灯树墙门池塔亭"]
    texts = [f"{thing}坏了没人修" for thing in things] + [f"请人来看看{thing}" for thing in things]
    return texts, things * 2


def test_of_many_labels_bayes_stands_beside_the_machines() -> None:
    texts, labels = many_labels()
    model = fit(texts, labels, hold_out=False)
    again = TextModel.from_bytes(model.to_bytes())
    alone = TextModel(
        again.labels, again._vocabulary, again._weights, again._bias, again._shape, mass=np.zeros(70, dtype=np.float32)
    )
    assert again.predict("后亭的事").label == "后亭"
    assert again.scores("后亭的事").tolist() == model.scores("后亭的事").tolist()
    assert again.scores("后亭的事").tolist() != alone.scores("后亭的事").tolist()


def test_a_long_tale_is_of_the_label_whose_words_it_holds() -> None:
    texts, labels = many_labels()
    tale = "我住在这里二十年了，从来没有见过这样的事，今天早上又去，跟邻居说了好多次，都说前塔早就该看看了"
    assert fit(texts, labels, hold_out=False).predict(tale).label == "前塔"
