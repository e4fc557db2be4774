"""The local reader: trained once, kept by the digest of its phrases, never trusted when damaged."""

from pathlib import Path

import pytest

from bot.adapters.local import PHRASES, LocalReader, model_path, train_reader
from bot.model import Intent, Meaning
from bot.understanding import Understanding
from directory.lookup import Lookup
from kernel.errors import Unavailable
from tests.bot.reader_contract import ANY_TEXTS, CLEAR, check_any, check_clear

FEW = """
nlu:
- intent: consult
  examples: |
    - 怎么办理居住证
    - 需要什么材料
- intent: complain
  examples: |
    - 楼下太吵了
    - 物业乱收费
"""


async def test_a_kept_model_is_read_and_not_trained_again(models: Path, reader: LocalReader) -> None:
    kept = model_path(models)
    before = kept.stat().st_mtime_ns
    await train_reader(models)
    assert kept.stat().st_mtime_ns == before


async def test_other_phrases_make_another_model(tmp_path: Path) -> None:
    source = tmp_path / "nlu.yml"
    source.write_text(FEW, "utf-8")
    model = await train_reader(tmp_path, source)
    assert model.predict("楼上太吵").label == "complain"
    assert model_path(tmp_path, source).exists()
    assert model_path(tmp_path, source) != model_path(tmp_path, PHRASES)


async def test_a_damaged_model_is_trained_anew(tmp_path: Path) -> None:
    source = tmp_path / "nlu.yml"
    source.write_text(FEW, "utf-8")
    model_path(tmp_path, source).write_bytes(b"broken")
    assert (await train_reader(tmp_path, source)).labels == ("complain", "consult")


async def test_before_its_start_the_reader_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(Unavailable):
        await LocalReader(tmp_path).read("你好")


async def test_without_a_reader_clear_words_are_still_understood(tmp_path: Path, lookup: Lookup) -> None:
    understanding = Understanding(LocalReader(tmp_path), lookup, 0.35)
    assert (await understanding.read("转人工")).intent is Intent.PERSON
    assert (await understanding.read("桂城街道的居住证在哪里办")).intent is Intent.OTHER


async def test_probabilities_sum_to_one(reader: LocalReader) -> None:
    meaning: Meaning = await reader.read("楼下大排档太吵")
    assert sum(p for _, p in meaning.intents) == pytest.approx(1.0)


@pytest.mark.parametrize("text", ANY_TEXTS)
async def test_any_text_is_read(reader: LocalReader, text: str) -> None:
    await check_any(reader, text)


@pytest.mark.parametrize(("text", "intent"), CLEAR)
async def test_clear_texts_are_read_as_they_are_meant(reader: LocalReader, text: str, intent: Intent) -> None:
    await check_clear(reader, text, intent)
