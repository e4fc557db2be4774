"""The constants of how sure an answer is can be fitted anew, on ways to ask that the shelf did not know."""

import math
import random
from dataclasses import replace

import pytest

from knowledge.fitting import PARTS, Sample, fit, samples
from knowledge.model import Article
from knowledge.room import KnowledgeRoom


def asked_often(article: Article) -> Article:
    """With so many ways to ask that one of each part is held out."""
    ways = (f"{article.title}要什么材料", f"{article.title}去哪里办", f"请问{article.title}", f"{article.title}几天")
    return replace(article, variants=(*article.variants, *ways))


async def test_every_way_to_ask_is_held_out_once_and_some_without_their_entry(knowledge: KnowledgeRoom) -> None:
    articles = [asked_often(each) for each in knowledge.library.in_force()]
    found = await samples(knowledge.shelf, articles)
    assert 0 < len(found) <= sum(len(each.variants) for each in articles)
    absent = [each for each in found if each.absent]
    assert absent
    assert not any(each.right for each in absent), "what is not on the shelf is never found"
    assert any(each.right for each in found)
    assert {len(each.traits) for each in found} == {6}


async def test_the_shelf_itself_stays_as_it_was(knowledge: KnowledgeRoom) -> None:
    before = knowledge.shelf.stock
    await samples(knowledge.shelf, [asked_often(each) for each in knowledge.library.in_force()])
    assert knowledge.shelf.stock is before


def test_the_weights_are_those_the_samples_were_made_with() -> None:
    rng, made = random.Random(1), []
    for _ in range(6_000):
        traits = (1.0, *(rng.random() for _ in range(3)), rng.random(), rng.uniform(-3, 3))
        logit = -2.0 + 2.0 * traits[1] + 1.0 * traits[2] + 0.5 * traits[3] - 1.0 * traits[4] + 0.9 * traits[5]
        made.append(Sample(traits, rng.random() < 1 / (1 + math.exp(-logit)), absent=False))
    fitted = fit(made)
    assert fitted.weights.ahead == pytest.approx(0.9, abs=0.1)
    assert fitted.weights.coverage == pytest.approx(2.0, abs=0.35)
    assert fitted.weights.none == pytest.approx(-2.0, abs=0.35)
    assert fitted.loss < fitted.loss_in_use
    assert PARTS * fitted.samples == 30_000
